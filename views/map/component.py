"""The map on the page: a component without a frame, its scripts under hashed addresses."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from layers.district import District
from views.map.compiled import ELEMENT_ID, compile_map
from views.map.published import SHELF
from views.map.state import MapState
from views.map.vendored import STATIC, client_script, style_sheet, vendored

_KEY = "gap_map"
_MOUNT = st.components.v2.component(
    "litong_gap_map",
    html='<div class="gap-map-root" data-testid="gap-map"></div>',
    css=style_sheet(),
    js=(STATIC / "mount.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@st.cache_resource(show_spinner=False, max_entries=4)
def _compiled(version: str, _district: District) -> bytes:  # noqa: ARG001
    return compile_map(_district)


def show_map(
    district: District,
    state: MapState,
    *,
    selected: int | None,
    evidence: dict[str, Any],
    words: dict[str, Any],
    on_pick: Callable[[str], None],
) -> None:
    """
    Draw the map.

    Parameters
    ----------
    district : District
        What is drawn.
    state : MapState
        How its estates are coloured and marked.
    selected : int or None
        Row of the selected estate.
    evidence : dict
        Of `views.map.evidence`.
    words : dict
        Every text of the map in the user's language.
    on_pick : callable
        Called before the page runs again with the id of the estate clicked, "" when the ground was.
        The id comes from the browser: whoever uses it checks that it exists.
    """
    addresses = {
        "leaflet": SHELF.publish(vendored("leaflet-1.9.4/leaflet.js"), "js", pinned=True),
        "client": SHELF.publish(client_script(), "js", pinned=True),
        "geo": SHELF.publish(_compiled(district.version, district), "js"),
        "state": SHELF.publish(state.body, "json"),
    }
    data = {
        **addresses,
        "element": ELEMENT_ID,
        "selected": selected,
        "evidence": evidence,
        "words": words,
    }
    _MOUNT(key=_KEY, data=data, on_estate_change=lambda: _answer(on_pick), height="content")


def _answer(on_pick: Callable[[str], None]) -> None:
    """Pass on what was clicked; anything but text is no click."""
    picked = st.session_state[_KEY].get("estate")
    if isinstance(picked, str):
        on_pick(picked)
