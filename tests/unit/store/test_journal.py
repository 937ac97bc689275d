# ruff: noqa: S608 - tables are named by the tests
"""One journal for everything people decide, on both kinds of store alike."""

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing

import pytest
import shapely
from typer.testing import CliRunner

from edits import difference
from edits.rows import set_values
from geo.errors import DataError, StoreError
from jobs.cli import app
from store import ConflictError, EntryKind, Signature, open_store
from store.contract import MAX_BLOB_BYTES
from store.postgis import engine_of

WANG = Signature("王工", "2026-11-25T09:00:00+08:00")
LI = Signature("李工", "2026-11-25T10:30:00+08:00")
PHOTO = b"\xff\xd8\xff a photo"
DIGEST = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture(scope="module")
def district(district):
    """Return the trial district without the one character that PostgreSQL cannot keep."""
    return district.with_frames(trees=district["trees"].assign(species="㭎𬭚"))


def test_a_decision_is_kept_with_its_files_and_found_by_kind_and_subject(live, district):
    payload = {"event": "count", "fate": "dead", "note": "“枯”\x00", "rate": 0.5, "list": [1, None]}
    written = live.record("greening", payload, entry=WANG, subject="GS1", blobs=[PHOTO, PHOTO])
    live.record("greening", {"event": "comment"}, entry=LI, subject="GS2")
    live.record("scenario", {"name": "方案一"}, entry=LI)
    assert live.journal("greening", "GS1") == [written]
    assert [entry.subject for entry in live.journal("greening")] == ["GS1", "GS2"]
    assert [entry.kind for entry in live.journal()] == ["begin", "greening", "greening", "scenario"]
    assert (written.payload, written.blobs) == (payload, (DIGEST,))
    assert live.blob(DIGEST) == PHOTO
    assert written.version == district.version
    assert live.read(written.version).version == district.version
    live.verify()


def test_the_second_to_decide_about_a_subject_is_told_who_was_first(live):
    first = live.record("greening", {"event": "a"}, entry=WANG, subject="GS1", seen=0)
    live.record("greening", {"event": "b"}, entry=WANG, subject="GS2", seen=0)
    with pytest.raises(ConflictError, match="GS1 was changed meanwhile by 王工") as told:
        live.record("greening", {"event": "c"}, entry=LI, subject="GS1", seen=0, blobs=[PHOTO])
    assert told.value.entry == first
    with pytest.raises(StoreError, match="keeps no file"):
        live.blob(DIGEST)
    live.record("greening", {"event": "c"}, entry=LI, subject="GS1", seen=first.seq)
    live.record("greening", {"event": "rate"}, entry=LI, seen=0)  # about the whole district
    assert len(live.journal("greening", "GS1")) == 2


def test_a_decision_changes_rows_in_the_same_entry_and_says_so(live, district):
    edit = set_values(district, "estates", {"E1": {"households": 41}})
    entry = live.record("greening", {"event": "count"}, entry=WANG, subject="GS1", edit=edit)
    assert entry.counts == {"estates": (0, 1, 0)}
    assert live.read()["estates"]["households"].tolist()[0] == 41
    assert live.read().version == entry.version
    assert entry.sentence("zh") == "绿化　小区 E1：户数 40 → 41"
    with pytest.raises(ConflictError, match="estates E1 was changed meanwhile by 王工"):
        live.record("greening", {}, entry=LI, subject="GS1", edit=edit, blobs=[PHOTO])
    assert len(live.journal("greening")) == 1
    live.record("greening", {}, entry=LI, subject="GS1", edit=edit.inverted())
    assert live.read().version == district.version
    live.verify()


def test_an_edit_that_the_layers_cannot_hold_leaves_no_entry(live, district):
    wrong = difference(
        district, district.with_frames(trees=district["trees"].assign(estate_id="E1"))
    )
    gone = difference(
        district,
        district.with_frames(
            estates=district["estates"].iloc[1:], buildings=district["buildings"].iloc[1:]
        ),
    )
    live.record("greening", {}, entry=WANG, edit=gone)
    with pytest.raises(DataError, match="E1"):
        live.record("greening", {}, entry=LI, edit=wrong)
    assert len(live.journal("greening")) == 1


@pytest.mark.parametrize(
    ("kind", "payload", "blobs", "message"),
    [
        ("upgrade", {}, [], "kind 'upgrade'"),
        ("greening", {"x": float("nan")}, [], "no JSON"),
        ("greening", {"x": {1, 2}}, [], "no JSON"),
        ("greening", {"x": "\ud800"}, [], "no JSON"),
        ("greening", {"x": "a" * 5_000_000}, [], "at most"),
        ("greening", {}, [bytes(MAX_BLOB_BYTES + 1)], "at most"),
    ],
)
def test_what_an_entry_cannot_hold_is_refused(live, kind, payload, blobs, message):
    with pytest.raises(DataError, match=message):
        live.record(kind, payload, entry=WANG, blobs=blobs)
    assert live.history() == []


