"""Conditions: what a place for a shaft meets with, one row a place and an object."""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.arrays import FloatArray, IntArray, ObjectArray
from rules.conventions import Lifts
from rules.model import Rule


class Effect(StrEnum):
    """
    What a condition means for its place; the worst comes first.

    ``BLOCKS`` nothing can stand there; ``UNKNOWN`` a layer that could block was never surveyed;
    ``VERIFY`` the survey leaves open whether the object is too near; ``MOVES`` the object would
    have to be moved; ``TAKES`` ground that is used otherwise; ``ASKS`` a neighbour, or a special
    design, has to be asked for.
    """

    BLOCKS = "blocks"
    UNKNOWN = "unknown"
    VERIFY = "verify"
    MOVES = "moves"
    TAKES = "takes"
    ASKS = "asks"


COLUMNS = (
    "candidate",
    "check",
    "effect",
    "layer",
    "object_id",
    "object_zh",
    "object_en",
    "measured",
    "required",
    "amount",
    "unit",
    "source_id",
    "clause",
    "verified",
    "note_zh",
    "note_en",
)
"""
Columns of conditions: `candidate` is a position; `measured` and `required` are distances or widths
[m], NaN where nothing is measured; `amount` is what is moved or taken, in `unit`.
"""


def conditions(
    check: str,
    effect: Effect | ObjectArray,
    candidate: IntArray,
    geometry: ObjectArray,
    said: Rule | Lifts,
    **columns: object,
) -> gpd.GeoDataFrame:
    """
    Return conditions of one check.

    Parameters
    ----------
    check : str
        Its name.
    effect : Effect or ndarray of Effect, shape (c,)
        What it means.
    candidate : ndarray of int64, shape (c,)
        Positions of the places.
    geometry : ndarray of geometry, shape (c,)
        What of the object matters, or the dimension line, working CRS.
    said : Rule or Lifts
        Whose clause asks it.
    **columns
        Any other of `COLUMNS`; texts are empty and numbers unknown where they are left out.
    """
    if not len(candidate):
        return _none()
    blank = {
        **dict.fromkeys(("layer", "object_id", "object_zh", "object_en", "unit"), ""),
        **dict.fromkeys(("measured", "required", "amount"), np.nan),
        **dict.fromkeys(("note_zh", "note_en"), ""),
        "source_id": said.source,
        "clause": said.clause,
        "verified": said.verified,
    }
    given = {"candidate": candidate, "check": check, "effect": effect, **blank, **columns}
    frame = pd.DataFrame(given, index=range(len(candidate)), columns=list(COLUMNS))
    return gpd.GeoDataFrame(frame.astype(_TYPES), geometry=geometry)


@lru_cache(maxsize=1)
def _none() -> gpd.GeoDataFrame:
    """Return no conditions; shared, as most checks find none."""
    frame = pd.DataFrame(columns=list(COLUMNS), dtype=object).astype(_TYPES)
    return gpd.GeoDataFrame(frame, geometry=[])


_TYPES = {"candidate": "int64", **dict.fromkeys(("measured", "required", "amount"), "float64")}


def joined(parts: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Return the conditions of all parts, by place and the worst first."""
    filled = [part for part in parts if len(part)] or list(parts[:1])
    every = pd.concat(filled, ignore_index=True)
    rank = every["effect"].map({effect: i for i, effect in enumerate(Effect)})
    order = ["candidate", "rank", "check", "layer", "object_id"]
    ordered = every.assign(rank=rank).sort_values(order, ignore_index=True)
    return gpd.GeoDataFrame(ordered[[*COLUMNS, "geometry"]])


def length_of(values: FloatArray) -> FloatArray:
    """Return lengths to the centimetre: nobody draws finer."""
    return np.round(values, 2)
