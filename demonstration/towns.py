"""The town outlines of data/boundaries, stretched where a town has grown beyond them."""

import json

import geopandas as gpd
import numpy as np
import shapely

import data
from demonstration.frame import JINJI_ANCHOR, MAIN_ANCHOR, Frame
from demonstration.roster import JINJI
from demonstration.rows import CRS, note
from geo.arrays import FloatArray, ObjectArray
from geo.crs import STORAGE_CRS, to_crs

OUTLINES = "boundaries/litong-towns.geojson"
_STRETCH = 1.1


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
    is_jinji = (outlines["town_id"] == JINJI).to_numpy()
    drawn = np.asarray(outlines.geometry.array, dtype=object)
    blocks = frame.ring[frame.town_id != JINJI]
    drawn[~is_jinji] = _fitted(drawn[~is_jinji], blocks, MAIN_ANCHOR)
    blocks = frame.ring[frame.town_id == JINJI]
    drawn[is_jinji] = _fitted(drawn[is_jinji], blocks, JINJI_ANCHOR)
    return outlines.set_geometry(gpd.GeoSeries(drawn, crs=CRS))


def _fitted(shapes: ObjectArray, blocks: FloatArray, centre: FloatArray) -> ObjectArray:
    """Stretch outlines from `centre` until all blocks are inside."""
    points = shapely.points(blocks.reshape(-1, 2))
    factor = 1.0
    while True:
        xy = (shapely.get_coordinates(shapes) - centre) * factor + centre
        moved = shapely.set_coordinates(shapes.copy(), np.round(xy, 4))
        if shapely.contains_properly(shapely.union_all(moved), points).all():
            return np.asarray(moved, dtype=object)
        factor *= _STRETCH
