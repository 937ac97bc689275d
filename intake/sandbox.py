"""
Sandbox: the child process in which a file of unknown origin is read.

The child gets copies of the files under names of ours, an empty environment but for the fences, a
private folder, and limits on memory, time and output. It writes a `DeliveryReading` to its standard
output. Whatever happens to it - killed, crashed, out of memory, out of time - becomes one refusal
with a sentence, never an exception and never a silent loss. The caller's process imports no GDAL.

The limits on memory, processor time and file size, the closed network and the closed file system
are the child's own first act (`intake.child.fences`); wall time and output are watched from here.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, TypeAlias

from intake import drivers
from intake.reading import DeliveryReading, Refusal

ROOT = Path(__file__).resolve().parent.parent
COMPANIONS = (".shx", ".dbf", ".prj", ".cpg", ".gpkg-wal")

# -I: no user site, no current folder on the path: a `json.py` in an archive stays data.
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from intake.child.main import main; sys.exit(main())"
)
_POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reading may use: address space, processor and wall time, output, and input."""

    memory_mb: int = 3072
    cpu_s: int = 120
    wall_s: int = 180
    output_mb: int = 1024
    input_mb: int = 1024


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """
    Choices a reader needs before it reads; all of them can be taken back by reading again.

    Attributes
    ----------
    encoding : str, default ""
        Encoding of JSON, KML and CSV text and of names in archives; "" lets the reader propose.
    closing_m : float, default 0.1
        Gap [drawing unit, a metre] up to which a polyline counts as a closed outline.
    flatten_m : float, default 0.01
        How far the straight pieces of an arc may stray from it [drawing unit, a metre].
    """

    encoding: str = ""
    closing_m: float = 0.1
    flatten_m: float = 0.01


Runner: TypeAlias = Callable[
    [Mapping[str, object], Path, Limits, Callable[[], bool]],
    tuple[bytes, tuple[str, str] | None],
]


def read(
    paths: Path | Sequence[Path],
    *,
    names: Sequence[str] = (),
    options: ReadOptions | None = None,
    limits: Limits | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    runner: Runner | None = None,
) -> DeliveryReading:
    """
    Read a delivery in a child process.

    Parameters
    ----------
    paths : Path or sequence of Path
        One file, or several that were dropped together. The companions of a shapefile are found.
    names : sequence of str, optional
        What each file was called when it was delivered, where the paths do not say; then nothing
        is looked for beside them.
    options : ReadOptions, optional
        Choices made before reading.
    limits : Limits, optional
        What the child may use.
    cancelled : callable returning bool
        Asked every 20 ms; when it answers True the child is killed and nothing is left behind.
    runner : Runner, optional
        What runs the job; a new child process by default.

    Returns
    -------
    DeliveryReading
        Never raises for what is in the files: a dead child is a refusal that says how it died.
    """
    limits = limits or Limits()
    files = [paths] if isinstance(paths, Path) else list(paths)
    files = files if names else _with_companions(files)
    called = list(names) or [file.name for file in files]
    with tempfile.TemporaryDirectory(prefix="litong-intake-") as scratch:
        folder = Path(scratch)
        blank = _delivery(files, called)
        if blank.size > limits.input_mb * 2**20:
            return replace(blank, refused=(Refusal(blank.name, "file.too_large"),))
        members = _copy(files, called, folder)
        job = {
            "members": members,
            "options": asdict(options or ReadOptions()),
            "limits": asdict(limits),
            "scratch": scratch,
            "root": str(ROOT),
        }
        answer, death = (runner or spawn)(job, folder, limits, cancelled)
    if death is None:
        with suppress(ValueError):
            said = DeliveryReading.from_bytes(answer)
            return replace(said, name=blank.name, digest=blank.digest, size=blank.size)
        death = ("child.died", "no whole answer")
    return replace(blank, refused=(Refusal(blank.name, *death),))


