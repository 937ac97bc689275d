"""
One table as a sheet of a workbook: headings from its columns, typed cells, an optional total row.

Every text is forced to be text, whatever it starts with; the only formulas are our own sums.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from exports.findings_table import heading
from layers.spec import Column

_HEAD = Font(bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor="1F4E79")
_BOLD = Font(bold=True)
_WRAP = Alignment(wrap_text=True, vertical="top")
_WIDTHS = {"str": 18, "date": 12, "int": 9, "float": 12, "bool": 9}
_YES_NO = {"zh": ("是", "否"), "en": ("yes", "no")}


def text_cell(sheet: WriteOnlyWorksheet, value: str, *, bold: bool = False) -> WriteOnlyCell:
    """Return a cell that is text for every program, also when it looks like a formula."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value))
    cell.data_type = "s"
    cell.quotePrefix = True
    if bold:
        cell.font = _BOLD
    return cell


def write_table(
    sheet: WriteOnlyWorksheet,
    table: pd.DataFrame,
    columns: Sequence[Column],
    *,
    language: str,
    labels: Mapping[str, Mapping[str, tuple[str, str]]] | None = None,
    sums: Sequence[str] = (),
) -> None:
    """
    Write a table.

    Parameters
    ----------
    sheet : WriteOnlyWorksheet
        A sheet that is still empty.
    table : pandas.DataFrame
        With every column of `columns`.
    columns : sequence of Column
        What is written, in order.
    language : {"zh", "en"}
        Of headings and labels.
    labels : mapping of str to codes or None
        Codes of columns whose spec has none, as (Chinese, English).
    sums : sequence of str
        Columns with a sum below them.
    """
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS[column.dtype]
    sheet.append(_heads(sheet, columns, language))
    codes = {c.name: c.codes or (labels or {}).get(c.name) for c in columns}
    cells = [_cells(sheet, table[c.name], c, codes[c.name], language) for c in columns]
    for row in zip(*cells, strict=True):
        sheet.append(row)
    if sums:
        sheet.append(_sums(sheet, columns, sums, rows=len(table), language=language))


def _heads(
    sheet: WriteOnlyWorksheet, columns: Sequence[Column], language: str
) -> list[WriteOnlyCell]:
    heads = [text_cell(sheet, heading(column, language)) for column in columns]
    for cell in heads:
        cell.font, cell.fill, cell.alignment = _HEAD, _HEAD_FILL, _WRAP
    return heads


def _cells(
    sheet: WriteOnlyWorksheet,
    values: pd.Series,
    column: Column,
    codes: Mapping[str, tuple[str, str]] | None,
    language: str,
) -> list[object]:
    """Return a column's cells: numbers, dates and text by its dtype, None for unknown."""
    known = values.notna()
    plain = values.astype(object).where(known, None).tolist()
    side = 0 if language == "zh" else 1
    if column.dtype == "float":
        return [None if v is None else float(v) for v in plain]
    if column.dtype == "int":
        return [None if v is None else int(v) for v in plain]
    if column.dtype == "bool":
        yes, no = _YES_NO[language]
        return [None if v is None else text_cell(sheet, yes if v else no) for v in plain]
    if column.dtype == "date":
        return [None if v is None else _date(sheet, str(v)) for v in plain]
    texts = {code: pair[side] for code, pair in (codes or {}).items()}
    return [None if v is None else text_cell(sheet, texts.get(str(v), str(v))) for v in plain]


def _date(sheet: WriteOnlyWorksheet, iso: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, dt.date.fromisoformat(iso[:10]))
    cell.number_format = "yyyy-mm-dd"
    return cell


def _sums(
    sheet: WriteOnlyWorksheet,
    columns: Sequence[Column],
    sums: Sequence[str],
    *,
    rows: int,
    language: str,
) -> list[object]:
    first = text_cell(sheet, "合计" if language == "zh" else "total", bold=True)
    cells: list[object] = [first]
    for place, column in enumerate(columns[1:], start=2):
        letter = get_column_letter(place)
        total = f"=SUM({letter}2:{letter}{max(rows + 1, 2)})"
        cells.append(total if column.name in sums else None)
    return cells
