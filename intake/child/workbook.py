"""
Workbooks (.xlsx): each sheet a survey table; merged cells seen, formulas never evaluated.

The value that the spreadsheet program saved beside a formula is taken; where there is none the row
says so. openpyxl reads the XML through defusedxml, so entities are refused.
"""

import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from typing import Any

import openpyxl
from defusedxml import DefusedXmlException
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange

from intake.child.answer import Answer
from intake.child.broken_workbook import read_part, salvage
from intake.child.fault_place import fault_place
from intake.child.member import Member
from intake.child.number_format import shown, unseen
from intake.child.refused import Refused
from intake.child.sheet import MOST_CELLS, MOST_NAMED, Doubt, Sheet, give, require_size
from intake.child.strict import as_usual
from intake.child.survey import Grid
from intake.letters import raised
from intake.reading import Cell

_MOST_ENTRY = 1024**3
_SHOWN = ("n", "s")  # numbers and texts: as their format shows them
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGE = re.compile(rb'mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')


def read(member: Member, answer: Answer) -> tuple[()]:
    """
    Read every sheet, each a part of its own.

    Parameters
    ----------
    member : Member
        The .xlsx.
    answer : Answer
        Takes the tables, and names the sheets without one.

    Raises
    ------
    Refused
        If the workbook is damaged, larger than allowed, or made to deceive.
    """
    try:
        check_archive(member)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
        raise Refused("workbook.broken", fault_place(error)) from error
    data = member.path.read_bytes()
    try:
        sheets = _sheets(data)
    except Refused as failure:
        if failure.rule != "workbook.broken":
            raise
        sheets = salvage(data, _sheets, failure)
    return give(sheets, member, answer)


def _sheets(data: bytes) -> list[Sheet]:
    """Return every sheet of a sound workbook."""
    values, formulas = _open(data, data_only=True), _open(data, data_only=False)
    return [_sheet(sheet, formulas[sheet.title]) for sheet in values.worksheets]


def check_archive(member: Member) -> None:
    """Refuse a workbook that unpacks to more than any workbook does."""
    with zipfile.ZipFile(member.path) as archive:
        infos = archive.infolist()
        if sum(info.file_size for info in infos) > _MOST_ENTRY:
            raise Refused("zip.too_large")
        for info in infos:
            if info.file_size > 2**22 and info.file_size > 400 * max(info.compress_size, 1):
                raise Refused("zip.bomb", info.filename)
            if "vbaproject" in info.filename.lower() and member.suffix == ".xlsx":
                raise Refused("refused.macros")
            if info.filename.lower().endswith((".xml", ".rels", ".vml")):
                data = read_part(archive, info)
                _require_no_dtd(data)
                _require_small_merges(data)


def _require_no_dtd(data: bytes) -> None:
    """Refuse a document type, which no spreadsheet program writes, in any width of letter."""
    if b"<!DOCTYPE" in data.replace(b"\x00", b""):
        raise Refused("refused.dtd", "DOCTYPE")


def _require_small_merges(data: bytes) -> None:
    """Refuse merged ranges that would be filled cell by cell until the end of time."""
    total = 0
    for found in _MERGE.findall(data):
        size = CellRange(found.decode("ascii")).size
        total += size["rows"] * size["columns"]
    if total > MOST_CELLS:
        raise Refused("workbook.too_large", f"{total}")


def _open(data: bytes, *, data_only: bool) -> Any:  # noqa: ANN401 - an openpyxl workbook
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            usual = as_usual(io.BytesIO(data))
            return openpyxl.load_workbook(
                usual, data_only=data_only, keep_links=False, rich_text=data_only
            )
        except DefusedXmlException as error:
            raise Refused("refused.dtd") from error
        except MemoryError:
            raise
        except Exception as error:
            raise Refused("workbook.broken", fault_place(error)) from error


def _written(formulas: Any) -> list[Any]:  # noqa: ANN401 - an openpyxl sheet and its cells
    """Return the cells that hold anything: a sheet may be formatted down to its millionth row."""
    return [cell for cell in formulas._cells.values() if cell.value is not None]  # noqa: SLF001


