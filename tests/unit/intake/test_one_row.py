# ruff: noqa: E501, S608 - files are written out as they arrive
"""One bad row costs one row: slivers, curves, half characters, text in two encodings."""

import json
import os
import sqlite3
import struct
import sys
from pathlib import Path

import ezdxf
import numpy as np
import openpyxl
import pytest
import shapely
import xlwt

from geo.crs import is_on_grid
from intake import wire
from intake.acceptance import accept
from intake.child import curves
from intake.child.text import MIXED, decode
from intake.placing import is_outside, on_grid
from tests.fuzz.intake_mutations import drawing
from tests.unit.intake import delivery
from tests.unit.intake.delivery import estates, feature, geopackage, rewritten, written

ORIGIN = np.array([604_500.0, 4_206_000.0])
REPORTED = Path(__file__).parents[2] / "fixtures" / "rows"
BOX = shapely.box(0, 0, 100, 80)
RECT = shapely.box(604_500, 4_206_000, 604_600, 4_206_080)


def settled(draft, crs="EPSG:4490"):
    """Answer where the rows are; take the first answer to everything else."""
    draft = draft.choose("crs", crs)
    for question in draft.questions:
        draft = draft.choose(question.step, question.candidates[0].value)
    return accept(draft)


def test_a_sliver_that_collapses_on_the_grid_costs_its_own_row(read, draft):
    (table,) = read(REPORTED / "6_one_sliver_stops_the_import.gpkg").tables
    receipt = settled(draft(table))
    assert (len(receipt.accepted), receipt.quarantined_rows) == (2, 1)
    assert [reason.rule for reason in receipt.quarantined[0].reasons] == ["geometry.too_fine"]


def test_a_curve_is_made_straight_and_said(read, draft):
    (table,) = read(REPORTED / "7_one_curve_stops_the_file.gpkg").tables
    receipt = settled(draft(table, "green_space"))
    assert (len(receipt.accepted), receipt.quarantined_rows) == (2, 0)
    assert any("1, 0.01 m" in note.en for note in receipt.notes)
    circle = receipt.accepted.geometry.iloc[0]
    radius = np.sqrt(circle.area / np.pi)  # of a circle of degrees, thus an ellipse here
    assert circle.is_valid
    assert radius > 10


def test_a_drawing_whose_layer_names_are_in_no_encoding_is_read(read):
    reading = read(REPORTED / "r12_cp1252.dxf")
    assert reading.refused == ()
    assert sum(len(table.rows) for table in reading.tables) == 47  # by `grep -c`, blocks apart


# Outlines that are valid in the file and are nothing, or another thing, on a grid of 0.1 mm.
SLIVERS = {
    "a spike without width": shapely.Polygon([(0, 0), (50, 1e-5), (100, 0), (50, 3e-5)]),
    "a square of a micrometre": shapely.box(0, 0, 1e-6, 1e-6),
    "a triangle of a hair": shapely.Polygon([(0, 0), (80, 4e-5), (80, 0)]),
    "two slivers": shapely.MultiPolygon(
        [shapely.box(0, 0, 40, 3e-5), shapely.box(60, 0, 99, 3e-5)]
    ),
    "a line of a micrometre": shapely.LineString([(0, 0), (1e-6, 0)]),
}


@pytest.mark.parametrize("name", SLIVERS)
def test_what_the_grid_leaves_nothing_of_is_set_apart(name):
    placed = shapely.transform(SLIVERS[name], lambda xy: xy + ORIGIN + 1e-5)
    kept = on_grid(np.array([RECT, placed, None], dtype=object))
    assert is_on_grid(kept).tolist() == [True, False, True]
    assert kept[0].equals(RECT)
    assert kept[2] is None


