"""Stores of earlier builds: opened, verified, edited, compared, backed up and restored by this."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from geo.errors import StoreError
from store import EntryKind, Signature, open_store, takeover
from tests.fixtures.make_store import edit_elsewhere
from tests.unit.store.releases import rows_of

ZHAO = Signature("赵工", "2026-12-01T09:00:00+08:00", "新版本")


@pytest.mark.slow
def test_an_old_store_reads_and_verifies_before_anybody_writes(old_store, told):
    old_store.verify()
    assert rows_of(old_store.read()) == told["now"]["rows"]
    for name, content in told["named"].items():
        assert rows_of(old_store.read(name)) == content["rows"]
    entries = old_store.history()
    assert [(e.seq, e.kind, e.by, e.at, e.version) for e in entries][: len(told["history"])] == [
        (e["seq"], e["kind"], e["by"], e["at"], e["version"]) for e in told["history"]
    ]


@pytest.mark.slow
@pytest.mark.parametrize("release", ["store-0", "store-1"], indirect=True)
def test_entries_of_an_old_store_name_no_account_and_new_ones_do(old_store):
    before = len(old_store.history())
    old_store.name("新版本", entry=replace(ZHAO, account="zhao", known="local"))
    old_store.verify()
    entries = old_store.history()
    assert {(entry.account, entry.known) for entry in entries[:before]} == {("", "")}
    assert (entries[-1].account, entries[-1].known) == ("zhao", "local")
    outside = [entry for entry in entries if entry.kind == EntryKind.OUTSIDE]
    assert {(entry.account, entry.known) for entry in outside} <= {("", "")}


@pytest.mark.slow
def test_the_first_write_upgrades_the_store_and_nothing_is_lost(old_store, told):
    before = [(entry.seq, entry.digests, entry.rows) for entry in old_store.history()]
    old_store.update(old_store.row("estates", "estates-1"), {"households": 50}, entry=ZHAO)
    old_store.verify()
    after = old_store.history()
    assert [(entry.seq, entry.digests, entry.rows) for entry in after][: len(before)] == before
    for name, content in told["named"].items():
        assert rows_of(old_store.read(name)) == content["rows"]
        assert rows_of(old_store.read(content["version"])) == content["rows"]
    for version in {entry.version for entry in after}:
        assert old_store.read(version)
    assert old_store.read()["estates"]["households"].tolist()[0] == 50


@pytest.mark.slow
@pytest.mark.parametrize("release", ["store-0", "store-1"], indirect=True)
def test_a_column_that_an_old_store_did_not_have_is_empty_and_takes_a_value(old_store):
    assert old_store.read()["facilities"]["is_public"].isna().all()
    key = old_store.read()["facilities"]["facility_id"].iloc[0]
    old_store.update(old_store.row("facilities", key), {"is_public": False}, entry=ZHAO)
    assert old_store.read()["facilities"]["is_public"].iloc[0] == False  # noqa: E712 - not NA


@pytest.mark.slow
@pytest.mark.parametrize("release", ["store-0"], indirect=True)
def test_what_lay_beside_the_old_store_is_in_the_journal_once(old_store, told, unpacked):
    old_store.name("新版本", entry=ZHAO)
    greening = old_store.journal(EntryKind.GREENING)
    assert [(e.subject, e.by, e.at, e.payload["event"]) for e in greening] == [
        (e["site_id"], e["who"], e["at"], e["kind"]) for e in told["greening"]
    ]
    origins = [entry.payload["taken_from"] for entry in greening]
    assert [(o["seq"], o["digest"]) for o in origins] == [
        (e["seq"], e["digest"]) for e in told["greening"]
    ]
    kept = {f"{digest}.png" for entry in greening for digest in entry.blobs}
    assert kept == set(told["photos"])
    for name in told["photos"]:
        assert old_store.blob(name.partition(".")[0]).startswith(b"\x89PNG")
    booklets = old_store.journal(EntryKind.BOOKLET)
    assert [{**e.payload} for e in booklets] == [
        {**issue, "taken_from": {"file": "issues.json"}} for issue in told["issues"]
    ]
    assert old_store.journal(EntryKind.OFFICE)[-1].payload["fields"] == told["office"]
    assert {e.subject: e.payload["columns"] for e in old_store.journal(EntryKind.HEADINGS)} == told[
        "headings"
    ]
    count = len(old_store.history())
    old_store.name("再次", entry=ZHAO)
    assert len(old_store.history()) == count + 1
    left = {file.name for file in (unpacked / "district").iterdir()}
    assert left & {"greening.sqlite", "issues.json", "office.json", "intake.json"} == set()
    assert (unpacked / "district" / "taken-over" / "greening.sqlite").is_file()
    old_store.verify()


@pytest.mark.slow
@pytest.mark.parametrize("release", ["store-0"], indirect=True)
def test_the_rows_are_brought_to_what_the_greening_record_says_once(old_store):
    before = old_store.read()
    old_store.name("新版本", entry=ZHAO)
    (entry,) = [one for one in old_store.journal(EntryKind.UPGRADE) if "refused" in one.payload]
    # Planted on 27 November, replanted the same day, the site then in its survival count; the
    # record's one change of the design starts from a place where the planting never was.
    assert entry.counts == {"greening_sites": (0, 1, 0), "plantings": (0, 1, 0)}
    assert entry.payload["refused"] == ["plantings-1"]
    assert "状态 拟栽 → 已栽" in entry.sentence("zh")
    assert "rows brought to what the greening record says" in entry.sentence("en")
    site = old_store.row("greening_sites", "greening_sites-1").cells
    planting = old_store.row("plantings", "plantings-1").cells
    assert site["state"] == "survival"
    assert (planting["state"], planting["planted_date"], planting["is_alive"]) == (
        "planted",
        "2026-11-27",
        True,
    )
    assert rows_of(old_store.read(before.version)) == rows_of(before)
    count = len(old_store.history())
    old_store.name("再次", entry=ZHAO)
    assert len(old_store.history()) == count + 1
    old_store.verify()


@pytest.mark.slow
def test_an_old_backup_is_brought_back_into_an_empty_folder_and_into_a_live_store(
    old_store, told, unpacked, tmp_path
):
    new = open_store(tmp_path / "new")
    new.restore_backup(unpacked / "backup.gpkg", entry=ZHAO)
    new.verify()
    assert rows_of(new.read()) == told["now"]["rows"]
    old_store.update(old_store.row("estates", "estates-1"), {"households": 50}, entry=ZHAO)
    old_store.restore_backup(unpacked / "backup.gpkg", entry=ZHAO)
    old_store.verify()
    assert rows_of(old_store.read()) == told["now"]["rows"]


@pytest.mark.slow
def test_a_backup_of_an_upgraded_store_is_whole(old_store, tmp_path):
    old_store.name("新版本", entry=ZHAO)
    old_store.backup(tmp_path / "b.gpkg", entry=ZHAO)
    new = open_store(tmp_path / "new")
    new.restore_backup(tmp_path / "b.gpkg", entry=ZHAO)
    new.verify()
    assert new.history()[:-1] == old_store.history()
    photos = [digest for entry in old_store.history() for digest in entry.blobs]
    assert photos
    assert [new.blob(digest) for digest in photos] == [old_store.blob(digest) for digest in photos]


@pytest.mark.slow
@pytest.mark.parametrize("release", ["store-0"], indirect=True)
def test_an_edit_by_other_software_before_the_upgrade_is_recorded_first(unpacked):
    folder = unpacked / "district"
    edit_elsewhere(folder / "district.gpkg", "UPDATE estates SET households = 7")
    live = open_store(folder)
    live.verify()
    live.name("新版本", entry=ZHAO)
    kinds = [entry.kind for entry in live.history()]
    at = kinds.index(EntryKind.UPGRADE)
    assert kinds[at - 1] == EntryKind.OUTSIDE
    live.verify()
    assert live.read()["estates"]["households"].tolist() == [7, 7]


@pytest.mark.slow
@pytest.mark.parametrize("release", ["store-0"], indirect=True)
def test_content_altered_before_the_upgrade_is_named_for_good(unpacked):
    file = unpacked / "district" / "district.gpkg"
    with closing(sqlite3.connect(file)) as base, base:
        guards = base.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'poles'"
        ).fetchall()
        for name, _ in guards:
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute("UPDATE poles SET source = 'forged'")
        for _, statement in guards:
            base.execute(statement)
    live = open_store(unpacked / "district")
    with pytest.raises(StoreError, match="poles: the content is not what record"):
        live.verify()
    live.name("新版本", entry=ZHAO)
    upgrade = live.journal(EntryKind.UPGRADE)[0]
    assert upgrade.payload["unmatched"] == ["poles"]
    with pytest.raises(StoreError, match=f"record {upgrade.seq} of the journal tells.*poles"):
        live.verify()


@pytest.mark.parametrize("release", ["store-0"], indirect=True)
def test_an_altered_greening_record_is_taken_over_and_named(unpacked, told):
    folder = unpacked / "district"
    with closing(sqlite3.connect(folder / "greening.sqlite")) as base, base:
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute("UPDATE events SET event = replace(event, 'dead', 'alive')")
    (folder / "issues.json").write_text("{", encoding="utf-8")
    live = open_store(folder)
    live.name("新版本", entry=ZHAO)
    assert len(live.journal(EntryKind.GREENING)) == len(told["greening"])
    assert live.journal(EntryKind.BOOKLET) == []
    assert (folder / "taken-over" / "issues.json").read_text("utf-8") == "{"
    with pytest.raises(StoreError, match="the greening record was not whole"):
        live.verify()


@pytest.mark.slow
@pytest.mark.parametrize("release", ["store-0"], indirect=True)
def test_files_that_could_not_be_moved_are_moved_later_and_not_taken_twice(unpacked, monkeypatch):
    folder = unpacked / "district"
    live = open_store(folder)
    before = [(e.subject, e.payload["event"]) for e in live.journal(EntryKind.GREENING)]
    with monkeypatch.context() as crash:
        crash.setattr(takeover, "move_aside", lambda _: None)
        live.name("新版本", entry=ZHAO)
    assert (folder / "greening.sqlite").is_file()
    count = len(live.history())
    live.name("再次", entry=ZHAO)
    assert len(live.history()) == count + 1
    assert not (folder / "greening.sqlite").exists()
    assert [(e.subject, e.payload["event"]) for e in live.journal(EntryKind.GREENING)] == before


@pytest.mark.parametrize("release", ["store-0"], indirect=True)
def test_an_upgrade_asked_for_loses_nothing_and_is_done_once(old_store, told):
    before = [(entry.seq, entry.digests) for entry in old_store.history()]
    assert old_store.upgrade(entry=ZHAO) == (0, 1)
    after = old_store.history()
    assert [(entry.seq, entry.digests) for entry in after][: len(before)] == before
    assert [entry.payload["from"] for entry in after if "from" in entry.payload] == [0]
    for name, content in told["named"].items():
        assert rows_of(old_store.read(name)) == content["rows"]
    # Decisions of greening.sqlite are brought into sites and plantings; every other row stays.
    moved, now = {"greening_sites", "plantings"}, rows_of(old_store.read())
    was = told["now"]["rows"]
    assert {name for name in now if now[name] != was[name]} == moved
    assert old_store.upgrade(entry=ZHAO) == (1, 1)
    assert len(old_store.history()) == len(after)
