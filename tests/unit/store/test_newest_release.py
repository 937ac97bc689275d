"""The newest fixture of a release: an entry of every kind, and each read back as it was written."""

import json
import zipfile
from dataclasses import replace

import pytest
import shapely

from atlas.history import issued
from geo.errors import StoreError
from greening.events import read_events
from greening.workflow import EventKind, agreed_rate, species_named
from intake.memory import recall
from programme.opinions import Answer, noted
from programme.sign_off import signed_off
from services import scenarios
from store import EntryKind, Known, Signature, open_store
from store.office import read_fields
from store.tables import SCHEMA
from tests.unit.store.conftest import FIXTURES, RELEASES
from tests.unit.store.releases import rows_of

NEWEST = RELEASES[-1]
ZHAO = Signature("赵工", "2026-12-02T09:00:00+08:00", "新版本")
LOST = 50
"""The journal has 49 entries; the copy was named once more, and that entry was lost."""

written = pytest.mark.parametrize("release", [NEWEST], indirect=True)
"""Whose tests write, on both media; the others share one folder and only read."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the unpacked fixture; not to be written."""
    target = tmp_path_factory.mktemp(NEWEST)
    with zipfile.ZipFile(FIXTURES / NEWEST / "store.zip") as archive:
        archive.extractall(target)
    return target


@pytest.fixture(scope="module")
def kept(folder):
    """Return the store of the newest release; not to be written."""
    return open_store(folder / "district")


def test_it_has_an_entry_of_every_kind_that_there_is_today(folder):
    cut = open_store(folder / "cut")
    kinds = {entry.kind for entry in cut.history()}
    events = {str(event.kind) for event in read_events(cut)}
    planned = {entry.payload["event"] for entry in cut.journal(EntryKind.SCENARIO)}
    lacking = {*EntryKind} - kinds | {*EventKind} - events | {*scenarios.Event} - planned
    assert not lacking, (
        f"{NEWEST} has nothing of {', '.join(sorted(lacking))}: let tests/fixtures/make_store.py "
        f"write it, and make store-{len(RELEASES)} with it"
    )
    assert sorted(RELEASES) == sorted(f"store-{number}" for number in range(len(RELEASES)))


def test_it_is_small():
    assert sum(file.stat().st_size for file in (FIXTURES / NEWEST).iterdir()) < 300_000


@written
def test_it_opens_verifies_and_holds_every_entry_and_row_of_then(old_store, told):
    old_store.verify()
    assert rows_of(old_store.read()) == told["now"]["rows"]
    entries = old_store.history()[: len(told["history"])]
    found = [
        {name: getattr(entry, name) for name in then}
        for entry, then in zip(entries, told["history"], strict=True)
    ]
    assert json.loads(json.dumps(found)) == told["history"]
    assert all(entry.sentence(side) for entry in entries for side in ("zh", "en"))


@written
def test_its_upgrade_keeps_every_entry_and_every_row(old_store, told):
    before, rows = list(old_store.history()), rows_of(old_store.read())
    assert old_store.upgrade(entry=ZHAO) == (1, SCHEMA)
    old_store.update(old_store.row("estates", "estates-1"), {"households": 50}, entry=ZHAO)
    old_store.verify()
    assert old_store.history()[: len(before)] == before
    for name, content in told["named"].items():
        assert rows_of(old_store.read(name)) == content["rows"]
    after = rows_of(old_store.read())
    assert {name for name in after if after[name] != rows[name]} == {"estates"}


def test_rows_are_as_the_script_left_them(kept):
    """Households of the second estate: 99 by other software, then 12 by the office."""
    now, surveyed = kept.read(), kept.read("普查")
    estates = now["estates"].set_index("estate_id")
    assert estates["households"].to_dict() == {"estates-1": 99, "estates-2": 12}
    assert estates["address"].isna().all()
    assert set(now["trees"]["tree_id"]) == {"trees-1", "trees-3"}
    assert len(surveyed["poles"]) + 2 == len(now["poles"]) == 4
    assert set(now["facilities"]["facility_id"]) == {f"facilities-{n}" for n in (1, 2, 9)}
    pharmacy = kept.row("facilities", "facilities-9").cells
    assert (pharmacy["kind"], pharmacy["state"]) == ("pharmacy", "open")
    assert pharmacy["geometry"].equals_exact(shapely.Point(600_250, 4_200_060), 0.01)
    assert kept.row("facilities", "facilities-2").cells["state"] != "closed"


