"""No GDAL wheel, and no plain open, ever touches the file of a live store."""

import ast
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import store
from store import Signature, open_store

ROOT = Path(__file__).parents[3]
WANG = Signature("王工", "2026-11-25T09:00:00+08:00")


@pytest.fixture
def folder(tiny_folder):
    """Return a live store of the tiny demonstration district."""
    open_store(tiny_folder).name("开始", entry=WANG)
    return tiny_folder


def _guarded(folder, commands):
    lines = "\n".join("\t".join(map(str, words)) for words in commands)
    return subprocess.run(  # noqa: S603
        [sys.executable, str(Path(__file__).with_name("guarded.py")), folder / "district.gpkg"],
        input=lines,
        text=True,
        capture_output=True,
        cwd=ROOT,
        check=False,
        timeout=600,
    )


@pytest.mark.slow
def test_no_command_opens_the_live_file_but_by_sqlite3(folder, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["小区名称", "户数"])
    for name in store.read_district(folder)["estates"]["name"]:
        book.active.append([name, 77])
    book.save(tmp_path / "a.xlsx")
    backup = tmp_path / "backup.gpkg"
    commands = [
        ["import", folder, tmp_path / "a.xlsx", "--layer", "estates", "--yes"],
        ["history", folder, "--verify"],
        ["backup", folder, backup],
        ["restore", folder, "--version", "开始", "--yes"],
        ["restore", folder, backup, "--yes"],
        ["check", folder, "--out", tmp_path / "g.xlsx", "--out", tmp_path / "g.gpkg"],
        ["green", folder, "--out", tmp_path / "green.xlsx"],
        ["atlas", folder, "--out", tmp_path / "a.pdf"],
        *(
            ["export", folder, "--to", form, "--out", tmp_path / f"x{suffix}"]
            for form, suffix in (("gpkg", ".gpkg"), ("shp", ".zip"), ("xlsx", ".xlsx"))
        ),
    ]
    told = _guarded(folder, commands)
    assert told.returncode == 0, told.stderr[-2000:]
    assert (tmp_path / "x.zip").stat().st_size
    assert open_store(folder).read()["estates"]["households"].tolist() == [77, 77]


@pytest.mark.slow
def test_the_guard_sees_a_plain_open(folder, tmp_path):
    """Second method: a command that reads the live file as a file is caught."""
    script = Path(__file__).with_name("guarded.py").read_text(encoding="utf-8")
    broken = script.replace(
        "    for words in COMMANDS:", "    LIVE.read_bytes()\n    for words in ():"
    )
    (tmp_path / "broken.py").write_text(broken, encoding="utf-8")
    told = subprocess.run(  # noqa: S603
        [sys.executable, str(tmp_path / "broken.py"), folder / "district.gpkg"],
        input="",
        text=True,
        capture_output=True,
        cwd=ROOT,
        check=False,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert told.returncode == 97
    assert "GUARD: open" in told.stderr


@pytest.mark.parametrize("room", ["geo", "layers", "store", "rules", "plan", "greening", "views"])
def test_no_room_that_knows_a_live_store_imports_a_gdal_wheel(room):
    for path in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found = {name.partition(".")[0] for name in names} & {"pyogrio", "fiona", "osgeo"}
            assert not found, path
