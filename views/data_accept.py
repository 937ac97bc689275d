"""Accepting a delivery: written in one step, unless someone else was faster."""

import streamlit as st

import layers
from geo.errors import PlanningError
from intake.delivery import Delivery
from services.assessment import Workspace
from store import JournalEntry, ProgressCallback
from views import differences
from views.data_report import ImportReport
from views.ledger import SHOWN, entry_of, last_change, minute
from views.markdown import escaped
from views.session import current_store
from wording import Language, say


def show(delivery: Delivery, place: Workspace, language: Language) -> None:
    """Draw the way in, and what stands in it."""
    if delivery.district.version != place.district.version:
        _show_conflict(place, language)
        return
    if delivery.questions:
        st.info(say("data.questions_open", language, n=delivery.questions))
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
    Learn what became of the writing that the last click began.

    Any click while it goes on ends that run of the page in the middle; nothing is then written. If
    the click came too late, the change stands, and is reported like any other.
    """
    delivery: Delivery | None = st.session_state.get("import_delivery")
    written: list[JournalEntry] | None = st.session_state.pop("import_written", None)
    if written is None or delivery is None:
        return
    if written:
        before = delivery.district.version[:SHOWN]
        st.session_state["import_report"] = ImportReport(
            delivery, before, written[0].version[:SHOWN]
        )
    else:
        st.session_state["import_problem"] = say("data.writing_cancelled", language)


def _show_conflict(place: Workspace, language: Language) -> None:
    """Say who changed the district meanwhile, and offer to check against it as it is now."""
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
    """Write the delivery in hand, showing how far it is; any click stops it without a trace."""
    delivery: Delivery = st.session_state["import_delivery"]
    bar, cancel = st.progress(0.0, say("data.writing", language)), st.empty()
    cancel.button(say("common.cancel", language), key="import_stop")
    written: list[JournalEntry] = []
    st.session_state["import_written"] = written
    try:
        _write(delivery, written, lambda share: bar.progress(share, say("data.writing", language)))
    except PlanningError as error:
        st.session_state["import_problem"] = error.sentence(language)
    if not written:  # refused, or overtaken by somebody: it was not cancelled
        del st.session_state["import_written"]


def _write(delivery: Delivery, written: list[JournalEntry], step: ProgressCallback) -> None:
    """Write the delivery, unless the district is no longer what it was checked against."""
    store = current_store()
    if store.read().version != delivery.district.version:
        return
    names = dict.fromkeys(layers.ALL[name].label_zh for name in delivery.wanted.values())
    why = f"{delivery.reading.name} → {'、'.join(names)}"
    entry = entry_of(why=why, source=delivery.reading.digest)
    # Nothing of the page stands between the change and the note of it: no click can part them.
    written.append(store.apply(delivery.after, base=delivery.district, entry=entry, progress=step))
    delivery.remember(entry)
