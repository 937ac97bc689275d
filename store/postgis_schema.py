"""
The tables of a live store in PostgreSQL with PostGIS: one schema a district.

As in a GeoPackage, triggers keep every row as it was before an entry, whoever writes, and refuse to
alter the journal.
"""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine, UserDefinedType

from layers.column import DType
from layers.spec import LayerSpec
from store.journal_schema import BLOBS, JOURNAL, LEGACY_JOURNAL, META, TOTALS, past_table
from store.schema import GEOMETRY, KEY, quoted

_TYPE: Mapping[DType, type[TypeEngine[Any]]] = {
    "str": sa.Text,
    "int": sa.BigInteger,
    "float": sa.Double,
    "bool": sa.Boolean,
    "date": sa.Text,
}
DTYPES: Mapping[str, DType] = {
    "text": "str",
    "bigint": "int",
    "double precision": "float",
    "boolean": "bool",
}
"""What a column's declared type tells of a column that this build does not know."""


class Shape(UserDefinedType[bytes]):
    """A geometry in EPSG:4490, WKB on the Python side."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the type as PostGIS declares it."""
        return "geometry(Geometry, 4490)"

    def column_expression(self, column: ColumnElement[bytes]) -> ColumnElement[bytes]:
        """Read WKB."""
        return sa.func.ST_AsBinary(column, type_=self)


def journal_table(schema: str, name: str = JOURNAL) -> sa.Table:
    """Return the table of the journal; `LEGACY_JOURNAL` has neither kind nor subject."""
    found = [
        sa.Column(column, sa.Text, nullable=False, server_default="")
        for column in (() if name == LEGACY_JOURNAL else ("kind", "subject"))
    ]
    return sa.Table(
        name,
        sa.MetaData(schema=schema),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        *found,
        *((sa.Index(f"{name}_subject", "kind", "subject"),) if found else ()),
    )


