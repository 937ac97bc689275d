"""Signatures of what this session writes, and the latest change of the district."""

from datetime import UTC, datetime

import streamlit as st

from geo.errors import DataError
from store import JournalEntry, Signature
from views.session import current_store
from wording import Text, text

_NOBODY = Text("未署名", "unsigned")


def entry_of(*, why: str = "", source: str = "") -> Signature:
    """
    Return the signature of what this session is about to write.

    Raises
    ------
    DataError
        If no name was given in this session.
    """
    who = str(st.session_state.get("officer", "")).strip()
    if not who:
        missing = text("greening.enter_officer")
        raise DataError(missing.en, missing.zh)
    now = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
    return Signature(who, now, why, source)


def entry_of_anybody() -> Signature:
    """Return the signature of an entry that needs no name: the name given, else "unsigned"."""
    who = str(st.session_state.get("officer", "")).strip() or f"{_NOBODY.zh} {_NOBODY.en}"
    return Signature(who, datetime.now(UTC).astimezone().isoformat(timespec="seconds"))


def minute(at: str) -> str:
    """Return a time of the record to the minute, as people read it."""
    return at[:16].replace("T", " ")


def last_change() -> JournalEntry | None:
    """Return the newest entry that changed rows of the district, None where there is none."""
    history = current_store().history()
    return next((entry for entry in reversed(history) if entry.counts), None)
