"""What a scenario changes: gaps closed and opened, by kind and estate, every finding both ways."""

from collections.abc import Hashable, Mapping

import pandas as pd
import streamlit as st

from exports.comparison_book import trial_workbook
from layers.findings import GAP_KINDS, named_column
from rules.degree import degree_text
from services.comparison import CHANGE_LABELS, SIDES, Change, Comparison
from services.what_if import Trial
from views import figures, taking
from views.markdown import escaped
from wording import Language, in_language, say

_MOST_ROWS = 500
_COMPARED = ("outcome", "value", "op", "threshold", "unit")


def show(trial: Trial, language: Language) -> None:
    """Draw the comparison."""
    comparison = trial.comparison
    if not trial.is_current:
        st.warning(escaped(trial.caution(language)))
    _show_counts(comparison, language)
    if comparison.changes.empty:
        st.caption(say("scenario.nothing", language))
        return
    st.dataframe(
        _by_kind(comparison, language), hide_index=True, key="scenario_kinds", placeholder="—"
    )
    if len(comparison.by_estate):
        st.dataframe(_by_estate(comparison, language), hide_index=True, key="scenario_estates")
    _show_changes(comparison, language)
    taking.offer(
        say("common.download_workbook", language),
        lambda: trial_workbook(trial, language),
        "scenario.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        language,
        version=comparison.before.workspace.district.version,
        key="scenario_xlsx",
    )


def _show_counts(comparison: Comparison, language: Language) -> None:
    """Draw the three counts, and whom the closed gaps serve."""
    columns = st.columns(4)
    for column, (change, count) in zip(columns, comparison.counts.items(), strict=False):
        column.metric(say(f"scenario.{change}", language), f"{count:,}")
    served = comparison.by_kind["households"]
    total = "—" if served.isna().all() else f"{served.max():,.0f}"
    columns[3].metric(
        say("scenario.served", language), total, help=say("scenario.served_hint", language)
    )


def _by_kind(comparison: Comparison, language: Language) -> pd.DataFrame:
    """Return the gaps by kind as people read them."""
    table = comparison.by_kind
    shown = {say("common.kind_of_gap", language): _kinds(table["gap_kind"], language)}
    for name in ("gaps_before", "gaps_after", "closed", "opened"):
        shown[say(f"scenario.short_{name}", language)] = table[name]
    for name in ("households", "elders"):
        shown[say(f"scenario.{name}", language)] = table[name].round()
    return pd.DataFrame(shown)


def _by_estate(comparison: Comparison, language: Language) -> pd.DataFrame:
    """Return the estates where a gap is closed or opened."""
    table = comparison.by_estate
    shown = {say("common.estate", language): table["estate"]}
    for name in ("gaps_before", "gaps_after", "closed", "opened"):
        shown[say(f"scenario.short_{name}", language)] = table[name]
    return pd.DataFrame(shown)


def _kinds(codes: pd.Series, language: Language) -> pd.Series:
    return codes.map(in_language(GAP_KINDS, language))


def _show_changes(comparison: Comparison, language: Language) -> None:
    """Draw every finding that changes; those that are no gap only when asked for."""
    changes = comparison.changes
    gaps = changes[changes["change"] != Change.OTHER]
    everything = st.toggle(
        say("scenario.all_changes", language, n=len(changes) - len(gaps)),
        key="scenario_all",
        persist_state="session",
    )
    rows = changes if everything else gaps
    if len(rows) > _MOST_ROWS:
        st.caption(say("scenario.cut", language, shown=_MOST_ROWS, n=len(rows)))
    if rows.empty:
        return
    st.dataframe(
        change_table(rows.head(_MOST_ROWS), language),
        hide_index=True,
        key="scenario_changes",
        placeholder="—",
    )


def change_table(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return findings that change, with headings of the user's language."""
    shown: dict[str, object] = {
        say("scenario.change", language): rows["change"].map(in_language(CHANGE_LABELS, language)),
        say("common.estate", language): rows["estate"],
        say("common.kind_of_gap", language): _kinds(rows["gap_kind"], language),
        say("common.metric", language): rows[f"metric_{language}"],
    }
    for side in SIDES:
        shown[say(f"scenario.side_{side}", language)] = [
            _said(row, side, language) for row in rows.to_dict("records")
        ]
    shown[say("common.responsible", language)] = rows[named_column("department", language)]
    return pd.DataFrame(shown)


def _said(row: Mapping[Hashable, object], side: str, language: Language) -> str:
    """Return the outcome of one side and its figures."""
    degree = row[f"degree_{side}"]
    if not isinstance(degree, str):
        return "—"
    compared = {name: row[f"{name}_{side}"] for name in _COMPARED}
    word = degree_text(degree, language, is_marginal=False)
    return f"{word} {figures.comparison(compared, language)}".strip()
