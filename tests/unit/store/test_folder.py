"""A district kept and read back, and districts that others left behind."""

import shutil
import sqlite3
from contextlib import closing

import numpy as np
import pandas as pd
import pytest
import shapely

import store
from geo.errors import CrsError, DataError, PlanningError, StoreError
from store.geometry_blob import encode

HOSTILE = "{{ 7*7 }}<script>alert(1)</script> =1+1"


@pytest.fixture
def kept(district, tmp_path):
    """Return a folder with the trial district."""
    store.write_district(district, tmp_path / "kept")
    return tmp_path / "kept"


def _account(reading):
    """Return table -> (read, accepted, set aside)."""
    return {
        t.table: (
            t.read,
            dict(t.accepted),
            {w.en: n for w, n in t.set_aside.items()},
            +t.made_unknown,
        )
        for t in reading.tables
    }


def test_what_is_written_and_read_back_is_the_same_district(kept, district):
    found = store.read_district(kept)
    assert found.version == district.version
    for name in ("name", "name_en", "district_id", "crs", "overlays", "plan", "surveyed_kinds"):
        assert getattr(found, name) == getattr(district, name)
    assert found.has("green_space")  # surveyed, and there is none
    assert not found.has("pipelines")
    for name, frame in district.frames.items():
        pd.testing.assert_frame_equal(found[name], frame, check_index_type=False)


def test_a_district_is_stored_in_the_national_reference_system(kept):
    with closing(sqlite3.connect(kept / "district.gpkg")) as base:
        rows = base.execute("SELECT DISTINCT srs_id FROM gpkg_geometry_columns").fetchall()
    assert rows == [(4490,)]


def test_the_same_district_is_written_as_the_same_bytes(kept, district, tmp_path):
    store.write_district(district, tmp_path / "again")
    for name in ("district.toml", "district.gpkg"):
        assert (tmp_path / "again" / name).read_bytes() == (kept / name).read_bytes()


def test_writing_over_a_district_replaces_it(kept, district):
    smaller = district.with_frames(trees=district["trees"].iloc[:0])
    store.write_district(smaller, kept)
    assert store.read_district(kept).version == smaller.version
    assert sorted(file.name for file in kept.iterdir()) == ["district.gpkg", "district.toml"]


