"""
Bringing files in: drop them, settle the steps of each table, see every row accounted for, accept.

Whatever is chosen makes a new `Delivery` in the session; the district is untouched until someone
accepts. All texts of the files reach the page as escaped Markdown or table cells.
"""

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

import layers
from intake.delivery import Delivery
from intake.reading import DeliveredTable, DeliveryReading
from intake.sentences import explained
from services.assessment import Workspace
from store import Store
from views import data_accept, data_report, data_steps
from views.markdown import escaped
from views.reading_job import LIMITS, ReadingJob
from views.session import current_store, explain, session_watch, today
from views.who import ask_name
from wording import Language, say

_ASK_EVERY_S = 0.5


def show(place: Workspace, language: Language) -> None:
    """Draw the part."""
    data_accept.take_over(language)
    if "import_report" in st.session_state:
        _show_report(language)
        return
    dated = _ask(place, language)
    job: ReadingJob[Delivery] | None = st.session_state.get("import_job")
    if job is not None:
        _wait(language)
    delivery: Delivery | None = st.session_state.get("import_delivery")
    if delivery is not None:
        if delivery.date != dated:
            delivery = st.session_state["import_delivery"] = delivery.dated(dated)
        _show_delivery(delivery, language)
        if delivery.parts:
            data_accept.show(delivery, place, language)
        st.button(say("data.discard_files", language), key="import_away", on_click=begin_again)
    error = st.session_state.pop("import_error", None)
    if error is not None:
        explain(error, language)


def _show_report(language: Language) -> None:
    """Draw what was written, and where to go from here."""
    data_report.show_report(st.session_state["import_report"], language)
    with st.container(horizontal=True):
        if "map_page" in st.session_state:
            label = say("data.see_map", language)
            st.page_link(st.session_state["map_page"], label=label, icon=":material/map:")
        st.button(say("data.import_more", language), key="import_more", on_click=begin_again)


def _ask(place: Workspace, language: Language) -> str:
    """Draw the upload field, the name and the date; start reading new files."""
    with st.container(key="import_drop"):
        files = st.file_uploader(
            say("data.drop_files", language),
            accept_multiple_files=True,
            key=f"import_files_{_round()}",
            on_change=_note_change,
        )
        st.caption(say("data.upload_hint", language))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ask_name(language)
        dated = st.date_input(
            say("data.date_of_data", language), today(), key="import_date", width=200
        )
    _follow(files, place, dated.isoformat())
    return dated.isoformat()


def _note_change() -> None:
    """Remember that the visitor added or removed files: coming back to the page is no change."""
    st.session_state["import_changed"] = True


def _round() -> int:
    """Return the number of the current delivery: a new one empties the upload field."""
    return int(st.session_state.setdefault("import_round", 0))


def _follow(files: Sequence[UploadedFile], place: Workspace, dated: str) -> None:
    """Start reading when the visitor changes the files; discard all when they are removed."""
    if not st.session_state.pop("import_changed", False):
        return
    forget()
    if not files:
        return
    store = current_store()
    uploads = [(file.name, file.getvalue()) for file in files]
    open_ = partial(_opened, place=place, dated=dated, store=store)
    st.session_state["import_job"] = ReadingJob(uploads, open_, session_watch())


def _opened(reading: DeliveryReading, *, place: Workspace, dated: str, store: Store) -> Delivery:
    return Delivery.of(reading, place.district, dated, store=store)


def forget() -> None:
    """Discard the current delivery and its reading."""
    job = st.session_state.pop("import_job", None)
    if job is not None:
        job.cancel()
    st.session_state.pop("import_delivery", None)


def begin_again() -> None:
    """Empty the upload field."""
    forget()
    st.session_state.pop("import_report", None)
    st.session_state["import_round"] = _round() + 1


@st.fragment(run_every=_ASK_EVERY_S)
def _wait(language: Language) -> None:
    """Show how long the reading has taken, with a cancel button; store its result."""
    job: ReadingJob[Delivery] | None = st.session_state.get("import_job")
    if job is None:
        return
    if job.is_done:
        del st.session_state["import_job"]
        if job.error is None:
            st.session_state["import_delivery"] = job.result
        else:
            st.session_state["import_error"] = job.error
        st.rerun()
    text = (
        say("data.checking_rows", language) if job.is_read else say("data.reading_files", language)
    )
    if job.ahead:
        text = say("data.deliveries_ahead", language, n=job.ahead)
    limit = say("data.seconds_of", language, n=f"{job.seconds:.0f}", most=LIMITS.wall_s)
    st.progress(min(job.seconds / LIMITS.wall_s, 1.0), f"{text} {limit}")
    st.button(say("common.cancel", language), key="import_cancel", on_click=begin_again)


def _show_delivery(delivery: Delivery, language: Language) -> None:
    """Draw what was read, the steps of each table, and the outcome."""
    _show_unread(delivery, language)
    tables = delivery.reading.tables
    others = [n for n, table in enumerate(tables) if n not in delivery.parts and table.read]
    for number in (*delivery.parts, *others):
        table = tables[number]
        with st.container(border=True, key=f"import_table_{number}"):
            _show_head(delivery, number, table, language)
            if number in delivery.parts:
                data_steps.show(delivery, number, language)
    if delivery.parts:
        data_report.show_outcome(delivery, language)


def _show_unread(delivery: Delivery, language: Language) -> None:
    """List the files that were not read, each with its sentence, and those that hold no rows."""
    for refusal in delivery.reading.refused:
        sentence = explained(refusal.rule, refusal.detail)[language]
        st.warning(f"**{escaped(refusal.member)}** {escaped(sentence)}", icon=":material/block:")
    for ignored in delivery.reading.ignored:
        sentence = explained(ignored.rule, ignored.detail)[language]
        st.caption(f"{escaped(ignored.member)}　{escaped(sentence)}")
    blank = "、".join(table.name for table in delivery.reading.tables if not table.read)
    if blank:
        st.caption(say("data.empty_tables", language, names=escaped(blank)))


def _show_head(delivery: Delivery, number: int, table: DeliveredTable, language: Language) -> None:
    """Name a table and ask which layer it is for."""
    names = {"": say("data.leave_out", language)} | {
        name: layers.ALL[name].label(language) for name in layers.SURVEYED
    }
    key = f"import_layer_{number}"
    st.session_state[key] = delivery.wanted.get(number, "")
    with st.container(horizontal=True, vertical_alignment="center"):
        named = escaped(table.member)
        if table.name and table.name not in table.member:
            named += f" / {escaped(table.name)}"
        st.markdown(f"**{named}**　{say('data.row_count', language, n=table.read)}")
        st.selectbox(
            say("data.layer", language),
            list(names),
            key=key,
            format_func=names.__getitem__,
            width=200,
            on_change=_choose_layer,
            args=(number, key),
        )


def _choose_layer(number: int, key: str) -> None:
    delivery: Delivery = st.session_state["import_delivery"]
    layer = str(st.session_state[key])
    st.session_state["import_delivery"] = delivery.for_layer(number, layer)
