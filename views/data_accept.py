"""Accepting a delivery: written in one step, unless someone else was faster."""

import streamlit as st

import layers
from geo.errors import PlanningError
from intake.delivery import Delivery
from store import Change, Step
from views import differences
from views.data_report import Report
from views.ledger import SHOWN, entry_of, last_change, minute
from views.session import Workspace, current_store
from views.text import Words, plain


def show(delivery: Delivery, place: Workspace, words: Words) -> None:
    """Draw the way in, and what stands in it."""
    if delivery.district.version != place.district.version:
        _show_conflict(place, words)
        return
    if delivery.questions:
        st.info(words("{n} questions are still open above.", n=delivery.questions))
    if current_store() is None:
        st.info(words("The demonstration in memory cannot be changed: serve a folder to write."))
    if delivery.is_ready:
        st.markdown(f"**{words('What would change')}**")
        differences.show(delivery.edit, words)
    problem = st.session_state.pop("import_problem", "")
    if problem:
        st.error(words("Nothing was written:"))
        st.text(problem)
    wanted = st.button(
        words("Accept into the district"),
        type="primary",
        key="import_accept",
        disabled=not delivery.is_ready or current_store() is None,
    )
    if wanted:
        _accept(words)
        st.rerun()


def take_over(words: Words) -> None:
    """
    Learn what became of the writing that the last click began.

    Any click while it goes on ends that run of the page in the middle; nothing is then written. If
    the click came too late, the change stands, and is reported like any other.
    """
    delivery: Delivery | None = st.session_state.get("import_delivery")
    written: list[Change] | None = st.session_state.pop("import_written", None)
    if written is None or delivery is None:
        return
    if written:
        before = delivery.district.version[:SHOWN]
        st.session_state["import_report"] = Report(delivery, before, written[0].version[:SHOWN])
    else:
        st.session_state["import_problem"] = words("The writing was cancelled.")


def _show_conflict(place: Workspace, words: Words) -> None:
    """Say who changed the district meanwhile, and offer to check against it as it is now."""
    change = last_change()
    by, at = (change.by, change.at) if change else ("—", "—")
    st.warning(
        words(
            "Someone else has edited meanwhile: {who} at {at}. Your choices are kept.",
            who=plain(by),
            at=plain(minute(at)),
        )
    )
    st.button(
        words("Check against the new state"),
        type="primary",
        key="import_rebase",
        on_click=_rebase,
        args=(place,),
    )


def _rebase(place: Workspace) -> None:
    delivery: Delivery = st.session_state["import_delivery"]
    st.session_state["import_delivery"] = delivery.against(place.district)


def _accept(words: Words) -> None:
    """Write the delivery in hand, showing how far it is; any click stops it without a trace."""
    delivery: Delivery = st.session_state["import_delivery"]
    bar, cancel = st.progress(0.0, words("Writing …")), st.empty()
    cancel.button(words("Cancel"), key="import_stop")
    written: list[Change] = []
    st.session_state["import_written"] = written
    try:
        _write(delivery, written, lambda share: bar.progress(share, words("Writing …")))
    except PlanningError as error:
        st.session_state["import_problem"] = error.sentence(words.language)
    if not written:  # refused, or overtaken by somebody: it was not cancelled
        del st.session_state["import_written"]


def _write(delivery: Delivery, written: list[Change], step: Step) -> None:
    """Write the delivery, unless the district is no longer what it was checked against."""
    store = current_store()
    if store is None or store.read().version != delivery.district.version:
        return
    names = dict.fromkeys(layers.ALL[name].label_zh for name in delivery.wanted.values())
    why = f"{delivery.reading.name} → {'、'.join(names)}"
    entry = entry_of(why=why, source=delivery.reading.digest)
    # Nothing of the page stands between the change and the note of it: no click can part them.
    written.append(store.apply(delivery.after, base=delivery.district, entry=entry, step=step))
    delivery.remember()
