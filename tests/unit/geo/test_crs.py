"""Reference systems: what may be measured in, what is the same, and what is refused."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS
from pyproj.exceptions import ProjError

from geo import crs
from geo.crs import chinese_name, require_working_crs, snap_to_grid, to_crs, transformer
from geo.errors import CrsError

WGS84, CGCS2000, GK105, UTM48 = (CRS.from_epsg(code) for code in (4326, 4490, 4544, 32648))
# Beijing 54 (4214, GK zone 18 at 105 E 21418), New Beijing 4555, Xi'an 80 (4610, 3-degree GK 2349)
OLD_DATUMS = (4214, 21418, 4555, 4610, 2349)


def prj(code):
    """Return the CRS as a shapefile's .prj tells it: no code, easting first."""
    return CRS.from_wkt(CRS.from_epsg(code).to_wkt("WKT1_ESRI"))


def moved(source, target, x, y):
    return transformer(source, target).transform(x, y)


@pytest.mark.parametrize(
    ("code", "said"),
    [  # 3-degree zone n lies at 3n degrees, 6-degree zone n at 6n - 3
        (4544, "2000国家大地坐标系，高斯-克吕格3°带，中央经线105°，横坐标不加带号"),
        (4523, "2000国家大地坐标系，高斯-克吕格3°带，中央经线105°，横坐标加带号35"),
        (4496, "2000国家大地坐标系，高斯-克吕格6°带，中央经线105°，横坐标加带号18"),
        (2379, "1980西安坐标系，高斯-克吕格3°带，中央经线102°，横坐标不加带号"),
        (21418, "1954北京坐标系，高斯-克吕格6°带，中央经线105°，横坐标加带号18"),
        (32648, "WGS 84 / UTM zone 48N"),
    ],
)
def test_national_zones_are_named_as_chinese_maps_name_them(code, said):
    assert chinese_name(CRS.from_epsg(code)) == said


@pytest.mark.parametrize("code", [4544, 4523, 32648])
def test_lengths_may_be_measured_in_a_metric_projection(code):
    assert require_working_crs(CRS.from_epsg(code), "trees").to_epsg() == code


@pytest.mark.parametrize("code", [4490, 4326, 3857, 2263])
def test_degrees_feet_and_web_mercator_are_refused_for_measuring(code):
    degrees = CRS.from_epsg(code)
    with pytest.raises(CrsError, match="trees: lengths cannot be measured") as caught:
        require_working_crs(degrees, "trees")
    assert "trees" in caught.value.sentence("zh")


def test_web_mercator_is_known_by_its_name_where_it_has_no_code():
    with pytest.raises(CrsError, match="Mercator"):
        require_working_crs(prj(3857), "trees")


def test_no_crs_at_all_is_refused():
    with pytest.raises(CrsError, match="trees: no CRS is declared"):
        require_working_crs(None, "trees")
    with pytest.raises(CrsError, match="trees: no CRS is declared"):
        to_crs(gpd.GeoDataFrame(geometry=[shapely.Point(1, 2)]), GK105, "trees")


@pytest.mark.parametrize(
    ("source", "target"),
    [(WGS84, CGCS2000), (CGCS2000, WGS84), (GK105, GK105)],
)
def test_between_the_same_coordinates_there_is_nothing_to_transform(source, target):
    assert transformer(source, target) is None


@pytest.mark.parametrize("source", [prj(4326), prj(4490), CRS("OGC:CRS84")])
def test_longitude_comes_first_whatever_a_crs_says_of_its_axes(source):
    for target in (WGS84, CGCS2000):
        assert moved(source, target, 106.2, 38.0) == (106.2, 38.0)


def test_the_working_crs_of_litong_puts_a_place_where_the_series_of_the_projection_does():
    # Gauss-Krueger on the CGCS2000 ellipsoid by Krueger's series to n^4, worked out apart
    x, y = moved(CGCS2000, GK105, 106.2, 38.0)
    expected = krueger(106.2 - 105, 38.0)
    assert (x, y) == pytest.approx(expected, abs=1e-4)


