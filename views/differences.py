"""An edit in sentences and cell by cell: what a delivery would change, how two versions differ."""

from collections.abc import Iterator
from itertools import islice

import streamlit as st

from edits import Edit
from edits.cells import GEOMETRY, column_label
from layers import ALL
from views.markdown import escaped
from wording import Language, say

_MOST_CELLS = 500


def show(edit: Edit, language: Language) -> None:
    """Draw what is different, layer by layer; every changed cell on request."""
    if not edit.layers:
        st.info(say("data.no_difference", language))
        return
    for one in edit.layers.values():
        st.markdown("- " + escaped(one.sentence(language)))
    count = sum(
        len(cells.keys)
        for one in edit.layers.values()
        for name, cells in one.cells.items()
        if name != GEOMETRY
    )
    if count:
        with st.expander(say("data.changed_cells", language, n=count)):
            st.dataframe(list(islice(_cells(edit, language), _MOST_CELLS)), hide_index=True)


def _cells(edit: Edit, language: Language) -> Iterator[dict[str, str]]:
    """Yield changed cells as people read them: labels for layers and columns, text for values."""
    for layer, one in edit.layers.items():
        for name, cells in one.cells.items():
            if name == GEOMETRY:
                continue
            for key, was, becomes in zip(cells.keys, cells.before, cells.after, strict=True):
                yield {
                    say("data.layer", language): ALL[layer].label(language),
                    say("data.key", language): str(key),
                    say("data.column", language): column_label(layer, name, language),
                    say("data.was", language): "" if was is None else str(was),
                    say("data.now", language): "" if becomes is None else str(becomes),
                }
