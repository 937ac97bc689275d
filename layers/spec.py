"""
LayerSpec: one layer's name, key, geometry and columns, and the frame that conforms to it.

The parts stand in `layers.column` (what a column is) and `layers.checks` (what a row may break).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pandas.api.extensions import ExtensionArray
from pyproj import CRS

from geo.errors import CrsError, DataError
from layers.checks import (
    Fault,
    Violation,
    column_violations,
    days,
    faults_of,
    geometry_violations,
    key_violations,
)
from layers.column import (
    PANDAS_DTYPE,
    PROVENANCE_COLUMNS,
    PROVENANCE_LABELS,
    Column,
    DType,
    Geometry,
    Provenance,
    amount,
)
from wording import Language, Text

__all__ = [
    "PANDAS_DTYPE",
    "PROVENANCE_COLUMNS",
    "PROVENANCE_LABELS",
    "Column",
    "DType",
    "Fault",
    "Geometry",
    "LayerSpec",
    "Provenance",
    "amount",
]

_FAULTS_SHOWN = 20


@dataclass(frozen=True)
class LayerSpec:
    """
    One layer: its key, its geometry and its columns (the provenance columns are always added).

    Attributes
    ----------
    name : str
        Table and layer name.
    label_zh, label_en : str
        What people read.
    geometry : {"Point", "LineString", "Polygon"}
        Multi-part geometries of the same dimension are allowed.
    columns : tuple of Column
        The first column is the key: text, required, unique.
    natural_key : tuple of str, optional
        The columns by which people call a feature, its own name or number the last: a building by
        its estate and number. () where only the key tells features apart.
    """

    name: str
    label_zh: str
    label_en: str
    geometry: Geometry
    own_columns: tuple[Column, ...]
    natural_key: tuple[str, ...] = ()
    columns: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Add the provenance columns."""
        object.__setattr__(self, "columns", self.own_columns + PROVENANCE_COLUMNS)

    @property
    def key(self) -> str:
        """Name of the key column."""
        return self.columns[0].name

    def label(self, language: Language) -> str:
        """Return the label in `language`, ``"zh"`` or ``"en"``."""
        return self.label_zh if language == "zh" else self.label_en

    def as_stored(self, columns: tuple[Column, ...]) -> "LayerSpec":
        """Return this layer with exactly these columns, its key the first: a table's own form."""
        stored = replace(self)
        object.__setattr__(stored, "columns", columns)
        return stored

    def with_codes(self, codes: Mapping[str, Collection[str]]) -> "LayerSpec":
        """Return this layer with further codes of its columns, each labelled by itself."""
        if not codes:
            return self
        return self.as_stored(
            tuple(
                replace(c, codes={**(c.codes or {}), **{code: Text(code, code) for code in more}})
                if (more := codes.get(c.name))
                else c
                for c in self.columns
            )
        )

    def extra_columns(self, frame: pd.DataFrame) -> list[str]:
        """
        Return the columns of a frame, its geometry apart, that this layer does not have.

        Parameters
        ----------
        frame : pandas.DataFrame
        With a column `geometry`, if it has geometry.
        """
        known = {"geometry", *(column.name for column in self.columns)}
        return [name for name in map(str, frame.columns) if name not in known]

    def column(self, name: str) -> Column:
        """
        Return the column called `name`.

        Raises
        ------
        KeyError
            If the layer has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    def empty(self, crs: CRS) -> gpd.GeoDataFrame:
        """
        Return a frame of this layer without rows.

        Parameters
        ----------
        crs : pyproj.CRS
        Of its geometry.
        """
        blank = {c.name: pd.Series(dtype=PANDAS_DTYPE[c.dtype]) for c in self.columns}
        return _named(gpd.GeoDataFrame(blank, geometry=gpd.GeoSeries([], crs=crs)))

    def violations(self, frame: gpd.GeoDataFrame) -> list[Violation]:
        """
        Return every rule of this layer that rows of `frame` break, with those rows.

        Parameters
        ----------
        frame : geopandas.GeoDataFrame
        Rows, not yet checked, in any CRS; a column that it lacks is unknown throughout.
        """
        found = [v for column in self.columns for v in column_violations(frame, column)]
        if self.key in frame:
            found += key_violations(frame[self.key], self.columns[0])
        return found + geometry_violations(frame.geometry, self.geometry)

    def faults(self, frame: gpd.GeoDataFrame) -> list[Fault]:
        """
        Return every fault of `frame`, all at once, in row order.

        Parameters
        ----------
        frame : geopandas.GeoDataFrame
        As for `violations`; rows are counted from 1.
        """
        keys = frame[self.key] if self.key in frame else pd.Series("", index=frame.index)
        found = [
            fault
            for violation in self.violations(frame)
            for fault in faults_of(violation, frame, keys, layer=self.name, layer_zh=self.label_zh)
        ]
        return sorted(found, key=lambda fault: fault.row)

    def conform(self, frame: gpd.GeoDataFrame, extra: Collection[str] = ()) -> gpd.GeoDataFrame:
        """
        Return `frame` with this layer's columns and dtypes, in order, rows sorted by key.

        Columns that the frame lacks become unknown; columns the layer does not have are dropped,
        but for those named in `extra`: they follow unchecked, as plain values.

        Parameters
        ----------
        frame : geopandas.GeoDataFrame
            Rows in any CRS, which stays; every spelling of a missing cell becomes the dtype's own.
        extra : collection of str, optional
            Columns beyond the spec that are kept where `frame` has them.

        Raises
        ------
        DataError
            Naming every fault (the first 20 in the message).
        CrsError
            If the frame has no CRS.
        """
        faults = self.faults(frame)
        if faults:
            count = len(faults)
            raise DataError(
                _report(f"{self.name}: {count} faults", [f.sentence("en") for f in faults]),
                _report(f"{self.label_zh}：{count} 处错误", [f.sentence("zh") for f in faults]),
            )
        return self.tidied(frame, extra)

    def tidied(self, frame: gpd.GeoDataFrame, extra: Collection[str] = ()) -> gpd.GeoDataFrame:
        """
        Return `frame` as `conform` does, where `violations` has found nothing.

        Raises
        ------
        CrsError
            If the frame has no CRS.
        """
        if frame.crs is None:
            raise CrsError(f"{self.name}: no CRS is declared", f"{self.label_zh}：没有坐标系说明")
        if self._is_tidy(frame):
            return frame.copy(deep=False)
        # arrays, not series: nothing is aligned, and the frame is assembled once
        arrays = {column.name: _cast(frame, column) for column in self.columns}
        more = [name for name in extra if name in frame and name not in arrays]
        arrays |= {name: _plain(frame[name]).array.copy() for name in more}
        shapes = frame.geometry.to_numpy()
        flat = shapely.force_2d(shapes) if shapely.has_z(shapes).any() else shapes.copy()
        arrays["geometry"] = gpd.array.from_shapely(flat, crs=frame.crs)
        tidy = gpd.GeoDataFrame(arrays, index=frame.index, geometry="geometry", copy=False)
        if _is_sorted(tidy[self.key]):
            return _named(tidy.reset_index(drop=True))
        return _named(tidy.sort_values(self.key, ignore_index=True))

    def _is_tidy(self, frame: gpd.GeoDataFrame) -> bool:
        """Return whether `tidied` would return the rows as they are, in as much memory again."""
        own = {column.name: column for column in self.columns}
        return (
            frame.columns.tolist() == [*own, "geometry"]
            and frame.columns.dtype == object
            and frame.index.equals(pd.RangeIndex(len(frame)))
            and all(frame[name].dtype == PANDAS_DTYPE[one.dtype] for name, one in own.items())
            and all(_are_days(frame[name]) for name, one in own.items() if one.dtype == "date")
            and _is_sorted(frame[self.key])
            and not shapely.has_z(frame.geometry.to_numpy()).any()
        )


def _is_sorted(keys: pd.Series) -> bool:
    """Return whether keys ascend, compared in their array: an index would make objects of all."""
    return bool(np.all(keys.array[1:] >= keys.array[:-1]))


def _are_days(values: pd.Series) -> bool:
    """Return whether texts that are dates have no time of day."""
    return all(len(text) == len("2023-04-01") for text in values.dropna().unique())


def _named(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a new frame with its column names as objects: found in half the time of "str"."""
    frame.columns = frame.columns.astype(object)
    return frame


