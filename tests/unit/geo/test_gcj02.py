"""GCJ-02 and BD-09: a scalar second method by hand, the offset at Litong, the edges."""

import math

import numpy as np
import pytest
from pyproj import Geod

from geo import gcj02

LITONG = (106.199, 37.986)


def by_hand(lon: float, lat: float) -> tuple[float, float]:
    """Compute GCJ-02 one point at a time in plain math, as a second method."""
    pi, x, y = math.pi, lon - 105, lat - 35
    first = (20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)) * 2 / 3
    d_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + first
    d_lat += (20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)) * 2 / 3
    d_lat += (160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3
    d_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + first
    d_lon += (20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)) * 2 / 3
    d_lon += (150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3
    magic = 1 - 0.00669342162296594323 * math.sin(lat / 180 * pi) ** 2
    root = math.sqrt(magic)
    d_lat = d_lat * 180 / (6378245.0 * (1 - 0.00669342162296594323) / (magic * root) * pi)
    d_lon = d_lon * 180 / (6378245.0 / root * math.cos(lat / 180 * pi) * pi)
    return lon + d_lon, lat + d_lat


@pytest.mark.parametrize("point", [LITONG, (116.39, 39.91), (121.47, 31.23), (87.6, 43.8)])
def test_the_arrays_agree_with_the_formula_computed_by_hand(point):
    lon, lat = gcj02.wgs84_to_gcj02(*point)
    assert (float(lon), float(lat)) == pytest.approx(by_hand(*point), abs=1e-12)


def test_at_litong_the_shift_is_386_to_407_metres_towards_80_degrees():
    # Lengths on the geodesic, positions from the scalar second method, over the built-up area.
    town = [(x, y) for x in np.linspace(106.15, 106.25, 9) for y in np.linspace(37.95, 38.02, 9)]
    shifts = [Geod(ellps="GRS80").inv(*point, *by_hand(*point)) for point in town]
    assert all(386 < metres < 407 for _, _, metres in shifts)
    assert all(79 < azimuth < 82 for azimuth, _, _ in shifts)
    moved = np.column_stack(gcj02.wgs84_to_gcj02(*np.array(town).T))
    assert moved == pytest.approx(np.array([by_hand(*point) for point in town]), abs=1e-12)


def test_bd09_at_the_centre_of_beijing_by_hand():
    # z = |p| + 2e-5 sin(3000 lat deg), theta = atan2 + 3e-6 cos(3000 lon deg), one point in math.
    lon, lat = 116.404, 39.915
    z = math.hypot(lon, lat) + 0.00002 * math.sin(math.radians(3000 * lat))
    theta = math.atan2(lat, lon) + 0.000003 * math.cos(math.radians(3000 * lon))
    expected = (z * math.cos(theta) + 0.0065, z * math.sin(theta) + 0.006)
    assert tuple(map(float, gcj02.gcj02_to_bd09(lon, lat))) == pytest.approx(expected, abs=1e-12)


def test_abroad_nothing_moves():
    lon, lat = gcj02.wgs84_to_gcj02([2.35, -74.0], [48.85, 40.7])
    assert lon.tolist() == [2.35, -74.0]
    assert lat.tolist() == [48.85, 40.7]


def test_nan_stays_nan_and_does_not_spoil_its_neighbours():
    lon, lat = gcj02.gcj02_to_wgs84([math.nan, LITONG[0]], [math.nan, LITONG[1]])
    assert math.isnan(lon[0])
    alone = gcj02.gcj02_to_wgs84(*LITONG)
    assert (lon[1], lat[1]) == pytest.approx((float(alone[0]), float(alone[1])), abs=1e-13)


def test_the_shape_of_the_input_is_kept():
    lon, lat = gcj02.wgs84_to_bd09(np.full((3, 2), LITONG[0]), LITONG[1])
    assert lon.shape == lat.shape == (3, 2)


def test_empty_arrays_come_back_empty():
    lon, lat = gcj02.bd09_to_wgs84([], [])
    assert lon.size == lat.size == 0


def test_an_inversion_cut_short_still_answers_though_less_exactly(monkeypatch) -> None:
    exact = gcj02.gcj02_to_wgs84(*LITONG)
    monkeypatch.setattr(gcj02, "_ROUNDS", 1)
    miss = Geod(ellps="GRS80").inv(*exact, *gcj02.gcj02_to_wgs84(*LITONG))[2]
    # one step alone misses by up to 2 m: the shift changes by less than a hundredth over its length
    assert 0.001 < miss < 5
