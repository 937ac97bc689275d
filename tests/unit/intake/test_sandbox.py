# ruff: noqa: E501 - code for the child is written out in one line
"""The sandbox itself: limits, fences, cancelling, and a child that dies."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from intake import sandbox
from intake.sandbox import Limits, read
from tests.unit.intake.delivery import estates, geojson

linux = pytest.mark.skipif(sys.platform != "linux", reason="the fences of the kernel are Linux's")


def run_child(code, tmp_path, **environment):
    """Run code in the child's interpreter behind its fences, with a job of the usual form."""
    limits = {"memory_mb": 1024, "cpu_s": 5, "wall_s": 10, "output_mb": 10, "input_mb": 10}
    boot = (
        f"import sys; sys.path.insert(0, {str(sandbox.ROOT)!r})\n"
        "from intake.child import fences\n"
        f"standing = fences.raise_all({limits!r}, {str(tmp_path)!r}, {str(sandbox.ROOT)!r})\n{code}"
    )
    env = {**sandbox.environment(str(tmp_path)), **environment}
    return subprocess.run(  # noqa: S603
        [sys.executable, "-I", "-B", "-c", boot],
        capture_output=True, text=True, cwd=tmp_path, env=env, timeout=60, check=False,
    )  # fmt: skip


@linux
def test_the_limits_stand_and_the_fences_this_kernel_has(tmp_path):
    said = run_child("print(*standing)", tmp_path).stdout.split()
    assert "limits" in said
    # A kernel may refuse name spaces or lack Landlock; the audit hook and the driver list stand anyway.
    assert set(said) <= {"limits", "network", "files"}


REACHES = {
    "a file outside": "open({secret!r}).read()",
    "a folder outside": "import os; os.listdir({folder!r})",
    "write outside": "open({folder!r} + '/new', 'w')",
    "a socket": "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
    "a name": "import socket; socket.getaddrinfo('localhost', 80)",
    "a program": "import subprocess; subprocess.run(['/bin/true'])",
    "a shell": "import os; os.system('true')",
    "a fork": "import os; os.fork()",
    "memory": "b = bytearray(3_000_000_000)",
    "the project's data": "open({root!r} + '/pyproject.toml').read()",
}


@linux
@pytest.mark.parametrize("what", REACHES)
def test_the_child_cannot_reach(tmp_path, tmp_path_factory, what):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret").write_text("x")
    code = REACHES[what].format(
        secret=str(outside / "secret"), folder=str(outside), root=str(sandbox.ROOT)
    )
    standing = run_child("print(*standing)", tmp_path).stdout.split()
    if "files" not in standing and ("outside" in what or "data" in what):
        pytest.skip("this kernel has no Landlock")
    done = run_child(f"{code}\nprint('reached')", tmp_path)
    assert "reached" not in done.stdout
    assert done.returncode != 0


@linux
def test_the_child_may_read_and_write_its_own_folder(tmp_path):
    assert run_child("open('a', 'w').write('x'); print(open('a').read())", tmp_path).stdout == "x\n"


def test_the_environment_of_the_app_does_not_reach_the_child(monkeypatch, tmp_path):
    monkeypatch.setenv("LITONG_SECRET", "x")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert "LITONG_SECRET" not in sandbox.environment("x")
    assert "PYTHONPATH" not in sandbox.environment("x")


@pytest.mark.slow
def test_every_gdal_driver_but_seven_is_switched_off(tmp_path):
    code = "import pyogrio; print(*sorted(pyogrio.list_drivers()), sep=',')"
    env = sandbox.environment(str(tmp_path))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, env=env, check=True
    )
    assert done.stdout.strip() == "DGN,ESRI Shapefile,FlatGeobuf,GML,GPX,MapInfo File,OpenFileGDB"


@pytest.mark.slow
def test_the_app_never_loads_gdal_or_ezdxf(tmp_path):
    geojson(tmp_path / "a.geojson", estates(2))
    code = (
        "import sys, pathlib; from intake import sandbox, draft, quarantine;"
        f"sandbox.read(pathlib.Path({str(tmp_path / 'a.geojson')!r}));"
        "print(*[m for m in sys.modules if m.split('.')[0] in ('pyogrio', 'fiona', 'ezdxf')"
        " or m.startswith('intake.child')])"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=sandbox.ROOT, check=True
    )
    assert done.stdout.strip() == ""


def test_a_file_larger_than_an_import_is_refused_unread(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x" * (2**20 + 1))
    reading = read(tmp_path / "a.csv", limits=Limits(input_mb=1))
    assert [refusal.rule for refusal in reading.refused] == ["file.too_large"]


def test_a_reading_that_takes_too_long_is_ended(tmp_path):
    geojson(tmp_path / "a.geojson", estates())
    reading = read(tmp_path / "a.geojson", limits=Limits(wall_s=0))
    assert [refusal.rule for refusal in reading.refused] == ["child.too_slow"]


@linux
def test_a_reading_that_needs_too_much_memory_is_ended(tmp_path):
    geojson(tmp_path / "a.geojson", estates())
    reading = read(tmp_path / "a.geojson", limits=Limits(memory_mb=60))
    assert [refusal.rule for refusal in reading.refused] == ["child.died"]


def test_a_cancelled_reading_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    geojson(tmp_path / "a.geojson", estates())
    reading = read(tmp_path / "a.geojson", cancelled=lambda: True)
    assert [refusal.rule for refusal in reading.refused] == ["child.cancelled"]
    assert {path.name for path in tmp_path.iterdir()} == {"a.geojson"}


@pytest.mark.slow
@linux
def test_the_child_dies_with_the_app(tmp_path):
    """Kill a process that is reading; within a second its child is gone as well."""
    (tmp_path / "a.geojson").write_text(
        '{"type":"FeatureCollection","features":[' + "1," * 3_000_000 + "1]}"
    )
    code = f"import pathlib; from intake import sandbox; sandbox.read(pathlib.Path({str(tmp_path / 'a.geojson')!r}))"
    app = subprocess.Popen([sys.executable, "-c", code], cwd=sandbox.ROOT)  # noqa: S603
    child = ""
    for _ in range(1000):
        child = Path(f"/proc/{app.pid}/task/{app.pid}/children").read_text().strip()
        if child:
            break
        time.sleep(0.02)
    assert child
    time.sleep(0.3)  # long enough to have asked the kernel for the signal
    app.kill()
    app.wait()
    for _ in range(100):
        state = Path(f"/proc/{child}/stat")
        if not state.exists() or " Z " in state.read_text():
            return
        time.sleep(0.05)
    pytest.fail("the child outlived the app")


@pytest.mark.parametrize(
    ("code", "rule"),
    [(0, None), (-11, "child.died"), (-9, "child.died"), (-24, "child.too_slow"), (-25, "child.too_much"), (1, "child.died")],
)  # fmt: skip
def test_every_way_to_die_has_a_sentence(code, rule):
    death = sandbox.describe_death(code)
    assert (death and death[0]) == rule