@lru_cache(maxsize=32)  # a few sizes of five types: large ones are not kept for long
def _unknown(dtype: str, count: int) -> ExtensionArray:
    """Return a column of which nothing is known; shared, a frame gets a copy of it."""
    return cast(ExtensionArray, pd.Series(None, index=range(count), dtype=dtype).array)


def _cast(frame: gpd.GeoDataFrame, column: Column) -> ExtensionArray:
    """Return a copy of the column in its pandas dtype; all unknown where the frame lacks it."""
    dtype = PANDAS_DTYPE[column.dtype]
    if column.name not in frame:
        return _unknown(dtype, len(frame)).copy()
    values = frame[column.name]
    missing = np.asarray(pd.isna(values.array))
    if missing.all():
        return _unknown(dtype, len(frame)).copy()
    if values.dtype == dtype and column.dtype != "date":
        return cast(ExtensionArray, values.array.copy())
    if missing.any():
        values = values.mask(missing, None)  # one spelling of unknown, whichever came
    if column.dtype in ("int", "float"):
        values = pd.to_numeric(values)
    elif column.dtype == "date":
        values = days(values)
    elif column.dtype == "bool":
        values = values.astype(object).map({True: True, False: False})  # also 1, 1.0, 0
    return cast(ExtensionArray, pd.Series(values, dtype=dtype).array)


def _plain(values: pd.Series) -> pd.Series:
    return values.astype(object).mask(values.isna(), None)


def _report(head: str, sentences: list[str]) -> str:
    more = len(sentences) - _FAULTS_SHOWN
    return "\n".join([head, *sentences[:_FAULTS_SHOWN], *([f"(+{more})"] if more > 0 else [])])
