"""Correcting quarantined cells in place; the file stays as it is, corrections can be undone."""

import streamlit as st

from geo.errors import DataError
from intake.delivery import Delivery
from intake.receipt import QuarantineRecord, Receipt
from views.markdown import escaped
from wording import Language, say

_LISTED = 200


def show(delivery: Delivery, language: Language) -> None:
    """Draw the form for one cell, and the corrections made so far."""
    rows = dict(list(_rows(delivery).items())[:_LISTED])
    made = [
        (number, row, heading, text)
        for number, part in delivery.parts.items()
        for row, cells in part.draft.corrections.items()
        for heading, text in cells.items()
    ]
    if not rows and not made:
        return
    with st.expander(say("data.correct_cell", language), expanded=bool(made)):
        if rows:
            _ask(rows, language)
        for number, row, heading, text in made:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(escaped(f"{row} · {heading} = {text}"))
                st.button(
                    say("data.take_back", language),
                    key=f"as_delivered_{number}_{row}_{heading}",
                    on_click=_take_back,
                    args=(number, row, heading),
                )


def _rows(delivery: Delivery) -> dict[tuple[int, int], QuarantineRecord]:
    """Return the quarantined rows that have cells, by table and row number."""
    return {
        (number, held.row): held
        for number, part in delivery.parts.items()
        if isinstance(part.receipt, Receipt)
        for held in part.receipt.quarantined
        if held.values
    }


def _ask(rows: dict[tuple[int, int], QuarantineRecord], language: Language) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number, row = st.selectbox(
            say("data.row", language),
            list(rows),
            key="correct_row",
            width=220,
            format_func=lambda at: f"{rows[at].member} · {at[1]}",
        )
        values = rows[number, row].values or {}
        heading = st.selectbox(
            say("data.column", language),
            list(values),
            key=f"correct_heading_{number}_{row}",
            width=220,
        )
        key = f"correct_text_{number}_{row}_{heading}"
        st.text_input(say("data.should_read", language), values[heading], key=key, width=260)
        st.button(
            say("data.correct", language),
            key="correct",
            on_click=_correct,
            args=(number, row, heading, key),
        )


def _correct(number: int, row: int, heading: str, key: str) -> None:
    delivery: Delivery = st.session_state["import_delivery"]
    try:
        draft = delivery.parts[number].draft.correct(row, heading, str(st.session_state[key]))
    except DataError as error:
        st.session_state["import_error"] = error
        return
    st.session_state["import_delivery"] = delivery.with_draft(number, draft)


def _take_back(number: int, row: int, heading: str) -> None:
    delivery: Delivery = st.session_state["import_delivery"]
    draft = delivery.parts[number].draft.as_delivered(row, heading)
    st.session_state["import_delivery"] = delivery.with_draft(number, draft)
