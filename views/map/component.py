"""The map and its panel on the page: a component without a frame, scripts by hashed address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
import streamlit as st

from layers.district import District
from views.cache import SharedCache
from views.dossier import dossier_texts
from views.map.assets import ASSETS
from views.map.compiled import BASE, ELEMENT_ID, compile_base, compile_layer, drawn_layers
from views.map.figures import EstateFigures
from views.map.grid import grid_of
from views.map.looks import map_legend
from views.map.texts import map_texts
from views.map.vendored import STATIC, client_modules, style_sheet, vendored
from wording import Language

_KEY = "gap_map"
_MOUNT = st.components.v2.component(
    "litong_gap_map",
    html='<div class="gap-map-root" data-testid="gap-map"></div>',
    css=style_sheet(),
    js=(STATIC / "mount.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


_LEGENDS: Final = SharedCache[bytes]("legend", len)
_TEXTS: Final = SharedCache[dict[str, Any]]("texts", lambda texts: len(orjson.dumps(texts)))


def _layers(district: District) -> str:
    """Return the prefix under which the browser finds the module of each layer."""

    def make(name: str) -> bytes | None:
        if name == BASE:
            return compile_base()
        return compile_layer(district, name) if name in drawn_layers(district) else None

    return ASSETS.bind(("layers", district.version), make, "js", keeps=True)


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
    show : str
        The kind of gap that the map is about, "" for all.
    request_id : int
        Number of the browser's pick; what the server says of an earlier one is stale.
    """

    estate: str = ""
    rule: str = ""
    show: str = ""
    request_id: int = 0

    @classmethod
    def from_browser(cls, message: object) -> "Pick | None":
        """Return the pick that a message of the browser holds, None if it is not of this form."""
        if not isinstance(message, Mapping):
            return None
        words = [message.get(name) for name in ("estate", "rule", "show")]
        request_id = message.get("request_id")
        if all(isinstance(word, str) for word in words) and isinstance(request_id, int):
            estate, rule, show = map(str, words)
            return cls(estate, rule, show, request_id)
        return None


def show_map(
    district: District,
    figures: EstateFigures,
    *,
    dossiers: str,
    panel: Mapping[str, Any],
    language: Language,
    on_pick: Callable[[Pick], None],
) -> None:
    """
    Draw the map and the evidence panel beside it.

    The browser opens an estate by itself: it fetches the dossier, then notifies the server,
    so a click waits for no rerun.

    Parameters
    ----------
    district : District
        What is drawn.
    figures : EstateFigures
        How its estates are coloured and marked.
    dossiers : str
        URL prefix of the dossiers, followed by an estate's row.
    panel : mapping
        ``selected`` (row or None), ``rule``, ``show``, ``request_id``, ``evidence`` (of
        `views.map.evidence`, drawn whatever is selected) and ``reach``.
    language : {"zh", "en"}
        The user's language.
    on_pick : callable
        Called before the page runs again with what was picked. The ids come from the browser:
        the caller must check that they exist.
    """
    key = (district.version, language)
    legend = _LEGENDS.get(key, lambda: orjson.dumps(map_legend(district, language)))
    texts = _TEXTS.get(key, lambda: map_texts(district, language) | dossier_texts(language))
    addresses = {
        "leaflet": ASSETS.publish_modules({"leaflet.js": vendored("leaflet-1.9.4/leaflet.js")}),
        "client": ASSETS.publish_modules(client_modules()),
        "geo": _layers(district),
        "legend": ASSETS.publish(legend, "json"),
        "figures": ASSETS.publish(figures.body, "json"),
        "dossiers": dossiers,
    }
    words = texts | {"towns": figures.towns}
    shown = {"element": ELEMENT_ID, "grid": grid_of(district, language)}
    data = {**addresses, **shown, **panel, "words": words}
    _MOUNT(key=_KEY, data=data, on_picked_change=lambda: _receive(on_pick), height="content")


def _receive(on_pick: Callable[[Pick], None]) -> None:
    """Pass on the browser's pick; a message of another form is ignored."""
    picked = Pick.from_browser(st.session_state.get(_KEY, {}).get("picked"))
    if picked is not None:
        on_pick(picked)
