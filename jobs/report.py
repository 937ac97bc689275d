"""What `litong check` prints: the account of the rows read, the counts, the worst estates."""

from collections.abc import Iterable, Mapping

import pandas as pd
from rich.table import Table

from jobs.printing import console, plain
from layers.district import District
from layers.findings import FAILING, GAP_KINDS, OUTCOME_LABELS, Outcome
from rules.book import Book
from store import TableReport

_WORST = 10  # estates listed
_REASONS = 5  # reasons listed for a table
_SHOWN_DIGITS = 12
_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "read": "数据表 {table}：读入 {read} 行，采用 {accepted} 行，搁置 {aside} 行",
        "aside": "  搁置 {count} 行：{reason}",
        "unknown": "  {column}：{count} 个值无法使用，按未知处理",
        "head": "{name}（{synthetic}数据日期 {date}，版本 {version}），规则库 {book}",
        "synthetic": "演示数据，",
        "kind": "缺口类型",
        "title": "结论条数",
        "worst": "缺口最多的小区",
        "estate": "小区",
        "households": "户数",
    },
    "en": {
        "read": "Table {table}: {read} rows read, {accepted} accepted, {aside} set aside",
        "aside": "  {count} rows set aside: {reason}",
        "unknown": "  {column}: {count} values cannot be used and stay unknown",
        "head": "{name} ({synthetic}data of {date}, version {version}), rulebook {book}",
        "synthetic": "invented for demonstration, ",
        "kind": "kind of gap",
        "title": "Findings",
        "worst": "Estates with most gaps",
        "estate": "estate",
        "households": "households",
    },
}


def print_account(tables: Iterable[TableReport], language: str) -> None:
    """Print what became of every row of a file that was not ours, or lost any."""
    words, out = _WORDS[language], console()
    for table in tables:
        aside = sum(table.set_aside.values())
        if not aside and not table.made_unknown:
            continue
        facts = {"table": table.table, "read": table.read, "accepted": table.read - aside}
        out.print(plain(words["read"].format(**facts, aside=aside)))
        reasons = sorted(table.set_aside.items(), key=lambda item: -item[1])[:_REASONS]
        for reason, count in reasons:
            why = reason.zh if language == "zh" else reason.en
            out.print(plain(words["aside"].format(reason=why, count=count)))
        for column, count in table.made_unknown.items():
            out.print(plain(words["unknown"].format(column=column, count=count)))


def print_summary(findings: pd.DataFrame, district: District, book: Book, language: str) -> None:
    """Print the counts by kind of gap and outcome, and the estates with most gaps."""
    words, out = _WORDS[language], console()
    head = words["head"].format(
        name=district.name if language == "zh" else district.name_en,
        synthetic=words["synthetic"] if district.is_synthetic else "",
        date=district.data_date or "—",
        version=district.version[:_SHOWN_DIGITS],
        book=book.version[:_SHOWN_DIGITS],
    )
    out.print(plain(head))
    out.print(_counts(findings, language))
    failing = findings[findings["outcome"].isin(FAILING)]
    if len(failing):
        out.print(_worst(failing, district, language))


def _counts(findings: pd.DataFrame, language: str) -> Table:
    side = 0 if language == "zh" else 1
    shown = [outcome for outcome in Outcome if (findings["outcome"] == outcome).any()]
    table = Table(title=_WORDS[language]["title"])
    table.add_column(_WORDS[language]["kind"])
    for outcome in shown:
        table.add_column(OUTCOME_LABELS[outcome][side], justify="right")
    counts = pd.crosstab(findings["gap_kind"], findings["outcome"])
    counts = counts.reindex(index=list(GAP_KINDS), columns=shown, fill_value=0)
    for kind, row in counts.iterrows():
        table.add_row(plain(GAP_KINDS[str(kind)][side]), *(f"{n:,}" for n in row))
    return table


def _worst(failing: pd.DataFrame, district: District, language: str) -> Table:
    """Return the estates with most gaps, the missing first."""
    side = 0 if language == "zh" else 1
    words = _WORDS[language]
    counts = pd.crosstab(failing["estate_id"], failing["outcome"])
    counts = counts.reindex(columns=[Outcome.MISSING, Outcome.SHORT], fill_value=0)
    worst = counts.sort_values([Outcome.MISSING, Outcome.SHORT], ascending=False).head(_WORST)
    estates = district["estates"].set_index("estate_id").loc[worst.index]
    table = Table(title=words["worst"])
    table.add_column(words["estate"])
    table.add_column(words["households"], justify="right")
    for outcome in worst.columns:
        table.add_column(OUTCOME_LABELS[outcome][side], justify="right")
    for (_, estate), (_, row) in zip(estates.iterrows(), worst.iterrows(), strict=True):
        households = "—" if pd.isna(estate["households"]) else f"{estate['households']:,}"
        table.add_row(plain(estate["name"]), households, *(f"{n:,}" for n in row))
    return table
