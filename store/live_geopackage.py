"""
A live store in a GeoPackage, by the standard library's sqlite3 alone.

Write-ahead log, every commit on the disk before it is acknowledged, one writer at a time. The file
stays what it is to others: a GeoPackage 1.3 that QGIS opens, with the journal in tables beside.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import layers
from geo.errors import StoreError
from layers.district import District
from store import filling, geopackage, geopackage_guards, head, read_only, scratch
from store.atomic import replacing
from store.district_file import FILE_NAME, read_district_file
from store.folder import find, make_own, new_folder, read_district
from store.geometry_blob import box
from store.geopackage_tables import GeoPackageTables
from store.head import Head, read_head, write_head
from store.schema import GEOMETRY, KEY, rtree_triggers
from wording import Text, text

_WAIT_S = 60.0


class GeoPackageDatabase:
    """
    The tables of a live store in the GeoPackage of a district.

    Parameters
    ----------
    path : pathlib.Path
        The district's folder, or a single GeoPackage of ours. A file of older form becomes a live
        one at the first write.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def folder(self) -> Path | None:
        """The district's folder; a single file's, if it is the only GeoPackage there."""
        if self._path.is_dir():
            return self._path
        alone = len(list(self._path.parent.glob("*.gpkg"))) == 1
        return self._path.parent if alone else None

    @contextmanager
    def reading(self) -> Iterator[GeoPackageTables]:
        """Open one consistent state for reading."""
        with read_only.opened(find(self._path)[1]) as base:
            yield GeoPackageTables(base)

    @contextmanager
    def writing(self) -> Iterator[GeoPackageTables]:
        """Open the only transaction that may write; it is kept if the block ends well."""
        own = make_own(self._path, is_own)
        scratch.remove_files(own.parent)
        with written(own) as tables:
            tables.require_own_guards()
            yield tables
            newest = tables.head()
        if newest:
            write_head(self._head_file, newest)

    def head(self) -> Head | None:
        """Return the newest entry as noted beside the file."""
        return read_head(self._head_file)

    @property
    def _head_file(self) -> Path:
        return self._path / head.FILE if self._path.is_dir() else self._path.with_suffix(".head")

    @property
    def is_read_only(self) -> bool:
        """Whether the file, or the folder in which its log would be, cannot be written."""
        if self.is_empty():
            return False
        file = find(self._path)[1]
        return not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK))

    def require_writable(self) -> None:
        """Raise StoreError if the file, or the folder of its log, cannot be written."""
        if self.is_read_only:
            raise _not_written(find(self._path)[1])

    def notices(self) -> Sequence[Text]:
        """Return that the place is read-only, that entries are not in the file, a log cut off."""
        if self.is_empty():
            return []
        found = [text("store.read_only")] if self.is_read_only else []
        noted, file = self.head(), find(self._path)[1]
        if read_only.is_log_cut(file):
            found.append(text("store.log_cut", file=file.name))
        with read_only.opened(file) as base:
            own = GeoPackageTables(base).head()
            has_log = read_only.has_log(file) or not read_only.is_written_with_log(base, file)
        last = own.seq if own else 0
        if noted is not None and noted.seq > last:
            key = "store.older_copy" if has_log else "store.without_log"
            found.append(text(key, file=file.name, last=last, noted=noted.seq))
        return found

    def stamp(self) -> str:
        """Return a text that changes whenever the content may have changed."""
        content, file = find(self._path)
        with read_only.opened(file) as base:
            tables = GeoPackageTables(base)
            state = _facts(file) if tables.schema is None else tables.state()
        return f"{state} {_facts(self._path / FILE_NAME) if content else ''}"

    def unrecorded(self) -> District:
        """Return the district while there is no entry yet."""
        return read_district(self._path)

    def settings(self) -> Mapping[str, Any]:
        """Return what district.toml says now, {} where there is none."""
        if not (self._path / FILE_NAME).is_file():
            return {}
        return read_district_file(self._path).settings()

    def backup(self, path: Path) -> None:
        """Copy the file as it is at one moment; a file that needs no log beside it."""
        with read_only.opened(find(self._path)[1]) as base, replacing(path) as file:
            _copy(base, file)

    def is_empty(self) -> bool:
        """Return whether the folder has no GeoPackage yet."""
        return not self._path.is_file() and not any(self._path.glob("*.gpkg"))

    def adopt(self, path: Path) -> None:
        """Take over a backup as the folder's GeoPackage, with the district.toml it tells of."""
        district = read_district(path)
        with read_only.opened(path) as base, new_folder(self._path, district) as file:
            _copy(base, file)


def _copy(base: sqlite3.Connection, file: Path) -> None:
    with closing(sqlite3.connect(file)) as copy:
        base.backup(copy)
    without_log(file)


def without_log(file: Path) -> None:
    """Let a file that leaves the store be one file, with no log beside it."""
    with closing(sqlite3.connect(file)) as base:
        base.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def written(file: Path) -> Iterator[GeoPackageTables]:
    """Open the only transaction that may write into `file`; it is kept if the block ends well."""
    try:
        with closing(sqlite3.connect(file, timeout=_WAIT_S, isolation_level=None)) as base:
            _prepare(base)
            base.execute("BEGIN IMMEDIATE")
            yield GeoPackageTables(base)
            base.execute("COMMIT")
    except sqlite3.Error as error:
        if read_only.error_code(error) == sqlite3.SQLITE_READONLY:
            raise _not_written(file) from error
        raise StoreError(
            f"{file}: nothing was written ({error})", f"{file}：未写入（{error}）"
        ) from error


def _not_written(file: Path) -> StoreError:
    words = text("store.not_written_read_only", file=file)
    return StoreError(words.en, words.zh)


def _facts(file: Path) -> str:
    found = file.stat()
    return f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}"


def _prepare(base: sqlite3.Connection) -> None:
    """Set up a connection that writes: its log, its care for the disk, the triggers' functions."""
    with suppress(sqlite3.OperationalError):  # someone is writing: theirs to switch, or ours later
        base.execute("PRAGMA journal_mode = WAL")
    base.execute("PRAGMA synchronous = FULL")
    base.text_factory = read_only.text
    base.create_function("ST_IsEmpty", 1, lambda blob: box(blob) is None, deterministic=True)
    for place, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
        base.create_function(name, 1, partial(_side, place), deterministic=True)


def _side(place: int, blob: bytes) -> float | None:
    sides = box(blob)
    return None if sides is None else sides[place]


def is_own(file: Path) -> bool:
    """Return whether every layer of a GeoPackage lies there as `geopackage.write` writes it."""
    with read_only.opened(file) as base:
        if GeoPackageTables(base).schema is not None:
            return True
        ours = [place for place in geopackage.places(base) if place.table in layers.SURVEYED]
        return bool(ours) and all(_is_own_layer(base, place) for place in ours)


def _is_own_layer(base: sqlite3.Connection, place: geopackage.Place) -> bool:
    """Return whether a layer lies there as we write it; columns it lacks do not matter."""
    query = "SELECT lower(name), pk FROM pragma_table_info(?)"
    columns = dict(base.execute(query, (place.table,)).fetchall())
    guards = set(geopackage_guards.triggers(base, [place.table]).values())
    return (
        (place.geometry, place.srs_id) == (GEOMETRY, filling.SRS_ID)
        and {layers.ALL[place.table].key, "provenance", GEOMETRY} <= columns.keys()
        and columns.get(KEY) == 1
        and guards == set(rtree_triggers(place.table))
    )