@pytest.mark.parametrize(
    "outline",
    [
        BOX.union(shapely.Polygon([(100, 40), (130, 40.00002), (100, 40.00003)])),
        BOX.difference(shapely.Polygon([(50, 81), (50, 2e-5), (49.99999, 81)])),
        shapely.MultiPolygon([BOX, shapely.box(200, 0, 240, 3e-5)]),
    ],
)  # fmt: skip
def test_an_outline_that_loses_only_a_hair_on_the_grid_stays(outline):
    placed = shapely.transform(outline, lambda xy: xy + ORIGIN)
    (kept,) = found = on_grid(np.array([placed], dtype=object))
    assert is_on_grid(found).tolist() == [True]
    assert kept.is_valid
    assert kept.area == pytest.approx(outline.area, rel=1e-5)


def wkb(kind, *parts, width=2):
    """Write little-endian WKB by hand: positions, or parts that are WKB themselves."""
    head = struct.pack("<BI", 1, kind)
    if parts and isinstance(parts[0], bytes):
        return head + struct.pack("<I", len(parts)) + b"".join(parts)
    numbers = [number for part in parts for number in part]
    return (
        head + struct.pack("<I", len(numbers) // width) + struct.pack(f"<{len(numbers)}d", *numbers)
    )


CIRCLE = wkb(8, (0, 0), (1000, 1000), (2000, 0), (1000, -1000), (0, 0))
HALF = wkb(8, (0, 0), (1000, 1000), (2000, 0))
BACK = wkb(2, (2000, 0), (0, 0))
UP = wkb(1008, (0, 0, 9), (1000, 1000, 9), (2000, 0, 9), width=3)
SQUARE = shapely.to_wkb(shapely.box(400, 400, 600, 600))
DISC, HALF_DISC = np.pi * 1000**2, np.pi * 1000**2 / 2
CURVES = {
    "a circle": (wkb(10, CIRCLE), "area", DISC),
    "a full circle of three positions": (
        wkb(10, wkb(8, (0, 0), (2000, 0), (0, 0))), "area", DISC,
    ),
    "half a disc": (wkb(10, wkb(9, HALF, BACK)), "area", HALF_DISC),
    "surfaces": (wkb(12, wkb(10, CIRCLE), SQUARE), "area", DISC + 40_000),
    "an arc": (HALF, "length", np.pi * 1000),
    "an arc with heights": (UP, "length", np.pi * 1000),
    "an arc and a chord": (wkb(9, HALF, BACK), "length", np.pi * 1000 + 2000),
    "curves": (wkb(11, HALF, BACK), "length", np.pi * 1000 + 2000),
    "a collection of one": (wkb(7, wkb(10, CIRCLE)), "area", DISC),
    "an arc on a line": (wkb(8, (0, 0), (500, 0), (2000, 0)), "length", 2000),
    "big endian": (
        struct.pack(">BII", 0, 8, 3) + struct.pack(">6d", 0, 0, 1000, 1000, 2000, 0),
        "length", np.pi * 1000,
    ),
    "extended with an SRID": (
        struct.pack("<BIII", 1, 0x20000008, 4544, 3) + struct.pack("<6d", 0, 0, 1000, 1000, 2000, 0),
        "length", np.pi * 1000,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_keeps_its_measure(name):
    blob, quantity, truth = CURVES[name]
    assert curves.is_curved(blob)
    flat, arcs = curves.straight(blob)
    assert arcs >= 1
    assert getattr(shapely.from_wkb(flat), quantity) == pytest.approx(truth, rel=2e-5)


BROKEN = {
    "cut": CIRCLE[:-5],
    "of four positions": wkb(8, (0, 0), (1, 1), (2, 0), (3, 3)),
    "of a billion positions": struct.pack("<BII", 1, 8, 10**9),
    "not finite": wkb(8, (0, 0), (np.nan, 1), (2, 0)),
    "of points": wkb(9, shapely.to_wkb(shapely.Point(1, 1))),
    "nested without end": wkb(7, b"") * 200,
    "a triangle": wkb(17, (0, 0), (1, 1), (2, 0)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_curve_that_is_none_costs_its_own_row(tmp_path, read, name):
    rows = estates(3)
    shapes = written("EPSG:4490", rows)
    path = geopackage(tmp_path / "a.gpkg", rows, shapes)
    base = sqlite3.connect(path)
    blob = b"GP\x00\x01" + struct.pack("<i", 4490) + BROKEN[name]
    base.execute('UPDATE "小区" SET geom = ? WHERE fid = 2', (blob,))
    base.commit()
    base.close()
    reading = read(path)
    assert reading.refused == ()
    assert [flaw.row for flaw in reading.tables[0].flaws] == [2]
    assert reading.tables[0].flaws[0].rule == "geometry.unreadable"


def test_wkt_of_a_curve_costs_its_own_row(tmp_path, read):
    lines = ["编号,名称,WKT", '1,甲,"POINT (106.2 37.98)"', '2,乙,"CIRCULARSTRING (0 0, 1 1, 2 0)"']
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    (table,) = read(tmp_path / "a.csv").tables
    assert [(flaw.row, flaw.rule) for flaw in table.flaws] == [(3, "geometry.unreadable")]


def half_and_half(rows):
    """Return a feature a line, every second one in GB 18030."""
    shapes = [json.loads(shapely.to_geojson(shape)) for shape in written("EPSG:4490", rows)]
    for number, (row, shape) in enumerate(zip(rows, shapes, strict=True)):
        text = json.dumps(feature(row, shape), ensure_ascii=False)
        yield text.encode("gb18030" if number % 2 else "utf-8")


@pytest.mark.parametrize("suffix", [".geojson", ".geojsonl"])
def test_a_file_half_in_gbk_and_half_in_utf_8_loses_no_row(tmp_path, read, draft, suffix):
    rows = estates()
    lines = list(half_and_half(rows))
    whole = b'{"type":"FeatureCollection","features":[' + b",".join(lines) + b"]}"
    path = tmp_path / f"a{suffix}"
    path.write_bytes(whole if suffix == ".geojson" else b"\n".join(lines))
    reading = read(path)
    assert reading.refused == ()
    receipt = settled(draft(reading.tables[0]))
    assert receipt.read == len(rows)
    names = dict(zip(receipt.accepted["estate_id"], receipt.accepted["name"], strict=True))
    # 镕 is no everyday character: alone in its name it may be set apart, never misread.
    assert all(row.name == names.get(row.key, row.name) for row in rows)
    assert len(names) >= len(rows) - 1


def test_a_table_half_in_gbk_and_half_in_utf_8_loses_no_row(tmp_path, read, draft):
    rows = estates()
    lines = ["estate_id,小区名称,户数,经度,纬度".encode()]
    for number, row in enumerate(rows):
        text = f"{row.key},{row.name},{row.households},{106.2 + number / 1000},37.98"
        lines.append(text.encode("gb18030" if number % 2 else "utf-8"))
    (tmp_path / "a.csv").write_bytes(b"\r\n".join(lines))
    (table,) = read(tmp_path / "a.csv").tables
    one = draft(table)
    read_as = one.decoded.columns[1]
    assert read_as == tuple(row.name for row in rows)
    assert one.decoded.mixed >= len(rows) // 2 - 1


@pytest.mark.parametrize(
    ("text", "codec"),
    [("利水南苑小区", "utf-8"), ("利水南苑小区", "gb18030"), ("联通模块化公寓", "gb18030")],
)
def test_a_file_in_one_encoding_is_never_taken_for_two(text, codec):
    data = f'{{"名称": "{text}", "编号": "1"}}\n'.encode(codec) * 50
    assert decode(data) == (data.decode(codec), codec)


def test_half_a_character_of_utf_8_is_not_taken_for_gbk():
    data = f'{{"名称": "{"利水南苑" * 40}"}}'.encode() + b'{"x": "\xe5\xb0"}'
    text, codec = decode(data)
    assert codec == "utf-8"
    assert "\udce5" in text


def test_two_encodings_in_one_file_are_said():
    data = '{"名称": "利水南苑"}'.encode() + '{"名称": "药材公司家属院"}'.encode("gb18030")
    assert decode(data) == ('{"名称": "利水南苑"}{"名称": "药材公司家属院"}', MIXED)


SURROGATE = "\\ud800"


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"FeatureCollection","name":"%s","features":[%s]}',
        '{"type":"FeatureCollection","crs":{"properties":{"name":"%s"}},"features":[%s]}',
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a%s":1},"geometry":null},%s]}',
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":"%s"},"geometry":null},%s]}',
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":{"b":"%s"}},"geometry":null},%s]}',
        '{"type":"FeatureCollection","features":[{"type":"Feature","id":"%s","properties":{},"geometry":null},%s]}',
        '{"type":"FeatureCollection","features":["%s",%s]}',
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"%s","coordinates":[1,2]}},%s]}',
    ],
)  # fmt: skip
def test_half_a_character_anywhere_in_json_costs_no_other_row(tmp_path, read, text):
    sound = json.dumps(feature(estates(1)[0], {"type": "Point", "coordinates": [106.2, 37.98]}))
    (tmp_path / "a.geojson").write_text(text % (SURROGATE, sound))
    reading = read(tmp_path / "a.geojson")
    assert reading.refused == ()
    (table,) = reading.tables
    assert table.wkb[-1] is not None
    repr(table).encode("utf-8")


