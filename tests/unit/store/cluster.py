"""A PostgreSQL cluster for the length of a test run: a temporary folder, a socket, nobody else."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PLACES = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt")


def programs() -> Path | None:
    """Return the folder with initdb of a server that has PostGIS, None where there is none."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(
        (p.parent for place in _PLACES for p in Path(place).glob("*/bin/initdb")), reverse=True
    )
    return next((place for place in found if _has_postgis(place)), None)


def _has_postgis(place: Path) -> bool:
    command = [str(place / "pg_config"), "--sharedir"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    folder = Path(told.stdout.strip() or "/nowhere") / "extension"
    return (folder / "postgis.control").is_file()


@contextmanager
def running(place: Path) -> Iterator[str]:
    """Start a cluster and yield the address of an empty database with PostGIS."""
    folder = Path(tempfile.mkdtemp(prefix="litong-pg-", dir="/tmp"))  # a socket's path is short
    user = _unprivileged()
    if user:
        shutil.chown(folder, user)

    def run(program: str, *words: str) -> None:
        command = [str(place / program), *words]
        quiet = {"stdout": subprocess.DEVNULL, "cwd": folder}
        subprocess.run(command, check=True, user=user, timeout=120, **quiet)  # noqa: S603

    data, log = str(folder / "data"), str(folder / "log")
    options = f"-c listen_addresses= -c fsync=off -k {folder}"
    try:
        run("initdb", "-D", data, "-U", "litong", "-A", "trust", "-E", "UTF8", "--no-sync")
        run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        try:
            for words in (("createdb", "litong"), ("psql", "-qc", "CREATE EXTENSION postgis")):
                run(words[0], "-h", str(folder), "-U", "litong", *words[1:])
            yield f"postgresql://litong@/litong?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str | None:
    """Return whose the cluster is: initdb refuses root."""
    if os.name != "posix" or os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    return None
