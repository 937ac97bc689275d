"""An edit in sentences and cell by cell: what a delivery would change, how two versions differ."""

from collections.abc import Iterator
from itertools import islice

import streamlit as st

from edits import Edit
from edits.cells import GEOMETRY, column_label
from layers import ALL
from views.text import Words, plain

_MOST_CELLS = 500


def show(edit: Edit, words: Words) -> None:
    """Draw what is different, layer by layer; every changed cell on request."""
    if not edit.layers:
        st.info(words("The two are the same."))
        return
    for one in edit.layers.values():
        st.markdown("- " + plain(one.sentence(words.language)))
    count = sum(
        len(cells.keys)
        for one in edit.layers.values()
        for name, cells in one.cells.items()
        if name != GEOMETRY
    )
    if count:
        with st.expander(words("{n} changed cells", n=f"{count:,}")):
            st.dataframe(list(islice(_cells(edit, words), _MOST_CELLS)), hide_index=True)


def _cells(edit: Edit, words: Words) -> Iterator[dict[str, str]]:
    """Yield changed cells as people read them: labels for layers and columns, text for values."""
    for layer, one in edit.layers.items():
        for name, cells in one.cells.items():
            if name == GEOMETRY:
                continue
            for key, was, becomes in zip(cells.keys, cells.before, cells.after, strict=True):
                yield {
                    words("Layer"): ALL[layer].label(words.language),
                    words("Key"): str(key),
                    words("Column"): column_label(layer, name, words.language),
                    words("Was"): "" if was is None else str(was),
                    words("Is now"): "" if becomes is None else str(becomes),
                }
