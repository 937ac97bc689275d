"""
Writes GeoPackages the way others do, with GDAL; run as a process of its own.

A test never opens a GeoPackage with GDAL in its own process: two SQLites break each other's locks.
"""

import sys
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
from shapely import (
    GeometryCollection,
    LineString,
    MultiLineString,
    MultiPolygon,
    Point,
    Polygon,
    box,
    force_3d,
)

HOSTILE = "{{ 7*7 }}<script>alert(1)</script> =1+1"


def awkward_city(path, epsg, east, north):
    """Write walkways, facilities and buildings with everything that goes wrong in real extracts."""
    spot = np.array([east, north])

    def at(*points):
        return [tuple(spot + point) for point in points]

    walkways = gpd.GeoDataFrame(
        {
            "u": [1, 2, 3, 4, 5],
            "highway": ["steps", "footway", HOSTILE, None, "primary"],
            "surface": "asphalt",  # a column nobody asked for
        },
        geometry=[
            force_3d(LineString(at((0, 0), (100, 0))), 12.0),
            MultiLineString([at((100, 0), (200, 0)), at((200, 0), (300, 0))]),
            LineString(at((300, 0), (300, 100))),
            None,
            LineString(at((5, 5), (5, 5))),  # a walk of no length
        ],
        crs=epsg,
    )
    facilities = gpd.GeoDataFrame(
        {
            "id": ["n1", "n1", "n2", "n3", None, "n4", "n5"],
            "cat": ["pharmacy", "pharmacy", "parking", "bench", "park", "clinic", None],
            "name": [HOSTILE, None, None, "x", "y", "z", None],
        },
        geometry=[
            Point(at((10, 10))[0]),
            Point(at((20, 10))[0]),
            Point(at((30, 10))[0]),
            Point(at((40, 10))[0]),
            box(*at((50, 10))[0], *at((90, 50))[0]),  # a park drawn as an area
            None,
            Point(at((60, 10))[0]),
        ],
        crs=epsg,
    )
    tie = Polygon(at((0, 100), (10, 110), (10, 100), (0, 110)))
    square = box(*at((20, 100))[0], *at((30, 110))[0])
    buildings = gpd.GeoDataFrame(
        {
            "way_id": [7, 7, 8, 9, 10],
            "levels": ["6", "3.5", "many", "-1", None],
            "building": ["apartments", "yes", "shed", None, "yes"],
        },
        geometry=[square, tie, MultiPolygon([square]), None, GeometryCollection([square])],
        crs=epsg,
    )
    walkways.to_file(path, layer="walkways", driver="GPKG")
    facilities.to_file(path, layer="facilities", driver="GPKG")
    buildings.to_file(path, layer="buildings", driver="GPKG")
    walkways[:1].to_file(path, layer="tram_stops", driver="GPKG")


def bare_city(path):
    """Write an extract in longitude and latitude that has walkways and buildings only."""
    line = LineString([(106.2, 37.98), (106.201, 37.98)])
    house = box(106.2002, 37.9801, 106.2004, 37.9802)
    gpd.GeoDataFrame({"HIGHWAY": ["steps"]}, geometry=[line], crs=4326).to_file(
        path, layer="Walkways", driver="GPKG"
    )
    gpd.GeoDataFrame({"building": ["yes"]}, geometry=[house], crs=4326).to_file(
        path, layer="buildings", driver="GPKG"
    )


def main(folder):
    """Write all files into `folder`."""
    awkward_city(folder / "awkward.gpkg", 32631, 448_000, 5_411_000)
    bare_city(folder / "bare.gpkg")
    with warnings.catch_warnings(action="ignore"):  # the missing CRS is what is wanted
        gpd.GeoDataFrame({"cat": ["park"]}, geometry=[Point(0, 0)]).to_file(
            folder / "nowhere.gpkg", layer="facilities", driver="GPKG"
        )
    gpd.GeoDataFrame({"a": [1]}, geometry=[Point(0, 0)], crs=4326).to_file(
        folder / "unrelated.gpkg", layer="tram_stops", driver="GPKG"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
