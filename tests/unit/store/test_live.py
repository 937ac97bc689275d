"""The contract of a live store, held by every backend alike."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pyproj import CRS

import store
from edits import difference
from geo.errors import DataError, StoreError
from layers.district import District
from store import ConflictError, EntryKind, Signature, open_store
from store.geopackage_tables import GeoPackageTables
from store.postgis_tables import PostgisTables
from tests.tiny_town import tiny_town

WANG = Signature("王工", "2026-11-25T09:00:00+08:00", "普查", source="ab" * 32)
LI = Signature("李工", "2026-11-25T10:30:00+08:00", "更正")


@pytest.fixture(scope="module")
def district(district):
    """Return the trial district without the one character that PostgreSQL cannot keep."""
    return district.with_frames(trees=district["trees"].assign(species="㭎𬭚"))


def changed(district, key, **values):
    """Return the district with other values in one estate."""
    frame = district["estates"].copy()
    for name, value in values.items():
        frame[name] = frame[name].astype(object)
        frame.loc[frame["estate_id"] == key, name] = value
    return district.with_frames(estates=frame)


def planted(district, *keys):
    """Return the district with more trees."""
    rows = gpd.GeoDataFrame(
        {
            "tree_id": keys,
            "kind": "tree",
            "provenance": "surveyed",
            "source": "现场",
            "source_date": "2026-11-01",
        },
        geometry=[shapely.Point(600_010 + n, 4_200_020) for n in range(len(keys))],
        crs=4544,
    )
    return district.with_frames(trees=pd.concat([district["trees"], rows], ignore_index=True))


def felled(district):
    """Return the district without trees."""
    return district.with_frames(trees=district["trees"].iloc[:0])


def test_a_store_that_nobody_wrote_to_has_the_district_and_no_history(live, district):
    assert live.read().version == district.version
    assert live.history() == []
    live.verify()


def test_what_was_applied_is_read_back_with_its_record(live, district):
    after = planted(changed(district, "E1", households=55), "T2", "T3")
    change = live.apply(difference(district, after), base=district.version, entry=WANG)
    assert live.read().version == after.version == change.version
    begun, applied = live.history()
    assert (begun.kind, begun.version) == (EntryKind.BEGIN, district.version)
    assert applied == change
    assert (applied.kind, applied.by, applied.at) == (EntryKind.APPLY, WANG.by, WANG.at)
    assert (applied.why, applied.source) == (WANG.why, WANG.source)
    assert applied.counts == {"estates": (0, 1, 0), "trees": (2, 0, 0)}
    live.verify()


def test_rows_can_be_removed_and_a_layer_become_surveyed(live, district):
    pole = gpd.GeoDataFrame(
        {
            "pole_id": ["P1"],
            "provenance": ["surveyed"],
            "source": ["现场"],
            "source_date": ["2026-01-01"],
        },
        geometry=[shapely.Point(600_001, 4_200_001)],
        crs=4544,
    )
    after = felled(district).with_frames(poles=pole)
    live.apply(difference(district, after), base=district.version, entry=WANG)
    found = live.read()
    assert found.version == after.version
    assert found.has("poles")
    live.verify()


@pytest.mark.slow
@pytest.mark.parametrize("share", [0, 1])
def test_a_change_that_is_stopped_leaves_nothing_behind(live, district, share):
    class Stopped(BaseException): ...

    def step(done):
        if done >= share:
            raise Stopped

    after = planted(changed(district, "E1", households=55), "T2")
    with pytest.raises(Stopped):
        live.apply(difference(district, after), base=district.version, entry=WANG, progress=step)
    assert live.history() == []
    assert live.read().version == district.version
    shares = []
    live.apply(
        difference(district, after), base=district.version, entry=WANG, progress=shares.append
    )
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    live.verify()


@pytest.mark.slow
def test_every_former_version_can_be_read(live, district):
    states = [district]
    for number in range(1, 5):
        after = planted(changed(states[-1], "E1", households=number), f"N{number}")
        if number == 3:
            after = felled(after)
        live.apply(difference(states[-1], after), base=states[-1].version, entry=WANG)
        states.append(after)
    for state in states:
        assert live.read(state.version).version == state.version
        assert live.read(state.version[:12]).version == state.version


def test_a_version_that_never_was_is_refused(live, district):
    with pytest.raises(StoreError):
        live.read("0123456789")
    live.apply(difference(district, planted(district, "T2")), base=district.version, entry=WANG)
    for wrong in ("0123456789", district.version[:3], "", " "):
        if wrong:
            with pytest.raises(StoreError, match="no one version"):
                live.read(wrong)


def test_two_people_who_change_other_rows_both_succeed(live, district):
    live.apply(
        difference(district, changed(district, "E1", households=55)),
        base=district.version,
        entry=WANG,
    )
    mine = planted(changed(district, "E2", households=66), "T2")
    change = live.apply(difference(district, mine), base=district.version, entry=LI)
    found = live.read()
    assert found["estates"]["households"].tolist() == [55, 66]
    assert found["trees"]["tree_id"].tolist() == ["T1", "T2"]
    assert found.version == change.version
    live.verify()


@pytest.mark.parametrize(
    "second",
    [
        lambda d: changed(d, "E1", households=66),
        lambda d: d.with_frames(
            estates=d["estates"].iloc[1:],
            buildings=d["buildings"].assign(estate_id=None),
        ),
    ],
)
def test_the_second_to_change_a_row_is_told_who_was_first_and_nothing_is_written(
    live, district, second
):
    live.apply(
        difference(district, changed(district, "E1", households=55)),
        base=district.version,
        entry=WANG,
    )
    before = live.read().version
    with pytest.raises(
        ConflictError, match="changed meanwhile by 王工 at 2026-11-25T09:00"
    ) as told:
        live.apply(
            difference(district, planted(second(district), "T9")), base=district.version, entry=LI
        )
    assert "王工" in told.value.zh
    assert "小区 E1" in told.value.zh
    assert live.read().version == before
    assert len(live.history()) == 2


def test_changes_that_do_not_fit_together_are_refused_whole(live, district):
    """One removes an estate that nobody refers to, another refers to it meanwhile."""
    without = district.with_frames(
        estates=district["estates"].iloc[:1], buildings=district["buildings"].iloc[:1]
    )
    live.apply(difference(district, without), base=district.version, entry=WANG)
    tree = planted(district, "T2")
    tree = tree.with_frames(trees=tree["trees"].assign(estate_id=[None, "E2"]))
    with pytest.raises(DataError, match="refers to no row of estates: E2"):
        live.apply(difference(district, tree), base=district.version, entry=LI)
    assert live.read().version == without.version


def test_a_change_from_a_state_that_never_was_is_refused(live, district):
    live.apply(difference(district, planted(district, "T2")), base=district.version, entry=WANG)
    other = changed(district, "E1", households=1)
    with pytest.raises(StoreError, match="never held"):
        live.apply(difference(other, planted(other, "T3")), base=other.version, entry=LI)


@pytest.mark.slow
def test_one_row_is_changed_by_its_version(live, district):
    row = live.row("estates", "E1")
    assert (row.version, row.cells["households"]) == (0, 40)
    assert row.cells["lit_share"] == pytest.approx(0.3)
    assert row.cells["address"] is None
    change = live.update(row, {"households": 41, "address": "利通街"}, entry=WANG)
    expected = changed(district, "E1", households=41, address="利通街")
    assert live.read().version == expected.version == change.version
    assert change.counts == {"estates": (0, 1, 0)}
    again = live.row("estates", "E1")
    assert (again.version, again.cells["address"]) == (change.seq, "利通街")
    assert live.row("estates", "E2").version == 0
    live.verify()


def test_a_row_changed_meanwhile_is_not_changed_again(live):
    mine, other = live.row("estates", "E1"), live.row("estates", "E1")
    live.update(other, {"households": 41}, entry=WANG)
    with pytest.raises(ConflictError, match="estates E1 was changed meanwhile by 王工"):
        live.update(mine, {"households": 99}, entry=LI)
    assert live.row("estates", "E1").cells["households"] == 41


def tree(key, **more):
    """Return the cells of a tree."""
    facts = {"provenance": "surveyed", "source": "现场", "source_date": "2026-11-01"}
    return {"tree_id": key, "kind": "tree", "geometry": shapely.Point(600_010, 4_200_020)} | (
        facts | more
    )


@pytest.mark.slow
def test_one_row_is_added_and_removed(live, district):
    added = live.add("trees", tree("T2", estate_id="E1"), entry=WANG)
    whole = planted(district, "T2")
    whole = whole.with_frames(trees=whole["trees"].assign(estate_id=[None, "E1"]))
    assert live.read().version == whole.version == added.version
    assert (added.kind, added.counts) == (EntryKind.ADD, {"trees": (1, 0, 0)})
    removed = live.remove(live.row("trees", "T2"), entry=LI)
    assert live.read().version == district.version == removed.version
    assert (removed.kind, removed.counts) == (EntryKind.REMOVE, {"trees": (0, 0, 1)})
    live.verify()


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (tree("T1"), "trees has a row 'T1' already"),
        (tree("T2", estate_id="E9"), "refers to no row of estates: E9"),
        (tree("T2", kind="palm"), "kind"),
        (tree(None), "tree_id"),
    ],
)
def test_a_row_that_does_not_fit_is_not_added(live, district, cells, message):
    live.name("begin", entry=WANG)
    with pytest.raises(DataError, match=message):
        live.add("trees", cells, entry=LI)
    assert live.read().version == district.version


@pytest.mark.slow
def test_a_row_that_others_lead_to_or_have_changed_is_not_removed(live):
    seen = live.row("estates", "E1")
    with pytest.raises(DataError, match="estates E1: rows of buildings refer to it"):
        live.remove(seen, entry=WANG)
    unreferred = live.row("trees", "T1")
    live.update(unreferred, {"species": "国槐"}, entry=WANG)
    with pytest.raises(ConflictError, match="trees T1 was changed meanwhile by 王工"):
        live.remove(unreferred, entry=LI)
    live.remove(live.row("trees", "T1"), entry=LI)
    with pytest.raises(ConflictError):
        live.update(unreferred, {"species": "旱柳"}, entry=LI)
    with pytest.raises(StoreError, match="trees has no row 'T1'"):
        live.row("trees", "T1")


def test_a_change_of_one_row_reads_no_other(live, monkeypatch):
    live.name("begin", entry=WANG)
    row = live.row("estates", "E1")

    def whole(*_):
        raise AssertionError("a whole layer was read")

    for tables in (GeoPackageTables, PostgisTables):
        monkeypatch.setattr(tables, "frames", whole)
    live.update(row, {"households": 41}, entry=WANG)
    live.add("trees", tree("T2"), entry=WANG)
    live.remove(live.row("trees", "T2"), entry=WANG)


def test_a_sum_that_the_newest_record_does_not_bear_is_made_anew(live, district):
    live.name("begin", entry=WANG)
    with live._database.writing() as tables:
        tables.keep_total("estates", b"\x01" * 512)
    live.update(live.row("estates", "E1"), {"households": 41}, entry=WANG)
    assert live.read().version == changed(district, "E1", households=41).version
    live.verify()


def test_a_row_is_moved(live, district):
    row = live.row("trees", "T1")
    live.update(row, {"geometry": shapely.Point(600_060, 4_200_060)}, entry=WANG)
    moved = district.with_frames(
        trees=district["trees"].set_geometry([shapely.Point(600_060, 4_200_060)], crs=district.crs)
    )
    assert live.read().version == moved.version


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"households": -1}, "households"),
        ({"estate_id": "E9"}, ".estate_id. is no column that can be set"),
        ({"no_such": 1}, ".no_such. is no column"),
        ({"name": None}, "name"),
    ],
)
def test_a_value_that_the_layer_cannot_hold_changes_nothing(live, district, values, message):
    with pytest.raises(DataError, match=message):
        live.update(live.row("estates", "E1"), values, entry=WANG)
    assert live.read().version == district.version


def test_a_row_or_layer_that_is_not_there_is_named(live):
    with pytest.raises(StoreError, match="estates has no row 'E7'"):
        live.row("estates", "E7")
    with pytest.raises(DataError, match="there is no layer 'x'"):
        live.row("x", "E7")


@pytest.mark.slow
def test_a_version_has_one_name_and_is_restored_by_it(live, district):
    live.name("报审稿", entry=WANG)
    after = felled(planted(changed(district, "E1", households=1), "T2"))
    live.apply(difference(district, after), base=district.version, entry=LI)
    with pytest.raises(StoreError, match="called '报审稿' already"):
        live.name("报审稿", entry=LI)
    change = live.restore("报审稿", entry=LI)
    assert (change.kind, change.counts) == (
        EntryKind.RESTORE,
        {"estates": (0, 1, 0), "trees": (1, 0, 0)},
    )
    assert live.read().version == district.version == live.read("报审稿").version
    assert live.read(after.version).version == after.version
    live.verify()


def test_a_name_says_something(live):
    with pytest.raises(StoreError, match="needs a name"):
        live.name("  ", entry=WANG)


def test_what_an_entry_did_is_said_in_words(live):
    live.update(live.row("estates", "E1"), {"households": 41, "address": "利通街"}, entry=WANG)
    changed_one, before = live.history()[-1], live.history()[0]
    assert changed_one.sentence("zh") == "改一行　小区 E1：地址 — → 利通街；户数 40 → 41"
    assert changed_one.sentence("en") == (
        "one row changed · estates E1: address — → 利通街; households 40 → 41"
    )
    assert before.sentence("zh") == "建库"


def test_the_stamp_changes_with_the_content_alone(live, district):
    first = live.stamp()
    live.read()
    assert live.stamp() == first
    live.apply(difference(district, planted(district, "T2")), base=district.version, entry=WANG)
    assert live.stamp() != first


def test_one_who_reads_again_sees_what_others_wrote(live, another, district):
    assert another.read().version == district.version
    after = planted(district, "T2")
    live.apply(difference(district, after), base=district.version, entry=WANG)
    assert another.read().version == after.version


@pytest.mark.slow
def test_a_backup_is_a_store_of_its_own_and_can_be_brought_back(live, district, tmp_path):
    after = planted(district, "T2")
    live.apply(difference(district, after), base=district.version, entry=WANG)
    live.backup(tmp_path / "backup.gpkg", entry=WANG)
    kept = open_store(tmp_path / "backup.gpkg")
    kept.verify()
    assert kept.history() == live.history()
    assert kept.read().version == after.version
    assert kept.read(district.version).version == district.version
    live.restore(district.version, entry=LI)
    change = live.restore_backup(tmp_path / "backup.gpkg", entry=LI)
    assert change.kind == EntryKind.RESTORE
    assert live.read().version == after.version
    live.verify()


@pytest.mark.slow
def test_a_backup_in_another_working_crs_brings_back_what_was_surveyed_and_no_more(
    live, district, tmp_path
):
    moved = District.from_frames(
        {name: district.frames[name] for name in district.surveyed},
        crs=CRS.from_epsg(4543),
        name=district.name,
        district_id=district.district_id,
    )
    store.write_district(moved, tmp_path / "moved")
    open_store(tmp_path / "moved").backup(tmp_path / "moved.gpkg", entry=WANG)
    live.apply(difference(district, planted(district, "T2")), base=district.version, entry=WANG)
    live.restore_backup(tmp_path / "moved.gpkg", entry=LI)
    assert live.read().surveyed == district.surveyed
    assert live.read()["trees"]["tree_id"].tolist() == ["T1"]
    live.verify()


def test_a_store_without_history_is_backed_up_too(live, district, tmp_path):
    live.backup(tmp_path / "backup.gpkg", entry=WANG)
    assert open_store(tmp_path / "backup.gpkg").read().version == district.version


@pytest.mark.slow
def test_the_backup_of_another_district_is_not_brought_back(live, tmp_path):
    store.write_district(tiny_town(), tmp_path / "town")
    open_store(tmp_path / "town").backup(tmp_path / "town.gpkg", entry=WANG)
    with pytest.raises(StoreError, match="'tiny-town', expected 'trial'"):
        live.restore_backup(tmp_path / "town.gpkg", entry=LI)


@pytest.mark.parametrize(("by", "at"), [("", WANG.at), ("  ", WANG.at), ("x", ""), ("x", "soon")])
def test_nothing_is_signed_by_nobody_or_never(by, at):
    with pytest.raises(DataError):
        Signature(by, at)
