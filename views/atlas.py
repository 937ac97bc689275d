"""The booklet page: choose, preview a page, make the PDF, see what changed since the last issue."""

from collections.abc import Hashable
from dataclasses import asdict, dataclass, replace
from typing import Final

import streamlit as st

from access.roles import Act
from atlas.compose import Booklet, DrawnPage, compose, context_of, preview
from atlas.history import Issue, changes, issue_of, issued, last_like, remember
from atlas.outline import plan_pages
from atlas.picture import picture
from atlas.request import Purpose, Request, Stage
from atlas.sheet import AtlasContext, PagePlan
from services.assessment import Assessment
from store import SHOWN_DIGITS
from store.office import read_fields, write_fields
from views import header
from views.atlas_form import PURPOSES, STAGES, ask, ask_confirmations
from views.cache import SharedCache
from views.ledger import entry_of_anybody
from views.markdown import escaped
from views.session import assessment_of, current_store, current_workspace, today, worked_out
from views.work_queue import Report
from wording import Language, say

_WIDTH_PX = 1600
_PAGES_KEPT = 1500
_PLAN_BYTES = 100_000  # of a page, with its rows: measured, roundly


@dataclass(frozen=True, eq=False, slots=True)
class _Outline:
    """A booklet as asked for: its key, what it is drawn from and its pages in order."""

    key: Hashable
    context: AtlasContext
    page_plans: tuple[PagePlan, ...]


_OUTLINES: Final = SharedCache[_Outline]("outline", lambda made: _PLAN_BYTES * len(made.page_plans))
_PREVIEWS: Final = SharedCache[bytes]("preview", len)
_BOOKLETS: Final = SharedCache[Booklet]("booklet", lambda made: len(made.pdf))
_PAGES: Final = SharedCache[dict[str, DrawnPage]](
    "pages", lambda pages: sum(len(drawn.page.content) for drawn in pages.values())
)


def render(language: Language) -> None:
    """Draw the page."""
    place = current_workspace(language)
    header.show(place.district, language)
    form, sight = st.columns([5, 7], gap="large")
    with form:
        as_of = st.date_input(say("common.assessed_as_of", language), today(), key="atlas_as_of")
        request = ask(place.district, place.book, _remembered(), language)
        outline = _outline(assessment_of(place, as_of, language), request)
        ask_confirmations(outline.context, language)
        _offer(outline, language)
    with sight:
        _show_page(outline, language)
    _show_history(language)


def _remembered() -> dict[str, str]:
    return read_fields(current_store())


def _outline(assessment: Assessment, request: Request) -> _Outline:
    def make() -> _Outline:
        place = assessment.workspace
        context = context_of(place.district, assessment.full, place.book, place.plan, request)
        return _Outline((assessment.key, request), context, tuple(plan_pages(context)))

    return _OUTLINES.get((assessment.key, request), make)


def _show_page(outline: _Outline, language: Language) -> None:
    """Show one page as it will be printed."""
    page_plans = {page_plan.key: page_plan for page_plan in outline.page_plans}
    key = st.selectbox(
        say("booklet.preview", language),
        list(page_plans),
        format_func=lambda key: f"{page_plans[key].number}  {page_plans[key].title}",
        key="atlas_preview",
    )
    if key is not None:
        with st.spinner(say("booklet.drawing_page", language)):
            drawn = _PREVIEWS.get((outline.key, key), lambda: _picture(outline, key))
        st.image(drawn, width="stretch")
        st.caption(say("booklet.pages_in_all", language, n=len(page_plans)))


def _picture(outline: _Outline, key: str) -> bytes:
    return picture(preview(outline.context, outline.page_plans, key), _WIDTH_PX)


def _offer(outline: _Outline, language: Language) -> None:
    """Make the booklet on request; any other click cancels it."""
    context = outline.context
    if st.button(
        say("booklet.make_booklet", language),
        type="primary",
        icon=":material/picture_as_pdf:",
        key="atlas_make",
    ):
        cancel = st.empty()
        cancel.button(say("common.cancel", language), key="atlas_cancel")
        booklet = worked_out(
            _BOOKLETS,
            outline.key,
            lambda report: _composed(context, report),
            language,
            "booklet.drawing_booklet",
        )
        _BOOKLETS.keep(outline.key, replace(booklet, redrawn=0))  # made again, it is drawn already
        cancel.empty()
        st.session_state["atlas_made"] = (booklet, context.request, _remember(booklet, context))
    made = st.session_state.get("atlas_made")
    if made and made[1] == context.request:
        _show_made(made[0], made[2], context, language)


