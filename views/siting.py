"""The siting page: where should the next facilities stand? Asked on the left, answered beside."""

from collections.abc import Hashable
from typing import Final

import pandas as pd
import streamlit as st

from exports.siting_book import TABLES, siting_workbook, why_none
from geo.errors import PlanningError
from layers.column import Column
from layers.district import District
from layers.facilities import KINDS
from services.assessment import Assessment
from services.memory import frame_bytes
from services.siting import DistrictSiting, scenario_of, site
from siting.posing import Wish
from siting.solver.problem import Objective
from views import filters, header, link, said, taking, trial
from views.cache import SharedCache
from views.error_text import told
from views.session import assessment_of, current_workspace, explain, today, worked_out
from views.siting_picture import siting_picture
from views.trial import Draft
from views.work_queue import Report
from wording import Language, in_language, say

_SITINGS: Final = SharedCache[DistrictSiting](
    "siting",
    lambda found: frame_bytes(found.sites) + frame_bytes(found.served) + frame_bytes(found.left),
)
_PICTURES: Final = SharedCache[str]("siting picture", len)
_OBJECTIVES: Final[tuple[Objective, ...]] = ("cover", "fewest", "median", "equity")
_SPACING_M, _MOST_NEW = 100, 200
_MOST_LOOKED_AT = 8
_NOT_SHOWN = {("chosen", "doors"), ("served", "estate_id"), ("left", "estate_id")}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PICTURE_BESIDE = [2, 3]


def render(language: Language) -> None:
    """Draw the page."""
    place = current_workspace(language)
    header.show(place.district, language)
    with st.sidebar:
        as_of = filters.ask_date(place.district, today(), language)
    assessment = assessment_of(place, as_of, language)
    link.remember(link.current())
    said.show("siting")
    left, right = st.columns(_PICTURE_BESIDE, gap="large")
    with left:
        wish = _ask(place.district, language)
        if st.button(say("siting.run", language), type="primary", key="siting_run"):
            st.session_state["siting_wish"] = wish
    asked = st.session_state.get("siting_wish")
    if asked is None:
        right.markdown(say("siting.hint", language))
        return
    with right:
        try:
            found = _found(assessment, asked, language)
        except PlanningError as error:
            explain(error, language)
            return
        if asked != wish:
            st.caption(say("siting.changed", language))
        _show(found, language)


def _ask(district: District, language: Language) -> Wish:
    """Let the user say what is wanted; places are made up only where nobody brought sites."""
    kinds, sites = list(KINDS), district["candidate_sites"]
    kind = st.selectbox(
        say("siting.kind", language),
        kinds,
        index=kinds.index("elder_station"),
        format_func=lambda code: KINDS[code][language],
        key="siting_kind",
        persist_state="session",
    )
    objective = st.selectbox(
        say("siting.objective", language),
        _OBJECTIVES,
        format_func=lambda name: say(f"siting.{name}", language),
        key="siting_objective",
        persist_state="session",
    )
    with st.container(horizontal=True):
        count = _number("count", language, value=2, most=_MOST_NEW)
        budget = _number("budget_yuan", language)
    with st.container(horizontal=True):
        limit = _number("own_limit", language)
        spacing = _number("spacing", language, value=_SPACING_M if sites.empty else 0)
        price = _number("own_price", language)
    must, never = (_ask_sites(sites, name, language) for name in ("must", "must_not"))
    return Wish(
        kind,
        count=count or None,
        budget_yuan=budget or None,
        must=must,
        never=never,
        objective=objective,
        limit_m=limit or None,
        spacing_m=spacing or None,
        price_yuan=price or None,
    )


def _number(name: str, language: Language, value: int = 0, most: int | None = None) -> int:
    return int(
        st.number_input(
            say(f"siting.{name}", language),
            min_value=0,
            max_value=most,
            value=value,
            key=f"siting_{name}",
            width=150,
            persist_state="session",
        )
    )


def _ask_sites(sites: pd.DataFrame, name: str, language: Language) -> tuple[str, ...]:
    """Let the user name candidate sites, where there are any."""
    if sites.empty:
        return ()
    called = dict(zip(sites["candidate_id"], sites["name"].fillna(""), strict=True))
    chosen = st.multiselect(
        say(f"siting.{name}", language),
        list(called),
        format_func=lambda key: f"{key} {called[key]}".strip(),
        key=f"siting_{name}",
        persist_state="session",
    )
    return tuple(chosen)


def _key(assessment: Assessment, wish: Wish) -> Hashable:
    return (assessment.key, wish)


def _widget(name: str, found: DistrictSiting) -> str:
    """Return the key of a widget that begins anew with another answer."""
    return f"{name}_{hash(_key(found.assessment, found.wish))}"


