"""The gate in front of an application that would answer everything."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from streamlit.proto.BackMsg_pb2 import BackMsg

from views.server import gate as module
from views.server.gate import Gate
from views.server.hosts import AllowedHosts
from views.server.open_routes import open_routes
from views.server.uploads import UploadBudget

UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
UPLOAD_PATH = f"/_stcore/upload_file/{UUID}/{UUID}"
SCRIPT = "/srv/litong/page.py"

Headers = Iterable[tuple[str, str]]


class Behind:
    """Answers everything, and remembers what reached it."""

    def __init__(self) -> None:
        self.scopes: list[Any] = []
        self.frames: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer."""
        self.scopes.append(scope)
        if scope["type"] == "http":
            body = await Request(scope, receive).body()
            answer = PlainTextResponse(f"{len(body)}", headers={"Cache-Control": "public"})
            await answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            while (message := await receive())["type"] == "websocket.receive":
                self.frames.append(message["bytes"])


@pytest.fixture
def behind() -> Behind:
    return Behind()


def ask(behind: Behind, scope: dict[str, Any], *received: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the gate sends, given what it receives."""
    gate = Gate(behind, hosts=AllowedHosts.of("plan.example"), routes=open_routes(("", "data")),
                script=SCRIPT, uploads=UploadBudget(lambda: 0, most_bytes=100))  # fmt: skip
    sent: list[dict[str, Any]] = []
    waiting = list(received)

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(60)
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(gate(scope, receive, send))
    return sent


def raw(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers]


def http(
    behind: Behind, method: str, path: str, *headers: tuple[str, str], parts: Iterable[bytes] = ()
) -> tuple[int, dict[str, str]]:
    """Return status and headers of an answer."""
    given = list(headers) if any(name == "host" for name, _ in headers) else [
        ("host", "plan.example"), *headers]  # fmt: skip
    scope = {"type": "http", "method": method, "path": path, "headers": raw(given),
             "query_string": b""}  # fmt: skip
    body = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    end = [{"type": "http.request", "body": b"", "more_body": False}] if not parts else []
    start = ask(behind, scope, *body, *end)[0]
    return start["status"], {k.decode(): v.decode() for k, v in start["headers"]}


def websocket(
    behind: Behind, *frames: Any, path: str = "/_stcore/stream", host: str = "plan.example",
    origin: str | None = "https://plan.example"
) -> list[dict[str, Any]]:  # fmt: skip
    headers = [("host", host)] + ([("origin", origin)] if origin is not None else [])
    scope = {"type": "websocket", "path": path, "headers": raw(headers)}
    received = [{"type": "websocket.receive", **frame} for frame in frames]
    return ask(behind, scope, {"type": "websocket.connect"}, *received,
               {"type": "websocket.disconnect"})  # fmt: skip


def test_a_page_is_answered_under_the_headers_and_stored_nowhere(behind: Behind) -> None:
    status, headers = http(behind, "GET", "/data")
    assert status == 200
    assert headers["cache-control"] == "no-store"
    assert "connect-src 'self';" in headers["content-security-policy"]
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert http(behind, "GET", "/static/a.js")[1]["cache-control"] == "public"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (("GET", "/data", ("host", "evil.example")), 421),
        (("GET", "/data", ("host", "")), 421),
        (("GET", "/nowhere"), 404),
        (("OPTIONS", "/data"), 404),
        (("POST", "/data"), 404),
        (("GET", "/data", ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")), 403),
        (("PUT", UPLOAD_PATH, ("origin", "http://evil.example"), ("content-length", "1")), 403),
        (("DELETE", UPLOAD_PATH, ("origin", "null")), 403),
        (("PUT", UPLOAD_PATH), 411),
        (("PUT", UPLOAD_PATH, ("content-length", "101")), 503),
    ],
)
def test_what_is_refused_reaches_nothing_and_says_why_under_the_headers(
    behind: Behind, asked: tuple[Any, ...], status: int
) -> None:
    found, headers = http(behind, *asked)
    assert found == status
    assert behind.scopes == []
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["connection"] == "close"


def test_a_link_on_another_site_may_lead_here(behind: Behind) -> None:
    by_link = (("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"))
    assert http(behind, "GET", "/data", *by_link)[0] == 200


def test_an_upload_that_fits_passes_and_one_that_stops_is_ended(
    behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    length = ("content-length", "3")
    assert http(behind, "PUT", UPLOAD_PATH, length)[0] == 200
    monkeypatch.setattr(module, "_BETWEEN_PARTS_S", 0.01)
    assert http(behind, "PUT", UPLOAD_PATH, length, parts=[b"a"])[0] == 408


@pytest.mark.parametrize(
    "asked",
    [
        {"origin": None},
        {"origin": "http://evil.example"},
        {"origin": "http://evil.example", "host": "evil.example"},
        {"path": "/_stcore/stream2"},
    ],
)
def test_a_foreign_page_gets_no_websocket(behind: Behind, asked: dict[str, Any]) -> None:
    assert websocket(behind, **asked) == [{"type": "websocket.close", "code": 1008}]
    assert behind.scopes == []


def test_streamlit_sees_an_origin_for_which_it_looks_nothing_up(behind: Behind) -> None:
    websocket(behind)
    assert dict(behind.scopes[0]["headers"])[b"origin"] == b"http://localhost"


def test_only_messages_that_pages_need_get_through(behind: Behind) -> None:
    rerun, clear = (BackMsg(stop_script=True), BackMsg(clear_cache=True))
    frames = [{"bytes": message.SerializeToString()} for message in (clear, rerun, clear)]
    websocket(behind, *frames)
    assert behind.frames == [rerun.SerializeToString()]


@pytest.mark.parametrize(
    ("frame", "code"), [({"bytes": b"a" * 2_000_001}, 1009), ({"text": "a"}, 1003)]
)
def test_a_message_too_large_or_of_text_ends_the_websocket(
    behind: Behind, frame: dict[str, Any], code: int
) -> None:
    assert {"type": "websocket.close", "code": code} in websocket(behind, frame)
    assert behind.frames == []


def test_an_unknown_kind_of_connection_gets_nothing(behind: Behind) -> None:
    assert ask(behind, {"type": "webtransport", "path": "/"}) == []
    assert behind.scopes == []