@pytest.mark.parametrize("place", ["name", "heading", "key", "contents"])
def test_half_a_character_in_a_geopackage_costs_no_other_layer(tmp_path, read, place):
    rows = estates(2)
    path = geopackage(tmp_path / "a.gpkg", rows, written("EPSG:4490", rows))
    base = sqlite3.connect(path)
    broken = "CAST(x'B0A1FF41' AS TEXT)"
    if place == "name":
        base.execute(f"INSERT INTO gpkg_contents VALUES ({broken}, 'attributes', 'x', 0)")
    elif place == "contents":
        base.execute(f"UPDATE gpkg_spatial_ref_sys SET organization = 'x', definition = {broken}")
    elif place == "key":
        base.execute(f'UPDATE "小区" SET estate_id = {broken} WHERE fid = 1')
    else:
        base.execute("CREATE TABLE a (name TEXT)")
        base.execute("INSERT INTO gpkg_contents VALUES ('a', 'attributes', 'a', 0)")
        base.execute("PRAGMA writable_schema = ON")
        base.execute(
            "UPDATE sqlite_master SET sql = CAST(replace(CAST(sql AS BLOB), CAST('name' AS BLOB),"
            " x'B0A1FF41') AS TEXT) WHERE name = 'a'"
        )
    base.commit()
    base.close()
    reading = read(path)
    assert [len(table.rows) for table in reading.tables] == [2]
    assert [one.rule for one in reading.refused] == {
        "name": ["gpkg.no_table"], "heading": ["gpkg.heading"],
    }.get(place, [])  # fmt: skip
    repr(reading).encode("utf-8")


