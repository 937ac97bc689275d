"""The GeoPackage itself: what the format demands, and what other readers find."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import geopandas as gpd
import numpy as np
import pytest
import shapely

import layers
from geo.errors import StoreError
from store import geopackage
from store.geometry_blob import decode, encode
from store.geopackage import Table

READ = """
import json, sys, warnings, pyogrio
warnings.simplefilter("error")
path, out = sys.argv[1], {}
for name, kind in pyogrio.list_layers(path).tolist():
    info = pyogrio.read_info(path, layer=name)
    frame = pyogrio.read_dataframe(path, layer=name)
    boxed = pyogrio.read_dataframe(path, layer=name, bbox=(106.13, 37, 106.15, 38))
    out[name] = {"kind": kind, "epsg": frame.crs.to_epsg(), "rows": len(frame),
                 "wkt": frame.geometry.to_wkt().tolist(), "boxed": len(boxed),
                 "types": dict(zip(info["fields"].tolist(), info["dtypes"].tolist()))}
print(json.dumps(out))
"""


@pytest.fixture
def path(district, tmp_path):
    """Return a GeoPackage of the trial district in EPSG:4490."""
    tables = [
        Table.of_layer(layers.ALL[name], frame.to_crs(4490))
        for name, frame in district.frames.items()
        if district.has(name)
    ]
    geopackage.write(tmp_path / "d.gpkg", tables, date="2023-04-01")
    return tmp_path / "d.gpkg"


def _ask(path, statement):
    with closing(sqlite3.connect(path)) as base:
        return base.execute(statement).fetchall()


def test_the_file_says_what_it_is(path):
    assert _ask(path, "PRAGMA application_id") == [(int.from_bytes(b"GPKG"),)]
    assert _ask(path, "PRAGMA user_version") == [(10300,)]
    assert _ask(path, "PRAGMA integrity_check") == [("ok",)]
    assert _ask(path, "PRAGMA foreign_key_check") == []


def test_the_reference_systems_that_the_standard_asks_for_are_defined(path):
    rows = dict(_ask(path, "SELECT srs_id, definition FROM gpkg_spatial_ref_sys"))
    assert set(rows) == {-1, 0, 4326, 4490}
    assert rows[4490].startswith('GEOGCS["China Geodetic Coordinate System 2000"')
    assert 'AUTHORITY["EPSG","4490"]' in rows[4490]


@pytest.mark.slow
def test_gdal_reads_what_was_written_in_a_process_of_its_own(path, district):
    done = subprocess.run(  # noqa: S603  (our own interpreter and script)
        [sys.executable, "-c", READ, str(path)], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    assert {name: layer["rows"] for name, layer in found.items()} == {
        "estates": 2,
        "buildings": 2,
        "trees": 1,
        "green_space": 0,
    }
    assert {layer["epsg"] for layer in found.values()} == {4490}
    assert found["trees"]["kind"] == "Point"
    assert found["trees"]["wkt"] == district["trees"].to_crs(4490).geometry.to_wkt().tolist()
    assert found["buildings"]["types"]["wall_insulated"] == "bool"
    assert found["buildings"]["types"]["storeys"] in ("int32", "int64")
    assert found["trees"]["types"]["source_date"].startswith("datetime64")
    # The R-tree is used: a box west of 106.15 E holds the first estate only.
    assert found["estates"]["boxed"] == 2 - sum(
        outline.bounds[0] > 106.15 for outline in district["estates"].to_crs(4490).geometry
    )


@pytest.mark.programs
@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="Debian's gdal-bin is not installed")
def test_gdals_own_tool_finds_types_and_codes_without_complaint(path):
    done = subprocess.run(  # noqa: S603  (our own file)
        ["ogrinfo", "-ro", "-so", str(path), "trees"],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    assert "kind: String (0.0)" in done.stdout
    assert "domain name=trees_kind" in done.stdout
    assert "is_avenue: Integer(Boolean)" in done.stdout
    assert "ERROR" not in done.stderr
    assert "Warning" not in done.stderr


def test_every_column_carries_label_unit_codes_and_limits(path):
    names = dict(
        _ask(path, "SELECT column_name, name FROM gpkg_data_columns WHERE table_name = 'trees'")
    )
    assert names == {column.name: column.label_zh for column in layers.ALL["trees"].columns}
    codes = "SELECT value, description FROM gpkg_data_column_constraints WHERE constraint_name = "
    assert dict(_ask(path, f"{codes} 'trees_kind'")) == {"tree": "乔木", "shrub": "灌木"}
    limits = "SELECT min, max FROM gpkg_data_column_constraints WHERE constraint_name = "
    assert _ask(path, f"{limits} 'trees_diameter_cm'") == [(0, 1000)]


def test_unknown_is_null_and_truth_a_number(path):
    rows = _ask(path, "SELECT wall_insulated, storeys, estate_id FROM buildings ORDER BY fid")
    assert rows == [(1, 6, "E1"), (None, None, None)]


def test_mixed_single_and_multi_parts_are_declared_as_such(path):
    kinds = dict(_ask(path, "SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))
    assert kinds["estates"] == "GEOMETRY"
    assert kinds["buildings"] == "POLYGON"


def test_the_rtree_holds_every_shape(path, district):
    # Second method: bounds by shapely; the R-tree keeps float32, rounded outwards.
    boxes = district["buildings"].to_crs(4490).bounds.to_numpy()
    rows = np.array(_ask(path, "SELECT minx, miny, maxx, maxy FROM rtree_buildings_geom"))
    assert np.allclose(rows, boxes, atol=1e-4)
    assert (rows[:, :2] <= boxes[:, :2]).all()
    assert (rows[:, 2:] >= boxes[:, 2:]).all()


def test_the_triggers_keep_the_rtree_right_when_another_program_edits(path):
    with closing(sqlite3.connect(path)) as base:
        for name, side in (("MinX", 0), ("MinY", 1), ("MaxX", 2), ("MaxY", 3)):
            base.create_function(f"ST_{name}", 1, lambda b, s=side: decode([b])[0].bounds[s])
        base.create_function("ST_IsEmpty", 1, lambda b: b is None or decode([b])[0].is_empty)
        (blob,) = encode(np.array([shapely.Point(107, 39)]), 4490)
        count = "SELECT count(*) FROM rtree_trees_geom"
        where = "SELECT minx FROM rtree_trees_geom"
        base.execute("UPDATE trees SET geom = ?", (blob,))
        assert base.execute(where).fetchall() == [(107,)]
        base.execute("UPDATE trees SET fid = 9")
        assert base.execute("SELECT id FROM rtree_trees_geom").fetchall() == [(9,)]
        base.execute("UPDATE trees SET geom = NULL")
        assert base.execute(count).fetchall() == [(0,)]
        base.execute("INSERT INTO trees (geom) VALUES (?)", (blob,))
        assert base.execute(count).fetchall() == [(1,)]
        base.execute("DELETE FROM trees")
        assert base.execute(count).fetchall() == [(0,)]


def test_reading_back_gives_the_same_cells(path, district):
    stored = geopackage.read(path)
    assert list(stored) == ["estates", "buildings", "green_space", "trees"]
    frame = stored["estates"].frame
    assert frame["name"].tolist() == district["estates"]["name"].tolist()
    assert frame["lit_share"].tolist() == [0.1 + 0.2, None]
    assert frame.crs == "EPSG:4490"
    assert stored["estates"].changed == "2023-04-01T00:00:00.000Z"


def test_equal_tables_give_equal_bytes(path, district, tmp_path):
    frames = {name: frame for name, frame in district.frames.items() if district.has(name)}
    tables = [Table.of_layer(layers.ALL[n], frame.to_crs(4490)) for n, frame in frames.items()]
    geopackage.write(tmp_path / "again.gpkg", tables, date="2023-04-01")
    assert (tmp_path / "again.gpkg").read_bytes() == path.read_bytes()


def test_a_failed_write_leaves_the_old_file_and_no_scratch(path, district):
    before = path.read_bytes()
    broken = district["trees"].drop(columns="species")
    with pytest.raises(KeyError):
        geopackage.write(path, [Table.of_layer(layers.ALL["trees"], broken)], date="2023-04-01")
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["d.gpkg"]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(StoreError, match="cannot be written"):
        geopackage.write(tmp_path / "no" / "d.gpkg", [], date="2023-04-01")


@pytest.mark.parametrize(
    "content", [b"", b"not a database", b"SQLite format 3\x00" + b"\x00" * 84, None]
)
def test_a_file_that_is_no_geopackage_is_one_sentence(tmp_path, content):
    path = tmp_path / "x.gpkg"
    if content is None:
        with closing(sqlite3.connect(path)) as base:
            base.execute("CREATE TABLE a (b)")
    else:
        path.write_bytes(content)
    with pytest.raises(StoreError, match="not a readable GeoPackage") as caught:
        geopackage.read(path)
    assert "不是可读取的 GeoPackage" in caught.value.zh


def test_a_truncated_file_is_one_sentence(path):
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(StoreError):
        geopackage.read(path)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(StoreError, match="no such file"):
        geopackage.read(tmp_path / "none.gpkg")


def test_a_name_with_question_mark_and_hash_is_a_file_like_any_other(path):
    odd = path.with_name("a?mode=rw#b %41.gpkg")
    path.rename(odd)
    assert len(geopackage.read(odd)) == 4


def test_reading_never_writes(path):
    before = path.read_bytes()
    path.chmod(0o444)
    geopackage.read(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["d.gpkg"]


def test_an_undefined_system_as_gdal_writes_it_is_none(path):
    undefined = 'LOCAL_CS["Undefined SRS",LOCAL_DATUM["unknown",32767],UNIT["unknown",0]]'
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(
            "INSERT INTO gpkg_spatial_ref_sys "
            "VALUES ('Undefined SRS', 99999, 'GDAL', 99999, ?, NULL)",
            (undefined,),
        )
        base.execute("UPDATE gpkg_geometry_columns SET srs_id = 99999")
    assert {table.frame.crs for table in geopackage.read(path).values()} == {None}


def test_views_of_a_file_are_never_run(path):
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("CREATE VIEW trap AS SELECT load_extension('/tmp/x') AS geom, 1 AS fid")
        base.execute(
            "INSERT INTO gpkg_contents SELECT 'trap', data_type, 'trap', '', last_change, "
            "min_x, min_y, max_x, max_y, srs_id FROM gpkg_contents LIMIT 1"
        )
        base.execute(
            "INSERT INTO gpkg_geometry_columns VALUES ('trap', 'geom', 'POINT', 4490, 0, 0)"
        )
    assert "trap" not in geopackage.read(path)


def test_table_and_column_names_are_never_sql(tmp_path):
    name = 'x"; DROP TABLE gpkg_contents; --'
    path = tmp_path / "hostile.gpkg"
    frame = gpd.GeoDataFrame({"tree_id": ["a"]}, geometry=[shapely.Point(1, 1)], crs=4490)
    column = layers.ALL["trees"].columns[:1]
    geopackage.write(path, [Table(name, "x", column, "Point", frame)], date="2023-04-01")
    assert geopackage.read(path)[name].frame["tree_id"].tolist() == ["a"]


def test_text_that_is_not_utf8_is_kept_to_be_named(path):
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("DROP TRIGGER rtree_trees_geom_update3")
        base.execute("DROP TRIGGER rtree_trees_geom_update4")
        base.execute("UPDATE trees SET species = CAST(x'd6ecbbb1' AS TEXT)")  # GBK for 朱槐
    found = geopackage.read(path)["trees"].frame
    assert found["species"][0].encode("utf-8", "surrogateescape").decode("gbk") == "朱槐"
    (fault,) = layers.ALL["trees"].faults(found)
    assert (fault.column, fault.expected_en) == ("species", "text in UTF-8")


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"GP",
        b"XX\x00\x01" + bytes(30),
        b"GP\x00\x0f" + bytes(100),
        b"GP\x00\x21" + bytes(40),
        b"GP\x00\x01\x8a\x11\x00\x00\x01\x03\x00\x00\x00\xff\xff\xff\xff",
        "text",
        7,
        None,
    ],
)
def test_a_blob_that_is_no_geometry_is_none(blob):
    assert decode([blob]).tolist() == [None]


@pytest.mark.parametrize("envelope", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("order", [0, 1])
def test_blobs_of_other_writers_are_read_with_any_envelope(envelope, order):
    shape = shapely.LineString([(1, 2, 3), (4, 5, 6)])
    body = shapely.to_wkb(shape, byte_order=order, flavor="iso")
    head = b"GP\x00" + bytes([envelope << 1 | order]) + bytes(4)
    (found,) = decode([head + bytes((0, 32, 48, 48, 64)[envelope]) + body])
    assert found.wkt == "LINESTRING (1 2, 4 5)"


def test_empty_and_absent_shapes_survive_the_way():
    shapes = np.array([None, shapely.Point(), shapely.Point(1, 2)], dtype=object)
    found = decode(encode(shapes, 4490))
    assert found[0] is None
    assert found[1].is_empty
    assert found[2].wkt == "POINT (1 2)"


def test_a_file_that_another_program_keeps_locked_is_called_that_and_not_damaged(path, monkeypatch):
    connect = sqlite3.connect  # without its five seconds of patience
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **k, timeout=0))
    with closing(connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="keeps the file locked") as caught:
            geopackage.read(path)
    assert "正被其他程序占用" in caught.value.zh
