"""Walks to the nearest facility; every expected distance is added up by hand."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.catchment import route, walking_distance
from geo.errors import DataError
from geo.search import Seeds
from tests.unit.geo.test_network import LITONG, network

# a street of 100 m with a lane of 40 m going north from its east end
STREET = ("LINESTRING (0 0, 100 0)", "LINESTRING (100 0, 100 40)")
NONE = np.empty((0, 2))


def walk(net, origin, *facilities, limit_m=None):
    nearest = walking_distance(net, np.array([origin], float), np.array(facilities, float), limit_m)
    return round(float(nearest.distance[0]), 9), int(nearest.witness[0])


def test_both_access_legs_and_the_way_along_the_network_count():
    # 3 to the street, 90 along it, 20 up the lane, 7 to the door
    assert walk(network(*STREET), (10, 3), (107, 20)) == (120, 0)


def test_two_places_on_one_edge_are_walked_along_the_edge():
    assert walk(network(*STREET), (10, 3), (60, -4)) == (57, 0)


def test_a_walk_to_the_very_same_place_is_the_two_access_legs():
    assert walk(network(*STREET), (10, 3), (10, 3)) == (6, 0)
    assert walk(network(*STREET), (10, 0), (10, 0)) == (0, 0)


def test_going_round_by_the_nodes_is_taken_where_it_is_shorter_than_along_the_edge():
    # a crescent of 180 m round three sides of a square whose fourth side is a way of 100 m
    net = network("LINESTRING (0 0, 0 40, 100 40, 100 0)", "LINESTRING (0 0, 100 0)")
    assert walk(net, (0, 6), (100, 7)) == (6 + 100 + 7, 0)
    assert walk(net, (0, 38), (100, 37)) == (2 + 100 + 3, 0)


def test_a_closed_loop_is_walked_the_shorter_way_round():
    # a square of 4 x 100 m hanging on the node (0, 0)
    net = network("LINESTRING (0 0, 100 0, 100 100, 0 100, 0 0)", "LINESTRING (0 0, 0 -50)")
    assert walk(net, (10, 0), (0, 10)) == (20, 0)
    assert walk(net, (60, 0), (100, 60)) == (100, 0)
    assert walk(net, (0, -50), (0, 90)) == (140, 0)
    assert walk(net, (0, 90), (0, -50)) == (140, 0)


def test_a_loop_is_left_for_its_node_only_once():
    # two arcs to one node would be one entry of a sparse matrix, and scipy adds such entries up
    net = network("LINESTRING (0 0, 100 0, 100 100, 0 100, 0 0)")
    seeds = Seeds.of(net, net.snap(np.array([[10.0, 2.0], [0.0, 30.0]])), np.inf)
    assert seeds.facility.tolist() == [0, 1]
    assert seeds.cost.tolist() == [12, 30]


def test_of_parallel_edges_the_shorter_is_walked_and_not_their_sum():
    net = network("LINESTRING (0 0, 50 30, 100 0)", "LINESTRING (0 0, 100 0)", *STREET[1:])
    assert walk(net, (0, 0), (100, 40)) == (140, 0)


def test_the_nearest_of_several_facilities_is_the_witness():
    net = network(*STREET)
    assert walk(net, (10, 0), (100, 40), (60, 0), (40, 0), (90, 0)) == (30, 2)


def test_a_facility_close_by_the_street_beats_one_farther_from_it():
    # the facility passed on the way has an access leg of 30 m
    net = network(*STREET)
    assert walk(net, (0, 0), (20, 30), (45, 0)) == (45, 1)
    assert walk(net, (0, 0), (20, 30), (55, 0)) == (50, 0)
    assert walk(net, (100, 0), (80, 30), (55, 0)) == (45, 1)
    assert walk(net, (100, 0), (80, 30), (45, 0)) == (50, 0)


@pytest.mark.parametrize("origin", [(50, 0), (50, 8)])
def test_of_equally_near_facilities_the_first_is_the_witness(origin):
    net = network(*STREET)
    assert walk(net, origin, (30, 0), (70, 0))[1] == 0
    assert walk(net, origin, (70, 0), (30, 0))[1] == 0
    assert walk(net, origin, (60, 0), (60, 0), (60, 0))[1] == 0
    assert walk(net, origin, (0, 0), (100, 0), (0, 0))[1] == 0
    assert walk(net, (100, 40), (60, 0), (60, 0))[1] == 0


def test_what_no_way_leads_to_is_unreachable():
    net = network(*STREET, "LINESTRING (0 500, 100 500)")
    assert walk(net, (10, 0), (10, 501)) == (np.inf, -1)
    assert walk(net, (10, 0), (10, 501), (100, 40)) == (130, 1)


def test_a_walk_as_long_as_the_limit_is_within_it_and_a_longer_one_is_not():
    net = network(*STREET)
    assert walk(net, (10, 3), (107, 20), limit_m=120) == (120, 0)
    assert walk(net, (10, 3), (107, 20), limit_m=119.99) == (np.inf, -1)
    assert walk(net, (10, 3), (60, -4), limit_m=56.99) == (np.inf, -1)
    assert walk(net, (10, 0), (10, 0), limit_m=0) == (0, 0)
    assert walk(net, (100, 0), (100, 25), limit_m=25) == (25, 0)  # round the corner


def test_no_facilities_no_origins_and_no_network_are_answered():
    net, empty = network(*STREET), network()
    here = np.array([[1.0, 2.0]])
    for nearest in (walking_distance(net, here, NONE), walking_distance(empty, here, here)):
        assert nearest.distance.tolist() == [np.inf]
        assert nearest.witness.tolist() == [-1]
    assert len(walking_distance(net, NONE, here).distance) == 0


def test_series_of_points_and_points_snapped_before_give_the_same_walks():
    net = network(*STREET)
    origins, facilities = np.array([[10.0, 3.0], [100.0, 30.0]]), np.array([[107.0, 20.0]])
    series = gpd.GeoSeries.from_xy(*origins.T, crs=LITONG)
    for form in (origins, series, net.snap(origins), origins.tolist()):
        nearest = walking_distance(net, form, net.snap(facilities))
        assert nearest.distance.tolist() == [120, 17]


@pytest.mark.parametrize(
    "broken", [np.array([[0, 0], [np.nan, 1]]), gpd.GeoSeries([shapely.Point(0, 0), None])]
)
def test_a_point_without_coordinates_is_refused_by_its_number(broken):
    with pytest.raises(DataError, match="point 1"):
        walking_distance(network(*STREET), broken, NONE)


def test_a_series_of_points_in_another_crs_is_refused():
    series = gpd.GeoSeries.from_xy([106.2], [38.0], crs=4490)
    with pytest.raises(DataError, match="CGCS2000"):
        walking_distance(network(*STREET), series, NONE)


@pytest.mark.parametrize("limit_m", [-1.0, np.nan])
def test_a_limit_below_zero_is_refused(limit_m):
    with pytest.raises(DataError, match="expected 0 or more"):
        walking_distance(network(*STREET), NONE, NONE, limit_m)


@pytest.mark.parametrize("wrong", [np.zeros((2, 3)), np.zeros(4), np.zeros((1, 2, 2))])
def test_coordinates_that_are_not_pairs_are_refused_and_not_read_as_other_points(wrong):
    # three points and two, if they were merely taken two by two
    with pytest.raises(DataError, match="expected \\(n, 2\\)"):
        walking_distance(network(*STREET), wrong, [[0.0, 0.0]])


def test_frames_and_arrays_of_points_are_places_too():
    home, shop = shapely.points([[20.0, 3.0], [80.0, 4.0]])
    net = network(*STREET)
    frame = gpd.GeoDataFrame(geometry=[home], crs=LITONG)
    series = gpd.GeoSeries([shop], crs=LITONG)
    found = walking_distance(net, frame, series)
    again = walking_distance(net, np.array([home]), np.array([shop]))
    assert found.distance == again.distance == pytest.approx(3 + 60 + 4)
    assert route(net, home, shop).length == pytest.approx(67)


def test_what_is_no_point_is_refused_by_its_number():
    with pytest.raises(DataError, match="point 1"):
        walking_distance(
            network(*STREET), [shapely.Point(0, 0), shapely.box(0, 0, 1, 1)], [[0.0, 0.0]]
        )
