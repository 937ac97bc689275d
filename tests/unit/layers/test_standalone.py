"""Buildings taken for estates, with an entrance beside the nearest walkway."""

from dataclasses import replace
from datetime import date

from layers.standalone import buildings_as_estates
from rules.book import load_book
from rules.evaluate import evaluate
from tests.tiny_town import BUILDINGS, EAST, NORTH, tiny_town


def lone_buildings():
    """Return the homes of the tiny town without estates, units and towns."""
    homes = [{**row, "estate_id": None} for row in BUILDINGS if "estate_id" in row]
    town = tiny_town(estates=[], units=[], towns=[], buildings=homes)
    return replace(town, surveyed=frozenset({"buildings", "walkways", "facilities"}))


def test_every_building_becomes_an_estate_with_one_entrance():
    town = buildings_as_estates(lone_buildings())
    estates = town["estates"].set_index("estate_id")
    assert estates.index.tolist() == ["A-1", "B-1", "C-1"]
    assert estates["name"].tolist() == ["1号楼", "B-1", "C-1"]
    assert estates["households"].tolist() == [20, 10, 30]
    assert set(estates["provenance"]) == {"inferred"}
    assert town["buildings"]["estate_id"].tolist() == ["A-1", "B-1", "C-1"]
    gate = town["entrances"].set_index("estate_id").geometry["C-1"]
    assert (gate.x - EAST, gate.y - NORTH) == (550.0, 110.0)
    assert not town.has("entrances")
    assert town.has("estates")


def test_a_district_with_estates_stays_as_it_is():
    town = tiny_town()
    assert buildings_as_estates(town) is town


def test_what_was_not_surveyed_is_unknown_and_what_was_is_measured():
    town = buildings_as_estates(lone_buildings())
    found = evaluate(town, load_book(), date(2026, 11, 23)).set_index(["estate_id", "rule_id"])
    walk = found.loc[("C-1", "kindergarten.access")]
    assert (walk["outcome"], round(walk["value"], 6)) == ("short", 470.0)
    unsurveyed = ["lift.trigger.2025", "parking.ratio.new", "security.gates", "pipe.gas.age"]
    assert {found.loc[("C-1", rule), "outcome"] for rule in unsurveyed} == {"unknown"}
