# ruff: noqa: E501 - files are written out as they arrive
"""Formats beyond the usual ones: every row of each, as it was written."""

import datetime as dt
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from intake.child import around
from intake.sentences import explained
from tests.unit.intake import delivery
from tests.unit.intake.delivery import estates
from tests.unit.intake.test_awkward import check

WRITERS = {
    "a.gml": lambda path, rows: delivery.by_gdal(path, rows, "GML"),
    "b.gml": lambda path, rows: delivery.by_gdal(path, rows, "GML", FORMAT="GML2"),
    "a.tab": lambda path, rows: delivery.by_gdal(path, rows, "MapInfo File", ENCODING="CP936"),
    "b.tab": lambda path, rows: delivery.by_gdal(path, rows, "MapInfo File", ENCODING="UTF-8"),
    "a.mif": lambda path, rows: delivery.by_gdal(
        path, rows, "MapInfo File", FORMAT="MIF", ENCODING="CP936"
    ),
    "esri.json": delivery.esri_json,
    "a.topojson": delivery.topojson,
    "topo.json": delivery.topojson,
    "a.parquet": delivery.parquet,
    "a.fgb": lambda path, rows: delivery.by_gdal(path, rows, "FlatGeobuf"),
    "a.gdb": lambda path, rows: delivery.by_gdal(
        path, rows, "OpenFileGDB", TARGET_ARCGIS_VERSION="ARCGIS_PRO_3_2_OR_LATER"
    ),
}
HEADS = list(delivery.HEADINGS)


@pytest.mark.parametrize("name", WRITERS)
def test_every_row_of_a_format_is_accepted_as_it_was_written(tmp_path, read, draft, name):
    rows = estates()
    path = WRITERS[name](tmp_path / name, rows)
    reading = read(path)
    assert reading.refused == ()
    (table,) = reading.tables
    one = draft(table).choose("crs", "EPSG:4544")
    if "encoding" in {question.step for question in one.questions}:
        one = one.choose("encoding", one.proposal("encoding").candidates[0].value)
    # A .tab keeps positions as whole numbers of a grid that its writer chose: here 2 cm.
    check(one, rows, tolerance_m=0.02 if path.suffix == ".tab" else 0.001)


@pytest.mark.parametrize("name", ["a.tab", "a.mif"])
def test_a_mapinfo_table_is_read_whatever_character_set_it_states(tmp_path, read, name):
    path = WRITERS[name](tmp_path / name, estates())
    path.write_bytes(path.read_bytes().replace(b"WindowsSimpChinese", b"WindowsLatin1"))
    (table,) = read(path).tables
    assert table.fields[1].heading == "小区名称".encode("gb18030")
    assert table.fields[1].cells[0] == "利水南苑".encode("gb18030")


@pytest.mark.parametrize(("name", "parts"), [("a.tab", (".dat", ".map", ".id")), ("a.mif", (".mid",))])  # fmt: skip
def test_a_part_of_a_mapinfo_table_that_is_missing_is_named(tmp_path, read, name, parts):
    for part in parts:
        (tmp_path / part).mkdir()
        path = WRITERS[name](tmp_path / part / name, estates(3))
        path.with_suffix(part).unlink()
        (refusal,) = read(path).refused
        assert (refusal.rule, refusal.detail) == ("mapinfo.part", part)


@pytest.mark.parametrize("part", [".map", ".id", ".mid"])
def test_a_part_without_its_mapinfo_table_is_named(tmp_path, read, part):
    (tmp_path / f"a{part}").write_bytes(b"x" * 600)
    assert [one.rule for one in read(tmp_path / f"a{part}").refused] == ["refused.mapinfo"]


