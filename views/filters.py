"""The side bar: date, search, filters and the service area; all of it is part of the link."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from layers.district import District
from layers.findings import CLASSES, GAP_KINDS, OUTCOME_LABELS, STATEMENT_LABELS
from services.assessment import Workspace
from views.choice import FIRST_DAY, LAST_DAY, Choice
from views.figures import BAND_LABELS
from views.markdown import escaped
from views.search import matches, option_label
from wording import Language, in_language, listing, say

_SHORT_LIST = 300  # estates up to which every name is offered at once
_OFFERED = 100
_PLAN_DATE = date(2023, 4, 1)
METRES = ("300", "500", "1000")


def ask_date(district: District, today: date, language: Language) -> date:
    """Let the user choose the date of assessment and return it."""
    state = st.session_state
    if "as_of_input" not in state:
        state["as_of_input"] = chosen_date(today)
    picked = st.date_input(
        say("common.assessed_as_of", language),
        key="as_of_input",
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        persist_state="session",
        help=say("gaps.as_of_hint", language),
    )
    when = picked if isinstance(picked, date) else today
    other = _PLAN_DATE if district.plan and when != _PLAN_DATE else today
    if other != when:
        key = "gaps.date_of_plan" if other != today else "gaps.today"
        label = say(key, language, date=other.isoformat())
        st.button(label, type="tertiary", on_click=_use_date, args=(other,))
    state["as_of"] = "" if when == today else when.isoformat()
    return when


def chosen_date(today: date) -> date:
    """Return the date of assessment that the user chose last, `today` without any."""
    picked = st.session_state.get("as_of_input")
    if isinstance(picked, date):
        return picked
    return Choice(as_of=st.session_state.get("as_of", "")).date(today)


def _use_date(when: date) -> None:
    st.session_state["as_of_input"] = when


def ask_estate(district: District, language: Language) -> None:
    """Let the user find an estate by name or pinyin initials."""
    estates, state = district["estates"], st.session_state
    if len(estates) > _SHORT_LIST:
        typed = st.text_input(
            say("gaps.name_contains", language), key="typed", persist_state="session"
        )
        found = estates[matches(estates["name"], typed)].head(_OFFERED)
        chosen = estates[estates["estate_id"] == state.get("estate")]
        estates = pd.concat([found, chosen]).drop_duplicates("estate_id")
    names = dict(zip(estates["estate_id"], estates["name"], strict=True))
    state["search"] = state["estate"] if state.get("estate") in names else None
    st.selectbox(
        say("gaps.find_estate", language),
        list(names),
        key="search",
        index=None,
        format_func=lambda estate: option_label(names[estate]),
        placeholder=say("gaps.find_hint", language),
        on_change=_use_search,
    )


def _use_search() -> None:
    st.session_state["estate"] = st.session_state["search"] or ""
    st.session_state["rule"] = ""


def ask_filters(
    place: Workspace, departments: Sequence[str], bands: Mapping[str, str], language: Language
) -> None:
    """Draw the filters; codes that are not offered are dropped from what was chosen."""
    names = _town_names(place, language)
    used = place.district["estates"]["town_id"].unique()
    if sum(town in used for town in names) > 1:
        offered = {town: name for town, name in names.items() if town in used}
        _pills(say("gaps.only_towns", language), offered, "town")
    _pills(say("gaps.statement", language), in_language(STATEMENT_LABELS, language), "statement")
    _pills(say("common.class", language), in_language(CLASSES, language), "item_class")
    with st.expander(say("gaps.more_filters", language), expanded=_more_chosen()):
        _pills(say("gaps.lacks_all", language), in_language(GAP_KINDS, language), "kind")
        _choose(
            say("gaps.severity", language), {"": say("common.all", language), **bands}, "severity"
        )
        _several(
            say("gaps.responsible_body", language),
            {body: place.book.called(body, language) for body in departments},
            "department",
        )
        _several(say("gaps.outcome", language), in_language(OUTCOME_LABELS, language), "outcome")
    st.button(say("gaps.clear_filters", language), type="tertiary", on_click=_clear)


def _town_names(place: Workspace, language: Language) -> dict[str, str]:
    """Return the names of the district's towns by their ids."""
    towns = place.district["towns"]
    names = (place.book.called(name, language) for name in towns["name"])
    return dict(zip(towns["town_id"], names, strict=True))


def in_words(choice: Choice, place: Workspace, language: Language) -> list[tuple[str, str]]:
    """Return name and value of everything that narrows the findings, as people read it."""
    towns = _town_names(place, language)
    bodies = {body: place.book.called(body, language) for body in choice.department}
    kinds = in_language(GAP_KINDS, language)
    bands = in_language(BAND_LABELS, language)
    named: list[tuple[str, Sequence[str], Mapping[str, str]]] = [
        ("common.town", choice.town, towns),
        ("map.show", [choice.show] if choice.show else [], kinds),
        ("gaps.lacks_all", choice.kind, kinds),
        ("gaps.statement", choice.statement, in_language(STATEMENT_LABELS, language)),
        ("common.class", choice.item_class, in_language(CLASSES, language)),
        ("gaps.severity", [choice.severity] if choice.severity else [], bands),
        ("gaps.responsible_body", choice.department, bodies),
        ("gaps.outcome", choice.outcome, in_language(OUTCOME_LABELS, language)),
    ]
    return [
        (say(key, language), listing((labels.get(code, code) for code in codes), language))
        for key, codes, labels in named
        if codes
    ]


def ask_reach(kinds: Mapping[str, str], language: Language) -> None:
    """Let the user choose whose service area is drawn, and how far it goes."""
    subjects = {
        "": say("common.none", language),
        "gates": say("gaps.gates_of_estate", language),
        **kinds,
    }
    _choose(say("gaps.service_area", language), subjects, "reach")
    if st.session_state["reach"]:
        state = st.session_state
        state["metres"] = state["metres"] if state.get("metres") in METRES else METRES[1]
        st.segmented_control(
            say("gaps.walking_distance", language),
            METRES,
            key="metres",
            required=True,
            format_func=lambda metres: f"{int(metres):,} m",
            persist_state="session",
        )


def _more_chosen() -> bool:
    state = st.session_state
    return any(state.get(name) for name in ("kind", "severity", "department", "outcome"))


def _clear() -> None:
    for key in ("town", "kind", "statement", "item_class", "department", "outcome"):
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
        format_func=lambda code: escaped(names[code]),
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
