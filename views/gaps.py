"""The map: every estate with its gaps, and why each is flagged."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import pandas as pd
import streamlit as st

from layers.district import District
from layers.facilities import KINDS as FACILITY_KINDS
from layers.parking import KINDS as PARKING_KINDS
from rules.full_table import full_table
from rules.reach import WithinReach, reach_of_estate, reach_of_kind
from services.assessment import Assessment, Workspace
from views import charts, downloads, filters, header, link, table
from views.dossier import dossier
from views.figures import BAND_LABELS
from views.link import Choice
from views.map.assets import ASSETS
from views.map.component import Pick, show_map
from views.map.evidence import area_evidence
from views.map.figures import EstateFigures, estate_figures, most_gaps, severity_bands
from views.selection import FilteredFindings, select
from views.session import assessment_of, current_workspace
from wording import Language, say

_LISTED = 60
_ROW_DIGITS = 9


def render(language: Language) -> None:
    """Draw the page."""
    place = current_workspace(language)
    district = place.district
    header.show(district, language)
    assessment, choice = _ask(place, language)
    selection = _selected(assessment.key, choice.filters, place, assessment, choice)
    show_map(
        district,
        _figures(assessment.key, choice.filters, place, selection),
        dossiers=_dossiers(assessment, choice, place, selection, language),
        panel=_panel(place, selection, choice, language),
        language=language,
        on_pick=_use_pick,
    )
    _below(place, selection, choice, language)


def _dossiers(
    assessment: Assessment,
    choice: Choice,
    place: Workspace,
    selection: FilteredFindings,
    language: Language,
) -> str:
    """Return the address under which the browser finds the dossier of each row."""
    district, book = place.district, place.book
    ids = district["estates"]["estate_id"]

    def make(name: str) -> bytes | None:
        row = int(name) if name.isdecimal() and len(name) < _ROW_DIGITS else len(ids)
        if row >= len(ids):
            return None
        own = full_table(selection.of(ids.iloc[row]), district, book)
        return orjson.dumps(dossier(district, book, own, row, language))

    return ASSETS.bind((assessment.key, choice.filters, language), make, "json")


def _panel(
    place: Workspace, selection: FilteredFindings, choice: Choice, language: Language
) -> dict[str, Any]:
    """Return what the panel shows besides the dossiers, and what is selected."""
    reach = _reach(place, choice)
    return {
        "selected": _row(place.district, choice.estate),
        "rule": choice.rule,
        "request_id": st.session_state.get("request_id", 0),
        "evidence": area_evidence(reach) if reach is not None else {},
        "reach": _who_is_inside(reach, language) if reach is not None else None,
        "overview": most_gaps(selection.summary),
    }


def _ask(place: Workspace, language: Language) -> tuple[Assessment, Choice]:
    """Draw the side bar; return the findings of the day and everything that was chosen."""
    district, today = place.district, datetime.now(UTC).astimezone().date()
    _drop_unknown_estate(district)
    with st.sidebar:
        filters.ask_estate(district, language)
        as_of = filters.ask_date(district, today, language)
    assessment = assessment_of(place, as_of, language)
    with st.sidebar:
        names = {
            name: say("gaps.worse_than", language, band=BAND_LABELS[above][language])
            for above, name in pairwise(severity_bands(place.book))
        }
        filters.ask_filters(district, assessment.departments, names, language)
        filters.ask_reach(_kinds(district, language), language)
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
) -> FilteredFindings:
    bands = severity_bands(_place.book)
    least = {name: below for (_, below), (name, _) in pairwise(bands.items())}
    return select(_assessment.findings, _place.district, _place.book, _choice, least)


@st.cache_resource(show_spinner=False, max_entries=32)
def _figures(
    key: tuple[str, str, str],  # noqa: ARG001  the key of the cache, with the filters
    filters: tuple[tuple[str, ...] | str, ...],  # noqa: ARG001
    _place: Workspace,
    _selection: FilteredFindings,
) -> EstateFigures:
    shown = _selection.shown.tolist() if _selection.narrowed else None
    return estate_figures(_selection.summary, list(severity_bands(_place.book).values()), shown)


def _kinds(district: District, language: Language) -> dict[str, str]:
    """Return the kinds of facility and parking that the district has."""
    found = {*district["facilities"]["kind"].unique(), *district["parking"]["kind"].unique()}
    labels = {**FACILITY_KINDS, **PARKING_KINDS}
    return {code: label[language] for code, label in labels.items() if code in found}


def _drop_unknown_estate(district: District) -> None:
    """Drop the selection of an estate that does not exist: the id came from a link or a browser."""
    if not (district["estates"]["estate_id"] == st.session_state.get("estate")).any():
        st.session_state["estate"] = ""
        st.session_state["rule"] = ""


def _row(district: District, estate_id: str) -> int | None:
    rows = np.flatnonzero((district["estates"]["estate_id"] == estate_id).to_numpy())
    return int(rows[0]) if len(rows) else None


def _use_pick(picked: Pick) -> None:
    st.session_state["estate"] = picked.estate
    st.session_state["rule"] = picked.rule
    st.session_state["request_id"] = picked.request_id


def _reach(place: Workspace, choice: Choice) -> WithinReach | None:
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
) -> WithinReach:
    context = _place.context
    if reach == "gates":
        return reach_of_estate(context, subject, metres)
    return reach_of_kind(context, subject, metres)


def _who_is_inside(reach: WithinReach, language: Language) -> dict[str, Any]:
    """Write who is within the service area that the map shows."""
    inside = reach.inside
    return {
        "title": say("gaps.within_walk", language, m=f"{reach.limit_m:,.0f}"),
        "total": say(
            "gaps.estates_households",
            language,
            estates=len(inside),
            households=f"{reach.households:,.0f}",
        ),
        "summary": say("gaps.who_is_inside", language),
        "rows": [
            [
                str(row["name"]),
                f"{_count(row['households_inside'])} / {_count(row['households'])}",
                f"{row['nearest_m']:,.0f} m",
            ]
            for row in inside.head(_LISTED).to_dict("records")
        ],
    }


def _count(households: float) -> str:
    """Return a number of households, a dash if unknown."""
    return "—" if pd.isna(households) else f"{households:,.0f}"


def _below(
    place: Workspace, selection: FilteredFindings, choice: Choice, language: Language
) -> None:
    """Draw tables, charts and downloads; only the open one is computed."""
    parts = {
        "estates": say("gaps.estates_tab", language, n=len(selection.shown)),
        "findings": say("gaps.gaps_tab", language, n=len(selection.gaps)),
        "others": say("gaps.others_tab", language, n=len(selection.others)),
        "charts": say("gaps.charts", language),
        "downloads": say("common.downloads", language),
    }
    open_part = st.segmented_control(
        say("gaps.below_map", language),
        list(parts),
        key="below",
        default="estates",
        required=True,
        label_visibility="collapsed",
        format_func=lambda part: parts[part],
        persist_state="session",
    )
    if open_part == "estates":
        table.show_estates(place.district, selection, language)
    elif open_part == "findings":
        table.show_findings(place.district, place.book, selection.gaps, language)
    elif open_part == "others":
        st.caption(say("gaps.others_hint", language))
        table.show_findings(place.district, place.book, selection.others, language)
    elif open_part == "charts":
        charts.show(selection, language)
    else:
        described = [(name, str(value)) for name, value in choice.to_query().items()]
        downloads.show(place.district, place.book, selection, described, language)
