"""The form of the booklet page: what is asked for becomes one `Request`."""

from dataclasses import fields
from datetime import date

import streamlit as st

from atlas.preflight import placeholders
from atlas.request import PAPERS, SHEETS, Purpose, Request, Stage, TitleBlock
from atlas.sheet import Material
from atlas.text import clean
from atlas.view import SCALES
from atlas.words import say
from layers.district import District
from rules.book import Book
from views.text import Words, message, plain

PURPOSES = {
    Purpose.INTERNAL: message("For the meeting"),
    Purpose.PUBLIC: message("For the public"),
}
STAGES = {Stage.DRAFT: message("Draft"), Stage.FORMAL: message("Formal issue")}


def ask(district: District, book: Book, remembered: dict[str, str], words: Words) -> Request:
    """Draw the form and return the request it describes."""
    left, right = st.columns(2)
    purpose = left.radio(
        words("Purpose"),
        list(Purpose),
        format_func=lambda p: words(PURPOSES[p]),
        key="atlas_purpose",
        horizontal=True,
    )
    stage = right.radio(
        words("Stage"),
        list(Stage),
        format_func=lambda s: words(STAGES[s]),
        key="atlas_stage",
        horizontal=True,
    )
    chosen = _what(district, book, words)
    review = ""
    if purpose is Purpose.PUBLIC:
        review = st.text_input(words("Map review number"), key="atlas_review", max_chars=60)
    return Request(
        purpose=purpose or Purpose.INTERNAL,
        stage=stage or Stage.DRAFT,
        language=words.language,
        title_block=_title_block(remembered, words),
        review_number=review,
        confirmed=frozenset(st.session_state.get("atlas_confirmed", [])),
        **chosen,  # type: ignore[arg-type]
    )


def _what(district: District, book: Book, words: Words) -> dict[str, object]:
    """Ask which estates and sheets, for whom, on what paper, under which date."""
    return {
        **_contents(district, words),
        **_printing(words),
        **_extract(district, book, words),
    }


def _contents(district: District, words: Words) -> dict[str, object]:
    names = dict(zip(district["estates"]["estate_id"], district["estates"]["name"], strict=True))
    estates = st.multiselect(
        words("Estates, in this order"),
        list(names),
        format_func=lambda key: clean(names[key]),
        key="atlas_estates",
        placeholder=words("all"),
    )
    sheets = st.multiselect(
        words("Sheets"),
        list(SHEETS),
        format_func=lambda kind: say(kind, words.language),
        key="atlas_sheets",
        placeholder=words("all"),
    )
    wanted = tuple(kind for kind in SHEETS if kind in sheets) or SHEETS
    return {"estates": tuple(estates), "sheets": wanted}


def _printing(words: Words) -> dict[str, object]:
    first, second, third, fourth = st.columns(4)
    paper = first.selectbox(words("Paper"), list(PAPERS), key="atlas_paper")
    scale = second.selectbox(
        words("Scale"),
        [0, *SCALES[:6]],
        format_func=lambda n: f"1:{n:,}" if n else words("largest that fits"),
        key="atlas_scale",
    )
    day = third.date_input(words("Date printed"), date.today(), key="atlas_date")  # noqa: DTZ011 - the office's own calendar
    edition = fourth.text_input(words("Edition"), "V0.1", key="atlas_edition", max_chars=20)
    return {"paper": paper, "scale": scale, "date": day.isoformat(), "edition": edition}


def _extract(district: District, book: Book, words: Words) -> dict[str, object]:
    body, place = st.columns(2)
    department = body.selectbox(
        words("Extract for a body"),
        ["", *book.departments],
        format_func=lambda key: _department(book, key, words) if key else words("whole booklet"),
        key="atlas_department",
    )
    town = place.selectbox(
        words("Extract for a town"),
        ["", *district["towns"]["name"]],
        format_func=lambda name: clean(name) if name else words("whole booklet"),
        key="atlas_town",
    )
    return {"department": department, "town": town}


def _department(book: Book, key: str, words: Words) -> str:
    department = book.departments[key]
    return clean(department.name if words.language == "zh" else department.name_en)


def _title_block(remembered: dict[str, str], words: Words) -> TitleBlock:
    with st.expander(words("Title block"), icon=":material/badge:"):
        columns = st.columns(2)
        values = {
            field.name: columns[n % 2].text_input(
                plain(say(field.name, words.language)),
                remembered.get(field.name, ""),
                key=f"atlas_field_{field.name}",
                max_chars=60,
            )
            for n, field in enumerate(fields(TitleBlock))
        }
    return TitleBlock(**values)


def ask_confirmations(material: Material, words: Words) -> None:
    """Let a planner confirm the placeholder values that these findings rest on."""
    open_ones = placeholders(material)
    confirmed = sorted(material.request.confirmed)
    if open_ones or confirmed:
        with st.expander(words("Placeholder values to confirm"), icon=":material/fact_check:"):
            st.caption(words("A formal issue needs every one of them confirmed."))
            st.multiselect(
                words("Confirmed rules"),
                sorted({*open_ones, *confirmed}),
                key="atlas_confirmed",
                placeholder=words("none yet"),
            )