def test_a_reader_keeps_its_district_while_others_only_decide(live):
    live.name("begin", entry=WANG)
    before = live.read()
    stamp = live.stamp()
    live.record("office", {"fields": {"leader": "张三"}}, entry=WANG)
    assert live.stamp() != stamp
    assert live.read() is before


@pytest.mark.slow
def test_a_backup_is_whole_and_is_brought_back_whole(live, tmp_path):
    live.record("greening", {"event": "count"}, entry=WANG, subject="GS1", blobs=[PHOTO])
    live.record("booklet", {"edition": "一稿"}, entry=WANG)
    live.backup(tmp_path / "b.gpkg", entry=WANG)
    new = open_store(tmp_path / "new")
    new.restore_backup(tmp_path / "b.gpkg", entry=LI)
    assert new.history()[:-1] == live.history()
    assert new.blob(DIGEST) == PHOTO
    new.verify()


@pytest.mark.slow
def test_a_restored_version_undecides_nothing(live, district):
    live.name("begin", entry=WANG)
    edit = set_values(district, "estates", {"E1": {"households": 41}})
    live.record("greening", {"event": "count"}, entry=WANG, subject="GS1", edit=edit)
    live.restore("begin", entry=LI)
    assert live.read().version == district.version
    assert len(live.journal("greening", "GS1")) == 1


@pytest.mark.slow
def test_decisions_of_a_backup_that_the_journal_lacks_are_added_once(live, tmp_path):
    """The backup of a store that went its own way: a folder copied to another machine."""
    live.record("greening", {"event": "a"}, entry=WANG, subject="GS1")
    live.backup(tmp_path / "b.gpkg", entry=WANG)
    elsewhere = open_store(tmp_path / "elsewhere")
    elsewhere.restore_backup(tmp_path / "b.gpkg", entry=WANG)
    elsewhere.record("greening", {"event": "b"}, entry=LI, subject="GS1", blobs=[PHOTO])
    elsewhere.backup(tmp_path / "c.gpkg", entry=LI)
    for _ in range(2):
        live.restore_backup(tmp_path / "c.gpkg", entry=WANG)
        told = [(e.payload["event"], e.by) for e in live.journal("greening", "GS1")]
        assert told == [("a", "王工"), ("b", "李工")]
    assert live.blob(DIGEST) == PHOTO
    live.verify()


def _cut(live, place, server):
    """Cut the newest entry and what it changed off the end, as a forger with full access can."""
    last = live.history()[-1].seq
    if server:
        engine = engine_of(server)
        with engine.begin() as base:
            base.exec_driver_sql("SET session_replication_role = replica")
            base.exec_driver_sql(f"DELETE FROM litong_trial.litong_journal WHERE seq = {last}")
        engine.dispose()
        return
    with closing(sqlite3.connect(place / "district.gpkg")) as base, base:
        guards = base.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            " AND tbl_name = 'litong_journal'"
        ).fetchall()
        for name, _ in guards:
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute("DELETE FROM litong_journal WHERE seq = ?", (last,))
        for _, sql in guards:
            base.execute(sql)


def test_entries_cut_off_the_end_are_named_and_stay_known(live, place, address):
    live.name("begin", entry=WANG)
    live.record("greening", {"event": "a"}, entry=WANG, subject="GS1")
    live.verify()
    _cut(live, place, address)
    with pytest.raises(StoreError, match="ends at entry 2, but entry 3") as told:
        live.verify()
    assert "止于第 2 条" in told.value.zh
    live.name("after", entry=LI)
    assert [entry.kind for entry in live.history()[-2:]] == [EntryKind.CUT, EntryKind.NAME]
    with pytest.raises(StoreError, match="record 3 of the journal tells that entry 3 was missing"):
        live.verify()
    live.record("greening", {"event": "b"}, entry=LI)
    assert [entry.kind for entry in live.history()].count(EntryKind.CUT) == 1


def test_a_head_that_lags_behind_accuses_nobody(live, place, address):
    head = place / ("server.head" if address else "district.head")
    live.name("begin", entry=WANG)
    note = head.read_bytes()
    live.record("greening", {"event": "a"}, entry=WANG)
    head.write_bytes(note)
    live.verify()
    head.write_text("?", encoding="utf-8")
    live.verify()


