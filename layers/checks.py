"""
The rules that rows of a layer may break, each with all the rows that break it at once.

A `Violation` is one rule and the rows that break it (arrays); a `Fault` is one such row in words.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from numbers import Real

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.column import Column, Geometry
from wording import Language

_TYPE_IDS: dict[Geometry, tuple[int, ...]] = {
    "Point": (0, 4),
    "LineString": (1, 2, 5),
    "Polygon": (3, 6),
}
_SHAPE_ZH: dict[Geometry, str] = {"Point": "点", "LineString": "线", "Polygon": "面"}
_SHAPE = Column("geometry", "str", "几何", "geometry", required=True)
_NOT_UNICODE = re.compile("[\ud800-\udfff]")  # lone surrogates from undecodable bytes
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?(Z|[+-]00:?00)?$")
_EXACT = 2.0**53  # whole numbers beyond are not exact in float64
_FOUND_SHOWN = 80
_BLOCK = 65_536


@dataclass(frozen=True, slots=True, eq=False)
class Violation:
    """One rule of a column and `rows`, a boolean array of all rows, True where it is broken."""

    column: Column
    rows: NDArray[np.bool_]
    expected_en: str
    expected_zh: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One value that breaks its layer's spec: layer, row, column, found and expected."""

    layer: str
    layer_zh: str
    row: int
    key: str
    column: str
    label_zh: str
    found: str
    expected_en: str
    expected_zh: str

    def sentence(self, language: Language) -> str:
        """Return the fault as one sentence in `language`."""
        if language == "zh":
            key = f"（{self.key}）" if self.key else " "
            return (
                f"{self.layer_zh}第 {self.row} 行{key}{self.label_zh}："
                f"读到 {self.found}，应为{self.expected_zh}"
            )
        key = f" ({self.key})" if self.key else ""
        return (
            f"{self.layer} row {self.row}{key} {self.column}: "
            f"found {self.found}, expected {self.expected_en}"
        )


def column_violations(frame: pd.DataFrame, column: Column) -> Iterator[Violation]:
    """
    Yield the violations of one column; an absent column counts as all missing.

    Parameters
    ----------
    frame : pandas.DataFrame, n rows
        Rows, not yet checked.
    column : Column
        What its cells may be; a missing cell breaks only the rule that there be one.
    """
    if column.name not in frame:
        if column.required and len(frame):
            yield Violation(column, np.ones(len(frame), dtype=bool), "a value", "有值")
        return
    values = frame[column.name]
    non_scalar = _non_scalar(values)
    absent = np.asarray(pd.isna(values.array)) | non_scalar
    rules = [(non_scalar, "one plain value", "单个值")]
    if column.required:
        rules.append((_blank(values, absent) & ~non_scalar, "a value", "有值"))
    if not absent.all():
        plain = values.mask(non_scalar) if non_scalar.any() else values
        rules += [(bad & ~absent, en, zh) for bad, en, zh in _rules(plain, column)]
    yield from (Violation(column, *rule) for rule in rules if rule[0].any())


def _non_scalar(values: pd.Series) -> NDArray[np.bool_]:
    """Return which cells hold no single value of a column: bytes, lists and other objects."""
    if values.dtype != object:
        return np.zeros(len(values), dtype=bool)
    scalar = (str, Real, np.bool_, dt.date, type(None), type(pd.NA), type(pd.NaT))
    kinds = list(map(type, values))
    rejected = {kind for kind in set(kinds) if not issubclass(kind, scalar)}
    if not rejected:
        return np.zeros(len(kinds), dtype=bool)
    return np.array([kind in rejected for kind in kinds], dtype=bool)


