"""
Coordinates: the numbers that cells hold, and the fault of a cell that holds none.

Decimal, with thousands, with a decimal comma, or degrees-minutes-seconds. An empty row, one missing
cell, a cell that cannot be read and numbers that are nowhere are four different faults, and each
quotes its cell.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from intake.letters import comparable
from intake.reading import Cell
from intake.references import CoordinateReference

_SIDE = "(?:北纬|南纬|东经|西经|[NSEWnsew北南东西])"
_DMS = re.compile(
    rf"""^({_SIDE})?[:：]?\s*([-+]?\d{{1,3}})\s*[°º度dD:]\s*(\d{{1,2}}(?:\.\d+)?)\s*['′’分mM:]?
        (?:\s*(\d{{1,2}}(?:\.\d+)?)\s*(?:["″”秒sS]|''|′′)?)?\s*({_SIDE})?$""",
    re.VERBOSE,
)
_DECIMAL = re.compile(
    rf"^({_SIDE})?[:：]?\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(?:°|度|m|米)?\s*({_SIDE})?$"
)
_DECIMAL_COMMA = re.compile(r"^[-+]?\d{1,3},(\d{1,2}|\d{4,})$")  # three digits may be thousands
_THOUSANDS = re.compile(r"^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$")
_SPLIT = re.compile(r"[,，;；\s]+")
_SOUTH_WEST = {*"SWsw南西", "南纬", "西经"}
_SHOWN = 80
_LON, _LAT = 180, 90  # degrees


class CoordinateFault(NamedTuple):
    """What is wrong with the coordinates of a row: the rule, the cell, and what it should be."""

    rule: str
    heading: str
    found: str
    expected_en: str
    expected_zh: str


def number(cell: Cell) -> float:
    """
    Return a coordinate as a number, NaN where it is none.

    Degrees-minutes-seconds become degrees; south and west are negative.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    if not isinstance(cell, str):
        return np.nan
    text = comparable(cell.replace("º", "°"))
    text = text.replace("″", '"').replace("′′", '"').replace("′", "'")
    if _THOUSANDS.match(text):
        return float(text.replace(",", ""))
    if _DECIMAL_COMMA.match(text):
        return float(text.replace(",", "."))
    found = _DECIMAL.match(text)
    if found:
        sign = -1.0 if {found.group(1), found.group(3)} & _SOUTH_WEST else 1.0
        return sign * float(found.group(2))
    return _degrees(text)


def _degrees(text: str) -> float:
    found = _DMS.match(text)
    if not found:
        return np.nan
    before, degrees, minutes, seconds, after = found.groups()
    if float(minutes) >= 60 or float(seconds or 0) >= 60:  # noqa: PLR2004 - sixty minutes are a degree
        return np.nan
    size = abs(float(degrees)) + float(minutes) / 60 + float(seconds or 0) / 3600
    negative = degrees.startswith("-") or bool({before, after} & _SOUTH_WEST)
    return -size if negative else size


def pair(cell: Cell) -> tuple[float, float]:
    """Return both coordinates that one cell holds, NaN where it does not."""
    parts = [part for part in _SPLIT.split(str(cell or "").strip("()（）[] ")) if part]
    return (number(parts[0]), number(parts[1])) if len(parts) in (2, 3) else (np.nan, np.nan)


def wrong(
    headings: Sequence[str],
    cells: Sequence[Cell],
    reference: CoordinateReference,
    *,
    is_placed: bool,
) -> CoordinateFault | None:
    """
    Return why a row has no position, None if its cells are valid.

    Parameters
    ----------
    headings : sequence of str
        The two columns of coordinates, or the one that holds both.
    cells : sequence of cell
        What the row has there.
    reference : CoordinateReference
        What the numbers are taken for.
    is_placed : bool
        Whether `reference` gives them a place.
    """
    here = dict(zip(headings, cells, strict=True))
    empty = [heading for heading, cell in here.items() if not _said(cell)]
    if len(empty) == len(here):
        joined = "、".join(headings)
        return CoordinateFault("coordinate.empty", joined, "—", "coordinates", "有坐标")
    if empty:
        other = next(heading for heading in here if heading not in empty)
        beside = f"{other} = {_said(here[other])}"
        return CoordinateFault(
            "coordinate.missing", empty[0], "—", f"a value beside {beside}", f"有值（{beside}）"
        )
    return _unreadable(here) or _nowhere(here, reference, is_placed=is_placed)


def _said(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()[:_SHOWN]


def _unreadable(here: Mapping[str, Cell]) -> CoordinateFault | None:
    if len(here) == 1:
        ((heading, cell),) = here.items()
        bad = not np.isfinite(pair(cell)).all()
        words = ("two numbers, such as 106.20, 37.98", "两个数，如 106.20, 37.98")
        return (
            CoordinateFault("coordinate.unreadable", heading, repr(_said(cell)), *words)
            if bad
            else None
        )
    for heading, cell in here.items():
        if not np.isfinite(number(cell)):
            words = ("a number or degrees, minutes, seconds", "数字或度分秒")
            return CoordinateFault("coordinate.unreadable", heading, repr(_said(cell)), *words)
    return None


def _nowhere(
    here: Mapping[str, Cell], reference: CoordinateReference, *, is_placed: bool
) -> CoordinateFault | None:
    """Return the fault of numbers outside the range of degrees or of the reference."""
    if len(here) == 2 and reference.crs.is_geographic:  # noqa: PLR2004 - two columns
        limits = (_LAT, _LON) if reference.is_swapped else (_LON, _LAT)
        for (heading, cell), most in zip(here.items(), limits, strict=True):
            if abs(number(cell)) > most:
                words = (f"degrees from -{most} to {most}", f"-{most} 至 {most} 的度数")
                return CoordinateFault("coordinate.range", heading, repr(_said(cell)), *words)
    if is_placed:
        return None
    found = ", ".join(map(_said, here.values()))
    name = reference.label
    words = (f"coordinates of {name.en}", f"{name.zh} 中的坐标")
    return CoordinateFault("coordinate.range", "、".join(here), repr(found), *words)