def test_a_folder_that_cannot_be_made_is_one_sentence(district, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made a folder"):
        store.write_district(district, tmp_path / "file" / "folder")


def test_our_own_geopackage_is_read_without_its_toml(kept, district):
    found = store.read(kept / "district.gpkg").district
    for name, frame in district.frames.items():
        if len(frame):
            assert found[name]["source_date"].tolist() == frame["source_date"].tolist()
    # Longitude and latitude at 106 E are measured in the 3-degree zone of 105 E.
    assert found.crs.to_epsg() == 4544
    assert found.district_id == "kept"


def test_a_fault_in_our_own_layers_is_named_not_mended(kept):
    with closing(sqlite3.connect(kept / "district.gpkg")) as base, base:
        base.execute("DROP TRIGGER rtree_trees_geom_update3")
        base.execute("DROP TRIGGER rtree_trees_geom_update4")
        base.execute("UPDATE trees SET kind = 'oak'")
    with pytest.raises(DataError, match=r"trees row 1 .*found 'oak', expected one of tree, shrub"):
        store.read_district(kept)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id = 'x'", "name: Field required; crs: Field required"),
        ("id = 'x'\nname = 'x'\ncrs = 4544\ncolour = 'red'", "colour: Extra inputs"),
        ("id = '../x'\nname = 'x'\ncrs = 4544", "id: String should match"),
        ("id = 'x'\nname = 'x'\ncrs = 'EPSG:4544'", "crs: Input should be a valid integer"),
        ("id = 'x'\nname = 'x'\ncrs = 1030", "crs = 1030 is no EPSG code"),
        ("id = 'x'\nname = 'x'\ncrs = 4544\noverlays = ['../../etc']", "overlays.0: String"),
        ("id = 'x'\nname = 'x'\ncrs = 4544\nplan = '/etc/passwd'", "plan"),
        ("id = 'x'\nname = 'x'\ncrs = 4544\ntowns = ['金星镇']", "names the town 金星镇"),
        ("id = 'x'\nname = 'x'\ncrs = 4544\nstorage_crs = 4326", "says WGS 84"),
        ("id = 'x'\nname = 'x'\ncrs = 4490", "cannot be measured"),
        ("id = ", "Invalid value"),
        (
            "id = 'x'\nname = 'x'\ncrs = 4544\n[[mapping]]\ntable = 't'\nlayer = 'x'",
            "x is no layer",
        ),
        ("id = 'x'\nname = 'x'\ncrs = 4544\n[[mapping]]\ntable = 't'\nlayer = 'trees'", "no 't'"),
        (
            "id = 'x'\nname = 'x'\ncrs = 4544\n[[mapping]]\ntable = 'trees'\nlayer = 'poles'",
            "is a layer of ours",
        ),
        ("id = 'x'\nname = 'x'\ncrs = 4544\nplan = 'mars'", "no plan called 'mars'"),
        ("id = 'x'\nname = 'x'\ncrs = 4544\nsurveyed = ['tree']", "surveyed.0: unknown layer"),
        ("id = 'x'\nname = 'x'\ncrs = 4544\nsurveyed_kinds = ['pub']", "unknown kind"),
        ("id = 'x'\nname = 'x'\ncrs = 32633", "wrong"),
        (
            "id='x'\nname='x'\ncrs=4544\n[[mapping]]\ntable='t'\nlayer='trees'\ndate='2023-02-30'",
            "mapping.0.date: expected a date",
        ),
    ],
)
def test_a_district_toml_that_is_wrong_is_one_clear_error(kept, content, message):
    (kept / "district.toml").write_text(content, encoding="utf-8")
    with pytest.raises(PlanningError) as caught:
        store.read_district(kept)
    assert message in caught.value.en
    assert caught.value.zh


def test_faults_of_a_district_toml_are_told_in_chinese_with_what_was_found(kept):
    (kept / "district.toml").write_text(
        "id = 'X!'\ncrs = 'four'\ncolour = 'red'\noverlays = 'ningxia'", encoding="utf-8"
    )
    with pytest.raises(StoreError) as caught:
        store.read_district(kept)
    assert caught.value.zh.split("：", 1)[1] == (
        "id：读到 'X!'，应符合格式 ^[a-z0-9][a-z0-9_-]{0,63}$；name：缺少此项；"
        "crs：读到 'four'，应为整数；"
        'overlays：读到 \'ningxia\'，应为列表，如 ["甲", "乙"]；colour：没有这个设置项'
    )


def test_a_district_toml_that_is_not_text_is_one_sentence(kept):
    (kept / "district.toml").write_bytes(b"name = '\xd6\xec'")
    with pytest.raises(StoreError, match=r"district\.toml"):
        store.read_district(kept)


@pytest.mark.parametrize(
    "name", ["../out.gpkg", "/etc/passwd", "..", ".", "a/b.gpkg", "a\\b.gpkg", "C:x.gpkg", ""]
)
def test_a_file_outside_the_folder_is_refused(kept, name):
    text = (kept / "district.toml").read_text(encoding="utf-8")
    line = 'file = "district.gpkg"'
    assert line in text
    (kept / "district.toml").write_text(text.replace(line, f"file = '{name}'"), encoding="utf-8")
    with pytest.raises(StoreError, match="must be the name of a file in the same folder"):
        store.read_district(kept)


def test_a_link_that_leads_out_of_the_folder_is_refused(kept, tmp_path):
    shutil.move(kept / "district.gpkg", tmp_path / "elsewhere.gpkg")
    (kept / "district.gpkg").symlink_to(tmp_path / "elsewhere.gpkg")
    with pytest.raises(StoreError, match="must be the name of a file in the same folder"):
        store.read_district(kept)


