"""
One transaction on the tables of a schema; `store.tables.Tables` says what they do.

SQLAlchemy Core for the statements; `store.postgis_rows` for rows.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

import geopandas as gpd
import sqlalchemy as sa

import layers
from layers.spec import LayerSpec
from store import postgis_guards, postgis_rows, postgis_schema
from store.chain import Link
from store.head import Head
from store.journal_schema import BLOBS, JOURNAL, LEGACY_JOURNAL, META, TOTALS, past_table
from store.postgis_rows import any_of
from store.row_versions import RowVersion
from store.schema import GEOMETRY, KEY, quoted
from store.stored_spec import in_order, stored_spec
from store.tables import SCHEMA

_OWN_PAST_COLUMNS = {"_id", "_change", "_action", "_key"}
_PAST = past_table("")


class PostgisTables:
    """
    One transaction on the tables of a schema.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Open, in the transaction.
    schema : str
        The schema of the district.
    """

    def __init__(self, connection: sa.Connection, schema: str) -> None:
        self._connection = connection
        self._name = schema
        self._known_schema: int | None = None  # asked for by nearly every method
        self._read_columns()

    def _read_columns(self) -> None:
        """Note every table with its columns and their declared types, in order."""
        self._present: dict[str, dict[str, str]] = {}
        rows = self._connection.execute(sa.text(postgis_schema.COLUMNS), {"schema": self._name})
        for table, column, declared in rows:
            self._present.setdefault(table, {})[column] = declared

    def lock(self) -> None:
        """Keep every other writer out until the transaction ends."""
        if self._journal in self._present:
            table = f"{quoted(self._name)}.{self._journal}"
            self._connection.execute(sa.text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))

    # -- the journal ---------------------------------------------------------------------------

    @property
    def schema(self) -> int | None:
        """The number of the form of the tables, None without a journal."""
        if META in self._present:
            if self._known_schema is None:
                self._known_schema = int(self._meta("schema") or 0)
            return self._known_schema
        return 0 if LEGACY_JOURNAL in self._present else None

    @property
    def _journal(self) -> str:
        return JOURNAL if JOURNAL in self._present else LEGACY_JOURNAL

    def state(self) -> str:
        """Return what changes with every entry, and with every row, recorded or not."""
        if self.schema is None:
            return "-"
        newest = [sa.select(sa.func.max(self._table(self._journal).c.seq))]
        newest += [sa.select(sa.func.max(self._versions(name).c["_id"])) for name in self.specs()]
        row = self._connection.execute(sa.select(*(q.scalar_subquery() for q in newest))).one()
        return ",".join(str(number or 0) for number in row)

    def links(self, kind: str = "", subject: str | None = None) -> list[Link]:
        """Return the journal, oldest first; the entries of a kind and about a subject."""
        if self.schema is None:
            return []
        column = self._table(self._journal).c
        query = self._records(kind, subject).order_by(column.seq)
        return [Link._make(row) for row in self._connection.execute(query)]

    def last(self, kind: str = "", subject: str | None = None) -> Link | None:
        """Return the newest of `links`."""
        if self.schema is None:
            return None
        column = self._table(self._journal).c
        query = self._records(kind, subject).order_by(column.seq.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return Link._make(row) if row else None

    def _records(self, kind: str, subject: str | None) -> sa.Select[tuple[str, str, str]]:
        column = self._table(self._journal).c
        query = sa.select(column.record, column.previous, column.digest)
        if self._journal == LEGACY_JOURNAL:  # it has no subjects, and the kind in the record alone
            query = query.where(sa.literal(not subject))
            told = sa.cast(column.record, sa.JSON)["kind"].as_string()
            return query.where(told == kind) if kind else query
        if kind:
            query = query.where(column.kind == kind)
        return query if subject is None else query.where(column.subject == subject)

    def index(self) -> list[tuple[int, str, str]]:
        """Return seq, kind and subject by which entries are found, oldest first."""
        column = self._table(JOURNAL).c
        query = sa.select(column.seq, column.kind, column.subject).order_by(column.seq)
        return [(seq, kind, subject) for seq, kind, subject in self._connection.execute(query)]

    def append(self, seq: int, kind: str, subject: str, link: Link) -> None:
        """Add an entry."""
        values = {"record": link.text, "previous": link.previous, "digest": link.digest}
        values |= {"kind": kind, "subject": subject}
        self._connection.execute(self._table(JOURNAL).insert().values(seq=seq, **values))

    def head(self) -> Head | None:
        """Return place and digest of the newest entry."""
        if self.schema is None:
            return None
        column = self._table(self._journal).c
        query = sa.select(column.seq, column.digest).order_by(column.seq.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return Head._make(row) if row else None

    def digest_at(self, seq: int) -> str:
        """Return the digest of the entry at a place, "" if there is none."""
        column = self._table(self._journal).c
        found = self._connection.scalar(sa.select(column.digest).where(column.seq == seq))
        return str(found or "")

    def begin(self, specs: Iterable[LayerSpec], schema: int = SCHEMA) -> None:
        """Make the tables of the journal; the layers of `specs` keep their former rows."""
        specs = list(specs)
        self._make(self._table(JOURNAL))
        self._run(postgis_schema.append_only(self._name, JOURNAL))
        self._make_beside(schema)
        for spec in specs:
            self._keep_former(spec)

    def migrate(self) -> None:
        """Bring the tables from schema 0 to schema 1."""
        if META in self._present:  # copied from a store of schema 0 into tables of today
            self._set_meta("schema", str(SCHEMA))
            return
        specs = self.specs()
        schema, text = quoted(self._name), "text NOT NULL DEFAULT ''"
        self._drop_triggers(LEGACY_JOURNAL)
        self._run(
            [
                f"ALTER TABLE {schema}.{LEGACY_JOURNAL} RENAME TO {JOURNAL}",
                f"ALTER TABLE {schema}.{JOURNAL} ADD COLUMN kind {text}, ADD COLUMN subject {text}",
                f"CREATE INDEX {JOURNAL}_subject ON {schema}.{JOURNAL} (kind, subject)",
            ]
        )
        self._read_columns()
        table = self._table(JOURNAL)
        for seq, record in self._connection.execute(sa.select(table.c.seq, table.c.record)).all():
            kind = json.loads(record)["kind"]
            self._connection.execute(table.update().where(table.c.seq == seq).values(kind=kind))
        self._run(postgis_schema.append_only(self._name, JOURNAL))
        self._make_beside(SCHEMA)
        for spec in specs.values():
            self._guard_anew(spec)

    def _make_beside(self, schema: int) -> None:
        """Make the tables of files and of facts about tables, and say which schema they have."""
        self._make(self._table(META))
        self._make(self._table(BLOBS))
        self._run(postgis_schema.append_only(self._name, BLOBS))
        self._set_meta("schema", str(schema))
        for table in (JOURNAL, BLOBS):
            self._set_meta(f"guards:{table}", self._guards([table]))

    def blob(self, digest: str) -> bytes | None:
        """Return the file of this SHA-256, None if there is none."""
        if BLOBS not in self._present:
            return None
        column = self._table(BLOBS).c
        found = self._connection.scalar(sa.select(column.content).where(column.digest == digest))
        return None if found is None else bytes(found)

    def blobs(self) -> Iterator[tuple[str, bytes]]:
        """Yield every file with the SHA-256 it is kept under."""
        if BLOBS not in self._present:
            return
        column = self._table(BLOBS).c
        for digest in self._connection.scalars(sa.select(column.digest).order_by(column.digest)):
            yield digest, self.blob(digest) or b""

    def add_blob(self, digest: str, content: bytes) -> None:
        """Keep a file; one that is there already is kept once."""
        if self.blob(digest) is None:
            values = {"digest": digest, "content": content}
            self._connection.execute(self._table(BLOBS).insert().values(values))

    # -- the rows ------------------------------------------------------------------------------

    def specs(self) -> dict[str, LayerSpec]:
        """Return every layer that has a table here, with the columns of that table."""
        beside = set(postgis_schema.BESIDE)
        names = {name for name in self._present if not name.startswith(_PAST)} - beside
        if self.schema is not None:
            names = {name for name in names if past_table(name) in self._present}
        return {name: self._spec(name) for name in in_order(names)}

    def _spec(self, layer: str) -> LayerSpec:
        """Return a layer as its table here has it."""
        present = self._present[layer]
        own = present if self.schema is None else self._present[past_table(layer)]
        return stored_spec(
            layer,
            {
                name: postgis_schema.DTYPES.get(declared, "str")
                for name, declared in own.items()
                if name in present and name not in {KEY, GEOMETRY, *_OWN_PAST_COLUMNS}
            },
        )

    def frames(self) -> dict[str, gpd.GeoDataFrame]:
        """Return the rows of the layers of `specs`."""
        return {
            name: postgis_rows.read(self._connection, self._layer(name), spec)
            for name, spec in self.specs().items()
        }

    def one(self, layer: str, key: str) -> gpd.GeoDataFrame | None:
        """Return the row of this key, a frame without rows if there is none; None without table."""
        if layer not in self._present:
            return None
        return postgis_rows.read(self._connection, self._layer(layer), self._spec(layer), key)

    def keys(self, layer: str, cells: Mapping[str, str], limit: int | None = None) -> list[str]:
        """Return the keys of the rows that have these `cells` in text columns, `limit` at most."""
        key = layers.ALL[layer].key
        if not {key, *cells} <= self._present.get(layer, {}).keys():
            return []
        column = self._layer(layer).c
        query = sa.select(column[key]).where(*(column[name] == cells[name] for name in cells))
        return list(self._connection.scalars(query.limit(limit)))

    def total(self, layer: str) -> bytes:
        """Return what `keep_total` kept for a layer, b"" if nothing."""
        if TOTALS not in self._present:
            return b""
        column = self._table(TOTALS).c
        found = self._connection.scalar(sa.select(column.total).where(column.layer == layer))
        return bytes(found or b"")

    def keep_total(self, layer: str, total: bytes) -> None:
        """Keep the sum over a layer's rows (`layers.content`) as it is after this transaction."""
        table = self._table(TOTALS)
        if TOTALS not in self._present:
            self._make(table)
        self._connection.execute(table.delete().where(table.c.layer == layer))
        self._connection.execute(table.insert().values(layer=layer, total=total))

    def make(self, spec: LayerSpec) -> None:
        """Make the table of a layer if it is not there, and add the columns that it lacks."""
        if spec.name not in self._present:
            self._make(postgis_schema.layer_table(self._name, spec))
            self._run([postgis_schema.spatial_index(self._name, spec.name)])
            if self.schema is not None:
                self._keep_former(spec)
        elif self.schema is not None:
            self._complete(spec)

    def put(self, layer: str, rows: gpd.GeoDataFrame, at: str) -> None:  # noqa: ARG002
        """Add rows, or change those whose key is there; columns not in `rows` stay."""
        spec = self._spec(layer)
        spec = spec.as_stored(tuple(column for column in spec.columns if column.name in rows))
        postgis_rows.put(self._connection, self._layer(layer), spec, rows)

    def remove(self, layer: str, keys: Sequence[str], at: str) -> None:  # noqa: ARG002
        """Remove rows by their keys."""
        if keys:
            table = self._layer(layer)
            own = table.c[self._spec(layer).key]
            self._connection.execute(table.delete().where(own == any_of(keys)))

    def row_versions(self, layer: str, after: int = 0) -> list[RowVersion]:
        """Return the former rows of a layer that entries after `after` replaced, oldest first."""
        if past_table(layer) not in self._present:
            return []
        names = [column.name for column in self._spec(layer).columns]
        return postgis_rows.versions(self._connection, self._versions(layer), names, after)

    def add_row_versions(self, layer: str, rows: Sequence[RowVersion]) -> None:
        """Add former rows that another store kept."""
        names = [column.name for column in self._spec(layer).columns]
        postgis_rows.add_versions(self._connection, self._versions(layer), names, rows)

    def touched(self, layer: str, after: int = 0, key: str = "") -> dict[str, int]:
        """Return key -> the last entry after `after` that touched it, of one key or of all."""
        if past_table(layer) not in self._present:
            return {}
        column = self._versions(layer).c
        query = sa.select(column["_key"], sa.func.max(column["_change"]))
        query = query.where(column["_change"] > after).group_by(column["_key"])
        if key:
            query = query.where(column["_key"] == key)
        return {row[0]: row[1] for row in self._connection.execute(query)}

    # -- the guards ----------------------------------------------------------------------------

    def require_own_guards(self) -> None:
        """Refuse to write where the guards are not those that were made (`postgis_guards`)."""
        if not self.schema:
            return  # schema 0 noted none: it is taken as it is, and they are made anew
        guarded = {name: [name, past_table(name)] for name in self.specs()}
        for name, tables in (guarded | {JOURNAL: [JOURNAL], BLOBS: [BLOBS]}).items():
            noted = self._meta(f"guards:{name}")
            postgis_guards.require_whole(self._connection, self._name, name, tables, noted)

    def _keep_former(self, spec: LayerSpec) -> None:
        """Let a layer keep its former rows; columns that its table lacks are added to it."""
        self._add_columns(spec.name, spec)
        self._make(postgis_schema.versions_table(self._name, spec))
        self._guard(spec)

    def _complete(self, spec: LayerSpec) -> None:
        """Add the columns that a live layer lacks, to its former rows too; renew its guards."""
        past = past_table(spec.name)
        if all(column.name in self._present[past] for column in spec.columns):
            return
        self._add_columns(spec.name, spec)
        self._add_columns(past, spec)
        self._guard_anew(self._spec(spec.name))

    def _add_columns(self, table: str, spec: LayerSpec) -> None:
        for column in spec.columns:
            if column.name not in self._present[table]:
                add = postgis_schema.add_column(self._name, table, column.name, column.dtype)
                self._run([add])
        self._read_columns()

    def _guard_anew(self, spec: LayerSpec) -> None:
        for table in (spec.name, past_table(spec.name)):
            self._drop_triggers(table)
        self._guard(spec)

    def _guard(self, spec: LayerSpec) -> None:
        """Make the triggers of a layer, and note what they are."""
        self._run(postgis_schema.guards(self._name, spec))
        tables = [spec.name, past_table(spec.name)]
        self._set_meta(f"guards:{spec.name}", self._guards(tables))

    def _guards(self, tables: Sequence[str]) -> str:
        return postgis_guards.digest(self._connection, self._name, tables)

    def _drop_triggers(self, table: str) -> None:
        self._run(postgis_guards.dropping(self._connection, self._name, table))

    # -- statements ----------------------------------------------------------------------------

    def _table(self, name: str) -> sa.Table:
        """Return a table that belongs to no layer."""
        return postgis_schema.BESIDE[name](self._name)

    def _layer(self, layer: str) -> sa.Table:
        return postgis_schema.layer_table(self._name, self._spec(layer))

    def _versions(self, layer: str) -> sa.Table:
        return postgis_schema.versions_table(self._name, self._spec(layer))

    def _meta(self, name: str) -> str:
        column = self._table(META).c
        found = self._connection.scalar(sa.select(column.value).where(column.name == name))
        return str(found or "")

    def _set_meta(self, name: str, value: str) -> None:
        self._known_schema = None
        table = self._table(META)
        self._connection.execute(table.delete().where(table.c.name == name))
        self._connection.execute(table.insert().values(name=name, value=value))

    def _make(self, table: sa.Table) -> None:
        self._connection.execute(sa.schema.CreateSchema(self._name, if_not_exists=True))
        table.create(self._connection)
        self._read_columns()

    def _run(self, statements: Iterable[str]) -> None:
        for statement in statements:
            self._connection.exec_driver_sql(statement)
