"""The gate in front of Streamlit itself, in a process of its own."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.serving import ROOT, served
from views.pages import PAGES
from views.server import running

pytestmark = pytest.mark.slow

_LIST_ROUTES = """
import json, warnings
warnings.simplefilter("ignore")
from app import app
print(json.dumps(sorted({route.path for route in app._build_starlette_app().routes})))
"""
_COUNT_CONNECTIONS = """
import runpy, socket, sys
def note(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        print("outgoing", event, arguments[:2], flush=True)
sys.addaudithook(note)
socket.getaddrinfo("127.0.0.1", 0)  # is noted
runpy.run_path("app.py", run_name="__main__")
"""
_ROUTES = {
    "": True,
    "/_stcore/agent/interact": False,
    "/_stcore/agent/mcp": False,
    "/_stcore/agent/openapi.json": False,
    "/_stcore/bidi-components/{path:path}": False,
    "/_stcore/health": True,
    "/_stcore/host-config": True,
    "/_stcore/metrics": False,
    "/_stcore/stream": False,  # to requests; the websocket is open
    "/_stcore/upload_file/{session_id}/{file_id}": False,  # to GET
    "/auth/login": False,
    "/auth/logout": False,
    "/component/{path:path}": False,
    "/geo/{name}": False,  # to a name that cannot have been published
    "/geo/{prefix}/{name}": False,
    "/healthz": True,
    "/media/{file_id:path}": False,
    "/oauth2callback": False,
    "/readyz": True,
}
"""Every route behind the gate, and whether a plain GET of it is let through."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    log = tmp_path_factory.mktemp("server") / "log"
    with served(None, log, program=("-c", _COUNT_CONNECTIONS)) as (address, _):
        yield address, log


def status(address: str, path: str, method: str = "GET") -> int:
    request = urllib.request.Request(f"http://{address}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310
            return int(reply.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_streamlit_has_no_route_that_was_not_decided_on() -> None:
    listed = subprocess.run([sys.executable, "-c", _LIST_ROUTES], cwd=ROOT, check=True,  # noqa: S603
                            capture_output=True, text=True)  # fmt: skip
    assert set(json.loads(listed.stdout.splitlines()[-1])) == set(_ROUTES)


@pytest.mark.parametrize(("path", "is_open"), _ROUTES.items())
def test_every_route_is_open_or_not_found(
    server: tuple[str, Path], path: str, *, is_open: bool
) -> None:
    asked = path.replace("{", "").replace("}", "").replace(":path", "") or "/"
    assert status(server[0], asked) == (200 if is_open else 404)
    assert status(server[0], asked, "OPTIONS") == 404
    assert status(server[0], asked, "POST") == 404


def visit(address: str) -> list[bytes]:
    """Run every page as a browser would, after asking for what is refused; return all messages."""
    frames: list[bytes] = []
    with connect(f"ws://{address}/_stcore/stream", origin=Origin(f"http://{address}"), proxy=None,
                 subprotocols=[Subprotocol("streamlit")], max_size=None) as socket_:  # fmt: skip
        socket_.send(BackMsg(clear_cache=True).SerializeToString())
        for page, _, _ in PAGES:
            message = BackMsg()
            message.rerun_script.page_name = page
            socket_.send(message.SerializeToString())
            kind = None
            while kind != "script_finished":
                frames.append(bytes(socket_.recv(timeout=120)))  # type: ignore[arg-type]
                kind = ForwardMsg.FromString(frames[-1]).WhichOneof("type")
    return frames


def test_pages_tell_no_path_and_nothing_is_ever_asked_of_the_network(
    server: tuple[str, Path],
) -> None:
    address, log = server
    with (
        pytest.raises(InvalidStatus),
        connect(
            f"ws://{address}/_stcore/stream",
            origin=Origin("http://evil.example"),
            proxy=None,
        ),
    ):
        pass
    frames = visit(address)
    assert len(frames) > len(PAGES)
    assert not [frame for frame in frames if str(ROOT).encode() in frame]
    outgoing = [line for line in log.read_text().splitlines() if line.startswith("outgoing")]
    assert outgoing
    assert [line for line in outgoing if "127.0.0.1" not in line] == []


def test_a_request_that_does_not_end_its_head_is_ended(server: tuple[str, Path]) -> None:
    host, port = server[0].split(":")
    with socket.create_connection((host, int(port)), timeout=running.HEAD_S + 10) as half:
        begun = time.monotonic()
        half.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        half.settimeout(1.0)
        while time.monotonic() < begun + running.HEAD_S + 10:
            try:
                if half.recv(1) == b"":
                    break
            except TimeoutError:
                half.sendall(b"X: 1\r\n")  # a header a second keeps nothing open
        else:
            pytest.fail("the connection stayed open")