def test_the_command_names_entries_cut_off_the_end(place):
    live = open_store(place)
    live.name("begin", entry=WANG)
    live.record("greening", {"event": "a"}, entry=WANG)
    _cut(live, place, "")
    done = CliRunner().invoke(app, ["history", str(place), "--verify"])
    assert done.exit_code == 1
    assert "止于第 2 条" in done.output.replace("\n", "")


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE litong_journal SET subject = 'GS9' WHERE seq = 2", "record 2"),
        ("UPDATE litong_journal SET kind = 'scenario' WHERE seq = 2", "record 2"),
        ("UPDATE litong_journal SET record = replace(record, 'dead', 'alive')", "record 2"),
        ("UPDATE litong_blobs SET content = x'00'", "its file .* is missing or altered"),
        ("DELETE FROM litong_blobs", "its file .* is missing or altered"),
    ],
)
def test_an_entry_or_file_altered_behind_the_triggers_is_named(place, statement, message):
    live = open_store(place)
    live.record("greening", {"fate": "dead"}, entry=WANG, subject="GS1", blobs=[PHOTO])
    with closing(sqlite3.connect(place / "district.gpkg")) as base, base:
        for name, table in base.execute(
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            if table in ("litong_journal", "litong_blobs"):
                base.execute(f'DROP TRIGGER "{name}"')
        base.execute(statement)
    with pytest.raises(StoreError, match=message):
        live.verify()
    with pytest.raises(StoreError, match="triggers were altered"):
        live.record("greening", {}, entry=WANG)


@pytest.mark.postgis
def test_guards_altered_on_the_server_are_refused_by_name(place, server):
    live = open_store(place, server)
    live.name("begin", entry=WANG)
    engine = engine_of(server)
    try:
        with engine.begin() as base:
            base.exec_driver_sql("ALTER TABLE litong_trial.estates DISABLE TRIGGER ALL")
        with pytest.raises(StoreError, match="estates: its triggers were altered"):
            live.name("after", entry=WANG)
    finally:
        with engine.begin() as base:
            base.exec_driver_sql("DROP SCHEMA IF EXISTS litong_trial CASCADE")
        engine.dispose()


def test_a_store_of_a_later_schema_is_refused_in_one_sentence(place):
    live = open_store(place)
    live.name("begin", entry=WANG)
    with closing(sqlite3.connect(place / "district.gpkg")) as base, base:
        base.execute("UPDATE litong_meta SET value = '2' WHERE name = 'schema'")
    for act in (live.read, live.history, lambda: live.name("x", entry=WANG)):
        with pytest.raises(StoreError, match="schema 2 of a later build"):
            act()


def test_a_store_on_a_read_only_medium_opens_for_reading(place, monkeypatch):
    """The folder was copied with an empty log beside the file, and nothing can be made there."""
    live = open_store(place)
    live.record("greening", {"event": "a"}, entry=WANG, blobs=[PHOTO])
    version = live.read().version
    for log in place.glob("*-wal"):
        log.unlink()
    for log in place.glob("*-shm"):
        log.unlink()
    connect = sqlite3.connect

    class ReadOnly(sqlite3.Connection):
        def execute(self, *_):
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error

    def on_medium(address, *given, **more):
        plain = "immutable" in str(address)
        return connect(address, *given, **more, **({} if plain else {"factory": ReadOnly}))

    monkeypatch.setattr(sqlite3, "connect", on_medium)
    again = open_store(place)
    assert again.read().version == version
    assert [entry.payload for entry in again.journal("greening")] == [{"event": "a"}]
    assert again.blob(DIGEST) == PHOTO
    again.verify()
    with pytest.raises(StoreError):
        again.record("greening", {"event": "b"}, entry=LI)


def test_a_head_beside_a_single_file_bears_its_name(place, tmp_path):
    shutil.copy(place / "district.gpkg", tmp_path / "a.gpkg")
    live = open_store(tmp_path / "a.gpkg")
    live.update(
        live.row("trees", "T1"), {"geometry": shapely.Point(600_050, 4_200_051)}, entry=WANG
    )
    head = json.loads((tmp_path / "a.head").read_text("utf-8"))
    assert head["seq"] == 2
    live.verify()


def test_an_entry_says_which_account_acted_and_how_it_was_known(live):
    signed = Signature("王工", "2026-11-25T09:00:00+08:00", account="wang", known="local")
    live.record("scenario", {"name": "方案一"}, entry=signed)
    live.record("scenario", {"name": "方案二"}, entry=LI)
    first, second = live.journal("scenario")
    assert (first.account, first.known) == ("wang", "local")
    assert (first.known_label("zh"), first.known_label("en")) == ("口令登录", "by password")
    assert (second.account, second.known, second.known_label("zh")) == ("", "", "")
    live.verify()
