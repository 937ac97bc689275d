"""The page list, and what every page has around it: language, navigation, errors as sentences."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from geo.errors import PlanningError
from views import atlas, data, gaps, greening, link, rulebook
from views.session import explain
from views.text import Language, Words, message

_STYLE = """<style>
.stMainBlockContainer { padding: 3.4rem 1.6rem 2rem; max-width: none; }
.stAppHeader { height: 3rem; min-height: 3rem; }
.stSidebarHeader { height: 2.2rem; padding-top: .6rem; margin: 0; }
.stSidebarUserContent { padding-bottom: 2rem; }
.stSidebarUserContent .stVerticalBlock { gap: .7rem; }
.stMain h3 { padding: 0; font-size: 1.45rem; letter-spacing: .02em; }
.stMain h4 { padding: 0; font-size: 1.2rem; }
.st-key-page_head { row-gap: .1rem; }
.st-key-page_head [data-testid="stMarkdownContainer"] { margin-bottom: 0; }
.st-key-page_head p { line-height: 1.7; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 3.2rem .8rem 1.5rem; }
}
</style>"""

PAGES: tuple[tuple[str, str, Callable[[Words], None]], ...] = (
    ("", message("Gap map"), gaps.render),
    ("greening", message("Greening"), greening.render),
    ("atlas", message("Booklet"), atlas.render),
    ("rules", message("Rules"), rulebook.render),
    ("data", message("Data"), data.render),
)
"""Address, title and render function of every page, in the order of the navigation."""


def run() -> None:
    """Run the page the visitor is on."""
    link.restore()
    words = Words(_language())
    st.set_page_config(page_title=words("Litong Gap Map"), layout="wide")
    st.html(_STYLE)
    pages = [
        st.Page(
            partial(_guarded, render, words),
            title=words(title),
            url_path=address or None,
            default=not address,
        )
        for address, title, render in PAGES
    ]
    st.session_state["map_page"] = pages[0]
    page = st.navigation(pages, position="top")
    with st.sidebar:
        _ask_language(words)
    page.run()


def _guarded(render: Callable[[Words], None], words: Words) -> None:
    """Render a page; an error becomes a sentence, never a traceback."""
    try:
        render(words)
    except (PlanningError, ArithmeticError, LookupError, TypeError, ValueError, OSError) as error:
        explain(error, words)


def _language() -> Language:
    return "en" if st.session_state.get("lang") == "en" else "zh"


def _ask_language(words: Words) -> None:
    st.session_state["lang"] = words.language
    names = {"zh": "中文", "en": "English"}
    st.segmented_control(
        words("Language"),
        list(names),
        key="lang",
        required=True,
        label_visibility="collapsed",
        format_func=lambda code: names[code],
        persist_state="session",
    )