def test_a_text_in_a_column_of_numbers_is_never_read_as_zero(tmp_path, read):
    rows = estates(3)
    files = [WRITERS[name](tmp_path / name, rows) for name in ("a.gml", "a.mif", "esri.json")]
    for path in (files[0], files[1].with_suffix(".mid"), files[2]):
        raw = path.read_bytes()
        assert b"36" in raw
        many = "很多".encode("gb18030" if path.suffix == ".mid" else "utf-8")
        many = b'"%s"' % many if path.suffix == ".json" else many
        for old, new in ((b">36<", b">%s<" % many), (b",36,", b",%s," % many), (b": 36,", b": %s," % many)):  # fmt: skip
            raw = raw.replace(old, new)
        path.write_bytes(raw)
    for path in files:
        (table,) = read(path).tables
        cell = next(f for f in table.fields if "户数" in _text(f.heading)).cells[0]
        assert _text(cell) == "很多"


def _text(cell):
    return cell.decode("gb18030") if isinstance(cell, bytes) else cell


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
@pytest.mark.parametrize("name", ["a.gml", "b.gml"])
def test_gml_that_breaks_off_keeps_its_whole_features(tmp_path, read, name, share):
    path = WRITERS[name](tmp_path / name, estates())
    raw = path.read_bytes()
    cut = raw[: int(len(raw) * share)]
    path.write_bytes(cut)
    (table,) = read(path).tables
    assert len(table.rows) == cut.count(b"featureMember>") // 2
    assert [flaw.rule for flaw in table.lost] == ["layer.cut"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16"])
def test_gml_is_read_in_any_encoding(tmp_path, read, encoding):
    path = WRITERS["a.gml"](tmp_path / "a.gml", estates(3))
    text = path.read_text("utf-8").replace('encoding="utf-8"', f'encoding="{encoding}"')
    path.write_bytes(text.encode(encoding))
    (table,) = read(path).tables
    assert next(f for f in table.fields if f.heading == "小区名称").cells[0] == "利水南苑"


def test_gml_features_of_two_kinds_are_two_tables(tmp_path, read):
    path = WRITERS["a.gml"](tmp_path / "a.gml", estates(4))
    text = path.read_text("utf-8")
    head, *members = text.split("<ogr:featureMember>")
    members[1] = members[1].replace("ogr:a ", "ogr:b ").replace("/ogr:a>", "/ogr:b>")
    path.write_text("<ogr:featureMember>".join([head, *members]), "utf-8")
    assert {table.name: len(table.rows) for table in read(path).tables} == {"a": 3, "b": 1}


RINGS = {
    "a hole": ([[[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]], [[2, 2], [4, 2], [4, 4], [2, 4], [2, 2]]], 81 - 4),
    "two parts": ([[[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]], [[20, 0], [20, 5], [25, 5], [25, 0], [20, 0]]], 81 + 25),
    "an outline the wrong way round": ([[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]], 81),
    "an island in a hole": (
        [
            [[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]],
            [[1, 1], [8, 1], [8, 8], [1, 8], [1, 1]],
            [[3, 3], [3, 6], [6, 6], [6, 3], [3, 3]],
        ],
        81 - 49 + 9,
    ),
    "a hole in nothing": (
        [[[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]], [[20, 0], [25, 0], [25, 5], [20, 5], [20, 0]]],
        81 + 25,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RINGS)
def test_rings_of_esri_json_enclose_what_they_should(tmp_path, read, name):
    rings, area = RINGS[name]
    whole = {"geometryType": "esriGeometryPolygon", "features": [{"attributes": {"a": 1}, "geometry": {"rings": rings}}]}  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps(whole))
    (table,) = read(tmp_path / "a.json").tables
    assert shapely.from_wkb(table.wkb[0]).area == pytest.approx(area)


@pytest.mark.parametrize(
    ("geometry", "expected"),
    [
        ({"x": 106.2, "y": 37.98}, "POINT (106.2 37.98)"),
        ({"x": "NaN", "y": "NaN"}, None),
        ({"x": None}, "flaw"),
        ({"paths": [[[0, 0], [1, 1]]]}, "MULTILINESTRING ((0 0, 1 1))"),
        ({"points": [[0, 0, 9], [1, 1, 9]]}, "MULTIPOINT ((0 0), (1 1))"),
        ({"curveRings": [[[0, 0], {"c": [[3, 3], [1, 4]]}]]}, "flaw"),
        ({"rings": [[[0, 0], [1]]]}, "flaw"),
        ({"rings": "x"}, "flaw"),
        ({"rings": []}, None),
        (None, None),
        ("x", "flaw"),
    ],
)
def test_a_geometry_of_esri_json_is_read_or_costs_its_own_row(tmp_path, read, geometry, expected):
    whole = {"geometryType": "esriGeometryAny", "features": [{"attributes": {"a": 1}, "geometry": geometry}, 7]}  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps(whole))
    (table,) = read(tmp_path / "a.json").tables
    flawed = {flaw.row for flaw in table.flaws}
    assert 2 in flawed
    assert (1 in flawed) == (expected == "flaw")
    if expected not in (None, "flaw"):
        assert shapely.from_wkb(table.wkb[0]) == shapely.from_wkt(expected)


