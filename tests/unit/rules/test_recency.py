"""The date of the data behind a finding: of the oldest row that decided, never guessed."""

from datetime import date

import pytest
from geopandas.testing import assert_geodataframe_equal

from edits import apply
from edits.rows import set_values
from geo.errors import StandardError
from rules.book import load_book
from rules.context import EvaluationContext
from rules.evaluate import evaluate, evaluation
from rules.reevaluate import reevaluate
from tests.tiny_town import UNITS, facility, tiny_town


def test_a_failing_member_dates_its_finding_and_all_members_one_that_is_met(judged):
    old = {"A-1-1": "2020-05-01", "A-1-2": "2019-05-01"}
    rows = [
        row | {"source_date": old.get(row["unit_id"], "2026-01-01"), "ramp_width_m": 1.5}
        for row in UNITS
    ]
    assert judged(tiny_town(units=rows), "ramp.width").loc["A", "data_date"] == "2019-05-01"
    short = [row | {"ramp_width_m": 1.0 if row["unit_id"] == "A-1-1" else 1.5} for row in rows]
    assert judged(tiny_town(units=short), "ramp.width").loc["A", "data_date"] == "2020-05-01"


def test_a_walk_has_the_date_of_the_place_walked_to(judged):
    rows = [
        facility("K", "kindergarten", 200, -10, source_date="2024-02-03"),
        facility("L", "kindergarten", 550, 90, source_date="2011-02-03"),
    ]
    found = judged(tiny_town(facilities=rows), "kindergarten.access")
    assert found.loc["A", "data_date"] == "2024-02-03"
    assert found.loc["C", "data_date"] == "2011-02-03"


def test_amounts_are_as_old_as_the_oldest_row_of_the_estate_that_is_added_up(judged):
    rows = [
        row | {"has_mailbox": True, "source_date": day}
        for row, day in zip(UNITS, ["2021-01-01", "2018-01-01", "2025-01-01"], strict=True)
    ]
    found = judged(tiny_town(units=rows), "mailbox.units")
    assert found.loc["A", "data_date"] == "2018-01-01"
    assert found.loc["B", "data_date"] == "2025-01-01"


def test_nothing_in_reach_and_nothing_known_have_no_date(judged):
    found = judged(tiny_town(facilities=[]), "elder.centre_size")
    assert found["data_date"].isna().all()
    assert not found["is_outdated"].any()


@pytest.mark.parametrize(
    ("day", "is_outdated"),
    [
        # Facilities may be three years old.
        (date(2026, 11, 23), False),
        (date(2026, 11, 24), True),
    ],
)
def test_data_are_outdated_from_the_day_after_they_may_be(judged, day, is_outdated):
    rows = [facility("K", "kindergarten", 200, -10, source_date="2023-11-23")]
    found = judged(tiny_town(facilities=rows), "kindergarten.access", day).loc["A"]
    assert found["is_outdated"] == is_outdated


def test_on_a_leap_day_a_year_ago_is_the_last_of_february(judged):
    rows = [facility("K", "kindergarten", 200, -10, source_date="2025-02-28")]
    day = date(2028, 2, 29)
    assert not judged(tiny_town(facilities=rows), "kindergarten.access", day)["is_outdated"].any()


def test_every_layer_has_one_age(tmp_path):
    signed = '[signed]\nwhy = "x"\nwho = "y"\nwhen = 2026-11-29\n'
    path = tmp_path / "ours.toml"
    path.write_text(signed + '[max_age.services]\nlayers = ["facilities", "buildings"]\n', "utf-8")
    with pytest.raises(StandardError, match="buildings is in 2 tables"):
        load_book(extra=[path])
    path.write_text(signed + '[max_age.grounds]\nlayers = ["parking"]\n', "utf-8")
    with pytest.raises(StandardError, match="0 tables name no layer"):
        load_book(extra=[path])
    path.write_text(signed + "[max_age.services]\nyears = 1\n", "utf-8")
    assert load_book(extra=[path]).max_age["services"].years == 1


@pytest.mark.slow
def test_a_date_that_is_corrected_dates_its_findings_again(book):
    town = tiny_town(facilities=[facility("K", "kindergarten", 200, -10)])
    before = evaluation(EvaluationContext(town, book, date(2026, 11, 23)))
    edit = set_values(town, "facilities", {"K": {"source_date": "2019-04-01"}})
    after = reevaluate(before, edit).findings
    walked = after[after["rule_id"] == "kindergarten.access"]
    assert walked["data_date"].tolist() == ["2019-04-01"] * len(town["estates"])
    assert walked["is_outdated"].all()
    whole = evaluate(apply(town, edit), book, date(2026, 11, 23))
    assert_geodataframe_equal(after, whole)
