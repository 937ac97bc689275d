"""Two tables of what the filters leave: estates and findings; both select on the map."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from layers.district import District
from layers.findings import CLASSES, GAP_KINDS, OUTCOME_LABELS
from rules.full_table import full_table
from rules.model import Book
from views import wording
from views.selection import Selection
from views.text import Words

_ROW_PX = 35
_MOST_PX = 420
_MOST_ROWS = 1000
_MOST_ESTATES = 300  # a click sends the table again


def show_estates(district: District, selection: Selection, words: Words) -> None:
    """Draw the table of estates; the selected row is the selected estate."""
    frame = estate_table(district, selection, words)
    if len(frame) > _MOST_ESTATES:
        _say_cut(_MOST_ESTATES, len(frame), words)
        frame = frame.head(_MOST_ESTATES)
    ids = list(frame.index)
    estate = st.session_state.get("estate", "")
    _mark("estate_table", [ids.index(estate)] if estate in ids else [])
    gaps = words("Gaps")
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


def estate_table(district: District, selection: Selection, words: Words) -> pd.DataFrame:
    """Return the estates shown, most gaps first, by id, headings in the user's language."""
    estates = district["estates"].iloc[selection.shown]
    summary = selection.summary.set_index("estate_id").reindex(estates["estate_id"])
    towns = district["towns"].set_index("town_id")["name"]
    columns: dict[str, object] = {
        words("Estate"): estates["name"].to_numpy(),
        words("Town"): estates["town_id"].map(towns).to_numpy(),
        words("Gaps"): summary["gaps"].to_numpy(),
    }
    labels = _texts(OUTCOME_LABELS, words)
    for kind, pair in GAP_KINDS.items():
        columns[words.pick(pair)] = summary[f"{kind}_outcome"].map(labels).fillna("—").to_numpy()
    columns[words("Households touched")] = summary["households"].to_numpy()
    columns[words("Households")] = estates["households"].to_numpy()
    columns[words("No data")] = summary["unknown"].to_numpy()
    frame = pd.DataFrame(columns, index=pd.Index(estates["estate_id"], name="estate_id"))
    frame = frame.dropna(axis="columns", how="all") if len(frame) else frame
    return frame.sort_values(words("Gaps"), ascending=False, kind="stable")


def show_findings(district: District, book: Book, selection: Selection, words: Words) -> None:
    """Draw the table of failing findings; a selected row opens the finding and its route."""
    gaps = selection.gaps.sort_values("severity", ascending=False, kind="stable")
    if len(gaps) > _MOST_ROWS:
        _say_cut(_MOST_ROWS, len(gaps), words)
        gaps = gaps.head(_MOST_ROWS)
    state = st.session_state
    same = (gaps["estate_id"] == state.get("estate")) & (gaps["rule_id"] == state.get("rule"))
    keys = list(zip(gaps["estate_id"], gaps["rule_id"], strict=True))
    _mark("finding_table", [int(row) for row in same.to_numpy().nonzero()[0][:1]])
    st.dataframe(
        finding_table(full_table(gaps, district, book), words),
        key="finding_table",
        hide_index=True,
        height=_height(len(gaps)),
        on_select=lambda: _use_finding(keys),
        selection_mode="single-row",
        placeholder="—",
    )


def finding_table(gaps: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return findings, a full table, with headings of the user's language."""
    suffix = words.language
    compared = pd.DataFrame(gaps[["outcome", "value", "op", "threshold", "unit"]])
    return pd.DataFrame(
        {
            words("Estate"): gaps["estate"],
            words("Town"): gaps["town"],
            words("Class"): gaps["item_class"].map(_texts(CLASSES, words)),
            words("Item"): gaps[f"item_{suffix}"],
            words("Metric"): gaps[f"metric_{suffix}"],
            words("Outcome"): gaps["outcome"].map(_texts(OUTCOME_LABELS, words)),
            words("Figures"): [
                wording.comparison(finding, words) for finding in compared.to_dict("records")
            ],
            words("Households touched"): gaps["exposed_households"],
            words("Clause"): gaps["source_title"] + " " + gaps["clause"],
            words("Responsible"): gaps["department"],
        }
    )


def _say_cut(shown: int, rows: int, words: Words) -> None:
    text = words("The worst {shown} of {all}; the download holds them all.")
    st.caption(text.format(shown=f"{shown:,}", all=f"{rows:,}"))


def _texts(labels: Mapping[str, tuple[str, str]], words: Words) -> dict[str, str]:
    return {str(code): words.pick(pair) for code, pair in labels.items()}


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
