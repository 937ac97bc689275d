"""What stands in `deploy/`, made to run here: other ports, files of its own, no root needed."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.serving import ROOT

DEPLOY = ROOT / "deploy"
_START_S = 10


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rendered(folder: Path, replaced: Mapping[str, str]) -> Path:
    """Write nginx.conf into a whole configuration, its own texts replaced; return the file."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for old, new in replaced.items():
        assert old in text, f"nginx.conf no longer holds {old!r}"
        text = text.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off;\npid {folder}/nginx.pid;\nerror_log stderr;\n"
        f"events {{ worker_connections 256; }}\nhttp {{\n{paths}{text}}}\n",
        encoding="utf-8",
    )
    return file


def certificate(folder: Path) -> Mapping[str, str]:
    """Make a certificate for litong.example; return what to put for the paths in nginx.conf."""
    openssl = shutil.which("openssl")
    assert openssl
    subprocess.run(  # noqa: S603
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=litong.example", "-addext", "subjectAltName=DNS:litong.example",
         "-keyout", folder / "litong.key", "-out", folder / "litong.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    return {"/etc/litong/tls": str(folder)}


@contextmanager
def proxied(file: Path, port: int) -> Iterator[None]:
    """Run nginx with a configuration until the block ends."""
    nginx = shutil.which("nginx")
    assert nginx
    server = subprocess.Popen(  # noqa: S603
        [nginx, "-c", file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + _START_S
        while not _listens(port):
            assert server.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield
    finally:
        server.terminate()
        server.wait(timeout=_START_S)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
