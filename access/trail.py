"""The audit trail 审计: who signed in, changed accounts and took files away; a chain of records."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from json import loads
from pathlib import Path

from access.database import opened
from geo.errors import StoreError
from store.chain import GENESIS, Link, broken_link, canonical, sealed
from wording import Text


class EventKind(StrEnum):
    """What an entry of the trail records."""

    SIGNED_IN = "signed_in"
    REFUSED = "refused"
    LOCKED_OUT = "locked_out"
    SIGNED_OUT = "signed_out"
    ADDED = "added"
    DISABLED = "disabled"
    ENABLED = "enabled"
    PASSWORD = "password"  # noqa: S105 - the kind of an event
    GRANTED = "granted"
    DOWNLOAD = "download"


EVENT_LABELS: dict[str, Text] = {
    EventKind.SIGNED_IN: Text("登录", "signed in"),
    EventKind.REFUSED: Text("登录被拒", "refused"),
    EventKind.LOCKED_OUT: Text("锁定", "locked out"),
    EventKind.SIGNED_OUT: Text("退出", "signed out"),
    EventKind.ADDED: Text("新增帐户", "account added"),
    EventKind.DISABLED: Text("停用帐户", "account disabled"),
    EventKind.ENABLED: Text("启用帐户", "account enabled"),
    EventKind.PASSWORD: Text("重设口令", "password reset"),
    EventKind.GRANTED: Text("授予角色", "roles granted"),
    EventKind.DOWNLOAD: Text("下载", "download"),
}


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """
    One entry of the trail.

    Attributes
    ----------
    at : str
        When, ISO 8601.
    kind : str
        What happened, an `EventKind`.
    by : str
        The account that acted, the login name at the command line.
    about : str
        Of whom or what: an account, a file's name; "" if of itself.
    address : str
        From where, "" at the command line.
    """

    at: str
    kind: str
    by: str
    about: str = ""
    address: str = ""


class AuditTrail:
    """
    The audit trail of a server: entries are added only, each with the digest of the one before.

    Parameters
    ----------
    path : pathlib.Path
        Its file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(
        self, kind: EventKind, by: str, now: datetime, *, about: str = "", address: str = ""
    ) -> None:
        """Add an entry."""
        event = AuditEvent(now.isoformat(timespec="seconds"), kind, by, about, address)
        with opened(self._path) as base:
            last = base.execute("SELECT digest FROM trail ORDER BY seq DESC LIMIT 1").fetchone()
            link = sealed(canonical(asdict(event)), last[0] if last else GENESIS)
            base.execute("INSERT INTO trail (record, previous, digest) VALUES (?, ?, ?)", link)

    def newest(self, count: int) -> Sequence[AuditEvent]:
        """Return so many entries, the newest first."""
        with opened(self._path) as base:
            query = "SELECT record FROM trail ORDER BY seq DESC LIMIT ?"
            rows = base.execute(query, (count,)).fetchall()
        return [AuditEvent(**loads(record)) for (record,) in rows]

    def verify(self) -> int:
        """
        Check every entry against the one before, and return how many there are.

        Raises
        ------
        StoreError
            Naming the first that was altered, or follows one that is missing.
        """
        with opened(self._path) as base:
            rows = base.execute(
                "SELECT record, previous, digest FROM trail ORDER BY seq"
            ).fetchall()
        broken = broken_link(Link(*row) for row in rows)
        if broken is not None:
            raise StoreError(
                f"audit trail: entry {broken} was altered, or the one before is missing",
                f"审计记录第 {broken} 条被改动，或其前一条缺失",
            )
        return len(rows)
