"""A store as each role sees it: what is not its own stays in it, what it may not do is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from access.identity import AccessError, Identity
from access.roles import Act, Role, acts_of, rights, sight_of
from access.seen_store import ACTS_OF_ENTRIES, ACTS_OF_OFFICES, SeenStore
from edits import Edit, difference
from store import DECISIONS, EntryKind, Signature, open_store
from store.journal_entry import Known

WHO = Signature("王工", "2026-01-01T08:00:00+08:00", "沿 P000001 调整")
NOWHERE = Path("/nowhere/backup.gpkg")
TOWN, OTHER = "640302106", "640302107"


def identity(*roles, towns=(), kinds=()):
    return Identity("wang", "王工", Known.LOCAL, sight_of(roles, towns, kinds), acts_of(roles))


def seen(store, *roles, **own):
    """Return the store as somebody with these roles has it, and a way to change who that is."""
    now = [identity(*roles, **own)]
    return SeenStore(store, now[0].sight, lambda: now[0]), now


@pytest.fixture
def store(tiny_folder):
    return open_store(tiny_folder)


def state(store):
    return [(entry.seq, entry.digests) for entry in store.history()], store.read().version


@pytest.mark.parametrize("role", Role)
def test_each_role_reads_the_rows_of_the_table_and_no_other(store, role):
    whole = store.read()
    found = seen(store, role, towns=[TOWN], kinds=["JS"])[0].read()
    extent = rights()[role]
    towns = {"all": {TOWN, OTHER}, "own": {TOWN}}[extent.estates]
    kinds = {"all": set(whole["pipelines"]["kind"]), "own": {"JS"}, "none": set()}
    assert set(found["estates"]["town_id"]) == towns
    own = set(found["estates"]["estate_id"])
    for name, frame in found.frames.items():
        if "estate_id" in frame and name != "estates":
            assert set(frame["estate_id"].dropna()) <= own, name
    assert set(found["pipelines"]["kind"]) == kinds[extent.pipelines]
    assert found.has("pipelines") == (extent.pipelines == "all")
    is_whole = extent.estates == extent.pipelines == "all"
    assert (found.version == whole.version) == is_whole


def test_two_sights_of_one_store_never_share_a_stamp(store):
    stamps = {
        seen(store, role, towns=towns, kinds=kinds)[0].stamp()
        for role, towns, kinds in [
            (Role.VIEWER, (), ()),
            (Role.TOWN, (TOWN,), ()),
            (Role.TOWN, (OTHER,), ()),
            (Role.UTILITY, (), ("JS",)),
            (Role.UTILITY, (), ("JS", "RQ")),
            (Role.OFFICE, (), ()),
        ]
    }
    assert len(stamps) == 6


def writes(store):
    """Return by name every way to write, and what of the table of acts it needs."""
    own = store.read()
    after = own.with_frames(estates=own["estates"].assign(address="别处"))
    row = store.row("estates", "E0001")
    yield (
        "apply",
        Act.IMPORT,
        lambda s: s.apply(difference(own, after), base=own.version, entry=WHO),
    )
    yield "row", Act.IMPORT, lambda s: s.row("estates", "E0001")
    yield "update", Act.IMPORT, lambda s: s.update(row, {"households": 1}, entry=WHO)
    yield "add", Act.IMPORT, lambda s: s.add("estates", {}, entry=WHO)
    yield "remove", Act.IMPORT, lambda s: s.remove(row, entry=WHO)
    yield "name", Act.RESTORE, lambda s: s.name("会审", entry=WHO)
    yield "restore", Act.RESTORE, lambda s: s.restore(own.version, entry=WHO)
    yield "restorable", Act.RESTORE, lambda s: s.require_restorable(own.version)
    yield "backup", Act.RESTORE, lambda s: s.backup(NOWHERE, entry=WHO)
    yield "restore_backup", Act.RESTORE, lambda s: s.restore_backup(NOWHERE, entry=WHO)
    yield "upgrade", Act.RESTORE, lambda s: s.upgrade(entry=WHO)
    yield "verify", Act.JOURNAL, lambda s: s.verify()
    for kind, act in ACTS_OF_ENTRIES.items():
        yield kind, act, lambda s, kind=kind: s.record(kind, {}, entry=WHO)
    for office, act in ACTS_OF_OFFICES.items():
        payload = {"role": office, "event": "comment", "comment": "好", "data_version": "v"}
        yield (
            office,
            act,
            lambda s, payload=payload: s.record(
                EntryKind.GREENING, payload, entry=WHO, subject="GS0001"
            ),
        )


@pytest.mark.parametrize("role", Role)
def test_whoever_may_not_is_refused_in_words_and_nothing_is_written(store, role):
    acts = rights()[role].acts
    before = state(store)
    mine, _ = seen(store, role, towns=[TOWN, OTHER])
    refused = [(name, do) for name, act, do in writes(store) if act not in acts]
    assert refused or role is Role.OFFICE
    for name, do in refused:
        with pytest.raises(AccessError) as error:
            do(mine)
        assert "wang" in error.value.sentence("en"), name
        assert "角色" in error.value.sentence("zh"), name
    assert state(store) == before


def test_every_kind_of_decision_and_every_way_to_write_was_decided_on():
    assert {*ACTS_OF_ENTRIES, EntryKind.GREENING} == set(DECISIONS)
    public = {name for name in dir(SeenStore) if not name.startswith("_")}
    reads = {"store", "sight", "identity", "read", "stamp", "is_read_only", "notices", "journal",
             "history", "blob"}  # fmt: skip
    ways = {"record", "apply", "update", "add", "remove", "row", "name", "restore", "backup",
            "restore_backup", "require_restorable", "upgrade", "verify"}  # fmt: skip
    assert public == reads | ways


def test_an_entry_of_a_later_kind_is_recorded_by_nobody(store):
    with pytest.raises(AccessError):
        seen(store, *Role)[0].record("tomorrow", {}, entry=WHO)


def test_the_office_does_all_that_it_may(store):
    mine, _ = seen(store, Role.OFFICE)
    mine.update(mine.row("estates", "E0001"), {"households": 1}, entry=WHO)
    mine.record(EntryKind.BOOKLET, {"edition": "1"}, entry=WHO)
    mine.verify()
    assert [entry.kind for entry in mine.history()][-2:] == ["update", "booklet"]
    assert mine.journal() == store.journal()


def test_a_planner_keeps_a_scenario_and_writes_none_into_the_rows(store):
    mine, _ = seen(store, Role.PLANNER)
    mine.record(EntryKind.SCENARIO, {"name": "一"}, entry=WHO, subject="一")
    edit = Edit(store.read().crs)
    with pytest.raises(AccessError, match="write scenarios"):
        mine.record(EntryKind.SCENARIO, {}, entry=WHO, subject="一", edit=edit)


def test_a_right_taken_away_holds_at_the_next_write(store):
    mine, now = seen(store, Role.OFFICE)
    row = mine.row("estates", "E0001")
    now[0] = replace(now[0], acts=frozenset({Act.EXPORT}))
    with pytest.raises(AccessError):
        mine.update(row, {"households": 1}, entry=WHO)
    now[0] = identity(Role.OFFICE, Role.TOWN)
    mine.update(row, {"households": 1}, entry=WHO)
    now[0] = replace(now[0], sight=sight_of([Role.TOWN], [TOWN], []))
    with pytest.raises(AccessError):
        mine.name("会审", entry=WHO)


def payload(role, comment):
    return {"role": role, "event": "comment", "comment": comment, "data_version": "v"}


def test_a_town_writes_and_reads_the_greening_of_its_own_sites_alone(store):
    greening = EntryKind.GREENING
    photo = b"\x89PNG of another town"
    store.record(
        greening, payload("bureau", "离 P000001 太近（P000002）"), entry=WHO, subject="GS0001"
    )
    theirs = store.record(
        greening, payload("bureau", "别处"), entry=WHO, subject="GS0008", blobs=[photo]
    )
    store.record(EntryKind.SCENARIO, {"name": "P000003"}, entry=WHO, subject="一")
    before = state(store)
    mine, _ = seen(store, Role.TOWN, towns=[TOWN])
    for subject in ("GS0008", "", "GS9999"):
        with pytest.raises(AccessError):
            mine.record(greening, payload("town", "好"), entry=WHO, subject=subject)
    with pytest.raises(AccessError):
        mine.record(greening, payload("bureau", "好"), entry=WHO, subject="GS0001")
    assert state(store) == before
    mine.record(greening, payload("town", "已栽"), entry=WHO, subject="GS0001")
    entries = mine.journal(greening)
    assert [entry.subject for entry in entries] == ["GS0001", "GS0001"]
    assert entries[0].payload["comment"] == "离 〓 太近（〓）"
    assert "P0000" not in repr([*entries, *mine.history(), *mine.journal()])
    assert mine.journal(EntryKind.SCENARIO) == []
    with pytest.raises(AccessError):
        mine.blob(theirs.blobs[0])
    assert seen(store, Role.GREENING_OFFICER)[0].blob(theirs.blobs[0]) == photo


def test_a_site_of_ones_own_is_written_without_rows_of_other_layers(store):
    mine, _ = seen(store, Role.TOWN, towns=[TOWN])
    own = mine.read()
    edit = difference(own, own.with_frames(estates=own["estates"].assign(address="别处")))
    with pytest.raises(AccessError):
        mine.record(
            EntryKind.GREENING, payload("town", "好"), entry=WHO, subject="GS0001", edit=edit
        )


def test_whoever_writes_more_than_its_own_greening_sees_everything():
    free = {Act.EXPORT, Act.GREENING_TOWN, Act.ACCOUNTS, Act.GRANT, Act.AUDIT}
    for role, row in rights().items():
        if row.acts - free:
            assert sight_of([role], [], []).is_whole, role
