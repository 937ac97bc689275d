"""A step is marked where it adds a row, else where the rows are that it changes."""

import pytest
from pyproj import Transformer

from edits import apply
from edits.moves import Origin, edit_of
from edits.scenario import Scenario, Step
from services.remedies import Placed, move_at
from services.step_marks import step_marks
from tests.tiny_town import CRS_4544, EAST, NORTH, facility, tiny_town

TOWN = tiny_town(facilities=[facility("K", "kindergarten", 200, -10)])


def marks(*placed, is_on=True):
    scenario, after = Scenario("试算", TOWN.version), TOWN
    for one in placed:
        edit = edit_of(after, move_at(after, one), Origin("试算", "2026-11-30"))
        scenario = scenario.with_step(Step(edit, is_on=is_on))
        after = apply(after, edit, assumed=True)
    return step_marks(scenario, TOWN, after, "en")


def placed(remedy, *places, kind=""):
    at = [(EAST + x, NORTH + y) for x, y in places]
    return Placed(remedy, at, 5.0, kind, crs=CRS_4544)


def degrees(x, y):
    lng, lat = Transformer.from_crs(4544, 4490, always_xy=True).transform(EAST + x, NORTH + y)
    return pytest.approx([lat, lng], abs=1e-6)


def test_each_step_has_its_number_and_its_place():
    found = marks(
        placed("close_facility", (200, -10)), placed("add_facility", (50, 50), kind="park")
    )
    assert [(mark["number"], mark["at"]) for mark in found] == [
        (1, degrees(200, -10)),
        (2, degrees(50, 50)),
    ]


def test_a_new_walkway_has_one_mark_though_it_cuts_others():
    (mark,) = marks(placed("add_walkway", (50, 0), (50, 50), (50, 100)))
    assert mark["at"] == degrees(50, 50)


def test_steps_that_are_off_have_no_mark():
    assert marks(placed("close_facility", (200, -10)), is_on=False) == []