def environment(scratch: str) -> dict[str, str]:
    """Return the child's whole environment: the fences that GDAL reads when it is imported."""
    kept = {k: v for k, v in os.environ.items() if k in ("SYSTEMROOT", "LD_LIBRARY_PATH")}
    return kept | {
        "HOME": scratch,
        "TMPDIR": scratch,
        "TEMP": scratch,
        "LANG": "C.UTF-8",
        "OGR_SKIP": ",".join(drivers.SKIPPED),
        "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none",
        "GDAL_HTTP_MAX_RETRY": "0",
        "GDAL_NUM_THREADS": "1",
        "GDAL_PAM_ENABLED": "NO",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENPYXL_LXML": "False",
        "PROJ_NETWORK": "OFF",
    }


def _with_companions(paths: list[Path]) -> list[Path]:
    """Add the .dbf, .prj, ... beside each .shp; a companion that is a link is not followed."""
    found = {path.resolve(): path for path in paths}
    for path in paths:
        if path.suffix.lower() in (".shp", ".gpkg"):
            for near in sorted(path.parent.iterdir()):
                ours = near.stem == path.stem and near.suffix.lower() in COMPANIONS
                if ours and near.is_file() and not near.is_symlink():
                    found.setdefault(near.resolve(), near)
    return list(found.values())


def _delivery(files: list[Path], called: list[str]) -> DeliveryReading:
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest() if len(files) > 1 else b"")
    if len(files) == 1:
        with files[0].open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
    return DeliveryReading(
        _together(called), digest.hexdigest(), sum(file.stat().st_size for file in files)
    )


def _together(called: list[str]) -> str:
    """Return one name for a delivery: that of each file, the parts of a shapefile named once."""
    main = [name for name in called if Path(name).suffix.lower() not in COMPANIONS]
    return "、".join(dict.fromkeys(main or called))


def _copy(files: list[Path], called: list[str], folder: Path) -> list[dict[str, str]]:
    """Copy `files` into the private folder under numbers: a delivered name is never a path."""
    members = []
    for number, (file, name) in enumerate(zip(files, called, strict=True)):
        copy = folder / f"in{number}"
        shutil.copyfile(file, copy)
        members.append({"name": name, "path": str(copy)})
    return members


def spawn(
    job: Mapping[str, object], folder: Path, limits: Limits, cancelled: Callable[[], bool]
) -> tuple[bytes, tuple[str, str] | None]:
    """Run a job in a child process of its own; return its answer, and how it died or None."""
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer:
        question.write(json.dumps(job).encode("utf-8"))
        question.seek(0)
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own code
            [sys.executable, "-I", "-B", "-c", _BOOT, str(ROOT)],
            stdin=question,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=environment(str(folder)),
            close_fds=True,
            start_new_session=True,
        )
        try:
            death = _wait(child, answer, limits, cancelled)
        finally:
            _kill(child)
        answer.seek(0)
        return (b"" if death else answer.read()), death


def _wait(
    child: "subprocess.Popen[bytes]",
    answer: IO[bytes],
    limits: Limits,
    cancelled: Callable[[], bool],
) -> tuple[str, str] | None:
    end = time.monotonic() + limits.wall_s
    while child.poll() is None:
        if cancelled():
            return ("child.cancelled", "")
        if time.monotonic() > end:
            return ("child.too_slow", f"{limits.wall_s} s")
        if os.fstat(answer.fileno()).st_size > limits.output_mb * 2**20:
            return ("child.too_much", f"{limits.output_mb} MB")
        time.sleep(_POLL_S)
    return describe_death(child.returncode)


def describe_death(returncode: int) -> tuple[str, str] | None:
    """Return the rule and detail for a child's exit, None if it ended well."""
    if returncode == 0:
        return None
    if returncode < 0:
        name = signal.Signals(-returncode).name
        rule = {"SIGXCPU": "child.too_slow", "SIGXFSZ": "child.too_much"}.get(name, "child.died")
        return (rule, name)
    return ("child.died", f"exit {returncode}")


def _kill(child: "subprocess.Popen[bytes]") -> None:
    """End the child and whatever it may have started, and wait for it."""
    if child.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                child.kill()
            else:
                os.killpg(child.pid, signal.SIGKILL)
    child.wait()
