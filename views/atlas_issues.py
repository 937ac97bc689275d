"""Issued booklets, on the booklet page: what each changed, who signed it, what to sign again."""

from collections.abc import Sequence

import streamlit as st

from access.roles import Act
from atlas.history import Issue, changes, last_like
from atlas.request import Purpose, Stage
from atlas.revision import Revision
from atlas.sheet import AtlasContext
from atlas.sheets.changes import signed_before
from geo.errors import PlanningError
from programme.sign_off import SignOff, sign_off
from rules.book import Book
from store import SHOWN_DIGITS
from views import said, who
from views.atlas_form import PURPOSES, STAGES
from views.error_text import told
from views.ledger import entry_of
from views.markdown import escaped
from views.session import current_store, today
from wording import Language, listing, say


def show(
    book: Book, issues: Sequence[Issue], signed: Sequence[SignOff], language: Language
) -> None:
    """Draw the part of the page; nothing before the first issue."""
    said.show("sign_off")
    if not issues:
        return
    st.markdown(f"#### {say('booklet.issued_booklets', language)}")
    st.dataframe(
        [_row(book, issue, signed, language) for issue in reversed(issues)],
        hide_index=True,
        key="atlas_history",
    )
    number = _choose(issues, language)
    if number is None:
        return
    left, right = st.columns(2, gap="large")
    with left:
        _show_changes(issues, number, language)
    if who.current().may(Act.BOOKLET):
        with right, st.expander(say("sign_off.record", language), icon=":material/draw:"):
            _ask(book, issues[number], signed, language)


def warn_unsigned(revision: Revision | None, context: AtlasContext, language: Language) -> None:
    """Say which pages are no longer what some body signed."""
    pages = revision.unsigned if revision else ()
    if not pages:
        return
    st.warning(say("sign_off.changed", language, n=len(pages)), icon=":material/draw:")
    st.dataframe(
        [
            {
                say("booklet.page", language): f"{page.number} {page.title}".strip(),
                say("sign_off.again", language): signed_before(context, page),
            }
            for page in pages
        ],
        hide_index=True,
        key="atlas_unsigned",
    )


def _row(
    book: Book, issue: Issue, signed: Sequence[SignOff], language: Language
) -> dict[str, object]:
    bodies = [
        f"{book.departments[one.body].label[language]} {one.date}"
        for one in signed
        if one.issue == issue.sha256 and one.body in book.departments
    ]
    return {
        say("booklet.date_printed", language): issue.date,
        say("booklet.edition", language): issue.edition,
        say("booklet.purpose", language): say(PURPOSES[Purpose(issue.purpose)], language),
        say("booklet.stage", language): say(STAGES[Stage(issue.stage)], language),
        say("booklet.pages", language): len(issue.pages),
        say("sign_off.signed_by", language): listing(bodies, language),
        say("common.data_version", language): issue.data_version[:SHOWN_DIGITS],
        "SHA-256": issue.sha256[:16],
    }


def _choose(issues: Sequence[Issue], language: Language) -> int | None:
    return st.selectbox(
        say("booklet.changes", language),
        list(range(len(issues) - 1, -1, -1)),
        format_func=lambda n: f"{issues[n].edition} · {issues[n].date} · {issues[n].sha256[:8]}",
        key="atlas_issue",
    )


def _show_changes(issues: Sequence[Issue], number: int, language: Language) -> None:
    """List what an issue shows otherwise than the one before it for the same readers."""
    before = last_like(issues[:number], issues[number])
    if before is None:
        st.caption(say("booklet.first_issue", language))
        return
    found = changes(before, issues[number])
    st.caption(say("booklet.pages_changed", language, n=len(found)))
    if not found:
        return
    st.dataframe(
        [
            {
                say("booklet.change", language): say(f"change.{change.kind}", language),
                say("booklet.page", language): escaped(change.title),
            }
            for change in found
        ],
        hide_index=True,
        key="atlas_issue_changes",
    )


def _ask(book: Book, issue: Issue, signed: Sequence[SignOff], language: Language) -> None:
    """Ask who signed the issue; a body taken off the list is withdrawn."""
    before = {one.body: one for one in signed if one.issue == issue.sha256}
    with st.form(f"sign_off_{issue.sha256[:SHOWN_DIGITS]}", border=False):
        bodies = st.multiselect(
            say("sign_off.signed_by", language),
            list(book.departments),
            [body for body in book.departments if body in before],
            format_func=lambda key: book.departments[key].label[language],
            key=f"sign_off_bodies_{issue.sha256}",
            placeholder="",
        )
        left, right = st.columns(2)
        day = left.date_input(say("sign_off.date", language), today(), key="sign_off_date")
        person = right.text_input(say("sign_off.person", language), key="sign_off_person")
        if st.form_submit_button(say("opinions.save", language), type="primary"):
            new = [
                SignOff(issue.sha256, issue.edition, body, day.isoformat(), person.strip())
                for body in bodies
                if body not in before
            ]
            gone = [one for body, one in before.items() if body not in bodies]
            _record(new, gone, language)


def _record(new: Sequence[SignOff], gone: Sequence[SignOff], language: Language) -> None:
    store = current_store()
    try:
        for one in new:
            sign_off(store, one, entry=entry_of(Act.BOOKLET))
        for one in gone:
            sign_off(store, one.withdrawn(), entry=entry_of(Act.BOOKLET))
    except PlanningError as error:
        st.error(escaped(told(error, language)))
        return
    words = say("sign_off.recorded", language, new=len(new), gone=len(gone))
    said.note_success("sign_off", words)
    st.rerun()
