"""The form of the booklet page: what is asked for becomes one `Request`."""

from dataclasses import fields

import streamlit as st

from atlas.preflight import placeholders
from atlas.request import (
    PAPERS,
    SHEETS,
    Order,
    PublicNotice,
    Purpose,
    Request,
    Stage,
    TitleBlock,
    Volume,
)
from atlas.sheet import AtlasContext
from atlas.text import clean
from atlas.view import SCALES
from layers.district import District
from rules.book import Book
from views.markdown import escaped
from views.session import today
from wording import Language, say

PURPOSES = {
    Purpose.INTERNAL: "booklet.for_meeting",
    Purpose.PUBLIC: "booklet.for_public",
}
STAGES = {Stage.DRAFT: "booklet.draft", Stage.FORMAL: "booklet.formal_issue"}


def ask(district: District, book: Book, remembered: dict[str, str], language: Language) -> Request:
    """Draw the form and return the request it describes."""
    left, right = st.columns(2)
    purpose = left.radio(
        say("booklet.purpose", language),
        list(Purpose),
        format_func=lambda p: say(PURPOSES[p], language),
        key="atlas_purpose",
        horizontal=True,
    )
    stage = right.radio(
        say("booklet.stage", language),
        list(Stage),
        format_func=lambda s: say(STAGES[s], language),
        key="atlas_stage",
        horizontal=True,
    )
    chosen = _what(district, book, language)
    review, notice = "", PublicNotice()
    if purpose is Purpose.PUBLIC:
        review = st.text_input(
            say("booklet.review_number", language), key="atlas_review", max_chars=60
        )
        notice = PublicNotice(**_filled(PublicNotice, "notice", remembered, language))
    return Request(
        purpose=purpose or Purpose.INTERNAL,
        stage=stage or Stage.DRAFT,
        language=language,
        title_block=_title_block(remembered, language),
        review_number=review,
        notice=notice,
        confirmed=frozenset(st.session_state.get("atlas_confirmed", [])),
        **chosen,  # type: ignore[arg-type]
    )


def _what(district: District, book: Book, language: Language) -> dict[str, object]:
    """Ask which estates and sheets, for whom, on what paper, under which date."""
    return {
        **_contents(district, language),
        **_printing(language),
        **_extract(district, book, language),
    }


def _contents(district: District, language: Language) -> dict[str, object]:
    names = dict(zip(district["estates"]["estate_id"], district["estates"]["name"], strict=True))
    estates = st.multiselect(
        say("booklet.estates", language),
        list(names),
        format_func=lambda key: clean(names[key]),
        key="atlas_estates",
        placeholder=say("common.all", language),
    )
    volume, order = _how_much(language)
    sheets = st.multiselect(
        say("booklet.sheets", language),
        list(SHEETS),
        format_func=lambda kind: say(f"sheet_kind.{kind}", language),
        key="atlas_sheets",
        placeholder=say("booklet.of_the_volume", language),
    )
    wanted = tuple(kind for kind in SHEETS if kind in sheets)
    return {"estates": tuple(estates), "sheets": wanted, "volume": volume, "order": order}


def _how_much(language: Language) -> tuple[Volume, Order]:
    left, right = st.columns(2)
    volume = left.radio(
        say("booklet.volume", language),
        list(Volume),
        format_func=lambda one: say(f"booklet.volume_{one}", language),
        key="atlas_volume",
        horizontal=True,
    )
    order = right.radio(
        say("booklet.order", language),
        list(Order),
        format_func=lambda one: say(f"booklet.order_{one}", language),
        key="atlas_order",
        horizontal=True,
    )
    return volume or Volume.SHORT, order or Order.DISTRICT


def _printing(language: Language) -> dict[str, object]:
    first, second, third, fourth = st.columns(4)
    paper = first.selectbox(say("common.paper", language), list(PAPERS), key="atlas_paper")
    scale = second.selectbox(
        say("booklet.scale", language),
        [0, *SCALES[:6]],
        format_func=lambda n: f"1:{n:,}" if n else say("booklet.largest_fits", language),
        key="atlas_scale",
    )
    day = third.date_input(say("booklet.date_printed", language), today(), key="atlas_date")
    edition = fourth.text_input(
        say("booklet.edition", language),
        key="atlas_edition",
        max_chars=20,
        placeholder=say("booklet.next_edition", language),
    )
    return {"paper": paper, "scale": scale, "date": day.isoformat(), "edition": edition.strip()}


def _extract(district: District, book: Book, language: Language) -> dict[str, object]:
    body, place = st.columns(2)
    department = body.selectbox(
        say("booklet.extract_for_body", language),
        ["", *book.departments],
        format_func=lambda key: (
            _department(book, key, language) if key else say("booklet.whole", language)
        ),
        key="atlas_department",
    )
    town = place.selectbox(
        say("booklet.extract_for_town", language),
        ["", *district["towns"]["name"]],
        format_func=lambda name: (
            clean(book.called(name, language)) if name else say("booklet.whole", language)
        ),
        key="atlas_town",
    )
    return {"department": department, "town": town}


def _department(book: Book, key: str, language: Language) -> str:
    department = book.departments[key]
    return clean(department.label[language])


def _title_block(remembered: dict[str, str], language: Language) -> TitleBlock:
    with st.expander(say("booklet.title_block", language), icon=":material/badge:"):
        return TitleBlock(**_filled(TitleBlock, "title_block", remembered, language))


def _filled(
    form: type[TitleBlock | PublicNotice],
    texts: str,
    remembered: dict[str, str],
    language: Language,
) -> dict[str, str]:
    """Ask for the fields of `form`, as they were filled in last; return them by name."""
    columns = st.columns(2)
    return {
        field.name: columns[n % 2].text_input(
            escaped(say(f"{texts}.{field.name}", language)),
            remembered.get(field.name, ""),
            key=f"atlas_field_{field.name}",
            max_chars=60,
        )
        for n, field in enumerate(fields(form))
    }


def ask_confirmations(context: AtlasContext, language: Language) -> None:
    """Let a planner confirm the placeholder values that these findings rest on."""
    open_ones = placeholders(context)
    confirmed = sorted(context.request.confirmed)
    if open_ones or confirmed:
        with st.expander(say("booklet.placeholders", language), icon=":material/fact_check:"):
            st.caption(say("booklet.formal_needs_confirmation", language))
            st.multiselect(
                say("booklet.confirmed_rules", language),
                sorted({*open_ones, *confirmed}),
                key="atlas_confirmed",
                placeholder=say("booklet.none_yet", language),
            )
