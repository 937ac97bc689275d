"""The side bar: date, search, filters and the service area; all of it stands in the link."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from layers.district import District
from layers.findings import CLASSES, GAP_KINDS, OUTCOME_LABELS
from views.link import Choice
from views.search import matches, option_label
from views.text import Words, plain

_SHORT_LIST = 300  # estates up to which every name is offered at once
_OFFERED = 100
_PLAN_DATE = date(2023, 4, 1)
METRES = ("300", "500", "1000")


def ask_date(district: District, today: date, words: Words) -> date:
    """Let the user choose the date of assessment and return it."""
    state = st.session_state
    if "as_of_input" not in state:
        state["as_of_input"] = Choice(as_of=state.get("as_of", "")).date(today)
    picked = st.date_input(
        words("Assessed as of"),
        key="as_of_input",
        min_value=date(2000, 1, 1),
        persist_state="session",
        help=words(
            "Rules are those in force on this day: the lift rule differs before 2025-05-01."
        ),
    )
    when = picked if isinstance(picked, date) else today
    other = _PLAN_DATE if district.plan and when != _PLAN_DATE else today
    label = words("Date of the plan: {date}") if other != today else words("Today: {date}")
    if other != when:
        st.button(
            label.format(date=other.isoformat()), type="tertiary", on_click=_use_date, args=(other,)
        )
    state["as_of"] = "" if when == today else when.isoformat()
    return when


def _use_date(when: date) -> None:
    st.session_state["as_of_input"] = when


def ask_estate(district: District, words: Words) -> None:
    """Let the user find an estate by name or pinyin initials."""
    estates, state = district["estates"], st.session_state
    if len(estates) > _SHORT_LIST:
        typed = st.text_input(words("Name contains"), key="typed", persist_state="session")
        found = estates[matches(estates["name"], typed)].head(_OFFERED)
        chosen = estates[estates["estate_id"] == state.get("estate")]
        estates = pd.concat([found, chosen]).drop_duplicates("estate_id")
    names = dict(zip(estates["estate_id"], estates["name"], strict=True))
    state["search"] = state["estate"] if state.get("estate") in names else None
    st.selectbox(
        words("Find an estate"),
        list(names),
        key="search",
        index=None,
        format_func=lambda estate: option_label(names[estate]),
        placeholder=words("name or pinyin initials"),
        on_change=_use_search,
    )


def _use_search() -> None:
    st.session_state["estate"] = st.session_state["search"] or ""
    st.session_state["rule"] = ""


def ask_filters(
    district: District, departments: Sequence[str], bands: Mapping[str, str], words: Words
) -> None:
    """Draw the filters; codes that are not offered are dropped from what was chosen."""
    towns = district["towns"]
    used = towns[towns["town_id"].isin(district["estates"]["town_id"])]
    if len(used) > 1:
        _pills(words("Town"), dict(zip(used["town_id"], used["name"], strict=True)), "town")
    _pills(words("Lacks all of these"), _labels(GAP_KINDS, words), "kind")
    _pills(words("Class"), _labels(CLASSES, words), "item_class")
    with st.expander(words("More filters"), expanded=_more_chosen()):
        _choose(words("Severity"), {"": words("all"), **bands}, "severity")
        _several(words("Responsible body"), {body: body for body in departments}, "department")
        _several(words("Outcome"), _labels(OUTCOME_LABELS, words), "outcome")
    st.button(words("Clear the filters"), type="tertiary", on_click=_clear)


def ask_reach(kinds: Mapping[str, str], words: Words) -> None:
    """Let the user choose whose service area is drawn, and how far it goes."""
    subjects = {"": words("none"), "gates": words("gates of the selected estate"), **kinds}
    _choose(words("Service area"), subjects, "reach")
    if st.session_state["reach"]:
        state = st.session_state
        state["metres"] = state["metres"] if state.get("metres") in METRES else METRES[1]
        st.segmented_control(
            words("Walking distance"),
            METRES,
            key="metres",
            required=True,
            format_func=lambda metres: f"{int(metres):,} m",
            persist_state="session",
        )


def _labels(pairs: Mapping[str, tuple[str, str]], words: Words) -> dict[str, str]:
    return {str(code): words.pick(pair) for code, pair in pairs.items()}


def _more_chosen() -> bool:
    state = st.session_state
    return bool(state.get("severity") or state.get("department") or state.get("outcome"))


def _clear() -> None:
    for key in ("town", "kind", "item_class", "department", "outcome"):
        st.session_state[key] = []
    st.session_state["severity"] = ""


def _pills(label: str, names: Mapping[str, str], key: str) -> None:
    state = st.session_state
    state[key] = [code for code in state.get(key, []) if code in names]
    st.pills(
        label,
        list(names),
        selection_mode="multi",
        key=key,
        format_func=lambda code: plain(names[code]),
        persist_state="session",
    )


def _several(label: str, names: Mapping[str, str], key: str) -> None:
    state = st.session_state
    state[key] = [code for code in state.get(key, []) if code in names]
    st.multiselect(
        label, list(names), key=key, format_func=lambda code: names[code], persist_state="session"
    )


def _choose(label: str, names: Mapping[str, str], key: str) -> None:
    state = st.session_state
    state[key] = state.get(key) if state.get(key) in names else ""
    st.selectbox(
        label, list(names), key=key, format_func=lambda code: names[code], persist_state="session"
    )
