"""Three charts of the same findings: gaps by kind, by town, and the households they touch."""

import altair as alt
import pandas as pd
import streamlit as st

from layers.findings import GAP_KINDS
from rules.summary import counts
from views.selection import FilteredFindings
from wording import Language, say

KIND_COLOURS = {
    "elevator": "#0a6cb0",
    "parking": "#c65a11",
    "charging": "#0b8f62",
    "elder_care": "#86418a",
    "other": "#7b858f",
}
TOWN_COLOURS = ["#31688e", "#7aa6c2", "#c3d7e3", "#8a9aa6", "#54626d"]
_LEGEND = alt.Legend(orient="bottom", title=None, columns=3)
_WHOLE = alt.Axis(format=",d", tickMinStep=1)


def show(selection: FilteredFindings, language: Language) -> None:
    """Draw the charts of the findings that pass the filters."""
    table = by_town_and_kind(selection, language)
    if not len(table):
        st.caption(say("gaps.none_here", language))
        return
    kind, town = say("common.kind_of_gap", language), say("common.town", language)
    estates, touched = (
        say("gaps.estates_with_gap", language),
        say("gaps.households_touched", language),
    )
    charts = (
        (estates, _bars(table, estates, kind, _by_town(town))),
        (touched, _bars(table, touched, kind, _by_town(town))),
        (
            say("gaps.gaps_by_town", language),
            _bars(table, say("gaps.gaps", language), town, _by_kind(kind, language)),
        ),
    )
    for column, (title, chart) in zip(st.columns(3), charts, strict=True):
        column.markdown(f"**{title}**")
        column.altair_chart(chart)


def by_town_and_kind(selection: FilteredFindings, language: Language) -> pd.DataFrame:
    """Return gaps, estates with a gap and households touched, by town and kind of gap."""
    table = counts(selection.findings, by=("town", "gap_kind"))
    return pd.DataFrame(
        {
            say("common.kind_of_gap", language): table["gap_kind"].map(
                {str(code): pair[language] for code, pair in GAP_KINDS.items()}
            ),
            say("common.town", language): table["town"].map(
                lambda name: "—" if pd.isna(name) else selection.book.called(name, language)
            ),
            say("gaps.gaps", language): table["gaps"],
            say("gaps.estates_with_gap", language): table["estates"],
            say("gaps.households_touched", language): table["households"],
        }
    )


def _bars(table: pd.DataFrame, length: str, row: str, colour: alt.Color) -> alt.Chart:
    """Return horizontal bars of the sum of `length`, one a `row`, stacked by colour."""
    chart: alt.Chart = (
        alt.Chart(table, height=alt.Step(30))
        .mark_bar()
        .encode(
            x=alt.X(field=length, aggregate="sum", type="quantitative", title=None, axis=_WHOLE),
            y=alt.Y(field=row, type="nominal", title=None, sort="-x"),
            color=colour,
            tooltip=[alt.Tooltip(field=name, type="nominal") for name in table.columns],
        )
    )
    return chart


def _by_town(town: str) -> alt.Color:
    scale = alt.Scale(range=TOWN_COLOURS)
    return alt.Color(field=town, type="nominal", scale=scale, legend=_LEGEND)


def _by_kind(kind: str, language: Language) -> alt.Color:
    scale = alt.Scale(
        domain=[GAP_KINDS[code][language] for code in KIND_COLOURS],
        range=list(KIND_COLOURS.values()),
    )
    return alt.Color(field=kind, type="nominal", scale=scale, legend=_LEGEND)
