"""Two tables of what passes the filters: estates and findings; both select on the map."""

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st

from layers.district import District
from layers.findings import (
    CLASSES,
    GAP_KINDS,
    OTHER_STATEMENTS,
    OUTCOME_LABELS,
    OUTDATED,
    STATEMENT_LABELS,
    Statement,
    cited_clauses,
    named_column,
)
from rules.degree import degree_text
from rules.full_table import full_table
from rules.model import Book
from rules.ranking import amount_text, formula, in_order, rank_text
from views import figures
from views.selection import FilteredFindings
from wording import Language, in_language, say

_ROW_PX = 35
_MOST_PX = 420
_MOST_ROWS = 1000
_MOST_ESTATES = 300  # a click sends the table again


def show_estates(frame: pd.DataFrame, book: Book, language: Language) -> None:
    """Draw a table of `estate_table`; the selected row is the selected estate."""
    if len(frame) > _MOST_ESTATES:
        _say_cut(_MOST_ESTATES, len(frame), language)
        frame = frame.head(_MOST_ESTATES)
    ids = list(frame.index)
    estate = st.session_state.get("estate", "")
    _mark("estate_table", [ids.index(estate)] if estate in ids else [])
    st.caption(formula(book, language))
    gaps = say("gaps.gaps", language)
    st.dataframe(
        frame,
        key="estate_table",
        hide_index=True,
        height=_height(len(frame)),
        on_select=lambda: _use_estate(ids),
        selection_mode="single-row",
        placeholder="—",
        column_config={
            gaps: st.column_config.ProgressColumn(
                gaps,
                min_value=0,
                max_value=int(frame[gaps].max()) if len(frame) else 1,
                format="%d",
            )
        },
    )


def estate_table(
    district: District, selection: FilteredFindings, language: Language
) -> pd.DataFrame:
    """Return the estates shown as they are ranked, by id, headings in the user's language."""
    order = in_order(selection.ranked)
    order = order[np.isin(order, selection.shown)]
    estates, ranked = district["estates"].iloc[order], selection.ranked.iloc[order]
    summary = selection.summary.iloc[order].set_index("estate_id")
    towns = district["towns"].set_index("town_id")["name"]
    towns = towns.map(lambda name: selection.book.called(name, language))
    columns: dict[str, object] = {
        say("ranking.rank", language): [
            rank_text(rank, language, is_tied=is_tied)
            for rank, is_tied in zip(ranked["rank"], ranked["is_tied"], strict=True)
        ],
        say("common.estate", language): estates["name"].to_numpy(),
        say("common.town", language): estates["town_id"].map(towns).to_numpy(),
        say("gaps.gaps", language): ranked["gaps"].to_numpy(),
        say("ranking.safety_gaps", language): ranked["safety_gaps"].to_numpy(),
    }
    for column in ("safety_household_gaps", "household_gaps"):
        columns[say(f"ranking.{column}", language)] = [
            amount_text(row, column) for _, row in ranked.iterrows()
        ]
    for kind, pair in GAP_KINDS.items():
        columns[pair[language]] = _kind_said(summary, kind, language).to_numpy()
    columns[say("gaps.households", language)] = estates["households"].to_numpy()
    for statement in OTHER_STATEMENTS:
        label = STATEMENT_LABELS[statement][language]
        columns[label] = summary[f"{statement}s"].to_numpy()
        near = summary.get(f"marginal_{statement}s")
        if near is not None and near.any():
            columns[say("common.marginal_of", language, kind=label)] = near.to_numpy()
    columns[say("gaps.no_data", language)] = summary["unknown"].to_numpy()
    frame = pd.DataFrame(columns, index=pd.Index(estates["estate_id"], name="estate_id"))
    return frame.dropna(axis="columns", how="all") if len(frame) else frame


def _kind_said(summary: pd.DataFrame, kind: str, language: Language) -> pd.Series:
    """Return what is said of one kind of gap in each estate, as a Series of labels."""
    marginal, pending = (
        STATEMENT_LABELS[one][language] for one in (Statement.MARGINAL, Statement.PENDING)
    )
    said = summary[f"{kind}_outcome"].map(in_language(OUTCOME_LABELS, language))
    near = summary[f"{kind}_marginals"].gt(0) & summary[f"{kind}_gaps"].eq(0)
    waits = summary[f"{kind}_pendings"].gt(0).map({True: pending, False: "—"})
    return said.where(said.notna(), waits).mask(near, marginal)


