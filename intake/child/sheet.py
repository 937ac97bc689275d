"""Sheets: the cells of a workbook, whichever program wrote it, and the tables in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from intake.child.answer import Answer
from intake.child.geometry_column import take_geometry
from intake.child.member import Member
from intake.child.refused import Refused
from intake.child.survey import Grid, Merge, Survey, tables
from intake.reading import STATED, DeliveredTable, Note, RowFlaw

MOST_CELLS = 5_000_000
"""Cells of a sheet, and cells of it that are merged, beyond which it is not read."""
MOST_NAMED = 40
"""Cells that one note of a sheet names at most: a note holds 200 characters."""
Doubt = tuple[str, str]
"""Why a row is not taken as it stands: a rule id and what was found."""
_HEAD_ROWS = 30
_REFERENCE = re.compile(r"EPSG:\d{4,6}|GCJ-02|BD-09|[A-Z0-9]{5,11}:TM(:[-+\d.]{1,20}){2,5}")
_ERRORS = ("#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NAME?", "#NUM!", "#NULL!")


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    One sheet.

    Attributes
    ----------
    title : str
        Its name.
    grid : list of list of cell
        Every row equally long, as people see the cells; None where nothing is written.
    merges : sequence of Merge
        Merged ranges.
    doubts : mapping of int to Doubt
        By row, counted from 1: a formula whose value was never saved, text that is struck out.
    is_hidden : bool
        Whether the sheet is.
    hidden_rows : frozenset of int
        Rows, counted from 1.
    hidden_columns : tuple of str
        Their letters.
    day_zero : str
        Day 0 of serial dates, ISO 8601.
    lost : tuple of RowFlaw
        Rows that could not be read.
    is_broken : bool
        Whether nothing of the sheet could be read.
    has_formats : bool
        Whether it is known how its numbers are shown.
    unseen : sequence of str
        Cells whose format shows nothing of what they hold, or a dash for a zero: "B2 350"; the
        first `MOST_NAMED`.
    nested : tuple of int
        Rows, counted from 1, with a cell that holds a table of its own.
    """

    title: str
    grid: Grid
    merges: Sequence[Merge] = ()
    doubts: Mapping[int, Doubt] = field(default_factory=dict)
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[str, ...] = ()
    day_zero: str = ""
    lost: tuple[RowFlaw, ...] = ()
    is_broken: bool = False
    has_formats: bool = True
    unseen: Sequence[str] = ()
    nested: tuple[int, ...] = ()


def require_size(rows: int, columns: int, merges: Sequence[Merge] = ()) -> None:
    """Refuse a sheet that has, or merges, more cells than are read."""
    if rows * columns > MOST_CELLS:
        raise Refused("workbook.too_large", f"{rows} × {columns}")
    merged = sum((low - top + 1) * (right - left + 1) for top, left, low, right in merges)
    if merged > MOST_CELLS:
        raise Refused("workbook.too_large", f"{merged}")


def give(sheets: Sequence[Sheet], member: Member, answer: Answer) -> tuple[()]:
    """
    Give the tables of every sheet, each sheet a part of its own.

    Parameters
    ----------
    sheets : sequence of Sheet
        All of a workbook; what one of them states as coordinate system holds for all.
    member : Member
        The workbook.
    answer : Answer
        Takes the tables.

    Raises
    ------
    Refused
        If no sheet has a table.
    """
    stated = next(filter(None, map(_statement, sheets)), "")
    has_tables = [
        answer.part(
            f"{member.name}/{sheet.title}",
            partial(_of_sheet, sheet, member.name, stated, answer),
        )
        for sheet in sheets
    ]
    if not any(has_tables):
        raise Refused("table.none")
    return ()


def _statement(sheet: Sheet) -> str:
    """Take the line 坐标系 of our template out of its first sheet; return what it states."""
    for row in sheet.grid[:_HEAD_ROWS]:
        texts = [str(cell).strip() for cell in row if cell is not None]
        if len(texts) == 2 and texts[0] == "坐标系" and (named := _REFERENCE.match(texts[1])):  # noqa: PLR2004
            row[:] = [None] * len(row)
            return STATED + named.group()
    return ""


def _of_sheet(sheet: Sheet, member: str, stated: str, answer: Answer) -> list[DeliveredTable]:
    """Return the tables of a sheet; several where they stand side by side."""
    surveys = tables(sheet.grid, sheet.merges)
    if sheet.is_broken or (sheet.lost and not surveys):
        raise Refused("workbook.sheet")
    if not surveys:
        answer.ignore(f"{member}/{sheet.title}", "ignored.empty_sheet")
    names = [sheet.title, *(f"{sheet.title} ({n})" for n in range(2, len(surveys) + 1))]
    found = [_table(sheet, *pair, member) for pair in zip(surveys, names, strict=False)]
    found[:1] = [replace(one, lost=sheet.lost) for one in found[:1]]
    return [part for one in found for part in take_geometry(replace(one, crs=stated))]


def _table(sheet: Sheet, survey: Survey, name: str, member: str) -> DeliveredTable:
    notes = survey.notes
    if sheet.is_hidden:
        notes = (*notes, Note("workbook.hidden", sheet.title))
    if sheet.hidden_columns:
        letters = ", ".join(sheet.hidden_columns)
        notes = (*notes, Note("workbook.hidden_columns", letters[:200]))
    if sheet.unseen:
        notes = (*notes, Note("workbook.unseen", ", ".join(sheet.unseen)[:200]))
    if sheet.nested:
        notes = (*notes, Note("workbook.nested", ", ".join(map(str, sheet.nested))[:200]))
    return DeliveredTable(
        member=member,
        name=name,
        format="workbook",
        rows=survey.rows,
        fields=survey.fields,
        flaws=tuple(_flaws(sheet, survey.rows)),
        notes=notes,
        remarks=survey.remarks,
        merged=survey.merged,
        hidden=tuple(row for row in survey.rows if row in sheet.hidden_rows),
        day_zero=sheet.day_zero,
        has_formats=sheet.has_formats,
    )


def _flaws(sheet: Sheet, rows: tuple[int, ...]) -> list[RowFlaw]:
    """Return the rows with an error value, or with something else that is in doubt."""
    flaws = []
    for row in rows:
        error = next((cell for cell in sheet.grid[row - 1] if cell in _ERRORS), None)
        if error is not None:
            flaws.append(RowFlaw(row, "cell.error", str(error)))
        elif row in sheet.doubts:
            flaws.append(RowFlaw(row, *sheet.doubts[row]))
    return flaws
