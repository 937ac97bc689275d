# ruff: noqa: S608 - tables are named by the tests
"""The trail: append-only, kept by triggers whoever writes, and found when forged."""

import shutil
import sqlite3
import subprocess
from contextlib import closing

import pytest
import shapely

import store
from edits import difference
from geo.errors import DataError, StoreError
from store import EntryKind, Signature, filling, open_store
from store.postgis import engine_of
from tests.unit.store.test_live import changed, felled, planted

WANG = Signature("王工", "2026-11-25T09:00:00+08:00", "普查")


@pytest.fixture(scope="module")
def district(district):
    """Return the trial district without the one character that PostgreSQL cannot keep."""
    return district.with_frames(trees=district["trees"].assign(species="㭎𬭚"))


@pytest.fixture(scope="module")
def kept_written(kept_place, district, tmp_path_factory):
    """Return the folder after a change, an update, a removal and a name; not to be written."""
    folder = shutil.copytree(kept_place, tmp_path_factory.mktemp("written") / "district")
    live = open_store(folder)
    after = planted(changed(district, "E1", households=55), "T2")
    live.apply(difference(district, after), base=district.version, entry=WANG)
    live.update(live.row("estates", "E2"), {"households": 7}, entry=WANG)
    live.apply(difference(live.read(), felled(live.read())), base=live.read().version, entry=WANG)
    live.name("报审稿", entry=WANG)
    return folder


@pytest.fixture
def written(kept_written, tmp_path):
    """Return that folder, the test's own."""
    return shutil.copytree(kept_written, tmp_path / "district")


def rtree(folder, layer):
    """Return the boxes in the R-tree, and those of the rows by shapely: a second method."""
    with closing(sqlite3.connect(folder / "district.gpkg")) as base:
        boxes = base.execute(
            f"SELECT id, minx, miny, maxx, maxy FROM rtree_{layer}_geom ORDER BY id"
        ).fetchall()
        keys = base.execute(f"SELECT fid FROM {layer} ORDER BY fid").fetchall()
    return boxes, [fid for (fid,) in keys]


@pytest.mark.parametrize("table", ["litong_journal", "litong_past_estates"])
def test_no_statement_alters_or_removes_a_record(written, table):
    with closing(sqlite3.connect(written / "district.gpkg")) as base:
        for statement in (
            f"DELETE FROM {table}",
            f"UPDATE {table} SET rowid = rowid + 100",
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                base.execute(statement)


def _unguarded(base, table):
    for (name,) in base.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
    ).fetchall():
        base.execute(f'DROP TRIGGER "{name}"')


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("litong_journal", "UPDATE litong_journal SET record = replace(record, '王', '李')"),
        ("litong_journal", "UPDATE litong_journal SET digest = replace(digest, 'a', 'b')"),
        ("litong_journal", "DELETE FROM litong_journal WHERE seq = 2"),
        ("litong_past_estates", "UPDATE litong_past_estates SET households = 41 WHERE _id = 1"),
        ("litong_past_estates", "DELETE FROM litong_past_estates WHERE _id = 1"),
        ("litong_past_trees", "UPDATE litong_past_trees SET _key = 'T3' WHERE _key = 'T2'"),
        ("litong_past_trees", "UPDATE litong_past_trees SET _change = 9"),
        ("estates", "UPDATE estates SET households = 56 WHERE estate_id = 'E1'"),
        ("estates", "DELETE FROM estates WHERE estate_id = 'E2'"),
    ],
)
def test_what_is_altered_behind_the_triggers_is_found(written, table, statement):
    open_store(written).verify()
    with closing(sqlite3.connect(written / "district.gpkg")) as base, base:
        _unguarded(base, table)
        assert base.execute(statement).rowcount
    with pytest.raises(StoreError, match=r"record \d+|content is not what record"):
        open_store(written).verify()


def test_one_altered_byte_of_a_former_shape_is_found(written):
    with closing(sqlite3.connect(written / "district.gpkg")) as base, base:
        _unguarded(base, "litong_past_estates")
        (blob,) = base.execute("SELECT geom FROM litong_past_estates WHERE _id = 1").fetchone()
        for place in (3, 20, len(blob) - 1):
            forged = bytearray(blob)
            forged[place] ^= 1
            base.execute("UPDATE litong_past_estates SET geom = ? WHERE _id = 1", (bytes(forged),))
            base.commit()
            with pytest.raises(StoreError, match="record 2"):
                open_store(written).verify()


def test_nothing_is_written_where_the_triggers_were_altered(written):
    live = open_store(written)
    before = live.read().version
    with closing(sqlite3.connect(written / "district.gpkg")) as base, base:
        base.execute("CREATE TRIGGER x AFTER UPDATE ON estates BEGIN DELETE FROM buildings; END")
    with pytest.raises(StoreError, match="estates: its triggers were altered"):
        live.update(live.row("estates", "E1"), {"households": 1}, entry=WANG)
    assert store.read_district(written).version == before


