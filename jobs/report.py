"""What `litong check` prints: the account of the rows read, the counts, the worst estates."""

from collections.abc import Iterable

import pandas as pd
from rich.table import Table

from jobs.printing import console, plain, show
from layers.district import District
from layers.findings import GAP_KINDS, OUTCOME_LABELS, STATEMENT_LABELS, Outcome, is_gap
from rules.book import Book
from rules.summary import tally
from store import TableReport
from wording import Language, Text, say

_WORST = 10  # estates listed
_REASONS = 5  # reasons listed for a table
_SHOWN_DIGITS = 12


def print_account(tables: Iterable[TableReport], language: Language) -> None:
    """Print what became of every row of a file that was not ours, or lost any."""
    for table in tables:
        aside = sum(table.set_aside.values())
        if not aside and not table.made_unknown:
            continue
        facts = {"table": table.table, "read": table.read, "accepted": table.read - aside}
        show("check.table", language, **facts, aside=aside)
        reasons = sorted(table.set_aside.items(), key=lambda item: -item[1])[:_REASONS]
        for reason, count in reasons:
            show("check.set_aside", language, reason=Text(reason.zh, reason.en), n=count)
        for column, count in table.made_unknown.items():
            show("check.made_unknown", language, column=column, n=count)


def print_summary(
    findings: pd.DataFrame, district: District, book: Book, language: Language
) -> None:
    """Print the counts by kind of gap and statement, and the estates with most gaps."""
    out = console()
    show(
        "check.head",
        language,
        name=district.label[language],
        synthetic=say("check.synthetic", language) if district.is_synthetic else "",
        date=district.data_date or "—",
        version=district.version[:_SHOWN_DIGITS],
        book=book.version[:_SHOWN_DIGITS],
    )
    out.print(_counts(findings, language))
    gaps = findings[is_gap(findings)]
    if len(gaps):
        out.print(_worst(gaps, district, language))


def _counts(findings: pd.DataFrame, language: Language) -> Table:
    counts, labels = tally(findings), {**STATEMENT_LABELS, **OUTCOME_LABELS}
    table = Table(title=say("check.findings", language))
    table.add_column(say("check.kind", language))
    for said in counts.columns:
        table.add_column(labels[said][language], justify="right")
    for kind, row in counts.iterrows():
        table.add_row(plain(GAP_KINDS[str(kind)][language]), *(f"{n:,}" for n in row))
    return table


def _worst(failing: pd.DataFrame, district: District, language: Language) -> Table:
    """Return the estates with most gaps, the missing first."""
    counts = pd.crosstab(failing["estate_id"], failing["outcome"])
    counts = counts.reindex(columns=[Outcome.MISSING, Outcome.SHORT], fill_value=0)
    worst = counts.sort_values([Outcome.MISSING, Outcome.SHORT], ascending=False).head(_WORST)
    estates = district["estates"].set_index("estate_id").loc[worst.index]
    table = Table(title=say("check.worst", language))
    table.add_column(say("check.estate", language))
    table.add_column(say("check.households", language), justify="right")
    for outcome in worst.columns:
        table.add_column(OUTCOME_LABELS[outcome][language], justify="right")
    for (_, estate), (_, row) in zip(estates.iterrows(), worst.iterrows(), strict=True):
        households = "—" if pd.isna(estate["households"]) else f"{estate['households']:,}"
        table.add_row(plain(estate["name"]), households, *(f"{n:,}" for n in row))
    return table
