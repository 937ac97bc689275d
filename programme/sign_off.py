"""
Sign-off 会签: which body has signed which issue of the booklet.

An issue is known by the SHA-256 of its file, so that what was signed is beyond doubt. The newest
entry on an issue and a body counts; one that was recorded by mistake is withdrawn by another.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from geo.errors import DataError
from store import EntryKind, JournalEntry, Signature, Store


@dataclass(frozen=True, slots=True)
class SignOff:
    """
    A body's signature under an issue.

    Attributes
    ----------
    issue : str
        SHA-256 of the file that was signed, hexadecimal.
    edition : str
        As printed on it.
    body : str
        Department id of the rulebook.
    date : str
        Day of the signature, ISO 8601.
    person : str
        Who signed for the body, "" if nobody is named.
    is_withdrawn : bool
        Whether the record was a mistake.

    Raises
    ------
    DataError
        If the issue or the body is missing, or `date` is no date.
    """

    issue: str
    edition: str
    body: str
    date: str
    person: str = ""
    is_withdrawn: bool = False

    def __post_init__(self) -> None:
        """Check it."""
        if not (self.issue and self.body):
            raise DataError(
                "a sign-off names an issue and a body; found none", "会签应写明图册和单位，读到空白"
            )
        try:
            date.fromisoformat(self.date)
        except ValueError as error:
            raise DataError(
                f"day of the sign-off: expected a date, ISO 8601, found {self.date!r}",
                f"会签日期应为 ISO 8601 日期，读到 {self.date!r}",
            ) from error

    def withdrawn(self) -> "SignOff":
        """Return it as a record that was a mistake."""
        return replace(self, is_withdrawn=True)


def sign_off(store: Store, signed: SignOff, *, entry: Signature) -> JournalEntry:
    """
    Record that a body signed an issue, or withdraw the record.

    Raises
    ------
    ConflictError
        If somebody records the same at the same time.
    StoreError
        If the store cannot be written.
    """
    subject = _subject(signed)
    seen = max((one.seq for one in _entries(store) if one.subject == subject), default=0)
    return store.record(EntryKind.SIGN_OFF, asdict(signed), entry=entry, subject=subject, seen=seen)


def signed_off(store: Store) -> list[SignOff]:
    """
    Return the sign-offs that count, in the order of their first entries.

    Raises
    ------
    StoreError
        If the store cannot be read.
    DataError
        If an entry holds no sign-off.
    """
    newest = {entry.subject: _parsed(entry) for entry in _entries(store)}
    return [one for one in newest.values() if not one.is_withdrawn]


def _entries(store: Store) -> Sequence[JournalEntry]:
    return store.journal(EntryKind.SIGN_OFF)


def _subject(signed: SignOff) -> str:
    return f"{signed.issue}:{signed.body}"


def _parsed(entry: JournalEntry) -> SignOff:
    known = {name: entry.payload[name] for name in _FIELDS if name in entry.payload}
    try:
        return SignOff(**known)
    except TypeError as error:
        raise DataError(
            f"entry {entry.seq} holds no sign-off: {error}",
            f"第 {entry.seq} 条记录不是会签：{error}",
        ) from error


_FIELDS = tuple(SignOff.__dataclass_fields__)
