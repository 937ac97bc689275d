"""
The gate: the first to see every request and every message, closed unless a rule opens it.

It stands in front of Streamlit and of our own routes: names and origins are checked before
Streamlit sees them, which would look up its own address on the internet to do so.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access.identity import Identity
from views.server import messages
from views.server.guard import Guard
from views.server.headers import security_headers
from views.server.hosts import AllowedHosts, is_same_origin
from views.server.open_routes import CHANGING, STREAM, OpenRoute, find_route
from views.server.uploads import UploadBudget
from views.server.visit import NOT_SIGNED_IN, Visit
from views.who import ACCOUNT_HEADER
from wording import LANGUAGES, say

_LOG = logging.getLogger("litong")
_LOCAL_ORIGIN: Final = "http://localhost"  # accepted by Streamlit without a look-up
_BETWEEN_PARTS_S: Final = 30.0
_UPLOAD_S: Final = 600.0
_REFUSED, _TOO_BIG, _UNSUPPORTED = 1008, 1009, 1003  # codes of a websocket's end, RFC 6455


class Gate:
    """
    ASGI middleware that answers, or lets through, by rules.

    Parameters
    ----------
    app : ASGIApp
        What is behind the gate.
    hosts : AllowedHosts
        Names under which a browser may ask.
    routes : sequence of OpenRoute
        What is open.
    stream : str
        Path of the page's websocket.
    script : str
        Path of the page's script, which no browser is told.
    uploads : UploadBudget
        What may be uploaded.
    guard : Guard, optional
        Knows who asks; None lets everybody in.
    sign_in : str
        Path of the page where one signs in.
    """

    def __init__(  # noqa: PLR0913 - what is open, to whom
        self,
        app: ASGIApp,
        *,
        hosts: AllowedHosts,
        routes: Sequence[OpenRoute],
        stream: str = STREAM,
        script: str,
        uploads: UploadBudget,
        guard: Guard | None = None,
        sign_in: str = "/login",
    ) -> None:
        self._app, self._hosts, self._routes = app, hosts, routes
        self._stream, self._script, self._uploads = stream, script.encode(), uploads
        self._guard, self._sign_in = guard, sign_in
        self._headers = security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or let through; a scope of an unknown type gets nothing."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        route = find_route(self._routes, scope["method"], scope["path"])
        is_stored = route is not None and route.is_stored
        send = _with_headers(send, self._headers, is_stored=is_stored)
        if not self._hosts.allow(headers.get("host", "")):
            await _answer(421, "server.unknown_host")(scope, receive, send)
        elif not _is_own(headers, scope["method"]):
            await _answer(403, "server.foreign_page")(scope, receive, send)
        elif (refusal := await self._refusal(scope, route)) is not None:
            await refusal(scope, receive, send)
        elif scope["method"] == "PUT":
            await self._upload(headers, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _refusal(self, scope: Scope, route: OpenRoute | None) -> ASGIApp | None:
        """Return the answer to whoever has not signed in, or asks for what is not there."""
        if self._guard is not None and not (route and route.is_public):
            identity = await self._guard.identity(scope)
            if identity is None and route and route.is_page and scope["method"] == "GET":
                return RedirectResponse(self._asking_back(scope), 303)
            if identity is None:
                return _answer(401, "server.sign_in")
            if not self._guard.may_ask(identity, scope["path"]):
                return _answer(404, "server.not_found")
        return None if route is not None else _answer(404, "server.not_found")

    def _asking_back(self, scope: Scope) -> str:
        """Return the address where one signs in and is led back to what one asked for."""
        query = scope["query_string"].decode("latin-1")
        return f"{self._sign_in}?next={quote(scope['path'] + (query and f'?{query}'), safe='/')}"

    async def _upload(self, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        """Let an upload through that says its size, fits the budget and arrives in time."""
        size = headers.get("content-length", "")
        if not (size.isascii() and size.isdigit()):
            await _answer(411, "server.no_length")(scope, receive, send)
            return
        with self._uploads.reserved(int(size)) as has_room:
            if not has_room:
                await _answer(503, "server.uploads_full")(scope, receive, send)
                return
            try:
                await self._app(scope, _in_time(receive), send)
            except ClientDisconnect:
                await _answer(408, "server.too_slow")(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        is_open = scope["path"] == self._stream and self._hosts.allow(host)
        if not is_open or not is_same_origin(headers.get("origin", ""), host):
            await send({"type": "websocket.close", "code": _REFUSED})
            return
        identity = await self._guard.identity(scope, is_use=False) if self._guard else None
        if self._guard and identity is None:
            await send({"type": "websocket.close", "code": NOT_SIGNED_IN})
            return
        own = _stream_headers(scope, identity)
        receive = _wanted(receive, send)
        send = _without_path(send, self._script)
        if self._guard and identity:
            visit = Visit(self._guard, identity, scope, self._sign_in)
            receive, send = visit.receiving(receive, send), visit.telling(send)
        await self._app({**scope, "headers": own.raw}, receive, send)


def _stream_headers(scope: Scope, identity: Identity | None) -> MutableHeaders:
    """Return the headers that Streamlit gets: an origin of its own, and the account of the gate."""
    own = MutableHeaders(raw=list(scope["headers"]))
    own["origin"] = _LOCAL_ORIGIN
    del own[ACCOUNT_HEADER]
    if identity is not None:
        own[ACCOUNT_HEADER] = quote(identity.account)
    return own


def _answer(status: int, key: str) -> PlainTextResponse:
    """Return an answer that says why in both languages, and ends the connection."""
    sentence = "\n".join(say(key, language) for language in LANGUAGES)
    return PlainTextResponse(
        f"{sentence}\n", status, {"Connection": "close", "Cache-Control": "no-store"}
    )


def _is_own(headers: Headers, method: str) -> bool:
    """Return whether no page of another site asks; following a link to here is none's doing."""
    origin = headers.get("origin")
    if method in CHANGING and origin is not None and not is_same_origin(origin, headers["host"]):
        return False
    is_foreign = headers.get("sec-fetch-site") in {"cross-site", "same-site"}
    return not is_foreign or headers.get("sec-fetch-mode") == "navigate"


def _with_headers(send: Send, headers: Mapping[str, str], *, is_stored: bool) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = MutableHeaders(scope=message)
            own.update(headers)
            if not is_stored:
                own["Cache-Control"] = "no-store"
        await send(message)

    return guarded


def _in_time(receive: Receive) -> Receive:
    """Return a `receive` that takes a body as broken off when it arrives too slowly."""
    ends = asyncio.get_running_loop().time() + _UPLOAD_S

    async def part() -> Message:
        left = ends - asyncio.get_running_loop().time()
        try:
            return await asyncio.wait_for(receive(), min(_BETWEEN_PARTS_S, left))
        except TimeoutError:
            return {"type": "http.disconnect"}

    return part


def _wanted(receive: Receive, send: Send) -> Receive:
    """Return a `receive` that gives the messages pages need, and ends with one that is none."""

    async def wanted() -> Message:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            frame = message.get("bytes")
            if frame is None or len(frame) > messages.MOST_BYTES:
                code = _UNSUPPORTED if frame is None else _TOO_BIG
                await send({"type": "websocket.close", "code": code})
                return {"type": "websocket.disconnect", "code": code}
            if messages.is_wanted(frame):
                return message
            _LOG.info("message of a browser refused, %d bytes", len(frame))

    return wanted


def _without_path(send: Send, path: bytes) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "websocket.send" and message.get("bytes"):
            message = {**message, "bytes": messages.without_path(message["bytes"], path)}
        await send(message)

    return guarded