def test_a_folder_is_a_delivery(tmp_path, read):
    folder = tmp_path / "普查"
    folder.mkdir()
    delivery.shapefile(folder, estates(3))
    (folder / "inner").mkdir()
    delivery.geojson(folder / "inner" / "a.geojson", estates(2))
    (folder / ".hidden").write_text("x")
    (folder / "link.geojson").symlink_to(folder / "inner" / "a.geojson")
    reading = read(folder)
    assert reading.refused == ()
    assert reading.name == "普查"
    assert {table.member: len(table.rows) for table in reading.tables} == {
        "普查/小区.shp": 3, "普查/inner/a.geojson": 2,
    }  # fmt: skip


def test_an_unpacked_geodatabase_is_a_delivery(tmp_path, read):
    import geopandas as gpd  # noqa: PLC0415
    import pyogrio  # noqa: PLC0415

    rows = estates(3)
    frame = gpd.GeoDataFrame(
        {"名称": [r.name for r in rows]}, geometry=[r.outline for r in rows], crs="EPSG:4544"
    )
    pyogrio.write_dataframe(frame, tmp_path / "普查.gdb", layer="小区", driver="OpenFileGDB")
    reading = read(tmp_path / "普查.gdb")
    assert reading.refused == ()
    (table,) = reading.tables
    assert (table.member, table.name, len(table.rows)) == ("普查.gdb", "小区", 3)


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda _: None, "file.missing"),
        (lambda path: path.mkdir(), "folder.empty"),
        (lambda path: path.symlink_to(path.parent / "nowhere"), "file.missing"),
    ],
)
def test_what_is_not_there_is_a_sentence_and_the_rest_is_read(tmp_path, read, make, rule):
    make(tmp_path / "甲")
    (tmp_path / "b.csv").write_text("编号,名称\n1,甲\n", "utf-8")
    reading = read([tmp_path / "甲", tmp_path / "b.csv"])
    assert [(one.member, one.rule) for one in reading.refused] == [("甲", rule)]
    assert [len(table.rows) for table in reading.tables] == [1]