def _edit_elsewhere(folder, *statements):
    """Edit the file as QGIS does: another program, with GDAL's own SQLite."""
    for statement in statements:
        subprocess.run(  # noqa: S603
            [shutil.which("ogrinfo"), str(folder / "district.gpkg"), "-sql", statement],
            check=True,
            capture_output=True,
        )


@pytest.mark.programs
@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="GDAL's programs are not installed")
def test_what_another_program_edits_is_kept_recorded_and_can_be_taken_back(place, district):
    live = open_store(place)
    live.name("begin", entry=WANG)
    _edit_elsewhere(
        place,
        "UPDATE estates SET households = 99, address = '路' WHERE estate_id = 'E1'",
        "DELETE FROM trees",
        "UPDATE buildings SET building_id = 'B9' WHERE building_id = 'B1'",
    )
    edited = live.read()
    assert edited["estates"]["households"].tolist()[0] == 99
    live.verify()
    change = live.apply(
        difference(edited, changed(edited, "E2", households=3)), base=edited.version, entry=WANG
    )
    outside = live.history()[-2]
    assert (outside.kind, outside.version) == (EntryKind.OUTSIDE, edited.version)
    assert outside.counts == {"estates": (0, 1, 0), "trees": (0, 0, 1), "buildings": (1, 0, 1)}
    assert live.read().version == change.version
    assert live.read("begin").version == district.version
    live.verify()
    live.restore("begin", entry=WANG)
    assert live.read().version == district.version
    live.verify()


@pytest.mark.programs
@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="GDAL's programs are not installed")
def test_a_live_file_opens_in_gdal_with_its_layers_and_its_trail(written):
    told = subprocess.run(  # noqa: S603
        [shutil.which("ogrinfo"), "-ro", str(written / "district.gpkg")],
        check=True,
        capture_output=True,
        text=True,
    )
    listed = [line.split(": ", 1)[1].split(" (")[0] for line in told.stdout.splitlines()[2:]]
    assert set(listed) == {"estates", "buildings", "trees", "green_space", "litong_journal"}
    assert told.stderr == ""
    with closing(sqlite3.connect(written / "district.gpkg")) as base:
        assert base.execute("PRAGMA user_version").fetchone() == (10300,)
        assert base.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_spatial_index_and_the_layer_box_follow_every_change(place, district):
    live = open_store(place)
    live.apply(
        difference(district, planted(district, "T2", "T3")), base=district.version, entry=WANG
    )
    live.update(
        live.row("trees", "T2"), {"geometry": shapely.Point(600_900, 4_200_900)}, entry=WANG
    )
    live.apply(
        difference(live.read(), live.read().with_frames(trees=live.read()["trees"].iloc[1:])),
        base=live.read().version,
        entry=WANG,
    )
    boxes, keys = rtree(place, "trees")
    assert [box[0] for box in boxes] == keys
    with closing(sqlite3.connect(place / "district.gpkg")) as base:
        blobs = dict(base.execute("SELECT fid, geom FROM trees"))
        frame = base.execute(
            "SELECT min_x, min_y, max_x, max_y, last_change FROM gpkg_contents"
            " WHERE table_name = 'trees'"
        ).fetchone()
    for fid, *box in boxes:
        point = shapely.from_wkb(blobs[fid][8:])
        # An R-tree keeps 32-bit numbers, rounded outwards: some metres at 106 degrees.
        assert box == pytest.approx([point.x, point.y] * 2, abs=1e-4)
    assert frame[:2] == pytest.approx([min(b[1] for b in boxes), min(b[2] for b in boxes)])
    assert frame[4] == "2026-11-25T01:00:00.000Z"


@pytest.mark.slow
def test_many_rows_at_once_leave_what_rows_one_by_one_leave(place, district, tmp_path, monkeypatch):
    """The triggers themselves are the second method: same rows, R-tree, former rows, triggers."""
    keys = [f"N{number:03}" for number in range(40)]
    after = planted(changed(district, "E1", households=7), *keys)
    found = []
    for many in (1, 1_000_000):
        monkeypatch.setattr(filling, "_MANY", many)
        folder = tmp_path / f"m{many}"
        shutil.copytree(place, folder)
        live = open_store(folder)
        live.apply(difference(district, after), base=district.version, entry=WANG)
        live.verify()
        with closing(sqlite3.connect(folder / "district.gpkg")) as base:
            tables = ("trees", "litong_past_trees", "litong_past_estates", "sqlite_sequence")
            dump = [
                base.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables
            ]
            triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
            found.append([*dump, base.execute(triggers).fetchall(), rtree(folder, "trees")])
    assert found[0] == found[1]
    assert len(found[0][0]) == 41


def test_a_live_store_is_not_written_over(written, district):
    with pytest.raises(StoreError, match="holds a live store"):
        store.write_district(district, written)


