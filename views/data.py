"""The data page: bring files in, see what is there, what was changed by whom, and take it away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from access.roles import Act
from services.assessment import Workspace
from views import contents, data_downloads, data_history, data_import, header, who
from views.session import current_workspace
from wording import Language, say


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the page: key of its title, what draws it, what one must be allowed to do."""

    title: str
    show: Callable[[Workspace, Language], None]
    act: Act | None = None


_PARTS: Final[Mapping[str, _Part]] = {
    "import": _Part("data.import_files", data_import.show, Act.IMPORT),
    "contents": _Part("data.contents", contents.show),
    "history": _Part("data.history", data_history.show, Act.JOURNAL),
    "downloads": _Part("common.downloads", data_downloads.show, Act.EXPORT),
}


def render(language: Language) -> None:
    """Draw the page."""
    place = current_workspace(language)
    header.show(place.district, language)
    me = who.current()
    parts = {name: part for name, part in _PARTS.items() if part.act is None or me.may(part.act)}
    if st.session_state.get("data_part") not in parts:  # of a link, or taken away meanwhile
        st.session_state.pop("data_part", None)
    part = st.segmented_control(
        say("common.part", language),
        list(parts),
        key="data_part",
        default=next(iter(parts)),
        required=True,
        label_visibility="collapsed",
        format_func=lambda name: say(parts[name].title, language),
        persist_state="session",
    )
    parts[str(part)].show(place, language)
