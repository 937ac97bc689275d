"""The map and its panel on the page: a component without a frame, scripts by hashed address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Pick:
    """
    What is selected, by the browser or by the server.

    Attributes
    ----------
    estate : str
        The estate's id, "" for none.
    rule : str
        The finding's rule, "" for none.
    turn : int
        How many times the browser has picked; an answer to an earlier turn is no news to it.
    """

    estate: str = ""
    rule: str = ""
    turn: int = 0

    @classmethod
    def from_browser(cls, said: object) -> "Pick | None":
        """Return what the browser said, None where it has not this form."""
        if not isinstance(said, Mapping):
            return None
        estate, rule, turn = (said.get(name) for name in ("estate", "rule", "turn"))
        if isinstance(estate, str) and isinstance(rule, str) and isinstance(turn, int):
            return cls(estate, rule, turn)
        return None


def show_map(
    district: District,
    state: MapState,
    *,
    dossiers: str,
    panel: Mapping[str, Any],
    words: Mapping[str, Any],
    on_pick: Callable[[Pick], None],
) -> None:
    """
    Draw the map and the evidence panel beside it.

    The browser opens an estate by itself: it fetches the dossier and tells the server afterwards,
    so a click waits for no rerun.

    Parameters
    ----------
    district : District
        What is drawn.
    state : MapState
        How its estates are coloured and marked.
    dossiers : str
        Address of the dossiers, followed by an estate's row.
    panel : mapping
        ``selected`` (row or None), ``rule``, ``turn``, ``evidence`` (of `views.map.evidence`,
        drawn whatever is selected), ``reach`` and ``overview``.
    words : mapping
        Every text of map and panel in the user's language.
    on_pick : callable
        Called before the page runs again with what was picked. The ids come from the browser:
        whoever uses them checks that they exist.
    """
    addresses = {
        "leaflet": SHELF.publish(vendored("leaflet-1.9.4/leaflet.js"), "js", pinned=True),
        "client": SHELF.publish(client_script(), "js", pinned=True),
        "geo": SHELF.publish(_compiled(district.version, district), "js"),
        "state": SHELF.publish(state.body, "json"),
        "dossiers": dossiers,
    }
    data = {**addresses, "element": ELEMENT_ID, **panel, "words": words}
    _MOUNT(key=_KEY, data=data, on_picked_change=lambda: _answer(on_pick), height="content")


def _answer(on_pick: Callable[[Pick], None]) -> None:
    """Pass on what was picked; what has not its form is no pick."""
    picked = Pick.from_browser(st.session_state[_KEY].get("picked"))
    if picked is not None:
        on_pick(picked)
