"""The page list, and what every page has around it: language, navigation, errors as sentences."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from geo.errors import PlanningError
from views import contents, gaps, link, rulebook
from views.session import explain
from views.text import Language, Words

_STYLE = """<style>
.stMainBlockContainer { padding: 3.6rem 1.6rem 2rem; max-width: none; }
.stAppHeader { height: 3rem; }
.st-key-findings button { justify-content: flex-start; text-align: left; padding: 2px 4px; }
.st-key-findings button p { font-size: .92rem; text-align: left; }
.st-key-findings { gap: .15rem; }
.stMain h3 { padding: 0; }
.stMain h4 { padding: .1rem 0; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 3.4rem .8rem 1.5rem; }
}
</style>"""

PAGES: tuple[tuple[str, str, Callable[[Words], None]], ...] = (
    ("", "Gap map", gaps.render),
    ("rules", "Rules", rulebook.render),
    ("data", "Data", contents.render),
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
