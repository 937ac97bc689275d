"""What the files of deploy/ say: options and commands that exist, the server's own bounds."""

import configparser
import re
import shlex
import tomllib

import pytest
import typer

from access.settings import read_settings
from intake.sandbox import Limits
from jobs.cli import app
from jobs.serve_file import KEYS, read_serve_file
from tests.deployed import DEPLOY
from views.server import gate, running, uploads

COMMANDS = typer.main.get_command(app).commands
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
CONFIG = DEPLOY.parent / "views" / "start" / ".streamlit" / "config.toml"
CALLS = re.compile(r"^(?:\S*/)?litong(?:\.exe)?\"? +([a-z]+)(.*)$")


def unit(name):
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read_string((DEPLOY / name).read_text(encoding="utf-8"))
    return parser["Service"]


def told(directive):
    """Return the values of a directive of nginx.conf, without its comment."""
    return re.findall(rf"^\s*{directive}\s+([^;]+);", NGINX, flags=re.MULTILINE)


def calls():
    """Yield (file, command, the rest) for every call of litong in a file of deploy/."""
    for file in sorted(DEPLOY.iterdir()):
        for line in file.read_text(encoding="utf-8").splitlines():
            text = re.sub(r"^(ExecStart=|\s+\")", "", line.strip())
            text = re.sub(r"^\"\.venv\\Scripts\\litong\.exe\"", "litong.exe", text)
            if file.name == "Containerfile" and line.startswith("ENTRYPOINT"):
                text = shlex.join(re.findall(r'"([^"]+)"', line))
            if found := CALLS.match(text):
                yield file.name, found[1], found[2]


def test_every_command_and_option_is_a_real_one():
    found = list(calls())
    assert {(file, command) for file, command, _ in found} == {
        ("Containerfile", "serve"),
        ("litong-backup", "backup"),
        ("litong-backup", "restore"),
        ("litong-backup", "history"),
        ("litong.service", "serve"),
        ("open-map.cmd", "serve"),
    }
    for file, command, rest in found:
        real = {option for param in COMMANDS[command].params for option in param.opts}
        asked = {word for word in rest.split() if word.startswith("--")}
        assert asked <= real, (file, command)


def test_the_settings_are_read_by_what_reads_them():
    assert set(tomllib.loads((DEPLOY / "litong.toml").read_text(encoding="utf-8"))) == set(KEYS)
    read_serve_file(DEPLOY / "litong.toml")
    access = read_settings(DEPLOY / "access.toml")
    assert access.secure_cookie
    assert access.proxy.trusts("127.0.0.1")


def test_nginx_and_the_server_agree_on_place_and_name():
    settings = read_serve_file(DEPLOY / "litong.toml")
    assert told("proxy_pass") == [f"http://{settings['host']}:{settings['port']}"]
    assert set(told("server_name")) == set(settings["allow_host"])
    assert f"location {settings['base_path']} {{" in NGINX


def seconds(directive):
    (value,) = told(directive)
    assert value.endswith("s")
    return float(value[:-1])


def test_nginx_waits_as_long_as_the_server():
    assert seconds("client_header_timeout") == running.HEAD_S
    assert seconds("client_body_timeout") == gate._BETWEEN_PARTS_S
    pings_s = running.uvicorn_options()["ws_ping_interval"]
    assert seconds("proxy_read_timeout") >= 2 * pings_s


def test_nginx_lets_through_what_the_server_takes_and_little_more():
    most_mb = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["server"]["maxUploadSize"]
    (size,) = told("client_max_body_size")
    assert most_mb < int(size.removesuffix("m")) <= most_mb + 5
    (most,) = re.findall(r"limit_conn litong (\d+);", NGINX)
    assert int(most) < running.uvicorn_options()["limit_concurrency"]


def test_nginx_hands_on_no_word_of_a_browser_about_who_it_is():
    headers = dict(value.split(maxsplit=1) for value in told("proxy_set_header"))
    assert headers["X-Forwarded-For"] == "$remote_addr"
    assert headers["X-Remote-User"] == '""'
    assert headers["Host"] == "$http_host"


def test_the_memory_of_the_service_holds_what_the_server_may_take():
    service = unit("litong.service")
    cache_mb = read_serve_file(DEPLOY / "litong.toml")["cache_mb"]
    taken = (cache_mb * 10**6) + uploads._MOST_BYTES + Limits().memory_mb * 2**20
    assert int(service["MemoryMax"].removesuffix("G")) * 2**30 > taken
    assert float(service["TimeoutStopSec"]) > running.uvicorn_options()["timeout_graceful_shutdown"]


@pytest.mark.parametrize("name", ["litong.service", "litong-backup.service"])
def test_a_service_runs_without_rights(name):
    service = unit(name)
    assert service["User"] == "litong"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["PrivateTmp"] == "yes"
    assert service["CapabilityBoundingSet"] == ""
    assert service["UMask"] == "0027"


def test_the_container_runs_without_root():
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    last = [line.split()[1] for line in lines if line.startswith("USER ")][-1]
    assert int(last) > 0
    assert lines.index(f"USER {last}") < next(
        n for n, line in enumerate(lines) if line.startswith("ENTRYPOINT")
    )
