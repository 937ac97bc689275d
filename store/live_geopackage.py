"""
A live store in a GeoPackage, by the standard library's sqlite3 alone.

Write-ahead log, every commit on the disk before it is acknowledged, one writer at a time. The file
stays what it is to others: a GeoPackage 1.3 that QGIS opens, with the trail in tables beside.
"""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

import layers
from geo.crs import STORAGE_CRS
from geo.errors import StoreError
from layers.district import District
from store import filling, geopackage, schema, trail
from store.atomic import replacing
from store.chain import Link
from store.district_file import FILE_NAME, read_district_file
from store.folder import find, make_own, new_folder, read_district
from store.geometry_blob import box
from store.geopackage import Place, Table
from store.past import Past
from store.schema import GEOMETRY, KEY, quoted

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

    @contextmanager
    def reading(self) -> Iterator["GeoPackageTables"]:
        """Open one consistent state for reading."""
        with geopackage.opened(find(self._path)[1]) as base:
            yield GeoPackageTables(base)

    @contextmanager
    def writing(self) -> Iterator["GeoPackageTables"]:
        """Open the only transaction that may write; it is kept if the block ends well."""
        with written(make_own(self._path, is_own)) as tables:
            tables.require_own_triggers()
            yield tables

    def stamp(self) -> str:
        """Return a text that changes whenever the content may have changed."""
        content, file = find(self._path)
        with geopackage.opened(file) as base:
            tables = GeoPackageTables(base)
            state = tables.state() if tables.is_live else _facts(file)
        return f"{state} {_facts(self._path / FILE_NAME) if content else ''}"

    def unrecorded(self) -> District:
        """Return the district while there is no record yet."""
        return read_district(self._path)

    def settings(self) -> Mapping[str, Any]:
        """Return what district.toml says now, {} where there is none."""
        if not (self._path / FILE_NAME).is_file():
            return {}
        return read_district_file(self._path).settings()

    def backup(self, path: Path) -> None:
        """Copy the file as it is at one moment; a file that needs no log beside it."""
        with geopackage.opened(find(self._path)[1]) as base, replacing(path) as scratch:
            _copy(base, scratch)

    def is_empty(self) -> bool:
        """Return whether the folder has no GeoPackage yet."""
        return not self._path.is_file() and not any(self._path.glob("*.gpkg"))

    def adopt(self, path: Path) -> None:
        """Take over a backup as the folder's GeoPackage, with the district.toml it tells of."""
        district = read_district(path)
        with geopackage.opened(path) as base, new_folder(self._path, district) as scratch:
            _copy(base, scratch)


def _copy(base: sqlite3.Connection, file: Path) -> None:
    with closing(sqlite3.connect(file)) as copy:
        base.backup(copy)
    without_log(file)


def without_log(file: Path) -> None:
    """Let a file that leaves the store be one file, with no log beside it."""
    with closing(sqlite3.connect(file)) as base:
        base.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def written(file: Path) -> Iterator["GeoPackageTables"]:
    """Open the only transaction that may write into `file`; it is kept if the block ends well."""
    try:
        with closing(sqlite3.connect(file, timeout=_WAIT_S, isolation_level=None)) as base:
            _prepare(base)
            base.execute("BEGIN IMMEDIATE")
            yield GeoPackageTables(base)
            base.execute("COMMIT")
    except sqlite3.Error as error:
        raise StoreError(
            f"{file}: nothing was written ({error})", f"{file}：未写入（{error}）"
        ) from error


def _facts(file: Path) -> str:
    found = file.stat()
    return f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}"


def _prepare(base: sqlite3.Connection) -> None:
    """Set up a connection that writes: its log, its care for the disk, the triggers' functions."""
    with suppress(sqlite3.OperationalError):  # someone is writing: theirs to switch, or ours later
        base.execute("PRAGMA journal_mode = WAL")
    base.execute("PRAGMA synchronous = FULL")
    base.text_factory = geopackage.text
    base.create_function("ST_IsEmpty", 1, lambda blob: box(blob) is None, deterministic=True)
    for place, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
        base.create_function(name, 1, partial(_side, place), deterministic=True)


def _side(place: int, blob: bytes) -> float | None:
    sides = box(blob)
    return None if sides is None else sides[place]


def is_own(file: Path) -> bool:
    """Return whether every layer of a GeoPackage lies there as `geopackage.write` writes it."""
    with geopackage.opened(file) as base:
        tables = GeoPackageTables(base)
        ours = [place for place in geopackage.places(base) if place.table in layers.SURVEYED]
        return tables.is_live or (bool(ours) and all(map(tables.is_own, ours)))