def test_an_arc_of_a_radius_that_is_no_place_costs_its_own_row(tmp_path, read):
    drawing = ezdxf.new("R2000")
    space = drawing.modelspace()
    space.add_circle((604_500, 4_206_000), 1e15)
    space.add_arc((604_500, 4_206_000), 1e12, 0, 90)
    space.add_ellipse((604_500, 4_206_000), (1e11, 0), 0.5)
    space.add_circle((604_500, 4_206_000), 10)
    drawing.saveas(tmp_path / "a.dxf")
    reading = read(tmp_path / "a.dxf")
    assert reading.refused == ()
    assert sum(len(table.flaws) for table in reading.tables) == 3
    assert sum(len(table.rows) for table in reading.tables) == 4


@pytest.mark.parametrize("name", ["小区普查.csv", "\udcd0\udca1\udcc7\udcf8.csv", "x\ud800.csv"])
def test_a_file_name_that_is_no_text_is_shown_readable(tmp_path, read, name):
    (tmp_path / "0").write_text("小区名称,户数\n甲,1\n", "utf-8")
    reading = read([tmp_path / "0"], names=[name])
    (table,) = reading.tables
    assert table.member == reading.name == wire.readable(name)
    reading.name.encode("utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes on Linux alone")
def test_a_file_whose_name_is_in_gbk_is_read_under_its_name(tmp_path, read):
    path = os.fsencode(tmp_path) + b"/" + "小区.csv".encode("gb18030")
    Path(os.fsdecode(path)).write_text("小区名称,户数\n甲,1\n", "utf-8")
    assert read(Path(os.fsdecode(path))).name == "小区.csv"


@pytest.mark.parametrize("part", ["headings", "cells", "both"])
def test_a_shapefile_half_in_gbk_and_half_in_utf_8_loses_no_row(tmp_path, read, draft, part):
    rows = estates()
    path = delivery.shapefile(tmp_path, rows)
    raw = bytearray(path.with_suffix(".dbf").read_bytes())
    for row in rows[::2] if part != "headings" else ():
        there = row.name.encode("gb18030").ljust(100)
        at = raw.index(there)
        raw[at : at + 100] = row.name.encode().ljust(100)
    if part != "cells":
        at = raw.index("小区名称".encode("gb18030"))
        raw[at : at + 11] = "小区名".encode().ljust(11, b"\0")
    path.with_suffix(".dbf").write_bytes(raw)
    (table,) = read(path).tables
    one = draft(table)
    name = next(i for i, heading in enumerate(one.decoded.headings) if heading.startswith("小区名"))
    assert [str(cell) for cell in one.decoded.columns[name]] == [row.name for row in rows]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.99])
