"""
The journal inside a GeoPackage: the SQL of its entries, its files, and every row as it was before.

Triggers keep the former rows, whoever writes: a row that another program edits is kept too.
"""

import sqlite3

from layers.spec import LayerSpec
from store.chain import Link
from store.schema import GEOMETRY, KEY, SQL_TYPE, quoted, rtree_triggers

JOURNAL = "litong_journal"
LEGACY_JOURNAL = "litong_changes"
"""What the journal was called in schema 0."""
BLOBS = "litong_blobs"
META = "litong_meta"
"""Facts about the tables themselves: the schema's number, and the digest of each layer's guards."""
TOTALS = "litong_totals"
"""The sum over the rows of each layer, to be believed if the newest entry has its digest."""

JOURNAL_TABLE = (
    f"CREATE TABLE {JOURNAL} (seq INTEGER PRIMARY KEY, record TEXT NOT NULL,"
    " previous TEXT NOT NULL, digest TEXT NOT NULL UNIQUE,"
    " kind TEXT NOT NULL DEFAULT '', subject TEXT NOT NULL DEFAULT '')"
)
JOURNAL_INDEX = f"CREATE INDEX {JOURNAL}_subject ON {JOURNAL} (kind, subject)"
BLOBS_TABLE = f"CREATE TABLE {BLOBS} (digest TEXT PRIMARY KEY, content BLOB NOT NULL)"
META_TABLE = f"CREATE TABLE {META} (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
TOTALS_TABLE = f"CREATE TABLE IF NOT EXISTS {TOTALS} (layer TEXT PRIMARY KEY, total BLOB NOT NULL)"


def last_record(base: sqlite3.Connection) -> Link | None:
    """Return the newest record of an open GeoPackage, None where there is no journal."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN (?, ?)"
    table = base.execute(query, (JOURNAL, LEGACY_JOURNAL)).fetchone()
    if table is None:
        return None
    newest = f"SELECT record, previous, digest FROM {table[0]} ORDER BY seq DESC LIMIT 1"
    row = base.execute(newest).fetchone()
    return Link(*row) if row else None


def append_only(table: str, *unique: str) -> list[str]:
    """
    Return the triggers that let rows of `table` be added only.

    Parameters
    ----------
    table : str
        The table.
    *unique : str
        Its unique columns, apart by AND where several are unique together: a row that has the
        values of another would replace it without any UPDATE or DELETE.
    """
    same = " OR ".join(
        " AND ".join(f"{column} = NEW.{column}" for column in columns.split(" AND "))
        for columns in unique
    )
    when = {
        "UPDATE": "",
        "DELETE": "",
        "INSERT": f"WHEN EXISTS (SELECT 1 FROM {quoted(table)} WHERE {same}) ",
    }
    return [
        f"CREATE TRIGGER {quoted(f'{table}_no_{action.lower()}')} BEFORE {action} "
        f"ON {quoted(table)} {condition}"
        "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
        for action, condition in when.items()
    ]


JOURNAL_GUARDS = append_only(JOURNAL, "seq", "digest")
LEGACY_GUARDS = append_only(LEGACY_JOURNAL, "seq", "digest")
BLOBS_GUARDS = append_only(BLOBS, "digest")


def past_table(layer: str) -> str:
    """Return the name of the table with the former rows of `layer`."""
    return f"litong_past_{layer}"


def _next(journal: str) -> str:
    return f"(SELECT coalesce(max(seq), 0) + 1 FROM {journal})"


def keep_past(spec: LayerSpec) -> str:
    """Return the statement that adds a former row: entry, action, key, then as `_columns`."""
    names = ["_change", "_action", "_key", *_columns(spec)]
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {quoted(past_table(spec.name))} ({', '.join(names)}) VALUES ({marks})"


def added_since(spec: LayerSpec) -> str:
    """Return the statement that notes every row after the one of number ?1 as added."""
    return (
        f"INSERT INTO {quoted(past_table(spec.name))} (_change, _action, _key)"
        f" SELECT {_next(JOURNAL)}, 'added', {quoted(spec.key)} FROM {quoted(spec.name)}"
        f" WHERE {KEY} > ? ORDER BY {KEY}"
    )


def past_statements(spec: LayerSpec) -> list[str]:
    """Return what makes the table of a layer's former rows, and the index of the layer's keys."""
    past, columns = past_table(spec.name), _columns(spec)
    own = (
        "_id INTEGER PRIMARY KEY AUTOINCREMENT, _change INTEGER NOT NULL, "
        "_action TEXT NOT NULL, _key TEXT"
    )
    typed = ", ".join(f"{quoted(c.name)} {SQL_TYPE[c.dtype]}" for c in spec.columns)
    index = quoted(f"litong_key_{spec.name}")
    return [
        f"CREATE TABLE {quoted(past)} ({own}, {columns[0]} BLOB, {typed})",
        f"CREATE INDEX {quoted(f'{past}_key')} ON {quoted(past)} (_key)",
        f"CREATE INDEX {quoted(f'{past}_change')} ON {quoted(past)} (_change)",
        f"CREATE UNIQUE INDEX {index} ON {quoted(spec.name)} ({quoted(spec.key)})",
    ]


def guards(spec: LayerSpec, journal: str = JOURNAL) -> list[str]:
    """
    Return every trigger of a live layer: its R-tree's, those that keep rows, append-only.

    What stores of schema 0 hold is compared with this text; a later text needs a migration.
    """
    past, columns, key = past_table(spec.name), _columns(spec), quoted(spec.key)
    number = _next(journal)
    old = ", ".join(f"OLD.{column}" for column in columns)
    kept = f"INSERT INTO {past} (_change, _action, _key, {', '.join(columns)}) VALUES"
    added = f"INSERT INTO {past} (_change, _action, _key) VALUES ({number}, 'added', NEW.{key});"
    removed = f"{kept} ({number}, 'removed', OLD.{key}, {old});"
    changed = f"{kept} ({number}, 'changed', OLD.{key}, {old});"
    same = f"OLD.{key} IS NEW.{key}"
    rows = (
        ("added", "INSERT", "1", added),
        ("changed", "UPDATE", same, changed),
        ("renamed", "UPDATE", f"NOT ({same})", f"{removed} {added}"),
        ("removed", "DELETE", "1", removed),
    )
    return [
        *rtree_triggers(spec.name),
        *(
            f"CREATE TRIGGER {past}_{name} AFTER {event} ON {spec.name} WHEN {when} "
            f"BEGIN {body} END"
            for name, event, when, body in rows
        ),
        *append_only(past, "_id"),
    ]


def _columns(spec: LayerSpec) -> list[str]:
    return [GEOMETRY, *(quoted(column.name) for column in spec.columns)]