class GeoPackageTables:
    """One transaction on the tables of a GeoPackage; `store.tables.Tables` says what they do."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    @property
    def is_live(self) -> bool:
        """Whether there is a trail."""
        return self._has(trail.CHANGES)

    def state(self) -> str:
        """Return what changes with every change of a live store, recorded or not."""
        return str(
            self._base.execute(
                f"SELECT (SELECT max(seq) FROM {trail.CHANGES}), group_concat(seq)"
                " FROM sqlite_sequence WHERE name LIKE 'litong_past_%'"
            ).fetchone()
        )

    def links(self) -> list[Link]:
        """Return the trail, oldest first."""
        if not self.is_live:
            return []
        query = f"SELECT record, previous, digest FROM {trail.CHANGES} ORDER BY seq"
        return [Link(*row) for row in self._base.execute(query)]

    def last(self) -> Link | None:
        """Return the newest record."""
        return trail.last_record(self._base)

    def append(self, seq: int, link: Link) -> None:
        """Add a record."""
        self._base.execute(f"INSERT INTO {trail.CHANGES} VALUES (?, ?, ?, ?)", (seq, *link))

    def begin(self) -> None:
        """Make the tables of the trail; every layer keeps its former rows from now on."""
        for statement in (trail.CHANGES_TABLE, *trail.CHANGES_GUARDS):
            self._base.execute(statement)
        self._base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description,"
            " last_change) VALUES (?, 'attributes', ?, '变更记录', ?)",
            (trail.CHANGES, trail.CHANGES, f"{geopackage.UNDATED}T00:00:00.000Z"),
        )
        for place in geopackage.places(self._base):
            if place.table in layers.SURVEYED:
                self._keep_former(place.table)

    def frames(self) -> dict[str, gpd.GeoDataFrame]:
        """Return the rows of the layers that have a table."""
        found = {place.table: place for place in geopackage.places(self._base)}
        return {
            name: geopackage.read_table(self._base, found[name]).frame
            for name in layers.SURVEYED
            if name in found
        }

    def one(self, layer: str, key: str) -> gpd.GeoDataFrame | None:
        """Return the row of this key, a frame without rows if there is none; None without table."""
        for place in geopackage.places(self._base):
            if place.table == layer:
                cells = {layers.ALL[layer].key: key}
                return geopackage.read_table(self._base, place, **cells).frame
        return None

    def values(self, layer: str, column: str) -> set[str]:
        """Return every value in a text column of a layer."""
        if not self._has(layer):
            return set()
        query = f"SELECT {quoted(column)} FROM {quoted(layer)} WHERE {quoted(column)} NOTNULL"
        return {value for (value,) in self._base.execute(query)}

    def total(self, layer: str) -> bytes:
        """Return what `keep_total` kept for a layer, b"" if nothing."""
        if not self._has(trail.TOTALS):
            return b""
        query = f"SELECT total FROM {trail.TOTALS} WHERE layer = ?"
        row = self._base.execute(query, (layer,)).fetchone()
        return row[0] if row else b""

    def keep_total(self, layer: str, total: bytes) -> None:
        """Keep the sum over a layer's rows (`layers.content`) as it is after this transaction."""
        self._base.execute(trail.TOTALS_TABLE)
        self._base.execute(f"INSERT OR REPLACE INTO {trail.TOTALS} VALUES (?, ?)", (layer, total))

    def put(self, layer: str, rows: gpd.GeoDataFrame, at: str) -> None:
        """Add rows, or change those whose key is there; the layer's table is made if need be."""
        spec = layers.ALL[layer]
        if not self._has(layer):
            geopackage.declare_crs(self._base, {STORAGE_CRS})
            empty = Table.of_layer(spec, spec.empty(STORAGE_CRS))
            geopackage.write_table(self._base, empty, geopackage.UNDATED)
            if self.is_live:
                self._keep_former(layer)
        shapes = np.asarray(rows.geometry.array, dtype=object)
        there = self.values(layer, spec.key)
        known = np.array([key in there for key in rows[spec.key]], dtype=bool)
        # An upsert would overrule OR REPLACE inside the triggers of the R-tree: two statements.
        filling.add(self._base, spec, rows[~known])
        filling.fill(self._base, schema.update(spec), spec, rows[known])
        kind = geopackage.geometry_type(shapes, spec.geometry)
        if kind != spec.geometry.upper():
            self._base.execute(
                "UPDATE gpkg_geometry_columns SET geometry_type_name = ? WHERE table_name = ?",
                (kind, layer),
            )
        self._date(layer, at)

    def remove(self, layer: str, keys: Sequence[str], at: str) -> None:
        """Remove rows by their keys."""
        key = quoted(layers.ALL[layer].key)
        delete = f"DELETE FROM {quoted(layer)} WHERE {key} = ?"
        self._base.executemany(delete, [(value,) for value in keys])
        if keys:
            self._date(layer, at)

    def past(self, layer: str, after: int = 0) -> list[Past]:
        """Return the former rows of a layer that changes after `after` replaced, oldest first."""
        table = trail.past_table(layer)
        if not self._has(table):
            return []
        cursor = self._base.execute(
            f"SELECT * FROM {table} WHERE _change > ? ORDER BY _change, _id", (after,)
        )
        names = [field[0] for field in cursor.description[5:]]
        return [
            Past(
                change,
                action,
                key,
                shape,
                {n: v for n, v in zip(names, values, strict=True) if v is not None},
            )
            for _, change, action, key, shape, *values in cursor
        ]

    def add_past(self, layer: str, rows: Sequence[Past]) -> None:
        """Add former rows that another store kept."""
        spec = layers.ALL[layer]
        self._base.executemany(
            trail.keep_past(spec),
            (
                (
                    row.change,
                    row.action,
                    row.key,
                    row.shape,
                    *(row.cells.get(column.name) for column in spec.columns),
                )
                for row in rows
            ),
        )

    def touched(self, layer: str, after: int = 0, key: str = "") -> dict[str, int]:
        """Return key -> the last change after `after` that touched it, of one key or of all."""
        table = trail.past_table(layer)
        if not self._has(table):
            return {}
        one, more = ("AND _key = ?", (key,)) if key else ("", ())
        # A plus sign keeps an index from being walked whole for the sake of the groups.
        query = f"SELECT _key, max(_change) FROM {table} WHERE _change > ? {one} GROUP BY +_key"
        return dict(self._base.execute(query, (after, *more)))

    def is_own(self, place: Place) -> bool:
        """Return whether a layer lies there as we write it; columns it lacks do not matter."""
        spec = layers.ALL[place.table]
        columns = {row[1].lower(): row for row in self._columns(place.table)}
        return (
            (place.geometry, place.srs_id) == (GEOMETRY, filling.SRS_ID)
            and {spec.key, "provenance", GEOMETRY, KEY} <= set(columns)
            and bool(columns[KEY][5])
            and self._triggers([place.table]) == set(schema.rtree_triggers(spec.name))
        )

    def require_own_triggers(self) -> None:
        """
        Refuse to write where what keeps former rows and R-trees is gone, or is somebody else's.

        Raises
        ------
        StoreError
            Naming the table.
        """
        if not self.is_live:
            return
        names = [name for name in layers.SURVEYED if self._has(name)]
        for name in names:
            expected = set(trail.guards(layers.ALL[name]))
            if self._triggers([name, trail.past_table(name)]) != expected:
                raise _altered(name)
        if self._triggers([trail.CHANGES]) != set(trail.CHANGES_GUARDS):
            raise _altered(trail.CHANGES)

    def _keep_former(self, layer: str) -> None:
        spec = layers.ALL[layer]
        present = {row[1] for row in self._columns(layer)}
        for column in spec.columns:
            if column.name not in present:
                kind = schema.SQL_TYPE[column.dtype]
                self._base.execute(
                    f"ALTER TABLE {quoted(layer)} ADD COLUMN {quoted(column.name)} {kind}"
                )
        there = self._triggers([layer])
        guards = [statement for statement in trail.guards(spec) if statement not in there]
        for statement in (*trail.past_statements(spec), *guards):
            self._base.execute(statement)

    def _date(self, layer: str, at: str) -> None:
        """Register when a layer changed, and its box."""
        tree = quoted(f"rtree_{layer}_{GEOMETRY}")
        moment = datetime.fromisoformat(at)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
        self._base.execute(
            "UPDATE gpkg_contents SET last_change = ?, (min_x, min_y, max_x, max_y) ="
            f" (SELECT min(minx), min(miny), max(maxx), max(maxy) FROM {tree})"
            " WHERE table_name = ?",
            (f"{moment:%Y-%m-%dT%H:%M:%S}.000Z", layer),
        )

    def _has(self, table: str) -> bool:
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return self._base.execute(query, (table,)).fetchone() is not None

    def _columns(self, table: str) -> list[tuple[Any, ...]]:
        return self._base.execute(f"PRAGMA table_info({quoted(table)})").fetchall()

    def _triggers(self, tables: Collection[str]) -> set[str]:
        marks = ", ".join("?" * len(tables))
        query = (
            f"SELECT sql FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) IN ({marks})"
        )
        return {sql for (sql,) in self._base.execute(query, list(tables))}


def _altered(table: str) -> StoreError:
    return StoreError(
        f"{table}: its triggers were altered by other software; nothing was written. "
        "Restore a backup into a new folder",
        f"{table}：触发器被其他软件改动，未写入。请将备份恢复到新文件夹",
    )
