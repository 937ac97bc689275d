"""A store as somebody sees it: rows and entries that are not theirs stay in it, acts are asked."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from access.identity import AccessError, Identity
from access.roles import Act
from access.sight import Sight, visible, visible_entry
from edits import Edit
from layers.district import District
from store.contract import ProgressCallback, RowSnapshot, Store, no_progress
from store.journal_entry import EntryKind, JournalEntry, Signature
from wording import Text

ACTS_OF_ENTRIES: Final[Mapping[str, Act]] = {
    EntryKind.BOOKLET: Act.BOOKLET,
    EntryKind.HEADINGS: Act.IMPORT,
    EntryKind.OFFICE: Act.BOOKLET,
    EntryKind.OPINION: Act.BOOKLET,
    EntryKind.SIGN_OFF: Act.BOOKLET,
    EntryKind.SCENARIO: Act.SCENARIO,
}
"""
What somebody must be allowed to do to record an entry of a kind, `Act.PROMOTE` too if rows change.

Of greening see `ACTS_OF_OFFICES`; entries of any other kind are recorded by nobody.
"""

ACTS_OF_OFFICES: Final[Mapping[str, Act]] = {
    "bureau": Act.GREENING_BUREAU,
    "town": Act.GREENING_TOWN,
}
"""The same for an entry about a greening site, by the office that it is signed for."""

_OF_GREENING: Final = frozenset({"greening_sites", "plantings"})
_FREE_TEXTS: Final = ("comment", "note")
_HIDDEN: Final = "〓"


@dataclass(frozen=True, slots=True)
class SeenStore:
    """
    A store as somebody sees it and may use it; a `Store` like any other.

    Attributes
    ----------
    store : Store
        All of it.
    sight : Sight
        What is seen: fixed, so that what is cached under a `stamp` is of one sight.
    identity : callable
        Return who acts, as the account is at that moment; asked before everything that is written.
    """

    store: Store
    sight: Sight
    identity: Callable[[], Identity]

    def read(self, version: str = "") -> District:
        """Return what is seen of the district."""
        return visible(self.store.read(version), self.sight)

    def stamp(self) -> str:
        """Return a text that is another one for another content or another sight."""
        return f"{self.store.stamp()} {self.sight.key}"

    @property
    def is_read_only(self) -> bool:
        """Whether the place where the store is kept cannot be written."""
        return self.store.is_read_only

    def notices(self) -> Sequence[Text]:
        """Return what whoever opens the store should know of the place where it is kept."""
        return self.store.notices()

    def row(self, layer: str, key: str) -> RowSnapshot:
        """Return one row with its version, to whoever may change it."""
        self._require(Act.IMPORT)
        return self.store.row(layer, key)

    def journal(self, kind: str = "", subject: str = "") -> Sequence[JournalEntry]:
        """Return the entries that are seen: all, or those about greening sites that are seen."""
        entries = self.store.journal(kind, subject)
        if self.sight.is_whole:
            return entries
        if not kind:
            return [visible_entry(entry, self.sight) for entry in entries]
        if kind != EntryKind.GREENING:
            return []
        seen = _seen(self.store, self.sight)
        return [seen.told(entry) for entry in entries if entry.subject in seen.subjects]

    def history(self) -> Sequence[JournalEntry]:
        """Return the whole journal, without what it says of rows unless all rows are seen."""
        return [visible_entry(entry, self.sight) for entry in self.store.history()]

    def blob(self, digest: str) -> bytes:
        """Return a file that an entry keeps which is seen."""
        if not self.sight.is_whole:
            entries = self.journal(EntryKind.GREENING)
            if not any(digest in entry.blobs for entry in entries):
                raise AccessError(f"{digest}: not seen by this account", "该帐户无权查看此文件")
        return self.store.blob(digest)

    def verify(self) -> None:
        """Check the whole journal, for whoever may read it."""
        self._require(Act.JOURNAL)
        self.store.verify()

    def record(  # noqa: PLR0913 - as `Store.record`
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        entry: Signature,
        subject: str = "",
        seen: int | None = None,
        edit: Edit | None = None,
        blobs: Sequence[bytes] = (),
    ) -> JournalEntry:
        """Write one entry, if its kind is for whoever acts; of greening only where it is seen."""
        if kind == EntryKind.GREENING:
            self._require(ACTS_OF_OFFICES.get(str(payload.get("role"))))
            self._require_own(subject, edit)
        else:
            self._require(ACTS_OF_ENTRIES.get(kind))
            if edit is not None:
                self._require(Act.PROMOTE)
        return self.store.record(
            kind, payload, entry=entry, subject=subject, seen=seen, edit=edit, blobs=blobs
        )

    def apply(
        self,
        edit: Edit,
        *,
        base: str,
        entry: Signature,
        progress: ProgressCallback = no_progress,
    ) -> JournalEntry:
        """Write the rows of an edit and its entry, for whoever may import."""
        self._require(Act.IMPORT)
        return self.store.apply(edit, base=base, entry=entry, progress=progress)

    def update(
        self, row: RowSnapshot, values: Mapping[str, Any], *, entry: Signature
    ) -> JournalEntry:
        """Change columns of one row, for whoever may import."""
        self._require(Act.IMPORT)
        return self.store.update(row, values, entry=entry)

    def add(self, layer: str, cells: Mapping[str, Any], *, entry: Signature) -> JournalEntry:
        """Add one row, for whoever may import."""
        self._require(Act.IMPORT)
        return self.store.add(layer, cells, entry=entry)

    def remove(self, row: RowSnapshot, *, entry: Signature) -> JournalEntry:
        """Remove one row, for whoever may import."""
        self._require(Act.IMPORT)
        return self.store.remove(row, entry=entry)

    def upgrade(self, *, entry: Signature) -> tuple[int, int] | None:
        """Bring a store of an earlier build forward, for whoever may restore."""
        self._require(Act.RESTORE)
        return self.store.upgrade(entry=entry)

    def name(self, name: str, *, entry: Signature) -> JournalEntry:
        """Give the newest version a name, for whoever may restore."""
        self._require(Act.RESTORE)
        return self.store.name(name, entry=entry)

    def restore(self, version: str, *, entry: Signature) -> JournalEntry:
        """Bring back the rows of a former version, for whoever may restore."""
        self._require(Act.RESTORE)
        return self.store.restore(version, entry=entry)

    def require_restorable(self, wanted: Path | str) -> None:
        """Raise if a backup or a former version could not be brought back."""
        self._require(Act.RESTORE)
        self.store.require_restorable(wanted)

    def backup(self, path: Path, *, entry: Signature) -> None:
        """Write the district with its whole journal into one file, for whoever may restore."""
        self._require(Act.RESTORE)
        self.store.backup(path, entry=entry)

    def restore_backup(self, path: Path, *, entry: Signature) -> JournalEntry:
        """Bring back the content of a backup, for whoever may restore."""
        self._require(Act.RESTORE)
        return self.store.restore_backup(path, entry=entry)

    def _require(self, act: Act | None) -> None:
        """Raise unless whoever acts may do it now, and still sees what is seen here."""
        identity = self.identity()
        if act is None or identity.sight != self.sight:
            raise AccessError(
                f"account {identity.account}: its roles do not allow this entry",
                f"帐户 {identity.account} 的角色不允许写入此类记录",
            )
        identity.require(act)

    def _require_own(self, site_id: str, edit: Edit | None) -> None:
        """Raise unless a greening site, and all that is changed with it, is seen."""
        if self.sight.is_whole:
            return
        seen = _seen(self.store, self.sight)
        layers = set(edit.counts) if edit is not None else set()
        if not site_id or site_id not in seen.subjects or layers - _OF_GREENING:
            raise AccessError(
                f"greening site {site_id!r}: not of the towns of this account",
                f"绿化点 {site_id} 不属于该帐户的乡镇",
            )


@dataclass(frozen=True, slots=True)
class _Seen:
    """Subjects of greening that are seen, and ids of pipelines that must not be read."""

    subjects: frozenset[str]
    hidden: re.Pattern[str]

    def told(self, entry: JournalEntry) -> JournalEntry:
        """
        Return an entry without ids of hidden pipelines in what people wrote.

        The version of the data it was made from is left out too: it is of rows that are not seen,
        and would seem to have changed.
        """
        payload = {**entry.payload, "data_version": ""}
        for name in _FREE_TEXTS:
            if isinstance(payload.get(name), str):
                payload[name] = self.hidden.sub(_HIDDEN, payload[name])
        layers = set(entry.edit.get("layers", {})) if entry.edit else set()
        edit = entry.edit if layers <= _OF_GREENING else {}
        return replace(
            entry, payload=payload, why=self.hidden.sub(_HIDDEN, entry.why), edit=edit, source=""
        )


def _seen(store: Store, sight: Sight) -> _Seen:
    """Return what is seen of a store's greening, found once a state of the store."""
    return _found(store, store.stamp(), sight)  # type: ignore[arg-type]  # by identity


@lru_cache(maxsize=32)
def _found(store: Store, stamp: str, sight: Sight) -> _Seen:  # noqa: ARG001 - part of the key
    whole = store.read()
    own = visible(whole, sight)
    pipes = set(whole["pipelines"]["pipe_id"]) - set(own["pipelines"]["pipe_id"])
    ids = "|".join(re.escape(key) for key in sorted(pipes, key=len, reverse=True))
    hidden = re.compile(rf"(?<!\w)(?:{ids})(?!\w)" if ids else r"(?!)")
    return _Seen(frozenset({"", *own["greening_sites"]["site_id"]}), hidden)
