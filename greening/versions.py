"""
The version of what a site's check stands on: its bed, its plantings, and all that is near them.

A renewed pipe beside the bed changes it; a changed price, a survival count, or a pipe in another
town does not.
"""

import hashlib

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.district import District, frame_digest

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
    sites, plantings = district["greening_sites"], _positions(district["plantings"])
    things = around[_OF_OBSTACLE]
    tree = shapely.STRtree(np.asarray(things.geometry.array, dtype=object))
    own = dict(tuple(plantings.groupby("site_id")))
    versions = {}
    for site_id, bed in zip(sites["site_id"], sites.geometry, strict=True):
        mine = own.get(site_id, plantings.iloc[:0])
        ground = shapely.union_all([bed, *mine.geometry.array])
        near = np.sort(tree.query(ground, predicate="dwithin", distance=reach_m))
        digest = hashlib.sha256(shapely.to_wkb(bed, byte_order=1))
        digest.update(frame_digest(gpd.GeoDataFrame(mine)))
        digest.update(frame_digest(things.iloc[near]))
        versions[site_id] = digest.hexdigest()
    return pd.Series(versions, dtype="str", name="data_version")


def _positions(plantings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what of a planting the check looks at; planted or not makes no difference to it."""
    out = (plantings["state"] == "removed").fillna(value=False).astype(bool)
    known = plantings[[*_OF_PLANTING, "site_id"]].copy()
    known["state"] = out.map({True: "removed", False: "standing"})
    return known
