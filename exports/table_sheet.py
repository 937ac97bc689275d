"""
One table as a sheet of a workbook: headings from its columns, typed cells, an optional total row.

Every text is forced to be text, whatever it starts with; the only formulas are our own sums.
"""

from collections.abc import Mapping, Sequence

import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from exports.cells import BOLD, date_cell, head_cells, text_cell
from exports.findings_table import heading
from layers.spec import Column
from wording import Language, Text, in_language, say

_WIDTHS = {"str": 18, "date": 12, "int": 9, "float": 12, "bool": 9}


def write_table(
    sheet: Worksheet,
    table: pd.DataFrame,
    columns: Sequence[Column],
    *,
    language: Language,
    labels: Mapping[str, Mapping[str, Text]] | None = None,
    sums: Sequence[str] = (),
) -> None:
    """
    Write a table.

    Parameters
    ----------
    sheet : Worksheet
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
    last = get_column_letter(len(columns))
    sheet.auto_filter.ref = f"A1:{last}{len(table) + 1}"
    sheet.append(head_cells(sheet, [heading(column, language) for column in columns]))
    codes = {c.name: c.codes or (labels or {}).get(c.name) for c in columns}
    cells = [_cells(sheet, table[c.name], c, codes[c.name], language) for c in columns]
    for row in zip(*cells, strict=True):
        sheet.append(row)
    if sums:
        sheet.append(_sums(sheet, columns, sums, rows=len(table), language=language))


def _cells(
    sheet: Worksheet,
    values: pd.Series,
    column: Column,
    codes: Mapping[str, Text] | None,
    language: Language,
) -> list[object]:
    """Return a column's cells: numbers, dates and text by its dtype, None for unknown."""
    known = values.notna()
    plain = values.astype(object).where(known, None).tolist()
    if column.dtype == "float":
        return [None if v is None else float(v) for v in plain]
    if column.dtype == "int":
        return [None if v is None else int(v) for v in plain]
    if column.dtype == "bool":
        yes, no = say("cell.yes", language), say("cell.no", language)
        return [None if v is None else text_cell(sheet, yes if v else no) for v in plain]
    if column.dtype == "date":
        return [None if v is None else date_cell(sheet, str(v)) for v in plain]
    texts = in_language(codes or {}, language)
    shown = [None if v is None else texts.get(str(v), str(v)) for v in plain]
    return [text_cell(sheet, one) if one else None for one in shown]


def _sums(
    sheet: Worksheet,
    columns: Sequence[Column],
    sums: Sequence[str],
    *,
    rows: int,
    language: Language,
) -> list[object]:
    first = text_cell(sheet, say("cell.total", language), font=BOLD)
    cells: list[object] = [first]
    for place, column in enumerate(columns[1:], start=2):
        letter = get_column_letter(place)
        total = f"=SUM({letter}2:{letter}{max(rows + 1, 2)})"
        cells.append(total if column.name in sums else None)
    return cells
