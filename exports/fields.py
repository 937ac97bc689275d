"""
Fields of a .dbf or a file geodatabase: exact types, and cells that fit them.

Widths and decimals follow from the LayerSpec. The writers themselves change what does
not fit without an error (``"很多"`` becomes 0, a long text is cut): here each change is counted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.errors import DataError
from layers.spec import Column
from wording import Language

TEXT_BYTES = 254  # what a .dbf allows a text
_WHOLE_DIGITS = 9  # a wider whole number is no int32
_NUMBER_WIDTH, _DECIMALS = 14, 3
_SHARE_WIDTH, _SHARE_DECIMALS = 6, 4
_GDB_TEXT = 2000  # characters
_GDB_WHOLE = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Shortfall:
    """
    Values of one column that a format could not hold as they are.

    Attributes
    ----------
    layer, layer_zh : str
        The layer.
    column, label_zh : str
        Its column, or what takes a column's place.
    rows : int
        How many values were changed.
    change_en, change_zh : str
        What became of them.
    """

    layer: str
    layer_zh: str
    column: str
    label_zh: str
    rows: int
    change_en: str
    change_zh: str

    def sentence(self, language: Language) -> str:
        """Return the shortfall as one sentence in `language`."""
        if language == "zh":
            return f"{self.layer_zh}·{self.label_zh}：{self.rows} 个值{self.change_zh}"
        return f"{self.layer}.{self.column}: {self.rows} values {self.change_en}"


ValueChange = tuple[int, str, str]
"""Number of values changed, and what became of them, in English and Chinese."""
Fitted = tuple[pd.Series, list[ValueChange]]
"""Cells as the format holds them, and the changes made to them."""


def dbf_type(column: Column) -> str:
    """Return the exact .dbf type of a column, as its spec implies it: ``float:6.4``."""
    if column.dtype == "str":
        return f"str:{_code_width(column) or TEXT_BYTES}"
    if column.dtype == "date":
        return "date"
    if column.dtype == "bool":
        return "int:1"
    if column.dtype == "int":
        return f"int:{_WHOLE_DIGITS if column.most is None else len(f'{column.most:.0f}')}"
    width, decimals = _float_shape(column)
    return f"float:{width}.{decimals}"


def gdb_type(column: Column) -> str:
    """Return a column's type in a geodatabase, which has no days without an hour."""
    if column.dtype == "str":
        return f"str:{_code_width(column) or _GDB_TEXT}"
    return {"date": "datetime", "bool": "int16", "int": "int32", "float": "float"}[column.dtype]


def _code_width(column: Column) -> int:
    return max(map(len, column.codes)) if column.codes else 0


def _float_shape(column: Column) -> tuple[int, int]:
    if column.most == 1:
        return _SHARE_WIDTH, _SHARE_DECIMALS
    return _NUMBER_WIDTH, _DECIMALS


def fit_dbf(values: pd.Series, column: Column, encoding: str) -> Fitted:
    """
    Return the cells of a column as its .dbf field holds them, and what was changed.

    Parameters
    ----------
    values : pandas.Series
        Cells of the column.
    column : Column
        Its spec.
    encoding : {"UTF-8", "GBK"}
        Of the .dbf.

    Raises
    ------
    DataError
        If a text has characters that the encoding does not have.
    """
    if column.dtype == "str":
        width = _code_width(column) or TEXT_BYTES
        return _fit_text(values, lambda text: cut(text, width, encoding))
    if column.dtype == "float":
        return _fit_float(values, column)
    if column.dtype == "int":
        width = int(dbf_type(column).removeprefix("int:"))
        return _fit_whole(values, 10**width - 1, 10 ** (width - 1) - 1)
    return values, []


def fit_gdb(values: pd.Series, column: Column) -> Fitted:
    """Return the cells of a column as a geodatabase holds them, and what was changed."""
    if column.dtype == "str":
        width = _code_width(column) or _GDB_TEXT
        return _fit_text(values, lambda text: text[:width])
    if column.dtype == "int":
        return _fit_whole(values, _GDB_WHOLE, _GDB_WHOLE)
    if column.dtype == "float":
        return _emptied(values, values.astype("float64").abs() == np.inf)
    return values, []


def cut(text: str, most: int, encoding: str) -> str:
    """Return the longest prefix of `text` within `most` bytes of `encoding`, stripped."""
    return text.encode(encoding)[:most].decode(encoding, errors="ignore").strip()


def require_encodable(frame: pd.DataFrame, columns: Mapping[str, str], encoding: str) -> None:
    """
    Raise if text cannot be encoded: a writer would replace it by question marks.

    Raises
    ------
    DataError
        Naming the first value of each column, all columns at once.
    """
    found = [
        (label, odd) for name, label in columns.items() if (odd := _odd(frame[name], encoding))
    ]
    if found:
        texts = "; ".join(f"{label} {text!r}" for label, text in found)
        raise DataError(
            f"{encoding} has no characters for {texts}; write UTF-8 instead",
            f"{encoding} 编码无法表示：{texts}；请改用 UTF-8 导出",
        )


def _odd(values: pd.Series, encoding: str) -> str:
    for text in values.dropna().unique():
        try:
            str(text).encode(encoding)
        except UnicodeEncodeError:
            return str(text)
    return ""


def _fit_text(values: pd.Series, shorten: Callable[[str], str]) -> Fitted:
    known = values.notna()
    short = values.astype(object).map(shorten, na_action="ignore")
    changed = int((short[known] != values[known]).sum())
    blank = known & (short == "")
    why = ("shortened or trimmed", "被截短或去除首尾空格")
    return short.mask(blank, None), [(changed, *why)] if changed else []


def _fit_float(values: pd.Series, column: Column) -> Fitted:
    width, decimals = _float_shape(column)
    numbers = values.astype("float64").round(decimals)
    limit = 10.0 ** (width - decimals - 1)  # one place is the point's, another a minus sign's
    kept, changes = _emptied(values, ~((numbers < limit) & (numbers > -limit / 10)))
    rounded = kept.astype("float64").round(decimals)
    count = int((rounded.notna() & (rounded != kept.astype("float64"))).sum())
    if count:
        changes.append((count, f"rounded to {decimals} decimals", f"四舍五入到 {decimals} 位小数"))
    return rounded, changes


def _fit_whole(values: pd.Series, most: int, least: int) -> Fitted:
    numbers = values.astype("float64")
    return _emptied(values, (numbers > most) | (numbers < -least))


def _emptied(values: pd.Series, rows: pd.Series) -> Fitted:
    lost = rows & values.notna()
    why = ("left empty: wider than the field", "超出字段宽度，留空")
    return values.mask(lost, None), [(int(lost.sum()), *why)] if lost.any() else []
