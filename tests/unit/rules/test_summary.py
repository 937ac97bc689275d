"""Summaries counted by hand on a few findings."""

import pandas as pd
import pytest

from rules.summary import count_text, counts, estate_summary, tally
from tests.tiny_town import tiny_town

# estate, town, rule, kind of gap, outcome, severity, households, safety, statement, leads
ROWS = [
    ("A", "T", "r1", "parking", "short", 0.3, 12.0, False, "gap", True),
    ("A", "T", "r2", "parking", "missing", 1.0, 20.0, True, "gap", True),
    ("A", "T", "r3", "other", "met", 0.0, 0.0, False, "gap", True),
    ("B", "T", "r1", "parking", "short", 0.5, 10.0, False, "gap", True),
    ("B", "T", "r4", "elevator", "unknown", None, None, False, "gap", True),
    # None of these is a gap.
    ("A", "T", "r5", "parking", "missing", 1.0, 99.0, True, "yardstick", True),
    ("A", "T", "r6", "elevator", "short", 0.9, 99.0, False, "condition", True),
    ("A", "T", "r7", "charging", "short", 0.9, 99.0, False, "pending", True),
    ("B", "T", "r2", "parking", "missing", 1.0, 99.0, True, "gap", False),
    ("C", "T", "r8", "parking", "missing", 1.0, 99.0, True, "yardstick", True),
]
COLUMNS = [
    "estate_id",
    "town",
    "rule_id",
    "gap_kind",
    "outcome",
    "severity",
    "exposed_households",
    "safety",
    "statement",
    "leads",
]


@pytest.fixture
def findings():
    table = pd.DataFrame(ROWS, columns=COLUMNS).astype({"severity": float})
    return table.assign(is_marginal=table["estate_id"].eq("C"))


def test_an_estate_is_summed_up_in_one_line(findings):
    table = estate_summary(findings, tiny_town()).set_index("estate_id")
    a, b, c = (table.loc[key] for key in "ABC")
    assert (a["gaps"], a["safety_gaps"], a["met"], a["unknown"]) == (2, 1, 1, 0)
    assert (a["parking_gaps"], a["parking_outcome"]) == (2, "missing")
    assert (a["other_gaps"], a["other_outcome"]) == (0, "met")
    assert pd.isna(a["elevator_outcome"])
    assert (b["gaps"], b["elevator_outcome"]) == (1, "unknown")
    assert (c["gaps"], c["estate"]) == (0, "丙")
    assert (a["yardsticks"], a["conditions"], a["pendings"]) == (1, 1, 1)
    assert (b["yardsticks"], c["yardsticks"]) == (0, 1)
    assert (a["marginal_yardsticks"], c["marginal_yardsticks"]) == (0, 1)
    assert (a["charging_pendings"], a["parking_pendings"]) == (1, 0)
    assert pd.isna(a["charging_outcome"])
    assert (a["town"], a["estate"]) == ("示例镇", "甲")


def test_what_is_said_is_tallied_by_kind_of_gap(findings):
    table = tally(findings)
    assert table.loc["parking"].tolist() == [3, 0, 0, 0, 2, 0, 0, 0, 0, 1]
    assert table.loc["elevator"].tolist() == [0, 0, 0, 1, 0, 1, 0, 0, 0, 0]
    assert table.loc["charging"].tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert table.loc["other"].tolist() == [0, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    assert tally(findings.iloc[:0]).sum().sum() == 0


@pytest.mark.parametrize(
    ("count", "marginal", "shown", "said"),
    [
        (0, 0, "0", "0"),
        (1, 1, "1（其中临界 1）", "1 (1 marginal)"),
        (1200, 12, "1,200（其中临界 12）", "1,200 (12 marginal)"),
    ],
)
def test_a_count_says_how_many_are_marginal(count, marginal, shown, said):
    assert [count_text(count, marginal, language) for language in ("zh", "en")] == [shown, said]


def test_gaps_are_counted_in_groups_and_households_once(findings):
    # Parking: three gaps in two estates, touching 20 + 10 households.
    table = counts(findings, ["town", "gap_kind"])
    assert table.to_dict("records") == [
        {"town": "T", "gap_kind": "parking", "gaps": 3, "estates": 2, "households": 30.0}
    ]
    by_rule = counts(findings, "rule_id").set_index("rule_id")
    assert by_rule.loc["r1"].to_dict() == {"gaps": 2, "estates": 2, "households": 22.0}


def test_estates_of_no_town_are_counted_too(findings):
    table = counts(findings.assign(town=None), "town")
    assert table["gaps"].tolist() == [3]


def test_without_findings_there_is_nothing_to_count(findings):
    assert len(counts(findings.iloc[:0], ["town", "gap_kind"])) == 0
    empty = estate_summary(findings.iloc[:0], tiny_town())
    assert empty["gaps"].tolist() == [0, 0, 0]
