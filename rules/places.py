"""
Places: which rows of facilities and parking stand for a place that serves, each place once.

Closed and planned ones serve nobody; a place whose state nobody wrote down is recorded because it
is there. What is known to be smaller than the least size of its kind is none. Records of one kind
at one spot, or near each other under one name, are one place: it is entered at the points of all,
and what they contradict each other on is unknown.
"""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

import layers
from geo.arrays import BoolArray, IntArray
from rules.conventions import LeastSize, Walking
from rules.people import numbers

_NOT_SERVING = ("closed", "planned")


def serving_places(
    layer: str, frame: gpd.GeoDataFrame, sizes: Mapping[str, LeastSize], walking: Walking
) -> gpd.GeoDataFrame:
    """
    Return the places of a layer that serve, one row each.

    Parameters
    ----------
    layer : {"facilities", "parking"}
        Name of the layer.
    frame : geopandas.GeoDataFrame, n rows
        Its rows, in the working CRS.
    sizes : mapping of str to LeastSize
        What is too small to count.
    walking : Walking
        How near records of one place are.

    Returns
    -------
    geopandas.GeoDataFrame
        Rows of `frame` in their order, of several records of a place the first.
    """
    serves = ~frame["state"].isin(_NOT_SERVING).to_numpy(dtype=bool)
    if layer == "facilities":
        serves &= ~too_small(frame, sizes)
    return _one_row_each(layer, frame[serves], walking)


def too_small(frame: gpd.GeoDataFrame, sizes: Mapping[str, LeastSize]) -> BoolArray:
    """Return which places are known to be smaller than the least size of their kind."""
    small = np.zeros(len(frame), dtype=np.bool_)
    for size in sizes.values():
        of_kind = frame["kind"].isin(size.kinds).to_numpy(dtype=bool)
        small |= of_kind & (numbers(frame, size.column) < size.least)
    return small


def _one_row_each(layer: str, frame: gpd.GeoDataFrame, walking: Walking) -> gpd.GeoDataFrame:
    """Return a row for every place: the first record, with the points of all."""
    place = records_of_one_place(frame, walking)
    places, first, records = np.unique(place, return_index=True, return_counts=True)
    if len(places) == len(frame):
        return frame
    merged = frame.iloc[np.sort(first)].copy()
    shapes = np.asarray(merged.geometry.array, dtype=object).copy()
    for number in places[records > 1].tolist():
        rows = frame.iloc[np.flatnonzero(place == number)]
        row = int(np.searchsorted(np.sort(first), first[number]))
        shapes[row] = shapely.multipoints(shapely.get_coordinates(rows.geometry.to_numpy()))
        for name, value in _agreed(layer, rows).items():
            merged.loc[merged.index[row], name] = value
    return merged.set_geometry(gpd.GeoSeries(shapes, index=merged.index, crs=frame.crs))


def _agreed(layer: str, rows: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return what the records of one place say, of each column; NA where they contradict."""
    said: dict[str, Any] = {}
    for name in rows.columns.drop("geometry"):
        values = rows[name].dropna().drop_duplicates()
        alike = len(values) == 1 or name == layers.ALL[layer].key
        said[name] = values.iloc[0] if alike else None
    return said


def records_of_one_place(frame: gpd.GeoDataFrame, walking: Walking) -> IntArray:
    """
    Return which records are of one place.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame, n rows
        Facilities or parking, with `kind` and `name`, in metres.
    walking : Walking
        How near records of one place are.

    Returns
    -------
    ndarray of int64, shape (n,)
        The number of each record's place.
    """
    shapes = np.asarray(frame.geometry.array, dtype=object)
    kind, name = (pd.factorize(frame[column])[0] for column in ("kind", "name"))
    apart = max(walking.same_spot_m, walking.same_name_m)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=apart)
    pairs = (one < other) & (kind[one] == kind[other])
    one, other = one[pairs], other[pairs]
    gap = shapely.distance(shapes[one], shapes[other])
    unnamed = (name[one] < 0) | (name[other] < 0)
    same = (~unnamed & (name[one] == name[other]) & (gap <= walking.same_name_m)) | (
        unnamed & (gap <= walking.same_spot_m)
    )
    edges = (np.ones(int(same.sum())), (one[same], other[same]))
    graph = coo_array(edges, shape=(len(frame), len(frame)))
    return connected_components(graph, directed=False)[1].astype(np.int64)