@pytest.mark.programs
def test_a_folder_of_foreign_tables_gets_a_file_of_our_own_beside(foreign, tmp_path):
    shutil.copy(foreign / "awkward.gpkg", tmp_path / "district.gpkg")
    raw = (tmp_path / "district.gpkg").read_bytes()
    live = open_store(tmp_path)
    before = live.read()
    estate = before["estates"]["estate_id"][0]
    live.update(live.row("estates", estate), {"households": 12}, entry=WANG)
    after = live.read()
    assert (tmp_path / "district.gpkg").read_bytes() == raw
    assert store.read_district(tmp_path).version == after.version
    assert len(after["estates"]) == len(before["estates"])
    assert live.read(before.version).version == before.version
    live.verify()


def test_a_single_foreign_file_is_read_and_not_written(foreign, tmp_path):
    shutil.copy(foreign / "awkward.gpkg", tmp_path / "a.gpkg")
    live = open_store(tmp_path / "a.gpkg")
    with pytest.raises(StoreError, match="read, not written"):
        live.name("x", entry=WANG)


def test_a_plan_taken_out_of_district_toml_counts_and_is_recorded(written):
    live = open_store(written)
    text = (written / "district.toml").read_text(encoding="utf-8")
    (written / "district.toml").write_text(
        text.replace('plan = "litong-2023"', 'plan = ""'), encoding="utf-8"
    )
    assert live.read().plan == store.read_district(written).plan == ""
    live.name("x", entry=WANG)
    assert [change.kind for change in live.history()[-2:]] == [EntryKind.OUTSIDE, EntryKind.NAME]
    assert live.history()[-1].version == live.read().version
    live.verify()


def test_an_empty_folder_takes_a_backup_with_its_trail(written, tmp_path):
    live = open_store(written)
    live.backup(tmp_path / "b.gpkg", entry=WANG)
    new = open_store(tmp_path / "new")
    change = new.restore_backup(tmp_path / "b.gpkg", entry=WANG)
    assert change.kind == EntryKind.RESTORE
    assert new.history()[:-1] == live.history()
    assert new.read().version == live.read().version
    new.verify()


@pytest.mark.postgis
def test_a_server_takes_over_the_trail_of_the_folder(written, server):
    before = open_store(written)
    live = open_store(written, server)
    try:
        live.name("迁移", entry=WANG)
        assert live.history()[:-1] == before.history()
        assert live.read().version == before.read().version
        first = before.history()[0].version
        assert live.read(first).version == first
        live.verify()
    finally:
        _drop(server)


@pytest.mark.postgis
def test_a_character_that_the_server_cannot_keep_is_named(tmp_path, server, district):
    trees = district["trees"].assign(species="㭎\x00")
    store.write_district(district.with_frames(trees=trees), tmp_path)
    live = open_store(tmp_path, server)
    with pytest.raises(DataError, match=r"trees 'T1': species holds the character NUL"):
        live.name("x", entry=WANG)
    assert live.history() == []


@pytest.mark.postgis
@pytest.mark.parametrize("table", ["litong_journal", "litong_past_estates"])
def test_no_statement_alters_a_record_of_the_server(written, server, table):
    open_store(written, server).name("迁移", entry=WANG)
    engine = engine_of(server)
    try:
        for action in ("DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET {}"):
            column = "seq = seq + 1" if table == "litong_journal" else "_change = 1"
            with (
                pytest.raises(Exception, match="append-only"),
                engine.begin() as connection,
            ):
                connection.exec_driver_sql(action.format(f"litong_trial.{table}", column))
    finally:
        engine.dispose()
        _drop(server)


@pytest.mark.postgis
def test_what_another_program_edits_on_the_server_is_recorded_too(written, server):
    live = open_store(written, server)
    live.name("迁移", entry=WANG)
    engine = engine_of(server)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE litong_trial.estates SET households = 99 WHERE estate_id = 'E1';"
            "DELETE FROM litong_trial.buildings WHERE building_id = 'B2'"
        )
    engine.dispose()
    try:
        edited = live.read().version
        live.name("后", entry=WANG)
        outside = live.history()[-2]
        assert (outside.kind, outside.version) == (EntryKind.OUTSIDE, edited)
        assert outside.counts == {"estates": (0, 1, 0), "buildings": (0, 0, 1)}
        live.restore("迁移", entry=WANG)
        assert live.read().version == live.read("迁移").version
        live.verify()
    finally:
        _drop(server)


def _drop(address):
    engine = engine_of(address)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS litong_trial CASCADE")
    engine.dispose()


def test_no_message_tells_the_password(place):
    for address in (
        "postgresql://planner:geheim@127.0.0.1:1/litong",
        "postgresql://planner:geheim@[bad/litong",
    ):
        with pytest.raises(StoreError) as told:
            open_store(place, address).read()
        assert "geheim" not in f"{told.value.en} {told.value.zh} {told.value}"


def test_the_address_of_a_database_may_stand_in_district_toml(place):
    with (place / "district.toml").open("a", encoding="utf-8") as file:
        file.write('store = "postgresql://planner:geheim@127.0.0.1:1/litong"\n')
    with pytest.raises(StoreError, match=r"planner:\*\*\*@127.0.0.1"):
        open_store(place).history()
