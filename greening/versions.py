"""
The version of what a site's check stands on: its bed, its plantings, and all that is near them.

A renewed pipe beside the bed changes it; a changed price, a survival count, or a pipe in another
town does not, nor does the table of distances that is looked at.
"""

import hashlib
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clearances.surroundings import Surroundings
from geo.arrays import FloatArray, IndexArray, ObjectArray, ShapeArray
from layers.district import District

_OF_OBSTACLE = [
    "layer",
    "object_id",
    "surveyed",
    "half_width_m",
    "accuracy_m",
    "height_m",
    "geometry",
]
_OF_PLANTING = ["planting_id", "kind", "species_id", "state", "crown_m", "height_m", "geometry"]
_OF_TREE = ["tree_id", "kind", "species", "is_alive", "crown_m", "height_m", "geometry"]


def site_versions(district: District, growing: gpd.GeoDataFrame, around: Surroundings) -> pd.Series:
    """
    Return the version of every site.

    Parameters
    ----------
    district : District
        Sites, plantings and trees.
    growing : geopandas.GeoDataFrame
        Its plants (`greening.plants`), for the crowns that some distances count from.
    around : Surroundings
        What the plants must keep clear of; trees that stand within its look of a bed count too.

    Returns
    -------
    pandas.Series of str
        SHA-256 by site id; equal for equal content.
    """
    sites, plantings, trees = (district[name] for name in ("greening_sites", "plantings", "trees"))
    own = plantings.groupby("site_id").indices
    mine = [own.get(site_id, _NOBODY) for site_id in sites["site_id"]]
    points = np.asarray(plantings.geometry.array, dtype=object)
    beds = np.asarray(sites.geometry.array, dtype=object)
    grounds = np.array(
        [shapely.geometrycollections([b, *points[at]]) for b, at in zip(beds, mine, strict=True)],
        dtype=object,
    )
    crowns = growing.groupby("site_id")["crown_m"].max().reindex(sites["site_id"])
    near = _near_beds(around, grounds, crowns.fillna(0.0).to_numpy())
    beside = _split(_within(_shapes(trees), grounds, around.look_m), len(beds))
    planted, things = (
        _spelled(_positions(plantings)),
        _spelled(around.obstacles.table[_OF_OBSTACLE]),
    )
    standing = _spelled(trees[_OF_TREE])
    outlines = shapely.to_wkb(beds, hex=True, byte_order=1).tolist()
    versions = {}
    for place, site_id in enumerate(sites["site_id"]):
        parts = [outlines[place], *planted[mine[place]], ""]
        parts += [*things[near[place]], "", *standing[beside[place]]]
        versions[site_id] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return pd.Series(versions, dtype="str", name="data_version")


def _near_beds(around: Surroundings, grounds: ShapeArray, crown_m: FloatArray) -> list[IndexArray]:
    """Return the obstacles that can matter to each bed, by the widest crown that stands in it."""
    farthest = around.reach_m(float(crown_m.max(initial=0.0))) + around.half_width_m
    thing, bed = _within(around.geometry, grounds, farthest)
    crown = np.where(around.may_count_crown[thing], crown_m[bed] / 2.0, 0.0)
    reach = (around.reach_m() + around.half_width_m)[thing] + crown
    is_near = shapely.distance(around.geometry[thing], grounds[bed]) <= reach
    return _split((thing[is_near], bed[is_near]), len(grounds))


def _within(
    shapes: ShapeArray, grounds: ShapeArray, reach: float | FloatArray
) -> tuple[IndexArray, IndexArray]:
    """Return the pairs of a shape and a ground within the shape's reach [m]."""
    found = shapely.STRtree(grounds).query(shapes, predicate="dwithin", distance=reach)
    return found[0], found[1]


def _shapes(frame: gpd.GeoDataFrame) -> ShapeArray:
    return np.asarray(frame.geometry.array, dtype=object)


def _split(pairs: tuple[IndexArray, IndexArray], count: int) -> list[IndexArray]:
    """Return the things of each of `count` grounds, in their own order."""
    thing, ground = pairs
    order = np.lexsort((thing, ground))
    return np.split(thing[order], np.searchsorted(ground[order], np.arange(1, count)))


_NOBODY = np.empty(0, dtype=np.intp)


def _positions(plantings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what of a planting the check looks at; planted or not makes no difference to it."""
    out = (plantings["state"] == "removed").fillna(value=False).astype(bool)
    known = plantings[_OF_PLANTING].copy()
    known["state"] = out.map({True: "removed", False: "standing"})
    return known


def _spelled(rows: gpd.GeoDataFrame) -> ObjectArray:
    """Return each row as one line of text, every value quoted, shape (n,)."""
    plain = rows.drop(columns="geometry").astype(object)
    values = plain.where(plain.notna(), None).to_numpy(dtype=object).tolist()
    shapes = shapely.to_wkb(np.asarray(rows.geometry.array, dtype=object), hex=True, byte_order=1)
    lines = [
        json.dumps([*row, shape or ""], ensure_ascii=True, default=str)
        for row, shape in zip(values, shapes.tolist(), strict=True)
    ]
    return np.array([*lines, None], dtype=object)[:-1]
