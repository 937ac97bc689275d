"""A snapshot for GDAL: layers fitted to a format and written where no live store can be touched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import geopandas as gpd
import pandas as pd

from exports.fields import Fitted, Shortfall
from geo.crs import STORAGE_CRS, to_crs
from layers.district import District
from layers.spec import Column, LayerSpec
from store import geopackage
from store.geopackage import UNDATED, Table
from store.stored_spec import spec_of_frame

Fit: TypeAlias = Callable[[pd.Series, Column], Fitted]
"""Turns the cells of a column into what a format holds, and counts what it changed."""


@dataclass(frozen=True)
class Snapshot:
    """The layers as written, in EPSG:4490, and every value that had to be changed."""

    tables: tuple[tuple[LayerSpec, gpd.GeoDataFrame], ...]
    shortfalls: tuple[Shortfall, ...]


def surveyed(district: District) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a district that were surveyed, by name, in the order of `layers.ALL`."""
    return {name: frame for name, frame in district.frames.items() if district.has(name)}


def date_of(district: District) -> str:
    """Return the date of the data, ISO 8601; a fixed one where no row has a date."""
    return district.data_date or UNDATED


def typed(layer: str, frame: gpd.GeoDataFrame) -> tuple[LayerSpec, gpd.GeoDataFrame]:
    """
    Return the spec of a layer with all columns of its rows, and the rows as it types them.

    What a column that only another build knows holds was never checked: beside numbers there may be
    anything, which becomes text.
    """
    spec = spec_of_frame(layer, frame)
    unchecked = [c.name for c in spec.columns if c.dtype == "str" and frame[c.name].dtype == object]
    texts = {name: frame[name].map(str, na_action="ignore").astype("str") for name in unchecked}
    return spec, frame.assign(**texts)


def snapshot(frames: Mapping[str, gpd.GeoDataFrame], fit: Fit, path: Path, date: str) -> Snapshot:
    """
    Write layers, each column fitted, as a GeoPackage for the child to read.

    Parameters
    ----------
    frames : mapping of str to geopandas.GeoDataFrame
        Layers of `layers.ALL` by name, with columns that only another build knows.
    fit : callable
        What the format makes of a column.
    path : pathlib.Path
        The GeoPackage, in a private folder.
    date : str
        Date of the data, ISO 8601.

    Raises
    ------
    DataError
        If a value can neither be held nor be changed.
    """
    tables, shortfalls = [], []
    for name, frame in frames.items():
        spec, rows = typed(name, frame)
        stored = to_crs(rows, STORAGE_CRS, name)
        for column in spec.columns:
            values, changes = fit(stored[column.name], column)
            stored = stored.assign(**{column.name: values})
            shortfalls += [
                Shortfall(name, spec.label_zh, column.name, column.label_zh, *change)
                for change in changes
            ]
        tables.append((spec, stored))
    geopackage.write(path, [Table.of_layer(*table) for table in tables], date=date)
    return Snapshot(tuple(tables), tuple(shortfalls))