def _blank(values: pd.Series, absent: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which cells are missing or blank text."""
    if values.dtype.kind in "iufb":
        return absent
    blank = (isinstance(cell, str) and not cell.strip() for cell in _cells(values))
    return absent | np.fromiter(blank, dtype=np.bool_, count=len(values))


def _cells(values: pd.Series) -> Iterator[object]:
    """Yield cells; text of an array is made into objects a block at a time, as it takes memory."""
    for start in range(0, len(values), _BLOCK):
        yield from values.array[start : start + _BLOCK].to_numpy(dtype=object)


def _rules(values: pd.Series, column: Column) -> Iterator[tuple[NDArray[np.bool_], str, str]]:
    """Yield (mask of rows breaking the rule, rule in English, in Chinese); skip missing cells."""
    if column.dtype in ("int", "float"):
        yield from _number_rules(values, column)
    elif column.dtype == "bool":
        if values.dtype not in ("bool", "boolean"):
            truth = values.astype(object).isin([True, False, 0, 1]).to_numpy(dtype=bool)
            yield ~truth, "yes or no", "是或否"
    elif column.dtype == "date":
        no_date = _where(values, lambda cell: not _is_date(_day_text(cell)))
        yield no_date, "a date like 2023-04-01", "2023-04-01 样式的日期"
    else:
        yield _broken_text(values), "text in UTF-8", "UTF-8 编码的文字"
    if column.codes is not None:
        allowed = ", ".join(column.codes)
        labels = "、".join(label.zh for label in column.codes.values())
        known = column.codes
        strange = _where(values, lambda cell: cell not in known)
        yield strange, f"one of {allowed}", f"以下之一：{labels}"


def _number_rules(
    values: pd.Series, column: Column
) -> Iterator[tuple[NDArray[np.bool_], str, str]]:
    if values.dtype.kind not in "iuf":
        values = pd.to_numeric(values, errors="coerce")
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    yield ~np.isfinite(numbers), "a number", "数字"
    with np.errstate(invalid="ignore"):
        if column.dtype == "int":
            whole = (numbers % 1 == 0) & (np.abs(numbers) < _EXACT)
            yield np.isfinite(numbers) & ~whole, "a whole number", "整数"
        if column.least is not None:
            least = f"{column.least:g}"
            yield numbers < column.least, f"at least {least}", f"不小于 {least}"
        if column.most is not None:
            most = f"{column.most:g}"
            yield numbers > column.most, f"at most {most}", f"不大于 {most}"


def days(values: pd.Series) -> pd.Series:
    """
    Return dates as text; a moment at midnight is its day, as GIS software writes days.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Texts, days or moments; missing ones stay missing.

    Returns
    -------
    pandas.Series of str, shape (n,)
        ISO 8601 where the cell was a date; any other text as it was.
    """
    return pd.Series(_day_texts(values), index=values.index, dtype="str")


def _day_texts(values: pd.Series) -> list[str | None]:
    codes, distinct = pd.factorize(values.array)
    texts: list[str | None] = [*map(_day_text, distinct)]
    texts.append(None)  # where a missing cell's code, -1, leads
    return [texts[code] for code in codes.tolist()]


def _day_text(cell: object) -> str:
    """Return a cell as text; a moment at midnight as its day."""
    return _MIDNIGHT.sub("", str(cell))


def _where(values: pd.Series, is_wrong: Callable[[object], bool]) -> NDArray[np.bool_]:
    """Return which known cells are wrong; each distinct one is made an object and judged once."""
    codes, distinct = pd.factorize(values.array)
    wrong = np.array([*map(is_wrong, distinct), False])  # the last is where a missing cell leads
    return wrong[codes]


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _broken_text(values: pd.Series) -> NDArray[np.bool_]:
    if values.dtype != object:
        return np.zeros(len(values), dtype=bool)
    texts = list(map(str, values))
    try:
        "".join(texts).encode("utf-8")  # fast path: the text is nearly always valid
    except UnicodeEncodeError:
        return np.array([bool(_NOT_UNICODE.search(text)) for text in texts], dtype=bool)
    return np.zeros(len(values), dtype=bool)


def key_violations(keys: pd.Series, column: Column) -> list[Violation]:
    """
    Return the rows whose key another row has used before, as text.

    Parameters
    ----------
    keys : pandas.Series, shape (n,)
        The key column; missing keys are left to `column_violations`.
    column : Column
        Its spec.
    """
    known = keys.notna().to_numpy(dtype=bool)
    texts = keys[known].astype(object)
    if keys.dtype == object:
        texts = texts.map(str)
    rows = np.zeros(len(keys), dtype=bool)
    rows[known] = texts.duplicated(keep="first")
    return [Violation(column, rows, "a key used once", "不重复的编号")] if rows.any() else []


def geometry_violations(geometry: gpd.GeoSeries, declared: Geometry) -> list[Violation]:
    """
    Return the rows without geometry, of another type than `declared`, or invalid.

    Parameters
    ----------
    geometry : geopandas.GeoSeries, shape (n,)
        In any CRS; missing and empty ones are violations.
    declared : {"Point", "LineString", "Polygon"}
        Of one part or several.
    """
    shapes = geometry.to_numpy()
    absent = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    wrong = ~absent & ~np.isin(shapely.get_type_id(shapes), _TYPE_IDS[declared])
    bent = ~absent & ~wrong & ~shapely.is_valid(shapes)
    rules = (
        (absent, "a geometry", "有几何图形"),
        (wrong, declared, _SHAPE_ZH[declared]),
        (bent, "a valid geometry", "有效的几何图形"),
    )
    return [Violation(_SHAPE, rows, en, zh) for rows, en, zh in rules if rows.any()]


def faults_of(
    violation: Violation, frame: gpd.GeoDataFrame, keys: pd.Series, *, layer: str, layer_zh: str
) -> list[Fault]:
    """
    Return one fault for every row of `violation`, counted from 1, with what was found there.

    Parameters
    ----------
    violation : Violation
        A rule and the rows that break it.
    frame : geopandas.GeoDataFrame, n rows
        The rows it was found in.
    keys : pandas.Series, shape (n,)
        Their keys, missing where they have none.
    layer, layer_zh : str
        Name and Chinese label of the layer.
    """
    places = np.flatnonzero(violation.rows)
    return [
        Fault(
            layer=layer,
            layer_zh=layer_zh,
            row=place + 1,
            key="" if pd.isna(key) else str(key),
            column=violation.column.name,
            label_zh=violation.column.label_zh,
            found=found,
            expected_en=violation.expected_en,
            expected_zh=violation.expected_zh,
        )
        for place, key, found in zip(
            places.tolist(),
            keys.iloc[places].tolist(),
            _found(violation.column, frame, places),
            strict=True,
        )
    ]


def _found(column: Column, frame: gpd.GeoDataFrame, places: NDArray[np.intp]) -> list[str]:
    """Return the cells as text, truncated for printing; a dash for a missing one."""
    if column is _SHAPE:
        texts = shapely.to_wkt(frame.geometry.to_numpy()[places], rounding_precision=6)
        return ["—" if text is None else text[:_FOUND_SHOWN] for text in texts]
    if column.name not in frame:
        return ["—"] * len(places)
    cells = frame[column.name].iloc[places]
    return [
        "—" if gone else repr(cell)[:_FOUND_SHOWN]
        for cell, gone in zip(cells.astype(object).tolist(), cells.isna(), strict=True)
    ]
