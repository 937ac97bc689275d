"""Scenarios: what would remedies change? Steps on the left, findings before and after beside."""

import streamlit as st

from access.roles import Act
from edits.scenario import Scenario
from edits.scenario_text import scenario_from_json, scenario_to_json
from geo.errors import PlanningError
from services.assessment import Assessment
from services.scenarios import delete, promote, save
from store import SHOWN_DIGITS
from views import filters, header, link, said, scenario_result, scenario_steps, taking, trial
from views.error_text import told
from views.ledger import entry_of, minute
from views.markdown import escaped
from views.session import assessment_of, current_store, current_workspace, today
from views.trial import Draft
from views.who import ask_name
from wording import Language, say


def render(language: Language) -> None:
    """Draw the page."""
    place = current_workspace(language)
    header.show(place.district, language)
    with st.sidebar:
        as_of = filters.ask_date(place.district, today(), language)
        ask_scenario(language)
    before = assessment_of(place, as_of, language)
    link.remember(link.current())
    said.show("scenario")
    draft = trial.chosen()
    if draft is None:
        _ask_new(before, language)
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        _show_head(draft, language)
        scenario_steps.show(draft, before, language)
        _ask_keep(draft, before, language)
    with right:
        scenario_result.show(trial.tried(before, draft), language)


def ask_scenario(language: Language) -> None:
    """Let the user choose the scenario that the pages look at."""
    state, names = st.session_state, ["", *trial.names()]
    if state.get("scenario", "") not in names:
        state["scenario"] = ""
    st.selectbox(
        say("scenario.name", language),
        names,
        key="scenario",
        format_func=lambda name: name or say("scenario.as_it_is", language),
        persist_state="session",
    )


def _ask_new(before: Assessment, language: Language) -> None:
    """Offer a new scenario, one from a file, and those that are kept."""
    st.markdown(say("scenario.hint", language))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            say("scenario.new_name", language),
            key="scenario_name",
            max_chars=trial.NAME_CHARACTERS,
            width=320,
        )
        st.button(
            say("scenario.begin", language),
            key="scenario_begin",
            type="primary",
            on_click=_begin,
            args=(before, language),
        )
    file = st.file_uploader(say("scenario.from_file", language), type=["json"], key="scenario_file")
    if file is not None:
        st.button(
            say("scenario.open_file", language),
            key="scenario_open",
            on_click=_open,
            args=(file.getvalue(), before, language),
        )
    rows = [
        {
            say("scenario.name", language): one.scenario.name,
            say("scenario.steps", language): len(one.scenario.steps),
            say("data.who", language): one.by,
            say("common.when", language): minute(one.at),
            say("scenario.state", language): say(f"scenario.event_{one.event}", language),
            say("scenario.note", language): one.scenario.note,
        }
        for one in trial.kept()
    ]
    if rows:
        st.dataframe(rows, hide_index=True, key="scenario_table")


def _begin(before: Assessment, language: Language) -> None:
    name = str(st.session_state.get("scenario_name", "")).strip()
    refused = trial.name_refused(name, language)
    if refused:
        said.note_error("scenario", refused)
    else:
        trial.put(Draft(Scenario(name, before.workspace.district.version)))


def _open(text: bytes, before: Assessment, language: Language) -> None:
    district = before.workspace.district
    try:
        found = scenario_from_json(text, district, before.as_of.isoformat())
    except PlanningError as error:
        said.note_error("scenario", told(error, language))
        return
    refused = trial.name_refused(found.name, language)
    if refused:
        said.note_error("scenario", refused)
    else:
        trial.put(Draft(found))


def _show_head(draft: Draft, language: Language) -> None:
    scenario = draft.scenario
    state = say("scenario.kept" if draft.is_kept else "scenario.unsaved", language)
    st.markdown(f"#### {escaped(scenario.name)}　:small[:gray[{state}]]")
    st.caption(say("scenario.assumed", language))
    if scenario.note:
        st.text(scenario.note)


def _ask_keep(draft: Draft, before: Assessment, language: Language) -> None:
    """Offer to keep, to hand out, to sign into the district and to delete."""
    st.divider()
    ask_name(language)
    with st.container(horizontal=True):
        st.button(
            say("scenario.keep", language),
            key="scenario_keep",
            icon=":material/save:",
            disabled=draft.is_kept,
            on_click=_keep,
            args=(draft, language),
        )
        taking.offer(
            say("scenario.hand_out", language),
            lambda: scenario_to_json(draft.scenario),
            "scenario.json",
            "application/json",
            language,
            version=before.workspace.district.version,
            key="scenario_json",
        )
        st.button(
            say("scenario.delete", language),
            key="scenario_delete",
            icon=":material/delete:",
            on_click=_delete,
            args=(draft, language),
        )
    _ask_promote(draft, before, language)


def _ask_promote(draft: Draft, before: Assessment, language: Language) -> None:
    """Offer to write the steps into the district, once they are confirmed."""
    with st.expander(say("scenario.promote", language)):
        st.markdown(say("scenario.promote_hint", language))
        sure = st.checkbox(say("scenario.promote_sure", language), key="scenario_sure")
        found = trial.tried(before, draft)
        st.button(
            say("scenario.promote_now", language),
            key="scenario_promote",
            type="primary",
            disabled=not sure or bool(found.conflicts),
            on_click=_promote,
            args=(draft, language),
        )


def _keep(draft: Draft, language: Language) -> None:
    try:
        save(current_store(), draft.scenario, entry=entry_of(Act.SCENARIO), seen=draft.seen)
    except PlanningError as error:
        said.note_error("scenario", told(error, language))
        return
    trial.forget(draft.scenario.name)
    said.note_success("scenario", say("scenario.kept_now", language, name=draft.scenario.name))


def _delete(draft: Draft, language: Language) -> None:
    try:
        if draft.seen:
            delete(current_store(), draft.scenario, entry=entry_of(Act.SCENARIO), seen=draft.seen)
    except PlanningError as error:
        said.note_error("scenario", told(error, language))
        return
    trial.forget(draft.scenario.name)
    st.session_state["scenario"] = ""
    said.note_success("scenario", say("scenario.deleted", language, name=draft.scenario.name))


def _promote(draft: Draft, language: Language) -> None:
    try:
        entry = promote(
            current_store(), draft.scenario, entry=entry_of(Act.PROMOTE), seen=draft.seen
        )
    except PlanningError as error:
        said.note_error("scenario", told(error, language))
        return
    trial.forget(draft.scenario.name)
    st.session_state["scenario"] = ""
    said.note_success(
        "scenario", say("scenario.promoted", language, version=entry.version[:SHOWN_DIGITS])
    )
