"""The file of accounts, sessions and the audit trail: SQLite, readable by its owner alone."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from geo.errors import StoreError

_OWNER_ALONE: Final = 0o600
_PATIENCE_S: Final = 5.0
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS accounts (
    account TEXT PRIMARY KEY, name TEXT NOT NULL, rights TEXT NOT NULL,
    password TEXT NOT NULL, is_disabled INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS sessions (
    digest TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (account),
    began TEXT NOT NULL, used TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS trail (
    seq INTEGER PRIMARY KEY, record TEXT NOT NULL, previous TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE
);
"""


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """
    Yield a connection in a transaction of its own: kept if the block ends, else undone.

    Raises
    ------
    StoreError
        If the file cannot be opened, read or written.
    """
    try:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, _OWNER_ALONE))
        with closing(sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)) as base:
            base.executescript(_TABLES)
            base.execute("BEGIN IMMEDIATE")
            yield base
            base.execute("COMMIT")
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"{path.name}: the file of accounts cannot be used ({error})",
            f"{path.name}：帐户文件无法使用（{error}）",
        ) from error
