"""
The triggers that guard a live GeoPackage: what they are, and whether they still are what was made.

They are compared with the digest that was taken when they were made, never with what this build
would make: the guards of an earlier build are as good.
"""

import hashlib
import sqlite3
from collections.abc import Collection, Iterator, Mapping

from geo.errors import StoreError
from layers.spec import LayerSpec
from store import journal_schema
from store.journal_schema import BLOBS, JOURNAL, LEGACY_JOURNAL, META, past_table
from store.schema import quoted


def triggers(base: sqlite3.Connection, tables: Collection[str]) -> dict[str, str]:
    """Return the triggers of tables, name -> statement."""
    marks = ", ".join("?" * len(tables))
    which = f"type = 'trigger' AND lower(tbl_name) IN ({marks})"
    rows = base.execute(f"SELECT name, sql FROM sqlite_master WHERE {which}", list(tables))
    return dict(rows.fetchall())


def drop(base: sqlite3.Connection, tables: Collection[str]) -> None:
    """Drop the triggers of tables."""
    for name in triggers(base, tables):
        base.execute(f"DROP TRIGGER {quoted(name)}")


def note(base: sqlite3.Connection, name: str, tables: Collection[str]) -> None:
    """Keep the digest of the triggers of tables, as they are, under a name."""
    row = (f"guards:{name}", _digest(base, tables))
    base.execute(f"INSERT OR REPLACE INTO {META} VALUES (?, ?)", row)


def require_whole(base: sqlite3.Connection, specs: Mapping[str, LayerSpec]) -> None:
    """
    Refuse to write where what keeps former rows and R-trees is gone, or is somebody else's.

    Raises
    ------
    StoreError
        Naming the table.
    """
    noted = dict(base.execute(f"SELECT name, value FROM {META} WHERE name LIKE 'guards:%'"))
    guarded = {name: [name, past_table(name)] for name in specs}
    for name, tables in (guarded | {JOURNAL: [JOURNAL], BLOBS: [BLOBS]}).items():
        if _digest(base, tables) != noted.get(f"guards:{name}"):
            raise _altered(name)


def require_whole_legacy(base: sqlite3.Connection, specs: Mapping[str, LayerSpec]) -> None:
    """Do the same in a store of schema 0, which noted no digest: its statements are known."""
    for name, tables, expected in _legacy(specs):
        if set(triggers(base, tables).values()) != expected:
            raise _altered(name)


def _legacy(specs: Mapping[str, LayerSpec]) -> Iterator[tuple[str, list[str], set[str]]]:
    for name, spec in specs.items():
        yield name, [name, past_table(name)], set(journal_schema.guards(spec, LEGACY_JOURNAL))
    yield LEGACY_JOURNAL, [LEGACY_JOURNAL], set(journal_schema.LEGACY_GUARDS)


def _digest(base: sqlite3.Connection, tables: Collection[str]) -> str:
    text = "\n".join(sorted(triggers(base, tables).values()))
    return hashlib.sha256(text.encode()).hexdigest()


def _altered(table: str) -> StoreError:
    return StoreError(
        f"{table}: its triggers were altered by other software; nothing was written. "
        "Restore a backup into a new folder",
        f"{table}：触发器被其他软件改动，未写入。请将备份恢复到新文件夹",
    )
