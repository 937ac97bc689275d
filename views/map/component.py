"""The map and its panel on the page: a component without a frame, scripts by hashed address."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import orjson
import streamlit as st

from layers.district import District
from views.cache import SharedCache
from views.dossier import dossier_texts
from views.map.assets import ASSETS
from views.map.cards import feature_card
from views.map.compiled import BASE, ELEMENT_ID, compile_base, compile_layer, drawn_layers
from views.map.figures import EstateFigures
from views.map.grid import grid_of
from views.map.looks import map_legend
from views.map.messages import Gesture, Pick, gestures_from_browser
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


def _layers(district: District) -> dict[str, str]:
    """Return the address of each layer's module: equal content, equal address."""
    drawn = drawn_layers(district)
    inside = district.digests["estates"]  # looks depend on what is in an estate
    content = {name: (district.digests[name], inside) for name in drawn}
    return {name: _layer(district, name, content.get(name)) for name in (BASE, *drawn)}


def _layer(district: District, name: str, content: object) -> str:
    def make(drawn: District, part: str) -> bytes | None:
        if part != name:
            return None
        return compile_base() if name == BASE else compile_layer(drawn, name)

    return ASSETS.bind(("layer", name, content), district, make, "js", is_kept=True) + name


def _cards(district: District, language: Language) -> str:
    """Return the prefix under which the browser finds the card of a feature, as layer.row."""

    def make(of: District, part: str) -> bytes | None:
        card = feature_card(of, part, language)
        return None if card is None else orjson.dumps(card)

    return ASSETS.bind(("cards", district.version, language), district, make, "json")


def show_map(
    district: District,
    figures: EstateFigures,
    *,
    panel: Mapping[str, Any],
    language: Language,
    on_pick: Callable[[Pick], None],
    on_gestures: Callable[[Sequence[Gesture]], None],
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
    panel : mapping
        ``dossiers``, the URL prefix of the dossiers, followed by an estate's row; ``selected`` (row
        or None), ``rule``, ``show``, ``request_id``, ``evidence`` (of `views.map.evidence`, drawn
        whatever is selected), ``reach``, and ``trial``, of `views.scenario_map`.
    language : {"zh", "en"}
        The user's language.
    on_pick : callable
        Called before the page runs again with what was picked. The ids come from the browser:
        the caller must check that they exist.
    on_gestures : callable
        Called before the page runs again with what was done to the scenario; some of it may have
        been heard before.
    """
    key = (district.version, language)
    legend = _LEGENDS.get(key, lambda: orjson.dumps(map_legend(district, language)))
    texts = _TEXTS.get(key, lambda: map_texts(district, language) | dossier_texts(language))
    addresses = {
        "leaflet": ASSETS.publish_modules({"leaflet.js": vendored("leaflet-1.9.4/leaflet.js")}),
        "client": ASSETS.publish_modules(client_modules()),
        "layers": _layers(district),
        "legend": ASSETS.publish(legend, "json"),
        "figures": ASSETS.publish(figures.body, "json"),
        "cards": _cards(district, language),
    }
    words = texts | {"towns": figures.towns}
    shown = {"element": ELEMENT_ID, "grid": grid_of(district, language)}
    data = {**addresses, **shown, **panel, "words": words}
    _MOUNT(
        key=_KEY,
        data=data,
        on_picked_change=lambda: _receive(on_pick),
        on_gestured_change=lambda: on_gestures(gestures_from_browser(_said("gestured"))),
        on_renewed_change=_run_again,
        height="content",
    )


def _receive(on_pick: Callable[[Pick], None]) -> None:
    """Pass on the browser's pick; a message of another form is ignored."""
    picked = Pick.from_browser(_said("picked"))
    if picked is not None:
        on_pick(picked)


def _run_again() -> None:
    """Do nothing: the run that follows publishes again what the browser did not find."""


def _said(name: str) -> object:
    return st.session_state.get(_KEY, {}).get(name)
