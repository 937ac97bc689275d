"""
The log of `litong serve --log FILE`: one JSON object a line, for whoever keeps the server.

It says what was asked for, how it ended and how long it took, under a number for each request and
each open page. It says nothing of people: no account, no address of a computer, no query, and of an
error only its kind and its place in the code, for its message may quote what was entered.
"""

import json
import logging
import re
import secrets
import time
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG: Final = logging.getLogger("litong.requests")
_OURS: Final = "litong"
_OTHERS: Final = ("streamlit", "uvicorn.error")
_MOST_BYTES: Final = 10_000_000
_KEPT_FILES: Final = 9
_PATH_CHARACTERS: Final = 120
_PLAIN: Final = re.compile(r"[A-Za-z_.-]{1,40}")
_REQUEST: ContextVar[str] = ContextVar("request", default="")


def start_log(path: Path) -> logging.Handler:
    """
    Write what this process logs into a file, ten of 10 MB at most, and return its handler.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    handler = RotatingFileHandler(
        path, maxBytes=_MOST_BYTES, backupCount=_KEPT_FILES, encoding="utf-8"
    )
    handler.setFormatter(JsonLines())
    for name in (_OURS, *_OTHERS):
        logging.getLogger(name).addHandler(handler)
    logging.getLogger(_OURS).setLevel(logging.INFO)
    return handler


class JsonLines(logging.Formatter):
    """One record as one line of JSON, whatever its text holds."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; the text of other programs' records is left out, as an error's is."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
        }
        if record.name.partition(".")[0] == _OURS:
            line["event"] = record.getMessage()
        else:
            line["place"] = f"{record.module}:{record.lineno}"
        if number := _REQUEST.get():
            line["request"] = number
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line |= _of_error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def _of_error(error: BaseException) -> dict[str, Any]:
    """Return the kind of an error and where it came about, the innermost last; not its words."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames]
    return {"error": type(error).__name__, "where": where}


class RequestLog:
    """
    ASGI application around another that logs every request and every page opened.

    A request's number is in the answer too (``X-Request-ID``), so that a visitor can name it.

    Parameters
    ----------
    app : ASGIApp
        The application, its gate included: what was refused is logged as well.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and log how it ended."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        number, begun = secrets.token_hex(8), time.monotonic()
        token = _REQUEST.set(number)
        seen: dict[str, Any] = {}
        try:
            await self._app(scope, receive, _noting(send, seen, number))
        finally:
            took_ms = round((time.monotonic() - begun) * 1000)
            _LOG.info("%s ended", scope["type"], extra={"fields": _fields(scope, seen, took_ms)})
            _REQUEST.reset(token)


def _fields(scope: Scope, seen: dict[str, Any], took_ms: int) -> dict[str, Any]:
    what = {"method": scope["method"]} if scope["type"] == "http" else {}
    return {**what, "path": _told(scope["path"]), **seen, "ms": took_ms}


def _told(path: str) -> str:
    """Return a path without what opens something (ids of sessions, digests) or was typed freely."""
    parts = (part if not part or _PLAIN.fullmatch(part) else "*" for part in path.split("/"))
    return "/".join(parts)[:_PATH_CHARACTERS]


def _noting(send: Send, seen: dict[str, Any], number: str) -> Send:
    async def noted(message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            seen["status"] = message["status"]
            headers = [*message.get("headers", ()), (b"x-request-id", number.encode())]
            message = {**message, "headers": headers}
        elif kind == "websocket.accept":
            _LOG.info("page opened")
        elif kind == "websocket.close":
            seen["code"] = message.get("code", 1000)
        body = message.get("body") or message.get("bytes") or b""
        seen["bytes"] = seen.get("bytes", 0) + len(body)
        await send(message)

    return noted
