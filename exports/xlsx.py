"""
Findings as a workbook: cover, ranking, each kind of statement apart, all findings, a summary.

Every text cell is forced to be text, whatever it starts with; the only formulas are our own counts
on the summary sheet.
"""

import io
from collections.abc import Sequence
from math import nan

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from exports import findings_table
from exports.cells import date_cell, head_cells, share_cell, text_cell
from exports.cover_sheet import write_cover
from exports.ranking_sheet import write_ranking
from geo.errors import DataError
from layers.district import District
from layers.findings import (
    DEGREE_LABELS,
    FAILING_DEGREES,
    GAP_KINDS,
    NEVER_GAPS,
    OTHER_STATEMENTS,
    OUTCOME_LABELS,
    STATEMENT_LABELS,
    Outcome,
    Statement,
    fails_as,
    is_gap,
)
from layers.period import assessed_on, period_text
from layers.spec import Column
from rules.model import Book
from rules.ranking import formula
from rules.rounding import exact, figure
from wording import Language, say, text

MOST_ROWS = 2**20 - 1  # a worksheet's rows, less the heading
_WIDE, _NARROW, _COMMON = 48, 9, 15  # column widths in characters
_COUNTED_OUTCOMES = (Outcome.UNKNOWN, Outcome.MET)  # outcomes that are counted beside what fails
_WIDE_COLUMNS = ("reason_", "lacking_", "source_title", "department")


