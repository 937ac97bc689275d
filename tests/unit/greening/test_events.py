"""Events in the journal: written once with what they change, refused to the second officer."""

import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

import edits
from edits.named import move_planting, remove_planting
from geo.errors import DataError
from greening.design import completed
from greening.event_words import described, entry_words
from greening.events import read_events, record_event, undone
from greening.row_edits import edit_of
from greening.species import read_species
from greening.workflow import WHOLE_DISTRICT, EventKind, GreeningEvent, Role, SiteStatus, newest
from store import ConflictError, Signature, Store, open_store, write_district
from tests.unit.greening.scene import ESTATE, ORIGIN, bed, district, tree

AT = "2023-05-04T09:00:00+08:00"
PLACE = district(
    greening_sites=[bed()],
    estates=[ESTATE],
    plantings=[tree("t1", 5, 4, number="7"), tree("t2", 9, 4)],
)


@pytest.fixture(scope="module")
def kept_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the place; no test may write to it."""
    folder = tmp_path_factory.mktemp("place")
    write_district(PLACE, folder)
    return folder


@pytest.fixture
def store(kept_place: Path, tmp_path: Path) -> Store:
    return open_store(shutil.copytree(kept_place, tmp_path, dirs_exist_ok=True))


def event(kind: EventKind, role: Role = Role.BUREAU, **payload: object) -> GreeningEvent:
    return GreeningEvent("bed", kind, "马工", role, AT, "v1", payload)


def status(store: Store) -> SiteStatus:
    """Return the site as an officer who has seen everything sees it."""
    state = store.read()["greening_sites"]["state"].iloc[0]
    return SiteStatus("bed", str(state), newest(read_events(store), "bed"))


def write(store: Store, one: GreeningEvent, **more: object):
    place = store.read()
    edit = edit_of(place, completed(place, read_species()), one)
    return record_event(store, one, status(store), edit, **more)


def move(to: str, role: Role = Role.BUREAU) -> GreeningEvent:
    return event(EventKind.MOVE, role, **{"from": "", "to": to, "comment": "如期"})


def planted(store: Store) -> None:
    for to, role in (("checked", Role.BUREAU), ("supplied", Role.BUREAU), ("planted", Role.TOWN)):
        write(store, move(to, role))


@pytest.mark.slow
def test_an_event_and_its_rows_are_one_entry(store: Store) -> None:
    before = store.read().version
    entry = write(store, move("checked"))
    (read,) = read_events(store)
    assert (read.seq, read.by, read.payload["to"]) == (entry.seq, "马工", "checked")
    assert read.version == entry.version == store.read().version != before
    assert store.read()["greening_sites"]["state"].tolist() == ["checked"]
    assert store.read(before)["greening_sites"]["state"].tolist() == ["design"]
    store.verify()


@pytest.mark.slow
def test_what_is_read_after_a_write_is_what_another_program_reads(
    store: Store, tmp_path: Path
) -> None:
    """A store keeps the district it has written; it has to be the one in the file."""
    planted(store)
    ours, theirs = store.read(), open_store(tmp_path).read()
    assert ours.version == theirs.version
    for name, frame in theirs.frames.items():
        assert_geodataframe_equal(ours[name], frame)


@pytest.mark.slow
def test_a_count_keeps_its_photo_with_the_entry(store: Store) -> None:
    planted(store)
    counted = event(EventKind.COUNT, Role.TOWN, planting_id="t1", fate="dead", photo="x.jpg")
    entry = write(store, counted, photos=[b"picture"])
    assert [store.blob(digest) for digest in entry.blobs] == [b"picture"]
    lives = store.read()["plantings"].set_index("planting_id")["is_alive"]
    assert lives.astype(object).where(lives.notna(), None).to_dict() == {"t1": False, "t2": None}


def test_the_second_of_two_officers_is_told_who_was_first_and_nothing_is_written(
    store: Store,
) -> None:
    seen, place = status(store), store.read()
    late = replace(move("checked"), by="杨工")
    edit = edit_of(place, place, late)
    write(store, move("checked"))
    with pytest.raises(ConflictError) as conflict:
        record_event(store, late, seen, edit)
    assert "马工" in conflict.value.zh
    assert len(read_events(store)) == 1


@pytest.mark.slow
def test_a_row_that_somebody_else_changed_is_a_conflict_too(store: Store) -> None:
    """The site has no newer event, but the tree was moved by hand meanwhile."""
    place = store.read()
    here, there = (shapely.Point(ORIGIN + offset) for offset in ((6, 4), (5, 5)))
    edit = move_planting(place, "t1", here)
    store.update(store.row("plantings", "t1"), {"geometry": there}, entry=Signature("李工", AT))
    with pytest.raises(ConflictError, match="李工"):
        record_event(store, event(EventKind.CHANGE), status(store), edit)
    assert read_events(store) == []


@pytest.mark.slow
def test_of_many_officers_at_once_exactly_one_writes(store: Store) -> None:
    write(store, move("checked"))
    seen, place = status(store), store.read()
    edit = edit_of(place, place, move("supplied"))
    outcomes: list[str] = []

    def officer(name: str) -> None:
        try:
            record_event(store, replace(move("supplied"), by=name), seen, edit)
            outcomes.append("written")
        except ConflictError:
            outcomes.append("conflict")

    threads = [threading.Thread(target=officer, args=(f"o{i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict"] * 5 + ["written"]
    assert len(read_events(store)) == 2


@pytest.mark.slow
def test_an_event_about_all_sites_does_not_wait_for_those_of_a_site(store: Store) -> None:
    write(store, move("checked"))
    rate = replace(event(EventKind.RATE, rate=0.9, comment="干旱"), site_id=WHOLE_DISTRICT)
    seen = SiteStatus(WHOLE_DISTRICT, "")
    nothing = edits.Edit(store.read().crs)
    record_event(store, rate, seen, nothing)
    with pytest.raises(ConflictError):
        record_event(store, rate, seen, nothing)


def test_what_is_not_allowed_is_not_written(store: Store) -> None:
    with pytest.raises(DataError, match="no move"):
        write(store, move("accepted"))
    assert read_events(store) == []


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 40])
def test_a_change_is_taken_back_exactly_however_many_rows_it_has(
    tmp_path: Path, count: int
) -> None:
    rows = [tree(f"p{i}", 1 + i / 4, 4) for i in range(count)]
    write_district(district(greening_sites=[bed()], estates=[ESTATE], plantings=rows), tmp_path)
    store = open_store(tmp_path)
    before = store.read()
    edit = remove_planting(before, *before["plantings"]["planting_id"])
    record_event(store, event(EventKind.CHANGE), status(store), edit)
    (change,) = read_events(store)
    back = event(EventKind.CHANGE, undoes=change.seq)
    record_event(store, back, status(store), undone(store, change))
    assert store.read().version == before.version


@pytest.mark.slow
def test_an_event_says_which_tree_which_fate_and_from_what_to_what(store: Store) -> None:
    planted(store)
    place = store.read()
    counted = event(
        EventKind.COUNT, Role.TOWN, planting_id="t1", number="7", was="dead", fate="replanted",
        note="雨后补",
    )  # fmt: skip
    assert described(counted, "zh") == "7 (t1) 死亡 → 已补栽：雨后补"
    assert described(counted, "en") == "7 (t1) dead → replanted: 雨后补"
    assert described(event(EventKind.MOVE, **{"from": "design", "to": "checked"}), "zh") == (
        "设计 → 已核查"
    )
    old = event(EventKind.CHANGE, changes=[{"planting_id": "t1"}, {"planting_id": "t2"}])
    assert described(old, "en") == "t1, t2"
    edit = remove_planting(place, "t2")
    change = replace(event(EventKind.CHANGE, undoes=3), edit=edits.to_document(edit))
    assert described(change, "zh") == "撤销第 3 条；栽植点 t2：状态 已栽 → 取消"


def test_hostile_text_is_kept_as_text(store: Store) -> None:
    hostile = "'); DROP TABLE events; --<script>=1+1{{7*7}}\n"
    write(store, event(EventKind.COMMENT, Role.TOWN, comment=hostile))
    assert read_events(store)[0].payload["comment"] == hostile


@pytest.mark.slow
def test_the_history_of_a_district_tells_events_in_their_own_words(store: Store) -> None:
    planted(store)
    write(store, event(EventKind.COUNT, Role.TOWN, planting_id="t1", number="7", fate="dead"))
    said = [entry_words(entry, "zh") for entry in store.history()]
    assert said[-1] == "成活登记　bed　7 (t1) 死亡"
    assert said[1] == "流转　bed　已核查：如期"
    assert said[0].startswith("建库")