def test_geojson_that_breaks_off_keeps_its_whole_features(tmp_path, read, draft, share):
    rows = estates()
    path = delivery.geojson(tmp_path / "a.geojson", rows)
    text = path.read_text("utf-8")
    cut = text[: int(len(text) * share)]
    path.write_text(cut, "utf-8")
    (table,) = read(path).tables
    began = cut.count('"type": "Feature"')
    assert table.read == began
    whole = [row for row in table.rows if row not in {flaw.row for flaw in table.flaws}]
    assert began - 1 <= len(whole) <= began
    assert "json.salvaged" in {note.rule for note in table.notes}
    receipt = settled(draft(table))
    assert list(receipt.accepted["name"]) == [rows[row - 1].name for row in whole]


@pytest.mark.parametrize("slip", ["{,", "'x'", "[1, }", "nul", "\\q", "\x00"])
@pytest.mark.parametrize("write", [delivery.geojson, delivery.esri_json])
def test_a_slip_in_one_feature_of_json_costs_that_feature(tmp_path, read, write, slip):
    path = write(tmp_path / "a.json", estates(5))
    text = path.read_text("utf-8")
    path.write_text(text.replace(': "财政局家属楼"', f": {slip}"), "utf-8")
    (table,) = read(path).tables
    assert [flaw.row for flaw in table.flaws] == [3]
    assert len(table.rows) == 5
    assert table.flaws[0].rule == "json.broken"
    assert sum(wkb is not None for wkb in table.wkb) == 4


def test_the_crs_of_a_damaged_file_is_still_its_claim(tmp_path, read):
    path = delivery.geojson(tmp_path / "a.geojson", estates(3))
    crs = '{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4544"}},'
    text = path.read_text("utf-8").replace('{"type": "FeatureCollection",', crs)
    path.write_text(text[:-30], "utf-8")
    assert read(path).tables[0].crs == "urn:ogc:def:crs:EPSG::4544"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_kml_that_breaks_off_keeps_its_whole_placemarks(tmp_path, read, share):
    text = delivery.kml(estates())
    cut = text[: int(len(text) * share)]
    (tmp_path / "a.kml").write_text(cut, "utf-8")
    tables = read(tmp_path / "a.kml").tables
    assert sum(len(table.rows) for table in tables) == cut.count("</Placemark>")
    assert [flaw.rule for flaw in tables[-1].lost] == ["layer.cut"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("A&B 小区", "A&B 小区"),
        ("A &amp; B", "A & B"),
        ("&#20845; &x", "六 &x"),
        ("a\x07b", "a\ufffdb"),
        ("甲&nbsp;乙", "甲&nbsp;乙"),
    ],
)
def test_a_slip_in_the_name_of_a_placemark_costs_no_other_row(tmp_path, read, name, expected):
    text = delivery.kml(estates(4)).replace("建行南苑", name)
    (tmp_path / "a.kml").write_text(text, "utf-8")
    tables = read(tmp_path / "a.kml").tables
    names = [
        cell for table in tables for f in table.fields if f.heading == "name" for cell in f.cells
    ]
    assert expected in names
    assert sum(table.read for table in tables) == 4


def survey(path, sheets=1):
    """Write a workbook of six estates on each sheet."""
    book = openpyxl.Workbook()
    for number in range(sheets):
        sheet = book.active if number == 0 else book.create_sheet(f"表{number + 1}")
        sheet.append(["estate_id", "小区名称", "户数"])
        for row in estates(6):
            sheet.append([row.key, row.name, row.households])
    book.save(path)
    return path


# What is written into the cell of the households of the second row, 53, in row 3 of the sheet.
DAMAGED_CELLS = {
    "text for a number": (b"<v>53</v>", b"<v>abc</v>"),
    "a style that does not exist": (b'<c r="C3"', b'<c r="C3" s="999"'),
    "a column that does not exist": (b'<c r="B3"', b'<c r="BBBBBBB3"'),
    "a tag that never ends": (b"<v>53</v>", b"<v>53<v>"),
    "a string that does not exist": (b'<c r="C3" t="n"><v>53</v>', b'<c r="C3" t="s"><v>99999</v>'),
}


