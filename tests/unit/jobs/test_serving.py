"""The page really starts from the command, in a process of its own, and answers."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

# A shell starts what runs behind it with Ctrl-C ignored, and a child inherits that: heed it again.
START = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from jobs.cli import main
main()
"""


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answer(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:  # noqa: S310  (loopback)
            return reply.status
    except (urllib.error.URLError, ConnectionError):
        return None


@pytest.mark.slow
def test_litong_serve_answers_on_its_port(tiny_folder, tmp_path):
    port = _free_port()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    server = subprocess.Popen(  # noqa: S603  (our own interpreter, our own command)
        [sys.executable, "-c", START, "serve", str(tiny_folder), "--port", str(port)],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while _answer(f"http://127.0.0.1:{port}/_stcore/health") != 200:
            assert server.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert _answer(f"http://127.0.0.1:{port}/") == 200
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)