def _meta_table(schema: str) -> sa.Table:
    return sa.Table(
        META,
        sa.MetaData(schema=schema),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _blobs_table(schema: str) -> sa.Table:
    return sa.Table(
        BLOBS,
        sa.MetaData(schema=schema),
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def _totals_table(schema: str) -> sa.Table:
    return sa.Table(
        TOTALS,
        sa.MetaData(schema=schema),
        sa.Column("layer", sa.Text, primary_key=True),
        sa.Column("total", sa.LargeBinary, nullable=False),
    )


BESIDE: Mapping[str, Callable[[str], sa.Table]] = {
    JOURNAL: journal_table,
    LEGACY_JOURNAL: lambda schema: journal_table(schema, LEGACY_JOURNAL),
    META: _meta_table,
    BLOBS: _blobs_table,
    TOTALS: _totals_table,
}
"""The tables that belong to no layer, by name."""


def layer_table(schema: str, spec: LayerSpec) -> sa.Table:
    """Return the table of a layer's rows."""
    return sa.Table(
        spec.name,
        sa.MetaData(schema=schema),
        sa.Column(KEY, sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column(GEOMETRY, Shape),
        *_columns(spec),
        sa.UniqueConstraint(spec.key, name=f"litong_key_{spec.name}"),
    )


def versions_table(schema: str, spec: LayerSpec) -> sa.Table:
    """Return the table of a layer's former rows."""
    return sa.Table(
        past_table(spec.name),
        sa.MetaData(schema=schema),
        sa.Column("_id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("_change", sa.BigInteger, nullable=False, index=True),
        sa.Column("_action", sa.Text, nullable=False),
        sa.Column("_key", sa.Text, index=True),
        sa.Column(GEOMETRY, sa.LargeBinary),
        *_columns(spec),
    )


def _columns(spec: LayerSpec) -> list[sa.Column[object]]:
    return [sa.Column(column.name, _TYPE[column.dtype]) for column in spec.columns]


def add_column(schema: str, table: str, name: str, dtype: DType) -> str:
    """Return the statement that adds a column to a table."""
    kind = _TYPE[dtype]().compile(postgresql.dialect())  # type: ignore[no-untyped-call]
    return f"ALTER TABLE {named(schema, table)} ADD COLUMN {quoted(name)} {kind}"


def spatial_index(schema: str, layer: str) -> str:
    """Return the statement that indexes a layer's geometry."""
    return f"CREATE INDEX ON {named(schema, layer)} USING gist ({GEOMETRY})"


def append_only(schema: str, table: str) -> list[str]:
    """Return the statements that let rows of a table be added only."""
    refuse, every = f"{quoted(schema)}.litong_append_only", "BEFORE UPDATE OR DELETE OR TRUNCATE"
    return [
        _function(refuse, "RAISE EXCEPTION 'the record is append-only';"),
        _trigger("append_only", every, named(schema, table), "", refuse),
    ]


COLUMNS = (
    "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " WHERE n.nspname = :schema AND c.relkind = 'r' ORDER BY c.relname, a.attnum"
)
"""Every table of a schema with its columns in order and their declared types."""


def guards(schema: str, spec: LayerSpec) -> list[str]:
    """Return the statements that let a layer keep its former rows from now on."""
    table, entries = named(schema, spec.name), named(schema, JOURNAL)
    lock = (
        # A frozen snapshot would give the rows the number of an entry that is sealed already.
        "IF current_setting('transaction_isolation') <> 'read committed' THEN"
        " RAISE EXCEPTION 'write with READ COMMITTED'; END IF;"
        f" LOCK TABLE {entries} IN SHARE ROW EXCLUSIVE MODE;"
    )
    made = append_only(schema, past_table(spec.name))
    for event, (rows, body) in _keeping(schema, spec).items():
        keep = f"{quoted(schema)}.{quoted(f'litong_{event}_{spec.name}')}"
        made += [
            _function(keep, f"{lock} {body} RETURN NULL;"),
            _trigger(f"keep_{event}", f"AFTER {event}", table, f"REFERENCING {rows}", keep),
        ]
    refuse = f"{quoted(schema)}.litong_append_only"
    return [*made, _trigger("no_truncate", "BEFORE TRUNCATE", table, "", refuse)]


def _keeping(schema: str, spec: LayerSpec) -> dict[str, tuple[str, str]]:
    """Return event -> the rows it tells of, and what keeps them: `was` and `now` are those rows."""
    past = named(schema, past_table(spec.name))
    names, key = [quoted(column.name) for column in spec.columns], quoted(spec.key)
    number = f"(SELECT coalesce(max(seq), 0) + 1 FROM {named(schema, JOURNAL)})"
    old = ", ".join([f"ST_AsBinary(was.{GEOMETRY})", *(f"was.{name}" for name in names)])

    def kept(action: str, which: str) -> str:
        rows = ", ".join(["_change", "_action", "_key", GEOMETRY, *names])
        values = f"{number}, '{action}', was.{key}, {old}"
        return f"INSERT INTO {past} ({rows}) SELECT {values} FROM was {which} ORDER BY was.{KEY};"

    def added(which: str) -> str:
        values = f"{number}, 'added', now.{key}"
        rows = "_change, _action, _key"
        return f"INSERT INTO {past} ({rows}) SELECT {values} FROM now {which} ORDER BY now.{KEY};"

    same = f"now.{key} IS NOT DISTINCT FROM was.{key}"
    renamed = (
        kept("removed", f"WHERE NOT EXISTS (SELECT FROM now WHERE {same})"),
        added(f"WHERE NOT EXISTS (SELECT FROM was WHERE {same})"),
    )
    changed = kept("changed", f"JOIN now ON {same}")
    return {
        "insert": ("NEW TABLE AS now", added("")),
        "update": ("OLD TABLE AS was NEW TABLE AS now", " ".join([changed, *renamed])),
        "delete": ("OLD TABLE AS was", kept("removed", "")),
    }


def _function(name: str, body: str) -> str:
    head = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
    return f"{head} AS $$ BEGIN {body} END $$"


def _trigger(name: str, event: str, table: str, rows: str, function: str) -> str:
    head = f"CREATE TRIGGER litong_{name} {event} ON {table} {rows}"
    return f"{head} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"


def named(schema: str, table: str) -> str:
    """Return the name of a table with its schema, as SQL."""
    return f"{quoted(schema)}.{quoted(table)}"
