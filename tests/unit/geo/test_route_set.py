"""Routes and pairs kept from an earlier search are those that a new search would give."""

import numpy as np
import pytest
import shapely

from geo import catchment
from geo.catchment import nearest_routes, pairs_again, pairs_within, route_set
from tests.unit.geo.test_network import network

# A grid of 10 m squares: many walks are equally long, and the one that is drawn must not depend on
# what was kept.
GRID = network(
    *(f"LINESTRING ({x} {y}, {x + 10} {y})" for x in range(0, 60, 10) for y in range(0, 70, 10)),
    *(f"LINESTRING ({x} {y}, {x} {y + 10})" for x in range(0, 70, 10) for y in range(0, 60, 10)),
)


@pytest.mark.parametrize("seed", range(12))
def test_routes_kept_from_another_search_are_the_routes_of_this_one(seed):
    random = np.random.default_rng(seed)
    origins = GRID.snap(random.integers(0, 61, (40, 2)).astype(float))
    facilities = random.integers(0, 61, (6, 2)).astype(float)
    left, again = (np.sort(random.permutation(40)[:30]) for _ in range(2))
    _, former = route_set(GRID, origins.take(left), facilities[:4])
    place = np.full(40, -1)
    place[left] = np.arange(30)
    now = np.delete(facilities, random.integers(0, 4), axis=0)
    nearest, found = route_set(GRID, origins.take(again), now, former=former, same=place[again])
    expected, lines = nearest_routes(GRID, origins.take(again), now)
    np.testing.assert_array_equal(nearest.distance, expected.distance)
    np.testing.assert_array_equal(nearest.witness, expected.witness)
    assert shapely.equals_identical(found.lines, lines).all()


def test_a_route_that_stays_is_not_drawn_again():
    origins = GRID.snap(np.array([[1.0, 2.0], [59.0, 58.0]]))
    _, former = route_set(GRID, origins, np.array([[5.0, 0.0], [55.0, 60.0]]))
    nearer = np.array([[5.0, 0.0], [55.0, 60.0], [59.0, 60.0]])
    _, found = route_set(GRID, origins, nearer, former=former, same=np.array([0, 1]))
    assert found.lines[0] is former.lines[0]
    assert found.lines[1] is not former.lines[1]


@pytest.mark.parametrize("seed", range(8))
def test_pairs_searched_again_are_all_pairs(seed, monkeypatch):
    random = np.random.default_rng(seed)
    origins = GRID.snap(random.uniform(0, 60, (30, 2)))
    places = random.integers(0, 61, (9, 2)).astype(float)
    before = GRID.snap(places[:6])
    now = GRID.snap(np.concatenate([places[2:3], places[4:], places[2:3]]))
    former = pairs_within(GRID, origins, before, 35.0)
    expected = pairs_within(GRID, origins, now, 35.0)
    searched = []
    search = catchment.pairs_within
    monkeypatch.setattr(
        catchment, "pairs_within", lambda *given: searched.append(len(given[2])) or search(*given)
    )
    found = pairs_again(GRID, origins, now, 35.0, before, former)
    assert searched == [3]
    for name in ("origin", "facility", "distance"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