def test_an_answer_that_a_server_cut_short_is_said(tmp_path, read):
    path = delivery.esri_json(tmp_path / "a.json", estates(3), exceededTransferLimit=True)
    (table,) = read(path).tables
    assert ("esrijson.limited", "3") in {(note.rule, note.detail) for note in table.notes}


def test_a_topology_shares_arcs_and_joins_them_in_both_directions(tmp_path, read):
    # Two squares side by side; the line between them is one arc, used forwards and backwards.
    whole = {
        "type": "Topology",
        "arcs": [[[1, 0], [1, 1]], [[1, 1], [0, 1], [0, 0], [1, 0]], [[1, 0], [2, 0], [2, 1], [1, 1]]],
        "objects": {
            "a": {"type": "Polygon", "arcs": [[0, 1]]},
            "b": {"type": "GeometryCollection", "geometries": [
                {"type": "Polygon", "arcs": [[2, -1]], "id": "x", "properties": {"k": 1}},
                {"type": "MultiLineString", "arcs": [[0], [-2]]},
                {"type": "Point", "coordinates": [5, 6]},
                {"type": None},
                {"type": "Polygon", "arcs": [[9]]},
                {"type": "Spiral", "arcs": [[0]]},
                "x",
            ]},
        },
    }  # fmt: skip
    (tmp_path / "a.topojson").write_text(json.dumps(whole))
    one, other = read(tmp_path / "a.topojson").tables
    assert shapely.from_wkb(one.wkb[0]).equals(shapely.box(0, 0, 1, 1))
    assert shapely.from_wkb(other.wkb[0]).equals(shapely.box(1, 0, 2, 1))
    assert shapely.from_wkb(other.wkb[2]) == shapely.Point(5, 6)
    assert len(other.rows) == 7
    assert {flaw.row for flaw in other.flaws} == {5, 6, 7}


def test_a_row_group_of_parquet_that_is_damaged_costs_its_rows(tmp_path, read):
    import pyarrow.parquet as pq  # noqa: PLC0415

    path = delivery.parquet(tmp_path / "a.parquet", estates())
    chunk = pq.ParquetFile(path).metadata.row_group(1).column(1)
    raw = bytearray(path.read_bytes())
    at = chunk.dictionary_page_offset or chunk.data_page_offset
    raw[at : at + 30] = b"\xff" * 30
    path.write_bytes(raw)
    (table,) = read(path).tables
    assert list(table.rows) == [1, 2, 3, 4, 9, 10, 11, 12]
    assert [(flaw.row, flaw.count) for flaw in table.lost] == [(5, 4)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (dt.date(2023, 4, 1), "2023-04-01"),
        (pd.Timestamp("2023-04-01 08:30"), "2023-04-01T08:30:00"),
        (pd.Timestamp("2023-04-01", tz="UTC"), "2023-04-01T00:00:00+00:00"),
        (dt.time(8, 30), "08:30:00"),
        (1.5, 1.5),
        (float("nan"), None),
        (2**60, 2**60),
        (True, True),
        (b"\x00\xff", "0x00ff"),
        ([1, 2], "[1, 2]"),
        ({"a": "甲"}, '{"a": "甲"}'),
        (None, None),
    ],
)
def test_a_value_of_parquet_comes_as_people_write_it(tmp_path, read, value, expected):
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    table = pa.table({"编号": ["1", "2"], "a": [value, None]})
    pq.write_table(table, tmp_path / "a.parquet")
    (found,) = read(tmp_path / "a.parquet").tables
    assert list(found.fields[1].cells) == [expected, None]


