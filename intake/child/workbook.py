"""
Workbooks (.xlsx): each sheet a survey table; merged cells seen, formulas never evaluated.

The value that the spreadsheet program saved beside a formula is taken; where there is none the row
says so. openpyxl reads the XML through defusedxml, so entities are refused.
"""

import datetime as dt
import re
import warnings
import zipfile
import zlib
from dataclasses import replace
from typing import Any

from defusedxml import DefusedXmlException

from intake.child.member import Member
from intake.child.number_format import shown
from intake.child.refused import Refused
from intake.child.strict import as_usual
from intake.child.survey import Grid, Merge, Survey, tables
from intake.reading import STATED, Cell, DeliveredTable, Note, Refusal, RowFlaw

_MOST_CELLS = 5_000_000
_MOST_ENTRY = 1024**3
_MERGE = re.compile(rb'mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_HEAD_ROWS = 30
_REFERENCE = re.compile(r"EPSG:\d{4,6}|GCJ-02|BD-09")
_ERRORS = ("#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NAME?", "#NUM!", "#NULL!")


def read(member: Member) -> tuple[list[DeliveredTable], list[Refusal]]:
    """Read every sheet; return the tables and the sheets without one."""
    try:
        _check_archive(member)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
        raise Refused("workbook.broken", str(error)) from error
    values = _open(member, data_only=True)
    formulas = _open(member, data_only=False)
    grids = {sheet.title: _grid(sheet, formulas[sheet.title]) for sheet in values.worksheets}
    stated = next(filter(None, map(_statement, grids.values())), "")
    found, empty = [], []
    for sheet in values.worksheets:
        parts = _tables(sheet, grids[sheet.title], formulas[sheet.title], member)
        if not parts:
            empty.append(Refusal(f"{member.name}/{sheet.title}", "ignored.empty_sheet"))
        found += [replace(table, crs=stated) for table in parts]
    if not found:
        raise Refused("table.none")
    return found, empty


def _check_archive(member: Member) -> None:
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
                data = archive.read(info)
                _require_no_dtd(data)
                _require_small_merges(data)


def _require_no_dtd(data: bytes) -> None:
    """Refuse a document type, which no spreadsheet program writes, in any width of letter."""
    if b"<!DOCTYPE" in data.replace(b"\x00", b""):
        raise Refused("refused.dtd", "DOCTYPE")


def _require_small_merges(data: bytes) -> None:
    """Refuse merged ranges that would be filled cell by cell until the end of time."""
    from openpyxl.worksheet.cell_range import CellRange  # noqa: PLC0415 - as `_open`

    total = 0
    for found in _MERGE.findall(data):
        size = CellRange(found.decode("ascii")).size
        total += size["rows"] * size["columns"]
    if total > _MOST_CELLS:
        raise Refused("workbook.too_large", f"{total}")


def _open(member: Member, *, data_only: bool) -> Any:  # noqa: ANN401 - an openpyxl workbook
    import openpyxl  # noqa: PLC0415 - slow to import, needed for workbooks only

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with member.path.open("rb") as stream:
                usual = as_usual(stream)
                return openpyxl.load_workbook(usual, data_only=data_only, keep_links=False)
        except DefusedXmlException as error:
            raise Refused("refused.dtd", type(error).__name__) from error
        except MemoryError:
            raise
        except Exception as error:
            raise Refused("workbook.broken", f"{type(error).__name__}: {error}") from error


def _written(formulas: Any) -> list[Any]:  # noqa: ANN401 - an openpyxl sheet and its cells
    """Return the cells that hold anything: a sheet may be formatted down to its millionth row."""
    return [cell for cell in formulas._cells.values() if cell.value is not None]  # noqa: SLF001


def _grid(sheet: Any, formulas: Any) -> Grid:  # noqa: ANN401 - openpyxl sheets
    used = _written(formulas)
    rows = max((cell.row for cell in used), default=1)
    columns = max((cell.column for cell in used), default=1)
    if rows * columns > _MOST_CELLS:
        raise Refused("workbook.too_large", f"{rows} × {columns}")
    lines = sheet.iter_rows(max_row=rows, max_col=columns, values_only=True)
    grid = [[_cell(value) for value in row] for row in lines]
    for cell in _written(sheet):
        if cell.has_style and cell.data_type == "n" and isinstance(cell.value, (int, float)):
            grid[cell.row - 1][cell.column - 1] = shown(cell.value, cell.number_format)
    return grid


def _statement(grid: Grid) -> str:
    """Take the line 坐标系 of our template out of its first sheet; return what it states."""
    for row in grid[:_HEAD_ROWS]:
        texts = [str(cell).strip() for cell in row if cell is not None]
        if len(texts) == 2 and texts[0] == "坐标系" and (named := _REFERENCE.match(texts[1])):  # noqa: PLR2004
            row[:] = [None] * len(row)
            return STATED + named.group()
    return ""


def _tables(sheet: Any, grid: Grid, formulas: Any, member: Member) -> list[DeliveredTable]:  # noqa: ANN401
    """Return the tables of a sheet; several where they stand side by side."""
    merges: list[Merge] = [
        (r.min_row - 1, r.min_col - 1, r.max_row - 1, r.max_col - 1)
        for r in sheet.merged_cells.ranges
    ]
    unsaved = _unsaved(grid, formulas)
    surveys = tables(grid, merges)
    names = [sheet.title, *(f"{sheet.title} ({n})" for n in range(2, len(surveys) + 1))]
    return [
        _table(sheet, survey, name, member.name, _flaws(survey.rows, grid, unsaved))
        for survey, name in zip(surveys, names, strict=False)
    ]


def _table(
    sheet: Any,  # noqa: ANN401
    survey: Survey,
    name: str,
    member: str,
    flaws: list[RowFlaw],
) -> DeliveredTable:
    notes = survey.notes
    if sheet.sheet_state != "visible":
        notes = (*notes, Note("workbook.hidden", sheet.title))
    hidden = tuple(row for row in survey.rows if sheet.row_dimensions[row].hidden)
    columns = ", ".join(key for key, one in sheet.column_dimensions.items() if one.hidden)
    if columns:
        notes = (*notes, Note("workbook.hidden_columns", columns[:200]))
    return DeliveredTable(
        member=member,
        name=name,
        format="workbook",
        rows=survey.rows,
        fields=survey.fields,
        flaws=tuple(flaws),
        notes=notes,
        remarks=survey.remarks,
        merged=survey.merged,
        hidden=hidden,
        day_zero=sheet.parent.epoch.date().isoformat(),
    )


def _unsaved(grid: Grid, formulas: Any) -> dict[int, str]:  # noqa: ANN401
    """Write formulas whose value was never saved into their cells; return one a row."""
    found: dict[int, str] = {}
    for cell in _written(formulas):
        if cell.data_type == "f" and grid[cell.row - 1][cell.column - 1] is None:
            grid[cell.row - 1][cell.column - 1] = str(cell.value)
            found[cell.row] = f"{cell.coordinate} {cell.value}"[:80]
    return found


def _flaws(rows: tuple[int, ...], grid: Grid, unsaved: dict[int, str]) -> list[RowFlaw]:
    """Rows with an error value, or with a formula whose value was never saved."""
    flaws = []
    for row in rows:
        error = next((cell for cell in grid[row - 1] if cell in _ERRORS), None)
        if error is not None:
            flaws.append(RowFlaw(row, "cell.error", str(error)))
        elif row in unsaved:
            flaws.append(RowFlaw(row, "cell.formula", unsaved[row]))
    return flaws


def _cell(value: Any) -> Cell:  # noqa: ANN401 - whatever openpyxl hands out
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, str):
        return value.strip() or None
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)
