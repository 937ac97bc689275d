"""Routes as evidence: from door to door, along the edges, as long as the distance says."""

import numpy as np
import pytest
import shapely

from geo.catchment import nearest_routes, route
from tests.unit.geo.test_network import network

STREET = ("LINESTRING (0 0, 50 10, 100 0)", "LINESTRING (100 40, 100 0)")
LOOP = ("LINESTRING (0 0, 100 0, 100 100, 0 100, 0 0)", "LINESTRING (0 0, 0 -50)")


@pytest.mark.parametrize(
    ("lines", "origin", "facility", "expected"),
    [
        # door, street with its bend, corner, lane, door
        (STREET, (0, 0), (107, 20), "LINESTRING (0 0, 50 10, 100 0, 100 20, 107 20)"),
        (STREET, (107, 20), (0, 0), "LINESTRING (107 20, 100 20, 100 0, 50 10, 0 0)"),
        # on one edge, forwards and backwards past the bend
        (STREET[1:], (103, 30), (96, 10), "LINESTRING (103 30, 100 30, 100 10, 96 10)"),
        (LOOP, (90, -1), (101, 40), "LINESTRING (90 -1, 90 0, 100 0, 100 40, 101 40)"),
        (LOOP, (101, 40), (90, -1), "LINESTRING (101 40, 100 40, 100 0, 90 0, 90 -1)"),
        # round the loop by its node, on it and into it
        (LOOP, (10, 0), (0, 20), "LINESTRING (10 0, 0 0, 0 20)"),
        (LOOP, (0, -50), (20, 100), "LINESTRING (0 -50, 0 0, 0 100, 20 100)"),
        (LOOP, (0, -50), (100, 20), "LINESTRING (0 -50, 0 0, 100 0, 100 20)"),
        # from a node to a node
        (STREET, (100, 40), (100, 0), "LINESTRING (100 40, 100 0)"),
        # nowhere to walk: a line that stays where it is
        (STREET, (100, 30), (100, 30), "LINESTRING (100 30, 100 30)"),
        (STREET, (103, 30), (103, 30), "LINESTRING (103 30, 100 30, 103 30)"),
    ],
)
def test_a_route_goes_from_door_to_door_along_the_edges(lines, origin, facility, expected):
    found = route(network(*lines), np.array(origin), np.array(facility))
    assert shapely.to_wkt(found, rounding_precision=9) == expected


def test_the_shorter_of_parallel_edges_is_drawn():
    net = network(
        "LINESTRING (0 0, 50 30, 100 0)",
        "LINESTRING (100 0, 50 5, 0 0)",
        "LINESTRING (-9 0, 0 0)",
        "LINESTRING (100 0, 109 0)",
    )
    assert route(net, np.array([-9, 0]), np.array([109, 0])).wkt == (
        "LINESTRING (-9 0, 0 0, 50 5, 100 0, 109 0)"
    )


def test_there_is_no_route_to_what_is_unreachable_or_beyond_the_limit():
    net = network(*STREET, "LINESTRING (0 500, 100 500)")
    origins = np.array([[0.0, 0.0], [0.0, 500.0], [100.0, 40.0]])
    nearest, routes = nearest_routes(net, origins, np.array([[100.0, 0.0]]), 50.0)
    assert nearest.distance.tolist() == [np.inf, np.inf, 40]
    assert [found is None for found in routes] == [True, True, False]
    assert route(net, origins[0], origins[1]) is None
    assert route(network(), origins[0], origins[1]) is None


def test_many_routes_at_once_are_the_routes_one_by_one():
    net = network(*STREET, *("LINESTRING (0 0, 0 100, 100 40)",))
    rng = np.random.default_rng(7)
    origins, facilities = rng.uniform(-10, 110, (40, 2)), rng.uniform(-10, 110, (5, 2))
    nearest, routes = nearest_routes(net, origins, facilities)
    for i, j in enumerate(nearest.witness):
        alone = route(net, origins[i], facilities[j])
        assert shapely.equals_exact(routes[i], alone, 1e-9)
