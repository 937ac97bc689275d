"""
Seven parameters of an old datum, for one import.

They live in the draft of this session alone: in no choice, record, message, log or file.
"""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from geo.errors import DataError
from intake.datum import SevenParameters
from intake.draft import ImportDraft
from intake.keys import KNOWN
from intake.references import parse
from wording import Language, say

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
    "coordinate_frame": "data.coordinate_frame",
    "position_vector": "data.position_vector",
}


def ask(
    draft: ImportDraft,
    number: int,
    change: Callable[[int, Callable[[ImportDraft], ImportDraft]], None],
    language: Language,
) -> None:
    """Ask for the parameters where the reference chosen needs them."""
    chosen = draft.proposal("crs").chosen
    if not chosen or chosen == KNOWN or not parse(chosen).needs_parameters:
        return
    if draft.parameters is not None:
        st.success(say("data.seven_parameters_given", language))
        st.button(
            say("data.forget_parameters", language),
            key=f"datum_forget_{number}",
            on_click=change,
            args=(number, lambda one: replace(one, parameters=None)),
        )
        return
    with st.form(key=f"datum_{number}"):
        st.markdown(say("data.seven_parameters", language))
        with st.container(horizontal=True):
            for name, label in _FIELDS:
                st.number_input(
                    label, value=None, format="%.9g", key=f"datum_{number}_{name}", width=130
                )
        st.radio(
            say("data.sense_rotations", language),
            list(_CONVENTIONS),
            format_func=lambda code: say(_CONVENTIONS[code], language),
            key=f"datum_{number}_sense",
        )
        st.form_submit_button(
            say("data.use_parameters", language), on_click=_use, args=(number, change)
        )
        st.caption(say("data.seven_parameters_needed", language))


def _use(number: int, change: Callable[[int, Callable[[ImportDraft], ImportDraft]], None]) -> None:
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
