"""A GeoPackage that comes with its log is read with it; one that came without says so."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from intake import sandbox
from tests.unit.intake.delivery import estates, geopackage, zipped


@pytest.fixture
def in_use(tmp_path):
    """Return a GeoPackage of three estates, whose last change is in the log that another holds."""
    rows = estates(3)
    path = geopackage(tmp_path / "小区.gpkg", rows, [row.outline for row in rows])
    with closing(sqlite3.connect(path)) as other, closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN")
        other.execute('SELECT count(*) FROM "小区"').fetchone()
        with base:
            base.execute('UPDATE "小区" SET "户数" = 999 WHERE estate_id = ?', ("LT-01",))
        yield path


def households(table):
    return next(list(f.cells) for f in table.fields if f.heading == "户数".encode())


def copied(path, folder, *endings):
    folder.mkdir()
    for ending in ("", *endings):
        shutil.copy(f"{path}{ending}", folder / f"小区.gpkg{ending}")
    return folder / "小区.gpkg"


@pytest.mark.parametrize("endings", [("-wal",), ("-wal", "-shm")])
def test_a_log_that_came_with_the_file_is_read_with_it(in_use, tmp_path, read, endings):
    reading = read(copied(in_use, tmp_path / "copy", *endings))
    (table,) = reading.tables
    assert households(table)[0] == 999
    assert reading.refused == ()
    assert table.notes == ()


def test_a_folder_and_an_archive_bring_the_log_too(in_use, tmp_path, read):
    path = copied(in_use, tmp_path / "copy", "-wal", "-shm")
    members = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    for delivered in (path.parent, zipped(tmp_path / "a.zip", members)):
        reading = read(delivered)
        assert households(reading.tables[0])[0] == 999
        assert reading.refused == ()


def test_a_file_that_came_without_its_log_says_so(in_use, tmp_path, read):
    (table,) = read(copied(in_use, tmp_path / "copy")).tables
    assert households(table)[0] == 36
    assert [note.rule for note in table.notes] == ["gpkg.without_log"]


def test_a_file_that_is_written_without_a_log_lacks_none(tmp_path, read):
    rows = estates(3)
    path = geopackage(tmp_path / "小区.gpkg", rows, [row.outline for row in rows])
    (tmp_path / "小区.gpkg-wal").write_bytes(b"")
    (table,) = read(path).tables
    assert table.notes == ()


def test_a_log_of_another_file_refuses_both(in_use, tmp_path, read):
    path = copied(in_use, tmp_path / "copy", "-wal")
    rows = estates(12)
    path.unlink()
    geopackage(path.with_name("x.gpkg"), rows, [row.outline for row in rows]).rename(path)
    reading = read(path)
    assert reading.tables == ()
    assert [refusal.rule for refusal in reading.refused] == ["refused.wal"]


def test_a_log_alone_is_refused(in_use, tmp_path, read):
    path = copied(in_use, tmp_path / "copy", "-wal")
    path.unlink()
    reading = read(path.with_name("小区.gpkg-wal"))
    assert [refusal.rule for refusal in reading.refused] == ["refused.wal"]


@pytest.mark.slow
def test_the_log_is_read_behind_all_fences(in_use, tmp_path):
    reading = sandbox.read(copied(in_use, tmp_path / "copy", "-wal"))
    assert households(reading.tables[0])[0] == 999
    assert sorted(file.name for file in (tmp_path / "copy").iterdir()) == [
        "小区.gpkg",
        "小区.gpkg-wal",
    ]