def test_parquet_without_geometry_is_a_table(tmp_path, read):
    pd.DataFrame({"编号": ["1"], "WKT": ["POINT (106.2 37.98)"]}).to_parquet(tmp_path / "a.parquet")
    (table,) = read(tmp_path / "a.parquet").tables
    assert shapely.from_wkb(table.wkb[0]) == shapely.Point(106.2, 37.98)


@pytest.mark.parametrize(("crs", "expected"), [("EPSG:4544", "EPSG:4544"), ("OGC:CRS84", "OGC:CRS84"), (None, "")])  # fmt: skip
def test_the_crs_of_geoparquet_is_passed_on_as_a_claim(tmp_path, read, crs, expected):
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(106.2, 37.98)], crs=crs)
    frame.to_parquet(tmp_path / "a.parquet")
    (table,) = read(tmp_path / "a.parquet").tables
    assert table.crs == expected


GRID = [HEADS, *[[r.key, r.name, r.households, r.area] for r in estates(4)]]


@pytest.mark.parametrize("suffix", [".xls", ".et"])
def test_an_old_workbook_reads_like_a_new_one(tmp_path, read, suffix):
    old = read(delivery.xls(tmp_path / f"a{suffix}", GRID)).tables[0]
    new = read(delivery.workbook(tmp_path / "a.xlsx", GRID)).tables[0]
    assert [(f.heading, list(f.cells)) for f in old.fields] == [
        (f.heading, list(f.cells)) for f in new.fields
    ]
    assert (list(old.rows), old.day_zero) == (list(new.rows), new.day_zero)


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (0.35, "0%", "35%"),
        (0.355, "0.0%", "35.5%"),
        (7, "000", "007"),
        (350, '0"万元"', "350万元"),
        (1234.5, "#,##0.00", 1234.5),
        (12, "General", 12),
        (1e300, "General", 1e300),
        (dt.date(2023, 4, 1), "yyyy-mm-dd", "2023-04-01"),
        (dt.datetime(2023, 4, 1, 8, 30), "yyyy-mm-dd hh:mm", "2023-04-01 08:30:00"),  # noqa: DTZ001
        (0.5, "hh:mm", "12:00:00"),
        (True, "General", True),
        ("  ", "General", None),
        (-5.0, "yyyy-mm-dd", -5.0),
    ],
)
def test_a_cell_of_an_old_workbook_is_what_a_person_sees(tmp_path, read, value, code, expected):
    grid = [["小区名称", "数"], ["甲", value], ["乙", 1]]
    path = delivery.xls(tmp_path / "a.xls", grid, formats={(1, 1): code})
    (table,) = read(path).tables
    assert table.fields[1].cells[0] == expected


def test_an_old_workbook_of_1904_counts_its_days_from_there(tmp_path, read):
    grid = [["小区名称", "日期"], ["甲", dt.date(2023, 4, 1)]]
    path = delivery.xls(tmp_path / "a.xls", grid, formats={(1, 1): "yyyy-mm-dd"}, from_1904=True)
    (table,) = read(path).tables
    assert table.fields[1].cells[0] == "2023-04-01"
    assert table.day_zero == "1904-01-01"


def test_a_number_merged_over_rows_of_an_old_workbook_is_said(tmp_path, read):
    grid = [
        ["小区名称", "楼栋编号", "户数"],
        ["甲", "1", 120],
        ["甲", "2", None],
        ["甲", "3", None],
    ]
    (table,) = read(delivery.xls(tmp_path / "a.xls", grid, [(1, 3, 2, 2)])).tables
    assert [(one.heading, one.first, one.last) for one in table.merged] == [("户数", 2, 4)]


