"""Who asks: the session of a cookie, or the account that a trusted proxy names."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from starlette.requests import HTTPConnection
from starlette.types import Scope

from access.identity import AccessError, Identity
from access.register import AccessRegister
from access.sight import Sight

COOKIE: Final = "litong_session"
_ADDRESS: Final = re.compile(rb"(?:media/[0-9a-f]+\.[\w.-]+|geo/[0-9a-f]{64})", re.ASCII)
_MOST_ADDRESSES: Final = 20_000  # of all accounts


def _now() -> datetime:
    return datetime.now(UTC)


class Guard:
    """
    Knows who asks, and what their pages were told.

    Parameters
    ----------
    register : AccessRegister
        Accounts and sessions.
    now : callable, optional
        Return the time.
    """

    def __init__(self, register: AccessRegister, now: Callable[[], datetime] = _now) -> None:
        self.register, self.now = register, now
        self._told: OrderedDict[tuple[str, Sight, bytes], None] = OrderedDict()

    async def identity(self, scope: Scope, *, is_use: bool = True) -> Identity | None:
        """Return who asks, None if nobody known does; `is_use` as in `Sessions.account`."""
        return await asyncio.to_thread(self._identity, HTTPConnection(scope), is_use=is_use)

    def _identity(self, asks: HTTPConnection, *, is_use: bool) -> Identity | None:
        account = self._named(asks, is_use=is_use)
        if account is None:
            return None
        try:
            return self.register.identity(account)
        except AccessError:
            return None

    def _named(self, asks: HTTPConnection, *, is_use: bool) -> str | None:
        settings = self.register.settings
        if settings.mode == "local":
            token = asks.cookies.get(COOKIE, "")
            return self.register.sessions.account(token, self.now(), is_use=is_use)
        proxy = settings.proxy
        is_trusted = proxy is not None and proxy.trusts(_peer(asks))
        return asks.headers.get(proxy.header) if proxy and is_trusted else None

    def address(self, asks: HTTPConnection) -> str:
        """Return the address that asks: the proxy's word is taken where it is trusted."""
        proxy, peer = self.register.settings.proxy, _peer(asks)
        if proxy is None or not proxy.trusts(peer):
            return peer
        return asks.headers.get("x-forwarded-for", peer).rpartition(",")[2].strip()

    def note_told(self, identity: Identity, frame: bytes) -> None:
        """Note the addresses of data in a message to a page of somebody."""
        for found in _ADDRESS.findall(frame):
            key = (identity.account, identity.sight, found)
            self._told[key] = None
            self._told.move_to_end(key)
        while len(self._told) > _MOST_ADDRESSES:
            self._told.popitem(last=False)

    def may_ask(self, identity: Identity, path: str) -> bool:
        """Return whether a path is none of data, or a page of somebody was told of it."""
        found = _ADDRESS.search(path.encode("utf-8", "replace"))
        return found is None or (identity.account, identity.sight, found[0]) in self._told


def _peer(asks: HTTPConnection) -> str:
    return asks.client.host if asks.client else ""