def findings_workbook(
    findings: pd.DataFrame,
    district: District,
    book: Book,
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
        What was assessed: the cover shows its name, version and date.
    book : Book
        What it was assessed against, and by what order its estates are ranked.
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
    listed = _listed(findings)
    facts = _cover_facts(listed, district, book, language, len(findings) - len(listed))
    facts += _filter_facts(filters, language)
    workbook = Workbook(write_only=True)
    title = say("workbook.title", language)
    cover = _sheet(workbook, "cover", language)
    write_cover(cover, title, facts, language, marked=district.is_synthetic)
    write_ranking(_sheet(workbook, "ranking", language), findings, district, book, language)
    for kind in (Statement.GAP, *OTHER_STATEMENTS):
        own = workbook.create_sheet(STATEMENT_LABELS[kind][language])
        _write_findings(own, listed[fails_as(listed, kind)], language)
    _write_findings(_sheet(workbook, "findings", language), listed, language)
    _write_summary(_sheet(workbook, "summary", language), len(listed), language)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _sheet(workbook: Workbook, name: str, language: Language) -> Worksheet:
    sheet: Worksheet = workbook.create_sheet(say(f"workbook.{name}", language))
    return sheet


def _listed(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings, or only the gaps if a worksheet has too few rows for all."""
    if len(findings) <= MOST_ROWS:
        return findings
    gaps = findings[is_gap(findings)]
    if len(gaps) > MOST_ROWS:
        raise DataError(
            f"{len(gaps):,} gaps do not fit into a worksheet ({MOST_ROWS:,} rows); "
            "filter them, or write .gpkg or .csv",
            f"短板共 {len(gaps):,} 条，超过工作表的 {MOST_ROWS:,} 行；请先筛选，或导出 .gpkg、.csv",
        )
    return gaps


def _cover_facts(
    listed: pd.DataFrame, district: District, book: Book, language: Language, left_out: int
) -> list[tuple[str, object]]:
    """Return names and values of what was assessed, against what, and how many rows are listed."""
    dates = ", ".join(sorted(listed["as_of"].dropna().unique()))
    facts: list[tuple[str, object]] = [
        (say("workbook.district", language), district.label[language]),
        (say("workbook.version", language), district.version),
        (say("workbook.data_date", language), period_text(district, assessed_on(listed), language)),
        (say("workbook.as_of", language), dates),
        (say("workbook.rulebook", language), book.version),
        (say("workbook.rows", language), len(listed)),
        (say("workbook.gaps", language), int(is_gap(listed).sum())),
        (say("workbook.order", language), formula(book, language)),
    ]
    if left_out:
        facts.append((say("workbook.left_out", language), left_out))
    return facts


def _filter_facts(
    filters: Sequence[tuple[str, str]], language: Language
) -> list[tuple[str, object]]:
    """Return name and value of each filter, or that there is none."""
    if not filters:
        return [(say("workbook.filter", language), say("workbook.none", language))]
    return [(say("workbook.filter_named", language, name=name), value) for name, value in filters]


def _write_findings(sheet: Worksheet, findings: pd.DataFrame, language: Language) -> None:
    columns = findings_table.columns(language)
    last = get_column_letter(len(columns))
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{last}{len(findings) + 1}"
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _width(column)
    sheet.append(head_cells(sheet, findings_table.headings(language)))
    table = findings_table.readable(findings, language)
    cells = [
        _cells(sheet, table[c.name], c, say("workbook.unreachable", language)) for c in columns
    ]
    names = [column.name for column in columns]
    _show_shares(sheet, findings, *(cells[names.index(name)] for name in ("value", "threshold")))
    for row in zip(*cells, strict=True):
        sheet.append(row)


def _show_shares(
    sheet: Worksheet, findings: pd.DataFrame, values: list[object], limits: list[object]
) -> None:
    """Show the value and the threshold of shares in per cent, each on its side of the other."""
    shares = (findings["unit"] == "").to_numpy(dtype=bool, na_value=False)
    for row in np.flatnonzero(shares).tolist():
        value, limit = values[row], limits[row]
        if isinstance(limit, float):
            limits[row] = share_cell(sheet, limit, exact(limit, ""))
        if isinstance(value, float):
            beside = limit if isinstance(limit, float) else nan
            values[row] = share_cell(sheet, value, figure(value, "", beside))


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
    """Count by kind of gap and by what is said, with formulas that follow the findings sheet."""
    sheet.column_dimensions["A"].width = _COMMON
    near = (text("common.marginal_of", kind=STATEMENT_LABELS[kind]) for kind in NEVER_GAPS)
    said = [
        *STATEMENT_LABELS.values(),
        *near,
        *(OUTCOME_LABELS[outcome] for outcome in _COUNTED_OUTCOMES),
    ]
    letters = {kind: get_column_letter(place) for place, kind in enumerate(STATEMENT_LABELS, 2)}
    sheet.append(head_cells(sheet, ["", *(label[language] for label in said)]))
    for row, label in enumerate(GAP_KINDS.values(), start=2):
        counts = [
            _counted(f"$A{row}", f"{letter}$1", count, language) for letter in letters.values()
        ]
        counts += [
            _counted(f"$A{row}", f"{letters[kind]}$1", count, language, marginal_only=True)
            for kind in NEVER_GAPS
        ]
        after = len(counts) + 2
        counts += [
            _counted_outcome(outcome, f"$A{row}", f"{get_column_letter(place)}$1", count, language)
            for place, outcome in enumerate(_COUNTED_OUTCOMES, start=after)
        ]
        sheet.append([text_cell(sheet, label[language]), *counts])
    end = len(GAP_KINDS) + 1
    totals = [f"=SUM({c}2:{c}{end})" for c in map(get_column_letter, range(2, len(said) + 2))]
    sheet.append([text_cell(sheet, say("cell.total", language)), *totals])


def _counted(
    kind: str, statement: str, count: int, language: Language, *, marginal_only: bool = False
) -> str:
    """Return the formula that counts what fails and decides for its family, by statement."""
    yes = say("cell.yes", language)
    where = (
        f"{_area('gap_kind', count, language)},{kind},"
        f"{_area('statement', count, language)},{statement},"
        f'{_area("leads", count, language)},"{yes}",{_area("degree", count, language)}'
    )
    if marginal_only:
        where = f'{_area("is_marginal", count, language)},"{yes}",{where}'
    words = dict.fromkeys(DEGREE_LABELS[one][language] for one in FAILING_DEGREES)
    return "=" + "+".join(f'COUNTIFS({where},"{word}")' for word in words)


def _counted_outcome(outcome: Outcome, kind: str, said: str, count: int, language: Language) -> str:
    """Return the formula that counts an outcome; what lacks data only where it decides."""
    where = f"{_area('gap_kind', count, language)},{kind},{_area('degree', count, language)},{said}"
    if outcome == Outcome.UNKNOWN:
        where += f',{_area("leads", count, language)},"{say("cell.yes", language)}"'
    return f"=COUNTIFS({where})"


def _area(column: str, count: int, language: Language) -> str:
    """Return the cells of a column of the findings sheet."""
    letter = get_column_letter(findings_table.ORDER[language].index(column) + 1)
    return f"'{say('workbook.findings', language)}'!${letter}$2:${letter}${max(count + 1, 2)}"