WAYS_OUT = {
    "a.doc": ("WordDocument", "refused.document"),
    "a.wps": ("WordDocument", "refused.document"),
    "a.ppt": ("PowerPoint Document", "refused.document"),
    "a.xlsx": ("EncryptedPackage", "refused.password"),
    "b.xls": ("Anything", "refused.ole"),
}


@pytest.mark.parametrize("name", WAYS_OUT)
def test_an_office_file_without_a_sheet_names_the_way_out(tmp_path, read, name):
    stream, rule = WAYS_OUT[name]
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream.encode("utf-16-le")
    (tmp_path / name).write_bytes(content)
    assert [one.rule for one in read(tmp_path / name).refused] == [rule]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("<html><body><table><tr><td>1</td></tr></table></body></html>", "refused.saved_as_web"),
        ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "refused.saved_as_web"),
        ("小区名称\t户数\n甲\t1\n", "refused.ole"),
    ],
)  # fmt: skip
def test_what_is_only_called_xls_names_the_way_out(tmp_path, read, content, rule):
    (tmp_path / "a.xls").write_text(content, "utf-8")
    assert [one.rule for one in read(tmp_path / "a.xls").refused] == [rule]


CASS = b"1,,604500.123,4206000.5,1115.2\r\n2,JMD,604510.1,4206010,\r\n3,\xb5\xc6\xb8\xcb,604520,4206020.25,1114\r\n"


def test_points_of_cass_are_rows_with_easting_first(tmp_path, read, draft):
    (tmp_path / "a.dat").write_bytes(CASS)
    (table,) = read(tmp_path / "a.dat").tables
    assert [_text(cell) for cell in table.fields[1].cells] == [None, "JMD", "灯杆"]
    one = draft(table, "facilities")
    one = one.choose("crs", "EPSG:4544")
    assert one.proposal("position").chosen is not None
    xy = shapely.get_coordinates(one.working_shapes)
    assert np.abs(xy - [[604_500.123, 4_206_000.5], [604_510.1, 4_206_010], [604_520, 4_206_020.25]]).max() < 1e-6  # fmt: skip


@pytest.mark.parametrize("line", [b"end", b"4,,6,7", b"5,,x,4206000,1", b"6,,1,2,3,4", b"\xff\xfe"])
def test_a_line_of_cass_that_is_no_point_costs_itself(tmp_path, read, line):
    (tmp_path / "a.dat").write_bytes(CASS + line + b"\r\n")
    (table,) = read(tmp_path / "a.dat").tables
    assert [(flaw.row, flaw.raw) for flaw in table.flaws] == [(4, line)]
    assert table.read == 4


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", bytes(500), b"MZ\x90", b"\x00\x01\x02"])
def test_a_dat_that_is_something_else_is_a_sentence(tmp_path, read, content):
    (tmp_path / "a.dat").write_bytes(content)
    (refusal,) = read(tmp_path / "a.dat").refused
    assert refusal.rule in ("cass.no_points", "refused.empty", "refused.program", "refused.unknown")


CUTS = {
    "n.fgb": ("", (0.8, 0.95)),
    "a.gdb": ("a00000009.gdbtable", (0.8, 0.95)),
    "a.tab": (".dat", (0.5, 0.8, 0.95)),
    "b.tab": (".id", (0.5, 0.8, 0.95)),
    "a.mif": (".mif", (0.5, 0.8, 0.95)),
    "b.mif": (".mid", (0.5, 0.8, 0.95)),
}
CUT_WRITERS = {
    **WRITERS,
    "n.fgb": lambda path, rows: delivery.by_gdal(path, rows, "FlatGeobuf", SPATIAL_INDEX="NO"),
    "b.mif": WRITERS["a.mif"],
}