def _found(assessment: Assessment, wish: Wish, language: Language) -> DistrictSiting:
    """Return the answer, worked out in the queue of all sessions."""

    def work(report: Report) -> DistrictSiting:
        return site(assessment, wish, seconds=60, progress=report)

    return worked_out(_SITINGS, _key(assessment, wish), work, language, "siting.working")


def _show(found: DistrictSiting, language: Language) -> None:
    """Draw the answer: how many are covered, the map, who by which, and who is left."""
    kind = KINDS[found.standard.kind][language]
    if not len(found.sites):
        st.info(say("siting.no_candidates", language))
    if found.is_unsurveyed:
        st.warning(say("siting.unsurveyed", language, kind=kind))
    if found.unknown_doors:
        st.caption(say("siting.unknown_doors", language, n=found.unknown_doors))
    if found.has_answer:
        _show_counts(found, language)
    else:
        st.error(say("siting.infeasible", language))
        for reason in why_none(found, language):
            st.text(reason)
    _show_picture(found, language)
    _ask_scenario(found, language)
    for name, table in _tables(found, language).items():
        if len(table):
            st.markdown(f"#### {say(f'siting.{name}', language)}")
            st.dataframe(table, hide_index=True, key=f"siting_{name}", placeholder="—")
    taking.offer(
        say("common.download_workbook", language),
        lambda: siting_workbook(found, language),
        "siting.xlsx",
        _XLSX,
        language,
        version=found.assessment.workspace.district.version,
        key="siting_xlsx",
    )


def _show_picture(found: DistrictSiting, language: Language) -> None:
    """Draw the surroundings of a chosen site, the first by default, or the whole district."""
    options = [*found.chosen["candidate_id"].head(_MOST_LOOKED_AT), ""]
    seen = st.segmented_control(
        say("siting.look_at", language),
        options,
        default=options[0],
        required=True,
        format_func=lambda site: str(site) or say("siting.whole", language),
        key=_widget("siting_look", found),
    )
    where = str(seen or "")
    key = (_key(found.assessment, found.wish), where)
    drawn = _PICTURES.get(key, lambda: siting_picture(found, where))
    st.image(drawn, width="stretch")
    st.caption(say("siting.legend", language))


def _show_counts(found: DistrictSiting, language: Language) -> None:
    columns = st.columns(3)
    share = f"{found.after / found.households:.0%}" if found.households else "—"
    columns[0].metric(say("siting.before", language), f"{found.before:,.0f}")
    columns[1].metric(
        say("siting.after", language), f"{found.after:,.0f}", f"{found.after - found.before:+,.0f}"
    )
    columns[2].metric(say("siting.share", language), share)
    entry = "siting.gap" if found.solved.gap else "siting.proven"
    proven = say(entry, language, gap=found.solved.gap)
    limit = say("siting.limit", language)
    st.caption(f"{limit} {found.standard.limit_m:g} · {proven}")
    if not len(found.chosen):
        st.caption(say("siting.none_chosen", language))


def _tables(found: DistrictSiting, language: Language) -> dict[str, pd.DataFrame]:
    """Return the tables of an answer with headings of the user's language."""
    return {
        name: pd.DataFrame(
            {
                _heading(column, language): _cells(
                    getattr(found, name)[column.name], column, language
                )
                for column in columns
                if (name, column.name) not in _NOT_SHOWN
            }
        )
        for name, columns in TABLES.items()
    }


def _heading(column: Column, language: Language) -> str:
    return say("common.estate", language) if column.name == "estate" else column.label(language)


def _cells(values: pd.Series, column: Column, language: Language) -> pd.Series:
    """Return cells as people read them: codes in words, numbers whole, none for inf."""
    if column.codes:
        return values.map(in_language(column.codes, language))
    if column.dtype == "float":
        return values.replace(float("inf"), float("nan")).round()
    return values


def _ask_scenario(found: DistrictSiting, language: Language) -> None:
    """Offer to make the answer a scenario."""
    if not found.has_answer or not len(found.chosen):
        return
    kind, key = KINDS[found.standard.kind][language], _widget("siting_name", found)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            say("scenario.new_name", language),
            value=say("siting.scenario_name", language, kind=kind, n=len(found.chosen)),
            key=key,
            max_chars=trial.NAME_CHARACTERS,
            width=260,
        )
        st.button(
            say("siting.as_scenario", language),
            key="siting_scenario",
            icon=":material/alt_route:",
            on_click=_make_scenario,
            args=(found, key, language),
        )


def _make_scenario(found: DistrictSiting, key: str, language: Language) -> None:
    name = str(st.session_state.get(key, "")).strip()
    refused = trial.name_refused(name, language)
    if refused:
        said.note_error("siting", refused)
        return
    try:
        trial.put(Draft(scenario_of(found, name, language)))
    except PlanningError as error:
        said.note_error("siting", told(error, language))
        return
    said.note_success("siting", say("siting.made_scenario", language, name=name))
