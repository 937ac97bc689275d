"""Helsinki and Monaco: every walk against networkx, and 100,000 points of service areas."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.catchment import nearest_routes, pairs_within, service_area, walking_distance
from geo.network import WalkNetwork
from tests.unit.geo.split_graph import indexed_snap, nearest_by_networkx, split_graph, walks

CITIES = Path(__file__).parents[3] / "data" / "cities"
KINDS = ("kindergarten", "clinic", "pharmacy", "charging", "eldercare")
# counted in the files' tables
FACILITIES = {"helsinki": (0, 6, 6, 4, 2), "monaco": (1, 5, 23, 0, 0)}


class City:
    """An extract: its walkways, a door for every building, and its facilities by kind."""

    def __init__(self, name):
        tables = {
            table: gpd.read_file(CITIES / name / "district.gpkg", layer=table)
            for table in ("walkways", "facilities", "buildings")
        }
        self.network = WalkNetwork.from_walkways(tables["walkways"])
        self.doors = doors(tables["buildings"].geometry, self.network.lines)
        places = tables["facilities"]
        self.facilities = {
            kind: shapely.get_coordinates(places.geometry[places["cat"] == kind]) for kind in KINDS
        }
        everything = np.concatenate([self.doors, *self.facilities.values()])
        self.graph = split_graph(self.network.lines, everything, indexed_snap)

    def walks_by_networkx(self, kind):
        """Return the walk from every door to the nearest facility of a kind, the second way."""
        ends = np.cumsum([len(self.doors), *map(len, self.facilities.values())]).tolist()
        first, last = ends[KINDS.index(kind)], ends[KINDS.index(kind) + 1]
        return walks(self.graph, range(len(self.doors)), range(first, last))


def doors(buildings, lines):
    """Return the point of every outline nearest to the nearest walkway."""
    outlines = shapely.boundary(np.asarray(buildings, dtype=object))
    nearest = lines[shapely.STRtree(lines).nearest(outlines)]
    return shapely.get_coordinates(shapely.get_point(shapely.shortest_line(outlines, nearest), 0))


@pytest.fixture(scope="module", params=sorted(FACILITIES))
def city(request):
    city = City(request.param)
    counts = tuple(len(city.facilities[kind]) for kind in KINDS)
    assert counts == FACILITIES[request.param]
    return city


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_all_buildings_walk_as_far_as_on_an_explicitly_split_graph(city, kind):
    places = city.facilities[kind]
    found = walking_distance(city.network, city.doors, places)
    expected = city.walks_by_networkx(kind)
    assert (np.isfinite(found.distance) == np.isfinite(expected)).all()
    assert np.isfinite(expected).mean() > 0.9 or len(places) == 0
    np.testing.assert_allclose(found.distance, expected, rtol=0, atol=1e-6)


@pytest.mark.slow
def test_all_routes_are_as_long_as_their_walks(city):
    nearest, routes = nearest_routes(city.network, city.doors, city.facilities["pharmacy"])
    found = nearest.witness >= 0
    np.testing.assert_allclose(
        shapely.length(routes[found]), nearest.distance[found], rtol=0, atol=1e-6
    )


def test_pairs_agree_with_the_nearest(city):
    places = city.facilities["clinic"]
    pairs = pairs_within(city.network, city.doors, places, 500.0)
    nearest = np.full(len(city.doors), np.inf)
    np.minimum.at(nearest, pairs.origin, pairs.distance)
    alone = walking_distance(city.network, city.doors, places, 500.0).distance
    np.testing.assert_allclose(nearest, alone, rtol=0, atol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("limit_m", "width_m"), [(300.0, 20.0), (1_000.0, 40.0)])
def test_of_100_000_points_of_service_areas_none_is_farther_than_limit_and_width(
    city, limit_m, width_m
):
    places = city.facilities["pharmacy"]
    area = service_area(city.network, places, limit_m, width_m=width_m).area
    ground = points_within(area, 25_000)  # two cities, two limits: 100,000
    walk = walking_distance(city.network, ground, places).distance
    assert walk.max() <= limit_m + width_m
    assert walk.max() > limit_m  # the width is made use of
    some = ground[::10]
    second = nearest_by_networkx(city.network.lines, some, places, indexed_snap)
    np.testing.assert_allclose(walk[::10], second, rtol=0, atol=1e-6)


def points_within(area, count):
    """Return `count` points spread evenly over an area."""
    rng, west, south, east, north = np.random.default_rng(2023), *area.bounds
    found = np.empty((0, 2))
    while len(found) < count:
        some = rng.uniform((west, south), (east, north), (50_000, 2))
        found = np.concatenate([found, some[shapely.contains_xy(area, some)]])
    return found[:count]


@pytest.mark.slow
def test_a_service_area_claims_nearly_all_the_ground_it_may(city):
    places = city.facilities["pharmacy"]
    made = service_area(city.network, places, 300.0, width_m=20.0)
    near = made.area.buffer(30.0)
    ground = points_within(near, 10_000)
    snap = city.network.snap(ground)
    on_foot = replace(snap, gap=np.zeros(len(snap)))
    on_edge = walking_distance(city.network, on_foot, places).distance
    due = (on_edge <= 300.0) & (snap.gap <= 20.0)
    claimed = shapely.contains_xy(made.area, ground)
    assert not (claimed & ~due).any()
    assert (claimed & due).sum() > 0.95 * due.sum()
