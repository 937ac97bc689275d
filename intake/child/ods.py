"""
OpenDocument tables (.ods): the same tables as those of an .xlsx, by defusedxml.

A cell holds its value and the text that people see; calamine and pandas give the value alone, so
that 0.35 shown as 35 % and 7 shown as 007 would be lost. A file that breaks off keeps its rows.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.utils import get_column_letter

from intake.child.answer import Answer
from intake.child.fault_place import fault_place
from intake.child.member import Member
from intake.child.refused import Refused
from intake.child.sheet import Sheet, give, require_size
from intake.child.survey import Merge
from intake.child.workbook import check_archive
from intake.reading import Cell, RowFlaw

_OFFICE, _TABLE, _TEXT, _STYLE, _CALC = (
    "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}",
    "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}",
    "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}",
    "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}",
    "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}",
)
_CONTENT = "content.xml"
_HIDDEN = ("collapse", "filter")
_SHOWN = re.compile(r"^(\D*?)([-+]?\d[\d,]*(?:\.\d+)?)(.*)$", re.DOTALL)
_NUMBER = re.compile(r"^-?\d{1,40}(\.\d{1,40})?([eE][-+]?\d{1,2})?$")
_CURRENCY = "¥￥$ "
_MIDNIGHT = "T00:00:00"
_ERROR = "#VALUE!"
_WIDEST = 16_384  # columns of a sheet


@dataclass(slots=True)
class _Rows:
    """The rows of one sheet as they come."""

    title: str
    is_hidden: bool
    grid: list[list[Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    unsaved: dict[int, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[str] = field(default_factory=list)
    columns: int = 0
    blank: int = 0

    def add(self, row: Element) -> None:
        """Take a row as often as it is repeated; blank ones only where others follow."""
        times = _count(row, "number-rows-repeated")
        cells = _cells(row)
        if not cells:
            self.blank += times
            return
        require_size(len(self.grid) + self.blank + times, len(cells))
        self.grid += [[] for _ in range(self.blank)]
        self.blank = 0
        is_hidden = row.get(f"{_TABLE}visibility") in _HIDDEN
        for _ in range(times):
            self._note(row, is_hidden=is_hidden)
            self.grid.append(cells)

    def _note(self, row: Element, *, is_hidden: bool) -> None:
        """Note the merged ranges that begin in the next row, its formulas, and whether it shows."""
        top = len(self.grid)
        for at, cell in _elements(row):
            low = top + _count(cell, "number-rows-spanned") - 1
            right = at + _count(cell, "number-columns-spanned") - 1
            if low > top or right > at:
                self.merges.append((top, at, low, right))
            if _is_unsaved(cell):
                self.unsaved[top + 1] = str(cell.get(f"{_TABLE}formula"))[:80]
        if is_hidden:
            self.hidden_rows.add(top + 1)

    def sheet(self) -> Sheet:
        """Return the sheet as far as it has come."""
        width = max(map(len, self.grid), default=0)
        require_size(len(self.grid), width, self.merges)
        return Sheet(
            title=self.title,
            grid=[[*row, *[None] * (width - len(row))] for row in self.grid],
            merges=self.merges,
            unsaved=self.unsaved,
            is_hidden=self.is_hidden,
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=tuple(self.hidden_columns),
        )


def read(member: Member, answer: Answer) -> tuple[()]:
    """
    Read every sheet, each a part of its own.

    Parameters
    ----------
    member : Member
        The .ods.
    answer : Answer
        Takes the tables, and names the sheets without one.

    Raises
    ------
    Refused
        If the file is damaged, has a password, or is larger than allowed.
    """
    try:
        check_archive(member)
        with zipfile.ZipFile(member.path) as archive:
            is_locked = b"encryption-data" in archive.read("META-INF/manifest.xml")
            content = archive.read(_CONTENT)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError) as error:
        raise Refused("workbook.broken", fault_place(error)) from error
    if is_locked:
        raise Refused("workbook.password")
    return give(list(_sheets(content)), member, answer)


def _sheets(content: bytes) -> Iterator[Sheet]:
    """Yield every sheet; the last of a text that breaks off says so."""
    hidden: set[str] = set()
    rows: _Rows | None = None
    try:
        for event, element in iterparse(io.BytesIO(content), ("start", "end"), forbid_dtd=True):
            if event == "start":
                rows = _begun(element, hidden) if element.tag == f"{_TABLE}table" else rows
            elif rows is None:
                hidden |= _hiding(element)
            elif element.tag == f"{_TABLE}table":
                yield rows.sheet()
                rows = None
            else:
                _take(rows, element)
    except DefusedXmlException as error:
        raise Refused("refused.dtd") from error
    except ParseError as error:
        if rows is None:
            raise Refused("workbook.broken", fault_place(error)) from error
        cut = RowFlaw(len(rows.grid) + 1, "layer.cut", fault_place(error))
        yield replace(rows.sheet(), lost=(cut,))


def _begun(element: Element, hidden: set[str]) -> _Rows:
    style = element.get(f"{_TABLE}style-name")
    return _Rows(str(element.get(f"{_TABLE}name", "")), style in hidden)


def _hiding(style: Element) -> set[str]:
    """Return the name of a style that hides its sheet."""
    properties = f"{_STYLE}table-properties"
    is_hiding = any(one.get(f"{_TABLE}display") == "false" for one in style.findall(properties))
    return {str(style.get(f"{_STYLE}name"))} if is_hiding else set()


def _take(rows: _Rows, element: Element) -> None:
    """Take a row or a column; of a row nothing is kept in the tree."""
    if element.tag == f"{_TABLE}table-row":
        rows.add(element)
        element.clear()
    elif element.tag == f"{_TABLE}table-column":
        last = min(rows.columns + _count(element, "number-columns-repeated"), _WIDEST)
        if element.get(f"{_TABLE}visibility") in _HIDDEN:
            rows.hidden_columns += map(get_column_letter, range(rows.columns + 1, last + 1))
        rows.columns = last


def _count(element: Element, name: str) -> int:
    """Return how often something is repeated, or how far it spans; once where it does not say."""
    text = element.get(f"{_TABLE}{name}", "1")
    return int(text) if text.isdecimal() and 0 < int(text) < 2**31 else 1


def _elements(row: Element) -> Iterator[tuple[int, Element]]:
    """Yield the cells of a row that are not covered, each with its column."""
    at = 0
    for cell in row:
        times = _count(cell, "number-columns-repeated")
        if cell.tag == f"{_TABLE}table-cell":
            yield at, cell
        at += times


def _cells(row: Element) -> list[Cell]:
    """Return the values of a row up to the last one; blank cells repeat to the edge of a sheet."""
    cells: list[Cell] = []
    at = 0
    for cell in row:
        end = min(at + _count(cell, "number-columns-repeated"), _WIDEST)
        value = _value(cell) if cell.tag == f"{_TABLE}table-cell" else None
        if value is not None:
            cells += [None] * (at - len(cells)) + [value] * (end - at)
        at = end
    return cells


def _value(cell: Element) -> Cell:
    """Return what a person sees in a cell."""
    kind = cell.get(f"{_OFFICE}value-type") or ""
    if cell.get(f"{_CALC}value-type") == "error":
        return _ERROR
    if _is_unsaved(cell):
        return str(cell.get(f"{_TABLE}formula"))
    text = "\n".join(_written(one) for one in cell if one.tag == f"{_TEXT}p").strip()
    if kind in ("float", "percentage", "currency"):
        return _number(str(cell.get(f"{_OFFICE}value", "")), text, is_percent=kind == "percentage")
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    if kind == "date":
        day = str(cell.get(f"{_OFFICE}date-value") or text)
        return day.removesuffix(_MIDNIGHT).replace("T", " ") or None
    return text or None


def _is_unsaved(cell: Element) -> bool:
    """Return whether a formula was never calculated."""
    return f"{_TABLE}formula" in cell.attrib and f"{_OFFICE}value-type" not in cell.attrib


def _written(paragraph: Element) -> str:
    """Return the text of a paragraph, its spaces and breaks included."""
    pieces = [paragraph.text or ""]
    for one in paragraph:
        if one.tag == f"{_TEXT}s":
            pieces.append(" ")
        elif one.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            pieces.append("\n")
        elif one.tag != f"{_OFFICE}annotation":
            pieces.append(_written(one))
        pieces.append(one.tail or "")
    return "".join(pieces)


def _number(stored: str, text: str, *, is_percent: bool) -> Cell:
    """Return a number as people read it; the number itself where both say the same."""
    if not _NUMBER.match(stored):
        return text or stored or None
    number = Decimal(stored)
    value: Cell = int(number) if number == number.to_integral_value() else float(number)
    if is_percent:
        return f"{(number * 100).normalize():f}%"
    found = _SHOWN.match(text)
    if found is None or not _agree(number, found.group(2)):
        return value
    before, digits, behind = found.group(1).strip(_CURRENCY), found.group(2), found.group(3).strip()
    if re.fullmatch(r"0\d+", digits):
        return f"{before}{digits}{behind}"
    return f"{before}{number:f}{behind}" if before or behind else value


def _agree(number: Decimal, digits: str) -> bool:
    """Return whether the digits shown are the number, rounded."""
    shown = Decimal(digits.replace(",", ""))
    exponent = int(shown.as_tuple().exponent)
    return abs(number - shown) <= Decimal(1).scaleb(exponent) / 2
