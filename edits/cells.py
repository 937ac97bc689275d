"""Cells as plain values: None where unknown, compared the way a version compares them."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

import layers
from layers.conforming import conforming
from wording import Language, say

GEOMETRY = "geometry"
"""The name under which edits speak of a row's geometry."""

Cell: TypeAlias = str | int | float | bool | shapely.Geometry | None
"""A plain value, None where unknown, or a geometry in the working CRS."""

Cells: TypeAlias = NDArray[np.object_]
"""An array of `Cell`."""


def cells_of(frame: gpd.GeoDataFrame, column: str) -> Cells:
    """
    Return a column as plain values, all None where the frame lacks it; or the geometries.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame, n rows
        Rows of a layer, in the working CRS.
    column : str
        A column, or `GEOMETRY`.

    Returns
    -------
    ndarray of object, shape (n,)
        None where unknown.
    """
    if column == GEOMETRY:
        return np.asarray(frame.geometry.array, dtype=object)
    if column not in frame:
        return np.full(len(frame), None, dtype=object)
    values = frame[column]
    plain = values.to_numpy(dtype=object, copy=True)
    plain[values.isna().to_numpy()] = None
    return plain


def are_among(keys: pd.Series, wanted: pd.Index) -> NDArray[np.bool_]:
    """Return which keys are wanted, shape (n,); as `isin`, which turns text over one by one."""
    if len(keys) and len(wanted):
        return keys.astype(object).isin(wanted).to_numpy()
    return np.zeros(len(keys), dtype=bool)


def places_of(keys: pd.Series, wanted: pd.Index) -> NDArray[np.intp]:
    """
    Return where in a key column each of `wanted` is, -1 where it is not.

    Parameters
    ----------
    keys : pandas.Series of str, shape (n,)
        Keys of a layer's rows, each once.
    wanted : pandas.Index of str, shape (m,)
        Keys to be found.

    Returns
    -------
    ndarray of intp, shape (m,)
    """
    near = np.flatnonzero(are_among(keys, wanted))  # one scan costs less than an index of every key
    order = pd.Index(keys.iloc[near], dtype=object).get_indexer(wanted)
    places: NDArray[np.intp] = np.append(near, -1)[order]
    return places


def unlike(column: str, one: Cells, other: Cells) -> NDArray[np.bool_]:
    """
    Return in which places two arrays of cells differ; 0.0 and -0.0 are two contents.

    Parameters
    ----------
    column : str
        What they are cells of; `GEOMETRY` compares coordinates exactly.
    one, other : ndarray of object, shape (n,)
        None where unknown.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    if column == GEOMETRY:
        shapes = [np.asarray(shapely.to_wkb(cells, byte_order=1)) for cells in (one, other)]
        return np.asarray(shapes[0] != shapes[1], dtype=bool)
    differs = np.asarray(one != other, dtype=bool)
    for place in np.flatnonzero((one == 0) & (other == 0)):
        differs[place] = str(one[place]) != str(other[place])
    return differs


def is_same(one: Cell, other: Cell) -> bool:
    """Return whether two cells are the same content."""
    if isinstance(one, shapely.Geometry) and isinstance(other, shapely.Geometry):
        return bool(shapely.to_wkb(one) == shapely.to_wkb(other))
    return bool(one == other) and str(one) == str(other)


def columns_of(*frames: gpd.GeoDataFrame) -> list[str]:
    """Return the names of all columns, the geometry last."""
    names = dict.fromkeys(name for frame in frames for name in map(str, frame.columns))
    return [name for name in names if name != GEOMETRY] + [GEOMETRY]


def column_label(layer: str, column: str, language: Language) -> str:
    """Return what people call a column; its name where this build does not know it."""
    if column == GEOMETRY:
        return say("edit.geometry", language)
    known = {one.name: one for one in layers.ALL[layer].columns}
    return known[column].label(language) if column in known else column


def conformed(spec: layers.LayerSpec, raw: gpd.GeoDataFrame, crs: CRS) -> gpd.GeoDataFrame:
    """
    Return rows as `layers.conforming.conforming` does; columns unknown to the spec are kept.

    Parameters
    ----------
    spec : LayerSpec
        The layer, as `District.spec` has it.
    raw : geopandas.GeoDataFrame
        Rows in any CRS with an exact path to `crs`.
    crs : pyproj.CRS
        The district's working CRS.

    Raises
    ------
    DataError
        Naming every value that the layer cannot hold.
    """
    return conforming(spec, raw, crs, spec.extra_columns(raw))


def with_cells(
    spec: layers.LayerSpec, rows: gpd.GeoDataFrame, cells: Mapping[str, Cells], crs: CRS
) -> gpd.GeoDataFrame:
    """
    Return rows of a district with other cells; the columns that stay are not checked again.

    Parameters
    ----------
    spec : LayerSpec
        The layer, as `District.spec` has it.
    rows : geopandas.GeoDataFrame
        n rows as `conformed` returns them, sorted by key.
    cells : mapping of str to Cells
        Column, or "geometry" in `crs` -> its n new cells.
    crs : pyproj.CRS
        The district's working CRS.

    Raises
    ------
    DataError
        Naming every value that the layer cannot hold.
    """
    own = tuple(c for c in spec.columns if c.name == spec.key or c.name in cells)
    values = {name: pd.Series(new, dtype=object) for name, new in cells.items() if name != GEOMETRY}
    shapes = gpd.GeoSeries(cells.get(GEOMETRY, cells_of(rows, GEOMETRY)), crs=crs)
    table = {spec.key: rows[spec.key].reset_index(drop=True), **values}
    raw = gpd.GeoDataFrame(table, geometry=shapes)
    checked = conforming(spec.as_stored(own), raw, crs, spec.extra_columns(raw))
    return overwritten(rows, np.arange(len(rows)), checked, cells)


def overwritten(
    frame: gpd.GeoDataFrame,
    places: NDArray[np.intp],
    rows: gpd.GeoDataFrame,
    columns: Iterable[str],
) -> gpd.GeoDataFrame:
    """
    Return a frame whose rows at `places` have the cells of `rows` in `columns`.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame, n rows
        Not written to; the columns that stay are shared.
    places : ndarray of intp, shape (m,)
        Rows of `frame`.
    rows : geopandas.GeoDataFrame, m rows
        In the same CRS.
    columns : iterable of str
        Columns, or `GEOMETRY`; one that `frame` lacks is unknown in its other rows.
    """
    changed = {}
    for name in columns:
        known = frame[name] if name in frame else pd.Series(None, frame.index, dtype=object)
        values = known.array.copy()
        values[places] = rows[name].array
        changed[name] = pd.Series(values, index=frame.index)
    shapes = changed.pop(GEOMETRY, frame.geometry)
    return frame.assign(**changed).set_geometry(gpd.GeoSeries(shapes, crs=frame.crs))


def stacked(layer: str, *frames: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return the rows of all frames, of one CRS and with disjoint keys, sorted by key.

    Parameters
    ----------
    layer : str
        Whose key they are sorted by.
    *frames : geopandas.GeoDataFrame
        At least one; those without rows add no columns.
    """
    some = [frame for frame in frames if len(frame)]
    if len(some) <= 1:
        return some[0] if some else frames[0]
    whole = gpd.GeoDataFrame(pd.concat(some, ignore_index=True), crs=some[0].crs)
    return whole.sort_values(layers.ALL[layer].key, ignore_index=True)
