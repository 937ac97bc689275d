"""The map: every estate with its gaps, and why each is flagged."""

from itertools import pairwise
from typing import Any, Final

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import streamlit as st

from layers.district import District
from layers.facilities import KINDS as FACILITY_KINDS
from layers.findings import GAP_KINDS, OTHER_STATEMENTS, STATEMENT_LABELS, Statement
from layers.parking import KINDS as PARKING_KINDS
from rules.full_table import full_table
from rules.reach import WithinReach, reach_of_estate, reach_of_kind
from services.assessment import Assessment, Workspace
from services.memory import frame_bytes
from views import charts, downloads, filters, header, link, scenario_map, table
from views.cache import SharedCache
from views.choice import Choice
from views.dossier import dossier
from views.figures import BAND_LABELS
from views.map.assets import ASSETS, row_named
from views.map.component import show_map
from views.map.evidence import area_evidence
from views.map.figures import EstateFigures, estate_figures, severity_bands
from views.map.messages import Pick
from views.scenario import ask_scenario
from views.scenario_map import Looked
from views.selection import FilteredFindings, select
from views.session import assessment_of, current_workspace, today
from wording import Language, say

_LISTED = 60
_SELECTIONS: Final = SharedCache[FilteredFindings](
    "selection", lambda made: frame_bytes(made.everything) + frame_bytes(made.findings)
)
_FIGURES: Final = SharedCache[EstateFigures]("figures", lambda made: len(made.body))
_TABLES: Final = SharedCache[pd.DataFrame]("estate_table", frame_bytes)
_REACHES: Final = SharedCache[WithinReach](
    "reach", lambda made: frame_bytes(made.area.to_frame()) + frame_bytes(made.inside)
)


def render(language: Language) -> None:
    """Draw the page."""
    place = current_workspace(language)
    header.show(place.district, language)
    looked, choice = _ask(place, language)
    assessment = looked.comparison.after
    place = assessment.workspace  # the one of the scenario, where one is looked at
    selection = _selected(assessment, choice)
    show_map(
        place.district,
        _figures(assessment, choice, selection, language),
        panel={
            "dossiers": _dossiers(assessment, choice, selection, language),
            "trial": scenario_map.for_map(looked, language),
            **_panel(place, choice, language),
        },
        language=language,
        on_pick=_use_pick,
        on_gestures=lambda gestures: scenario_map.use(gestures, looked.comparison.before, language),
    )
    _below(assessment, selection, choice, language)


def _dossiers(
    assessment: Assessment, choice: Choice, selection: FilteredFindings, language: Language
) -> str:
    """Return the address under which the browser finds the dossier of each row."""

    def make(of: FilteredFindings, name: str) -> bytes | None:
        row = row_named(name, len(of.district["estates"]))
        if row is None:
            return None
        own, notice = _findings_of(of, row, language)
        told = full_table(own, of.district, of.book, (language,))
        made = dossier(of.district, of.book, told, row, language)
        return orjson.dumps(made | {"notice": notice})

    return ASSETS.bind((assessment.key, choice.filters, language), selection, make, "json")


def _findings_of(
    selection: FilteredFindings, row: int, language: Language
) -> tuple[gpd.GeoDataFrame, str]:
    """Return what the panel lists of an estate, all of it where no filter passes it, and a note."""
    estate_id = selection.district["estates"]["estate_id"].iloc[row]
    gaps = selection.whole["gaps"].iloc[row]
    if row not in selection.shown:
        everything = selection.everything
        own = everything[everything["estate_id"] == estate_id]
        return own, say("gaps.outside_filter", language, n=int(gaps))
    own = selection.of(estate_id)
    if not selection.is_filtered:
        return own, ""
    listed = selection.summary["gaps"].iloc[row]
    return own, say("gaps.filtered_estate", language, shown=int(listed), n=int(gaps))


def _panel(place: Workspace, choice: Choice, language: Language) -> dict[str, Any]:
    """Return what the panel shows besides the dossiers, and what is selected."""
    reach = _reach(place, choice)
    return {
        "selected": _row(place.district, choice.estate),
        "rule": choice.rule,
        "show": choice.show,
        "request_id": st.session_state.get("request_id", 0),
        "evidence": area_evidence(reach) if reach is not None else {},
        "reach": _who_is_inside(reach, language) if reach is not None else None,
    }


def _ask(place: Workspace, language: Language) -> tuple[Looked, Choice]:
    """Draw the side bar; return the findings of the day and everything that was chosen."""
    district = place.district
    _drop_unknown(district)
    with st.sidebar:
        filters.ask_estate(district, language)
        as_of = filters.ask_date(district, today(), language)
    assessment = assessment_of(place, as_of, language)
    with st.sidebar:
        names = {
            name: say("gaps.worse_than", language, band=BAND_LABELS[above][language])
            for above, name in pairwise(severity_bands(place.book))
        }
        filters.ask_filters(place, assessment.departments, names, language)
        filters.ask_reach(_kinds(district, language), language)
        ask_scenario(language)
    choice = link.current()
    link.remember(choice)
    return scenario_map.look(assessment), choice


