"""Tiling: copies of a district side by side, for sizes that no survey has yet."""

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import layers
from geo.arrays import FloatArray, ShapeArray
from layers.column import PROVENANCE_COLUMNS
from layers.district import District

_STEP_M = 1000.0
_JOIN_NAME = "样例连接路"


def tiled(district: District, copies: int) -> District:
    """
    Return copies of a district side by side, their streets joined into one network.

    Parameters
    ----------
    district : District
        The tile, with towns, estates and walkways.
    copies : int
        How many, at least 1. They fill a square westwards and northwards of the first, which
        keeps its ids; ids and estate names of the others end in the number of the copy.

    Returns
    -------
    District
        In the CRS of `district`. A town is one row with a part in every copy.
    """
    columns = math.ceil(math.sqrt(copies))
    shifts = _shifts(district, copies, columns)
    frames = {
        name: _copied(name, frame, shifts)
        for name, frame in district.frames.items()
        if name != "towns" and len(frame)
    }
    frames["walkways"] = pd.concat(
        [frames["walkways"], _joins(district["walkways"], shifts, columns)], ignore_index=True
    )
    towns = district["towns"]
    parts = gpd.GeoSeries(_moved(towns, shifts), crs=towns.crs).groupby(
        np.tile(np.arange(len(towns)), copies)
    )
    frames["towns"] = towns.set_geometry(parts.agg(shapely.union_all))
    return district.with_frames(assumed=True, **frames)


def _shifts(district: District, copies: int, columns: int) -> FloatArray:
    """Return the offset of every copy [m], shape (copies, 2): whole kilometres beyond the towns."""
    west, south, east, north = district["towns"].total_bounds
    steps = np.ceil(np.array([east - west, north - south]) / _STEP_M) * _STEP_M
    number = np.arange(copies)
    return np.stack([-(number % columns), number // columns], axis=1) * steps


def _copied(layer: str, frame: gpd.GeoDataFrame, shifts: FloatArray) -> gpd.GeoDataFrame:
    """Return the rows of every copy, each leading to rows of the same copy."""
    spec, copies = layers.ALL[layer], len(shifts)
    rows = frame.iloc[np.tile(np.arange(len(frame)), copies)].reset_index(drop=True)
    own = [spec.key, *(c.name for c in spec.columns if c.refers_to not in ("", "towns"))]
    numbers = np.repeat(np.arange(copies) + 1, len(frame))
    marks = pd.Series(numbers).map(lambda number: "" if number == 1 else f"-{number:03d}")
    changed = {name: rows[name] + marks for name in own}
    if layer == "estates":
        copy = pd.Series(numbers).map(lambda number: "" if number == 1 else f"（{number}）")
        changed["name"] = rows["name"] + copy
    return rows.assign(**changed, geometry=_moved(frame, shifts))


def _moved(frame: gpd.GeoDataFrame, shifts: FloatArray) -> ShapeArray:
    """Return the geometries of every copy, one copy after the other."""
    shapes = np.tile(frame.geometry.to_numpy(), len(shifts))
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    moved = points + shifts[owner // len(frame)]
    return np.asarray(shapely.set_coordinates(shapes, moved))


def _joins(walkways: gpd.GeoDataFrame, shifts: FloatArray, columns: int) -> gpd.GeoDataFrame:
    """Join the streets of neighbouring copies at the ends that are farthest out."""
    lines = walkways.geometry.to_numpy()
    ends = shapely.get_coordinates(
        shapely.get_point(np.tile(lines, 2), np.repeat([0, -1], len(lines)))
    )
    west, south = ends[ends.argmin(axis=0)]
    east, north = ends[ends.argmax(axis=0)]
    copy = np.arange(len(shifts))
    beside, above = copy[copy % columns > 0], copy[columns:]
    pairs = [
        *zip(east + shifts[beside], west + shifts[beside - 1], strict=True),
        *zip(south + shifts[above], north + shifts[above - columns], strict=True),
    ]
    rows = {
        "walkway_id": [f"J{number + 1:04d}" for number in range(len(pairs))],
        "kind": "sidewalk",
        "name": _JOIN_NAME,
        **{column.name: walkways[column.name].iloc[0] for column in PROVENANCE_COLUMNS},
    }
    found = gpd.GeoDataFrame(
        rows, geometry=shapely.linestrings(np.array(pairs).reshape(-1, 2, 2)), crs=walkways.crs
    )
    return layers.ALL["walkways"].conform(found)
