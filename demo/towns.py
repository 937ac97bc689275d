"""The town outlines of data/boundaries, stretched where a town has grown beyond them."""

import json

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

import data
from demo.frame import JINJI_ANCHOR, MAIN_ANCHOR, Frame
from demo.roster import JINJI
from demo.rows import CRS, note
from geo.crs import STORAGE_CRS, to_crs

OUTLINES = "boundaries/litong-towns.geojson"
_ROOM_M = 150.0


def towns_frame(frame: Frame) -> gpd.GeoDataFrame:
    """Return the towns layer, every outline marked schematic 示意."""
    features = json.loads(data.read_text(OUTLINES))["features"]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    table = {
        "town_id": [feature["properties"]["town_id"] for feature in features],
        "name": [feature["properties"]["name"] for feature in features],
        "schematic": True,
        **note("示意界线，非行政区域界线"),
    }
    outlines = to_crs(gpd.GeoDataFrame(table, geometry=shapes, crs=STORAGE_CRS), CRS, "towns")
    fitted = [
        _fitted(shape, town, frame)
        for shape, town in zip(outlines.geometry, outlines["town_id"], strict=True)
    ]
    return outlines.set_geometry(gpd.GeoSeries(fitted, crs=CRS))


def _fitted(shape: BaseGeometry, town: str, frame: Frame) -> BaseGeometry:
    """Stretch an outline about its anchor, and move it with it, until its streets fit inside."""
    is_jinji = town == JINJI
    anchor = JINJI_ANCHOR if is_jinji else MAIN_ANCHOR
    blocks = frame.ring[(frame.town_id == JINJI) == is_jinji]
    if not len(blocks):
        return shape
    centre = frame.jinji_anchor if is_jinji else MAIN_ANCHOR
    reach = np.abs(blocks - centre).max() + _ROOM_M
    room = 0.62 * np.abs(shapely.get_coordinates(shape) - anchor).max()
    factor = max(1.0, float(reach / room))
    return shapely.transform(shape, lambda xy: np.round((xy - anchor) * factor + centre, 4))
