"""Who changed what and when; named versions, compared in words, any of them brought back."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from access.roles import Act
from edits import Edit, difference
from geo.errors import PlanningError, StoreError
from greening.event_words import entry_words
from services.assessment import Workspace
from store import DECISIONS, SHOWN_DIGITS, EntryKind, JournalEntry, Store
from views import differences, said
from views.cache import SharedCache
from views.error_text import told
from views.ledger import entry_of, minute
from views.markdown import escaped
from views.session import current_store, former
from views.who import ask_name
from wording import Language, say

_NAME_CHARACTERS = 40
_ROW_BYTES = 2000
_DIFFERENCES: Final = SharedCache[Edit](
    "difference", lambda edit: _ROW_BYTES * sum(map(sum, edit.counts.values()))
)


def show(place: Workspace, language: Language) -> None:
    """Draw the part."""
    store = current_store()
    history = store.history()
    said.show("history")
    ask_name(language)
    if not history:
        st.info(say("data.history_empty", language))
    else:
        st.dataframe(
            [_line(change, language) for change in reversed(history)],
            hide_index=True,
            key="history_table",
        )
    _ask_version_name(store, language)
    if history:
        _ask_check(store, language)
        _compare(store, history, place, language)


def _line(change: JournalEntry, language: Language) -> dict[str, object]:
    """Return one record as people read it."""
    return {
        say("data.number", language): change.seq,
        say("common.when", language): minute(change.at),
        say("data.who", language): change.by,
        say("data.how_known", language): change.known_label(language),
        say("data.what", language): entry_words(change, language),
        say("data.from", language): change.why,
        say("data.version_name", language): change.name,
        say("data.version", language): change.version[:SHOWN_DIGITS],
        say("data.file_digest", language): change.source[:SHOWN_DIGITS],
    }


def _ask_version_name(store: Store, language: Language) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            say("data.name_version", language),
            key="version_name",
            max_chars=_NAME_CHARACTERS,
            width=260,
        )
        st.button(
            say("data.keep_name", language),
            key="name_version",
            on_click=_name,
            args=(store, language),
        )


def _name(store: Store, language: Language) -> None:
    name = str(st.session_state.get("version_name", "")).strip()
    try:
        change = store.name(name, entry=entry_of(Act.RESTORE))
    except PlanningError as error:
        said.note_error("history", told(error, language))
        return
    version = _short(change)
    said.note_success("history", say("data.version_named", language, version=version, name=name))
    st.session_state["version_name"] = ""


def _ask_check(store: Store, language: Language) -> None:
    if st.button(
        say("data.check_records", language), key="verify", icon=":material/verified_user:"
    ):
        try:
            store.verify()
        except StoreError as error:
            st.error(escaped(told(error, language)))
        else:
            st.success(say("data.history_sound", language))


def _compare(
    store: Store, history: Sequence[JournalEntry], place: Workspace, language: Language
) -> None:
    """Compare two versions in words, and offer to bring the earlier one back."""
    versions = _versions(history, language)
    st.markdown(f"#### {say('data.compare_two_versions', language)}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        before = st.selectbox(
            say("data.earlier", language),
            list(versions),
            index=min(1, len(versions) - 1),
            key="compare_before",
            format_func=versions.__getitem__,
        )
        after = st.selectbox(
            say("data.later", language),
            list(versions),
            index=0,
            key="compare_after",
            format_func=versions.__getitem__,
        )
    differences.show(_difference(str(before), str(after)), language)
    if before != place.district.version:
        st.button(
            say("data.restore_earlier", language),
            key="restore",
            icon=":material/history:",
            on_click=_restore,
            args=(store, str(before), language),
        )
        st.caption(say("data.restore_hint", language))


def _difference(before: str, after: str) -> Edit:
    """Return the edit between two versions."""
    earlier, later = former(before), former(after)
    return _DIFFERENCES.get((earlier.version, later.version), lambda: difference(earlier, later))


def _versions(history: Sequence[JournalEntry], language: Language) -> dict[str, str]:
    """Return every version by its digest, the newest first, and how it is called."""
    found: dict[str, str] = {}
    names = {change.version: change.name for change in history if change.kind == EntryKind.NAME}
    for change in reversed(history):
        is_change = bool(change.counts) or change.kind not in (*DECISIONS, EntryKind.NAME)
        if is_change and change.version not in found:
            called = names.get(change.version, "")
            kind = change.label(language)
            found[change.version] = " · ".join(
                part
                for part in (called, minute(change.at), change.by, kind, _short(change))
                if part
            )
    return found


def _short(change: JournalEntry) -> str:
    return change.version[:SHOWN_DIGITS]


def _restore(store: Store, version: str, language: Language) -> None:
    try:
        change = store.restore(version, entry=entry_of(Act.RESTORE))
    except PlanningError as error:
        said.note_error("history", told(error, language))
        return
    version = _short(change)
    said.note_success("history", say("data.restored", language, version=version))