def test_imports_and_uncommon_entries_say_what_happened(kept):
    imported, *_ = kept.journal(EntryKind.APPLY)
    assert (imported.by, imported.why, imported.source) == ("王工", "普查", "ab" * 32)
    assert imported.counts == {"poles": (2, 0, 0), "walls": (0, 0, 1)}
    (outside,) = kept.journal(EntryKind.OUTSIDE)
    assert outside.counts == {"estates": (0, 2, 0)}
    (taken,) = kept.journal(EntryKind.UPGRADE)
    files = {file["name"] for file in taken.payload["files"]}
    assert (files, taken.payload["faults"]) == (
        {"issues.json", "office.json", "intake.json"},
        [],
    )


def test_a_greening_site_went_from_design_to_survival_with_one_change_taken_back(kept):
    """Two changes move the tree by (1.5, 1.0) m each; the second was undone."""
    events = read_events(kept)
    first, second, back = (event for event in events if event.kind is EventKind.CHANGE)
    assert (back.payload["undoes"], first.payload) == (second.seq, {})
    tree = kept.row("plantings", "plantings-1").cells
    places = kept.read("普查")["plantings"].set_index("planting_id")["geometry"]
    was, now = places["plantings-1"], tree["geometry"]
    assert (now.x - was.x, now.y - was.y) == pytest.approx((1.5, 1.0), abs=0.001)
    assert (tree["state"], tree["planted_date"], tree["is_alive"]) == (
        "planted",
        "2026-11-27",
        True,
    )
    site = kept.row("greening_sites", "greening_sites-1").cells
    assert site["state"] == "survival"
    moves = [event.payload["to"] for event in events if event.kind is EventKind.MOVE]
    assert moves == ["checked", "supplied", "planted", "survival"]
    rate = agreed_rate(events)
    assert rate is not None
    assert rate.payload["rate"] == 0.9
    assert species_named(events) == {"国槐": "sophora"}
    (photo,) = {digest for entry in kept.history() for digest in entry.blobs}
    assert kept.blob(photo).startswith(b"\x89PNG")


def test_booklets_title_block_and_headings_of_the_files_and_of_the_journal(kept):
    assert [one.edition for one in issued(kept)] == ["一稿", "二稿", "三稿", "四稿"]
    fields = [entry.payload["fields"]["project"] for entry in kept.journal(EntryKind.OFFICE)]
    assert fields == ["2026 改造“试验”", "2027 改造“试验”"]
    assert read_fields(kept) == {"drawn_by": "王工", "project": "2027 改造“试验”"}
    assert recall(kept, "estates", ["户数", "小区"]) == {"name": "小区", "households": "户数"}


def test_scenarios_that_are_planned_dropped_and_promoted(kept):
    promoted, planned = scenarios.saved(kept)
    assert (promoted.scenario.name, promoted.event) == ("采用方案", scenarios.Event.PROMOTED)
    assert [step.is_on for step in promoted.scenario.steps] == [True, False]
    assert (planned.scenario.name, planned.scenario.note) == ("近期方案", "等资金")
    (lift,) = planned.scenario.steps[0].edit
    assert (lift.layer, lift.key) == ("units", "units-2")
    assert {"has_lift": True, "lift_load_kg": 630.0, "lift_door_m": 0.9}.items() <= dict(
        lift.after
    ).items()


def test_opinions_with_their_answers_and_the_signatures_that_count(kept):
    adopted, rejected, waiting = noted(kept)
    assert adopted.opinion.words == "路灯间距“偏大”"
    assert (adopted.opinion.answer, adopted.opinion.is_done) == (Answer.ADOPTED, True)
    assert rejected.opinion.body == "李家巷社区"
    assert (rejected.opinion.answer, rejected.opinion.reason) == (Answer.REJECTED, "已有大树")
    assert (waiting.opinion.answer, waiting.opinion.due) == (Answer.OPEN, "2026-12-20")
    (signed,) = signed_off(kept)
    assert (signed.body, signed.edition, signed.person) == ("planning", "四稿", "周科长")
    first, *_ = kept.journal(EntryKind.OPINION)
    assert (first.account, first.known) == ("sun", Known.LOCAL)


@written
def test_the_entry_that_was_lost_is_named_and_nothing_else(unpacked, told):
    cut = open_store(unpacked / "cut")
    with pytest.raises(StoreError) as error:
        cut.verify()
    assert f"tells that entry {LOST} was missing by then" in str(error.value)
    assert len(error.value.en.splitlines()) == 1
    (entry,) = cut.journal(EntryKind.CUT)
    assert (entry.seq, entry.payload["lost"], len(told["history"])) == (LOST, LOST, LOST - 1)
    assert rows_of(cut.read()) == told["now"]["rows"]
    later = replace(ZHAO, account="zhao", known=Known.LOCAL)
    cut.update(cut.row("estates", "estates-2"), {"households": 13}, entry=later)
    assert len(cut.journal(EntryKind.CUT)) == 1
    with pytest.raises(StoreError, match=f"entry {LOST} was missing"):
        cut.verify()
