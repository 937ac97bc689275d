"""The difference between two states of a district, in sentences and cell by cell."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

import layers
from layers.district import District
from store import LayerDifference, changed_cells, difference
from views.text import Words, plain

_MOST_CELLS = 500


def show(earlier: District, later: District, words: Words) -> None:
    """Draw what is different, layer by layer; every changed cell on request."""
    found, listed = _compared(earlier.version, later.version, earlier, later)
    if not found:
        st.info(words("The two are the same."))
        return
    for one in found.values():
        st.markdown("- " + plain(one.sentence(words.language)))
    if len(listed):
        with st.expander(words("{n} changed cells", n=f"{len(listed):,}")):
            st.dataframe(_cells(listed.head(_MOST_CELLS), words), hide_index=True)


@st.cache_resource(show_spinner=False, max_entries=8)
def _compared(
    before: str,  # noqa: ARG001  (the key of the cache, with `after`)
    after: str,  # noqa: ARG001
    _earlier: District,
    _later: District,
) -> tuple[Mapping[str, LayerDifference], pd.DataFrame]:
    """Return what differs by layer, and every changed cell."""
    found = difference(_earlier, _later)
    parts = [changed_cells(_earlier, _later, one).assign(layer=name) for name, one in found.items()]
    return found, pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _cells(listed: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return changed cells as people read them: labels for layers and columns, text for values."""
    specs = [layers.ALL[name] for name in listed["layer"]]
    columns = [spec.column(name) for spec, name in zip(specs, listed["column"], strict=True)]
    return pd.DataFrame(
        {
            words("Layer"): [spec.label(words.language) for spec in specs],
            words("Key"): listed["key"].astype(str).to_numpy(),
            words("Column"): [column.label(words.language) for column in columns],
            words("Was"): ["" if pd.isna(cell) else str(cell) for cell in listed["before"]],
            words("Is now"): ["" if pd.isna(cell) else str(cell) for cell in listed["after"]],
        }
    )
