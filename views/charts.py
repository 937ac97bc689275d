"""Three charts of the same findings: gaps by kind, by town, and the households they touch."""

import altair as alt
import pandas as pd
import streamlit as st

from layers.findings import GAP_KINDS
from rules.summary import counts
from views.selection import Selection
from views.text import Words

KIND_COLOURS = {
    "elevator": "#0a6cb0",
    "parking": "#c65a11",
    "charging": "#0b8f62",
    "elder_care": "#86418a",
    "other": "#7b858f",
}
TOWN_COLOURS = ["#31688e", "#7aa6c2", "#c3d7e3", "#8a9aa6", "#54626d"]
_LEGEND = alt.Legend(orient="bottom", title=None)


def show(selection: Selection, words: Words) -> None:
    """Draw the charts of what the filters leave."""
    table = by_town_and_kind(selection, words)
    if not len(table):
        st.caption(words("None here."))
        return
    kind, town = words("Kind of gap"), words("Town")
    estates, touched = words("Estates with the gap"), words("Households touched")
    charts = (
        (estates, _bars(table, estates, kind, _by_town(town))),
        (touched, _bars(table, touched, kind, _by_town(town))),
        (words("Gaps by town"), _bars(table, words("Gaps"), town, _by_kind(kind, words))),
    )
    for column, (title, chart) in zip(st.columns(3), charts, strict=True):
        column.markdown(f"**{title}**")
        column.altair_chart(chart)


def by_town_and_kind(selection: Selection, words: Words) -> pd.DataFrame:
    """Return gaps, estates with a gap and households touched, by town and kind of gap."""
    table = counts(selection.findings, by=("town", "gap_kind"))
    return pd.DataFrame(
        {
            words("Kind of gap"): table["gap_kind"].map(
                {str(code): words.pick(pair) for code, pair in GAP_KINDS.items()}
            ),
            words("Town"): table["town"].fillna("—"),
            words("Gaps"): table["gaps"],
            words("Estates with the gap"): table["estates"],
            words("Households touched"): table["households"],
        }
    )


def _bars(table: pd.DataFrame, length: str, row: str, colour: alt.Color) -> alt.Chart:
    """Return horizontal bars of the sum of `length`, one a `row`, stacked by colour."""
    chart: alt.Chart = (
        alt.Chart(table, height=alt.Step(30))
        .mark_bar()
        .encode(
            x=alt.X(field=length, aggregate="sum", type="quantitative", title=None),
            y=alt.Y(field=row, type="nominal", title=None, sort="-x"),
            color=colour,
            tooltip=[alt.Tooltip(field=name, type="nominal") for name in table.columns],
        )
    )
    return chart


def _by_town(town: str) -> alt.Color:
    scale = alt.Scale(range=TOWN_COLOURS)
    return alt.Color(field=town, type="nominal", scale=scale, legend=_LEGEND)


def _by_kind(kind: str, words: Words) -> alt.Color:
    scale = alt.Scale(
        domain=[words.pick(GAP_KINDS[code]) for code in KIND_COLOURS],
        range=list(KIND_COLOURS.values()),
    )
    return alt.Color(field=kind, type="nominal", scale=scale, legend=_LEGEND)
