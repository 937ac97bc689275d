"""Totals that disagree between layers: said with both figures and their holders, never a gap."""

from datetime import date

import pytest

from rules.evaluate import evaluate
from rules.full_table import full_table, joined
from rules.summary import estate_summary
from rules.totals import totals
from tests.tiny_town import BUILDINGS, ESTATES, UNITS, rows_with, tiny_town
from views.dossier import dossier

TODAY = date(2026, 11, 29)


def test_totals_that_agree_are_said_with_their_holders(judged):
    # A: 20 households at the estate, 20 in its building, 12 + 8 in its units.
    found = judged(tiny_town(), "totals.households").loc["A"]
    assert (found["outcome"], found["value"]) == ("met", 0.0)
    assert found["reason_zh"].startswith(
        "各处登记的户数一致：小区登记 20 户（示例镇）、楼栋登记 20 户（区住房城乡建设和交通局）、"
        "单元登记 20 户（区住房城乡建设和交通局）"
    )


def test_the_farthest_two_totals_are_named_and_nothing_is_counted_as_a_gap(judged):
    # 25 at the estate, 20 in the building, 12 + 8 in the units: five apart.
    town = tiny_town(estates=rows_with(ESTATES, "A", households=25))
    found = judged(town, "totals.households").loc["A"]
    assert (found["outcome"], found["value"], found["statement"]) == ("short", 5.0, "pending")
    assert "小区登记 25 户" in found["reason_zh"]
    assert "相差 5 户；由示例镇核对更正" in found["reason_zh"]
    assert "estates: 25 (" in found["reason_en"]
    assert found["department"] == "区住房城乡建设和交通局"


@pytest.mark.parametrize(
    ("units", "expect"),
    [
        ({"households": None}, "unknown"),  # 8 in one unit, the other may have 12
        ({"households": 13}, "short"),  # 13 + 8 are more than 20
    ],
)
def test_an_incomplete_total_disagrees_only_beyond_doubt(judged, units, expect):
    town = tiny_town(units=rows_with(UNITS, "A-1-1", **units))
    assert judged(town, "totals.households").loc["A", "outcome"] == expect


def test_part_of_the_units_alone_can_be_too_many(judged):
    # 8 of unit 2 are known and the estate has 6: whatever unit 1 has, they disagree by 2 or more.
    town = tiny_town(
        estates=rows_with(ESTATES, "A", households=6),
        buildings=rows_with(BUILDINGS, "A-1", households=None),
        units=rows_with(UNITS, "A-1-1", households=None),
    )
    found = judged(town, "totals.households").loc["A"]
    assert (found["outcome"], found["value"]) == ("short", 2.0)
    assert "单元登记至少 8 户（未填全" in found["reason_zh"]


def test_one_figure_alone_has_nothing_to_be_compared_with(judged):
    # No floor area is stated anywhere but at the estate.
    town = tiny_town(estates=rows_with(ESTATES, "A", floor_area_m2=2000.0))
    found = judged(town, "totals.floor_area")
    assert set(found["outcome"]) == {"not_applicable"}
    assert "只有一处登记了该数" in found.loc["A", "reason_zh"]


@pytest.mark.parametrize(("area", "expect"), [(2001.0, "met"), (2001.5, "short")])
def test_floor_areas_may_differ_by_rounding(judged, area, expect):
    town = tiny_town(
        estates=rows_with(ESTATES, "A", floor_area_m2=2000.0),
        buildings=rows_with(BUILDINGS, "A-1", floor_area_m2=area),
    )
    assert judged(town, "totals.floor_area").loc["A", "outcome"] == expect


def test_an_empty_building_of_another_use_is_not_missed(judged):
    shed = {**BUILDINGS[0], "building_id": "A-2", "use": "other", "households": None}
    town = tiny_town(buildings=[*BUILDINGS, shed])
    assert judged(town, "totals.households").loc["A", "outcome"] == "met"


def test_codes_are_read_back():
    first, second = totals("estates.households=25 units.households>8.5")
    assert (first.layer, first.column, first.is_complete, first.amount) == (
        "estates",
        "households",
        True,
        25.0,
    )
    assert (second.is_complete, second.amount) == (False, 8.5)


def test_a_disagreement_is_counted_as_pending_and_never_as_a_gap(book):
    def counted(households):
        town = tiny_town(estates=rows_with(ESTATES, "A", households=households))
        findings = evaluate(town, book, TODAY, only=["totals.households", "illegal.structures"])
        table = joined(findings, town, book, ("gap_kind", "safety"))
        return estate_summary(table, town).set_index("estate_id")[["gaps", "pendings"]].loc["A"]

    assert counted(20).tolist() == [0, 0]
    assert counted(25).tolist() == [0, 1]


def test_the_dossier_lists_a_disagreement_under_what_is_pending(book):
    town = tiny_town(estates=rows_with(ESTATES, "A", households=25))
    table = full_table(evaluate(town, book, TODAY, only=["totals.households"]), town, book)
    told = dossier(town, book, table[table["estate_id"] == "A"], 0, "zh")["findings"]
    assert [(one["group"], one["class"]) for one in told] == [("pending", "摸底调查")]
    assert "相差 5 户" in told[0]["reason"]
