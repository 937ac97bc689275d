"""The triggers that guard a live store on a server, and whether they are still what was made."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from geo.errors import StoreError
from store.postgis_schema import named
from store.schema import quoted

_TRIGGERS = (
    "SELECT t.tgname, t.tgtype, t.tgenabled, p.proname, p.prosrc"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_proc p ON p.oid = t.tgfoid"
    " WHERE n.nspname = :schema AND c.relname = ANY(:tables) AND NOT t.tgisinternal"
    " ORDER BY c.relname, t.tgname"
)
"""What the triggers of tables are: name, moment, whether it is on, the text of its function."""


def digest(connection: sa.Connection, schema: str, tables: Sequence[str]) -> str:
    """Return the SHA-256 of the triggers of tables, as they are."""
    rows = [tuple(map(str, row)) for row in _triggers(connection, schema, tables)]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def dropping(connection: sa.Connection, schema: str, table: str) -> list[str]:
    """Return the statements that drop the triggers of a table."""
    names = [row[0] for row in _triggers(connection, schema, [table])]
    return [f"DROP TRIGGER {quoted(name)} ON {named(schema, table)}" for name in names]


def require_whole(
    connection: sa.Connection, schema: str, name: str, tables: Sequence[str], noted: str
) -> None:
    """
    Refuse to write where the triggers of tables are not those whose digest was noted.

    Raises
    ------
    StoreError
        Naming the table.
    """
    if digest(connection, schema, tables) != noted:
        raise StoreError(
            f"{name}: its triggers were altered by other software; nothing was written. "
            "Restore a backup into a new database",
            f"{name}：触发器被其他软件改动，未写入。请将备份恢复到新数据库",
        )


def _triggers(
    connection: sa.Connection, schema: str, tables: Sequence[str]
) -> Sequence[sa.Row[Any]]:
    given = {"schema": schema, "tables": list(tables)}
    return connection.execute(sa.text(_TRIGGERS), given).all()
