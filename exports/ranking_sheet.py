"""The ranking of estates as a sheet: ranks, classes, and every kind of statement counted apart."""

import pandas as pd
from openpyxl.worksheet.worksheet import Worksheet

from exports.table_sheet import write_table
from layers.column import Column, DType
from layers.district import District
from layers.findings import NEVER_GAPS, OTHER_STATEMENTS, OUTCOME_LABELS, STATEMENT_LABELS, Outcome
from rules.model import Book
from rules.ranking import AMOUNTS, TIER_LABELS, Tier, in_order, rank_text, ranking
from rules.summary import estate_summary
from wording import Language, Text, text


def _column(name: str, dtype: DType, label: Text) -> Column:
    return Column(name, dtype, label.zh, label.en)


def _columns() -> tuple[Column, ...]:
    """Return the columns of the sheet."""
    counts = [(f"{kind}s", STATEMENT_LABELS[kind]) for kind in OTHER_STATEMENTS]
    counts += [
        (f"marginal_{kind}s", text("common.marginal_of", kind=STATEMENT_LABELS[kind]))
        for kind in NEVER_GAPS
    ]
    counts.append(("unknown", OUTCOME_LABELS[Outcome.UNKNOWN]))
    return (
        _column("rank_text", "str", text("ranking.rank")),
        _column("estate", "str", text("common.estate")),
        _column("town", "str", text("common.town")),
        _column("tier", "str", text("ranking.tier")),
        _column("gaps", "int", text("gaps.gaps")),
        _column("safety_gaps", "int", text("ranking.safety_gaps")),
        *(_column(name, "float", text(f"ranking.{name}")) for name in AMOUNTS),
        _column("uncounted_gaps", "int", text("ranking.uncounted_gaps")),
        *(_column(name, "int", label) for name, label in counts),
    )


def write_ranking(
    sheet: Worksheet, findings: pd.DataFrame, district: District, book: Book, language: Language
) -> None:
    """
    Write the estates that the findings are about, as they are ranked.

    Parameters
    ----------
    sheet : Worksheet
        A sheet that is still empty.
    findings : pandas.DataFrame
        A full table of findings, all or those that passed filters.
    district : District
        Whose estates are ranked.
    book : Book
        The rulebook that states the order.
    language : {"zh", "en"}
        Of headings and labels.
    """
    ranked = ranking(findings, list(district["estates"]["estate_id"]), book)
    summary = estate_summary(findings, district).set_index("estate_id")
    table = summary.drop(columns=["gaps", "safety_gaps"]).join(ranked)
    table["rank_text"] = [
        rank_text(rank, language, is_tied=is_tied)
        for rank, is_tied in zip(table["rank"], table["is_tied"], strict=True)
    ]
    table["town"] = table["town"].map(lambda name: book.called(name, language), na_action="ignore")
    table = table.iloc[in_order(table)]
    listed = table[table.index.isin(findings["estate_id"])]
    labels = {"tier": {str(tier): TIER_LABELS[tier] for tier in Tier}}
    write_table(sheet, listed, _columns(), language=language, labels=labels)
