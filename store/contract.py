"""
The contract of a live store: what every place where a district is kept does alike.

A district is read whole and never changed in place; a change is one transaction with one entry in
the journal. The entries form a chain (`store.chain`), are never altered and never removed. Who
acts, and when, is told by the caller.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import layers
from edits import Edit
from geo.errors import StoreError
from layers.district import District
from store.journal_entry import JournalEntry, Signature
from wording import Text

SHOWN_DIGITS = 12
"""So many digits of a version are shown to people; `Store.read` takes them too."""

MAX_BLOB_BYTES = 16 * 1024 * 1024
"""Largest file kept with an entry."""

MAX_PAYLOAD_BYTES = 4 * 1024 * 1024
"""Largest payload of an entry, as JSON."""


@dataclass(frozen=True, slots=True)
class RowSnapshot:
    """
    One row of a layer as someone saw it.

    Attributes
    ----------
    layer, key : str
        Which row.
    cells : mapping of str to object
        Column -> value, None where unknown; `geometry` in the working CRS.
    version : int
        `JournalEntry.seq` of the last entry that touched it, 0 if none did.
    """

    layer: str
    key: str
    cells: Mapping[str, Any]
    version: int


class ConflictError(StoreError):
    """
    Someone else was first since the row, or the subject, was read; nothing was written.

    Attributes
    ----------
    subject : str
        Layer and key of the row, or the subject of the entry.
    entry : JournalEntry
        What was written meanwhile.
    """

    def __init__(self, subject: str, subject_zh: str, entry: JournalEntry) -> None:
        super().__init__(
            f"{subject} was changed meanwhile by {entry.by} at {entry.at}; "
            "nothing was written, read it again",
            f"{subject_zh} 已由 {entry.by} 于 {entry.at} 修改；本次未写入，请重新读取后再改",
        )
        self.subject = subject
        self.entry = entry

    @classmethod
    def of_row(cls, layer: str, key: str, entry: JournalEntry) -> "ConflictError":
        """Return the error about one row."""
        return cls(f"{layer} {key}", f"{layers.ALL[layer].label_zh} {key}", entry)


ProgressCallback = Callable[[float], object]
"""Called with the completed fraction, 0 to 1; what it raises cancels the change."""


def no_progress(_: float) -> None:
    """Ignore the completed fraction."""


class Store(Protocol):
    """A district that several people read and change at once. See docs/store.md for its use."""

    def read(self, version: str = "") -> District:
        """
        Return the district, whole and consistent whoever writes meanwhile.

        Parameters
        ----------
        version : str, default ""
            A version's name, or its digest or the first digits of it; "" for the newest.

        Raises
        ------
        StoreError
            If there is no such version, or the store cannot be read.
        """

    def stamp(self) -> str:
        """Return a text that changes whenever the content may have changed; cheap to ask for."""

    @property
    def is_read_only(self) -> bool:
        """Whether the place where the store is kept cannot be written."""

    def notices(self) -> Sequence[Text]:
        """Return what whoever opens the store should know of the place where it is kept."""

    def apply(
        self,
        edit: Edit,
        *,
        base: str,
        entry: Signature,
        progress: ProgressCallback = no_progress,
    ) -> JournalEntry:
        """
        Write the rows of an edit and its entry, or nothing.

        Parameters
        ----------
        edit : Edit
            What becomes of rows, in the district's working CRS.
        base : str
            `District.version` of the district that `edit` was made from. Rows that others changed
            since are kept, unless `edit` changes them too.
        entry : Signature
            Who, when and why.
        progress : callable, optional
            Called with the completed fraction; whatever it raises cancels the change.

        Raises
        ------
        ConflictError
            If a row of `edit` was changed by someone else since `base`.
        CrsError
            If `edit` is in another CRS.
        DataError
            If the rows do not fit together with what others wrote.
        StoreError
            If `base` was never in this store, or it cannot be written.
        """

    def row(self, layer: str, key: str) -> RowSnapshot:
        """
        Return one row with its version.

        Raises
        ------
        StoreError
            If there is no such row.
        """

    def update(
        self, row: RowSnapshot, values: Mapping[str, Any], *, entry: Signature
    ) -> JournalEntry:
        """
        Change columns of one row, if it is still as `row` says.

        Raises
        ------
        ConflictError
            If it was changed since.
        DataError
            If the layer cannot hold the values.
        """

    def add(self, layer: str, cells: Mapping[str, Any], *, entry: Signature) -> JournalEntry:
        """
        Add one row: column -> value, its key among them, `geometry` in the working CRS.

        Raises
        ------
        DataError
            If the layer cannot hold the values, or has a row of this key.
        """

    def remove(self, row: RowSnapshot, *, entry: Signature) -> JournalEntry:
        """
        Remove one row, if it is still as `row` says.

        Raises
        ------
        ConflictError
            If it was changed since.
        DataError
            If rows of other layers refer to it.
        """

    def record(  # noqa: PLR0913 - what, about what, by whom, and all that goes with it
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
        """
        Write one entry, the rows it changes and the files that belong to it, or nothing.

        Parameters
        ----------
        kind : str
            An `EntryKind` of those in `journal_entry.DECISIONS`, or `EntryKind.APPLY`.
        payload : mapping of str to object
            What was decided: plain JSON values, at most `MAX_PAYLOAD_BYTES` as JSON.
        entry : Signature
            Who, when and why.
        subject : str, default ""
            What it is about: a greening site, a source of headings.
        seen : int, optional
            `JournalEntry.seq` of the newest entry of this kind about `subject` that whoever acts
            has seen, 0 for none; not checked if left out.
        edit : Edit, optional
            What becomes of rows; each has to be as the edit expects it.
        blobs : sequence of bytes, optional
            Files kept with it, each at most `MAX_BLOB_BYTES`; the same content is kept once.

        Raises
        ------
        ConflictError
            If `subject` has an entry newer than `seen`, or a row is not as `edit` expects it.
        DataError
            If the payload is no JSON, it or a file is too large, or a layer cannot hold the rows.
        StoreError
            If the store cannot be written.
        """

    def journal(self, kind: str = "", subject: str = "") -> Sequence[JournalEntry]:
        """
        Return the entries of a kind and about a subject, oldest first; "" for any.

        What an earlier build left in files beside the store follows, without a place (`seq` 0),
        until the first write takes it over.
        """

    def blob(self, digest: str) -> bytes:
        """
        Return the file of this SHA-256 that an entry keeps.

        Raises
        ------
        StoreError
            If there is none.
        """

    def history(self) -> Sequence[JournalEntry]:
        """Return the whole journal, oldest first; empty where nothing was written yet."""

    def verify(self) -> None:
        """
        Check the whole journal, the rows and files it kept, and the present content against it.

        Raises
        ------
        StoreError
            Naming every entry that was altered or is missing, and layers whose content was altered.
        """

    def upgrade(self, *, entry: Signature) -> tuple[int, int] | None:
        """
        Bring a store of an earlier build forward now, not at the first write, and verify it.

        Returns
        -------
        tuple of int, or None
            The schemas before and after, the same where there was nothing to do; None where no
            journal has begun: the first write begins it in this build's form.

        Raises
        ------
        StoreError
            If a later build wrote it, it cannot be written, or its journal does not pass before or
            afterwards.
        """

    def name(self, name: str, *, entry: Signature) -> JournalEntry:
        """
        Give the newest version a name.

        Raises
        ------
        StoreError
            If another version has this name, or it reads like a digest.
        """

    def restore(self, version: str, *, entry: Signature) -> JournalEntry:
        """
        Bring back the rows of a former version: one more change.

        Entries written since stay in the journal: what was decided is not undecided.
        """

    def require_restorable(self, wanted: Path | str) -> None:
        """
        Raise if a backup or a former version could not be brought back.

        Parameters
        ----------
        wanted : pathlib.Path or str
            The file of a backup; or a version's name, or the first digits of its digest.

        Raises
        ------
        StoreError
            If there is no such file or version, or the store cannot be written.
        """

    def backup(self, path: Path, *, entry: Signature) -> None:
        """
        Write the district with its whole journal into one GeoPackage, while others go on working.

        `entry` signs the first entry, if the store has none yet.

        Raises
        ------
        StoreError
            If the file cannot be written.
        """

    def restore_backup(self, path: Path, *, entry: Signature) -> JournalEntry:
        """
        Bring back the content of a backup: one more change; an empty store takes its journal too.

        Decisions of the backup that the journal does not have are added to it.

        Raises
        ------
        StoreError
            If `path` is no sound backup of this district.
        """