def _composed(context: AtlasContext, report: Report) -> Booklet:
    """Make the booklet; pages drawn before are drawn again only where they changed."""
    version = context.book.version
    pages = dict(_PAGES.find(version) or {})
    try:
        return compose(context, progress=report, pages=pages)
    finally:  # those drawn before it was cancelled, too
        _PAGES.keep(version, dict(list(pages.items())[-_PAGES_KEPT:]))


def _remember(booklet: Booklet, context: AtlasContext) -> list[tuple[str, str]]:
    """Keep the title block and the issue; return what changed since the last one."""
    issue = issue_of(booklet, context)
    issues = _issues()
    before = last_like(issues, issue)
    store, entry = current_store(), entry_of_anybody(Act.BOOKLET)
    request = context.request
    filled = asdict(request.title_block) | (asdict(request.notice) if request.is_public else {})
    write_fields(store, _remembered() | filled, entry=entry)
    remember(store, issue, entry=entry)
    return [(c.kind, c.title) for c in changes(before, issue)] if before else []


def _issues() -> list[Issue]:
    return issued(current_store())


def _show_made(
    booklet: Booklet, changed: list[tuple[str, str]], context: AtlasContext, language: Language
) -> None:
    district, request = context.district, context.request
    st.download_button(
        say("booklet.download_booklet", language),
        booklet.pdf,
        file_name=f"{district.district_id}-{request.date}-{booklet.digest[:8]}.pdf",
        mime="application/pdf",
        icon=":material/download:",
        on_click="ignore",
        key="atlas_download",
    )
    st.caption(
        say(
            "booklet.made",
            language,
            pages=len(booklet.page_plans),
            size=f"{len(booklet.pdf) / 1e6:.1f}",
            n=booklet.redrawn,
        )
    )
    if booklet.problems:
        with st.expander(
            say("booklet.problems", language, n=len(booklet.problems)),
            icon=":material/rule:",
        ):
            for problem in booklet.problems:
                st.text(problem.label[language])
    if changed:
        with st.expander(say("booklet.pages_changed", language, n=len(changed))):
            for kind, title in changed:
                st.text(f"{say(f'change.{kind}', language)}  {title}")


def _show_history(language: Language) -> None:
    issues = _issues()
    if issues:
        st.markdown(f"#### {say('booklet.issued_booklets', language)}")
        st.dataframe(
            [
                {
                    say("booklet.date_printed", language): issue.date,
                    say("booklet.edition", language): issue.edition,
                    say("booklet.purpose", language): say(
                        PURPOSES[Purpose(issue.purpose)], language
                    ),
                    say("booklet.stage", language): say(STAGES[Stage(issue.stage)], language),
                    say("booklet.pages", language): len(issue.pages),
                    say("common.data_version", language): issue.data_version[:SHOWN_DIGITS],
                    "SHA-256": issue.sha256[:16],
                }
                for issue in reversed(issues)
            ],
            hide_index=True,
            key="atlas_history",
        )
        _show_changes(issues, language)


def _show_changes(issues: list[Issue], language: Language) -> None:
    """List what an issue shows otherwise than the one before it for the same readers."""
    numbers = range(len(issues) - 1, -1, -1)
    chosen = st.selectbox(
        say("booklet.changes", language),
        list(numbers),
        format_func=lambda n: f"{issues[n].edition} · {issues[n].date} · {issues[n].sha256[:8]}",
        key="atlas_issue",
    )
    if chosen is None:
        return
    before = last_like(issues[:chosen], issues[chosen])
    if before is None:
        st.caption(say("booklet.first_issue", language))
        return
    found = changes(before, issues[chosen])
    st.caption(say("booklet.pages_changed", language, n=len(found)))
    if not found:
        return
    st.dataframe(
        [
            {
                say("booklet.change", language): say(f"change.{c.kind}", language),
                say("booklet.page", language): escaped(c.title),
            }
            for c in found
        ],
        hide_index=True,
        key="atlas_issue_changes",
    )
