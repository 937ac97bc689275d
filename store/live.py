"""
The live store: the contract of `store.contract`, once, for every database that has `Tables`.

What an entry is, what may follow what and what the journal says is here and in `store.writing`; how
rows lie in a database, and what locks it, is the database's.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

import edits
import layers
from edits import Edit, EditConflictError
from edits.cells import GEOMETRY
from edits.rows import add_row, remove_row, set_values
from geo.errors import StoreError
from layers.district import District
from store import (
    journal,
    migrations,
    one_row,
    payloads,
    read_only,
    takeover,
    verification,
    writing,
)
from store.contract import (
    SHOWN_DIGITS,
    ConflictError,
    ProgressCallback,
    RowSnapshot,
    no_progress,
)
from store.databases import database_at
from store.journal_entry import EntryKind, JournalEntry, Signature
from store.private_copy import copied
from store.tables import SCHEMA, Database, Tables
from wording import Text


class LiveStore:
    """
    A district that several people read and change at once; see `store.contract.Store`.

    Parameters
    ----------
    database : Database
        Where its tables are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        # Read last, with its stamp; "" for one just written: the newest if the journal says so.
        self._newest: tuple[str, District] | None = None

    def stamp(self) -> str:
        """Return a text that changes whenever the content may have changed."""
        return self._database.stamp()

    @property
    def is_read_only(self) -> bool:
        """Whether the place where the store is kept cannot be written."""
        return self._database.is_read_only

    def notices(self) -> Sequence[Text]:
        """Return what whoever opens the store should know of the place where it is kept."""
        return self._database.notices()

    def read(self, version: str = "") -> District:
        """Return the newest district, or a former one by its name or digest."""
        if version:
            return self._former(version)
        stamp = self.stamp()  # asked before reading: what is kept is never older than it says
        if self._newest is None or self._newest[0] != stamp:
            with self._reading() as tables:
                self._newest = (stamp, self._current(tables))
        return self._newest[1]

    def _former(self, version: str) -> District:
        with self._reading() as tables:
            entries = journal.entries(tables)
            if not entries:
                return journal.only(self._database.unrecorded(), version)
            return journal.district_at(tables, journal.found(entries, version), self._known)

    def apply(
        self,
        edit: Edit,
        *,
        base: str,
        entry: Signature,
        progress: ProgressCallback = no_progress,
    ) -> JournalEntry:
        """Write the rows of an edit made from the version `base`, and the entry, or nothing."""
        progress(0.0)
        with self._writing(entry) as (tables, head, _):
            if head.version != base:
                writing.require_untouched(tables, base, edit)
            blank = writing.unsealed(EntryKind.APPLY, entry)
            return self._written(tables, self._edited(tables, edit), edit, blank, progress)

    def row(self, layer: str, key: str) -> RowSnapshot:
        """Return one row with its version."""
        spec = layers.surveyed_spec(layer)
        with self._reading() as tables:
            if tables.last() is not None:
                frame = one_row.part(tables, self._facts(_head(tables)), layer, key).frames[layer]
                seen = tables.touched(layer, key=key).get(key, 0)
            else:
                frame, seen = self._district(tables).frames[layer], 0
        rows = frame[frame[spec.key] == key]
        if not len(rows):
            raise one_row.no_row(layer, key)
        cells = rows.iloc[0].astype(object)
        values = {str(name): None if pd.isna(cell) else cell for name, cell in cells.items()}
        return RowSnapshot(layer, key, values, seen)

    def update(
        self, row: RowSnapshot, values: Mapping[str, Any], *, entry: Signature
    ) -> JournalEntry:
        """Change columns of one row, if it is still as `row` says."""
        with self._writing(entry) as (tables, head, _):
            alone = one_row.unchanged(tables, self._facts(head), row)
            cells = {**alone.frames[row.layer].iloc[0], **values}
            before = one_row.with_referents(tables, alone, row.layer, cells)
            edit = set_values(before, row.layer, {row.key: values})
            return one_row.write(tables, before, edit, writing.unsealed(EntryKind.UPDATE, entry))

    def add(self, layer: str, cells: Mapping[str, Any], *, entry: Signature) -> JournalEntry:
        """Add one row."""
        key = str(cells.get(layers.surveyed_spec(layer).key))
        plain = dict(cells)
        shape = plain.pop(GEOMETRY, None)
        with self._writing(entry) as (tables, head, _):
            if tables.keys(layer, {}, 1):
                alone = one_row.part(tables, self._facts(head), layer, key)
                before = one_row.with_referents(tables, alone, layer, plain)
            else:  # the first row of a layer: every id into it is checked from now on
                before = self._current(tables)
            edit = add_row(before, layer, plain, shape)
            return one_row.write(tables, before, edit, writing.unsealed(EntryKind.ADD, entry))

    def remove(self, row: RowSnapshot, *, entry: Signature) -> JournalEntry:
        """Remove one row, if it is still as `row` says."""
        with self._writing(entry) as (tables, head, _):
            before = one_row.unchanged(tables, self._facts(head), row)
            one_row.require_unreferred(tables, row)
            edit = remove_row(before, row.layer, row.key)
            return one_row.write(tables, before, edit, writing.unsealed(EntryKind.REMOVE, entry))

    def record(  # noqa: PLR0913 - see the contract
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
        """Write one entry, the rows it changes and the files that belong to it, or nothing."""
        payloads.require_sound(kind, payload, subject, blobs)
        digests = {hashlib.sha256(blob).hexdigest(): blob for blob in blobs}
        with self._writing(entry) as (tables, head, known):
            latest = journal.newest_about(tables, kind, subject)
            # What this transaction itself took over was shown before (`journal`) and is no news.
            if seen is not None and latest is not None and seen < latest.seq <= known:
                raise ConflictError(f"{kind} {subject}", f"{latest.label('zh')} {subject}", latest)
            for digest, blob in digests.items():
                tables.add_blob(digest, blob)
            blank = writing.unsealed(kind, entry, after=head)
            whole = replace(blank, subject=subject, payload=payload, blobs=tuple(digests))
            if edit:
                return self._written(tables, self._edited(tables, edit), edit, whole)
            return journal.append(tables, whole)

    def journal(self, kind: str = "", subject: str = "") -> list[JournalEntry]:
        """Return the entries of a kind and about a subject, oldest first; "" for any."""
        files = takeover.old_files(self._database.folder)
        with self._reading() as tables:
            waiting = takeover.waiting(tables, files)
            return journal.entries(tables, kind, subject or None) + [
                entry
                for entry in waiting
                if kind in ("", entry.kind) and subject in ("", entry.subject)
            ]

    def blob(self, digest: str) -> bytes:
        """Return the file of this SHA-256 that an entry keeps."""
        with self._reading() as tables:
            kept = tables.blob(digest)
        if kept is None:
            kept = takeover.photo(self._database.folder, digest)
        if kept is None:
            raise StoreError(
                f"the store keeps no file {digest[:SHOWN_DIGITS]}",
                f"数据库中没有文件 {digest[:SHOWN_DIGITS]}",
            )
        return kept

    def history(self) -> list[JournalEntry]:
        """Return the whole journal, oldest first."""
        with self._reading() as tables:
            return journal.entries(tables)

    def verify(self) -> None:
        """Check the whole journal, the rows and files it kept, and the present content."""
        head = self._database.head()  # before the state: an entry written meanwhile is no fault
        with self._reading() as tables:
            verification.require_none(verification.flaws(tables, head))

    def upgrade(self, *, entry: Signature) -> tuple[int, int] | None:
        """Bring a store of an earlier build forward, and verify it before and afterwards."""
        with self._reading() as tables:
            before = tables.schema
        if before is None:
            return None
        self.verify()
        if before != SCHEMA:
            with self._writing(entry):  # whoever writes first brings it forward
                pass
            self.verify()
        return before, SCHEMA

    def name(self, name: str, *, entry: Signature) -> JournalEntry:
        """Give the newest version a name."""
        if not name.strip():
            raise StoreError("a version needs a name, found none", "版本名称不能为空")
        with self._writing(entry) as (tables, head, _):
            if any(name in (one.name, one.version) for one in journal.entries(tables)):
                raise StoreError(f"a version is called {name!r} already", f"已有名为“{name}”的版本")
            blank = writing.unsealed(EntryKind.NAME, entry, after=head, name=name)
            return journal.append(tables, blank)

    def restore(self, version: str, *, entry: Signature) -> JournalEntry:
        """Bring back the rows of a former version as one more change."""
        with self._writing(entry) as (tables, _, _):
            former = journal.found(journal.entries(tables), version)
            wanted = journal.district_at(tables, former, self._known)
            return writing.restored(tables, self._current(tables), wanted, entry)

    def require_restorable(self, wanted: Path | str) -> None:
        """Raise if a backup or a former version could not be brought back."""
        self._database.require_writable()
        if isinstance(wanted, str):
            journal.found(self.history(), wanted)
        else:
            with read_only.opened(wanted):
                pass

    def backup(self, path: Path, *, entry: Signature) -> None:
        """Write the district with its whole journal into one GeoPackage."""
        with self._reading() as tables:
            is_current = tables.schema == SCHEMA
        if is_current and not takeover.old_files(self._database.folder):
            self._database.backup(path)
        elif self.is_read_only:  # what begins its journal is a copy
            with copied(self._database) as copy:
                LiveStore(copy).backup(path, entry=entry)
        else:
            with self._writing(entry):
                pass
            self._database.backup(path)

    def restore_backup(self, path: Path, *, entry: Signature) -> JournalEntry:
        """Bring back the content of a backup as one more change."""
        self.require_restorable(path)
        source = database_at(path)  # a backup is a store of its own
        kept = LiveStore(source)
        with source.reading() as tables:
            known = [flaw for flaw in verification.flaws(tables, None) if not flaw.is_recorded]
            verification.require_none(known)
        wanted = kept.read()
        if self._database.is_empty():
            self._database.adopt(path)
        with self._writing(entry) as (tables, head, _), source.reading() as others:
            own = head.facts["id"]
            if own != wanted.district_id:
                raise StoreError(
                    f"{path.name} holds the district {wanted.district_id!r}, expected {own!r}",
                    f"{path.name} 保存的是 {wanted.district_id!r}，应为 {own!r}",
                )
            takeover.add_decisions(tables, others)
            return writing.restored(tables, self._current(tables), wanted, entry)

    @contextmanager
    def _reading(self) -> Iterator[Tables]:
        with self._database.reading() as tables:
            migrations.require_known_schema(tables)
            yield tables

    @contextmanager
    def _writing(self, entry: Signature) -> Iterator[tuple[Tables, JournalEntry, int]]:
        """
        Open the only transaction that may write, with everything before it recorded.

        Yield the tables, the newest entry, and the place of the one that was the newest before.
        """
        files = takeover.old_files(self._database.folder)
        with self._database.writing() as tables:
            migrations.require_known_schema(tables)
            last = journal.newest(tables)
            self._ensure_recorded(tables, last, entry)
            events = takeover.take_over(tables, files, entry)
            if events:
                takeover.bring_rows_up(tables, self._current(tables), events, entry)
            yield tables, _head(tables), last.seq if last else 0
        takeover.move_aside(files)

    def _ensure_recorded(self, tables: Tables, head: JournalEntry | None, entry: Signature) -> None:
        """Record first what nobody has recorded yet, after the newest entry `head`."""
        lost = self._database.head()
        is_cut = verification.is_cut(tables, lost)
        if head is None:
            self._newest = ("", self._database.unrecorded())
            writing.begin(tables, self._newest[1], entry)
        else:
            self._bring_up(tables, head, entry)
        if lost is not None and is_cut:
            writing.cut(tables, _head(tables), lost, entry)

    def _bring_up(self, tables: Tables, head: JournalEntry, entry: Signature) -> None:
        """Record what came since the newest entry, and bring the tables up to this build."""
        is_old = tables.schema != SCHEMA
        if is_old or journal.edited_since(tables, head) or self._facts(head) != head.facts:
            self._newest = ("", self._district(tables))
            record = migrations.upgrade if is_old else migrations.outside
            record(tables, self._newest[1], head, entry)
        for name in tables.specs():
            if name in layers.ALL:
                tables.make(layers.ALL[name])

    def _facts(self, head: JournalEntry) -> dict[str, Any]:
        return journal.facts_now(head, self._database.settings())

    def _district(self, tables: Tables) -> District:
        head = journal.newest(tables)
        if head is None:
            return self._database.unrecorded()
        return journal.built(tables.frames(), self._facts(head), tables.specs())

    def _current(self, tables: Tables) -> District:
        """Return the newest district: the one read last, if nothing but decisions came since."""
        head = journal.newest(tables)
        known = self._known
        if head is None or known is None or journal.edited_since(tables, head):
            return self._district(tables)
        if known.version == head.version and journal.facts_of(known) == self._facts(head):
            return known
        return self._district(tables)

    @property
    def _known(self) -> District | None:
        return self._newest[1] if self._newest else None

    def _edited(self, tables: Tables, edit: Edit) -> District:
        """Return the newest district with `edit`, if the rows are as it expects them."""
        try:
            return edits.apply(self._current(tables), edit)
        except EditConflictError as error:
            last = tables.touched(error.layer, key=error.key).get(error.key)
            if last is None:
                raise
            entry = journal.entries(tables)[last - 1]
            raise ConflictError.of_row(error.layer, error.key, entry) from error

    def _written(
        self,
        tables: Tables,
        after: District,
        edit: Edit,
        entry: JournalEntry,
        progress: ProgressCallback = no_progress,
    ) -> JournalEntry:
        """Write the rows of `edit` as they are in `after`, and the entry."""
        writing.put(tables, after, edit, entry.at, progress)
        writing.make_surveyed(tables, after)
        done = writing.recorded(tables, after, edit.counts, writing.with_edit(entry, edit))
        self._newest = ("", after)
        return done


def _head(tables: Tables) -> JournalEntry:
    head = journal.newest(tables)
    assert head is not None  # noqa: S101 - asked for in a store with an entry only
    return head
