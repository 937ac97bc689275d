"""Service areas: pieces cut where the walk ends, and ground that keeps the promise."""

import numpy as np
import pytest
import shapely

from geo.catchment import service_area
from geo.errors import DataError
from tests.unit.geo.test_network import network

STREET = "LINESTRING (0 0, 100 0)"


def pieces(area):
    """Every piece as wkt with the walk at both its ends, in order."""
    walks = np.round(np.stack([area.near_m, area.far_m], axis=1), 9).tolist()
    lines = shapely.to_wkt(area.pieces, rounding_precision=6)
    return sorted((line, *walk) for line, walk in zip(lines, walks, strict=True))


def reach(limit_m, *facilities, lines=(STREET,), width_m=20.0):
    return service_area(network(*lines), np.array(facilities, float), limit_m, width_m=width_m)


def test_an_edge_is_cut_exactly_where_the_walk_reaches_the_limit():
    assert pieces(reach(25, (30, 5))) == [
        ("LINESTRING (30 0, 10 0)", 5, 25),
        ("LINESTRING (30 0, 50 0)", 5, 25),
    ]


def test_the_walk_goes_on_into_the_next_edges_and_round_their_bends():
    lines = ("LINESTRING (0 0, 40 0)", "LINESTRING (40 30, 40 10, 40 0)", "LINESTRING (40 0, 90 0)")
    assert pieces(reach(30, (20, 0), lines=lines)) == [
        ("LINESTRING (20 0, 0 0)", 0, 20),
        ("LINESTRING (20 0, 40 0)", 0, 20),
        ("LINESTRING (40 0, 40 10)", 20, 30),
        ("LINESTRING (40 0, 50 0)", 20, 30),
    ]


def test_between_two_facilities_the_pieces_meet_where_the_walks_are_equal():
    # 10 m of access leg against none: the walks meet at 45
    assert pieces(reach(200, (0, 10), (100, 0), lines=(STREET,))) == [
        ("LINESTRING (0 0, 45 0)", 10, 55),
        ("LINESTRING (100 0, 45 0)", 0, 55),
    ]


def test_a_facility_on_the_way_that_is_farther_than_another_starts_no_piece():
    assert pieces(reach(20, (50, 0), (55, 80))) == [
        ("LINESTRING (50 0, 30 0)", 0, 20),
        ("LINESTRING (50 0, 55 0)", 0, 5),
        ("LINESTRING (55 0, 70 0)", 5, 20),
    ]


def test_a_facility_farther_from_the_street_than_the_limit_serves_nothing():
    area = reach(20, (50, 21))
    assert len(area.pieces) == 0
    assert area.area.is_empty


@pytest.mark.parametrize("lines", [(), (STREET,)])
def test_without_walkways_or_facilities_the_area_is_empty(lines):
    facilities = [] if lines else [(1, 1)]
    area = service_area(network(*lines), np.array(facilities, float).reshape(-1, 2), 20.0)
    assert area.area.is_empty
    assert len(area.pieces) == len(area.edge) == len(area.near_m) == 0
    assert (area.limit_m, area.width_m) == (20, 20)


def test_the_ground_lies_beside_the_pieces_and_does_not_run_on_past_the_cut():
    # 5 m to the street and 20 along it, of a street that goes on for 180
    ground = reach(25, (200, 5), lines=("LINESTRING (0 0, 400 0)",)).area
    assert shapely.contains_xy(ground, [200, 180.1, 219.9, 200], [0, 15, 0, 19]).all()
    assert not shapely.contains_xy(ground, [179.9, 220.1, 200, 220.1], [0, 0, 20.1, 10]).any()


def test_where_the_street_ends_the_ground_goes_round_its_end():
    ground = reach(25, (10, 0)).area
    assert shapely.contains_xy(ground, -15, 0)
    assert not shapely.contains_xy(ground, -21, 0)


def test_a_way_there_and_back_on_the_same_ground_has_all_the_ground_beside_it():
    ground = reach(500, (50, 0), lines=("LINESTRING (0 0, 100 0, 0 0)",)).area
    assert ground.area == pytest.approx(100 * 40 + np.pi * 20**2, rel=0.03)


def test_ground_nearer_to_a_walkway_behind_a_wall_is_left_out():
    # two ways 6 m apart that do not meet: the wall is in the middle
    ground = reach(500, (50, 0), lines=(STREET, "LINESTRING (0 6, 100 6)")).area
    assert shapely.contains_xy(ground, [50, 50, 50], [-19, -1, 1]).all()
    assert not shapely.contains_xy(ground, [50, 50, 50, 50], [3.1, 5, 6, 15]).any()


def test_ground_lost_between_reached_and_unreached_walkways_is_a_narrow_strip():
    # of the 3 m up to the middle, steps of a sixth of the width claim 2.46 m or more
    ground = reach(500, (50, 0), lines=(STREET, "LINESTRING (0 6, 100 6)"), width_m=15.0).area
    assert shapely.contains_xy(ground, 50, 2.4)


@pytest.mark.parametrize("width_m", [0.0, -1.0, np.nan, np.inf])
def test_a_width_that_is_none_is_refused(width_m):
    with pytest.raises(DataError, match="width"):
        reach(10, (1, 1), width_m=width_m)
