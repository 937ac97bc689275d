"""
Column and LayerSpec: what a layer's columns are called, mean, measure and may hold.

Columns are ASCII snake_case; people read `label_zh` / `label_en`. A value that was never surveyed
is missing (None, NaN, <NA>) and stays missing: nothing here fills it in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.errors import CrsError, DataError

DType: TypeAlias = Literal["str", "int", "float", "bool", "date"]
Geometry: TypeAlias = Literal["Point", "LineString", "Polygon"]

PANDAS_DTYPE: Mapping[str, str] = {
    "str": "str",
    "int": "Int64",
    "float": "float64",
    "bool": "boolean",
    "date": "str",  # ISO 8601; a date is compared as text and never converted on the way
}
_ISO_DATE = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_FAULTS_SHOWN = 20


class Provenance(StrEnum):
    """Where a row comes from."""

    SURVEYED = "surveyed"
    INFERRED = "inferred"
    SYNTHETIC = "synthetic"


PROVENANCE_LABELS: Mapping[str, tuple[str, str]] = {
    Provenance.SURVEYED: ("实测", "surveyed"),
    Provenance.INFERRED: ("推断", "inferred"),
    Provenance.SYNTHETIC: ("演示数据", "synthetic"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a layer.

    Attributes
    ----------
    name : str
        ASCII snake_case.
    dtype : {"str", "int", "float", "bool", "date"}
        ``date`` is ISO 8601 text.
    label_zh, label_en : str
        What people read (标签).
    unit : str
        Unit of the number, "" where it has none.
    least, most : float or None
        Closed limits of the number.
    codes : mapping of str to (str, str) or None
        The only values allowed, each with its Chinese and English label.
    required : bool
        Whether every row must have a value. Anything else may be unknown.
    refers_to : str
        The layer whose key this column holds, "" if none.
    """

    name: str
    dtype: DType
    label_zh: str
    label_en: str
    unit: str = ""
    least: float | None = None
    most: float | None = None
    codes: Mapping[str, tuple[str, str]] | None = None
    required: bool = False
    refers_to: str = ""

    def label(self, language: str) -> str:
        """Return the label in `language`, ``"zh"`` or ``"en"``."""
        return self.label_zh if language == "zh" else self.label_en


