"""Walks, routes, pairs and service areas: what holds for every town."""

import hypothesis.strategies as st
import numpy as np
import shapely
from hypothesis import assume, given

from geo.catchment import nearest_routes, pairs_within, service_area, walking_distance
from geo.network import Snap
from tests.examples import examples
from tests.property.towns import have_one_foot, lines, network, points
from tests.unit.geo.split_graph import nearest_by_networkx

FEW = examples(60)
limits = st.floats(0, 600)


def close(left, right):
    np.testing.assert_allclose(left, right, rtol=0, atol=1e-6)


@FEW
@given(lines(), points(), points(least=0))
def test_walks_are_as_long_as_on_an_explicitly_split_graph(town, origins, facilities):
    # on a line that goes back over itself one place has two offsets
    assume(shapely.is_simple(town).all())
    assume(have_one_foot(town, np.concatenate([origins, facilities])))
    found = walking_distance(network(town), origins, facilities)
    close(found.distance, nearest_by_networkx(town, origins, facilities))
    assert ((found.witness >= 0) == np.isfinite(found.distance)).all()


@FEW
@given(lines(), points(), points())
def test_the_walk_to_the_witness_alone_is_the_walk_to_the_nearest(town, origins, facilities):
    net = network(town)
    found = walking_distance(net, origins, facilities)
    for i in np.flatnonzero(found.witness >= 0):
        alone = walking_distance(net, origins[[i]], facilities[[found.witness[i]]])
        close(alone.distance, found.distance[[i]])


@FEW
@given(lines(), points(), points())
def test_a_walk_is_as_long_there_as_back(town, some, others):
    net = network(town)
    for other in others:
        there = walking_distance(net, some, other[None]).distance
        back = [walking_distance(net, other[None], one[None]).distance[0] for one in some]
        close(there, back)


@FEW
@given(lines(), points(least=3, most=3))
def test_going_by_way_of_a_third_place_is_never_shorter(town, places):
    net = network(town)
    to = [walking_distance(net, places, place[None]).distance for place in places]
    assert to[0][1] <= to[0][2] + to[2][1] + 1e-6


@FEW
@given(lines(), points(), points(), points(most=1))
def test_a_new_facility_never_lengthens_a_walk(town, origins, facilities, new):
    net = network(town)
    before = walking_distance(net, origins, facilities).distance
    after = walking_distance(net, origins, np.concatenate([facilities, new])).distance
    assert (after <= before + 1e-9).all()


@FEW
@given(lines(), points(), points(), limits)
def test_a_limit_takes_away_longer_walks_and_changes_no_other(town, origins, facilities, limit):
    net = network(town)
    free = walking_distance(net, origins, facilities)
    held = walking_distance(net, origins, facilities, limit)
    close(held.distance, np.where(free.distance <= limit, free.distance, np.inf))
    assert (held.witness == np.where(free.distance <= limit, free.witness, -1)).all()


@FEW
@given(lines(), points(), points())
def test_a_route_is_as_long_as_the_distance_and_keeps_to_the_edges(town, origins, facilities):
    net = network(town)
    nearest, routes = nearest_routes(net, origins, facilities)
    found = nearest.witness >= 0
    assert ([route is not None for route in routes] == found).all()
    close(shapely.length(routes[found]), nearest.distance[found])
    first, last = (shapely.get_coordinates(shapely.get_point(routes[found], i)) for i in (0, -1))
    assert (first == origins[found]).all()
    assert (last == facilities[nearest.witness[found]]).all()
    legs = net.snap(origins).gap[found] + net.snap(facilities).gap[nearest.witness[found]]
    ways = shapely.buffer(shapely.union_all(town), 1e-6)
    off = shapely.length(shapely.difference(routes[found], ways))
    assert (off <= legs + 1e-6).all()


@FEW
@given(lines(), points(), points(), limits)
def test_pairs_agree_with_walks_one_by_one(town, origins, facilities, limit):
    net = network(town)
    pairs = pairs_within(net, origins, facilities, limit)
    table = np.full((len(origins), len(facilities)), np.inf)
    table[pairs.origin, pairs.facility] = pairs.distance
    for j, facility in enumerate(facilities):
        alone = walking_distance(net, origins, facility[None]).distance
        # a walk within rounding of the limit may fall on either side of it
        clear = np.abs(alone - limit) > 1e-6
        close(table[clear, j], np.where(alone <= limit, alone, np.inf)[clear])
    assert (np.diff(pairs.origin * len(facilities) + pairs.facility) > 0).all()


@FEW
@given(lines(), points(most=3), st.floats(1, 400), st.integers(0, 2**32 - 1))
def test_no_ground_of_a_service_area_is_farther_than_limit_and_width(town, homes, limit, seed):
    net, width = network(town), 15.0
    area = service_area(net, homes, limit, width_m=width).area
    ground = np.random.default_rng(seed).uniform(-20, 320, (2_000, 2))
    ground = ground[shapely.contains_xy(area, ground)]
    assert (walking_distance(net, ground, homes).distance <= limit + width + 1e-6).all()
    assert (net.snap(ground).gap <= width).all()


@FEW
@given(lines(), points(most=3), st.floats(1, 400))
def test_along_a_reached_piece_the_walk_grows_by_a_metre_a_metre_up_to_the_limit(
    town, homes, limit
):
    net = network(town)
    area = service_area(net, homes, limit)
    assert (area.far_m <= limit + 1e-9).all()
    close(area.far_m - area.near_m, shapely.length(area.pieces))
    for share in (0.0, 0.3, 1.0):
        # measured on the very edge: another line may cross it there
        spots = shapely.line_interpolate_point(area.pieces, share, normalized=True)
        xy = shapely.get_coordinates(spots)
        offset = shapely.line_locate_point(net.lines[area.edge], spots)
        simple = shapely.is_simple(net.lines[area.edge]) & ~shapely.is_closed(net.lines[area.edge])
        here = Snap(area.edge, offset, np.zeros(len(xy)), xy, xy)
        walk = walking_distance(net, here, homes).distance
        expected = area.near_m + share * (area.far_m - area.near_m)
        close(walk[simple], expected[simple])


@FEW
@given(lines(), points(most=3), st.floats(1, 300), st.floats(0, 100))
def test_a_longer_limit_reaches_no_less(town, homes, limit, more):
    net, width = network(town), 15.0
    less = service_area(net, homes, limit, width_m=width)
    larger = service_area(net, homes, limit + more, width_m=width)
    reached = shapely.buffer(shapely.union_all(larger.pieces), 1e-6)
    assert shapely.length(shapely.difference(shapely.union_all(less.pieces), reached)) < 1e-6
    # GEOS buffers are true to about a hundredth of their width
    assert less.area.difference(larger.area.buffer(0.05 * width)).area < 1e-6
