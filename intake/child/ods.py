"""
OpenDocument tables (.ods): the same tables as those of an .xlsx, by defusedxml.

A cell holds its value and the text that people see; calamine and pandas give the value alone, so
that 0.35 shown as 35 % and 7 shown as 007 would be lost. A file that breaks off keeps its rows. A
table inside a cell is named and left out.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.utils import get_column_letter

from intake.child.answer import Answer
from intake.child.fault_place import fault_place
from intake.child.member import Member
from intake.child.number_format import is_dash, unseen
from intake.child.ods_text import OFFICE, TABLE, TEXT, Styles, is_struck, written
from intake.child.refused import Refused
from intake.child.sheet import MOST_NAMED, Doubt, Sheet, give, require_size
from intake.child.survey import Merge
from intake.child.workbook import check_archive
from intake.reading import Cell, RowFlaw

_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CONTENT = "content.xml"
_COMMON = "styles.xml"  # the styles that those of the content are made of
_HIDDEN = ("collapse", "filter")
_SHOWN = re.compile(r"^(\D*?)([-+]?\d[\d,]*(?:\.\d+)?)(.*)$", re.DOTALL)
_NUMBER = re.compile(r"^-?\d{1,40}(\.\d{1,40})?([eE][-+]?\d{1,2})?$")
_CURRENCY = "¥￥$ "
_MIDNIGHT = "T00:00:00"
_ERROR = "#VALUE!"
_WIDEST = 16_384  # columns of a sheet
_CELL_STYLE = f"{TABLE}default-cell-style-name"
_LINKED = f"{TABLE}dde-link"  # keeps a copy of another program's table


@dataclass(slots=True)
class _Rows:
    """The rows of one sheet as they come."""

    title: str
    styles: Styles
    is_hidden: bool
    grid: list[list[Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    doubts: dict[int, Doubt] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    nested: list[int] = field(default_factory=list)
    columns: int = 0
    column_styles: list[str] = field(default_factory=list)
    blank: int = 0

    def add(self, row: Element) -> None:
        """Take a row as often as it is repeated; blank ones only where others follow."""
        times = _count(row, "number-rows-repeated")
        cells = _cells(row, self.styles)
        if not cells:
            self.blank += times
            return
        require_size(len(self.grid) + self.blank + times, len(cells))
        self.grid += [[] for _ in range(self.blank)]
        self.blank = 0
        is_hidden = row.get(f"{TABLE}visibility") in _HIDDEN
        for _ in range(times):
            self._note(row, cells, is_hidden=is_hidden)
            self.grid.append(cells)

    def nest(self) -> None:
        """Note that a cell of the row that comes next holds a table of its own."""
        self.nested.append(len(self.grid) + self.blank + 1)

    def _note(self, row: Element, cells: Sequence[Cell], *, is_hidden: bool) -> None:
        """Note the merged ranges that begin in the next row, what is doubtful, what is hidden."""
        top = len(self.grid)
        for at, cell in _elements(row):
            low = top + _count(cell, "number-rows-spanned") - 1
            right = at + _count(cell, "number-columns-spanned") - 1
            if low > top or right > at:
                self.merges.append((top, at, low, right))
            place, value = f"{get_column_letter(at + 1)}{top + 1}", _at(cells, at)
            if len(self.unseen) < MOST_NAMED and unseen(_stored(cell), value):
                self.unseen.append(f"{place} {cell.get(f'{OFFICE}value')}"[:80])
            if _is_unsaved(cell):
                self.doubts[top + 1] = "cell.formula", str(cell.get(f"{TABLE}formula"))[:80]
            elif value is not None and is_struck(cell, self._style(row, at, cell), self.styles):
                self.doubts[top + 1] = "cell.struck", f"{place} {value!s}"[:80]
        if is_hidden:
            self.hidden_rows.add(top + 1)

    def _style(self, row: Element, at: int, cell: Element) -> str:
        """Return the style of a cell: its own, else that of its row, else that of its column."""
        of_column = self.column_styles[at] if at < len(self.column_styles) else ""
        own = cell.get(f"{TABLE}style-name")
        return own or row.get(_CELL_STYLE) or of_column

    def sheet(self) -> Sheet:
        """Return the sheet as far as it has come."""
        width = max(map(len, self.grid), default=0)
        require_size(len(self.grid), width, self.merges)
        return Sheet(
            title=self.title,
            grid=[[*row, *[None] * (width - len(row))] for row in self.grid],
            merges=self.merges,
            doubts=self.doubts,
            is_hidden=self.is_hidden,
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=tuple(self.hidden_columns),
            unseen=self.unseen,
            nested=tuple(self.nested),
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
            common = archive.read(_COMMON) if _COMMON in archive.namelist() else b""
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError) as error:
        raise Refused("workbook.broken", fault_place(error)) from error
    if is_locked:
        raise Refused("workbook.password")
    return give(list(_sheets(content, _styles(common))), member, answer)


@dataclass(slots=True)
class _Book:
    """A workbook as it comes: the sheet that is open, and what is open inside a cell of it."""

    styles: Styles
    rows: _Rows | None = None
    inside: int = 0  # tables in a cell, and copies of other programs' tables

    def take(self, event: str, element: Element) -> Sheet | None:
        """Take what begins or ends; return a sheet that ends."""
        is_table = element.tag == f"{TABLE}table"
        is_begin = event == "start"
        is_inner = self.inside > 0 or (self.rows is not None and is_begin)
        if element.tag == _LINKED or (is_table and is_inner):
            self._nest(1 if is_begin else -1)
        elif is_begin:
            self.rows = _begun(element, self.styles) if is_table else self.rows
        elif self.rows is None:
            self.styles.add(element)
        elif is_table:
            done, self.rows = self.rows.sheet(), None
            return done
        else:
            _take(self.rows, element, is_inside=self.inside > 0)
        return None

    def _nest(self, step: int) -> None:
        self.inside += step
        if self.rows is not None and step == self.inside == 1:
            self.rows.nest()


def _styles(common: bytes) -> Styles:
    """Return the styles of a workbook as far as they are whole."""
    styles = Styles()
    with suppress(ParseError):
        for _, element in iterparse(io.BytesIO(common), ("end",), forbid_dtd=True):
            styles.add(element)
    return styles


def _sheets(content: bytes, styles: Styles) -> Iterator[Sheet]:
    """Yield every sheet; the last of a text that breaks off says so."""
    book = _Book(styles)
    try:
        for event, element in iterparse(io.BytesIO(content), ("start", "end"), forbid_dtd=True):
            if (sheet := book.take(event, element)) is not None:
                yield sheet
    except DefusedXmlException as error:
        raise Refused("refused.dtd") from error
    except ParseError as error:
        if book.rows is None:
            raise Refused("workbook.broken", fault_place(error)) from error
        cut = RowFlaw(len(book.rows.grid) + 1, "layer.cut", fault_place(error))
        yield replace(book.rows.sheet(), lost=(cut,))


def _begun(element: Element, styles: Styles) -> _Rows:
    is_hidden = element.get(f"{TABLE}style-name") in styles.hidden
    return _Rows(str(element.get(f"{TABLE}name", "")), styles, is_hidden)


def _take(rows: _Rows, element: Element, *, is_inside: bool) -> None:
    """Take a row or a column of the sheet itself; of a row nothing is kept in the tree."""
    if element.tag == f"{TABLE}table-row":
        if not is_inside:
            rows.add(element)
        element.clear()
    elif is_inside:
        return
    elif element.tag == f"{TABLE}table-column":
        last = min(rows.columns + _count(element, "number-columns-repeated"), _WIDEST)
        if element.get(f"{TABLE}visibility") in _HIDDEN:
            rows.hidden_columns += map(get_column_letter, range(rows.columns + 1, last + 1))
        rows.column_styles += [element.get(_CELL_STYLE, "")] * (last - rows.columns)
        rows.columns = last


def _count(element: Element, name: str) -> int:
    """Return how often something is repeated, or how far it spans; once where it does not say."""
    text = element.get(f"{TABLE}{name}", "1")
    return int(text) if text.isdecimal() and 0 < int(text) < 2**31 else 1


def _elements(row: Element) -> Iterator[tuple[int, Element]]:
    """Yield the cells of a row that are not covered, each with its column."""
    at = 0
    for cell in row:
        times = _count(cell, "number-columns-repeated")
        if cell.tag == f"{TABLE}table-cell":
            yield at, cell
        at += times


def _cells(row: Element, styles: Styles) -> list[Cell]:
    """Return the values of a row up to the last one; blank cells repeat to the edge of a sheet."""
    cells: list[Cell] = []
    at = 0
    for cell in row:
        end = min(at + _count(cell, "number-columns-repeated"), _WIDEST)
        value = _value(cell, styles) if cell.tag == f"{TABLE}table-cell" else None
        if value is not None:
            cells += [None] * (at - len(cells)) + [value] * (end - at)
        at = end
    return cells


def _at(cells: Sequence[Cell], at: int) -> Cell:
    """Return the value at a column, None behind the last."""
    return cells[at] if at < len(cells) else None


def _value(cell: Element, styles: Styles) -> Cell:
    """Return what a person sees in a cell."""
    kind = cell.get(f"{OFFICE}value-type") or ""
    if cell.get(f"{_CALC}value-type") == "error":
        return _ERROR
    if _is_unsaved(cell):
        return str(cell.get(f"{TABLE}formula"))
    text = "\n".join(written(one, styles) for one in cell if one.tag == f"{TEXT}p").strip()
    text = text or str(cell.get(f"{OFFICE}string-value", "")).strip()
    if kind in ("float", "percentage", "currency"):
        stored = str(cell.get(f"{OFFICE}value", ""))
        is_hidden = not text and cell.find(f"{TEXT}p") is not None
        return None if is_hidden else _number(stored, text, is_percent=kind == "percentage")
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value") == "true"
    if kind == "date":
        day = str(cell.get(f"{OFFICE}date-value") or text)
        return day.removesuffix(_MIDNIGHT).replace("T", " ") or None
    return text or None


def _stored(cell: Element) -> float | None:
    """Return the number that a cell holds, None if it is none."""
    stored = cell.get(f"{OFFICE}value", "")
    return float(stored) if _NUMBER.match(stored) else None


def _is_unsaved(cell: Element) -> bool:
    """Return whether a formula was never calculated."""
    return f"{TABLE}formula" in cell.attrib and f"{OFFICE}value-type" not in cell.attrib


def _number(stored: str, text: str, *, is_percent: bool) -> Cell:
    """Return a number as people read it; the number itself where both say the same."""
    if not _NUMBER.match(stored) or (is_dash(text) and float(stored) == 0):
        return text or stored or None
    number = Decimal(stored)
    value: Cell = int(number) if number == number.to_integral_value() else float(number)
    if is_percent:
        return f"{(number * 100).normalize():f}%"
    found = _SHOWN.match(text)
    if found is None or not _agree(number, found.group(2)):
        return value
    before, digits, behind = found.group(1).strip(_CURRENCY), found.group(2), found.group(3).strip()
    if any(map(str.isdecimal, behind)):  # a fraction, or a power of ten
        return value
    if re.fullmatch(r"0\d+", digits):
        return f"{before}{digits}{behind}"
    return f"{before}{number:f}{behind}" if before or behind else value


def _agree(number: Decimal, digits: str) -> bool:
    """Return whether the digits shown are the number, rounded."""
    shown = Decimal(digits.replace(",", ""))
    exponent = int(shown.as_tuple().exponent)
    return abs(number - shown) <= Decimal(1).scaleb(exponent) / 2
