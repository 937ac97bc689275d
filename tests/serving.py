"""The page's server in a process of its own, on a free port."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_START_S, _STOP_S = 60, 20


@contextmanager
def served(
    folder: Path | None, log: Path, *, program: Sequence[str] = ("app.py",), base: str = ""
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve `folder` (None: the demonstration) by `program`; yield host:port and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "LITONG_PORT": str(port),
        "LITONG_DISTRICT": str(folder or ""),
        "LITONG_BASE_PATH": base,
        "PYTHONWARNINGS": "ignore",
    }
    with log.open("wb") as out:
        server = subprocess.Popen(  # noqa: S603
            [sys.executable, *program],
            cwd=ROOT,
            env=os.environ | settings,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            deadline = time.monotonic() + _START_S
            while not _answers(port, base):
                assert server.poll() is None, log.read_text(errors="replace")
                assert time.monotonic() < deadline, "the server did not start within a minute"
                time.sleep(0.2)
            yield f"127.0.0.1:{port}", server
        finally:
            server.terminate()
            server.wait(timeout=_STOP_S)


def _answers(port: int, base: str) -> bool:
    health = f"http://127.0.0.1:{port}{base}/_stcore/health"
    with suppress(OSError), urllib.request.urlopen(health, timeout=2) as reply:
        return bool(reply.status == 200)
    return False
