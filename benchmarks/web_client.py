"""A visitor without a browser: it speaks the page's websocket protocol, widgets by key."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parents[1]
_KEYED = re.compile(r"^\$\$ID-[0-9a-f]{32}-(.+)$")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_START_S, _STOP_S = 60, 20


@dataclass
class Server:
    """A server of our own, at an address, in a process whose cost can be read."""

    address: str
    process: subprocess.Popen[bytes]

    @property
    def cpu_s(self) -> float:
        """Processor time of the process so far, user and system [s]."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S

    @property
    def resident_mb(self) -> float:
        """Resident memory of the process [MB]."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def serving(district: Path | None = None, **settings: str) -> Iterator[Server]:
    """Serve a district (None: the demonstration) until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "STREAMLIT_SERVER_PORT": str(port),
        "LITONG_DISTRICT": str(district or ""),
        **settings,
    }
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + _START_S
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the server did not start")
            time.sleep(0.2)
        yield Server(f"127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(timeout=_STOP_S)


def _answers(port: int) -> bool:
    health = f"http://127.0.0.1:{port}/_stcore/health"
    with suppress(OSError), urllib.request.urlopen(health, timeout=2) as reply:
        return bool(reply.status == 200)
    return False


@dataclass
class Visitor:
    """
    One open page.

    Attributes
    ----------
    widgets : dict
        Id of every widget on the page by its key.
    values : dict
        What every widget was set to, by id: the field of `WidgetState` and the value.
    texts : list of str
        Body of every error and exception that the last run showed.
    data : dict
        What the map's component was last given.
    """

    connection: ClientConnection
    page: str = ""
    query: str = ""
    widgets: dict[str, str] = field(default_factory=dict)
    values: dict[str, tuple[str, Any]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    component: str = ""

    async def run(self, **triggers: tuple[str, Any]) -> float:
        """Ask for a run of the page with `triggers` by key; return the wait for its end [s]."""
        begun = time.perf_counter()
        await self.connection.send(self._message(triggers).SerializeToString())
        self.errors = []
        async for frame in self.connection:
            message = ForwardMsg()
            message.ParseFromString(frame)
            self._take(message)
            if message.WhichOneof("type") == "script_finished" and message.script_finished != 2:
                break
        return time.perf_counter() - begun

    async def go(self, page: str) -> float:
        """Change to another page; return the wait [s]."""
        self.page = page
        self.widgets.clear()
        return await self.run()

    async def set(self, key: str, kind: str, value: object) -> float:
        """Set the widget of `key`, whose state is a `kind`; return the wait [s]."""
        self.values[self.widgets[key]] = (kind, value)
        return await self.run()

    async def pick(self, estate: str, rule: str = "") -> float:
        """Pick an estate on the map; return the wait [s]."""
        picked = {"estate": estate, "rule": rule, "show": "", "request_id": int(time.time() * 1e3)}
        events = json.dumps([{"event": "picked", "value": picked}])
        self.values[self.component] = ("json_value", "{}")
        self.values[f"$$STREAMLIT_INTERNAL_KEY_{self.component}__events"] = (
            "json_trigger_value",
            events,
        )
        waited = await self.run()
        self.values.popitem()
        return waited

    def _message(self, triggers: Mapping[str, tuple[str, Any]]) -> BackMsg:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        state.page_name = self.page
        pressed = {self.widgets[key]: value for key, value in triggers.items()}
        for name, (kind, value) in (self.values | pressed).items():
            widget = state.widget_states.widgets.add(id=name)
            if kind == "string_array_value":
                widget.string_array_value.SetInParent()
                widget.string_array_value.data.extend(value)
            else:
                setattr(widget, kind, value)
        return message

    def _take(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") != "delta" or not message.delta.HasField("new_element"):
            if message.WhichOneof("type") == "page_info_changed":
                self.query = message.page_info_changed.query_string
            return
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        body: Message | None = getattr(element, kind) if kind else None
        if kind == "exception" or (kind == "alert" and element.alert.format == 1):
            self.errors.append(str(body))
        if kind == "bidi_component":
            self.component = element.bidi_component.id
            self.data = json.loads(element.bidi_component.json or element.bidi_component.mixed.json)
        keyed = _KEYED.match(getattr(body, "id", "") or "")
        if keyed:
            self.widgets[keyed.group(1)] = keyed.string


@asynccontextmanager
async def visiting(server: Server, page: str = "", query: str = "") -> AsyncIterator[Visitor]:
    """Open a page and yield its visitor after the first run."""
    address = f"ws://{server.address}/_stcore/stream"
    async with connect(
        address,
        subprotocols=["streamlit"],  # type: ignore[list-item]
        origin=f"http://{server.address}",  # type: ignore[arg-type]
        max_size=None,
        open_timeout=120,
        ping_interval=None,
        compression=None,
        proxy=None,
    ) as connection:
        visitor = Visitor(connection, page, query)
        await visitor.run()
        yield visitor


async def get(server: Server, path: str) -> bytes:
    """Return what the server answers to a GET of `path`."""
    host, port = server.address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    request = f"GET /{path} HTTP/1.1\r\nHost: {server.address}\r\nConnection: close\r\n\r\n"
    writer.write(request.encode())
    answer = await reader.read()
    writer.close()
    return answer
