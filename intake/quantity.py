"""Quantities: a number as somebody wrote it into a cell, with or without a unit."""

import re
from dataclasses import dataclass

from intake import units
from intake.letters import comparable

_THOUSANDS = re.compile(r"^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$")
_NUMBER = re.compile(r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
_WITH_UNIT = re.compile(r"^([-+]?[\d,]*\.?\d+)\s*([^\d\s.,+-][^\s.,+-]{0,7})$")
_DIAMETER = re.compile(r"^(?:DN|De|[DdΦφØøф⌀∅])\s*(\d+(?:\.\d+)?)\s*(mm)?$", re.IGNORECASE)
_IN_MILLIMETRES = "mm"
_MARKED = re.compile(
    "(?:^|[\\d.,\\s])[\u00b2\u00b3\u00b9\u2070-\u209c\u2460-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf]"
)
"""A mark of a footnote beside digits, which one width would make digits too: 120①, 120²."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """
    A number and the unit behind it.

    Attributes
    ----------
    number : int or float
        As written.
    unit : str
        As written, "" if none.
    """

    number: int | float
    unit: str = ""


def read(text: str, own: str) -> Quantity | None:
    """
    Return the quantity that a cell is as a whole, None if it is none.

    ``1,088``, ``216户``, ``35%``, ``1.25万㎡``, and for a column in millimetres ``DN200`` and
    ``Φ200``; never a range, an approximation or a section such as ``200x300``.

    Parameters
    ----------
    text : str
        The cell.
    own : str
        Unit of the column.
    """
    if _MARKED.search(text):
        return None
    plain = comparable(text).lstrip("¥$￥").strip()
    if own == _IN_MILLIMETRES and (found := _DIAMETER.match(plain)):
        return Quantity(_value(found.group(1)), _IN_MILLIMETRES)
    bare = _number(plain)
    if bare is not None:
        return Quantity(bare)
    split = _WITH_UNIT.match(plain)
    number = _number(split.group(1)) if split else None
    if split is None or number is None or units.conversion(split.group(2), own) is None:
        return None
    return Quantity(number, split.group(2))


def _number(text: str) -> int | float | None:
    if _THOUSANDS.match(text):
        text = text.replace(",", "")
    return _value(text) if _NUMBER.match(text) else None


def _value(text: str) -> int | float:
    return int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)
