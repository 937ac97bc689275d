"""The walkways layer: streets, crossings and lanes with their widths."""

import geopandas as gpd
import numpy as np
import shapely

from demonstration.ground import Ground
from demonstration.rows import CRS, blank, note
from demonstration.traits import Traits, stepped
from geo.arrays import FloatArray

_WIDTHS_M = {"sidewalk": (1.8, 4.5), "crossing": (4.0, 6.0), "bridge": (3.0, 4.5)}
_UNMEASURED = 0.06


def lane_widths(rng: np.random.Generator, traits: Traits) -> FloatArray:
    """Return the width of every estate's lanes [m], to 0.1 m: the older, the narrower."""
    width = 3.0 + 0.06 * (traits.built - 1981) + 0.4 * rng.normal(size=len(traits.built))
    return stepped(np.clip(width, 2.6, 5.0), 0.1)


def walkways_frame(
    rng: np.random.Generator, ground: Ground, lane_m: FloatArray
) -> gpd.GeoDataFrame:
    """
    Return the walkways layer.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    ground : Ground
    lane_m : ndarray of float, shape (estates,)
        Width of the lanes in every estate [m].
    """
    streets = ground.streets
    draw = rng.random((2, len(streets.lines)))
    width = np.round(2.5 + draw[0], 1)  # lanes that belong to no estate
    for kind, (low, high) in _WIDTHS_M.items():
        width = np.where(streets.kind == kind, np.round(low + (high - low) * draw[0], 1), width)
    width = np.where(streets.estate >= 0, lane_m[streets.estate], width)
    ids = np.array([*ground.ids, None], dtype=object)
    table = {
        "walkway_id": [f"W{number + 1:06d}" for number in range(len(width))],
        "kind": streets.kind,
        "name": blank(streets.name, streets.name == ""),
        "estate_id": ids[streets.estate],
        "width_m": np.where(draw[1] < _UNMEASURED, np.nan, width),
        **note(),
    }
    return gpd.GeoDataFrame(table, geometry=shapely.linestrings(streets.lines), crs=CRS)
