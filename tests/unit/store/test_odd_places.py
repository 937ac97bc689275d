# ruff: noqa: E501, S603 - times are written out; processes are our own
"""Stores on read-only media, copied with and without their log, killed, and under a wrong clock."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from edits.rows import set_values
from geo.errors import StoreError
from greening.event_words import entry_words
from jobs.cli import app
from layers.district import District
from store import EntryKind, Signature, open_store, read_district, write_district
from store.atomic import replacing
from store.journal import _is_earlier
from store.live_geopackage import GeoPackageDatabase
from store.read_only import has_log, is_log_cut
from store.scratch import make_file, make_folder, private_folder, remove_files, remove_folders
from tests.unit.intake import known
from tests.unit.intake.delivery import CRS_4544
from tests.unit.store import mediums

WANG = Signature("王工", "2026-11-25T09:00:00+08:00")
needs_rights = pytest.mark.skipif(not mediums.IS_POSSIBLE, reason="needs setpriv or no root")


def changed(place, households, at="2026-11-25T10:00:00+08:00"):
    """Change a row; return the version after it."""
    live = open_store(place)
    base = live.read()
    edit = set_values(base, "estates", {"E01": {"households": households}})
    return live.apply(edit, base=base.version, entry=Signature("王工", at)).version


@pytest.fixture
def place(tmp_path):
    """Return a folder with a district that nobody has changed yet."""
    write_district(known.district(), tmp_path / "district")
    return tmp_path / "district"


@pytest.fixture
def in_use(place):
    """Return a folder whose file another program has open, so that its newest entry is in the log."""
    changed(place, 41)
    with closing(sqlite3.connect(place / "district.gpkg")) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM litong_journal").fetchone()
        changed(place, 42)
        assert has_log(place / "district.gpkg")
        yield place


def copied(place, tmp_path, *endings):
    """Copy a folder as it is, of the files beside the GeoPackage those of these endings only."""
    there = tmp_path / "copy"
    there.mkdir()
    for name in ("district.toml", "district.head", "district.gpkg"):
        shutil.copy(place / name, there / name)
    for ending in endings:
        shutil.copy(place / f"district.gpkg{ending}", there / f"district.gpkg{ending}")
    return there


def households(place):
    return open_store(place).read()["estates"]["households"].tolist()[0]


# -- copies ------------------------------------------------------------------------------------


def test_a_copy_with_its_log_is_read_whole(in_use, tmp_path):
    there = copied(in_use, tmp_path, "-wal")
    assert households(there) == 42
    assert open_store(there).notices() == []
    open_store(there).verify()
    changed(there, 43)
    assert households(there) == 43


def test_a_copy_without_its_log_is_named_as_such_and_noted_for_good(in_use, tmp_path):
    there = copied(in_use, tmp_path)
    assert households(there) == 41
    (notice,) = open_store(there).notices()
    assert "district.gpkg-wal" in notice.zh
    assert "止于第 2 条" in notice.zh
    assert "第 3 条" in notice.zh
    with pytest.raises(StoreError, match="copied without its log"):
        open_store(there).verify()
    changed(there, 44)
    assert open_store(there).history()[-2].kind == EntryKind.CUT


@pytest.mark.slow
def test_a_copy_of_a_store_whose_whole_journal_is_in_the_log_is_named_as_such(place, tmp_path):
    with closing(sqlite3.connect(place / "district.gpkg")) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM estates").fetchone()
        changed(place, 41)
        there = copied(place, tmp_path)
    (notice,) = open_store(there).notices()
    assert "止于第 0 条" in notice.zh
    changed(there, 44)
    assert EntryKind.CUT in [entry.kind for entry in open_store(there).history()]


@pytest.mark.slow
def test_an_older_copy_is_named_as_such(place, tmp_path):
    changed(place, 41)
    older = shutil.copy(place / "district.gpkg", tmp_path / "older.gpkg")
    changed(place, 42)
    with closing(sqlite3.connect(older)) as base:
        base.execute("PRAGMA journal_mode = DELETE")
    shutil.copy(older, place / "district.gpkg")
    (notice,) = open_store(place).notices()
    assert "older copy" in notice.en


@pytest.mark.parametrize("left", [0.02, 0.5, 0.93])
@pytest.mark.parametrize("is_single", [False, True])
def test_a_log_that_was_not_copied_whole_is_named_as_such(in_use, tmp_path, left, is_single):
    there = copied(in_use, tmp_path, "-wal")
    log = there / "district.gpkg-wal"
    whole = log.read_bytes()
    assert open_store(there).notices() == []
    page, head, page_head = 4096, 32, 24
    count = int((len(whole) - head) / (page + page_head) * left)
    log.write_bytes(whole[: head + count * (page + page_head) + 1000])
    if is_single:
        (there / "district.toml").unlink()
        (there / "district.head").unlink()
    said = [one.zh for one in open_store(there / "district.gpkg" if is_single else there).notices()]
    assert ["district.gpkg-wal 在中途断掉" in one for one in said] == [True] + [False] * (
        not is_single
    )


def test_a_log_shorter_than_its_head_is_cut(place):
    (place / "district.gpkg-wal").write_bytes(b"\x37\x7f\x06\x82")
    assert is_log_cut(place / "district.gpkg")
    (place / "district.gpkg-wal").write_bytes(b"")
    assert not is_log_cut(place / "district.gpkg")


@pytest.mark.parametrize("is_live", [False, True])
def test_a_log_of_another_file_is_refused_and_never_read_half(in_use, tmp_path, is_live):
    there = copied(in_use, tmp_path, "-wal")
    frames = {"estates": known.estates(), "buildings": known.buildings()}
    other = District.from_frames(frames, crs=CRS_4544, name="别处")
    write_district(other, tmp_path / "other")
    if is_live:
        changed(tmp_path / "other", 77)
    shutil.copy(tmp_path / "other" / "district.gpkg", there / "district.gpkg")
    for _ in range(2):  # refused again: the first attempt left nothing that hides it
        with pytest.raises(StoreError, match="not its own"):
            open_store(there).read()
    with pytest.raises(StoreError, match="not its own"):
        changed(there, 43)


@pytest.mark.slow
@pytest.mark.parametrize("is_there", [True, False])
def test_a_backup_is_restored_into_a_folder_that_has_no_store_yet(place, tmp_path, is_there):
    changed(place, 41)
    open_store(place).backup(tmp_path / "b.gpkg", entry=WANG)
    empty = tmp_path / "empty"
    if is_there:
        empty.mkdir()
    words = ["restore", str(empty), str(tmp_path / "b.gpkg"), "--yes", "--by", "王工"]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 0, found.output
    assert households(empty) == 41


def test_a_sound_store_has_nothing_to_be_told(place):
    changed(place, 41)
    live = open_store(place)
    assert live.notices() == []
    assert not live.is_read_only


# -- read-only ---------------------------------------------------------------------------------


@needs_rights
@pytest.mark.slow
@pytest.mark.parametrize("endings", [(), ("-wal",), ("-wal", "-shm")])
def test_a_district_on_a_read_only_share_is_checked_and_exported_and_says_so(
    in_use, tmp_path, endings
):
    there = copied(in_use, tmp_path, *endings)
    count = 42 if endings else 41
    with mediums.read_only(there):
        before = sorted(path.name for path in there.iterdir())
        code, said = mediums.run("export", there, "--to", "gpkg", "--out", tmp_path / "out.gpkg")
        assert code == 0, said
        assert "只读" in said
        assert ("district.gpkg-wal" in said) is (not endings)
        code, said = mediums.run("check", there, "--as-of", "2023-04-01", "--lang", "en")
        assert code == 0, said
        assert "read-only" in said
        assert mediums.run("history", there)[0] == 0
        assert sorted(path.name for path in there.iterdir()) == before
    with closing(sqlite3.connect(tmp_path / "out.gpkg")) as base:
        found = base.execute("SELECT households FROM estates WHERE estate_id = 'E01'").fetchone()
    assert found == (count,)


@needs_rights
@pytest.mark.slow
def test_what_would_write_into_a_read_only_share_says_why_not(place, tmp_path):
    changed(place, 41)
    with mediums.read_only(place):
        code, said = mediums.run("backup", place, tmp_path / "b.gpkg")
        assert code == 0, said
        code, said = mediums.run("restore", place, tmp_path / "b.gpkg", "--yes")
    assert code == 1
    assert "只读，未写入" in said


@pytest.mark.slow
@needs_rights
def test_a_read_only_district_without_a_journal_is_backed_up_elsewhere(place, tmp_path):
    with mediums.read_only(place):
        code, said = mediums.run("backup", place, tmp_path / "b.gpkg")
    assert code == 0, said
    code, said = mediums.run("restore", tmp_path / "new", tmp_path / "b.gpkg", "--yes")
    assert code == 0, said
    assert read_district(tmp_path / "new").version == read_district(place).version


@pytest.mark.slow
@needs_rights
def test_what_cannot_be_restored_is_said_before_anybody_is_asked(place, tmp_path):
    code, said = mediums.run("restore", place, tmp_path / "none.gpkg")
    assert (code, "没有这个文件" in said, "？" in said) == (1, True, False)
    code, said = mediums.run("restore", place, "--version", "none")
    assert (code, "？" in said) == (1, False)


def test_a_read_only_file_beside_others_is_named_when_it_cannot_be_restored(place, monkeypatch):
    file = place / "district.gpkg"
    shutil.copyfile(file, place / "another.gpkg")
    monkeypatch.setattr(GeoPackageDatabase, "is_read_only", property(lambda _: True))
    with pytest.raises(StoreError, match=r"district\.gpkg: read-only, nothing was written"):
        open_store(file).require_restorable("a version")


@pytest.mark.slow
@needs_rights
def test_a_store_knows_that_it_cannot_be_written(place):
    code = "import sys; from pathlib import Path; from store import open_store; "
    code += "s = open_store(Path(sys.argv[1])); print(s.is_read_only, len(s.notices()))"
    power = mediums._LESS_POWER if os.getuid() == 0 else ()
    command = [*power, sys.executable, "-B", "-c", code, str(place)]
    with mediums.read_only(place):
        said = subprocess.run(command, cwd=mediums.ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["True", "1"]


# -- what a killed program leaves --------------------------------------------------------------


def killed(code, *words):
    """Run Python that ends itself by SIGKILL."""
    script = f"import os, signal, sys\n{code}\nos.kill(os.getpid(), signal.SIGKILL)"
    command = [sys.executable, "-c", script, *map(str, words)]
    done = subprocess.run(command, cwd=mediums.ROOT, check=False, env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL


needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")


@pytest.mark.slow
@needs_signals
def test_folders_of_a_killed_import_are_removed_at_the_next_start(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    killed("from store.scratch import make_folder\n(make_folder('intake') / 'in0').write_text('x')")
    (left,) = tmp_path.iterdir()
    assert left.name.startswith("litong-intake-")
    ours = make_folder("upload")
    assert list(tmp_path.iterdir()) == [ours]
    remove_folders()
    assert ours.is_dir()


def test_folders_that_are_not_ours_stay(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    aims = tmp_path / "aims"
    aims.mkdir()
    (tmp_path / "litong-intake-999999999-abc").symlink_to(aims)
    for name in (
        "litong-notes",
        "litong-intake-1-abc",
        f"litong-intake-{os.getpid()}-abc",
        "other",
    ):
        (tmp_path / name).mkdir()
    before = sorted(tmp_path.iterdir())
    with private_folder("intake") as folder:
        assert folder.is_dir()
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.slow
@needs_signals
def test_files_of_a_killed_writer_are_removed_by_the_next_one(place):
    code = "from pathlib import Path\nfrom store.scratch import make_file\n"
    killed(code + "make_file(Path(sys.argv[1]))", place / "district.gpkg")
    killed(code + "make_file(Path(sys.argv[1]))", place / "district.head")
    running = make_file(place / "district.toml")
    (place / ".note.tmp").write_text("somebody's")
    assert len(list(place.glob(".*.tmp"))) == 4
    changed(place, 41)
    assert sorted(place.glob(".*.tmp")) == sorted([running, place / ".note.tmp"])
    remove_files(place)
    assert running.is_file()


@pytest.mark.slow
@needs_signals
def test_what_a_killed_writer_left_does_not_keep_a_folder_from_opening(place):
    (place / "district.toml").unlink()  # one GeoPackage is found by being the only one
    code = "from pathlib import Path\nfrom store.atomic import beside\n"
    killed(code + "it = beside(Path(sys.argv[1]))\nit.__enter__()", place / "district.gpkg")
    assert len(list(place.iterdir())) == 2
    assert open_store(place).read()["estates"].shape[0] == 5


def test_a_file_that_is_not_finished_leaves_nothing(tmp_path):
    def stopped():
        with replacing(tmp_path / "a.txt") as file:
            file.write_text("half")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        stopped()
    assert list(tmp_path.iterdir()) == []


# -- clocks ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_clock_that_went_back_is_noted_in_the_entry(place):
    changed(place, 41, "2026-11-25T10:00:00+08:00")
    changed(place, 42, "2026-11-24T10:00:00+08:00")
    changed(place, 43, "2026-11-24T10:05:00+08:00")
    entries = open_store(place).history()
    noted = [entry.earlier_than for entry in entries]
    assert noted == ["", "", "2026-11-25T10:00:00+08:00", ""]
    assert "时间早于上一条（2026-11-25T10:00:00+08:00）" in entries[2].sentence("zh")
    assert "went back" in entries[2].sentence("en")
    open_store(place).verify()


def test_a_greening_event_under_a_clock_that_went_back_says_so_too(place):
    live = open_store(place)
    event = {"event": "comment", "comment": "查看", "role": "bureau", "data_version": "x"}
    live.record("greening", event, entry=WANG, subject="GS1")
    earlier = Signature("李工", "2026-11-20T09:00:00+08:00")
    entry = live.record("greening", event, entry=earlier, subject="GS1")
    assert "时间早于上一条" in entry_words(entry, "zh")


CLOCKS = [
    ("2026-11-25T10:00:00+08:00", "2026-11-25T10:00:00+08:00", False), ("2026-11-25T09:59:30+08:00", "2026-11-25T10:00:00+08:00", False),
    ("2026-11-25T09:58:00+08:00", "2026-11-25T10:00:00+08:00", True), ("2026-11-25T03:00:00+00:00", "2026-11-25T10:00:00+08:00", False),
    ("2026-11-25T01:00:00+00:00", "2026-11-25T10:00:00+08:00", True), ("2026-11-25", "2026-11-25T10:00:00+08:00", True),
    ("2026-11-26", "2026-11-25T10:00:00+08:00", False), ("2025-11-25T10:00:00", "2026-11-25T10:00:00", True),
]  # fmt: skip


@pytest.mark.parametrize(("at", "before", "is_back"), CLOCKS)
def test_times_are_compared_where_they_are_and_a_minute_is_nothing(at, before, is_back):
    assert _is_earlier(at, before) is is_back


@given(st.datetimes(timezones=st.timezones()), st.datetimes(timezones=st.timezones()))
def test_of_two_times_at_most_one_is_earlier(one, other):
    a, b = one.isoformat(), other.isoformat()
    assert not (_is_earlier(a, b) and _is_earlier(b, a))