def show_findings(
    district: District, book: Book, findings: gpd.GeoDataFrame, language: Language
) -> None:
    """Draw a table of failing findings; a selected row opens the finding and its route."""
    if findings.empty:
        st.caption(say("gaps.none_here", language))
        return
    gaps = findings.sort_values("severity", ascending=False, kind="stable")
    if len(gaps) > _MOST_ROWS:
        _say_cut(_MOST_ROWS, len(gaps), language)
        gaps = gaps.head(_MOST_ROWS)
    state = st.session_state
    same = (gaps["estate_id"] == state.get("estate")) & (gaps["rule_id"] == state.get("rule"))
    keys = list(zip(gaps["estate_id"], gaps["rule_id"], strict=True))
    _mark("finding_table", [int(row) for row in same.to_numpy().nonzero()[0][:1]])
    st.dataframe(
        finding_table(full_table(gaps, district, book, ()), language),
        key="finding_table",
        hide_index=True,
        height=_height(len(gaps)),
        on_select=lambda: _use_finding(keys),
        selection_mode="single-row",
        placeholder="—",
    )


def finding_table(gaps: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return findings, a full table, with headings of the user's language."""
    suffix = language
    compared = pd.DataFrame(gaps[["outcome", "value", "op", "threshold", "unit"]])
    return pd.DataFrame(
        {
            say("common.estate", language): gaps["estate"],
            say("common.town", language): gaps[named_column("town", language)],
            say("common.class", language): gaps["item_class"].map(in_language(CLASSES, language)),
            say("common.item", language): gaps[f"item_{suffix}"],
            say("common.metric", language): gaps[f"metric_{suffix}"],
            say("gaps.statement", language): gaps["statement"].map(
                in_language(STATEMENT_LABELS, language)
            ),
            say("gaps.outcome", language): [
                degree_text(code, language, is_marginal=near)
                for code, near in zip(gaps["degree"], gaps["is_marginal"], strict=True)
            ],
            say("gaps.figures", language): [
                figures.comparison(finding, language) for finding in compared.to_dict("records")
            ],
            say("gaps.households_touched", language): gaps["exposed_households"],
            say("common.clause", language): cited_clauses(gaps["source_title"], gaps["clause"]),
            say("common.responsible", language): gaps[named_column("department", language)],
            say("gaps.assisting", language): gaps[named_column("assisting", language)],
            say("gaps.data_date", language): [
                _dated(day, language, is_outdated=old)
                for day, old in zip(gaps["data_date"], gaps["is_outdated"], strict=True)
            ],
        }
    )


def _dated(day: object, language: Language, *, is_outdated: bool) -> str | None:
    """Return the date of a finding's data, and that they are outdated; None for neither."""
    said = None if pd.isna(day) else str(day)  # type: ignore[call-overload]
    if not is_outdated:
        return said
    outdated = OUTDATED[language]
    return (
        outdated
        if said is None
        else say("common.with_detail", language, text=said, detail=outdated)
    )


def _say_cut(shown: int, rows: int, language: Language) -> None:
    st.caption(say("gaps.worst_shown", language, shown=f"{shown:,}", all=f"{rows:,}"))


def _height(rows: int) -> int:
    return min(_MOST_PX, _ROW_PX * (rows + 1) + 3)


def _mark(key: str, rows: list[int]) -> None:
    """
    Select `rows` in the table called `key`, as the map or a link wants it.

    A table that already says so is left alone: setting it would take the keyboard's place away.
    """
    shown = st.session_state.get(key, {}).get("selection", {}).get("rows", [])
    if list(shown) != rows:
        st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}


def _chosen(key: str) -> int | None:
    rows = st.session_state[key]["selection"]["rows"]
    return int(rows[0]) if rows else None


def _use_estate(estates: list[str]) -> None:
    row = _chosen("estate_table")
    st.session_state["estate"] = estates[row] if row is not None else ""
    st.session_state["rule"] = ""


def _use_finding(keys: list[tuple[str, str]]) -> None:
    row = _chosen("finding_table")
    if row is None:
        st.session_state["rule"] = ""
    else:
        st.session_state["estate"], st.session_state["rule"] = keys[row]
