"""The data page: bring files in, see what is there, what was changed by whom, and take it away."""

from collections.abc import Callable, Mapping

import streamlit as st

from services.assessment import Workspace
from views import contents, data_downloads, data_history, data_import, header
from views.session import current_workspace
from wording import Language, say


def render(language: Language) -> None:
    """Draw the page."""
    place = current_workspace(language)
    header.show(place.district, language)
    parts: Mapping[str, tuple[str, Callable[[Workspace, Language], None]]] = {
        "import": (say("data.import_files", language), data_import.show),
        "contents": (say("data.contents", language), contents.show),
        "history": (say("data.history", language), data_history.show),
        "downloads": (say("common.downloads", language), data_downloads.show),
    }
    part = st.segmented_control(
        say("common.part", language),
        list(parts),
        key="data_part",
        default="import",
        required=True,
        label_visibility="collapsed",
        format_func=lambda name: parts[name][0],
        persist_state="session",
    )
    parts[str(part)][1](place, language)
