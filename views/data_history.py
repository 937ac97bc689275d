"""Who changed what and when; named versions, compared in words, any of them brought back."""

from collections.abc import Sequence

import streamlit as st

from edits import Edit, difference
from geo.errors import PlanningError
from store import KIND_LABELS, Change, Kind, Store
from views import differences
from views.ledger import SHOWN, entry_of, minute
from views.session import Workspace, current_store, former
from views.text import Words
from views.who import ask_name

_NAME_CHARACTERS = 40


def show(place: Workspace, words: Words) -> None:
    """Draw the part."""
    store = current_store()
    if store is None:
        st.info(words("The demonstration in memory has no history: serve a folder to keep one."))
        return
    history = store.history()
    _show_said()
    ask_name(words)
    if not history:
        st.info(words("Nothing was changed yet; the history begins with the first change."))
    else:
        st.dataframe(
            [_line(change, words) for change in reversed(history)],
            hide_index=True,
            key="history_table",
        )
    _ask_version_name(store, words)
    if history:
        _ask_check(store, words)
        _compare(store, history, place, words)


def _line(change: Change, words: Words) -> dict[str, object]:
    """Return one record as people read it."""
    return {
        words("Change no."): change.seq,
        words("When"): minute(change.at),
        words("Who"): change.by,
        words("What"): words.pick(KIND_LABELS[change.kind]),
        words("Rows"): change.counted(words.language),
        words("From"): change.why,
        words("Named"): change.name,
        words("Version"): change.version[:SHOWN],
        words("File digest"): change.source[:SHOWN],
    }


def _ask_version_name(store: Store, words: Words) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            words("Name of the version as it is now"),
            key="version_name",
            max_chars=_NAME_CHARACTERS,
            width=260,
        )
        st.button(words("Keep the name"), key="name_version", on_click=_name, args=(store, words))


def _name(store: Store, words: Words) -> None:
    name = str(st.session_state.get("version_name", "")).strip()
    try:
        change = store.name(name, entry=entry_of())
    except PlanningError as error:
        _say("error", error.sentence(words.language))
        return
    version = _short(change)
    _say("success", words("Version {version} is now called {name}.", version=version, name=name))
    st.session_state["version_name"] = ""


def _ask_check(store: Store, words: Words) -> None:
    if st.button(words("Check the records"), key="verify", icon=":material/verified_user:"):
        store.verify()
        st.success(words("Every record and every row they kept is as it was written."))


def _compare(store: Store, history: Sequence[Change], place: Workspace, words: Words) -> None:
    """Compare two versions in words, and offer to bring the earlier one back."""
    versions = _versions(history, words)
    st.markdown(f"#### {words('Compare two versions')}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        before = st.selectbox(
            words("Earlier"),
            list(versions),
            index=min(1, len(versions) - 1),
            key="compare_before",
            format_func=versions.__getitem__,
        )
        after = st.selectbox(
            words("Later"),
            list(versions),
            index=0,
            key="compare_after",
            format_func=versions.__getitem__,
        )
    differences.show(_difference(str(before), str(after)), words)
    if before != place.district.version:
        st.button(
            words("Bring back the earlier version"),
            key="restore",
            icon=":material/history:",
            on_click=_restore,
            args=(store, str(before), words),
        )
        st.caption(words("A restoration is one more change: nothing is forgotten."))


@st.cache_resource(show_spinner=False, max_entries=8)
def _difference(before: str, after: str) -> Edit:
    """Return the edit between two versions."""
    return difference(former(before), former(after))


def _versions(history: Sequence[Change], words: Words) -> dict[str, str]:
    """Return every version by its digest, the newest first, and how it is called."""
    found: dict[str, str] = {}
    names = {change.version: change.name for change in history if change.kind is Kind.NAME}
    for change in reversed(history):
        if change.kind is not Kind.NAME and change.version not in found:
            called = names.get(change.version, "")
            kind = words.pick(KIND_LABELS[change.kind])
            found[change.version] = " · ".join(
                part
                for part in (called, minute(change.at), change.by, kind, _short(change))
                if part
            )
    return found


def _short(change: Change) -> str:
    return change.version[:SHOWN]


def _restore(store: Store, version: str, words: Words) -> None:
    try:
        change = store.restore(version, entry=entry_of())
    except PlanningError as error:
        _say("error", error.sentence(words.language))
        return
    version = _short(change)
    _say("success", words("Restored: the district is at version {version}.", version=version))


def _say(level: str, sentence: str) -> None:
    st.session_state["history_said"] = (level, sentence)


def _show_said() -> None:
    """Show once what the last act came to."""
    level, sentence = st.session_state.pop("history_said", ("", ""))
    if sentence:
        with st.container(key=f"history_said_{level}", border=True):
            st.text(("⚠ " if level == "error" else "✓ ") + sentence)