@pytest.mark.parametrize(("name", "share"), [(n, s) for n, (_, shares) in CUTS.items() for s in shares])  # fmt: skip
def test_a_file_of_gdal_that_breaks_off_keeps_the_rows_before(tmp_path, read, name, share):
    rows = estates()
    path = CUT_WRITERS[name](tmp_path / name, rows)
    part = CUTS[name][0]
    cut = path / part if path.is_dir() else path.with_suffix(part) if part else path
    raw = cut.read_bytes()
    cut.write_bytes(raw[: int(len(raw) * share)])
    reading = read(path)
    assert reading.refused == ()
    (table,) = reading.tables
    names = next(f for f in table.fields if _text(f.heading) == "estate_id").cells
    assert [_text(cell) for cell in names] == [rows[row - 1].key for row in table.rows]
    assert 4 <= len(table.rows) < len(rows)
    if name != "b.mif":  # whose length is that of the part that was cut
        assert table.read == len(rows)
    assert {flaw.rule for flaw in table.lost} <= {"layer.row", "layer.cut"}
    assert not {
        row for flaw in table.lost for row in range(flaw.row, flaw.row + flaw.count)
    }.intersection(table.rows)


def test_an_index_of_a_geodatabase_that_is_cut_is_named(tmp_path, read):
    path = WRITERS["a.gdb"](tmp_path / "a.gdb", estates())
    index = path / "a00000009.gdbtablx"
    index.write_bytes(index.read_bytes()[:2000])
    assert [(one.member, one.rule) for one in read(path).refused] == [
        ("a.gdb/a00000009.gdbtablx", "filegdb.cut")
    ]


@pytest.mark.parametrize("bad", [{3}, {0}, {11}, {2, 3, 9}, set(range(12)), set()])
def test_reading_around_damage_loses_the_damaged_rows_alone(bad):
    def rows(first, many):
        wanted = range(first, 12 if many is None else min(first + many, 12))
        if bad.intersection(wanted):
            raise ValueError("damaged")
        return {}, np.array(wanted), []

    chunks, lost = around.read_around(rows, 12)
    assert [n for chunk in chunks for n in chunk.geometry] == sorted(set(range(12)) - bad)
    assert {flaw.row - 1 for flaw in lost} == bad


@pytest.mark.parametrize("declared", [0, -1, 100_000])
def test_a_layer_that_breaks_off_for_good_is_given_up_soon(declared):
    calls = []

    def rows(first, many):
        calls.append(first)
        if many is None or first + many > 70_000:
            raise ValueError("the end")
        return {}, np.arange(first, first + many), []

    chunks, lost = around.read_around(rows, declared)
    assert sum(map(len, chunks)) == 70_000
    assert lost[-1].row == 70_001
    assert lost[-1].count == max(declared - 70_000, 1)
    assert len(calls) < 200


@pytest.mark.parametrize(
    ("name", "content", "way_out"),
    [
        ("a.parquet", b"PAR1" + b"\0" * 200, "请重新导出"),
        ("a.json", b"[1, 2", "请"),
        ("b.json", b'{"type": null}', "请导出为 GeoJSON"),
        ("a.zip", b"PK\x03\x04" + b"\0" * 100, "请重新打包"),
        ("a.gml", b"<gml:FeatureCollection xmlns:gml='http://www.opengis.net/gml'><a", "请"),
    ],
)
def test_a_refusal_is_our_sentence_with_a_way_out(tmp_path, read, name, content, way_out):
    (tmp_path / name).write_bytes(content)
    (refusal,) = read(tmp_path / name).refused
    said = explained(refusal.rule, refusal.detail).zh
    assert way_out in said
    assert not any(word in said for word in ("Arrow", "Error", "None", str(tmp_path), "magic"))


def test_the_number_of_a_cass_point_is_its_key_and_its_code_is_asked_about(tmp_path, read, draft):
    lines = "1,国槐,604600.0,4206100.0,1120.5\n2,刺槐,604610.0,4206100.0,1120.5\n"
    (tmp_path / "a.dat").write_bytes(lines.encode())
    (table,) = read(tmp_path / "a.dat").tables
    one = draft(table, "trees").choose("crs", "EPSG:4544")
    assert one.mapping["tree_id"] == "点号"
    assert [question.step for question in one.questions] == ["column:kind", "column:species"]
    as_species = one.choose("column:kind", "").choose("column:species", "编码")
    assert as_species.cells["species"] == ["国槐", "刺槐"]
