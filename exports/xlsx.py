"""
Findings as a workbook: a cover that says what it is, the findings with typed cells, a summary.

Every text cell is forced to be text, whatever it starts with; the only formulas are our own counts
on the summary sheet.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from exports import findings_table
from exports.cells import date_cell, head_cells, text_cell
from geo.errors import DataError
from layers.district import District
from layers.findings import FAILING, GAP_KINDS, OUTCOME_LABELS
from layers.spec import Column
from wording import Language

MOST_ROWS = 2**20 - 1  # a worksheet's rows, less the heading
_TITLE = Font(bold=True, size=16)
_MARK = Font(bold=True, size=12, color="C00000")
_WIDE, _NARROW, _COMMON = 48, 9, 15  # column widths in characters
_WIDE_COLUMNS = ("reason_", "lacking_", "source_title", "department")

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "cover": "说明",
        "findings": "结论",
        "summary": "汇总",
        "title": "利通补短板一张图：结论清单",
        "synthetic": "演示数据 · 非测绘成果",
        "district": "区域",
        "version": "数据版本",
        "data_date": "数据日期",
        "as_of": "评估日期",
        "rulebook": "规则库版本",
        "rows": "结论条数",
        "left_out": "未列出的结论（超过工作表行数，只列缺口；全部结论见 .gpkg、.csv）",
        "filter": "筛选条件",
        "none": "（无，全部结论）",
        "unreachable": "不可达",
        "total": "合计",
    },
    "en": {
        "cover": "about",
        "findings": "findings",
        "summary": "summary",
        "title": "Litong Gap Map: list of findings",
        "synthetic": "Demonstration data, not a survey",
        "district": "District",
        "version": "Data version",
        "data_date": "Date of the data",
        "as_of": "Assessed as of",
        "rulebook": "Rulebook version",
        "rows": "Findings listed",
        "left_out": "Not listed: what is no gap, as a sheet has fewer rows (see .gpkg)",
        "filter": "Filter",
        "none": "(none: every finding)",
        "unreachable": "unreachable",
        "total": "total",
    },
}


class HasVersion(Protocol):
    """Anything with a version: a rulebook."""

    @property
    def version(self) -> str:
        """Digest of its content."""
        ...


def findings_workbook(
    findings: pd.DataFrame,
    district: District,
    book: HasVersion,
    language: Language = "zh",
    filters: Sequence[tuple[str, str]] = (),
) -> bytes:
    """
    Return `findings` as the bytes of an .xlsx workbook.

    Parameters
    ----------
    findings : pandas.DataFrame
        The rows to list, already filtered, with `layers.findings.COLUMNS`.
    district : District
        What was assessed: its name, version and date stand on the cover.
    book : rules.book.Book
        What it was assessed against.
    language : {"zh", "en"}, default "zh"
        Of everything.
    filters : sequence of (str, str)
        What the list was filtered by, as people read it.

    Raises
    ------
    DataError
        If there are more gaps than a worksheet has rows. Of more findings than that only the gaps
        are listed, and the cover says how many are not.
    """
    words, every = _WORDS[language], len(findings)
    if every > MOST_ROWS:
        findings = findings[findings["outcome"].isin(FAILING)]
    if len(findings) > MOST_ROWS:
        raise DataError(
            f"{len(findings):,} gaps do not fit into a worksheet ({MOST_ROWS:,} rows); "
            "filter them, or write .gpkg or .csv",
            f"缺口共 {len(findings):,} 条，超过工作表的 {MOST_ROWS:,} 行；"
            "请先筛选，或导出 .gpkg、.csv",
        )
    workbook = Workbook(write_only=True)
    dates = ", ".join(sorted(findings["as_of"].dropna().unique()))
    facts = [
        (words["district"], district.name if language == "zh" else district.name_en),
        (words["version"], district.version),
        (words["data_date"], district.data_date),
        (words["as_of"], dates),
        (words["rulebook"], book.version),
        (words["rows"], len(findings)),
        *([(words["left_out"], every - len(findings))] if len(findings) < every else []),
        *(
            [(f"{words['filter']}：{name}", value) for name, value in filters]
            or [(words["filter"], words["none"])]
        ),
    ]
    _write_cover(workbook.create_sheet(words["cover"]), facts, words, marked=district.is_synthetic)
    _write_findings(workbook.create_sheet(words["findings"]), findings, language)
    _write_summary(workbook.create_sheet(words["summary"]), len(findings), language)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _write_cover(
    sheet: Worksheet,
    facts: Iterable[tuple[str, object]],
    words: Mapping[str, str],
    *,
    marked: bool,
) -> None:
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 72
    sheet.append([text_cell(sheet, words["title"], font=_TITLE)])
    if marked:
        sheet.append([text_cell(sheet, words["synthetic"], font=_MARK)])
    sheet.append([])
    for name, value in facts:
        shown = value if isinstance(value, int) else text_cell(sheet, str(value), wrap=True)
        sheet.append([text_cell(sheet, name, wrap=True), shown])


def _write_findings(sheet: Worksheet, findings: pd.DataFrame, language: Language) -> None:
    columns = findings_table.columns(language)
    last = get_column_letter(len(columns))
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{last}{len(findings) + 1}"
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _width(column)
    sheet.append(head_cells(sheet, findings_table.headings(language)))
    table = findings_table.readable(findings, language)
    cells = [_cells(sheet, table[c.name], c, _WORDS[language]["unreachable"]) for c in columns]
    for row in zip(*cells, strict=True):
        sheet.append(row)


def _width(column: Column) -> int:
    if column.name.startswith(_WIDE_COLUMNS):
        return _WIDE
    return _COMMON if column.dtype in ("str", "date") else _NARROW


def _cells(sheet: Worksheet, values: pd.Series, column: Column, unreachable: str) -> list[object]:
    """Return a column's cells: numbers, dates and text by the column's dtype, None for unknown."""
    known = values.notna()
    plain = values.astype(object).where(known, None).tolist()
    if column.dtype == "float":
        return [
            text_cell(sheet, unreachable) if v is not None and np.isinf(v) else v for v in plain
        ]
    if column.dtype == "int":
        return [None if v is None else int(v) for v in plain]
    if column.dtype == "date":
        return [None if v is None else date_cell(sheet, v) for v in plain]
    return [None if v is None else text_cell(sheet, str(v)) for v in plain]


def _write_summary(sheet: Worksheet, count: int, language: Language) -> None:
    """Count gaps by kind and outcome with formulas that follow the findings sheet."""
    words = _WORDS[language]
    outcomes = [label[language] for label in OUTCOME_LABELS.values()]
    kinds = [label[language] for label in GAP_KINDS.values()]
    sheet.column_dimensions["A"].width = _COMMON
    sheet.append(head_cells(sheet, ["", *outcomes, words["total"]]))
    order = findings_table.ORDER[language]
    kind, outcome = (
        f"'{words['findings']}'!${letter}$2:${letter}${max(count + 1, 2)}"
        for letter in (
            get_column_letter(order.index("gap_kind") + 1),
            get_column_letter(order.index("outcome") + 1),
        )
    )
    last = get_column_letter(len(outcomes) + 1)
    for row, name in enumerate(kinds, start=2):
        counts = [
            f"=COUNTIFS({kind},$A{row},{outcome},{get_column_letter(place)}$1)"
            for place in range(2, len(outcomes) + 2)
        ]
        sheet.append([text_cell(sheet, name), *counts, f"=SUM(B{row}:{last}{row})"])
    end = len(kinds) + 1
    totals = [
        f"=SUM({letter}2:{letter}{end})"
        for letter in map(get_column_letter, range(2, len(outcomes) + 3))
    ]
    sheet.append([text_cell(sheet, words["total"]), *totals])
