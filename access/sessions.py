"""Sessions: kept on the server, ended by it at any moment; the browser holds an opaque number."""

import hashlib
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from access.database import opened

_TOKEN_BYTES: Final = 32
_NOTED_EVERY: Final = timedelta(minutes=1)


class Sessions:
    """
    The sessions of a server. Every time is told by the caller and has a time zone.

    Parameters
    ----------
    path : pathlib.Path
        Their file.
    idle, absolute : datetime.timedelta
        A session ends so long after its last use, and after its beginning.
    """

    def __init__(self, path: Path, *, idle: timedelta, absolute: timedelta) -> None:
        self._path, self._idle, self._absolute = path, idle, absolute

    def begin(self, account: str, now: datetime) -> str:
        """Return the token of a new session; of those that are over none is kept."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        at = now.isoformat()
        with opened(self._path) as base:
            limits = ((now - self._idle).isoformat(), (now - self._absolute).isoformat())
            base.execute("DELETE FROM sessions WHERE used < ? OR began < ?", limits)
            base.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?)", (_digest(token), account, at, at)
            )
        return token

    def account(self, token: str, now: datetime, *, is_use: bool = True) -> str | None:
        """
        Return whose session a token is, None if it is over.

        Parameters
        ----------
        token : str
            As the browser sent it.
        now : datetime.datetime
            The time, in the time zone of `begin`.
        is_use : bool, default True
            Whether a person did something; a page that keeps itself alive is none.
        """
        with opened(self._path) as base:
            row = base.execute(
                "SELECT s.account, s.began, s.used FROM sessions s JOIN accounts a"
                " ON a.account = s.account WHERE s.digest = ? AND a.is_disabled = 0",
                (_digest(token),),
            ).fetchone()
            if row is None:
                return None
            account, began, used = row[0], *map(datetime.fromisoformat, row[1:])
            if now - used >= self._idle or now - began >= self._absolute:
                base.execute("DELETE FROM sessions WHERE digest = ?", (_digest(token),))
                return None
            if is_use and now - used >= _NOTED_EVERY:
                base.execute(
                    "UPDATE sessions SET used = ? WHERE digest = ?",
                    (now.isoformat(), _digest(token)),
                )
        return str(account)

    def end(self, token: str) -> None:
        """End a session."""
        with opened(self._path) as base:
            base.execute("DELETE FROM sessions WHERE digest = ?", (_digest(token),))


def _digest(token: str) -> str:
    """Return what the file keeps of a token: who reads the file can use none."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
