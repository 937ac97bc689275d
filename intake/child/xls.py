"""
Workbooks of before 2007 (.xls, and .et of WPS) by xlrd: the same tables as those of an .xlsx.

xlrd reads number formats, merged ranges and what is hidden. A formula counts with its saved value;
whether one was saved the format does not say.
"""

import datetime as dt
import io
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

import xlrd
from xlrd.xldate import XLDateError, xldate_as_datetime

from intake.child.answer import Answer
from intake.child.fault_place import fault_place
from intake.child.member import Member
from intake.child.number_format import shown, unseen
from intake.child.refused import Refused
from intake.child.sheet import MOST_NAMED, Sheet, give, require_size
from intake.child.survey import Grid
from intake.letters import raised
from intake.reading import Cell

_DAY_ZERO = {0: "1899-12-30", 1: "1904-01-01"}
_WHOLE = 2.0**53
_SUPER = 1  # xlrd's number of text above the line


def read(member: Member, answer: Answer) -> tuple[()]:
    """
    Read every sheet, each a part of its own.

    Parameters
    ----------
    member : Member
        The .xls or .et.
    answer : Answer
        Takes the tables, and names the sheets without one.

    Raises
    ------
    Refused
        If the workbook is damaged or has a password.
    """
    data = member.path.read_bytes()
    try:
        sheets = _sheets(_open(data))
    except UnicodeDecodeError:  # the code page it names is not the one it is in
        sheets = _sheets(_open(data, encoding_override="gb18030"))
    return give(sheets, member, answer)


def _open(data: bytes, **how: str) -> Any:  # noqa: ANN401 - an xlrd workbook
    try:
        return xlrd.open_workbook(
            file_contents=data, formatting_info=True, on_demand=True, logfile=io.StringIO(), **how
        )
    except (UnicodeDecodeError, MemoryError):
        raise
    except Exception as error:
        is_locked = "encrypt" in str(error).lower()
        rule = "workbook.password" if is_locked else "workbook.broken"
        raise Refused(rule, fault_place(error)) from error


def _sheets(book: Any) -> list[Sheet]:  # noqa: ANN401 - an xlrd workbook
    return [_loaded(book, number) for number in range(book.nsheets)]


def _loaded(book: Any, number: int) -> Sheet:  # noqa: ANN401 - an xlrd workbook
    """Return a sheet; one that is damaged says why, and costs no other."""
    try:
        return _sheet(book.sheet_by_index(number), book)
    except (Refused, UnicodeDecodeError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - xlrd gives up in many ways
        return Sheet(str(book.sheet_names()[number]), [], is_broken=True)


def _sheet(sheet: Any, book: Any) -> Sheet:  # noqa: ANN401 - xlrd's sheet and workbook
    merges = [(top, left, low - 1, right - 1) for top, low, left, right in sheet.merged_cells]
    require_size(sheet.nrows, sheet.ncols, merges)
    columns = (number for number, one in sorted(sheet.colinfo_map.items()) if one.hidden)
    grid = [[_cell(cell, book) for cell in sheet.row(row)] for row in range(sheet.nrows)]
    struck = dict(_runs(sheet, book, grid))
    return Sheet(
        title=sheet.name,
        grid=grid,
        merges=merges,
        doubts={row + 1: ("cell.struck", detail) for row, detail in struck.items()},
        is_hidden=sheet.visibility != 0,
        hidden_rows=frozenset(
            row + 1 for row, one in sheet.rowinfo_map.items() if one.hidden or one.height == 0
        ),
        hidden_columns=tuple(map(xlrd.colname, columns)),
        unseen=list(islice(_unseen(sheet, grid), MOST_NAMED)),
        day_zero=_DAY_ZERO[book.datemode],
    )


def _runs(sheet: Any, book: Any, grid: Grid) -> Iterator[tuple[int, str]]:  # noqa: ANN401
    """Yield the rows with text that is struck out; write raised text in signs that are."""
    struck = {number for number, font in enumerate(book.font_list) if font.struck_out}
    high = {number for number, font in enumerate(book.font_list) if font.escapement == _SUPER}
    for row, line in enumerate(grid) if struck or high else ():
        for column, value in enumerate(line):
            if value is None:
                continue
            runs = sheet.rich_text_runlist_map.get((row, column), ())
            used = {number for _, number in runs}
            if struck & {*used, book.xf_list[sheet.cell_xf_index(row, column)].font_index}:
                yield row, f"{xlrd.cellname(row, column)} {value!s}"[:80]
            if used & high:
                line[column] = _raised(sheet.cell_value(row, column), runs, high).strip()


def _unseen(sheet: Any, grid: Grid) -> Iterator[str]:  # noqa: ANN401 - an xlrd sheet
    """Yield the cells whose format shows nothing of what they hold, or a dash for a zero."""
    for row, line in enumerate(grid):
        for column, cell in enumerate(sheet.row(row)):
            is_written = cell.ctype in {xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER}
            is_blank = isinstance(cell.value, str) and not cell.value.strip()
            if is_written and not is_blank and unseen(cell.value, line[column]):
                yield f"{xlrd.cellname(row, column)} {cell.value!s}"[:80]


def _raised(text: str, runs: Sequence[tuple[int, int]], high: Collection[int]) -> str:
    """Return text of several fonts, each from its place on; raised text in signs that are."""
    ends = [*(at for at, _ in runs[1:]), len(text)]
    parts = (
        raised(text[at:end]) if font in high else text[at:end]
        for (at, font), end in zip(runs, ends, strict=True)
    )
    return text[: runs[0][0]] + "".join(parts)


def _cell(cell: Any, book: Any) -> Cell:  # noqa: ANN401 - xlrd's cell and workbook
    """Return a cell as people see it."""
    code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return shown(cell.value.strip() or None, code)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _moment(cell.value, book.datemode)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        is_whole = cell.value.is_integer() and abs(cell.value) < _WHOLE
        return shown(int(cell.value) if is_whole else cell.value, code)
    return None


def _moment(serial: float, datemode: int) -> Cell:
    """Return a day, a moment or a time of day in ISO 8601; the number itself if it is none."""
    try:
        found = xldate_as_datetime(serial, datemode) if serial >= 0 else None
    except (XLDateError, OverflowError, ValueError):
        return serial
    if found is None:
        return serial
    if 0 < serial < 1:
        return str(found.time().isoformat())
    return str(found.date() if found.time() == dt.time() else found)
