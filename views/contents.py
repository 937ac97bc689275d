"""What is there: what each layer holds, where it comes from, and how old it is."""

import pandas as pd
import streamlit as st

import layers
from geo.crs import chinese_name
from layers.district import District
from layers.spec import PROVENANCE_LABELS
from views.session import Workspace
from views.text import Words


def show(place: Workspace, words: Words) -> None:
    """Draw the part of the data page."""
    district = place.district
    st.dataframe(layer_table(district, words), hide_index=True, key="layer_table")
    st.caption(
        words(
            "Coordinates are measured in {crs}. A layer nobody surveyed makes findings unknown, "
            "never missing.",
            crs=words.pick((chinese_name(district.crs), district.crs.name)),
        )
    )
    spec = st.selectbox(
        words("Show the rows of"),
        [name for name in district.frames if len(district[name])],
        format_func=lambda name: layers.ALL[name].label(words.language),
        key="layer_shown",
    )
    if spec:
        st.dataframe(_rows(district, spec, words), hide_index=True, key=f"rows_{spec}")


def layer_table(district: District, words: Words) -> pd.DataFrame:
    """Return one row a layer: rows, provenance, sources, latest date."""
    rows = []
    for name, frame in district.frames.items():
        natures = [words.pick(PROVENANCE_LABELS[code]) for code in frame["provenance"].unique()]
        rows.append(
            {
                words("Layer"): layers.ALL[name].label(words.language),
                words("Rows"): len(frame),
                words("Surveyed"): words("yes") if district.has(name) else words("no"),
                words("Provenance"): "、".join(natures),
                words("Source"): "；".join(str(text) for text in frame["source"].unique()[:3]),
                words("Date"): str(frame["source_date"].max()) if len(frame) else "",
            }
        )
    return pd.DataFrame(rows)


_MOST_ROWS = 500


def _rows(district: District, name: str, words: Words) -> pd.DataFrame:
    """Return the first rows of a layer as people read them: labels for columns and for codes."""
    frame = district[name].head(_MOST_ROWS)
    shown = {}
    for column in layers.ALL[name].columns:
        texts = {code: words.pick(pair) for code, pair in (column.codes or {}).items()}
        values = frame[column.name]
        shown[column.label(words.language)] = values.map(texts) if texts else values
    return pd.DataFrame(shown)
