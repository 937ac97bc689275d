"""Signatures of what this session writes, and the latest change of the district."""

from datetime import UTC, datetime

from access.identity import Identity
from access.roles import Act
from geo.errors import DataError
from store import JournalEntry, Signature
from views import who
from views.session import current_store
from wording import Text, text

_NOBODY = Text("未署名", "unsigned")


def entry_of(act: Act, *, why: str = "", source: str = "") -> Signature:
    """
    Return the signature of what this session is about to write.

    Raises
    ------
    AccessError
        If whoever acts may not.
    DataError
        If no name was given in this session.
    """
    identity = who.current()
    identity.require(act)
    if not identity.name:
        missing = text("greening.enter_officer")
        raise DataError(missing.en, missing.zh)
    return _signed(identity, identity.name, why, source)


def entry_of_anybody(act: Act) -> Signature:
    """
    Return the signature of an entry that needs no name: the name given, else "unsigned".

    Raises
    ------
    AccessError
        If whoever acts may not.
    """
    identity = who.current()
    identity.require(act)
    return _signed(identity, identity.name or f"{_NOBODY.zh} {_NOBODY.en}")


def _signed(identity: Identity, name: str, why: str = "", source: str = "") -> Signature:
    now = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
    return Signature(name, now, why, source, identity.account, identity.known)


def minute(at: str) -> str:
    """Return a time of the record to the minute, as people read it."""
    return at[:16].replace("T", " ")


def last_change() -> JournalEntry | None:
    """Return the newest entry that changed rows of the district, None where there is none."""
    history = current_store().history()
    return next((entry for entry in reversed(history) if entry.counts), None)
