"""What `litong check` prints: the account of the rows read, the counts, the ranking."""

from collections.abc import Iterable
from datetime import date

import pandas as pd
from rich.table import Table

from jobs.printing import console, plain, show
from layers.district import District
from layers.findings import GAP_KINDS, OUTCOME_LABELS, STATEMENT_LABELS
from layers.period import period_until
from rules.book import Book
from rules.ranking import amount_text, formula, in_order, rank_text, ranking
from rules.summary import count_text, tally
from rules.walkway_report import WalkwayReport
from store import SHOWN_DIGITS, TableReport
from wording import Language, Text, say

_RANKED = 10  # estates listed
_AMOUNTS = ("safety_household_gaps", "household_gaps")
_REASONS = 5  # reasons listed for a table


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


def print_walkways(report: WalkwayReport | None, language: Language) -> None:
    """Print what the walkways fail to join; nothing of a district without walkways."""
    if report is None:
        return
    sentences = list(report.sentences(language)) or [say("walkways.none", language)]
    for sentence in sentences:
        console().print(plain(sentence))


def print_summary(
    findings: pd.DataFrame, district: District, book: Book, as_of: date, language: Language
) -> None:
    """Print the counts by kind of gap and statement, and the first estates of the ranking."""
    out = console()
    show(
        "check.head",
        language,
        name=district.label[language],
        synthetic=say("check.synthetic", language) if district.is_synthetic else "",
        date=period_until(district, as_of),
        version=district.version[:SHOWN_DIGITS],
        book=book.version[:SHOWN_DIGITS],
    )
    if later := district.dated_after(as_of):
        show("check.dated_later", language, n=later, day=as_of.isoformat())
    out.print(_counts(findings, language))
    ids = list(district["estates"]["estate_id"])
    ranked = ranking(findings, ids, book)
    if ranked["gaps"].any():
        out.print(_ranked(ranked, district, language))
        out.print(plain(formula(book, language)))


def _counts(findings: pd.DataFrame, language: Language) -> Table:
    counts, labels = tally(findings), {**STATEMENT_LABELS, **OUTCOME_LABELS}
    table = Table(title=say("check.findings", language))
    table.add_column(say("check.kind", language))
    shown = [said for said in counts.columns if said in labels]
    for said in shown:
        table.add_column(labels[said][language], justify="right", overflow="fold")
    for kind, row in counts.iterrows():
        cells = (count_text(row[said], row.get(f"marginal_{said}", 0), language) for said in shown)
        table.add_row(plain(GAP_KINDS[str(kind)][language]), *cells)
    return table


def _ranked(ranked: pd.DataFrame, district: District, language: Language) -> Table:
    """Return the first estates of the ranking."""
    order = in_order(ranked)[:_RANKED]
    first = ranked.iloc[order][ranked["gaps"].iloc[order] > 0]
    estates = district["estates"].set_index("estate_id").loc[first.index]
    table = Table(title=say("check.ranking", language))
    table.add_column(say("ranking.rank", language), justify="right")
    table.add_column(say("check.estate", language))
    table.add_column(say("check.households", language), justify="right")
    for key in ("gaps.gaps", "ranking.safety_gaps", *(f"ranking.{one}" for one in _AMOUNTS)):
        table.add_column(say(key, language), justify="right")
    for (_, estate), (_, row) in zip(estates.iterrows(), first.iterrows(), strict=True):
        households = "—" if pd.isna(estate["households"]) else f"{estate['households']:,}"
        table.add_row(
            rank_text(row["rank"], language, is_tied=bool(row["is_tied"])),
            plain(estate["name"]),
            households,
            *(f"{row[name]:,}" for name in ("gaps", "safety_gaps")),
            *(amount_text(row, name) for name in _AMOUNTS),
        )
    return table