def _selected(assessment: Assessment, choice: Choice) -> FilteredFindings:
    place = assessment.workspace

    def make() -> FilteredFindings:
        bands = severity_bands(place.book)
        least = {name: below for (_, below), (name, _) in pairwise(bands.items())}
        return select(assessment.findings, place.district, place.book, choice, least)

    return _SELECTIONS.get((assessment.key, choice.filters), make)


def _figures(
    assessment: Assessment, choice: Choice, selection: FilteredFindings, language: Language
) -> EstateFigures:
    key = (assessment.key, choice.filters, language)
    return _FIGURES.get(key, lambda: estate_figures(selection, language))


def _kinds(district: District, language: Language) -> dict[str, str]:
    """Return the kinds of facility and parking that the district has."""
    found = {*district["facilities"]["kind"].unique(), *district["parking"]["kind"].unique()}
    labels = {**FACILITY_KINDS, **PARKING_KINDS}
    return {code: label[language] for code, label in labels.items() if code in found}


def _drop_unknown(district: District) -> None:
    """Drop an estate or a kind of gap that does not exist: it came from a link or a browser."""
    state = st.session_state
    if not (district["estates"]["estate_id"] == state.get("estate")).any():
        state["estate"] = state["rule"] = ""
    if state.get("show") not in GAP_KINDS:
        state["show"] = ""


def _row(district: District, estate_id: str) -> int | None:
    rows = np.flatnonzero((district["estates"]["estate_id"] == estate_id).to_numpy())
    return int(rows[0]) if len(rows) else None


def _use_pick(picked: Pick) -> None:
    st.session_state["estate"] = picked.estate
    st.session_state["rule"] = picked.rule
    st.session_state["show"] = picked.show if picked.show in GAP_KINDS else ""
    st.session_state["request_id"] = picked.request_id


def _reach(place: Workspace, choice: Choice) -> WithinReach | None:
    """Return the service area asked for, None if there is none to draw."""
    metres = float(choice.metres if choice.metres in filters.METRES else filters.METRES[1])
    subject = choice.estate if choice.reach == "gates" else choice.reach
    if not subject:
        return None

    def make() -> WithinReach:
        if choice.reach == "gates":
            return reach_of_estate(place.context, subject, metres)
        return reach_of_kind(place.context, subject, metres)

    return _REACHES.get((place.district.version, choice.reach, subject, metres), make)


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
    assessment: Assessment, selection: FilteredFindings, choice: Choice, language: Language
) -> None:
    """Draw tables, charts and downloads of the kind shown; only the open part is computed."""
    place = assessment.workspace
    about = selection.about(choice.show)
    parts = _parts(about, language)
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
    _say_narrowed(selection, choice.show, language)
    if open_part == "estates":
        key = (assessment.key, choice.filters, choice.show, language)
        estates = _TABLES.get(key, lambda: table.estate_table(place.district, about, language))
        table.show_estates(estates, place.book, language)
    elif open_part == "charts":
        charts.show(about, language)
    elif open_part == "downloads":
        described = filters.in_words(choice, place, language)
        downloads.show(place.district, place.book, about, described, language)
    else:
        _show_statement(place, about, Statement(open_part), language)


def _parts(about: FilteredFindings, language: Language) -> dict[str, str]:
    """Return the parts below the map: the estates, each kind of statement apart, charts, files."""
    estates = say("gaps.estates_tab", language, n=len(about.shown))
    statements = {
        str(kind): say(
            "gaps.statement_tab",
            language,
            kind=STATEMENT_LABELS[kind],
            n=about.failing_text(kind, language),
        )
        for kind in (Statement.GAP, *OTHER_STATEMENTS)
    }
    charted = say("gaps.charts", language)
    files = say("common.downloads", language)
    return {"estates": estates, **statements, "charts": charted, "downloads": files}


def _show_statement(
    place: Workspace, about: FilteredFindings, kind: Statement, language: Language
) -> None:
    if kind is not Statement.GAP:
        st.caption(say(f"gaps.{kind}_hint", language))
    table.show_findings(place.district, place.book, about.failing(kind), language)


def _say_narrowed(selection: FilteredFindings, show: str, language: Language) -> None:
    """Say of what the counts are, where they are not of everything."""
    if show:
        st.caption(say("gaps.one_kind", language, kind=GAP_KINDS[show]))
    if selection.is_filtered:
        st.caption(selection.note(language))
