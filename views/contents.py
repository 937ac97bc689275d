"""What is there: what each layer holds, where it comes from, and how old it is."""

import pandas as pd
import streamlit as st

import layers
from geo.crs import chinese_name
from layers.district import District
from layers.spec import PROVENANCE_LABELS
from services.assessment import Workspace
from views.markdown import escaped
from wording import Language, Text, say


def show(place: Workspace, language: Language) -> None:
    """Draw the part of the data page."""
    district = place.district
    st.dataframe(layer_table(district, language), hide_index=True, key="layer_table")
    st.caption(
        say(
            "data.contents_hint",
            language,
            crs=Text(chinese_name(district.crs), district.crs.name),
        )
    )
    for sentence in of_another_build(district, language):
        st.caption(escaped(sentence))
    _show_walkways(place, language)
    spec = st.selectbox(
        say("data.show_rows", language),
        [name for name in district.frames if len(district[name])],
        format_func=lambda name: layers.ALL[name].label(language),
        key="layer_shown",
    )
    if spec:
        st.dataframe(_rows(district, spec, language), hide_index=True, key=f"rows_{spec}")


def _show_walkways(place: Workspace, language: Language) -> None:
    """Say what the walkways fail to join."""
    if place.walkways is None:
        return
    st.markdown(f"**{say('walkways.title', language)}**")
    for sentence in list(place.walkways.sentences(language)) or [say("walkways.none", language)]:
        st.caption(escaped(sentence))


def layer_table(district: District, language: Language) -> pd.DataFrame:
    """Return one row a layer: rows, provenance, sources, latest date."""
    rows = []
    for name in district.frames:
        frame = district[name]
        natures = [PROVENANCE_LABELS[code][language] for code in frame["provenance"].unique()]
        rows.append(
            {
                say("data.layer", language): layers.ALL[name].label(language),
                say("data.rows", language): len(frame),
                say("data.surveyed", language): say("data.yes", language)
                if district.has(name)
                else say("data.no", language),
                say("data.provenance", language): "、".join(natures),
                say("common.source", language): "；".join(
                    str(text) for text in frame["source"].unique()[:3]
                ),
                say("data.date", language): str(frame["source_date"].max()) if len(frame) else "",
            }
        )
    return pd.DataFrame(rows)


def of_another_build(district: District, language: Language) -> list[str]:
    """Return a sentence for every code, column and layer that only another build knows."""
    said = []
    for name, codes in district.unknown_codes.items():
        for column, unread in codes.items():
            rows = int(district.frames[name][column].isin(unread).sum())
            said.append(
                say(
                    "data.unknown_codes",
                    language,
                    layer=layers.ALL[name].label(language),
                    column=layers.ALL[name].column(column).label(language),
                    codes=", ".join(sorted(unread)),
                    n=rows,
                )
            )
    for name, frame in district.frames.items():
        extra = ", ".join(layers.ALL[name].extra_columns(frame))
        if extra:
            label = layers.ALL[name].label(language)
            said.append(say("data.unknown_columns", language, layer=label, columns=extra))
    if district.unknown_frames:
        names = ", ".join(district.unknown_frames)
        said.append(say("data.unknown_layers", language, layers=names))
    return said


_MOST_ROWS = 500


def _rows(district: District, name: str, language: Language) -> pd.DataFrame:
    """Return the first rows of a layer as people read them: labels for columns and for codes."""
    frame = district[name].head(_MOST_ROWS)
    shown = {}
    for column in layers.ALL[name].columns:
        texts = {code: pair[language] for code, pair in (column.codes or {}).items()}
        values = frame[column.name]
        shown[column.label(language)] = values.map(texts) if texts else values
    return pd.DataFrame(shown)
