"""What measures ask of a district: rows and their estates, doors and their people, searches."""

from datetime import date

import numpy as np
import pytest

from rules import walking
from rules.context import EvaluationContext
from rules.grouping import added, counted, distinct_pairs
from rules.people import behind_doors
from tests.tiny_town import BUILDINGS, KINDERGARTEN, lot, square, tiny_town


@pytest.fixture
def context(book):
    infill = {"building_id": "X", "households": 4, "geometry": square(195, 10, 10, 12)}
    shop = {"building_id": "Y", "use": "other", "households": 1, "geometry": square(5, 80, 5, 5)}
    town = tiny_town(
        buildings=[*BUILDINGS, infill, shop],
        parking=[lot("P1", 50, 50), lot("P2", 200, -10), lot("P3", 50, 60, estate_id="B")],
    )
    return EvaluationContext(town, book, date(2026, 11, 23))


def test_rows_belong_to_the_estate_named_or_else_to_the_one_they_stand_in(context):
    rows = context.rows("parking")
    owners = dict(zip(rows.ids, rows.estate, strict=True))
    assert owners == {"P1": 0, "P2": -1, "P3": 1}
    assert context.rows("towns").estate.tolist() == [-1]


def test_doors_are_units_then_buildings(context):
    doors = context.doors
    found = sorted(zip(doors.ids, doors.estate, doors.households, strict=True))
    assert found == [
        ("A-1-1", 0, 12.0),
        ("A-1-2", 0, 8.0),
        ("B-1-1", 1, 10.0),
        ("C-1", 2, 30.0),
    ]


def test_homes_outside_the_estates_are_no_doors_but_share(context):
    outside = context.outside
    assert outside.homes.ids.tolist() == ["X"]
    assert (outside.least.tolist(), outside.most.tolist()) == ([4.0], [4.0])
    assert outside.is_surveyed
    assert context.heads_per_household("persons") == pytest.approx(2.79)


def test_people_are_counted_or_estimated_from_the_census(context):
    doors = context.doors
    at = {key: place for place, key in enumerate(doors.ids)}
    assert doors.persons[at["A-1-1"]] == pytest.approx(60 * 12 / 20)
    assert doors.elders[at["A-1-1"]] == pytest.approx(12 * 12 / 20)
    assert doors.elders[at["C-1"]] == pytest.approx(30 * 2.79 * 0.1283)
    assert context.estimated["persons"].tolist() == [False, True, True]
    assert "households" not in context.estimated


def test_households_not_counted_at_a_door_are_shared_evenly():
    owner = np.array([0, 0, 0, 1, 1])
    known = np.array([5.0, np.nan, np.nan, 9.0, np.nan])
    shares = behind_doors(owner, known, np.array([11.0, 7.0]))
    # 11 - 5 = 6 for two doors; 7 - 9 leaves nobody; an unknown total stays unknown.
    assert shares.tolist() == [5.0, 3.0, 3.0, 9.0, 0.0]
    unknown = behind_doors(owner, known, np.array([np.nan, 7.0]))
    assert np.isnan(unknown[1])
    assert unknown[0] == 5.0


def test_one_search_serves_every_question_about_the_same_places(context):
    kinds, every = (KINDERGARTEN["kind"],), np.array([0])
    first = walking.nearest(context, "facilities", kinds, (), every, include_unknown=False)
    assert walking.nearest(context, "facilities", kinds, (), every, include_unknown=False) is first
    assert (
        walking.nearest(context, "facilities", kinds, (), every, include_unknown=True) is not first
    )
    pairs = walking.pairs(context, "facilities", kinds, 300.0)
    assert walking.pairs(context, "facilities", kinds, 300.0) is pairs


def test_sums_and_counts_leave_out_what_belongs_to_none():
    owner = np.array([1, -1, 1])
    assert added(owner, np.array([1.0, 5.0, 2.0]), 3).tolist() == [0.0, 3.0, 0.0]
    assert counted(owner, 3).tolist() == [0, 2, 0]
    assert added(owner[:0], np.empty(0), 2).dtype == float


def test_every_pair_is_listed_once_in_ascending_order():
    left, right = np.array([2, 0, 2, 2, 0]), np.array([1, 3, 0, 1, 3])
    assert np.column_stack(distinct_pairs(left, right)).tolist() == [[0, 3], [2, 0], [2, 1]]
    assert [len(part) for part in distinct_pairs(left[:0], right[:0])] == [0, 0]
