"""What a live store asks of a database: tables of rows and of the trail, and one way to lock."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import geopandas as gpd

from layers.district import District
from store.chain import Link
from store.past import Past


class Tables(Protocol):
    """One transaction on a district's tables: rows as they lie there, in EPSG:4490."""

    def links(self) -> list[Link]:
        """Return the trail, oldest first."""

    def last(self) -> Link | None:
        """Return the newest record."""

    def append(self, seq: int, link: Link) -> None:
        """Add a record."""

    def begin(self) -> None:
        """Make the tables of the trail; every layer keeps its former rows from now on."""

    def frames(self) -> dict[str, gpd.GeoDataFrame]:
        """Return the rows of the layers that have a table."""

    def one(self, layer: str, key: str) -> gpd.GeoDataFrame | None:
        """Return the row of this key, a frame without rows if there is none; None without table."""

    def values(self, layer: str, column: str) -> set[str]:
        """Return every value in a text column of a layer."""

    def total(self, layer: str) -> bytes:
        """Return what `keep_total` kept for a layer, b"" if nothing."""

    def keep_total(self, layer: str, total: bytes) -> None:
        """Keep the sum over a layer's rows (`layers.content`) as it is after this transaction."""

    def put(self, layer: str, rows: gpd.GeoDataFrame, at: str) -> None:
        """Add rows, or change those whose key is there; the layer's table is made if need be."""

    def remove(self, layer: str, keys: Sequence[str], at: str) -> None:
        """Remove rows by their keys."""

    def past(self, layer: str, after: int = 0) -> list[Past]:
        """Return the former rows of a layer that changes after `after` replaced, oldest first."""

    def add_past(self, layer: str, rows: Sequence[Past]) -> None:
        """Add former rows that another store kept."""

    def touched(self, layer: str, after: int = 0, key: str = "") -> dict[str, int]:
        """Return key -> the last change after `after` that touched it, of one key or of all."""


class Database(Protocol):
    """Where the tables of a live store are."""

    def reading(self) -> AbstractContextManager[Tables]:
        """Open one consistent state for reading."""

    def writing(self) -> AbstractContextManager[Tables]:
        """Open the only transaction that may write; it is kept if the block ends well."""

    def stamp(self) -> str:
        """Return what `Store.stamp` returns."""

    def unrecorded(self) -> District:
        """Return the district while there is no record yet."""

    def settings(self) -> Mapping[str, Any]:
        """Return what district.toml says now, {} where there is none."""

    def backup(self, path: Path) -> None:
        """Copy everything, the trail included, into one GeoPackage."""

    def is_empty(self) -> bool:
        """Return whether there is nothing yet that a backup could harm."""

    def adopt(self, path: Path) -> None:
        """Take over a backup whole, the trail included."""