PROVENANCE_COLUMNS = (
    Column("provenance", "str", "数据性质", "provenance", codes=PROVENANCE_LABELS, required=True),
    Column("source", "str", "数据来源", "source", required=True),
    Column("source_date", "date", "数据日期", "date of the data", required=True),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One value that is not what its layer says: what, where, found and expected."""

    layer: str
    row: int
    key: str
    column: str
    label_zh: str
    found: str
    expected_en: str
    expected_zh: str

    def sentence(self, language: str) -> str:
        """Return the fault as one sentence in `language`."""
        if language == "zh":
            return (
                f"{self.layer} 第 {self.row} 行（{self.key}）{self.label_zh}："
                f"读到 {self.found}，应为{self.expected_zh}"
            )
        return (
            f"{self.layer} row {self.row} ({self.key}) {self.column}: "
            f"found {self.found}, expected {self.expected_en}"
        )


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
    """

    name: str
    label_zh: str
    label_en: str
    geometry: Geometry
    own_columns: tuple[Column, ...]
    columns: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", self.own_columns + PROVENANCE_COLUMNS)

    @property
    def key(self) -> str:
        """Name of the key column."""
        return self.columns[0].name

    def label(self, language: str) -> str:
        """Return the label in `language`, ``"zh"`` or ``"en"``."""
        return self.label_zh if language == "zh" else self.label_en

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
        """Return a frame of this layer without rows."""
        blank = {c.name: pd.Series(dtype=PANDAS_DTYPE[c.dtype]) for c in self.columns}
        return gpd.GeoDataFrame(blank, geometry=gpd.GeoSeries([], crs=crs))

    def faults(self, frame: gpd.GeoDataFrame) -> list[Fault]:
        """Return every fault of `frame`, all at once, in row order."""
        found = [fault for column in self.columns for fault in self._column_faults(frame, column)]
        found += self._key_faults(frame) + self._geometry_faults(frame)
        return sorted(found, key=lambda fault: fault.row)

    def conform(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """
        Return `frame` with exactly this layer's columns and dtypes, in order, keyed rows sorted.

        Columns that the frame lacks become unknown; columns the layer does not have are dropped.

        Raises
        ------
        DataError
            Naming every fault (the first 20 in the message).
        CrsError
            If the frame has no CRS.
        """
        if frame.crs is None:
            raise CrsError(f"{self.name}: no CRS is declared", f"{self.label_zh}：没有坐标系说明")
        faults = self.faults(frame)
        if faults:
            raise DataError(
                _report([f.sentence("en") for f in faults], "faults in"),
                _report([f.sentence("zh") for f in faults], "处错误："),
            )
        cast = {column.name: _cast(frame, column) for column in self.columns}
        tidy = gpd.GeoDataFrame(cast, geometry=frame.geometry, crs=frame.crs)
        return tidy.sort_values(self.key, ignore_index=True)

    def _column_faults(self, frame: gpd.GeoDataFrame, column: Column) -> Iterator[Fault]:
        if column.name not in frame:
            if column.required:
                bad = pd.Series(data=True, index=frame.index)
                yield from self._faults_at(frame, column, bad, "a value", "有值")
            return
        values = frame[column.name]
        absent = values.isna()
        if column.required:
            yield from self._faults_at(frame, column, absent, "a value", "有值")
        for bad, expected_en, expected_zh in _violations(values, absent, column):
            yield from self._faults_at(frame, column, bad, expected_en, expected_zh)

    def _key_faults(self, frame: gpd.GeoDataFrame) -> list[Fault]:
        if self.key not in frame:
            return []
        twice = frame[self.key].duplicated(keep="first") & frame[self.key].notna()
        return list(
            self._faults_at(frame, self.columns[0], twice, "a key used once", "不重复的编号")
        )

    def _geometry_faults(self, frame: gpd.GeoDataFrame) -> list[Fault]:
        shapes = np.asarray(frame.geometry.array, dtype=object)
        column = Column("geometry", "str", "几何", "geometry")
        absent = shapely.is_missing(shapes) | shapely.is_empty(shapes)
        dimension = {"Point": 0, "LineString": 1, "Polygon": 2}[self.geometry]
        wrong = ~absent & (shapely.get_dimensions(shapes) != dimension)
        bent = ~absent & ~wrong & ~shapely.is_valid(shapes)
        found = shapely.to_wkt(shapes, rounding_precision=1)
        described = frame.assign(geometry=[str(text)[:60] for text in found])
        return [
            fault
            for bad, en, zh in (
                (absent, "a geometry", "有几何图形"),
                (wrong, self.geometry, f"{self.geometry} 类型"),
                (bent, "a valid geometry", "有效的几何图形"),
            )
            for fault in self._faults_at(described, column, pd.Series(bad, frame.index), en, zh)
        ]

    def _faults_at(
        self,
        frame: pd.DataFrame,
        column: Column,
        bad: pd.Series,
        expected_en: str,
        expected_zh: str,
    ) -> Iterator[Fault]:
        for position in np.flatnonzero(bad.to_numpy(dtype=bool)):
            row = frame.iloc[position]
            found = row.get(column.name)
            yield Fault(
                layer=self.name,
                row=int(position) + 1,
                key=str(row.get(self.key, "")),
                column=column.name,
                label_zh=column.label_zh,
                found="—" if pd.isna(found) else repr(found)[:80],
                expected_en=expected_en,
                expected_zh=expected_zh,
            )


def _violations(
    values: pd.Series, absent: pd.Series, column: Column
) -> Iterator[tuple[pd.Series, str, str]]:
    """Yield (rows that break the rule, the rule in English, the rule in Chinese)."""
    if column.dtype in ("int", "float"):
        numbers = pd.to_numeric(values, errors="coerce")
        bad = (numbers.isna() | ~np.isfinite(numbers.astype("float64"))) & ~absent
        yield bad, "a number", "数字"
        if column.dtype == "int":
            yield (numbers % 1 != 0) & ~bad & ~absent, "a whole number", "整数"
        if column.least is not None:
            yield (
                (numbers < column.least) & ~absent,
                f"at least {column.least:g}",
                (f"不小于 {column.least:g}"),
            )
        if column.most is not None:
            yield (
                (numbers > column.most) & ~absent,
                f"at most {column.most:g}",
                (f"不大于 {column.most:g}"),
            )
    elif column.dtype == "bool":
        yield ~values.isin([True, False, 0, 1]) & ~absent, "yes or no", "是或否"
    elif column.dtype == "date":
        matches = values.astype("str").str.fullmatch(_ISO_DATE).fillna(value=False)
        yield ~matches.astype(bool) & ~absent, "a date like 2023-04-01", "2023-04-01 样式的日期"
    if column.codes is not None:
        allowed = ", ".join(column.codes)
        yield (
            ~values.isin(list(column.codes)) & ~absent,
            f"one of {allowed}",
            f"以下之一：{allowed}",
        )


def _cast(frame: gpd.GeoDataFrame, column: Column) -> pd.Series:
    """Return the column in its pandas dtype; all unknown where the frame lacks it."""
    dtype = PANDAS_DTYPE[column.dtype]
    if column.name not in frame:
        return pd.Series(None, index=frame.index, dtype=dtype)
    values = frame[column.name]
    if column.dtype in ("int", "float"):
        values = pd.to_numeric(values)
    return values.astype(dtype)


def _report(sentences: list[str], words: str) -> str:
    head = f"{len(sentences)} {words}"
    more = len(sentences) - _FAULTS_SHOWN
    return "\n".join([head, *sentences[:_FAULTS_SHOWN], *([f"(+{more})"] if more > 0 else [])])