def _grid(sheet: Any, formulas: Any) -> tuple[Grid, list[str]]:  # noqa: ANN401 - openpyxl sheets
    """Return the cells as people see them, and those of which they see nothing."""
    used = _written(formulas)
    rows = max((cell.row for cell in used), default=1)
    columns = max((cell.column for cell in used), default=1)
    require_size(rows, columns)
    lines = sheet.iter_rows(max_row=rows, max_col=columns, values_only=True)
    grid = [[_cell(value) for value in row] for row in lines]
    hidden: list[str] = []
    for cell in _written(sheet):
        if cell.has_style and cell.data_type in _SHOWN:
            line, at = grid[cell.row - 1], cell.column - 1
            value, line[at] = line[at], shown(line[at], cell.number_format)
            if len(hidden) < MOST_NAMED and unseen(value, line[at]):
                hidden.append(f"{cell.coordinate} {value!s}"[:80])
    return grid, hidden


def _sheet(sheet: Any, formulas: Any) -> Sheet:  # noqa: ANN401 - openpyxl sheets
    grid, hidden = _grid(sheet, formulas)
    columns = sheet.column_dimensions.values()
    return Sheet(
        title=sheet.title,
        grid=grid,
        merges=[
            (r.min_row - 1, r.min_col - 1, r.max_row - 1, r.max_col - 1)
            for r in sheet.merged_cells.ranges
        ],
        doubts=_doubts(grid, sheet, formulas),
        is_hidden=sheet.sheet_state != "visible",
        hidden_rows=frozenset(
            row for row, one in sheet.row_dimensions.items() if one.hidden or one.ht == 0
        ),
        hidden_columns=tuple(
            get_column_letter(number)
            for one in columns
            if one.hidden or one.width == 0
            for number in range(one.min, min(one.max, sheet.max_column) + 1)
        ),
        unseen=hidden,
        day_zero=sheet.parent.epoch.date().isoformat(),
    )


def _doubts(grid: Grid, sheet: Any, formulas: Any) -> dict[int, Doubt]:  # noqa: ANN401
    """Return one doubt a row; formulas whose value was never saved are written into their cells."""
    found: dict[int, Doubt] = {}
    for cell in _written(formulas):
        at = cell.row - 1, cell.column - 1
        if cell.data_type == "f" and grid[at[0]][at[1]] is None and not _is_saved(sheet, cell):
            grid[at[0]][at[1]] = str(cell.value)
            found[cell.row] = "cell.formula", f"{cell.coordinate} {cell.value}"[:80]
    fonts = {number for number, font in enumerate(sheet.parent._fonts) if font.strike}  # noqa: SLF001
    for cell in _written(sheet):
        is_struck = bool(fonts) and cell._style.fontId in fonts  # noqa: SLF001
        if is_struck or (isinstance(cell.value, CellRichText) and _has_struck(cell.value)):
            found[cell.row] = "cell.struck", f"{cell.coordinate} {cell.value}"[:80]
    return found


def _is_saved(sheet: Any, formula: Any) -> bool:  # noqa: ANN401 - an openpyxl sheet and its cell
    """Return whether a formula was saved with a value, an empty text or one that is not shown."""
    saved = sheet._cells.get((formula.row, formula.column))  # noqa: SLF001
    return saved is not None and (saved.data_type == "str" or saved.value is not None)


def _has_struck(text: CellRichText) -> bool:
    return any(isinstance(one, TextBlock) and one.font.strike for one in text)


def _plain(text: CellRichText) -> str:
    """Return text of several fonts; what stands above the line in signs that do."""
    blocks = (
        raised(one.text)
        if isinstance(one, TextBlock) and one.font.vertAlign == "superscript"
        else str(one)
        for one in text
    )
    return "".join(blocks)


def _cell(value: Any) -> Cell:  # noqa: ANN401 - whatever openpyxl hands out
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, CellRichText):
        value = _plain(value)
    if isinstance(value, str):
        return _ESCAPE.sub(_sign, value).strip() or None
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)


def _sign(escape: re.Match[str]) -> str:
    """Return the sign that XML does not allow and a workbook writes as an escape."""
    return chr(int(escape.group(1), 16)).replace("\r", "")
