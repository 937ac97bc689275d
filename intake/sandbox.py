"""
Sandbox: the child process in which a file of unknown origin is read.

The child gets copies of the files under names of ours, an empty environment but for the fences, a
private folder, and limits on memory, time and output. It writes what it reads to its standard
output, piece by piece (`intake.wire`). Whatever happens to it - killed, crashed, out of memory, out
of time - becomes the refusal of the part it was reading, with a sentence: what was read before is
kept, and another child reads the parts behind it. The caller's process imports no GDAL.

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
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, TypeAlias

from intake import drivers
from intake.gathering import gathered, together
from intake.reading import DeliveryReading, Refusal
from intake.wire import WHOLE, ParsedAnswer, parse, readable
from store.scratch import private_folder

ROOT = Path(__file__).resolve().parent.parent
_MOST_DEATHS = 6  # children of one delivery that may die before the rest is given up

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
        One file or folder, or several that were dropped together. The companions of a shapefile
        are found.
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
        Never raises for what is in the files, nor for a file that is not there: a dead child is a
        refusal that says in which part it died, and how.
    """
    limits = limits or Limits()
    files = [paths] if isinstance(paths, Path) else list(paths)
    found, missing = (list(zip(names, files, strict=True)), []) if names else gathered(files)
    found = [(readable(name), file) for name, file in found]
    blank = replace(_delivery(found), refused=tuple(missing))
    if blank.size > limits.input_mb * 2**20:
        return replace(blank, refused=(Refusal(blank.name, "file.too_large"),))
    if not found:
        return blank
    with private_folder("intake") as folder:
        job = {
            "members": _copy(found, folder),
            "options": asdict(options or ReadOptions()),
            "limits": asdict(limits),
            "scratch": str(folder),
            "root": str(ROOT),
        }
        children = _Children(blank.name, runner or spawn, job, limits, cancelled)
        answer = children.read()
    return replace(
        blank,
        tables=tuple(answer.tables),
        refused=(*missing, *dict.fromkeys(answer.refused)),
        ignored=tuple(dict.fromkeys(answer.ignored)),
    )


@dataclass(frozen=True, slots=True)
class _Children:
    """One child after the other, until every part of a delivery is read or has been given up."""

    name: str
    runner: Runner
    job: Mapping[str, object]
    limits: Limits
    cancelled: Callable[[], bool]

    def read(self) -> ParsedAnswer:
        """Return what all children said, each death as the refusal of the part it happened in."""
        told = ParsedAnswer()
        skipped: set[str] = set()
        for number in range(_MOST_DEATHS):
            answer, death = self._next(skipped, number)
            if death is not None and death[0] == "child.cancelled":
                return ParsedAnswer(refused=[Refusal(self.name, *death)])
            told.tables += answer.tables
            told.refused += answer.refused
            told.ignored += answer.ignored
            if death is None:
                return told
            part, name = answer.begun[-1] if answer.begun else (WHOLE, self.name)
            told.refused.append(Refusal(name, *death))
            if part == WHOLE:
                return told
            skipped |= {*answer.finished, part}
        told.refused.append(Refusal(self.name, "child.given_up"))
        return told

    def _next(
        self, skipped: Collection[str], number: int
    ) -> tuple[ParsedAnswer, tuple[str, str] | None]:
        """Run a child on the parts that are left; return its answer, and how it died or None."""
        folder = Path(str(self.job["scratch"]))
        work = folder / f"work{number}"
        job = {**self.job, "skipped": sorted(skipped), "work": str(work)}
        said, death = self.runner(job, folder, self.limits, self.cancelled)
        shutil.rmtree(work, ignore_errors=True)
        answer = parse(said)
        if death is None and WHOLE not in answer.finished:
            death = ("child.died", "no whole answer")
        return answer, death


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
        "OGR_ARC_STEPSIZE": "0.5",  # degrees: 1 cm at a radius of 1 km
        "GML_FIELDTYPES": "ALWAYS_STRINGS",  # else text among numbers would be read as 0
        "GML_SKIP_RESOLVE_ELEMS": "ALL",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENPYXL_LXML": "False",
        "PROJ_NETWORK": "OFF",
    }


def _delivery(found: Sequence[tuple[str, Path]]) -> DeliveryReading:
    """Return an empty reading with the name, digest and size of a delivery."""
    digests = []
    for _, file in found:
        with file.open("rb") as stream:
            digests.append(hashlib.file_digest(stream, "sha256"))
    if len(digests) == 1:
        digest = digests[0].hexdigest()
    else:
        digest = hashlib.sha256(b"".join(one.digest() for one in digests)).hexdigest()
    size = sum(file.stat().st_size for _, file in found)
    return DeliveryReading(together([name for name, _ in found]), digest, size)


def _copy(found: Sequence[tuple[str, Path]], folder: Path) -> list[dict[str, str]]:
    """Copy files into the private folder under numbers: a delivered name is never a path."""
    members = []
    for number, (name, file) in enumerate(found):
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
        return answer.read(), death


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
