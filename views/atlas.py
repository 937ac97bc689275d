"""The booklet page: choose, preview a page, make the PDF, note what the meeting said of it."""

from collections.abc import Hashable
from dataclasses import asdict, dataclass, replace
from typing import Final

import streamlit as st

from access.roles import Act
from atlas.compose import Booklet, DrawnPage, Outline, compose, context_of
from atlas.history import issue_of, issued, outline_of, remember
from atlas.outline import plan_body
from atlas.preflight import FormalIssueRefusedError, before_drawing
from atlas.problem import Problem
from atlas.request import Request, Stage
from atlas.sheet import AtlasContext, PagePlan
from programme.opinions import Noted, noted
from programme.sign_off import signed_off
from services.assessment import Assessment
from store.office import read_fields, write_fields
from views import atlas_issues, atlas_preview, header, opinions, taking, who
from views.atlas_form import ask, ask_confirmations
from views.atlas_preview import Previewed
from views.cache import SharedCache
from views.ledger import entry_of_anybody
from views.session import assessment_of, current_store, current_workspace, today, worked_out
from views.work_queue import Report
from wording import Language, say

_PAGES_KEPT = 1500
_PLAN_BYTES = 100_000  # of a page, with its rows: measured, roundly
_HIDDEN = "<style>.st-key-atlas_form { display: none; }</style>"


@dataclass(frozen=True, eq=False, slots=True)
class _Planned:
    """A booklet as asked for: its key, what it is drawn from, its pages, what blocks it."""

    key: Hashable
    context: AtlasContext
    body: tuple[PagePlan, ...]
    problems: tuple[Problem, ...]


_PLANNED: Final = SharedCache[_Planned]("planned", lambda made: _PLAN_BYTES * len(made.body))
_BOOKLETS: Final = SharedCache[Booklet]("booklet", lambda made: len(made.pdf))
_PAGES: Final = SharedCache[dict[str, DrawnPage]](
    "pages", lambda pages: sum(len(drawn.page.content) for drawn in pages.values())
)


def render(language: Language) -> None:
    """Draw the page."""
    place = current_workspace(language)
    header.show(place.district, language)
    is_large = bool(st.session_state.get("atlas_large"))
    form, sight = st.columns([1, 99] if is_large else [5, 7], gap="small" if is_large else "large")
    if is_large:
        st.html(_HIDDEN)
    with form, st.container(key="atlas_form"):
        as_of = st.date_input(say("common.assessed_as_of", language), today(), key="atlas_as_of")
        request = ask(place.district, place.book, _remembered(), language)
        told = tuple(noted(current_store()))
        planned = _planned(assessment_of(place, as_of, language), request, told)
        store = current_store()
        issues, signed = issued(store), signed_off(store)
        outline = outline_of(planned.context, planned.body, issues, signed)
        ask_confirmations(planned.context, language)
        _offer(planned, outline, language)
    with sight:
        shown = Previewed(planned.context, outline, (planned.key, outline.edition))
        atlas_preview.show(shown, language)
        opinions.ask(shown, language)
    opinions.show(shown, as_of, language)
    atlas_issues.show(place.book, issues, signed, language)


def _remembered() -> dict[str, str]:
    return read_fields(current_store())


def _planned(assessment: Assessment, request: Request, told: tuple[Noted, ...]) -> _Planned:
    """Return the plan of a booklet, made once for each thing asked for."""
    key = assessment.key, request, tuple(one.seq for one in told)

    def make() -> _Planned:
        place = assessment.workspace
        context = context_of(place.district, assessment.full, place.book, place.plan, request, told)
        body, problems = tuple(plan_body(context)), tuple(before_drawing(context))
        return _Planned(key, context, body, problems)

    return _PLANNED.get(key, make)


def _offer(planned: _Planned, outline: Outline, language: Language) -> None:
    """Make the booklet on request; any other click cancels it."""
    context = planned.context
    atlas_issues.warn_unsigned(outline.revision, context, language)
    refused = context.request.stage is Stage.FORMAL and planned.problems
    if refused:
        _show_refusal(planned.problems, language)
    if st.button(
        say("booklet.make_booklet", language),
        type="primary",
        icon=":material/picture_as_pdf:",
        key="atlas_make",
        disabled=bool(refused),
    ):
        who.current().require(Act.BOOKLET)
        cancel = st.empty()
        cancel.button(say("common.cancel", language), key="atlas_cancel")
        key = planned.key, outline.edition
        try:
            booklet = worked_out(
                _BOOKLETS,
                key,
                lambda report: _composed(context, outline, report),
                language,
                "booklet.drawing_booklet",
            )
        except FormalIssueRefusedError as error:
            cancel.empty()
            _show_refusal(error.problems, language)
            return
        _BOOKLETS.keep(key, replace(booklet, redrawn=0))  # made again, it is drawn already
        cancel.empty()
        _remember(booklet, context)
        changed = outline.revision.changes if outline.revision else ()
        listed = [(change.kind, change.title) for change in changed]
        st.session_state["atlas_made"] = (booklet, _seen_of(context), listed)
    made = st.session_state.get("atlas_made")
    if made and made[1] == _seen_of(context):
        _show_made(made[0], made[2], context, language)


def _seen_of(context: AtlasContext) -> Hashable:
    """Return what a booklet that was made is offered for: other roles see another one."""
    return context.request, who.current().sight


def _show_refusal(problems: tuple[Problem, ...], language: Language) -> None:
    """Say why there is no formal issue, and in which field each reason is mended."""
    st.error(say("booklet.problems", language, n=len(problems)), icon=":material/block:")
    st.dataframe(
        [
            {
                say("booklet.problem", language): problem.label[language],
                say("booklet.mend", language): problem.field.label(language)
                if problem.field
                else "",
            }
            for problem in problems
        ],
        hide_index=True,
        key="atlas_refused",
    )


def _composed(context: AtlasContext, outline: Outline, report: Report) -> Booklet:
    """Make the booklet; pages drawn before are drawn again only where they changed."""
    version = context.book.version
    pages = dict(_PAGES.find(version) or {})
    try:
        return compose(context, outline=outline, progress=report, pages=pages)
    finally:  # those drawn before it was cancelled, too
        _PAGES.keep(version, dict(list(pages.items())[-_PAGES_KEPT:]))


def _remember(booklet: Booklet, context: AtlasContext) -> None:
    """Keep the title block, the public notice and the issue."""
    store, entry = current_store(), entry_of_anybody(Act.BOOKLET)
    request = context.request
    filled = asdict(request.title_block) | (asdict(request.notice) if request.is_public else {})
    write_fields(store, _remembered() | filled, entry=entry)
    remember(store, issue_of(booklet, context), entry=entry)


def _show_made(
    booklet: Booklet, changed: list[tuple[str, str]], context: AtlasContext, language: Language
) -> None:
    district, request = context.district, context.request
    taking.offer(
        say("booklet.download_booklet", language),
        lambda: booklet.pdf,
        f"{district.district_id}-{request.date}-{booklet.digest[:8]}.pdf",
        "application/pdf",
        language,
        version=district.version,
        act=Act.BOOKLET,
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
