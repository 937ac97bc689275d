"""A visitor without a browser: it speaks the page's websocket protocol, widgets by key."""

import asyncio
import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.serving import served

_KEYED = re.compile(r"^\$\$ID-[0-9a-f]{32}-(.+)$")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A server of our own, at an address, in a process whose cost can be read."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

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
def serving(district: Path, *, program: Sequence[str] = ("app.py",)) -> Iterator[Server]:
    """Serve a district by `program` until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with served(district, log, program=program) as (address, process):
            yield Server(address, process, log)


@dataclass
class Visitor:
    """
    One open page.

    Attributes
    ----------
    connection : websockets.asyncio.client.ClientConnection
        To the server.
    page, query : str
        Path of the page, "" for the map, and the query of its address.
    widgets : dict
        Id of every widget on the page by its key.
    values : dict
        What every widget was set to, by id: the field of `WidgetState` and the value.
    errors : list of str
        Body of every error and exception that the last run showed.
    data : dict
        What the map's component was last given.
    component : str
        Id of the map's component.
    """

    connection: ClientConnection
    page: str = ""
    query: str = ""
    widgets: dict[str, str] = field(default_factory=dict)
    values: dict[str, tuple[str, Any]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    component: str = ""

    async def run(self, triggers: Mapping[str, tuple[str, Any]] = MappingProxyType({})) -> float:
        """Ask for a run of the page, `triggers` by id set for it alone; return the wait [s]."""
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

    async def press(self, key: str) -> float:
        """Press the button of `key`; return the wait [s]."""
        return await self.run({self.widgets[key]: ("trigger_value", True)})

    async def pick(self, estate: str) -> float:
        """Pick an estate on the map; return the wait [s]."""
        picked = {"estate": estate, "rule": "", "show": "", "request_id": int(time.time() * 1e3)}
        events = json.dumps([{"event": "picked", "value": picked}])
        self.values[self.component] = ("json_value", "{}")
        trigger = f"$$STREAMLIT_INTERNAL_KEY_{self.component}__events"
        return await self.run({trigger: ("json_trigger_value", events)})

    def _message(self, triggers: Mapping[str, tuple[str, Any]]) -> BackMsg:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        state.page_name = self.page
        for name, (kind, value) in {**self.values, **triggers}.items():
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
async def visiting(server: Server) -> AsyncIterator[Visitor]:
    """Open the map and yield its visitor after the first run."""
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
        visitor = Visitor(connection)
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
