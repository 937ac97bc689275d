"""
Edits of rows: add one, set values, move, remove.

Each returns an `Edit` and changes nothing. It marks the layer, and the kinds of facility or parking
that it brings, as surveyed; `apply(..., assumed=True)` takes no notice of that.
"""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

import layers
from edits.cells import GEOMETRY, Cells, cells_of, conformed, places_of, with_cells
from edits.difference import layer_difference
from edits.edit import Edit, SetChange
from geo.crs import snap_to_grid, to_crs
from geo.errors import DataError
from layers.district import District, kinds_present


def add_row(
    district: District,
    layer: str,
    cells: Mapping[str, object],
    geometry: shapely.Geometry,
    *,
    crs: CRS | None = None,
) -> Edit:
    """
    Return the edit that adds one row.

    Parameters
    ----------
    district : District
        Where it is added.
    layer : str
        To which layer.
    cells : mapping of str to object
        Column -> value, the key and the provenance among them; a column left out is unknown.
    geometry : shapely.Geometry
        Of the type that the layer's spec names.
    crs : pyproj.CRS, optional
        CRS of `geometry`; the district's working CRS by default.

    Raises
    ------
    DataError
        If the layer lacks a column, cannot hold the row, or has one of this key.
    CrsError
        If no exact transformation leads to the working CRS.
    """
    spec = district.spec(layer)
    for name in cells:
        _require_column(district.frames[layer], spec, name)
    row = gpd.GeoDataFrame([{**cells}], geometry=[geometry], crs=crs or district.crs)
    key = str(cells.get(spec.key))
    if (district.frames[layer][spec.key] == key).any():
        raise DataError(
            f"{layer} has a row {key!r} already; nothing was added",
            f"{spec.label_zh}中已有 {key!r}，未添加",
        )
    return replace_rows(
        district, layer, district.frames[layer].iloc[:0], conformed(spec, row, district.crs)
    )


def set_values(district: District, layer: str, values: Mapping[str, Mapping[str, object]]) -> Edit:
    """
    Return the edit that sets cells of rows.

    Parameters
    ----------
    district : District
        With the rows.
    layer : str
        Which layer.
    values : mapping of str to mapping of str to object
        Key of a row -> column -> its new value, None unknown; `geometry` in the working CRS.

    Returns
    -------
    Edit
        Of the cells that differ; empty where all have these values already.

    Raises
    ------
    DataError
        If there is no such row or column, or the layer cannot hold a value.
    """
    spec = district.spec(layer)
    frame = district.frames[layer]
    places = places_of(frame[spec.key], pd.Index(list(values), dtype=object))
    for key, place in zip(values, places, strict=True):
        if place < 0:
            raise DataError(f"{layer} has no row {key!r}", f"{spec.label_zh}中没有 {key!r}")
    before = frame.take(np.sort(places))
    cells: dict[str, Cells] = {}
    for at, key in enumerate(before[spec.key]):
        for name, value in values[key].items():
            if name not in cells:
                _require_column(frame.drop(columns=spec.key), spec, name)
                cells[name] = cells_of(before, name).copy()
            cells[name][at] = value
    after = with_cells(spec, before, cells, district.crs)
    return replace_rows(district, layer, before, after)


def move(
    district: District,
    layer: str,
    key: str,
    geometry: shapely.Geometry,
    *,
    crs: CRS | None = None,
) -> Edit:
    """
    Return the edit that gives a row another geometry; see `add_row` for `crs` and errors.

    Parameters
    ----------
    district : District
        With the row.
    layer, key : str
        Which row.
    geometry : shapely.Geometry
        Of the type that the layer's spec names.
    crs : pyproj.CRS, optional
        CRS of `geometry`; the district's working CRS by default.

    Raises
    ------
    DataError
        If there is no such row, or the layer cannot hold the geometry.
    CrsError
        If no exact transformation leads to the working CRS.
    """
    return set_values(district, layer, {key: {GEOMETRY: in_working_crs(district, geometry, crs)}})


def remove_row(district: District, layer: str, key: str) -> Edit:
    """
    Return the edit that removes one row.

    Raises
    ------
    DataError
        If there is no such row. Rows that refer to it are found when the edit is applied.
    """
    spec = district.spec(layer)
    frame = district.frames[layer]
    row = frame[frame[spec.key] == key]
    if not len(row):
        raise DataError(f"{layer} has no row {key!r}", f"{spec.label_zh}中没有 {key!r}")
    return replace_rows(district, layer, row, frame.iloc[:0])


def in_working_crs(
    district: District, geometry: shapely.Geometry, crs: CRS | None
) -> shapely.Geometry:
    """
    Return a geometry in the district's working CRS, on its grid; `crs` None: it is there.

    Parameters
    ----------
    district : District
        Whose CRS.
    geometry : shapely.Geometry
        In `crs`.
    crs : pyproj.CRS or None
        None where it is in the working CRS already.

    Raises
    ------
    CrsError
        If no exact transformation leads to the working CRS.
    """
    alone = gpd.GeoDataFrame(geometry=[geometry], crs=crs or district.crs)
    return snap_to_grid(to_crs(alone, district.crs, "edit")).geometry.iloc[0]


def _require_column(frame: gpd.GeoDataFrame, spec: layers.LayerSpec, name: str) -> None:
    """Raise DataError unless rows of a layer have the column."""
    if name not in frame:
        raise DataError(
            f"{spec.name}: {name!r} is no column that can be set",
            f"{spec.label_zh}：{name!r} 不是可填写的列",
        )


def replace_rows(
    district: District, layer: str, before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> Edit:
    """
    Return the edit that puts rows of one layer in the place of others, and what it marks.

    Parameters
    ----------
    district : District
        With the layer.
    layer : str
        Which.
    before : geopandas.GeoDataFrame
        Rows of the district that go, or stay with other values.
    after : geopandas.GeoDataFrame
        Rows in their place, as `edits.cells.conformed` returns them; those with a key of `before`
        are changed, the others added.
    """
    part = layer_difference(layer, before, after)
    if not part:
        return Edit(district.crs)
    first = kinds_present({layer: after}) - kinds_present({layer: before})
    return Edit(
        district.crs,
        {layer: part},
        SetChange(added=frozenset({layer}) - district.surveyed),
        SetChange(added=first - district.surveyed_kinds),
    )
