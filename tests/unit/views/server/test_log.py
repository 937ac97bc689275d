"""The log: one JSON object a line, a number for each request, and nothing of people."""

import asyncio
import contextlib
import json
import logging

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from views.server import log
from views.server.log import JsonLines, RequestLog, start_log

SECRET = "张三 13800000000"  # noqa: S105
PAGE = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "litong.log"
    handler = start_log(path)
    yield lambda: [json.loads(line) for line in path.read_text("ascii").splitlines()]
    for name in ("litong", "streamlit", "uvicorn.error"):
        logging.getLogger(name).removeHandler(handler)
    logging.getLogger("litong").setLevel(logging.NOTSET)
    handler.close()


def answer(_request):
    logging.getLogger("litong").warning("something\nhappened")
    return PlainTextResponse("four")


def fail(_request):
    raise ValueError(SECRET)


APP = RequestLog(
    Starlette(
        routes=[
            Route("/data", answer),
            Route("/fail", fail),
            Route("/media/{name}", answer),
        ]
    )
)


def ask(path, headers=()):
    """Send one GET through the log; return the headers of the answer, {} if it failed."""
    told, _, query = path.partition("?")
    scope = {
        "type": "http", "method": "GET", "path": told, "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        "client": ("192.0.2.7", 1),
    }  # fmt: skip
    sent = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        sent.append(message)

    with contextlib.suppress(ValueError):
        asyncio.run(APP(scope, receive, send))
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]} if sent else {}


def test_a_request_is_one_line_under_the_number_that_the_answer_has(lines):
    headers = ask(f"/data?q={SECRET}", [("x-remote-user", SECRET)])
    within, ended = lines()
    assert within["request"] == ended["request"] == headers["x-request-id"]
    assert len(ended["request"]) == 16
    assert within["event"] == "something\nhappened"
    assert (ended["method"], ended["path"], ended["status"]) == ("GET", "/data", 200)
    assert ended["bytes"] == 4
    assert ended["ms"] >= 0


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (f"/_stcore/upload_file/{PAGE}/{PAGE}", "/_stcore/upload_file/*/*"),
        (f"/media/{'a1' * 20}.pdf", "/media/*"),
        (f"/{SECRET}", "/*"),
        ("/data", "/data"),
        ("/" + "a/" * 500, ("/" + "a/" * 500)[:120]),
    ],
)
def test_a_path_says_neither_what_opens_something_nor_what_was_typed(lines, asked, told):
    ask(asked)
    assert lines()[-1]["path"] == told


def test_no_line_names_anybody_or_quotes_an_error(lines):
    ask(f"/fail?who={SECRET}", [("cookie", f"litong_session={PAGE}")])
    try:
        fail(None)
    except ValueError as error:
        logging.getLogger("litong").error("page failed", exc_info=error)  # noqa: TRY400
        logging.getLogger("streamlit.x").error("failed: %s", SECRET, exc_info=error)  # noqa: TRY400
    text = json.dumps(lines(), ensure_ascii=False)
    for word in (SECRET, "张三", PAGE, "192.0.2.7"):
        assert word not in text
    ours, others = lines()[-2:]
    assert ours["error"] == others["error"] == "ValueError"
    assert ours["where"][-1].endswith(" fail")
    assert "event" not in others
    assert others["place"].startswith("test_log:")


def test_a_page_is_logged_when_it_opens_and_when_it_ends(lines):
    async def page(_scope, _receive, send):
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "bytes": b"abc"})
        await send({"type": "websocket.close", "code": 4401})

    async def sent(_message):
        pass

    scope = {"type": "websocket", "path": "/stream"}
    asyncio.run(RequestLog(page)(scope, None, sent))
    opened, ended = lines()
    assert opened["event"] == "page opened"
    assert opened["request"] == ended["request"]
    assert (ended["code"], ended["bytes"]) == (4401, 3)


def test_the_file_is_turned_over_and_the_oldest_goes(tmp_path, monkeypatch, lines):
    monkeypatch.setattr(log, "_MOST_BYTES", 300)
    monkeypatch.setattr(log, "_KEPT_FILES", 2)
    handler = start_log(tmp_path / "small.log")
    for number in range(50):
        logging.getLogger("litong").info("line %d of many", number)
    logging.getLogger("litong").removeHandler(handler)
    handler.close()
    files = sorted(tmp_path.glob("small.log*"))
    assert [file.name for file in files] == ["small.log", "small.log.1", "small.log.2"]
    assert all(file.stat().st_size <= 300 for file in files)
    assert "line 49" in files[0].read_text("ascii")
    assert len(lines()) == 50


def test_a_record_holds_one_line_whatever_its_text():
    record = logging.LogRecord("litong", logging.INFO, "", 1, "a\r\n\u2028\x1b[0m", (), None)
    line = JsonLines().format(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["event"] == "a\r\n\u2028\x1b[0m"
