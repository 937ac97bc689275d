"""The page list, and what every page has around it: language, navigation, errors as sentences."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from geo.errors import PlanningError
from views import atlas, data, gaps, greening, link, people, rulebook, scenario, siting, who
from views.session import explain
from wording import Language, say

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
@media print {
  .stSidebar, .stAppHeader, .st-key-below, .stElementToolbar { display: none; }
  .stApp, .stAppViewContainer, .stMain { position: static; overflow: visible; height: auto; }
}
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 3.2rem .8rem 1.5rem; }
}
</style>"""

PAGES: tuple[tuple[str, str, Callable[[Language], None]], ...] = (
    ("", "page.gap_map", gaps.render),
    ("scenario", "scenario.page", scenario.render),
    ("siting", "siting.page", siting.render),
    ("greening", "page.greening", greening.render),
    ("atlas", "common.booklet", atlas.render),
    ("rules", "common.rules", rulebook.render),
    ("data", "page.data", data.render),
    ("people", "people.page", people.render),
)
"""Address, title and render function of every page, in the order of the navigation."""


def run() -> None:
    """Run the page the visitor is on."""
    link.restore()
    language = _language()
    st.set_page_config(page_title=say("page.title", language), layout="wide")
    st.html(_STYLE + _upload_words(language))
    pages = [
        st.Page(
            partial(_guarded, render, language),
            title=say(title, language),
            url_path=address or None,
            default=not address,
        )
        for address, title, render in PAGES
        if render is not people.render or _has_people()
    ]
    st.session_state["map_page"] = pages[0]
    page = st.navigation(pages, position="top")
    with st.sidebar:
        _ask_language(language)
    page.run()


def _has_people() -> bool:
    """Return whether accounts or the audit trail are a duty of whoever acts."""
    try:
        me = who.current()
    except PlanningError:
        return False
    return who.register() is not None and any(me.may(act) for act in people.ACTS)


def _upload_words(language: Language) -> str:
    """Return the style that puts our words in the place of Streamlit's English ones on uploads."""
    here = "[data-testid=stFileUploaderDropzone]"
    instructions = "[data-testid=stFileUploaderDropzoneInstructions]"
    choose = say("data.choose_files", language)
    size = say("data.file_limit", language, mb=st.get_option("server.maxUploadSize"))
    return (
        f"<style>{here} button p {{ font-size: 0; }} "
        f"{here} button p::after {{ font-size: .95rem; content: '{choose}'; }} "
        f"{instructions} * {{ display: none; }} "
        f"{instructions}::after {{ font-size: .85rem; content: '{size}'; }}</style>"
    )


def _guarded(render: Callable[[Language], None], language: Language) -> None:
    """Render a page; an error becomes a sentence, never a traceback."""
    try:
        render(language)
    except (PlanningError, ArithmeticError, LookupError, TypeError, ValueError, OSError) as error:
        explain(error, language)


def _language() -> Language:
    return "en" if st.session_state.get("lang") == "en" else "zh"


def _ask_language(language: Language) -> None:
    st.session_state["lang"] = language
    names = {"zh": "中文", "en": "English"}
    st.segmented_control(
        say("page.language", language),
        list(names),
        key="lang",
        required=True,
        label_visibility="collapsed",
        format_func=lambda code: names[code],
        persist_state="session",
    )