@pytest.mark.parametrize("name", DAMAGED_CELLS)
def test_a_damaged_cell_of_a_workbook_costs_its_own_row(tmp_path, read, name):
    old, new = DAMAGED_CELLS[name]
    path = rewritten(survey(tmp_path / "a.xlsx"), lambda raw: raw.replace(old, new))
    (table,) = read(path).tables
    assert table.read == 6
    named = {flaw.row for flaw in (*table.flaws, *table.lost)}
    assert named == {3}
    assert [f.cells[0] for f in table.fields] == ["LT-01", "利水南苑", 36]


@pytest.mark.parametrize("sign", ["&#xD800;", "&#55296;", "\x0b", "&#0;", "\ufffe", "&#x110000;"])
def test_a_sign_that_is_none_costs_its_own_row_of_a_workbook(tmp_path, read, draft, sign):
    path = rewritten(
        survey(tmp_path / "a.xlsx"),
        lambda raw: raw.replace("药材".encode("ascii", "xmlcharrefreplace"), sign.encode()),
    )
    one = draft(read(path).tables[0])
    assert set(one.decoded.faults) == {1}
    assert one.decoded.faults[1][0] == "text.destroyed"


@pytest.mark.parametrize("sign", ["&#xD800;", "&#55296;", "&#0;"])
def test_a_sign_that_is_none_costs_its_own_placemark(tmp_path, read, sign):
    text = delivery.kml(estates(4)).replace("建行", sign)
    (tmp_path / "a.kml").write_text(text, "utf-8")
    names = [
        c
        for t in read(tmp_path / "a.kml").tables
        for f in t.fields
        if f.heading == "name"
        for c in f.cells
    ]
    assert len(names) == 4
    assert "\ufffd南苑" in names


def test_a_sheet_that_breaks_off_keeps_its_whole_rows(tmp_path, read):
    path = rewritten(survey(tmp_path / "a.xlsx"), lambda raw: raw[: raw.index(b'<c r="B5"') + 20])
    (table,) = read(path).tables
    assert list(table.rows) == [2, 3, 4]
    assert [(flaw.row, flaw.rule) for flaw in table.lost] == [(5, "layer.cut")]


def test_a_sheet_that_is_damaged_costs_no_other_sheet(tmp_path, read):
    path = survey(tmp_path / "a.xlsx", sheets=3)
    rewritten(path, lambda _: b"<worksheet><nothing", "xl/worksheets/sheet2.xml")
    reading = read(path)
    assert [(table.name, len(table.rows)) for table in reading.tables] == [("Sheet", 6), ("表3", 6)]
    assert [one.rule for one in reading.refused] == ["workbook.sheet"]


def test_a_sheet_of_an_old_workbook_that_is_damaged_costs_no_other_sheet(tmp_path, read):
    book = xlwt.Workbook(encoding="utf-8")
    for name in ("甲", "乙", "丙"):
        sheet = book.add_sheet(name)
        for row, cells in enumerate([["小区名称", "户数"], ["朝阳小区", 12], ["胜利花园", 34]]):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
    book.save(str(tmp_path / "a.xls"))
    raw = bytearray((tmp_path / "a.xls").read_bytes())
    # The second sheet begins with the third record BOF (0809): its sheet type becomes a length.
    starts = [at for at in range(len(raw) - 4) if raw[at : at + 4] == b"\x09\x08\x10\x00"]
    raw[starts[2] + 20 : starts[2] + 24] = b"\x0d\x00\xff\x1f"
    (tmp_path / "a.xls").write_bytes(raw)
    reading = read(tmp_path / "a.xls")
    assert [table.name for table in reading.tables] == ["甲", "丙"]
    assert [(one.member, one.rule) for one in reading.refused] == [("a.xls/乙", "workbook.sheet")]


