"""
The record: the events of every site, append-only, in one SQLite file beside the district.

Opened by the standard library's sqlite3 alone and only for the moment of a read or a write. Two
officers who saw the same version of a site cannot both write: the second gets a `ConflictError`
that carries the draft, so that nothing typed is lost.
"""

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from geo.errors import StoreError
from greening.workflow import (
    Draft,
    Event,
    Kind,
    Role,
    Standing,
    broken_link,
    canonical,
    replay,
    require_allowed,
    require_whole,
    sealed,
)
from store.chain import GENESIS
from store.journal_schema import append_only

FILE_NAME = "greening.sqlite"
_WAIT_S = 10.0

_TABLE = """
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY,
    site_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    event TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    UNIQUE (site_id, version)
) STRICT
"""
_GUARDS = [
    statement.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS", 1)
    for statement in append_only("events", "seq", "digest", "site_id AND version")
]


class ConflictError(StoreError):
    """Someone wrote about the site after the officer last looked; the draft is kept in `draft`."""

    def __init__(self, draft: Draft, latest: Event) -> None:
        super().__init__(
            f"site {draft.site_id} was changed by {latest.draft.who} at {latest.draft.at}; "
            "nothing was written, your entry is kept below",
            f"绿化点 {draft.site_id} 已由 {latest.draft.who} 于 {latest.draft.at} 更新；"
            "本次未写入，您填写的内容保留如下",
        )
        self.draft = draft
        self.latest = latest


class Record:
    """
    The record in one file.

    Parameters
    ----------
    path : Path
        The SQLite file; made on the first write.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def events(self) -> list[Event]:
        """
        Return every event, in order.

        Raises
        ------
        StoreError
            If the file cannot be read, or an event was altered.
        """
        if not self._path.exists():
            return []
        with self._reading() as connection:
            events = list(_read(connection))
        place = broken_link(events)
        if place is not None:
            raise _altered(place)
        return events

    def standings(self, starting: Mapping[str, str] | None = None) -> dict[str, Standing]:
        """Return what the record adds up to (`greening.workflow.replay`)."""
        return replay(self.events(), starting)

    def append(self, draft: Draft, seen: Standing) -> Event:
        """
        Write one event.

        Parameters
        ----------
        draft : Draft
            What to write.
        seen : Standing
            The site as the officer saw it.

        Returns
        -------
        Event
            As written.

        Raises
        ------
        ConflictError
            If the site has changed since `seen`; nothing is written.
        DataError
            If the move is not allowed from there.
        StoreError
            If the file cannot be written.
        """
        with self._writing() as connection:
            connection.execute("BEGIN IMMEDIATE")
            latest = _latest(connection, draft.site_id)
            if latest is not None and latest.version != seen.version:
                raise ConflictError(draft, latest)
            require_allowed(seen, draft)
            event = _next(connection, draft, version=seen.version + 1)
            text = canonical(draft, seq=event.seq, version=event.version)
            row = (event.seq, draft.site_id, event.version, text, event.previous, event.digest)
            connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", row)
            connection.execute("COMMIT")
        return event

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Open the file without touching it: an audit may stand on a medium that is read-only."""
        is_archive = not os.access(self._path.parent, os.W_OK)
        address = f"{self._path.absolute().as_uri()}?{'immutable=1' if is_archive else 'mode=ro'}"
        with self._told(), closing(sqlite3.connect(address, _WAIT_S, uri=True)) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with (
            self._told(),
            closing(sqlite3.connect(self._path, _WAIT_S, isolation_level=None)) as connection,
        ):
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            for statement in (_TABLE, *_GUARDS):
                connection.execute(statement)
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what went wrong with the file, naming it."""
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(
                f"{self._path.name}: {error}", f"{self._path.name}：无法读写绿化记录"
            ) from error


def _altered(place: int) -> StoreError:
    return StoreError(
        f"{FILE_NAME}: event {place} was altered or does not follow the one before",
        f"{FILE_NAME}：第 {place} 条记录被改动或与前一条不衔接",
    )


def _next(connection: sqlite3.Connection, draft: Draft, *, version: int) -> Event:
    last = connection.execute("SELECT seq, digest FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = last or (0, GENESIS)
    return sealed(draft, previous, seq=seq + 1, version=version)


def _latest(connection: sqlite3.Connection, site_id: str) -> Event | None:
    found = _read(connection, "WHERE site_id = ? ORDER BY version DESC LIMIT 1", (site_id,))
    return next(found, None)


def _read(
    connection: sqlite3.Connection, which: str = "ORDER BY seq", values: tuple[str, ...] = ()
) -> Iterator[Event]:
    """Yield events; one that is no longer an event is named by its place."""
    if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return  # someone is about to write the first entry
    query = f"SELECT seq, event, previous, digest FROM events {which}"  # noqa: S608 - our own text
    for seq, text, previous, digest in connection.execute(query, values):
        try:
            event = _event(text, previous, digest)
            require_whole(event.draft)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise _altered(seq) from error
        yield event


def _event(text: str, previous: str, digest: str) -> Event:
    fields = json.loads(text)
    seq, version = fields.pop("seq"), fields.pop("version")
    kind, role = Kind(fields.pop("kind")), Role(fields.pop("role"))
    return Event(seq, version, Draft(kind=kind, role=role, **fields), previous, digest)
