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


def show(selection: Selection, words: Words) -> None:
    """Draw the charts of what the filters leave."""
    per_town = by_town(selection, words)
    if not len(per_town):
        st.caption(words("None here."))
        return
    kind, town, touched = (words(text) for text in ("Kind of gap", "Town", "Households touched"))
    estates = words("Estates with the gap")
    colour = alt.Color(
        f"{kind}:N", scale=_scale(words), legend=alt.Legend(orient="bottom", title=None)
    )
    base = alt.Chart(per_town).encode(color=colour, tooltip=[kind, town, estates, touched])
    left, right = st.columns(2)
    left.markdown(f"**{estates}**")
    left.altair_chart(
        base.mark_bar().encode(x=f"sum({estates}):Q", y=alt.Y(f"{town}:N", title=None))
    )
    right.markdown(f"**{touched}**")
    right.altair_chart(
        base.mark_bar().encode(x=f"sum({touched}):Q", y=alt.Y(f"{kind}:N", title=None, sort="-x"))
    )


def by_town(selection: Selection, words: Words) -> pd.DataFrame:
    """Return estates with a gap and households touched, by town and kind of gap."""
    table = counts(selection.findings, by=("town", "gap_kind"))
    return pd.DataFrame(
        {
            words("Kind of gap"): table["gap_kind"].map(
                {str(code): words.pick(pair) for code, pair in GAP_KINDS.items()}
            ),
            words("Town"): table["town"].fillna("—"),
            words("Estates with the gap"): table["estates"],
            words("Households touched"): table["households"],
        }
    )


def _scale(words: Words) -> alt.Scale:
    return alt.Scale(
        domain=[words.pick(GAP_KINDS[code]) for code in KIND_COLOURS],
        range=list(KIND_COLOURS.values()),
    )
