"""
Seven parameters of an old datum, for one import.

They live in the draft of this session alone: in no choice, record, message, log or file.
"""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from geo.errors import DataError
from intake.datum import SevenParameters
from intake.draft import Draft
from intake.keys import KNOWN
from intake.references import parse
from views.text import Words, message

_FIELDS = (
    ("dx", "ΔX [m]"),
    ("dy", "ΔY [m]"),
    ("dz", "ΔZ [m]"),
    ("rx", 'εX ["]'),
    ("ry", 'εY ["]'),
    ("rz", 'εZ ["]'),
    ("scale", "m [ppm]"),
)
_CONVENTIONS = {
    "coordinate_frame": message("coordinate frame (most Chinese software)"),
    "position_vector": message("position vector"),
}


def ask(
    draft: Draft, number: int, change: Callable[[int, Callable[[Draft], Draft]], None], words: Words
) -> None:
    """Ask for the parameters where the reference chosen needs them."""
    chosen = draft.proposal("crs").chosen
    if not chosen or chosen == KNOWN or not parse(chosen).needs_parameters:
        return
    if draft.parameters is not None:
        st.success(words("Seven parameters given; they are used for this import and kept nowhere."))
        st.button(
            words("Forget the parameters"),
            key=f"datum_forget_{number}",
            on_click=change,
            args=(number, lambda one: replace(one, parameters=None)),
        )
        return
    with st.form(key=f"datum_{number}"):
        st.markdown(words("**Seven parameters** to CGCS2000, from the surveying office"))
        with st.container(horizontal=True):
            for name, label in _FIELDS:
                st.number_input(
                    label, value=None, format="%.9g", key=f"datum_{number}_{name}", width=130
                )
        st.radio(
            words("Sense of the rotations"),
            list(_CONVENTIONS),
            format_func=lambda code: words(_CONVENTIONS[code]),
            key=f"datum_{number}_sense",
        )
        st.form_submit_button(words("Use for this import"), on_click=_use, args=(number, change))
        st.caption(words("All seven are needed. They are used for this import and kept nowhere."))


def _use(number: int, change: Callable[[int, Callable[[Draft], Draft]], None]) -> None:
    given = {name: st.session_state.get(f"datum_{number}_{name}") for name, _ in _FIELDS}
    if any(value is None for value in given.values()):
        st.session_state["import_error"] = DataError(
            "all seven parameters are needed", "七个参数须全部填写"
        )
        return
    sense = st.session_state[f"datum_{number}_sense"]
    parameters = SevenParameters(**given, convention=sense)  # type: ignore[arg-type]
    for name in given:
        del st.session_state[f"datum_{number}_{name}"]
    change(number, lambda draft: replace(draft, parameters=parameters))
