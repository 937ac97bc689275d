# ruff: noqa: E501, S603 - files are written out as they arrive
"""
A resident child for tests: the same reader code in the same environment, one fork for each file.

Starting an interpreter takes longer than reading a small file. This process loads the libraries once
and forks for every job; the fork raises the same fences and runs the same job as `sandbox.spawn`.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from intake import sandbox

_SERVER = """
import sys; sys.path.insert(0, sys.argv[1])
import json, os, signal, time
import openpyxl, xlrd, ezdxf.recover, ezdxf.path, pyogrio, pyogrio.raw, pyarrow.parquet, shapely, numpy, xml.etree.ElementTree
from intake.child import fences, job, gdal, shapefile, geopackage, geojson, kml, dxf, workbook, delimited, gml, mapinfo, esri_json, topojson, parquet, xls, cass
for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if child == 0:
        with open(order["answer"], "wb") as answer:
            os.chdir(order["scratch"])
            null = os.open(os.devnull, os.O_WRONLY); os.dup2(null, 1); os.dup2(null, 2)
            fences.raise_all(order["limits"], order["scratch"], order["root"])
            job.run(order, answer)
        os._exit(0)
    end = time.monotonic() + order["limits"]["wall_s"]
    done, status = os.waitpid(child, os.WNOHANG)
    while not done and time.monotonic() < end:
        time.sleep(0.001)
        done, status = os.waitpid(child, os.WNOHANG)
    if not done:
        os.kill(child, signal.SIGKILL); os.waitpid(child, 0); status = signal.SIGXCPU
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


class Resident:
    """A runner for `sandbox.read`; close it when done."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", _SERVER, str(sandbox.ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=sandbox.environment("/tmp"),  # noqa: S108 - each job names its own folder
            text=True,
        )

    def __call__(
        self,
        job: Mapping[str, object],
        folder: Path,
        limits: sandbox.Limits,
        _: Callable[[], bool],
    ) -> tuple[bytes, tuple[str, str] | None]:
        """Run one job in a fork; the limits are in the job."""
        del limits
        answer = folder / "answer"
        self._process.stdin.write(json.dumps({**job, "answer": str(answer)}) + "\n")
        self._process.stdin.flush()
        death = sandbox.describe_death(int(self._process.stdout.readline()))
        return answer.read_bytes(), death

    def close(self) -> None:
        """End the server."""
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
