"""The map: every estate with its gaps, and why each is flagged."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from layers.district import District
from layers.facilities import KINDS as FACILITY_KINDS
from layers.parking import KINDS as PARKING_KINDS
from rules.reach import Reach, reach_of_estate, reach_of_kind
from views import charts, downloads, filters, header, link, panel, table
from views.link import Choice
from views.map.component import show_map
from views.map.evidence import area_evidence, route_evidence
from views.map.state import MapState, map_state, severity_bands
from views.map.wording import map_words
from views.selection import Selection, select
from views.session import Assessment, Workspace, assessment_of, current_workspace, situation_of
from views.text import Words, plain
from views.wording import BAND_LABELS

_LISTED = 60


def render(words: Words) -> None:
    """Draw the page."""
    place = current_workspace(words)
    district = place.district
    header.show(district, words)
    assessment, choice = _ask(place, words)
    selection = _selected(assessment.key, choice.filters, place, assessment, choice)
    reach = _reach(place, choice)
    left, right = st.columns([13, 7], gap="medium")
    with left:
        show_map(
            district,
            _state(assessment.key, choice.filters, place, selection),
            selected=_row(district, choice.estate),
            evidence=_evidence(assessment, choice, reach, words),
            words=_words(district.version, words.language, district, words),
            on_pick=_use_pick,
        )
    with right, st.container(height=700, border=True, key="evidence_panel"):
        if reach is not None:
            _who_is_inside(reach, words)
        if choice.estate:
            own = selection.of(choice.estate)
            panel.show(district, place.book, own, choice.estate, words)
        else:
            panel.overview(selection, district, words)
    _below(place, selection, choice, words)


def _ask(place: Workspace, words: Words) -> tuple[Assessment, Choice]:
    """Draw the side bar; return the findings of the day and everything that was chosen."""
    district, today = place.district, datetime.now(UTC).astimezone().date()
    _drop_unknown_estate(district)
    with st.sidebar:
        filters.ask_estate(district, words)
        as_of = filters.ask_date(today, words)
    assessment = assessment_of(place, as_of, words)
    with st.sidebar:
        names = {
            name: words("worse than {band}", band=words.pick(BAND_LABELS[above]))
            for above, name in pairwise(severity_bands(place.book))
        }
        filters.ask_filters(district, assessment.departments, names, words)
        filters.ask_reach(_kinds(district, words), words)
    choice = link.current()
    link.remember(choice)
    return assessment, choice


@st.cache_resource(show_spinner=False, max_entries=32)
def _selected(
    key: tuple[str, str, str],  # noqa: ARG001  the key of the cache, with the filters
    filters: tuple[tuple[str, ...] | str, ...],  # noqa: ARG001
    _place: Workspace,
    _assessment: Assessment,
    _choice: Choice,
) -> Selection:
    bands = severity_bands(_place.book)
    least = {name: below for (_, below), (name, _) in pairwise(bands.items())}
    return select(_assessment.findings, _place.district, _choice, least)


@st.cache_resource(show_spinner=False, max_entries=32)
def _state(
    key: tuple[str, str, str],  # noqa: ARG001  the key of the cache, with the filters
    filters: tuple[tuple[str, ...] | str, ...],  # noqa: ARG001
    _place: Workspace,
    _selection: Selection,
) -> MapState:
    shown = _selection.shown.tolist() if _selection.narrowed else None
    return map_state(_selection.summary, list(severity_bands(_place.book).values()), shown)


@st.cache_resource(show_spinner=False, max_entries=8)
def _words(version: str, language: str, _district: District, _words: Words) -> dict[str, Any]:  # noqa: ARG001
    return map_words(_district, _words)


def _kinds(district: District, words: Words) -> dict[str, str]:
    """Return the kinds of facility and parking that the district has."""
    found = {*district["facilities"]["kind"].unique(), *district["parking"]["kind"].unique()}
    labels = {**FACILITY_KINDS, **PARKING_KINDS}
    return {code: words.pick(label) for code, label in labels.items() if code in found}


def _drop_unknown_estate(district: District) -> None:
    """Forget an estate that is not there: the id came from a link or a browser."""
    if not (district["estates"]["estate_id"] == st.session_state.get("estate")).any():
        st.session_state["estate"] = ""
        st.session_state["rule"] = ""


def _row(district: District, estate_id: str) -> int | None:
    rows = np.flatnonzero((district["estates"]["estate_id"] == estate_id).to_numpy())
    return int(rows[0]) if len(rows) else None


def _use_pick(estate_id: str) -> None:
    st.session_state["estate"] = estate_id
    st.session_state["rule"] = ""


def _reach(place: Workspace, choice: Choice) -> Reach | None:
    """Return the service area asked for, None if there is none to draw."""
    metres = float(choice.metres if choice.metres in filters.METRES else filters.METRES[1])
    subject = choice.estate if choice.reach == "gates" else choice.reach
    if not subject:
        return None
    return _cached_reach(place.district.version, choice.reach, subject, metres, place)


@st.cache_resource(show_spinner=False, max_entries=64)
def _cached_reach(
    version: str,  # noqa: ARG001  the key of the cache
    reach: str,
    subject: str,
    metres: float,
    _place: Workspace,
) -> Reach:
    situation = situation_of(_place)
    if reach == "gates":
        return reach_of_estate(situation, subject, metres)
    return reach_of_kind(situation, subject, metres)


def _evidence(
    assessment: Assessment, choice: Choice, reach: Reach | None, words: Words
) -> dict[str, Any]:
    drawn: dict[str, Any] = {}
    if reach is not None:
        drawn |= area_evidence(reach)
    if choice.rule and choice.estate:
        own = assessment.of(choice.estate)
        texts = {
            "length": words("walk {m} m"),
            "straight": words("straight {m} m"),
            "tick": words("limit {m} m"),
        }
        drawn |= route_evidence(own[own["rule_id"] == choice.rule].head(1), texts)
    return drawn


def _who_is_inside(reach: Reach, words: Words) -> None:
    """Say who is within the service area that the map shows."""
    inside = reach.inside
    with st.container(border=True, key="reach_inside"):
        st.markdown(
            words(
                "**Within {m} m on foot**　{estates} estates · {households} households",
                m=f"{reach.limit_m:,.0f}",
                estates=len(inside),
                households=f"{reach.households:,.0f}",
            )
        )
        with st.expander(words("Who is inside")):
            for row in inside.head(_LISTED).to_dict("records"):
                share = f"{_count(row['households_inside'])} / {_count(row['households'])}"
                st.caption(f"{plain(row['name'])}　{share} · {row['nearest_m']:,.0f} m")


def _count(households: float) -> str:
    """Return a number of households, a dash where nobody counted."""
    return "—" if pd.isna(households) else f"{households:,.0f}"


def _below(place: Workspace, selection: Selection, choice: Choice, words: Words) -> None:
    """Draw tables, charts and downloads; only the open one is computed."""
    parts = {
        "estates": words("Estates {n}", n=f"{len(selection.shown):,}"),
        "findings": words("Gaps {n}", n=f"{len(selection.gaps):,}"),
        "charts": words("Charts"),
        "downloads": words("Downloads"),
    }
    open_part = st.segmented_control(
        words("Below the map"),
        list(parts),
        key="below",
        default="estates",
        required=True,
        label_visibility="collapsed",
        format_func=lambda part: parts[part],
        persist_state="session",
    )
    if open_part == "estates":
        table.show_estates(place.district, selection, words)
    elif open_part == "findings":
        table.show_findings(selection, words)
    elif open_part == "charts":
        charts.show(selection, words)
    else:
        described = [(name, str(value)) for name, value in choice.to_query().items()]
        downloads.show(place.district, place.book, selection, described, words)
