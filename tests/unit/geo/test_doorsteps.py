"""Doorsteps: the same point however walkways are divided."""

import numpy as np
import pytest
import shapely

from geo.doorsteps import doorsteps
from tests.tiny_town import EAST, NORTH, area, line, square


def test_a_doorstep_is_the_outlines_nearest_point_to_the_nearest_walkway():
    # The triangle's southern corner is 10 m from y = 100; the street at y = 200 is 50 m away.
    house = np.array([area((550, 110), (580, 150), (520, 150))])
    ways = np.array([line((0, 200), (600, 200)), line((0, 100), (600, 100))])
    assert np.allclose(doorsteps(house, ways) - [EAST, NORTH], [[550.0, 110.0]])


def test_without_walkways_the_doorstep_is_inside():
    house = np.array([area((0, 0), (10, 0), (10, 10), (0, 10))])
    step = shapely.points(doorsteps(house, np.array([], dtype=object)))
    assert shapely.within(step, house).all()


@pytest.mark.parametrize("ways", [[(0, 0), (100, 0)], [(100, 0), (45, 0.0001), (0, 0)]])
def test_beside_a_parallel_walkway_it_is_the_western_corner(ways):
    house = np.array([square(40, 10, 30, 12)])
    whole = np.array([line(*ways)])
    halves = np.array([line(ways[0], (52.5, 0.0001)), line((52.5, 0.0001), *ways[1:])])
    for walkways in (whole, halves):
        assert np.allclose(doorsteps(house, walkways) - [EAST, NORTH], [[40.0, 10.0]])


def test_where_walkways_lead_in_it_is_the_westernmost_way():
    park = np.array([square(0, 0, 100, 100)])
    across = [line((-10, 50), (50, 50), (110, 50)), line((50, 50), (50, 110))]
    assert np.allclose(doorsteps(park, np.array(across)) - [EAST, NORTH], [[0.0, 50.0]])


def test_it_is_where_a_bend_of_the_walkway_is_nearest():
    house = np.array([square(0, 10, 30, 12)])
    bend = np.array([line((0, 0), (12, 8), (30, 0))])
    assert np.allclose(doorsteps(house, bend) - [EAST, NORTH], [[12.0, 10.0]])
