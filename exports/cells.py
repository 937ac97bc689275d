"""
Cells of a workbook: text that stays text, dates that are dates, headings that look like headings.

Whatever a text starts with, no program takes it for a formula.
"""

import datetime as dt
from collections.abc import Iterable

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

BOLD = Font(bold=True)
WRAP = Alignment(wrap_text=True, vertical="top")
_HEAD = Font(bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor="1F4E79")


def text_cell(
    sheet: Worksheet, value: str, *, font: Font | None = None, wrap: bool = False
) -> Cell:
    """Return a cell that is text for every program, also when it looks like a formula."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value))
    cell.data_type = "s"
    cell.quotePrefix = True
    if font is not None:
        cell.font = font
    if wrap:
        cell.alignment = WRAP
    return cell


def date_cell(sheet: Worksheet, iso: str) -> Cell:
    """Return a cell that holds a date, from ISO 8601 text."""
    day = dt.date.fromisoformat(iso[:10])
    cell = WriteOnlyCell(sheet, dt.datetime(day.year, day.month, day.day))  # noqa: DTZ001
    cell.number_format = "yyyy-mm-dd"
    return cell


def share_cell(sheet: Worksheet, share: float, text: str) -> Cell:
    """Return a cell that holds a share and is shown as `text`, such as "38.5%"."""
    cell = WriteOnlyCell(sheet, share)
    decimals = len(text.rstrip("%").partition(".")[2])
    cell.number_format = f"0.{'0' * decimals}%" if decimals else "0%"
    return cell


def head_cells(sheet: Worksheet, texts: Iterable[str]) -> list[Cell]:
    """Return the cells of a heading row."""
    cells = [text_cell(sheet, text, font=_HEAD, wrap=True) for text in texts]
    for cell in cells:
        cell.fill = _HEAD_FILL
    return cells
