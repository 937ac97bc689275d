"""What a live store asks of a database: tables of rows and of the journal, and one way to lock."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import geopandas as gpd

from layers.district import District
from layers.spec import LayerSpec
from store.chain import Link
from store.head import Head
from store.row_versions import RowVersion
from wording import Text

SCHEMA = 1
"""The number of the form of the tables that this build writes; see `store.migrations`."""


class Tables(Protocol):
    """One transaction on a district's tables: rows as they lie there, in EPSG:4490."""

    @property
    def schema(self) -> int | None:
        """The number of the form of the tables (`store.migrations`), None without a journal."""

    def migrate(self) -> None:
        """Bring the tables from the schema they have to the next, in this transaction."""

    def links(self, kind: str = "", subject: str | None = None) -> list[Link]:
        """Return the journal, oldest first: of a kind, and about a subject, "" and None for any."""

    def last(self, kind: str = "", subject: str | None = None) -> Link | None:
        """Return the newest of `links`."""

    def index(self) -> list[tuple[int, str, str]]:
        """Return seq, kind and subject by which entries are found, oldest first."""

    def append(self, seq: int, kind: str, subject: str, link: Link) -> None:
        """Add an entry."""

    def digest_at(self, seq: int) -> str:
        """Return the digest of the entry at a place, "" if there is none."""

    def begin(self, specs: Iterable[LayerSpec], schema: int = SCHEMA) -> None:
        """
        Make the tables of the journal; the layers of `specs` keep their former rows from now on.

        `schema` is that of the journal to be copied into them.
        """

    def specs(self) -> dict[str, LayerSpec]:
        """
        Return every layer that has a table here, with the columns of that table in its order.

        Those that this build knows come first, in the order of `layers.ALL`; a column or a layer
        that it does not know is as the table tells. Before the journal begins, every feature table
        counts; afterwards those that keep their former rows.
        """

    def make(self, spec: LayerSpec) -> None:
        """Make the table of a layer if it is not there, and add the columns that it lacks."""

    def frames(self) -> dict[str, gpd.GeoDataFrame]:
        """Return the rows of the layers of `specs`."""

    def one(self, layer: str, key: str) -> gpd.GeoDataFrame | None:
        """
        Return the row of this key, a frame without rows if there is none; None without table.

        Parameters
        ----------
        layer : str
        A layer of `layers.SURVEYED`.
        key : str
        Its key.

        Returns
        -------
        geopandas.GeoDataFrame or None
        In EPSG:4490, with every column of the table as plain values, None where unknown.
        """

    def keys(self, layer: str, cells: Mapping[str, str], limit: int | None = None) -> list[str]:
        """
        Return the keys of the rows that have these `cells` in text columns, `limit` at most.

        There are none where the layer has no table, or its table lacks a column.
        """

    def total(self, layer: str) -> bytes:
        """Return what `keep_total` kept for a layer, b"" if nothing."""

    def keep_total(self, layer: str, total: bytes) -> None:
        """Keep the sum over a layer's rows (`layers.content`) as it is after this transaction."""

    def put(self, layer: str, rows: gpd.GeoDataFrame, at: str) -> None:
        """
        Add rows, or change those whose key is there; columns not in `rows` stay.

        Parameters
        ----------
        layer : str
        A layer that has a table.
        rows : geopandas.GeoDataFrame
        In EPSG:4490, each key once.
        at : str
        When, ISO 8601.
        """

    def remove(self, layer: str, keys: Sequence[str], at: str) -> None:
        """Remove rows by their keys."""

    def row_versions(self, layer: str, after: int = 0) -> list[RowVersion]:
        """Return the former rows of a layer that entries after `after` replaced, oldest first."""

    def add_row_versions(self, layer: str, rows: Sequence[RowVersion]) -> None:
        """Add former rows that another store kept."""

    def touched(self, layer: str, after: int = 0, key: str = "") -> dict[str, int]:
        """Return key -> the last entry after `after` that touched it, of one key or of all."""

    def blob(self, digest: str) -> bytes | None:
        """Return the file of this SHA-256, None if there is none."""

    def blobs(self) -> Iterator[tuple[str, bytes]]:
        """Yield every file with the SHA-256 it is kept under."""

    def add_blob(self, digest: str, content: bytes) -> None:
        """Keep a file; one that is there already is kept once."""


class Database(Protocol):
    """Where the tables of a live store are."""

    @property
    def folder(self) -> Path | None:
        """The folder in which earlier builds kept files beside the store, None if there is none."""

    def reading(self) -> AbstractContextManager[Tables]:
        """Open one consistent state for reading."""

    def writing(self) -> AbstractContextManager[Tables]:
        """Open the only transaction that may write; it is kept if the block ends well."""

    def head(self) -> Head | None:
        """Return the newest entry as noted outside the journal, None if nobody noted it."""

    def stamp(self) -> str:
        """Return what `Store.stamp` returns."""

    @property
    def is_read_only(self) -> bool:
        """Whether the place cannot be written."""

    def require_writable(self) -> None:
        """Raise StoreError if the place cannot be written."""

    def notices(self) -> Sequence[Text]:
        """Return what `Store.notices` returns."""

    def unrecorded(self) -> District:
        """Return the district while there is no entry yet."""

    def settings(self) -> Mapping[str, Any]:
        """Return what district.toml says now, {} where there is none."""

    def backup(self, path: Path) -> None:
        """Copy everything, the journal included, into one GeoPackage."""

    def is_empty(self) -> bool:
        """Return whether there is nothing yet that a backup could harm."""

    def adopt(self, path: Path) -> None:
        """Take over a backup whole, the journal included."""
