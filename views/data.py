"""The data page: bring files in, see what is there, what was changed by whom, and take it away."""

from collections.abc import Callable, Mapping

import streamlit as st

from views import contents, data_downloads, data_history, data_import, header
from views.session import Workspace, current_workspace
from views.text import Words


def render(words: Words) -> None:
    """Draw the page."""
    place = current_workspace(words)
    header.show(place.district, words)
    parts: Mapping[str, tuple[str, Callable[[Workspace, Words], None]]] = {
        "import": (words("Bring files in"), data_import.show),
        "contents": (words("What is there"), contents.show),
        "history": (words("History"), data_history.show),
        "downloads": (words("Downloads"), data_downloads.show),
    }
    part = st.segmented_control(
        words("Part of the page"),
        list(parts),
        key="data_part",
        default="import",
        required=True,
        label_visibility="collapsed",
        format_func=lambda name: parts[name][0],
        persist_state="session",
    )
    parts[str(part)][1](place, words)
