"""The walkways layer, with the widths of lanes that a rule on roads must judge."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from answer_key.grades import Grade, Planted, plant, spread
from demonstration.rows import CRS, blank, note
from demonstration.streets import Streets

LANE = Grade("road.single", (-1.4, -0.3), (0.1, 1), (0.01, -0.01))
_WIDTHS_M = {
    "sidewalk": (2.0, 4.0),
    "crossing": (4.0, 6.0),
    "bridge": (3.0, 4.5),
    "path": (1.8, 3.4),
}


def walkways_frame(
    rng: np.random.Generator, streets: Streets, estate_ids: Sequence[str]
) -> tuple[gpd.GeoDataFrame, Planted]:
    """Return the walkways layer, and the lane widths that were planted in the estates."""
    count = len(streets.lines)
    draw = rng.random(count)
    width = np.round(2.5 + draw, 1)  # lanes that belong to no estate
    for kind, (low, high) in _WIDTHS_M.items():
        width = np.where(streets.kind == kind, np.round(low + (high - low) * draw, 1), width)
    lanes = np.flatnonzero((streets.kind == "lane") & (streets.estate >= 0))
    lanes = lanes[np.argsort(streets.estate[lanes], kind="stable")]
    owner = streets.estate[lanes]
    planted = plant(rng, LANE, len(estate_ids), np.unique(owner))
    width[lanes] = spread(rng, planted, owner)
    ids = np.array([*estate_ids, None], dtype=object)
    table = {
        "walkway_id": [f"W{number + 1:06d}" for number in range(count)],
        "kind": streets.kind,
        "name": blank(streets.name, streets.name == ""),
        "estate_id": ids[streets.estate],
        "width_m": width,
        **note(),
    }
    frame = gpd.GeoDataFrame(table, geometry=shapely.linestrings(streets.lines), crs=CRS)
    return frame, planted