@pytest.mark.parametrize("count", [0, 2])
def test_a_folder_without_toml_needs_exactly_one_geopackage(tmp_path, count):
    for i in range(count):
        (tmp_path / f"{i}.gpkg").write_bytes(b"")
    with pytest.raises(StoreError, match=f"found {count} .gpkg files"):
        store.read(tmp_path)


def test_a_path_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(StoreError):
        store.read(tmp_path / "nowhere")


def test_every_row_of_an_awkward_extract_is_accounted_for(foreign):
    reading = store.read(foreign / "awkward.gpkg")
    assert _account(reading) == {
        # Three-dimensional and multi-part lines are taken; no geometry and no length are not.
        "walkways": (
            5,
            {"walkways": 3},
            {"geometry: expected a geometry": 1, "geometry: expected a valid geometry": 1},
            {"kind": 1},  # of the rows taken
        ),
        "facilities": (
            7,
            {"facilities": 3, "parking": 1},
            {
                "kind: no code for 'bench'": 1,
                "geometry: expected a geometry": 1,
                "kind: expected a value": 1,
            },
            {},
        ),
        "buildings": (
            5,
            {"buildings": 3},
            {"geometry: expected a geometry": 1, "geometry: expected Polygon": 1},
            {"use": 2, "storeys": 1},  # of the rows taken: yes and shed; "many" storeys
        ),
        "tram_stops": (1, {}, {"no layer takes this table": 1}, {}),
    }


def test_read_is_always_accepted_plus_set_aside(foreign):
    for table in store.read(foreign / "awkward.gpkg").tables:
        assert table.read == sum(table.accepted.values()) + sum(table.set_aside.values())


def test_an_awkward_extract_becomes_a_district(foreign):
    district = store.read_district(foreign / "awkward.gpkg")
    assert district.district_id == "awkward"
    assert district.crs.to_epsg() == 32631
    lines = district["walkways"].geometry
    assert set(lines.geom_type) == {"LineString"}
    assert lines.length.sum() == pytest.approx(400)  # 100 + 200 in two parts + 100
    assert not lines.has_z.any()
    places = district["facilities"].set_index("facility_id")
    assert set(places.index) == {"n1", "n1#2", "facilities-5"}
    assert places.loc["n1", "name"] == HOSTILE
    assert set(places.geom_type) == {"Point"}
    park = places.loc["facilities-5"]
    assert (park["kind"], park.geometry.x - 448_000, park.geometry.y - 5_411_000) == (
        "park",
        70,
        30,
    )
    assert district["parking"]["spaces"].isna().all()
    houses = district["buildings"].set_index("building_id")
    assert houses["storeys"].astype(object).where(houses["storeys"].notna(), None).to_dict() == {
        "7": 6,
        "7#2": 3,  # 3.5 storeys have three full ones
        "8": None,
    }
    assert houses.loc["7", "use"] == "residential"
    assert houses.geometry.is_valid.all()


def test_what_does_not_occur_was_not_surveyed(foreign):
    district = store.read_district(foreign / "awkward.gpkg")
    assert district.surveyed_kinds == {"pharmacy", "park", "lot"}
    assert not district.has_kind("kindergarten")
    assert not store.read_district(foreign / "bare.gpkg").has("facilities")
    assert not store.read_district(foreign / "bare.gpkg").has("parking")


def test_a_chinese_city_in_degrees_is_measured_in_its_own_zone(foreign):
    district = store.read_district(foreign / "bare.gpkg")
    assert district.crs.to_epsg() == 4544  # 106.2 E lies in the zone of 105 E; never UTM
    # Second method: a degree of longitude at 37.98 N is some 87.8 km; 0.001 of it 87.8 m.
    assert district["walkways"].geometry.length[0] == pytest.approx(87.8, abs=0.1)


def test_tables_and_columns_match_in_upper_and_lower_case(foreign):
    assert store.read_district(foreign / "bare.gpkg")["walkways"]["kind"].tolist() == ["stairs"]


def test_buildings_stand_for_estates_where_there_are_none(foreign):
    district = store.read_district(foreign / "awkward.gpkg")
    assert set(district["estates"]["estate_id"]) == {"7", "7#2", "8"}
    assert set(district["estates"]["provenance"]) == {"inferred"}
    assert district["estates"]["households"].isna().all()


