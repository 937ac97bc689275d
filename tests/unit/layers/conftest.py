"""A layer with a column of every kind, and frames that fit it."""

import geopandas as gpd
import pytest
from pyproj import CRS
from shapely import Point

from layers.spec import Column, LayerSpec
from wording import Text

GK105 = CRS.from_epsg(4544)
FACTS = {"provenance": "surveyed", "source": "by hand", "source_date": "2023-04-01"}


@pytest.fixture
def spec():
    """Return a point layer: text, codes, whole and decimal numbers with limits, truth, a date."""
    return LayerSpec(
        "wells",
        "水井",
        "wells",
        "Point",
        (
            Column("well_id", "str", "水井编号", "well id", required=True),
            Column("name", "str", "名称", "name"),
            Column(
                "kind", "str", "类型", "kind", codes={"dug": Text("土井", "dug")}, required=True
            ),
            Column("year", "int", "年份", "year", least=1900, most=2100),
            Column("depth_m", "float", "井深", "depth", "m", least=0),
            Column("is_open", "bool", "开放", "open"),
            Column("seen", "date", "查看日期", "seen on"),
        ),
    )


@pytest.fixture
def wells():
    """Return three rows of that layer without a fault, unsorted."""
    rows = {
        "well_id": ["w3", "w1", "w2"],
        "name": ["三", None, "一"],
        "kind": "dug",
        "year": [1990, None, 2001],
        "depth_m": [3.5, None, 0],
        "is_open": [True, None, False],
        "seen": ["2020-02-29", None, "2023-04-01"],
        **FACTS,
    }
    points = [Point(600_000 + i, 4_200_000) for i in range(3)]
    return gpd.GeoDataFrame(rows, geometry=points, crs=GK105)
