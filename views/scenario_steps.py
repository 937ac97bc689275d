"""The steps of a scenario: listed, switched on and off, and added by forms."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from edits.scenario import Scenario, Step
from geo.errors import DataError, PlanningError
from layers.district import District
from layers.facilities import KINDS
from services.assessment import Assessment
from services.remedies import candidates, free_key, layer_of
from views import trial
from views.error_text import told
from views.markdown import escaped
from views.search import option_label
from views.trial import Draft
from wording import Language, in_language, say

_TITLE_CHARACTERS = 80
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_PAIR = re.compile(rf"\s*({_NUMBER})\s*[,，;；\s]\s*({_NUMBER})\s*")
_DEGREES = 180.0


def show(draft: Draft, before: Assessment, language: Language) -> None:
    """Draw the steps, and the form for one more."""
    found = trial.tried(before, draft)
    if not draft.scenario.steps:
        st.info(say("scenario.no_steps", language))
    for place, step in enumerate(draft.scenario.steps):
        _show_step(draft, place, step, found.errors.get(place), language)
    with st.expander(say("scenario.add", language), expanded=not draft.scenario.steps):
        _ask_step(draft, found.comparison.after, language)


def _show_step(
    draft: Draft, place: int, step: Step, error: DataError | None, language: Language
) -> None:
    key = f"{place}_{len(draft.scenario.steps)}_{step.is_on}"
    switch, what, out = st.columns([1, 8, 1], vertical_alignment="center")
    with switch:
        st.toggle(
            say("scenario.is_on", language),
            value=step.is_on,
            key=f"step_on_{key}",
            label_visibility="collapsed",
            on_change=_switch,
            args=(draft, place, not step.is_on),
        )
    what.markdown(f"**{place + 1}** {escaped(step.sentence(language))}")
    with out:
        st.button(
            "",
            key=f"step_out_{key}",
            icon=":material/close:",
            type="tertiary",
            help=say("scenario.remove", language),
            on_click=_remove,
            args=(draft, place),
        )
    if error:
        why = told(error, language)
        st.warning(escaped(say("scenario.state_conflict", language, why=why)))


def _switch(draft: Draft, place: int, is_on: bool) -> None:  # noqa: FBT001 - Streamlit's arguments
    _put(draft, draft.scenario.switched(place, is_on=is_on))


def _remove(draft: Draft, place: int) -> None:
    _put(draft, draft.scenario.without_step(place))


def _put(draft: Draft, scenario: Scenario) -> None:
    trial.put(Draft(scenario, draft.seen))


def _ask_step(draft: Draft, after: Assessment, language: Language) -> None:
    """Draw the form of the chosen move, on the district as the steps so far leave it."""
    district = after.workspace.district
    what = st.selectbox(
        say("scenario.what", language),
        list(_FORMS),
        key="step_what",
        format_func=lambda name: say(f"scenario.do_{name}", language),
    )
    move = _FORMS[str(what)](district, language)
    title = st.text_input(
        say("scenario.step_title", language), key="step_title", max_chars=_TITLE_CHARACTERS
    )
    st.button(
        say("scenario.add_now", language),
        key="step_add",
        type="primary",
        disabled=move is None,
        on_click=_add,
        args=(draft, district, move, title, after.as_of.isoformat(), language),
    )
    problem = st.session_state.pop("step_problem", "")
    if problem:
        st.error(escaped(problem))


def _add(
    draft: Draft,
    district: District,
    move: Mapping[str, Any],
    title: str,
    day: str,
    language: Language,
) -> None:
    try:
        trial.add(draft, district, move, day, title.strip())
    except PlanningError as error:
        st.session_state["step_problem"] = told(error, language)
        return
    st.session_state["step_title"] = ""


def _ask_facility(district: District, language: Language) -> Mapping[str, Any] | None:
    kind = st.selectbox(
        say("scenario.kind", language),
        list(KINDS),
        key="step_kind",
        format_func=in_language(KINDS, language).__getitem__,
    )
    name = st.text_input(say("scenario.place_name", language), key="step_place", max_chars=40)
    at = _ask_place(district, language)
    with st.container(horizontal=True):
        area = st.number_input(
            say("scenario.floor_area", language), min_value=0.0, value=None, key="step_area"
        )
        capacity = st.number_input(
            say("scenario.capacity", language), min_value=0.0, value=None, key="step_capacity"
        )
    if at is None:
        return None
    said = {"name": name.strip() or None, "floor_area_m2": area, "capacity": capacity}
    cells = {column: value for column, value in said.items() if value is not None}
    key = free_key(district, "facilities", "NEW")
    return {"do": "add_facility", "key": key, "kind": kind, "cells": cells, **at}


def _ask_place(district: District, language: Language) -> dict[str, Any] | None:
    """Ask for a place: beside an entrance, or by coordinates; None while there is none."""
    gates = district["entrances"]
    estates = district["estates"].set_index("estate_id")["name"]
    options = ["", *gates["entrance_id"]]
    called = {
        key: f"{estates.get(estate, '')} {key}"
        for key, estate in zip(gates["entrance_id"], gates["estate_id"], strict=True)
    }
    gate = st.selectbox(
        say("scenario.beside", language),
        options,
        key="step_gate",
        format_func=lambda key: called.get(key) or say("scenario.by_coordinates", language),
    )
    if gate:
        point = gates.geometry[gates["entrance_id"] == gate].iloc[0]
        return {"at": [point.x, point.y], "crs": district.crs.to_string()}
    typed = st.text_input(
        say("scenario.coordinates", language),
        key="step_at",
        help=say("scenario.coordinates_hint", language),
    )
    found = _PAIR.fullmatch(typed or "")
    if not found:
        return None
    pair = [float(found[1]), float(found[2])]
    if max(map(abs, pair)) <= _DEGREES:
        return {"at": pair}
    return {"at": pair, "crs": district.crs.to_string()}


def _ask_row(change: str) -> Callable[[District, Language], Mapping[str, Any] | None]:
    """Return the form of a move that needs nothing but a row."""

    def ask(district: District, language: Language) -> Mapping[str, Any] | None:
        names = _names(district, candidates(district, change))
        if not names:
            st.caption(say("scenario.none_such", language))
            return None
        key = st.selectbox(
            say(f"scenario.which_{layer_of(change)}", language),
            list(names),
            key=f"step_{change}",
            format_func=lambda one: option_label(names[one]),
        )
        return {"do": change, "key": key}

    return ask


def _names(district: District, rows: Any) -> dict[str, str]:  # noqa: ANN401 - a frame of a layer
    """Return what people call rows: the estate, the name and the key."""
    estates = district["estates"].set_index("estate_id")["name"].to_dict()
    found = {}
    for row in rows.drop(columns="geometry").to_dict("records"):
        key = str(next(iter(row.values())))
        parts = (estates.get(row.get("estate_id")), row.get("name"), key)
        found[key] = " ".join(str(part) for part in parts if isinstance(part, str) and part)
    return found


_FORMS: Mapping[str, Callable[[District, Language], Mapping[str, Any] | None]] = {
    "add_facility": _ask_facility,
    **{
        change: _ask_row(change)
        for change in ("close_facility", "open_gate", "close_gate", "fit_elevator")
    },
}
