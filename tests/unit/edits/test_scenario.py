"""Scenarios: steps tried together, switched off one by one, read from hostile text."""

import json

import pytest

import edits
from edits import named
from edits.scenario import Scenario, Step, combined, rebased
from edits.scenario_text import MOST_STEPS, scenario_from_json, scenario_to_json
from geo.crs import STORAGE_CRS, transformer
from geo.errors import CrsError, DataError
from tests.tiny_town import CRS_4544, EAST, NORTH, ORIGIN, facility, point, tiny_town

GATE = {"entrance_id": "G1", "estate_id": "A", "state": "open", "geometry": point(50, 10)}
TOWN = tiny_town(facilities=[facility("K", "kindergarten", 200, -10)], entrances=[GATE])
DEGREES = transformer(CRS_4544, STORAGE_CRS)
SHOP = {
    "do": "add_facility",
    "key": "N1",
    "kind": "shop",
    "at": list(DEGREES.transform(EAST + 40, NORTH + 5)),
    "cells": {"name": "拟建便利店"},
}


def _read(*steps, **more):
    document = {"name": "方案", "steps": list(steps), **more}
    return scenario_from_json(json.dumps(document), TOWN, "2026-11-29")


def _scenario(*parts):
    return Scenario("方案", TOWN.version, tuple(Step(edit) for edit in parts))


def test_a_move_is_read_as_the_edit_that_its_maker_makes():
    (step,) = _read({"move": SHOP, "title": "加店"}).steps
    said = {"provenance": "inferred", "source": "方案", "source_date": "2026-11-29"}
    place = point(40, 5)
    expected = named.add_facility(TOWN, "N1", "shop", place, {**said, "name": "拟建便利店"})
    assert edits.to_json(step.edit) == edits.to_json(expected)
    assert step.sentence("zh") == "加店"


def test_moves_follow_each_other():
    """The second move closes the place that the first one adds."""
    found = _read({"move": SHOP}, {"move": {"do": "close_facility", "key": "N1"}})
    after = edits.apply(TOWN, combined(found, TOWN).edit)
    assert list(after["facilities"].set_index("facility_id")["state"][["N1"]]) == ["closed"]


@pytest.mark.parametrize(
    ("move", "layer", "column", "value"),
    [
        ({"do": "close_facility", "key": "K"}, "facilities", "state", "closed"),
        ({"do": "close_gate", "key": "G1"}, "entrances", "state", "closed"),
        ({"do": "fit_elevator", "key": "A-1-1", "load_kg": 630}, "units", "lift_load_kg", 630.0),
        (
            {"do": "set_values", "layer": "estates", "key": "A", "cells": {"households": 25}},
            "estates",
            "households",
            25,
        ),
    ],
)
def test_every_move_does_what_its_name_says(move, layer, column, value):
    after = edits.apply(TOWN, combined(_read({"move": move}), TOWN).edit)
    rows = after[layer].set_index(after[layer].columns[0])
    assert rows.loc[move["key"], column] == value


def test_a_walkway_and_a_row_are_drawn_and_removed_again():
    line = [DEGREES.transform(EAST + 250, NORTH + y) for y in (0.2, 99.8)]
    shape = {"type": "Point", "coordinates": [EAST + 5, NORTH + 5]}
    found = _read(
        {"move": {"do": "add_walkway", "key": "W", "line": line}},
        {
            "move": {
                "do": "add_row",
                "layer": "entrances",
                "crs": "EPSG:4544",
                "cells": {"entrance_id": "G2", "estate_id": "A"},
                "geometry": shape,
            }
        },
        {"move": {"do": "remove_row", "layer": "entrances", "key": "G2"}},
        {
            "move": {
                "do": "move",
                "layer": "entrances",
                "key": "G1",
                "crs": "EPSG:4544",
                "geometry": shape,
            }
        },
    )
    result = combined(found, TOWN)
    after = edits.apply(TOWN, result.edit)
    assert not result.conflicts
    assert "W" in set(after["walkways"]["walkway_id"])
    assert list(after["entrances"]["entrance_id"]) == ["G1"]
    assert after["entrances"].geometry.iloc[0] == point(5, 5)


def test_a_scenario_survives_its_text():
    found = _read({"move": SHOP}, {"move": {"do": "close_gate", "key": "G1"}, "is_on": False})
    again = scenario_from_json(scenario_to_json(found), TOWN, "2030-01-01")
    assert scenario_to_json(again) == scenario_to_json(found)
    assert [step.is_on for step in again.steps] == [True, False]


def test_a_step_that_needs_one_switched_off_is_named():
    found = _read({"move": SHOP}, {"move": {"do": "close_facility", "key": "N1"}})
    result = combined(found.switched(0, is_on=False), TOWN)
    assert [conflict.place for conflict in result.conflicts] == [1]
    assert "N1" in result.conflicts[0].error.zh
    assert not result.edit


def test_a_district_that_moved_on_switches_off_what_no_longer_fits():
    found = _scenario(named.close_facility(TOWN, "K"), named.close_gate(TOWN, "G1"))
    newer = edits.apply(TOWN, named.close_gate(TOWN, "G1"))
    moved, conflicts = rebased(found, newer)
    assert [conflict.place for conflict in conflicts] == [1]
    assert [step.is_on for step in moved.steps] == [True, False]
    assert moved.version == newer.version
    assert not combined(moved, newer).conflicts


def test_a_scenario_in_another_crs_is_refused():
    other = tiny_town().sharing({}, surveyed=frozenset(), surveyed_kinds=frozenset(), totals={})
    edit = named.close_facility(TOWN, "K")
    object.__setattr__(edit, "crs", STORAGE_CRS)
    with pytest.raises(CrsError):
        combined(_scenario(edit), other)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[]", "scenario"),
        ("{", "scenario"),
        ('{"name": ""}', "name"),
        ('{"name": "x", "more": 1}', "more"),
        ('{"name": "x", "steps": [{}]}', "steps.1"),
        ('{"name": "x", "steps": [{"move": {"do": "rm"}}]}', "do"),
        ('{"name": "x", "steps": [{"move": {"do": "close_facility"}}]}', "key"),
        ('{"name": "x", "steps": [{"move": {"do": "close_facility", "key": "?"}}]}', "facilities"),
        (
            '{"name":"x","steps":[{"move":{"do":"remove_row","layer":"__class__","key":"K"}}]}',
            "layer",
        ),
        (
            (
                '{"name":"x","steps":[{"move":{"do":"add_facility","key":"N","kind":"shop",'
                '"at":[NaN,1]}}]}'
            ),
            "at",
        ),
        (
            (
                '{"name":"x","steps":[{"move":{"do":"move","layer":"facilities","key":"K",'
                '"geometry":{"type":"Point"}}}]}'
            ),
            "geometry",
        ),
        (
            (
                '{"name":"x","steps":[{"move":{"do":"open_gate","key":"G1","crs":"/etc/passwd"}},'
                '{"move":{"do":"move","layer":"facilities","key":"K","crs":"+proj=pipeline",'
                '"geometry":{"type":"Point","coordinates":[1,1]}}}]}'
            ),
            "crs",
        ),
        (json.dumps({"name": "x", "steps": [{"move": SHOP}] * (MOST_STEPS + 1)}), "steps"),
    ],
)
def test_what_is_no_scenario_is_refused_and_says_where(text, where):
    with pytest.raises(DataError, match=where):
        scenario_from_json(text, TOWN, "2026-11-29")


def test_an_added_row_must_not_be_there_already():
    with pytest.raises(DataError, match="step 1"):
        _read({"move": {**SHOP, "key": "K", "cells": dict(ORIGIN)}})
