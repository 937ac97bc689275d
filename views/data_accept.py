"""Accepting a delivery: written in one step, unless the district changed meanwhile."""

import streamlit as st

import layers
from access.roles import Act
from geo.errors import PlanningError
from intake.delivery import Delivery
from services.assessment import Workspace
from store import SHOWN_DIGITS, JournalEntry, ProgressCallback
from views import differences
from views.data_report import ImportReport
from views.error_text import told
from views.ledger import entry_of, last_change, minute
from views.markdown import escaped
from views.session import current_store
from wording import Language, say


def show(delivery: Delivery, place: Workspace, language: Language) -> None:
    """Render the accept button, or the conflicts that block it."""
    if delivery.district.version != place.district.version:
        _show_conflict(place, language)
        return
    if delivery.questions:
        st.info(say("data.questions_open", language, n=len(delivery.questions)))
    if delivery.is_ready:
        st.markdown(f"**{say('data.what_would_change', language)}**")
        differences.show(delivery.edit, language)
    problem = st.session_state.pop("import_problem", "")
    if problem:
        st.error(say("data.nothing_written", language))
        st.text(problem)
    wanted = st.button(
        say("data.accept_into_district", language),
        type="primary",
        key="import_accept",
        disabled=not delivery.is_ready,
    )
    if wanted:
        _accept(language)
        st.rerun()


def take_over(language: Language) -> None:
    """
    Store the outcome of the last write in the session.

    A click during the write aborts that run of the page, and nothing is written. If the click came
    too late, the change is kept and reported like any other.
    """
    delivery: Delivery | None = st.session_state.get("import_delivery")
    written: list[JournalEntry] | None = st.session_state.pop("import_written", None)
    if written is None or delivery is None:
        return
    if written:
        before = delivery.district.version[:SHOWN_DIGITS]
        st.session_state["import_report"] = ImportReport(
            delivery, before, written[0].version[:SHOWN_DIGITS]
        )
    else:
        st.session_state["import_problem"] = say("data.writing_cancelled", language)


def _show_conflict(place: Workspace, language: Language) -> None:
    """Name who changed the district meanwhile, and offer to check against its current version."""
    change = last_change()
    by, at = (change.by, change.at) if change else ("—", "—")
    st.warning(
        say(
            "data.conflict",
            language,
            who=escaped(by),
            at=escaped(minute(at)),
        )
    )
    st.button(
        say("data.check_again", language),
        type="primary",
        key="import_rebase",
        on_click=_rebase,
        args=(place,),
    )


def _rebase(place: Workspace) -> None:
    delivery: Delivery = st.session_state["import_delivery"]
    st.session_state["import_delivery"] = delivery.against(place.district)


def _accept(language: Language) -> None:
    """Write the current delivery with a progress bar; any click cancels it, writing nothing."""
    delivery: Delivery = st.session_state["import_delivery"]
    bar, cancel = st.progress(0.0, say("data.writing", language)), st.empty()
    cancel.button(say("common.cancel", language), key="import_stop")
    written: list[JournalEntry] = []
    st.session_state["import_written"] = written
    try:
        _write(delivery, written, lambda share: bar.progress(share, say("data.writing", language)))
    except PlanningError as error:
        st.session_state["import_problem"] = told(error, language)
    if not written:  # refused, or the district changed: it was not cancelled
        del st.session_state["import_written"]


def _write(delivery: Delivery, written: list[JournalEntry], step: ProgressCallback) -> None:
    """Write the delivery if the district is still the version it was checked against."""
    store, base = current_store(), delivery.district.version
    if store.read().version != base:
        return
    names = dict.fromkeys(layers.ALL[name].label_zh for name in delivery.wanted.values())
    why = f"{delivery.reading.name} → {'、'.join(names)}"
    entry = entry_of(Act.IMPORT, why=why, source=delivery.reading.digest)
    # No page call between the write and its note: a click cannot interrupt between the two.
    written.append(store.apply(delivery.edit, base=base, entry=entry, progress=step))
    delivery.remember(entry)
