"""Geometries for display: longitude first, rounded, in their order."""

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS

from geo.crs import to_crs
from geo.errors import CrsError
from geo.geojson import display_geometries


def test_shapes_become_longitude_and_latitude_to_six_decimals_in_their_order():
    degrees = gpd.GeoDataFrame(
        geometry=[shapely.Point(106.1234567, 37.9876543), None], crs=4490, index=[5, 3]
    )
    shapes = to_crs(degrees, CRS.from_epsg(4544), "estates").geometry
    assert display_geometries(shapes, "estates") == [
        {"type": "Point", "coordinates": [106.123457, 37.987654]},
        None,
    ]


def test_shapes_of_no_known_place_are_refused():
    with pytest.raises(CrsError, match="estates: no CRS is declared"):
        display_geometries(gpd.GeoSeries([shapely.Point(1, 2)]), "estates")