@pytest.mark.parametrize("far", [1e16, 1e200, 1e305, 1.7e308])
def test_an_outline_that_damage_made_larger_than_any_place_stays_one_row(far):
    """On the grid its numbers are infinite, of which nothing more can be computed."""
    huge = shapely.Polygon([(0, 0), (far, 0), (far, far), (0, 1)])
    wide = shapely.Polygon([(-far, 0), (far, 0), (far, 1), (-far, 1)])
    found = on_grid(np.array([huge, wide, RECT, None], dtype=object))
    assert found[2] == RECT
    assert found[3] is None


@pytest.mark.parametrize("number", [1e15, 1e300, 1e307, 1.7e308, -1.7e308])
def test_a_number_larger_than_any_place_costs_its_own_row(number):
    shapes = on_grid(np.array([shapely.Point(number, number), RECT], dtype=object))
    assert shapes[1].equals(RECT)
    assert is_on_grid(shapes)[1]
    assert is_outside(shapes, delivery.PLACE).tolist() == [True, False]


def test_ends_of_a_full_circle_that_nearly_meet_make_a_circle():
    arc = np.array([(1000.0, 0.0), (-1000.0, 0.0), (1000.0, 1e-9)])
    assert shapely.Polygon(curves.flattened_arc(arc, 0.01)).area == pytest.approx(DISC, rel=1e-4)


def outlines_of(reading):
    """Return the outlines of a drawing's buildings as sets of corners."""
    tables = [table for table in reading.tables if table.name == "建筑 · 面"]
    found = [shapely.from_wkb(wkb) for table in tables for wkb in table.wkb]
    return [shapely.normalize(one) for one in found]


def drawing_of(path, version):
    rows = estates()
    raw = drawing(path, rows, version)
    start = raw.index(b"ENTITIES")
    return raw, start, raw.index(b"ENDSEC", start), [shapely.normalize(r.outline) for r in rows]


@pytest.mark.parametrize("share", [0.2, 0.4, 0.6, 0.8, 0.99])
@pytest.mark.parametrize("version", ["R12", "R2000", "R2018"])
def test_a_drawing_that_breaks_off_keeps_what_was_drawn_before(tmp_path, read, version, share):
    raw, start, end, truth = drawing_of(tmp_path / "a.dxf", version)
    (tmp_path / "a.dxf").write_bytes(raw[: start + int((end - start) * share)])
    reading = read(tmp_path / "a.dxf")
    found = outlines_of(reading)
    assert all(any(one.equals_exact(other, 1e-6) for other in truth) for one in found)
    assert len(found) >= int(share * len(truth)) - 1
    assert [one.rule for one in reading.refused] == ["dxf.damaged"]


@pytest.mark.parametrize("slip", [b"\nxx", b"\n 10", b"\n0", b"\n  0\nCIRCLE\n 40\nabc"])
@pytest.mark.parametrize("version", ["R12", "R2000", "R2018"])
def test_a_slip_in_a_drawing_costs_the_entity_that_has_it(tmp_path, read, version, slip):
    raw, start, end, truth = drawing_of(tmp_path / "a.dxf", version)
    # Behind the second corner of the outline in the middle of the drawing.
    outline = raw.index(b"POLYLINE", (start + end) // 2)
    corner = raw.index(b"\n 20", raw.index(b"\n 20", outline) + 4)
    (tmp_path / "a.dxf").write_bytes(raw[:corner] + slip + raw[corner:])
    reading = read(tmp_path / "a.dxf")
    found = outlines_of(reading)
    assert all(any(one.equals_exact(other, 1e-6) for other in truth) for one in found)
    assert len(found) == len(truth) - 1
    assert {one.rule for one in reading.refused} == {"dxf.damaged"}
