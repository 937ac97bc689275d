"""
One entry of the journal: who decided what, when and why, and how that is said.

The journal holds everything that people decide about a district: its rows, the life of its greening
sites, issued booklets, what an office fills in, how headings are read. An entry is a value; how it
is sealed and kept is the business of `store.journal`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import layers
from edits import from_document
from geo.errors import DataError
from wording import LANGUAGES, Language, Text, listing, say

_NAMES_SAID = 5
_SAID = ("edition", "date", "comment", "note", "words", "reason")
_ANSWERS = ("adopted", "rejected")


class EntryKind(StrEnum):
    """What an entry records. An entry of a later build may be of a kind that is not listed here."""

    BEGIN = "begin"
    APPLY = "apply"
    UPDATE = "update"
    ADD = "add"
    REMOVE = "remove"
    NAME = "name"
    RESTORE = "restore"
    OUTSIDE = "outside"
    UPGRADE = "upgrade"
    CUT = "cut"
    GREENING = "greening"
    BOOKLET = "booklet"
    OFFICE = "office"
    HEADINGS = "headings"
    SCENARIO = "scenario"
    OPINION = "opinion"
    SIGN_OFF = "sign_off"


KIND_LABELS: Mapping[str, Text] = {
    EntryKind.BEGIN: Text("建库", "taken into the store"),
    EntryKind.APPLY: Text("导入", "rows brought in"),
    EntryKind.UPDATE: Text("改一行", "one row changed"),
    EntryKind.ADD: Text("加一行", "one row added"),
    EntryKind.REMOVE: Text("删一行", "one row removed"),
    EntryKind.NAME: Text("命名版本", "version named"),
    EntryKind.RESTORE: Text("恢复", "restored"),
    EntryKind.OUTSIDE: Text("其他软件修改", "edited by other software"),
    EntryKind.UPGRADE: Text("升级", "taken over from an earlier build"),
    EntryKind.CUT: Text("记录缺失", "entries missing"),
    EntryKind.GREENING: Text("绿化", "greening"),
    EntryKind.BOOKLET: Text("图册出图", "booklet issued"),
    EntryKind.OFFICE: Text("图签填写", "title block filled in"),
    EntryKind.HEADINGS: Text("表头对照", "headings mapped"),
    EntryKind.SCENARIO: Text("情景", "scenario"),
    EntryKind.OPINION: Text("会审意见", "opinion of the meeting"),
    EntryKind.SIGN_OFF: Text("会签", "sign-off"),
}

DECISIONS = (
    EntryKind.GREENING,
    EntryKind.BOOKLET,
    EntryKind.OFFICE,
    EntryKind.HEADINGS,
    EntryKind.SCENARIO,
    EntryKind.OPINION,
    EntryKind.SIGN_OFF,
)
"""Kinds of entries that stand for themselves, whatever the rows are: they are taken over whole."""


class Known(StrEnum):
    """How it is known who acts. Entries of earlier builds do not say it."""

    SELF_DECLARED = "self-declared"
    LOCAL = "local"
    PROXY = "proxy"
    COMMAND = "command"


KNOWN_LABELS: Mapping[str, Text] = {
    Known.SELF_DECLARED: Text("自报姓名", "by own word"),
    Known.LOCAL: Text("口令登录", "by password"),
    Known.PROXY: Text("代理登录", "by the proxy"),
    Known.COMMAND: Text("命令行", "at the command line"),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """
    Who acts, when and why: what every entry is signed with.

    Attributes
    ----------
    by : str
        Who.
    at : str
        When, ISO 8601; the store reads no clock.
    why : str
        In the words of whoever acts, "" if nothing was said.
    source : str
        SHA-256 of the file that the rows came from, "" if none.
    account : str
        The account that acted, its login at the command line, "" if there are no accounts.
    known : str
        How it is known who acts, a `Known`, "" where nothing says it.

    Raises
    ------
    DataError
        If it says neither who nor when.
    """

    by: str
    at: str
    why: str = ""
    source: str = ""
    account: str = ""
    known: str = ""

    def __post_init__(self) -> None:
        """Check who and when."""
        try:
            datetime.fromisoformat(self.at)
        except ValueError as error:
            raise DataError(
                f"at = {self.at!r}: expected a date and time, ISO 8601",
                f"时间 {self.at!r} 应为 ISO 8601 日期时间",
            ) from error
        if not self.by.strip():
            raise DataError("expected the name of who acts, found none", "应写明操作人，读到空白")


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """
    One entry of the journal.

    Attributes
    ----------
    seq : int
        Its place in the journal, from 1.
    kind : str
        What it records: an `EntryKind`, or that of a later build.
    by, at, why, source, account, known : str
        As in `Signature`.
    version : str
        Version of the district after it: what `Store.read` finds.
    name : str
        The name given to that version, "" unless `kind` is `EntryKind.NAME`.
    subject : str
        What it is about beside rows: a greening site, a source of headings; "" if nothing.
    payload : mapping of str to object
        What was decided, plain JSON values, as its kind defines.
    counts : mapping of str to (int, int, int)
        Layer -> rows added, changed, removed.
    facts : mapping of str to object
        What district.toml says of the district after it.
    digests : mapping of str to str
        Layer -> digest of its content after it; layers without rows that nobody surveyed left out.
    rows : str
        SHA-256 of the rows that it replaced or added, as the store keeps them.
    blobs : tuple of str
        SHA-256 of the files kept with it, photos above all; `Store.blob` returns them.
    edit : mapping of str to object
        The rows that it changed, from what to what (`edits.from_document`), where they are few.
    earlier_than : str
        When the entry before it was written, if that is later: a clock went back. "" if not.
    """

    seq: int
    kind: str
    by: str
    at: str
    why: str = ""
    source: str = ""
    version: str = ""
    name: str = ""
    subject: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    rows: str = ""
    blobs: tuple[str, ...] = ()
    edit: Mapping[str, Any] = field(default_factory=dict)
    earlier_than: str = ""
    account: str = ""
    known: str = ""

    def label(self, language: Language) -> str:
        """Return its kind in ``"zh"`` or ``"en"``; the kind itself where a later build wrote it."""
        return KIND_LABELS.get(self.kind, Text(self.kind, self.kind))[language]

    def known_label(self, language: Language) -> str:
        """Return how it was known who acted, ``"zh"`` or ``"en"``; "" where nothing says it."""
        return KNOWN_LABELS.get(self.known, Text(self.known, self.known))[language]

    def counted(self, language: Language) -> str:
        """Return rows added, changed and removed by layer, in ``"zh"`` or ``"en"``."""
        return Text("；", "; ")[language].join(
            say(
                "journal.counts",
                language,
                layer=layer_label(name, language),
                added=added,
                changed=changed,
                removed=removed,
            )
            for name, (added, changed, removed) in self.counts.items()
        )

    def changes(self, language: Language) -> list[str]:
        """Return every row that it changed in words, from what to what; [] where they are many."""
        if not self.edit:
            return []
        return [row.sentence(language) for row in from_document(self.edit)]

    def clock_note(self, language: Language) -> str:
        """Return that the entry is earlier than the one before it, "" if it is not."""
        before = self.earlier_than
        return say("journal.clock_back", language, time=before) if before else ""

    def sentence(self, language: Language) -> str:
        """Return what happened in words, ``"zh"`` or ``"en"``; who and when left out."""
        rows = Text("；", "; ")[language].join(self.changes(language)) or self.counted(language)
        parts = (self.label(language), self.name, rows, *_details(self, language))
        return Text("　", " · ")[language].join(part for part in parts if part)


def _details(entry: JournalEntry, language: Language) -> Iterator[str]:
    """Yield what the payload and the files of an entry say, as far as a list has room."""
    payload = entry.payload
    yield from (str(payload[name]) for name in _SAID if payload.get(name))
    if payload.get("answer") in _ANSWERS:
        yield say(f"opinions.{payload['answer']}", language)
    if entry.kind == EntryKind.CUT:
        yield say("journal.lost", language, seq=payload["lost"])
    if "refused" in payload:
        yield say("journal.rows_of_greening", language)
    if payload.get("refused"):
        yield say("journal.refused", language, keys=listing(payload["refused"], language))
    pairs = payload.get("fields") or payload.get("columns") or {}
    names = [f"{name} = {value}" for name, value in pairs.items()]
    names += [file["name"] for file in payload.get("files", ())]
    yield listing(names[:_NAMES_SAID], language)
    if len(names) > _NAMES_SAID:
        yield f"(+{len(names) - _NAMES_SAID})"
    if entry.blobs:
        yield say("journal.files", language, n=len(entry.blobs))
    yield entry.clock_note(language)


def layer_label(name: str, language: Language) -> str:
    """Return what people call a layer; its name where this build does not know it."""
    return layers.ALL[name].label(language) if name in layers.ALL else name


def labels(names: Sequence[str]) -> Text:
    """Return the labels of layers in one text."""
    return Text(*(listing([layer_label(name, side) for name in names], side) for side in LANGUAGES))
