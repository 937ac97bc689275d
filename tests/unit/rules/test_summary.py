"""Summaries counted by hand on five findings."""

import pandas as pd
import pytest

from rules.summary import counts, estate_summary
from tests.tiny_town import tiny_town

# estate, town, rule, kind of gap, outcome, severity, households touched, safety
ROWS = [
    ("A", "T", "r1", "parking", "short", 0.3, 12.0, False),
    ("A", "T", "r2", "parking", "missing", 1.0, 20.0, True),
    ("A", "T", "r3", "other", "met", 0.0, 0.0, False),
    ("B", "T", "r1", "parking", "short", 0.5, 10.0, False),
    ("B", "T", "r4", "elevator", "unknown", None, None, False),
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
]


@pytest.fixture
def findings():
    return pd.DataFrame(ROWS, columns=COLUMNS).astype({"severity": float})


def test_an_estate_is_summed_up_in_one_line(findings):
    table = estate_summary(findings, tiny_town()).set_index("estate_id")
    a, b, c = (table.loc[key] for key in "ABC")
    assert (a["gaps"], a["safety_gaps"], a["met"], a["unknown"]) == (2, 1, 1, 0)
    assert (a["worst"], a["households"]) == (1.0, 20.0)
    assert (a["parking_gaps"], a["parking_worst"], a["parking_outcome"]) == (2, 1.0, "missing")
    assert (a["other_gaps"], a["other_worst"], a["other_outcome"]) == (0, 0.0, "met")
    assert pd.isna(a["elevator_outcome"])
    assert (b["gaps"], b["worst"], b["elevator_outcome"]) == (1, 0.5, "unknown")
    assert (c["gaps"], c["estate"]) == (0, "丙")
    assert pd.isna(c["worst"])
    assert (a["town"], a["estate"]) == ("示例镇", "甲")


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
