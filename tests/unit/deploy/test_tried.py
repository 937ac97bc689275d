"""The files of deploy/ at work: nginx before the real server, units, a backup and its drill."""

import asyncio
import os
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
import websockets

from tests.deployed import DEPLOY, certificate, free_port, proxied, rendered
from tests.serving import ROOT, served

pytestmark = pytest.mark.programs
_CALL = "from jobs.cli import main; main()"


def program(name):
    """Return the path of a program; skip without it, unless LITONG_REQUIRE_BROWSER wants all."""
    found = shutil.which(name)
    if found is None:
        assert not os.environ.get("LITONG_REQUIRE_BROWSER"), f"{name} is missing"
        pytest.skip(f"{name} is not installed")
    return found


def test_nginx_accepts_the_file(tmp_path):
    nginx = program("nginx")
    program("openssl")
    file = rendered(tmp_path, certificate(tmp_path))
    found = subprocess.run([nginx, "-t", "-c", file], capture_output=True, text=True, check=False)  # noqa: S603
    assert found.returncode == 0, found.stderr
    assert "[warn]" not in found.stderr.replace('[warn] the "user" directive', "")


@pytest.fixture
def behind(tiny_folder, tmp_path, monkeypatch):
    """Yield the port of nginx in front of a server at /litong, and what trusts its certificate."""
    program("nginx")
    program("openssl")
    monkeypatch.setenv("LITONG_ALLOWED_HOSTS", "litong.example")
    plain, port = free_port(), free_port()
    with served(tiny_folder, tmp_path / "server.log", base="/litong") as (address, _):
        changed = certificate(tmp_path) | {
            "127.0.0.1:8501": address,
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        }
        with proxied(rendered(tmp_path, changed), port):
            yield plain, port, ssl.create_default_context(cafile=tmp_path / "litong.crt")


class Here(urllib.request.HTTPRedirectHandler):
    """Follows no redirection."""

    def redirect_request(self, *_):
        """Stay here."""


def ask(behind, path, **headers):
    """Return status and headers of an answer over TLS; the name is that of the certificate."""
    _, port, trust = behind
    trust.check_hostname = False  # it is asked by address, and names itself in Host
    asked = urllib.request.Request(
        f"https://127.0.0.1:{port}{path}", headers={"Host": f"litong.example:{port}"} | headers
    )
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trust), Here)
    try:
        with opener.open(asked, timeout=20) as reply:
            return reply.status, reply.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers


async def greeted(behind, origin):
    _, port, trust = behind
    trust.check_hostname = False
    stream = f"wss://127.0.0.1:{port}/litong/_stcore/stream"
    try:
        async with websockets.connect(
            stream, ssl=trust, origin=origin, additional_headers={}, subprotocols=["streamlit"]
        ) as page:
            return page.response.status_code
    except websockets.InvalidStatus as error:
        return error.response.status_code


def test_pages_and_the_websocket_come_through_at_the_base_path(behind):
    _, port, _ = behind
    for path in ("/litong/", "/litong/data", "/litong/healthz", "/litong/readyz"):
        assert ask(behind, path)[0] == 200, path
    headers = ask(behind, "/litong/")[1]
    assert "max-age" in headers["Strict-Transport-Security"]
    assert "connect-src 'self'" in headers["Content-Security-Policy"]
    assert ask(behind, "/")[1]["Location"].endswith("/litong/")
    assert ask(behind, "/data")[0] == 404
    assert ask(behind, "/litong/", Host="evil.example")[0] == 421
    assert asyncio.run(greeted(behind, f"https://127.0.0.1:{port}")) == 101
    assert asyncio.run(greeted(behind, "https://evil.example")) == 403


def test_plain_http_leads_to_tls(behind):
    plain, *_ = behind
    opener = urllib.request.build_opener(Here)
    with pytest.raises(urllib.error.HTTPError) as led:
        opener.open(f"http://127.0.0.1:{plain}/litong/data?a=1", timeout=20)
    led.value.close()
    assert led.value.code == 301
    assert led.value.headers["Location"] == "https://litong.example/litong/data?a=1"


def test_systemd_accepts_the_units(tmp_path):
    analyze = program("systemd-analyze")
    for file in (*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")):
        text = file.read_text(encoding="utf-8")
        for name in ("litong-backup", "litong"):
            text = text.replace(f"/opt/litong/bin/{name} ", f"{sys.executable} ")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    units = sorted(tmp_path.glob("litong*"))
    assert len(units) == 3
    found = subprocess.run(  # noqa: S603
        [analyze, "verify", *units], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")


@pytest.fixture
def backed(tiny_folder, tmp_path):
    """Return a function that runs litong-backup on a district of its own, and its two folders."""
    sh = program("sh")
    district, backups, own = (tmp_path / name for name in ("district", "backups", "bin"))
    shutil.copytree(tiny_folder, district)
    backups.mkdir()
    own.mkdir()
    litong = own / "litong"
    litong.write_text(f'#!{sh}\nexec "{sys.executable}" -c "{_CALL}" "$@"\n', encoding="utf-8")
    litong.chmod(0o755)
    path = f"{own}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}

    def run(keep, **more):
        return subprocess.run(  # noqa: S603
            [sh, DEPLOY / "litong-backup", district, backups, str(keep)],
            env=environment | more, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run, district, backups


def test_a_backup_is_kept_once_it_was_restored_and_the_oldest_goes(backed):
    run, _, backups = backed
    for name in ("litong-20200101T000000Z.gpkg", "litong-20210101T000000Z.gpkg", "other.gpkg"):
        (backups / name).write_bytes(b"kept")
    found = run(2)
    assert found.returncode == 0, found.stderr
    names = sorted(file.name for file in backups.iterdir())
    assert names[0] == "litong-20210101T000000Z.gpkg"
    assert names[1].startswith("litong-2")
    assert names[2:] == ["other.gpkg"]
    assert (backups / names[1]).stat().st_mode & 0o777 == 0o640


def test_a_drill_that_fails_keeps_the_former_backups_and_says_so(backed):
    run, district, backups = backed
    former = backups / "litong-20200101T000000Z.gpkg"
    former.write_bytes(b"kept")
    (district / "district.gpkg").write_bytes(b"no database")
    found = run(1)
    assert found.returncode != 0
    assert found.stderr
    assert [file.name for file in backups.iterdir()] == [former.name]
