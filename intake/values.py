"""
Values: cells as offices write them, turned into what a column holds; what is doubtful stays.

``1,088``, ``216户``, ``35%``, ``是``, ``2023年4月1日`` and a code's Chinese label are understood. A
value that is not, such as ``约300``, ``1990-1995`` or ``2000年以前``, is left untouched and the
layer's own check names it: nothing is guessed and nothing becomes zero.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from intake import quantity, units
from intake.letters import comparable
from intake.reading import Cell
from intake.vocabulary import code_words
from layers.spec import Column

_UNKNOWN = {
    "",
    "-",
    "--",
    "—",
    "——",
    "–",
    "―",
    "─",
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
_DATE = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?([ T]\d{2}:\d{2}.*)?$"
)
_DAY = re.compile(r"^(19|20)\d{6}$")  # 20230401
_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})$")
_CHINA = dt.timezone(dt.timedelta(hours=8))  # the one time of every district
_YEAR = re.compile(
    r"^(1[5-9]\d\d|20\d\d)\s*"
    r"(年?(建|建成|建造|竣工|完工|栽植|种植|敷设)?"
    r"|[-/.年]\s*(0?[1-9]|1[0-2])(月|([-/.月]\s*\d{1,2}日?)?)([ T]\d{2}:\d{2}.*)?)$"
)
DAY_ZERO = "1899-12-30"
"""Day 0 of a spreadsheet's serial dates, where the workbook does not say otherwise."""
_YEARS = range(1900, 2101)  # what somebody meant as a year in a cell of days


@dataclass(frozen=True, slots=True)
class Reading:
    """
    How the cells under one heading are read.

    Attributes
    ----------
    factor : float
        What a bare number is multiplied by to be in the column's unit.
    layer : str
        The layer of the column, for the words of its codes.
    day_zero : str
        Day 0 of serial dates, ISO 8601.
    """

    factor: float = 1.0
    layer: str = ""
    day_zero: str = DAY_ZERO


def convert(column: Column, cells: Sequence[Cell], how: Reading) -> list[Cell]:
    """
    Turn the cells under a heading into values of a column.

    Parameters
    ----------
    column : Column
        What the layer expects.
    cells : sequence of cell
        The cells as text, numbers, booleans or None.
    how : Reading
        Factor, layer and day 0; a unit in a cell goes before the factor.

    Returns
    -------
    list of cell
        Values of the column's type; None where nothing is known; the cell itself where it is not
        understood.
    """
    read = _READERS[column.dtype]
    # Each cell once; 1, 1.0 and True are equal and no one cell.
    known = {
        kind: {
            cell: None if _is_unknown(cell) else read(column, cell, how)
            for cell in {cell for cell in cells if type(cell) is kind}
        }
        for kind in set(map(type, cells))
    }
    if len(known) == 1:
        (only,) = known.values()
        return [only[cell] for cell in cells]
    return [known[type(cell)][cell] for cell in cells]


def _is_unknown(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and _tidy(cell).lower() in _UNKNOWN)


def _tidy(cell: Cell) -> str:
    return comparable(str(cell))


def _text(column: Column, cell: Cell, how: Reading) -> Cell:
    """Return text unchanged; a whole number loses its point zero; labels become codes."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    if column.codes and text not in column.codes:
        return _code(column, text, how.layer)
    return text


def _code(column: Column, text: str, layer: str) -> str:
    codes = column.codes or {}
    wanted = _tidy(text).lower()
    for code, label in codes.items():
        if wanted in (code.lower(), label.zh.lower(), label.en.lower()):
            return code
    return code_words(layer, column.name).get(wanted, text)


def _number(column: Column, cell: Cell, how: Reading) -> Cell:
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, (int, float)):
        return _scaled(cell, how.factor, column)
    text = _year(_tidy(cell)) if column.is_year else str(cell)
    found = quantity.read(text, column.unit)
    if found is None:
        return cell
    own = units.conversion(found.unit, column.unit) if found.unit else None
    return _scaled(found.number, how.factor if own is None else own, column)


def _scaled(number: float, scale: float, column: Column) -> Cell:
    value = number if scale == 1.0 else round(number * scale, 9)
    is_whole = column.dtype == "int" and isinstance(value, float) and value.is_integer()
    return int(value) if is_whole else value


def year_in_day(cell: Cell, day_zero: str) -> int | None:
    """
    Return the year that somebody wrote into a cell of days, which shows it as one of 1904 to 1909.

    Parameters
    ----------
    cell : cell
        As people see it.
    day_zero : str
        Day 0 of the workbook, ISO 8601: 1998 days later is 1905-06-20, or 1909-06-21.

    Returns
    -------
    int or None
        The number of the day if it is a year of 1900 to 2100, else None.
    """
    found = _DATE.match(_tidy(cell)) if isinstance(cell, str) else None
    if found is None:
        return None
    try:
        day = dt.date(*(int(part) for part in found.groups()[:3]))
    except ValueError:
        return None
    number = (day - dt.date.fromisoformat(day_zero)).days
    return number if number in _YEARS else None


def _year(text: str) -> str:
    """Return the year of ``1998年`` or ``1998-05``; anything else as it is."""
    found = _YEAR.match(text)
    return found.group(1) if found else text


def _flag(_: Column, cell: Cell, __: Reading) -> Cell:
    if isinstance(cell, bool):
        return cell
    text = _tidy(cell).lower()
    return True if text in _YES else False if text in _NO else cell


def _date(_: Column, cell: Cell, how: Reading) -> Cell:
    text = _tidy(cell).removesuffix(".0")
    if _MOMENT.match(text):
        return _day_in_china(text)
    if _DAY.match(text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _serial(cell, dt.date.fromisoformat(how.day_zero))
    found = _DATE.match(text)
    if not found:
        return cell
    year, month, day = (int(part) for part in found.groups()[:3])
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return cell


def _day_in_china(moment: str) -> str:
    """Return the day that a moment with a time zone falls on in China."""
    return (
        dt.datetime.fromisoformat(moment.replace(" ", "T", 1)).astimezone(_CHINA).date().isoformat()
    )


def _serial(number: float, day_zero: dt.date) -> Cell:
    """Return a spreadsheet's day count as a date if it falls between 1927 and 2064."""
    if number != int(number) or not 10_000 <= number <= 60_000:  # noqa: PLR2004
        return number
    return (day_zero + dt.timedelta(days=int(number))).isoformat()


_READERS: dict[str, Callable[[Column, Cell, Reading], Cell]] = {
    "str": _text,
    "int": _number,
    "float": _number,
    "bool": _flag,
    "date": _date,
}
