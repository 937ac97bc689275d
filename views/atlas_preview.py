"""The preview of the booklet: one page as it will be printed, turned, chosen and enlarged."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from atlas.compose import Outline, preview
from atlas.picture import picture
from atlas.sheet import AtlasContext, PagePlan
from views.cache import SharedCache
from views.markdown import escaped
from wording import Language, say

_PREVIEWS: Final = SharedCache[bytes]("preview", len)
_WIDTHS_PX = {1: 1600, 2: 3200, 3: 4800}
"""Zoom -> width of the picture."""
_SCROLLED = """<style>
.st-key-atlas_page {{ overflow: auto; height: {height}; display: block; }}
.st-key-atlas_page [data-testid="stElementContainer"] {{ width: {width}% !important; }}
.st-key-atlas_page [data-testid="stElementContainer"] * {{ width: 100%; max-width: none; }}
</style>"""


@dataclass(frozen=True, slots=True)
class Previewed:
    """A booklet to be looked at: what it is drawn from, its pages, and a key of both."""

    context: AtlasContext
    outline: Outline
    key: tuple[object, ...]

    @property
    def page(self) -> PagePlan:
        """The page that the preview is at; the first before anybody turned a page."""
        plans = self.outline.page_plans
        at = st.session_state.get("atlas_preview")
        return next((plan for plan in plans if plan.key == at), plans[0])


def show(booklet: Previewed, language: Language) -> None:
    """Draw the bar that turns pages, and the page it is at."""
    keys = [plan.key for plan in booklet.outline.page_plans]
    if st.session_state.get("atlas_preview") not in keys:
        st.session_state["atlas_preview"] = keys[0]
    _turn_bar(booklet, keys, language)
    key, zoom = str(st.session_state["atlas_preview"]), int(st.session_state["atlas_zoom"] or 1)
    with st.spinner(say("booklet.drawing_page", language)):
        drawn = _PREVIEWS.get((booklet.key, key, zoom), lambda: _picture(booklet, key, zoom))
    st.html(_SCROLLED.format(width=100 * zoom, height="auto" if zoom == 1 else "82vh"))
    with st.container(key="atlas_page"):
        st.image(drawn, width="stretch")
    at = say("booklet.page_of", language, page=keys.index(key) + 1, n=len(keys))
    st.caption(f"{at} · {escaped(booklet.outline.edition)}")


def _picture(booklet: Previewed, key: str, zoom: int) -> bytes:
    return picture(preview(booklet.context, booklet.outline, key), _WIDTHS_PX[zoom])


def _turn_bar(booklet: Previewed, keys: list[str], language: Language) -> None:
    """Draw back, contents, on, zoom, and whether the form gives way to the page."""
    titles = {plan.key: f"{plan.number}  {plan.title}" for plan in booklet.outline.page_plans}
    place = keys.index(st.session_state["atlas_preview"])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for step, icon in ((-1, "navigate_before"), (1, "navigate_next")):
            st.button(
                say("booklet.previous" if step < 0 else "booklet.next", language),
                icon=f":material/{icon}:",
                key=f"atlas_turn_{step}",
                disabled=not 0 <= place + step < len(keys),
                on_click=_turn,
                args=(keys[min(max(place + step, 0), len(keys) - 1)],),
            )
        st.selectbox(
            say("booklet.contents", language),
            keys,
            format_func=lambda key: titles[key],
            key="atlas_preview",
        )
        st.segmented_control(
            say("booklet.zoom", language),
            list(_WIDTHS_PX),
            default=1,
            format_func=lambda zoom: f"{zoom * 100} %",
            key="atlas_zoom",
        )
        st.toggle(say("booklet.large", language), key="atlas_large")


def _turn(key: str) -> None:
    st.session_state["atlas_preview"] = key
