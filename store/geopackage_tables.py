"""One transaction on the tables of a live GeoPackage; `store.tables.Tables` says what they do."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import geopandas as gpd
import numpy as np

import layers
from geo.crs import STORAGE_CRS
from layers.column import Column, DType
from layers.spec import LayerSpec
from store import filling, geopackage, geopackage_guards, journal_schema, schema
from store.chain import Link
from store.geopackage import Table
from store.head import Head
from store.journal_schema import BLOBS, JOURNAL, LEGACY_JOURNAL, META, TOTALS, past_table
from store.row_versions import RowVersion
from store.schema import GEOMETRY, KEY, SQL_TYPE, quoted
from store.stored_spec import in_order, stored_spec
from store.tables import SCHEMA

_DTYPES: dict[str, DType] = {declared: dtype for dtype, declared in SQL_TYPE.items()}
_OWN_PAST_COLUMNS = 5  # _id, _change, _action, _key, geom
_LAYER_NAME = re.compile(r"litong_past_([a-z][a-z0-9_]*)")


class GeoPackageTables:
    """One transaction on the tables of a GeoPackage; `store.tables.Tables` says what they do."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    # -- the journal ---------------------------------------------------------------------------

    @property
    def schema(self) -> int | None:
        """The number of the form of the tables, None without a journal."""
        if self._has(META):
            return int(self._meta("schema") or 0)
        return 0 if self._has(LEGACY_JOURNAL) else None

    def state(self) -> str:
        """Return what changes with every entry, and with every row, recorded or not."""
        return str(
            self._base.execute(
                f"SELECT (SELECT max(seq) FROM {self._journal}), group_concat(seq)"
                " FROM sqlite_sequence WHERE name LIKE 'litong_past_%'"
            ).fetchone()
        )

    def links(self, kind: str = "", subject: str | None = None) -> list[Link]:
        """Return the journal, oldest first; the entries of a kind and about a subject."""
        return self._links(kind, subject, "ORDER BY seq")

    def last(self, kind: str = "", subject: str | None = None) -> Link | None:
        """Return the newest of `links`."""
        return next(iter(self._links(kind, subject, "ORDER BY seq DESC LIMIT 1")), None)

    def _links(self, kind: str, subject: str | None, order: str) -> list[Link]:
        if self.schema is None:
            return []
        # Schema 0 has no subjects, and names the kind in the record alone.
        is_legacy = self._journal == LEGACY_JOURNAL
        wanted = {"json_extract(record, '$.kind')" if is_legacy else "kind": kind or None}
        wanted["''" if is_legacy else "subject"] = subject
        given = {column: value for column, value in wanted.items() if value is not None}
        where = " AND ".join(["1", *(f"{column} = ?" for column in given)])
        query = f"SELECT record, previous, digest FROM {self._journal} WHERE {where} {order}"
        return [Link(*row) for row in self._base.execute(query, list(given.values()))]

    def index(self) -> list[tuple[int, str, str]]:
        """Return seq, kind and subject by which entries are found, oldest first."""
        return self._base.execute(
            f"SELECT seq, kind, subject FROM {JOURNAL} ORDER BY seq"
        ).fetchall()

    def append(self, seq: int, kind: str, subject: str, link: Link) -> None:
        """Add an entry."""
        row = (seq, *link, kind, subject)
        self._base.execute(f"INSERT INTO {JOURNAL} VALUES (?, ?, ?, ?, ?, ?)", row)

    def head(self) -> Head | None:
        """Return place and digest of the newest entry."""
        if self.schema is None:
            return None
        newest = f"SELECT seq, digest FROM {self._journal} ORDER BY seq DESC LIMIT 1"
        row = self._base.execute(newest).fetchone()
        return Head(*row) if row else None

    def digest_at(self, seq: int) -> str:
        """Return the digest of the entry at a place, "" if there is none."""
        query = f"SELECT digest FROM {self._journal} WHERE seq = ?"
        row = self._base.execute(query, (seq,)).fetchone()
        return row[0] if row else ""

    def begin(self, specs: Iterable[LayerSpec], schema: int = SCHEMA) -> None:
        """Make the tables of the journal; the layers of `specs` keep their former rows."""
        specs = list(specs)
        for statement in (
            journal_schema.JOURNAL_TABLE,
            *journal_schema.JOURNAL_GUARDS,
            journal_schema.JOURNAL_INDEX,
        ):
            self._base.execute(statement)
        self._make_beside(schema)
        self._base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description,"
            " last_change) VALUES (?, 'attributes', ?, '变更记录', ?)",
            (JOURNAL, JOURNAL, f"{geopackage.UNDATED}T00:00:00.000Z"),
        )
        for spec in specs:
            self._keep_former(spec)

    def migrate(self) -> None:
        """Bring the tables from schema 0 to schema 1."""
        if self._has(META):  # copied from a store of schema 0 into tables of today
            self._set_meta("schema", str(SCHEMA))
            return
        specs = self.specs()
        for name in specs:
            geopackage_guards.drop(self._base, [name, past_table(name)])
        geopackage_guards.drop(self._base, [LEGACY_JOURNAL])
        column = "TEXT NOT NULL DEFAULT ''"
        for statement in (
            f"ALTER TABLE {LEGACY_JOURNAL} RENAME TO {JOURNAL}",
            f"ALTER TABLE {JOURNAL} ADD COLUMN kind {column}",
            f"ALTER TABLE {JOURNAL} ADD COLUMN subject {column}",
        ):
            self._base.execute(statement)
        records = self._base.execute(f"SELECT record, seq FROM {JOURNAL}").fetchall()
        kinds = [(json.loads(record)["kind"], seq) for record, seq in records]
        self._base.executemany(f"UPDATE {JOURNAL} SET kind = ? WHERE seq = ?", kinds)
        for statement in (*journal_schema.JOURNAL_GUARDS, journal_schema.JOURNAL_INDEX):
            self._base.execute(statement)
        self._base.execute(
            "UPDATE gpkg_contents SET table_name = ?, identifier = ? WHERE table_name = ?",
            (JOURNAL, JOURNAL, LEGACY_JOURNAL),
        )
        self._make_beside(SCHEMA)
        for spec in specs.values():
            self._guard(spec)

    def _make_beside(self, schema: int) -> None:
        """Make the tables of files and of facts about tables, and say which schema they have."""
        for statement in (
            journal_schema.META_TABLE,
            journal_schema.BLOBS_TABLE,
            *journal_schema.BLOBS_GUARDS,
        ):
            self._base.execute(statement)
        self._set_meta("schema", str(schema))
        for table in (JOURNAL, BLOBS):
            geopackage_guards.note(self._base, table, [table])

    @property
    def _journal(self) -> str:
        return JOURNAL if self._has(JOURNAL) else LEGACY_JOURNAL

    def blob(self, digest: str) -> bytes | None:
        """Return the file of this SHA-256, None if there is none."""
        if not self._has(BLOBS):
            return None
        query = f"SELECT content FROM {BLOBS} WHERE digest = ?"
        row = self._base.execute(query, (digest,)).fetchone()
        return bytes(row[0]) if row else None

    def blobs(self) -> Iterator[tuple[str, bytes]]:
        """Yield every file with the SHA-256 it is kept under."""
        if self._has(BLOBS):
            yield from self._base.execute(f"SELECT digest, content FROM {BLOBS} ORDER BY digest")

    def add_blob(self, digest: str, content: bytes) -> None:
        """Keep a file; one that is there already is kept once."""
        if self.blob(digest) is None:
            self._base.execute(f"INSERT INTO {BLOBS} VALUES (?, ?)", (digest, content))

    # -- the rows ------------------------------------------------------------------------------

    def specs(self) -> dict[str, LayerSpec]:
        """Return every layer that has a table here, with the columns that it keeps."""
        names = {place.table for place in geopackage.places(self._base)}
        if self.schema is not None:
            names &= {match[1] for match in map(_LAYER_NAME.fullmatch, self._tables()) if match}
        return {name: self._spec(name) for name in in_order(names)}

    def _spec(self, layer: str) -> LayerSpec:
        """Return a layer as its table here has it."""
        present = self._columns(layer)
        own = present if self.schema is None else self._columns(past_table(layer))
        return stored_spec(
            layer,
            {
                name: _DTYPES.get(declared, "str")
                for name, declared in own.items()
                if name in present and name not in (KEY, GEOMETRY)
            },
        )

    def frames(self) -> dict[str, gpd.GeoDataFrame]:
        """Return the rows of the layers of `specs`."""
        places = {place.table: place for place in geopackage.places(self._base)}
        return {
            name: geopackage.read_table(self._base, places[name]).frame for name in self.specs()
        }

    def one(self, layer: str, key: str) -> gpd.GeoDataFrame | None:
        """Return the row of this key, a frame without rows if there is none; None without table."""
        for place in geopackage.places(self._base):
            if place.table == layer:
                cells = {layers.ALL[layer].key: key}
                return geopackage.read_table(self._base, place, **cells).frame
        return None

    def keys(self, layer: str, cells: Mapping[str, str], limit: int | None = None) -> list[str]:
        """Return the keys of the rows that have these `cells` in text columns, `limit` at most."""
        key, present = layers.ALL[layer].key, self._columns(layer)
        if not {key, *cells} <= present.keys():
            return []
        where = " AND ".join([f"{quoted(key)} NOTNULL", *(f"{quoted(c)} = ?" for c in cells)])
        query = f"SELECT {quoted(key)} FROM {quoted(layer)} WHERE {where} LIMIT ?"
        found = self._base.execute(query, (*cells.values(), -1 if limit is None else limit))
        return [value for (value,) in found]

    def total(self, layer: str) -> bytes:
        """Return what `keep_total` kept for a layer, b"" if nothing."""
        if not self._has(TOTALS):
            return b""
        query = f"SELECT total FROM {TOTALS} WHERE layer = ?"
        row = self._base.execute(query, (layer,)).fetchone()
        return row[0] if row else b""

    def keep_total(self, layer: str, total: bytes) -> None:
        """Keep the sum over a layer's rows (`layers.content`) as it is after this transaction."""
        self._base.execute(journal_schema.TOTALS_TABLE)
        self._base.execute(f"INSERT OR REPLACE INTO {TOTALS} VALUES (?, ?)", (layer, total))

    def make(self, spec: LayerSpec) -> None:
        """Make the table of a layer if it is not there, and add the columns that it lacks."""
        if not self._has(spec.name):
            geopackage.declare_crs(self._base, {STORAGE_CRS})
            empty = Table.of_layer(spec, spec.empty(STORAGE_CRS))
            geopackage.write_table(self._base, empty, geopackage.UNDATED)
            if self.schema is not None:
                self._keep_former(spec)
        elif self.schema is not None:
            self._complete(spec)

    def put(self, layer: str, rows: gpd.GeoDataFrame, at: str) -> None:
        """Add rows to the table of a layer, or change those whose key is there."""
        spec = self._spec(layer)
        spec = spec.as_stored(tuple(column for column in spec.columns if column.name in rows))
        shapes = np.asarray(rows.geometry.array, dtype=object)
        there = filling.keys_present(self._base, spec, rows[spec.key].tolist())
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
        if not keys:
            return
        key = quoted(self._spec(layer).key)
        delete = f"DELETE FROM {quoted(layer)} WHERE {key} = ?"
        self._base.executemany(delete, [(value,) for value in keys])
        self._date(layer, at)

    def row_versions(self, layer: str, after: int = 0) -> list[RowVersion]:
        """Return the former rows of a layer that entries after `after` replaced, oldest first."""
        table = past_table(layer)
        if not self._has(table):
            return []
        cursor = self._base.execute(
            f"SELECT * FROM {quoted(table)} WHERE _change > ? ORDER BY _change, _id", (after,)
        )
        names = [field[0] for field in cursor.description[_OWN_PAST_COLUMNS:]]
        return [
            RowVersion(
                seq,
                action,
                key,
                shape,
                {n: v for n, v in zip(names, values, strict=True) if v is not None},
            )
            for _, seq, action, key, shape, *values in cursor
        ]

    def add_row_versions(self, layer: str, rows: Sequence[RowVersion]) -> None:
        """Add former rows that another store kept."""
        spec = self._spec(layer)
        names = [column.name for column in spec.columns]
        self._base.executemany(
            journal_schema.keep_past(spec),
            ((row.seq, row.action, row.key, row.shape, *map(row.cells.get, names)) for row in rows),
        )

    def touched(self, layer: str, after: int = 0, key: str = "") -> dict[str, int]:
        """Return key -> the last entry after `after` that touched it, of one key or of all."""
        table = past_table(layer)
        if not self._has(table):
            return {}
        one, more = ("AND _key = ?", (key,)) if key else ("", ())
        # A plus sign keeps an index from being walked whole for the sake of the groups.
        query = (
            f"SELECT _key, max(_change) FROM {quoted(table)} WHERE _change > ? {one} GROUP BY +_key"
        )
        return dict(self._base.execute(query, (after, *more)))

    # -- the guards ----------------------------------------------------------------------------

    def require_own_guards(self) -> None:
        """Refuse to write where the guards are not those that were made (`geopackage_guards`)."""
        if self._has(META):
            geopackage_guards.require_whole(self._base, self.specs())
        elif self.schema is not None:
            geopackage_guards.require_whole_legacy(self._base, self.specs())

    def _keep_former(self, spec: LayerSpec) -> None:
        """Let a layer keep its former rows; columns that its table lacks are added to it."""
        self._add_columns(spec.name, spec)
        for statement in journal_schema.past_statements(spec):
            self._base.execute(statement)
        self._guard(spec)

    def _complete(self, spec: LayerSpec) -> None:
        """Add the columns that a live layer lacks, to its former rows too; renew its guards."""
        past = past_table(spec.name)
        kept = self._columns(past)
        if all(column.name in kept for column in spec.columns):
            return
        geopackage_guards.drop(self._base, [spec.name, past])
        geopackage.describe_columns(self._base, spec.name, self._add_columns(spec.name, spec))
        self._add_columns(past, spec)
        self._guard(self._spec(spec.name))

    def _add_columns(self, table: str, spec: LayerSpec) -> list[Column]:
        """Add the columns of `spec` that a table lacks; return them."""
        present = self._columns(table)
        absent = [column for column in spec.columns if column.name not in present]
        for column in absent:
            kind = SQL_TYPE[column.dtype]
            self._base.execute(
                f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(column.name)} {kind}"
            )
        return absent

    def _guard(self, spec: LayerSpec) -> None:
        """Make the triggers of a layer that are not there, and note what they are."""
        tables = [spec.name, past_table(spec.name)]
        there = geopackage_guards.triggers(self._base, tables).values()
        for statement in journal_schema.guards(spec):
            if statement not in there:
                self._base.execute(statement)
        geopackage_guards.note(self._base, spec.name, tables)

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

    def _tables(self) -> list[str]:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        return [name for (name,) in self._base.execute(query)]

    def _meta(self, name: str) -> str:
        query = f"SELECT value FROM {META} WHERE name = ?"
        row = self._base.execute(query, (name,)).fetchone()
        return row[0] if row else ""

    def _set_meta(self, name: str, value: str) -> None:
        self._base.execute(f"INSERT OR REPLACE INTO {META} VALUES (?, ?)", (name, value))

    def _columns(self, table: str) -> dict[str, str]:
        """Return the columns of a table in order, each with its declared type."""
        rows = self._base.execute(f"PRAGMA table_info({quoted(table)})")
        return {name: declared for _, name, declared, *_ in rows}
