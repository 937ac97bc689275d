"""
Opinions of an approval meeting 会审意见: who asked for what, by when, and what became of it.

Each is a subject of its own in the journal of its district; the newest entry counts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum

from geo.errors import DataError
from layers.district import District
from rules.book import Book
from store import ConflictError, EntryKind, JournalEntry, Signature, Store
from wording import Language, Text, say, text

MOST_LETTERS = 2000
"""Of one text: about a page of a book."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TRIES = 20


class Answer(StrEnum):
    """What the office decided on an opinion."""

    OPEN = "open"
    ADOPTED = "adopted"
    REJECTED = "rejected"


ANSWERS: Mapping[str, Text] = {answer: text(f"opinions.{answer}") for answer in Answer}


class State(StrEnum):
    """Whether somebody still has to act on an opinion."""

    WAITING = "waiting"
    LATE = "late"
    SETTLED = "settled"


STATES: Mapping[str, Text] = {state: text(f"opinions.{state}") for state in State}


@dataclass(frozen=True, slots=True)
class Opinion:
    """
    An opinion and its answer.

    Attributes
    ----------
    words : str
        What was said.
    body : str
        Who said it: a department id of the rulebook, or the name of another body.
    estate_id : str
        The estate that it is about, "" for all.
    sheet : str
        图号 of the page that it is pinned on, "" for none.
    finding : str
        `finding_id` of the gap on that page that it is pinned on, "" for the page as a whole.
    edition : str
        Edition of the booklet that was discussed, "" if none.
    person : str
        Who sees to it, "" if nobody was named.
    due : str
        By when, ISO 8601, "" for no deadline.
    answer : Answer
        Adopted, rejected, or still open.
    reason : str
        Of the answer; a rejection needs one.
    is_done : bool
        Whether what was adopted is done.

    Raises
    ------
    DataError
        If a text is missing, too long or holds control characters, `due` is no date, or a
        rejection has no reason.
    """

    words: str
    body: str
    estate_id: str = ""
    sheet: str = ""
    edition: str = ""
    person: str = ""
    due: str = ""
    answer: Answer = Answer.OPEN
    reason: str = ""
    is_done: bool = False
    finding: str = ""

    def __post_init__(self) -> None:
        """Check it."""
        for name in ("words", "body"):
            if not str(getattr(self, name)).strip():
                raise _wrong(name, "empty", "为空")
        for name in (
            "words",
            "body",
            "estate_id",
            "sheet",
            "finding",
            "edition",
            "person",
            "reason",
        ):
            _require_text(name, getattr(self, name))
        if self.due:
            try:
                date.fromisoformat(self.due)
            except ValueError as error:
                raise _wrong("due", repr(self.due), repr(self.due)) from error
        if self.answer is Answer.REJECTED and not self.reason.strip():
            raise _wrong("reason", "empty", "为空")

    def state(self, on: date) -> State:
        """Return whether somebody still has to act on it on a day."""
        if self.answer is Answer.REJECTED or (self.answer is Answer.ADOPTED and self.is_done):
            return State.SETTLED
        return State.LATE if self.due and self.due < on.isoformat() else State.WAITING


@dataclass(frozen=True, slots=True)
class Noted:
    """
    An opinion as the journal holds it.

    Attributes
    ----------
    number : int
        From 1, in the order in which they were noted.
    opinion : Opinion
        As it was last entered.
    seq : int
        `JournalEntry.seq` of that entry: what the next change of it starts from.
    by, at : str
        Who entered it last, and when.
    """

    number: int
    opinion: Opinion
    seq: int
    by: str
    at: str


def noted(store: Store) -> list[Noted]:
    """
    Return the opinions on a district by number.

    Raises
    ------
    StoreError
        If the store cannot be read.
    DataError
        If an entry holds no opinion.
    """
    newest = {entry.subject: entry for entry in store.journal(EntryKind.OPINION)}
    return sorted((_parsed(entry) for entry in newest.values()), key=lambda one: one.number)


def note(store: Store, opinion: Opinion, *, entry: Signature) -> int:
    """
    Write an opinion down under the next free number, and return the number.

    Raises
    ------
    ConflictError
        If others note faster than this one finds a number.
    StoreError
        If the store cannot be written.
    """
    free = max((one.number for one in noted(store)), default=0) + 1
    for number in range(free, free + _TRIES):
        try:
            _record(store, number, opinion, entry, 0)
        except ConflictError:
            if number == free + _TRIES - 1:
                raise
        else:
            return number
    raise AssertionError


def decide(
    store: Store,
    before: Noted,
    *,
    entry: Signature,
    answer: Answer,
    reason: str = "",
    is_done: bool = False,
) -> JournalEntry:
    """
    Answer an opinion, or say that it is done.

    Raises
    ------
    ConflictError
        If somebody changed it since `before` was read.
    DataError
        If a rejection has no reason.
    StoreError
        If the store cannot be written.
    """
    after = replace(before.opinion, answer=answer, reason=reason, is_done=is_done)
    return _record(store, before.number, after, entry, before.seq)


def counts(opinions: Sequence[Noted], on: date) -> dict[str, int]:
    """Return how many opinions there are, `n`, and of each answer and state on a day."""
    answers = [one.opinion.answer for one in opinions]
    states = [one.opinion.state(on) for one in opinions]
    return {
        "n": len(opinions),
        **{str(each): answers.count(each) for each in Answer},
        **{str(each): states.count(each) for each in State},
    }


def estate_label(district: District, estate_id: str, language: Language) -> str:
    """Return the name of an estate, its id if the district has it no longer; "" is them all."""
    if not estate_id:
        return say("opinions.every_estate", language)
    estates = district["estates"]
    named = estates.loc[estates["estate_id"] == estate_id, "name"].dropna()
    return str(named.iloc[0]) if len(named) else estate_id


def body_label(book: Book, body: str, language: Language) -> str:
    """Return what a body is called; one that the rulebook does not know as it was entered."""
    known = book.departments.get(body)
    return known.label[language] if known else body


def _record(
    store: Store, number: int, opinion: Opinion, entry: Signature, seen: int
) -> JournalEntry:
    return store.record(
        EntryKind.OPINION, asdict(opinion), entry=entry, subject=str(number), seen=seen
    )


def _parsed(entry: JournalEntry) -> Noted:
    known = {name: entry.payload[name] for name in _FIELDS if name in entry.payload}
    try:
        given = {**known, "answer": Answer(known.get("answer", Answer.OPEN))}
        return Noted(int(entry.subject), Opinion(**given), entry.seq, entry.by, entry.at)
    except (ValueError, TypeError) as error:
        raise DataError(
            f"entry {entry.seq} holds no opinion: {error}",
            f"第 {entry.seq} 条记录不是意见：{error}",
        ) from error


_FIELDS = tuple(Opinion.__dataclass_fields__)


def _require_text(name: str, value: str) -> None:
    if len(value) > MOST_LETTERS:
        raise _wrong(name, f"{len(value):,} letters", f"{len(value):,} 字")
    found = _CONTROL.search(value)
    if found:
        spelled = f"U+{ord(found[0]):04X}"
        raise _wrong(name, spelled, spelled)


def _wrong(name: str, en: str, zh: str) -> DataError:
    expected = text(f"opinions.expected_{'words' if name not in ('due', 'reason') else name}")
    label = text(f"opinions.{name}")
    return DataError(
        f"{label.en}: expected {expected.en}, found {en}",
        f"{label.zh}：应为{expected.zh}，读到 {zh}",
    )
