"""
The contract of a live store: what every place where a district is kept does alike.

A district is read whole and never changed in place; a change is one transaction with one record.
The records form a chain (`store.chain`), are never altered and never removed. Who acts, and when,
is told by the caller.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import layers
from geo.errors import DataError, StoreError
from layers.district import District
from wording import Language, Text

SHOWN_DIGITS = 12
"""So many digits of a version are shown to people; `Store.read` takes them too."""


class Kind(StrEnum):
    """What a change was."""

    BEGIN = "begin"
    APPLY = "apply"
    UPDATE = "update"
    ADD = "add"
    REMOVE = "remove"
    NAME = "name"
    RESTORE = "restore"
    OUTSIDE = "outside"


KIND_LABELS: Mapping[Kind, Text] = {
    Kind.BEGIN: Text("建库", "taken into the store"),
    Kind.APPLY: Text("导入", "rows brought in"),
    Kind.UPDATE: Text("改一行", "one row changed"),
    Kind.ADD: Text("加一行", "one row added"),
    Kind.REMOVE: Text("删一行", "one row removed"),
    Kind.NAME: Text("命名版本", "version named"),
    Kind.RESTORE: Text("恢复", "restored"),
    Kind.OUTSIDE: Text("其他软件修改", "edited by other software"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """
    Who acts, when and why: what every change of a store is signed with.

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
    """

    by: str
    at: str
    why: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse a signature that says neither who nor when."""
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
class Change:
    """
    One record of the audit trail.

    Attributes
    ----------
    seq : int
        Its place in the trail, from 1.
    kind : Kind
        What it was.
    by, at, why, source : str
        As in `Entry`.
    version : str
        Version of the district after it.
    name : str
        The name given to that version, "" unless `kind` is `Kind.NAME`.
    counts : mapping of str to (int, int, int)
        Layer -> rows added, changed, removed.
    facts : mapping of str to object
        What district.toml says of the district after it.
    digests : mapping of str to str
        Layer -> digest of its content after it.
    rows : str
        SHA-256 of the rows that it replaced or added, as the store keeps them.
    """

    seq: int
    kind: Kind
    by: str
    at: str
    why: str
    source: str
    version: str
    name: str = ""
    counts: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    rows: str = ""

    def counted(self, language: Language) -> str:
        """Return rows added, changed and removed by layer, in ``"zh"`` or ``"en"``."""
        said = "增 {} 改 {} 删 {}" if language == "zh" else "{} added, {} changed, {} removed"
        return "；".join(
            f"{layers.ALL[name].label(language)} {said.format(*counts)}"
            for name, counts in self.counts.items()
        )


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row of a layer as someone saw it.

    Attributes
    ----------
    layer, key : str
        Which row.
    cells : mapping of str to object
        Column -> value, None where unknown; `geometry` in the working CRS.
    version : int
        `Change.seq` of the last change that touched it, 0 if none did.
    """

    layer: str
    key: str
    cells: Mapping[str, Any]
    version: int


class ConflictError(StoreError):
    """A row was changed by someone else since it was read; nothing was written."""

    def __init__(self, layer: str, key: str, change: Change) -> None:
        spec = layers.ALL[layer]
        super().__init__(
            f"{layer} {key} was changed meanwhile by {change.by} at {change.at}; "
            "nothing was written, read it again",
            f"{spec.label_zh} {key} 已由 {change.by} 于 {change.at} 修改；"
            "本次未写入，请重新读取后再改",
        )
        self.layer = layer
        self.key = key
        self.change = change


Step = Callable[[float], object]
"""Told how much of a change is done, 0 to 1. Whatever it raises stops the change without trace."""


def unwatched(_: float) -> None:
    """Let a change run to its end."""


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

    def apply(
        self, after: District, *, base: District, entry: Entry, step: Step = unwatched
    ) -> Change:
        """
        Bring the store from `base` to `after`: all rows and the record, or nothing.

        Rows that others changed since `base` was read are kept, unless `after` changes them too.
        `step` is told the share that is done; if it raises, nothing was written.

        Raises
        ------
        ConflictError
            If a row that `after` changes was changed by someone else since `base`.
        DataError
            If the rows do not fit together with what others wrote.
        StoreError
            If `base` was never in this store, or it cannot be written.
        """

    def row(self, layer: str, key: str) -> Row:
        """
        Return one row with its version.

        Raises
        ------
        StoreError
            If there is no such row.
        """

    def update(self, row: Row, values: Mapping[str, Any], *, entry: Entry) -> Change:
        """
        Change columns of one row, if it is still as `row` says.

        Raises
        ------
        ConflictError
            If it was changed since.
        DataError
            If the layer cannot hold the values.
        """

    def add(self, layer: str, cells: Mapping[str, Any], *, entry: Entry) -> Change:
        """
        Add one row: column -> value, its key among them, `geometry` in the working CRS.

        Raises
        ------
        DataError
            If the layer cannot hold the values, or has a row of this key.
        """

    def remove(self, row: Row, *, entry: Entry) -> Change:
        """
        Remove one row, if it is still as `row` says.

        Raises
        ------
        ConflictError
            If it was changed since.
        DataError
            If rows of other layers lead to it.
        """

    def history(self) -> Sequence[Change]:
        """Return the audit trail, oldest first; empty where nothing was written yet."""

    def verify(self) -> None:
        """
        Check the whole trail, the rows it kept, and the present content against it.

        Raises
        ------
        StoreError
            Naming the first record that was altered, or the layer whose content was.
        """

    def name(self, name: str, *, entry: Entry) -> Change:
        """
        Give the newest version a name.

        Raises
        ------
        StoreError
            If another version has this name, or it reads like a digest.
        """

    def restore(self, version: str, *, entry: Entry) -> Change:
        """Bring back the content of a former version: one more change, nothing is forgotten."""

    def backup(self, path: Path, *, entry: Entry) -> None:
        """
        Write the district with its whole trail into one GeoPackage, while others go on working.

        `entry` signs the first record, if the store has none yet.

        Raises
        ------
        StoreError
            If the file cannot be written.
        """

    def restore_backup(self, path: Path, *, entry: Entry) -> Change:
        """
        Bring back the content of a backup: one more change; an empty store takes its trail too.

        Raises
        ------
        StoreError
            If `path` is no sound backup of this district.
        """
