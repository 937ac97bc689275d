"""
The version of what a site's check stands on: its bed, its plantings, and all that is near them.

A renewed pipe beside the bed changes it; a changed price, a survival count, or a pipe in another
town does not.
"""

import hashlib
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.district import District

_OF_OBSTACLE = [
    "layer",
    "object_id",
    "what_zh",
    "half_width_m",
    "accuracy_m",
    "height_m",
    "is_unsure",
    "note_zh",
    "geometry",
]
_OF_PLANTING = ["planting_id", "kind", "species_id", "state", "crown_m", "height_m", "geometry"]


def site_versions(district: District, around: gpd.GeoDataFrame, reach_m: float) -> pd.Series:
    """
    Return the version of every site.

    Parameters
    ----------
    district : District
        Sites and plantings.
    around : geopandas.GeoDataFrame
        Its obstacles.
    reach_m : float
        How far from a bed or its plantings an obstacle still matters [m].

    Returns
    -------
    pandas.Series of str
        SHA-256 by site id; equal for equal content.
    """
    sites, plantings = district["greening_sites"], district["plantings"]
    own = plantings.groupby("site_id").indices
    planted, things = _spelled(_positions(plantings)), _spelled(around[_OF_OBSTACLE])
    points = np.asarray(plantings.geometry.array, dtype=object)
    tree = shapely.STRtree(np.asarray(around.geometry.array, dtype=object))
    versions = {}
    for site_id, bed in zip(sites["site_id"], sites.geometry, strict=True):
        mine = own.get(site_id, _NOBODY)
        ground = shapely.union_all([bed, *points[mine]])
        near = np.sort(tree.query(ground, predicate="dwithin", distance=reach_m))
        parts = [_spelled_shape(bed), *planted[mine], "", *things[near]]
        versions[site_id] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return pd.Series(versions, dtype="str", name="data_version")


_NOBODY = np.empty(0, dtype=np.intp)


def _positions(plantings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what of a planting the check looks at; planted or not makes no difference to it."""
    out = (plantings["state"] == "removed").fillna(value=False).astype(bool)
    known = plantings[_OF_PLANTING].copy()
    known["state"] = out.map({True: "removed", False: "standing"})
    return known


def _spelled(rows: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return each row as one line of text, every value quoted, shape (n,)."""
    plain = rows.drop(columns="geometry").astype(object)
    values = plain.where(plain.notna(), None).to_numpy(dtype=object).tolist()
    lines = [
        json.dumps([*row, _spelled_shape(shape)], ensure_ascii=True, default=str)
        for row, shape in zip(values, rows.geometry, strict=True)
    ]
    return np.array([*lines, None], dtype=object)[:-1]


def _spelled_shape(shape: shapely.Geometry | None) -> str:
    return shapely.to_wkb(shape, hex=True, byte_order=1) if shape is not None else ""
