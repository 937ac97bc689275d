"""
Values: cells as offices write them, turned into what a column holds; what is doubtful stays.

``1,088``, ``216户``, ``35%``, ``是``, ``2023年4月1日`` and a code's Chinese label are understood. A
value that is not, such as ``约300`` or ``很多``, is left untouched and the layer's own check names
it: nothing is guessed and nothing becomes zero.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence

from intake.headings import conversion, factor, unit_of
from intake.letters import level
from intake.reading import Cell
from layers.spec import Column

_UNKNOWN = {
    "",
    "-",
    "--",
    "—",
    "——",
    "/",
    "\\",
    "null",
    "<null>",
    "none",
    "nan",
    "n/a",
    "#n/a",
    "不详",
    "未知",
    "待查",
    "未调查",
    "未提供",
}
_YES = {"是", "有", "√", "✓", "y", "yes", "true", "t", "1", "1.0", "已", "对", "已安装", "具备"}
_NO = {"否", "无", "×", "✗", "x", "n", "no", "false", "f", "0", "0.0", "没有", "未", "错", "不具备"}
_THOUSANDS = re.compile(r"^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$")
_NUMBER = re.compile(r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
_WITH_UNIT = re.compile(r"^([-+]?[\d,]*\.?\d+)\s*([^\d\s.,+-][^\s.,+-]{0,5})$")
_UNIT_WORDS = {
    "户": "户", "m": "m", "米": "m", "m2": "m²", "m²": "m²", "㎡": "m²", "平方米": "m²",
    "平米": "m²", "层": "层", "人": "人", "年": "", "栋": "", "个": "个", "处": "处", "元": "元",
    "%": "%", "mm": "mm", "毫米": "mm", "cm": "cm", "厘米": "cm", "株": "株", "件": "件",
    "班": "班", "kg": "kg", "岁": "",
}  # fmt: skip
_DATE = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?([ T]\d{2}:\d{2}.*)?$"
)
_DAY = re.compile(r"^(19|20)\d{6}$")  # 20230401
_YEAR = re.compile(r"^(1[89]\d\d|20\d\d)\s*(年.*|[-/.]\d{1,2}.*)?$")
_EPOCH = dt.date(1899, 12, 30)  # day 0 of a spreadsheet's serial dates


def convert(column: Column, heading: str, cells: Sequence[Cell]) -> list[Cell]:
    """
    Turn the cells under a heading into values of a column.

    Parameters
    ----------
    column : Column
        What the layer expects.
    heading : str
        The file's heading; a unit in its brackets scales the numbers.
    cells : sequence of cell
        The cells as text, numbers, booleans or None.

    Returns
    -------
    list of cell
        Values of the column's type; None where nothing is known; the cell itself where it is not
        understood.
    """
    scale = factor(heading, column)
    read = _READERS[column.dtype]
    known: dict[tuple[type, Cell], Cell] = {}
    for cell in cells:
        if (type(cell), cell) not in known:
            known[type(cell), cell] = None if _is_unknown(cell) else read(column, cell, scale)
    return [known[type(cell), cell] for cell in cells]


def _is_unknown(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip().lower() in _UNKNOWN)


def _tidy(cell: Cell) -> str:
    return level(str(cell))


def _text(column: Column, cell: Cell, _: float) -> Cell:
    """Return text unchanged; a whole number loses its point zero; labels become codes."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    if column.codes and text not in column.codes:
        return _code(column, text)
    return text


def _code(column: Column, text: str) -> str:
    codes = column.codes or {}
    wanted = _tidy(text).lower()
    for code, label in codes.items():
        if wanted in (code.lower(), label.zh.lower(), label.en.lower()):
            return code
    return text


def _number(column: Column, cell: Cell, scale: float) -> Cell:
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, (int, float)):
        return _scaled(cell, scale, column)
    text = _tidy(cell).lstrip("¥$")
    if column.least is not None and column.most is not None and column.unit == "":
        text = _year(text)
    found, own = _split_unit(text, column)
    number = _plain_number(found)
    return cell if number is None else _scaled(number, own or scale, column)


def _split_unit(text: str, column: Column) -> tuple[str, float]:
    """Take a unit off a number; what it makes of the number goes before the heading's unit."""
    found = _WITH_UNIT.match(text)
    if not found:
        return text, 0.0
    unit = found.group(2).strip()
    own = 1.0 if _UNIT_WORDS.get(unit, "?") == column.unit else conversion(unit, column)
    return (found.group(1), own) if own else (text, 0.0)


def _plain_number(text: str) -> int | float | None:
    if _THOUSANDS.match(text):
        text = text.replace(",", "")
    if not _NUMBER.match(text):
        return None
    return int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)


def _scaled(number: float, scale: float, column: Column) -> Cell:
    if scale == 1.0:
        whole = column.dtype == "int" and isinstance(number, float) and number.is_integer()
        return int(number) if whole else number
    return round(number * scale, 9)


def _year(text: str) -> str:
    """Return the year of ``1998年`` or ``1998-05``; anything else as it is."""
    found = _YEAR.match(text)
    return found.group(1) if found else text


def _flag(_: Column, cell: Cell, __: float) -> Cell:
    if isinstance(cell, bool):
        return cell
    text = _tidy(cell).lower()
    return True if text in _YES else False if text in _NO else cell


def _date(_: Column, cell: Cell, __: float) -> Cell:
    text = _tidy(cell).removesuffix(".0")
    if _DAY.match(text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _serial(cell)
    found = _DATE.match(text)
    if not found:
        return cell
    year, month, day = (int(part) for part in found.groups()[:3])
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return cell


def _serial(number: float) -> Cell:
    """Return a spreadsheet's day count as a date if it falls between 1927 and 2064."""
    if number != int(number) or not 10_000 <= number <= 60_000:  # noqa: PLR2004
        return number
    return (_EPOCH + dt.timedelta(days=int(number))).isoformat()


_READERS: dict[str, Callable[[Column, Cell, float], Cell]] = {
    "str": _text,
    "int": _number,
    "float": _number,
    "bool": _flag,
    "date": _date,
}
__all__ = ["convert", "unit_of"]
