"""Checks: what every pipe was held against, one row a pipe and what it was held against."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from clearances.verdict import ClearanceVerdict
from geo.arrays import IntArray, ObjectArray, ShapeArray

CHECKS = ("pipe", "crossing", "building", "cover", "frost", "end", "mixed", "age")
"""
What is checked: distance to another pipe beside it and above or below it, to a building; cover
against the least and against frost; where it ends; rain and sewage in one; age.
"""

COLUMNS = (
    "pipe",
    "other",
    "check",
    "verdict",
    "object_layer",
    "object_id",
    "object_zh",
    "object_en",
    "measured",
    "least",
    "required",
    "length_m",
    "unit",
    "rule_id",
    "source_id",
    "clause",
    "verified",
    "note_zh",
    "note_en",
)
"""
Columns of checks: `pipe` is a position among the pieces, `object_id` what it was held against, and
`other` that pipe's position, -1 where it is none;
`measured` is held against `required`, the most that may apply, and `least`, the least, in `unit`
(NaN unknown or none); `length_m` is how much of the pipe it is about.
"""

_TEXTS = ("object_layer", "object_id", "object_zh", "object_en", "unit", "rule_id")
_NUMBERS = ("measured", "least", "required", "length_m")
_TYPES = {"pipe": "int64", "other": "int64", **dict.fromkeys(_NUMBERS, "float64")}


def checks(
    check: str, pipe: IntArray, verdict: ObjectArray, geometry: ShapeArray, **columns: object
) -> gpd.GeoDataFrame:
    """
    Return the rows of one check.

    Parameters
    ----------
    check : str
        One of `CHECKS`.
    pipe : ndarray of int64, shape (c,)
        Positions of the pipes.
    verdict : ndarray of ClearanceVerdict, shape (c,)
        What is said of each.
    geometry : ndarray of geometry, shape (c,)
        Dimension line, place or stretch, working CRS.
    **columns
        Any other of `COLUMNS`; texts are empty and numbers unknown where they are left out.
    """
    blank = {
        **dict.fromkeys(_TEXTS, ""),
        **dict.fromkeys(_NUMBERS, np.nan),
        **dict.fromkeys(("source_id", "clause", "verified", "note_zh", "note_en"), ""),
    }
    given = {"pipe": pipe, "other": -1, "check": check, "verdict": verdict, **blank, **columns}
    frame = pd.DataFrame(given, index=range(len(pipe)), columns=list(COLUMNS))
    return gpd.GeoDataFrame(frame.astype(_TYPES), geometry=list(geometry))


def joined(parts: Sequence[gpd.GeoDataFrame], crs: CRS | None) -> gpd.GeoDataFrame:
    """Return the rows of all checks, by pipe and the worst first."""
    every = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    rank = every["verdict"].map({one.value: i for i, one in enumerate(ClearanceVerdict)})
    beyond = every["measured"] - every["required"]
    order = ["pipe", "rank", "check", "beyond", "object_layer", "object_id"]
    ordered = every.assign(rank=rank, beyond=beyond).sort_values(order, ignore_index=True)
    return gpd.GeoDataFrame(ordered[[*COLUMNS, "geometry"]], geometry="geometry", crs=crs)
