"""Run the server: uvicorn with bounds on what an unfinished request or a message may take."""

import asyncio
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from views.server.log import RequestLog, start_log
from views.server.messages import MOST_BYTES
from views.server.settings import ServerSettings

HEAD_S: Final = 30.0
"""Seconds in which the head of a request must be whole."""

_MOST_CONNECTIONS: Final = 800
_PING_S: Final = 30.0
_LEAVING_S: Final = 5


class TimedProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection on which no head of a request arrives in time."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock."""
        super().connection_made(transport)
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        """Take what came; the clock runs on until the head is whole."""
        super().data_received(data)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop()
        super().connection_lost(exc)

    @property
    def _has_request(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _watch_head(self) -> None:
        if self._has_request or self.transport.get_protocol() is not self:
            self._stop()
        elif self._timer is None:
            self._timer = self.loop.call_later(HEAD_S, self._close)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _close(self) -> None:
        self._timer = None
        if not self._has_request and self.transport.get_protocol() is self:
            self.transport.close()


def uvicorn_options() -> dict[str, Any]:
    """Return the options of uvicorn that bound what a client may take."""
    return {
        "http": TimedProtocol,
        "ws": "websockets-sansio",
        "ws_max_size": MOST_BYTES,
        "ws_ping_interval": _PING_S,
        "ws_ping_timeout": _PING_S,
        "ws_per_message_deflate": False,
        "proxy_headers": False,  # what a proxy says is believed, or not, by the guard
        "limit_concurrency": _MOST_CONNECTIONS,
        "timeout_graceful_shutdown": _LEAVING_S,
        "server_header": False,
        "access_log": False,
        "log_level": "warning",
    }


def run(app: ASGIApp, settings: ServerSettings) -> None:
    """Serve `app` until interrupted."""
    if settings.log:
        start_log(Path(settings.log))
        app = RequestLog(app)
    uvicorn.run(app, host=settings.host, port=settings.port, **uvicorn_options())
