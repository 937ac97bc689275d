"""Opinions of the meeting, on the booklet page: note one, answer it, take the minutes away."""

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from access.roles import Act
from exports.minutes import (
    COLUMNS,
    Minutes,
    minutes_docx,
    minutes_workbook,
    said_table,
)
from geo.errors import PlanningError
from programme.opinions import (
    ANSWERS,
    MOST_LETTERS,
    Answer,
    Noted,
    Opinion,
    body_label,
    decide,
    estate_label,
    note,
    noted,
)
from views import said, taking, who
from views.atlas_preview import Previewed
from views.error_text import told
from views.ledger import entry_of
from views.markdown import escaped
from views.session import current_store
from wording import Language, say

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN_LETTERS = 40
_PAGE, _ESTATE, _BOOKLET = "page", "estate", "booklet"


def ask(booklet: Previewed, language: Language) -> None:
    """Ask who writes, and draw the form that pins an opinion on the page in the preview."""
    said.show("opinions")
    if who.current().may(Act.BOOKLET):
        who.ask_name(language)
        with st.expander(say("opinions.add", language), icon=":material/push_pin:"):
            st.caption(say("opinions.hint", language))
            _ask(booklet, language)


def show(booklet: Previewed, as_of: date, language: Language) -> None:
    """Draw the opinions noted, the minutes, and the form of answers; nothing before the first."""
    opinions, context = noted(current_store()), booklet.context
    if not opinions:
        return
    minutes = Minutes(context.district, context.book, opinions, as_of)
    st.markdown(f"#### {say('opinions.title', language)}")
    said.show("answers")
    st.caption(minutes.line(language))
    _show_table(minutes, language)
    _offer(minutes, language)
    if who.current().may(Act.BOOKLET):
        with st.expander(say("opinions.choose", language), icon=":material/rate_review:"):
            _ask_answer(opinions, language)


def _show_table(minutes: Minutes, language: Language) -> None:
    labels = {column.name: column.label(language) for column in COLUMNS}
    st.dataframe(
        said_table(minutes, language).rename(columns=labels), hide_index=True, key="opinions_table"
    )


def _offer(minutes: Minutes, language: Language) -> None:
    """Offer the minutes; they are written when somebody asks for them."""
    makers = {"docx": (minutes_docx, _DOCX), "xlsx": (minutes_workbook, _XLSX)}
    with st.container(horizontal=True):
        for suffix, (make, mime) in makers.items():
            taking.offer(
                say("opinions.download", language, suffix=f".{suffix}"),
                partial(make, minutes, language),
                f"{minutes.district.district_id}-{minutes.as_of}-minutes.{suffix}",
                mime,
                language,
                version=minutes.district.version,
                key=f"opinions_{suffix}",
            )


def _ask(booklet: Previewed, language: Language) -> None:
    """Ask for an opinion on the page in the preview, its estate or a gap of it, or on them all."""
    book, page = booklet.context.book, booklet.page
    with st.form("opinion", clear_on_submit=False, border=False):
        pin, finding = _ask_pin(booklet, language)
        words = st.text_area(
            say("opinions.words", language), max_chars=MOST_LETTERS, key="opinion_words"
        )
        body = st.selectbox(
            say("opinions.body", language),
            list(book.departments),
            index=None,
            format_func=lambda key: body_label(book, key, language),
            key="opinion_body",
            placeholder="",
        )
        left, right = st.columns(2)
        person = left.text_input(say("opinions.person", language), key="opinion_person")
        due = right.date_input(say("opinions.due", language), None, key="opinion_due")
        if st.form_submit_button(say("opinions.add", language), type="primary"):
            given = partial(
                Opinion,
                words=words.strip(),
                body=body or "",
                estate_id="" if pin == _BOOKLET else page.estate_id,
                sheet=page.number if pin == _PAGE else "",
                edition=booklet.outline.edition,
                person=person.strip(),
                due=due.isoformat() if due else "",
                finding="" if pin == _BOOKLET else finding,
            )
            _note(given, language)


def _ask_pin(booklet: Previewed, language: Language) -> tuple[str, str]:
    """Ask what it is about: page, estate or booklet, and the finding of a gap, "" for none."""
    context, page = booklet.context, booklet.page
    pin = st.radio(
        say("opinions.about", language),
        [_PAGE, *([_ESTATE] if page.estate_id else []), _BOOKLET],
        format_func=lambda one: _pin_label(one, booklet, language),
        key=f"opinion_pin_{page.key}",
    )
    gaps = {item.finding_id: item for item in context.gaps.get(page.estate_id, ())}
    if not gaps:
        return pin, ""
    finding = st.selectbox(
        say("opinions.finding", language),
        ["", *gaps],
        format_func=lambda key: (
            f"{gaps[key].number}　{gaps[key].title}" if key else say("common.all", language)
        ),
        key=f"opinion_finding_{page.estate_id}",
    )
    return pin, finding


def _pin_label(pin: str, booklet: Previewed, language: Language) -> str:
    """Return the page in the preview, its estate, or the whole booklet, in words."""
    page = booklet.page
    if pin == _PAGE:
        return escaped(f"{page.number} {page.title}".strip())
    estate_id = page.estate_id if pin == _ESTATE else ""
    return escaped(estate_label(booklet.context.district, estate_id, language))


def _note(given: Callable[[], Opinion], language: Language) -> None:
    """Write down an opinion, whose fields are checked where it is made."""
    try:
        number = note(current_store(), given(), entry=entry_of(Act.BOOKLET))
    except PlanningError as error:
        st.error(escaped(told(error, language)))
        return
    said.note_success("opinions", say("opinions.noted", language, number=number))
    st.rerun()


def _ask_answer(opinions: list[Noted], language: Language) -> None:
    numbers = {one.number: one for one in opinions}
    chosen = st.selectbox(
        say("opinions.choose", language),
        list(numbers),
        format_func=lambda number: f"{number}　{numbers[number].opinion.words[:_SHOWN_LETTERS]}",
        key="opinion_number",
        label_visibility="collapsed",
    )
    before = numbers[chosen]
    with st.form("opinion_answer", border=False):
        decided = st.radio(
            say("opinions.answer", language),
            list(Answer),
            index=list(Answer).index(before.opinion.answer),
            format_func=lambda one: ANSWERS[one][language],
            horizontal=True,
            key=f"opinion_answer_{chosen}",
        )
        reason = st.text_area(
            say("opinions.reason", language),
            before.opinion.reason,
            max_chars=MOST_LETTERS,
            key=f"opinion_reason_{chosen}",
        )
        is_done = st.checkbox(
            say("opinions.is_done", language), before.opinion.is_done, key=f"opinion_done_{chosen}"
        )
        if st.form_submit_button(say("opinions.save", language), type="primary"):
            _answer(before, decided or Answer.OPEN, reason.strip(), is_done, language)


def _answer(before: Noted, decided: Answer, reason: str, is_done: bool, language: Language) -> None:  # noqa: FBT001
    try:
        decide(
            current_store(),
            before,
            entry=entry_of(Act.BOOKLET),
            answer=decided,
            reason=reason,
            is_done=is_done,
        )
    except PlanningError as error:
        st.error(escaped(told(error, language)))
        return
    said.note_success("answers", say("opinions.answered", language, number=before.number))
    st.rerun()
