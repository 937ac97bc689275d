"""
The trail inside a GeoPackage: the records of all changes, and every row as it was before each.

Triggers keep the former rows, whoever writes: a row that another program edits is kept too.
"""

import sqlite3

from layers.spec import LayerSpec
from store.chain import Link
from store.schema import GEOMETRY, KEY, SQL_TYPE, quoted, rtree_triggers

CHANGES = "litong_changes"
TOTALS = "litong_totals"
"""The sum over the rows of each layer, to be believed if the newest record has its digest."""
_NEXT = f"(SELECT coalesce(max(seq), 0) + 1 FROM {CHANGES})"

CHANGES_TABLE = (
    f"CREATE TABLE {CHANGES} (seq INTEGER PRIMARY KEY, record TEXT NOT NULL,"
    " previous TEXT NOT NULL, digest TEXT NOT NULL UNIQUE)"
)

TOTALS_TABLE = f"CREATE TABLE IF NOT EXISTS {TOTALS} (layer TEXT PRIMARY KEY, total BLOB NOT NULL)"


def last_record(base: sqlite3.Connection) -> Link | None:
    """Return the newest record of an open GeoPackage, None where there is no trail."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    if base.execute(query, (CHANGES,)).fetchone() is None:
        return None
    newest = f"SELECT record, previous, digest FROM {CHANGES} ORDER BY seq DESC LIMIT 1"
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


CHANGES_GUARDS = append_only(CHANGES, "seq", "digest")


def past_table(layer: str) -> str:
    """Return the name of the table with the former rows of `layer`."""
    return f"litong_past_{layer}"


def keep_past(spec: LayerSpec) -> str:
    """Return the statement that adds a former row: change, action, key, then as `_columns`."""
    names = ["_change", "_action", "_key", *_columns(spec)]
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {past_table(spec.name)} ({', '.join(names)}) VALUES ({marks})"


def added_since(spec: LayerSpec) -> str:
    """Return the statement that notes every row after the one of number ?1 as added."""
    return (
        f"INSERT INTO {past_table(spec.name)} (_change, _action, _key)"
        f" SELECT {_NEXT}, 'added', {quoted(spec.key)} FROM {spec.name}"
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
    return [
        f"CREATE TABLE {past} ({own}, {columns[0]} BLOB, {typed})",
        f"CREATE INDEX {past}_key ON {past} (_key)",
        f"CREATE INDEX {past}_change ON {past} (_change)",
        f"CREATE UNIQUE INDEX litong_key_{spec.name} ON {spec.name} ({quoted(spec.key)})",
    ]


def guards(spec: LayerSpec) -> list[str]:
    """Return every trigger of a live layer: its R-tree's, those that keep rows, append-only."""
    past, columns, key = past_table(spec.name), _columns(spec), quoted(spec.key)
    old = ", ".join(f"OLD.{column}" for column in columns)
    kept = f"INSERT INTO {past} (_change, _action, _key, {', '.join(columns)}) VALUES"
    added = f"INSERT INTO {past} (_change, _action, _key) VALUES ({_NEXT}, 'added', NEW.{key});"
    removed = f"{kept} ({_NEXT}, 'removed', OLD.{key}, {old});"
    changed = f"{kept} ({_NEXT}, 'changed', OLD.{key}, {old});"
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