def krueger(lon, lat):
    """Easting and northing [m] of a longitude from the central meridian and a latitude [degree]."""
    a, f = 6378137.0, 1 / 298.257222101
    n = f / (2 - f)
    radius = a / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    alpha = (
        n / 2 - 2 / 3 * n**2 + 5 / 16 * n**3,
        13 / 48 * n**2 - 3 / 5 * n**3,
        61 / 240 * n**3,
    )
    phi, lam, e = np.radians(lat), np.radians(lon), 2 * np.sqrt(n) / (1 + n)
    t = np.sinh(np.arctanh(np.sin(phi)) - e * np.arctanh(e * np.sin(phi)))
    xi, eta = np.arctan2(t, np.cos(lam)), np.arctanh(np.sin(lam) / np.hypot(1, t))
    terms = [(2 * (j + 1), term) for j, term in enumerate(alpha)]
    north = xi + sum(term * np.sin(k * xi) * np.cosh(k * eta) for k, term in terms)
    east = eta + sum(term * np.cos(k * xi) * np.sinh(k * eta) for k, term in terms)
    return 500_000 + radius * east, radius * north


@pytest.mark.parametrize("source", [UTM48, prj(32648)])
@pytest.mark.parametrize("target", [GK105, prj(4544)])
def test_utm_and_gauss_krueger_meet_through_longitude_and_latitude(source, target):
    # the same meridian, scale 0.9996 against 1: eastings from 500 km and northings, divided by it
    x, y = moved(WGS84, UTM48, 106.2, 38.0)
    there = moved(source, target, x, y)
    assert there == pytest.approx((500_000 + (x - 500_000) / 0.9996, y / 0.9996), abs=1e-3)
    assert moved(target, source, *there) == pytest.approx((x, y), abs=1e-6)


@pytest.mark.parametrize("target", [WGS84, CGCS2000, GK105, UTM48])
@pytest.mark.parametrize("code", OLD_DATUMS)
def test_old_datums_need_parameters_and_are_refused_both_ways(code, target):
    old = CRS.from_epsg(code)
    for pair in ((old, target), (target, old)):
        with pytest.raises(CrsError, match="its parameters are needed"):
            transformer(*pair)


def test_old_datums_may_be_projected_on_themselves():
    x, y = moved(CRS.from_epsg(4610), CRS.from_epsg(2349), 75.0, 38.0)
    assert x == pytest.approx(25_500_000, abs=1e-6)
    assert y > 4_000_000


@pytest.mark.parametrize(
    "local",
    [
        'LOCAL_CS["town grid",UNIT["metre",1],AXIS["X",EAST],AXIS["Y",NORTH]]',
        "+proj=tmerc +lon_0=106 +ellps=krass +units=m",
    ],
)
def test_a_local_grid_is_refused(local):
    with pytest.raises(CrsError, match="no exact transformation"):
        transformer(CRS(local), GK105)


def test_what_proj_cannot_even_look_up_is_refused(monkeypatch):
    def fail(*_args, **_options):
        raise ProjError("no database")

    monkeypatch.setattr(crs, "TransformerGroup", fail)
    with pytest.raises(CrsError, match="no exact transformation"):
        transformer(CRS.from_epsg(4523), CRS.from_epsg(4479))


def test_a_frame_is_moved_with_its_index_and_its_missing_shapes():
    frame = gpd.GeoDataFrame(
        {"name": ["a", "b"]}, geometry=[shapely.Point(106.2, 38.0), None], index=[7, 9], crs=4326
    )
    there = to_crs(frame, GK105, "trees")
    assert there.crs == GK105
    assert there.index.tolist() == [7, 9]
    assert there.geometry[7].x == pytest.approx(605_400.8370, abs=1e-3)
    assert there.geometry[9] is None
    assert to_crs(frame, CGCS2000, "trees").geometry[7].equals(frame.geometry[7])
    assert frame.crs == WGS84


def test_a_round_trip_through_degrees_comes_back_to_the_same_grid_point():
    rng = np.random.default_rng(11)
    xy = np.round(rng.uniform((590_000, 4_190_000), (640_000, 4_230_000), (5_000, 2)), 4)
    home = gpd.GeoDataFrame(geometry=gpd.GeoSeries.from_xy(*xy.T, crs=GK105))
    for stop in (CGCS2000, WGS84, UTM48):
        back = snap_to_grid(to_crs(to_crs(home, stop, "there"), GK105, "back"))
        assert (shapely.get_coordinates(back.geometry) == xy).all()


def test_the_grid_has_no_minus_zero():
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(-0.00001, 1.00004)], crs=GK105)
    x, y = snap_to_grid(frame).geometry[0].coords[0]
    assert (x, y, np.signbit(x)) == (0, 1, False)