def test_a_table_without_a_reference_system_is_refused(foreign):
    with pytest.raises(CrsError):
        store.read(foreign / "nowhere.gpkg")


def test_a_file_without_any_table_that_we_know_says_what_it_holds(foreign):
    with pytest.raises(
        StoreError, match=r"nothing that we know; found tram_stops \(no layer takes this table\)"
    ):
        store.read(foreign / "unrelated.gpkg")


MAPPED = """
id = "town"
name = "镇"
crs = 32631
surveyed_kinds = ["pharmacy", "school"]

[[mapping]]
table = "facilities"
layer = "facilities"
key = "id"
columns = { kind = "cat", capacity = "name" }
codes.kind = { pharmacy = "pharmacy", bench = "fitness" }
defaults = { state = "open", in_basement = false }
provenance = "inferred"
source = "现场记录"
date = "2024-05-06"
"""


@pytest.fixture
def mapped(foreign, tmp_path):
    """Return a folder whose district.toml maps one table of the awkward extract."""
    shutil.copy(foreign / "awkward.gpkg", tmp_path / "district.gpkg")
    (tmp_path / "district.toml").write_text(MAPPED, encoding="utf-8")
    return tmp_path


def test_a_district_toml_maps_tables_its_own_way(mapped):
    reading = store.read(mapped)
    places = reading.district["facilities"].set_index("facility_id")
    assert places["kind"].to_dict() == {"n1": "pharmacy", "n1#2": "pharmacy", "n3": "fitness"}
    assert set(places["state"]) == {"open"}
    assert set(places["in_basement"]) == {False}
    assert set(places["provenance"]) == {"inferred"}
    assert set(places["source"]) == {"现场记录"}
    assert set(places["source_date"]) == {"2024-05-06"}
    assert places["capacity"].isna().all()  # "name" held no numbers: unknown, and counted
    account = _account(reading)
    assert account["facilities"][3] == {"capacity": 2}
    assert list(account["walkways"][2].values()) == [5]
    assert "not its columns (provenance, walkway_id)" in next(iter(account["walkways"][2]))
    assert reading.district.surveyed_kinds == {"pharmacy", "school"}


@pytest.mark.parametrize(
    ("old", "new", "strange"),
    [
        ('layer = "facilities"', 'layer = "places"', "places"),
        ("capacity =", "seats =", "seats"),
        ("state =", "mood =", "mood"),
        ("codes.kind", "codes.sort", "sort"),
        ('capacity = "name"', 'capacity = "nowhere"', "nowhere"),
    ],
)
def test_a_mapping_into_what_does_not_exist_is_refused_by_name(mapped, old, new, strange):
    text = (mapped / "district.toml").read_text(encoding="utf-8").replace(old, new)
    (mapped / "district.toml").write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match=f"{strange} is no layer or column|no '{strange}'; found"):
        store.read(mapped)


def test_a_blob_no_reader_knows_is_set_aside_with_its_row(kept):
    with closing(sqlite3.connect(kept / "district.gpkg")) as base, base:
        (blob,) = encode(np.array([shapely.Point(106, 38)]), 4490)
        base.execute("CREATE TABLE facilities (fid INTEGER PRIMARY KEY, geom BLOB, cat TEXT)")
        base.executemany(
            "INSERT INTO facilities (geom, cat) VALUES (?, ?)",
            [(blob, "park"), (b"GP\x00\x01" + bytes(40), "park"), (blob[:20], "park")],
        )
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, last_change, srs_id)"
            " VALUES ('facilities', 'features', '2024-01-01T00:00:00.000Z', 4490)"
        )
        base.execute(
            "INSERT INTO gpkg_geometry_columns VALUES ('facilities', 'geom', 'POINT', 4490, 0, 0)"
        )
    (kept / "district.toml").unlink()
    account = _account(store.read(kept / "district.gpkg"))
    assert account["facilities"][:3] == (
        3,
        {"facilities": 1, "parking": 0},
        {"geometry: expected a geometry": 2},
    )
