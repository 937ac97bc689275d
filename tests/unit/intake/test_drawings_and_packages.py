# ruff: noqa: E501 - files are written out as they arrive
"""DXF, FlatGeobuf, file geodatabases and archives."""

import ezdxf
import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from intake.acceptance import accept
from tests.unit.intake.delivery import HEADINGS, NAMES, estates, shapefile, zipped


def frame(rows, crs="EPSG:4544"):
    columns = zip(*((r.key, r.name, r.households, r.area) for r in rows), strict=True)
    found = gpd.GeoDataFrame(
        dict(zip(HEADINGS, columns, strict=True)), geometry=[r.outline for r in rows], crs=crs
    )
    return found.astype({"户数": "int32"})


def drawing(path, rows, *, version="R2010", gap=0.0, close=False, layer="小区红线"):
    """Draw each estate as a polyline whose ends are `gap` metres apart, its name inside."""
    document = ezdxf.new(version)
    document.layers.add(layer)
    space = document.modelspace()
    for row in rows:
        points = np.asarray(row.outline.exterior.coords)[:-1, :2].tolist()
        if not close:
            end = points[0] if gap == 0 else [points[0][0] + gap, points[0][1]]
            points.append(end)
        if version == "R12":
            space.add_polyline2d(points, dxfattribs={"layer": layer}, close=close)
        else:
            space.add_lwpolyline(points, dxfattribs={"layer": layer}, close=close)
        space.add_text(
            row.name, dxfattribs={"layer": "注记", "insert": row.outline.centroid.coords[0]}
        )
    document.saveas(path)
    return path


@pytest.mark.parametrize("version", ["R12", "R2000", "R2004", "R2007", "R2010", "R2018"])
@pytest.mark.parametrize(("gap", "close"), [(0.0, True), (0.0, False), (0.05, False)])
def test_outlines_of_a_drawing_become_estates_with_the_name_inside(
    tmp_path, read, draft, version, gap, close
):
    rows = estates()
    reading = read(drawing(tmp_path / "红线.dxf", rows, version=version, gap=gap, close=close))
    tables = {table.name: table for table in reading.tables}
    assert set(tables) == {"小区红线 · 面", "注记 · 点"}
    outlines = tables["小区红线 · 面"]
    one = draft(outlines).choose("column:name", "text").choose("crs", "EPSG:4544")
    receipt = accept(one)
    assert receipt.quarantined == ()
    assert set(receipt.accepted["name"]) == set(NAMES)
    assert len(receipt.repairs) == (len(rows) if gap else 0)
    areas = receipt.accepted.set_index("name").geometry.area
    for row in rows:
        assert areas[row.name] == pytest.approx(row.outline.area, abs=0.01 + gap * 80)


@pytest.mark.parametrize("gap", [0.2, 1.0, 30.0])
def test_a_polyline_with_a_wider_gap_stays_a_line(tmp_path, read, gap):
    reading = read(drawing(tmp_path / "a.dxf", estates(3), gap=gap))
    assert {table.name for table in reading.tables} == {"小区红线 · 线", "注记 · 点"}
    assert any(
        note.rule == "dxf.closing" and note.detail == "0.1" for note in reading.tables[0].notes
    )


def test_the_closing_tolerance_can_be_chosen(tmp_path, read):
    from intake.sandbox import ReadOptions  # noqa: PLC0415

    path = drawing(tmp_path / "a.dxf", estates(3), gap=0.4)
    reading = read(path, options=ReadOptions(closing_m=0.5))
    assert "小区红线 · 面" in {table.name for table in reading.tables}


def test_blocks_are_taken_apart_where_they_stand_and_circles_become_outlines(tmp_path, read):
    document = ezdxf.new("R2010")
    block = document.blocks.new("树")
    block.add_circle((0, 0), 2.0, dxfattribs={"layer": "树木"})
    document.modelspace().add_blockref(
        "树", (604_500, 4_206_000), dxfattribs={"xscale": 2, "yscale": 2, "zscale": 2}
    )
    document.saveas(tmp_path / "a.dxf")
    table, places = read(tmp_path / "a.dxf").tables
    outline = shapely.from_wkb(table.wkb[0])
    # A circle of radius 4 about the insertion point, flattened to a centimetre.
    assert outline.centroid.coords[0] == pytest.approx((604_500, 4_206_000), abs=0.001)
    assert outline.area == pytest.approx(np.pi * 16, rel=0.01)
    assert table.fields[2].cells == ("树",)
    # Where the block stands is a point of its own, under its name.
    assert places.name == "0 · 图块"
    assert shapely.from_wkb(places.wkb[0]).coords[0] == (604_500, 4_206_000)
    assert places.fields[2].cells == ("树",)


def test_what_a_block_draws_on_layer_0_lies_on_the_layer_it_was_put_on(tmp_path, read):
    drawing = ezdxf.new("R2010")
    inner = drawing.blocks.new("内")
    inner.add_lwpolyline([(0, 0), (50, 0), (50, 40), (0, 40)], close=True)
    inner.add_lwpolyline([(0, 0), (9, 0)], dxfattribs={"layer": "标注线"})
    drawing.blocks.new("外").add_blockref("内", (10, 10))
    drawing.modelspace().add_blockref("外", (604_500, 4_206_000), dxfattribs={"layer": "小区红线"})
    drawing.modelspace().add_lwpolyline([(0, 0), (5, 0), (5, 5)], close=True)  # layer 0 itself
    drawing.saveas(tmp_path / "a.dxf")
    found = {
        table.name: shapely.from_wkb(table.wkb[0]).bounds[:2]
        for table in read(tmp_path / "a.dxf").tables
        if "图块" not in table.name
    }
    assert found == {
        "0 · 面": (0, 0),
        "小区红线 · 面": (604_510, 4_206_010),
        "标注线 · 线": (604_510, 4_206_010),
    }


def test_a_drawing_in_millimetres_fits_nowhere_and_is_told_so(tmp_path, read, draft):
    drawing = ezdxf.new("R2010")
    for row in estates(3):
        corners = np.asarray(row.outline.exterior.coords) * 1000
        drawing.modelspace().add_lwpolyline(corners.tolist(), close=True)
    drawing.saveas(tmp_path / "a.dxf")
    (table,) = read(tmp_path / "a.dxf").tables
    proposal = draft(table).proposal("crs")
    assert proposal.chosen is None
    assert proposal.candidates == ()
    assert "毫米" in proposal.question.zh


def test_what_a_drawing_holds_besides_is_named(tmp_path, read):
    document = ezdxf.new("R2010")
    space = document.modelspace()
    space.add_point((1, 1))
    space.add_hatch().paths.add_polyline_path([(0, 0), (1, 0), (1, 1)])
    space.add_aligned_dim((0, 0), (1, 0), 1).render()
    document.saveas(tmp_path / "a.dxf")
    notes = {
        note.detail
        for note in read(tmp_path / "a.dxf").tables[0].notes
        if note.rule == "dxf.skipped"
    }
    assert "HATCH × 1" in notes
    assert "DIMENSION × 1" in notes


def test_a_drawing_of_nothing_that_is_taken_says_what_it_holds(tmp_path, read):
    document = ezdxf.new("R2010")
    document.modelspace().add_hatch().paths.add_polyline_path([(0, 0), (1, 0), (1, 1)])
    document.saveas(tmp_path / "a.dxf")
    reading = read(tmp_path / "a.dxf")
    assert reading.tables == ()
    assert [(one.rule, one.detail) for one in reading.refused] == [("table.none", "HATCH × 1")]


def test_a_drawing_of_gbk_texts_keeps_its_names(tmp_path, read):
    rows = estates()
    path = drawing(tmp_path / "a.dxf", rows, version="R2000", close=True)
    data = path.read_bytes()
    if "朝阳小区".encode("gb18030") not in data:  # ezdxf writes escapes; CAD programs write GBK
        text = data.decode("cp1252")
        text = text.replace("ANSI_1252", "ANSI_936")
        for name in (*NAMES, "小区红线", "注记"):
            escaped = "".join(f"\\U+{ord(sign):04X}" for sign in name)
            text = text.replace(escaped, name.encode("gb18030").decode("latin-1"))
        path.write_bytes(text.encode("latin-1"))
    names = {
        name
        for table in read(path).tables
        for name in next(f for f in table.fields if f.heading == "text").cells
    }
    assert names >= set(NAMES)


@pytest.mark.parametrize("epsg", [4544, 4490, 4523])
def test_flatgeobuf_is_read_with_its_declared_crs(tmp_path, read, draft, epsg):
    rows = estates()
    pyogrio.write_dataframe(frame(rows).to_crs(epsg), tmp_path / "小区.fgb", driver="FlatGeobuf")
    (table,) = read(tmp_path / "小区.fgb").tables
    one = draft(table)
    assert one.proposal("crs").candidates[0].value == f"EPSG:{epsg}"
    receipt = accept(one.choose("crs", f"EPSG:{epsg}"))
    assert set(receipt.accepted["name"]) == set(NAMES)
    assert receipt.quarantined == ()


def test_a_cut_flatgeobuf_loses_no_row_silently(tmp_path, read):
    pyogrio.write_dataframe(frame(estates()), tmp_path / "a.fgb", driver="FlatGeobuf")
    data = (tmp_path / "a.fgb").read_bytes()
    for part in (0.5, 0.7, 0.9):
        (tmp_path / "a.fgb").write_bytes(data[: int(len(data) * part)])
        reading = read(tmp_path / "a.fgb")
        told = [flaw.rule for table in reading.tables for flaw in table.lost]
        told += [refusal.rule for refusal in reading.refused]
        assert told
        assert sum(table.read for table in reading.tables) in (0, 1, 12)


@pytest.mark.parametrize("inner", ["普查.gdb", "资料/普查.gdb"])
def test_a_zipped_geodatabase_is_read_layer_by_layer(tmp_path, read, draft, inner):
    rows = estates()
    folder = tmp_path / "x.gdb"
    pyogrio.write_dataframe(frame(rows[:7]), folder, layer="一期", driver="OpenFileGDB")
    pyogrio.write_dataframe(
        frame(rows[7:]), folder, layer="二期", driver="OpenFileGDB", append=True
    )
    members = {f"{inner}/{file.name}": file.read_bytes() for file in folder.iterdir()}
    reading = read(zipped(tmp_path / "普查.gdb.zip", members))
    assert reading.refused == ()
    assert {table.name: table.read for table in reading.tables} == {"一期": 7, "二期": 5}
    receipt = accept(draft(reading.tables[0]).choose("crs", "EPSG:4544"))
    assert receipt.accepted["name"].tolist() == [row.name for row in rows[:7]]


def test_an_archive_of_many_things_is_sorted_out(tmp_path, read):
    path = shapefile(tmp_path, estates(3))
    members = {f"交付/小区{e}": path.with_suffix(e).read_bytes() for e in (".shp", ".shx", ".dbf")}
    members |= {
        "交付/小区.sbn": b"x", "交付/小区.shp.xml": b"<a/>", "交付/总图.dwg": b"AC1027", "__MACOSX/._a": b"x",
        "交付/.DS_Store": b"x", "交付/表.csv": "编号,名称\n1,甲\n".encode("gb18030"), "交付/孤儿.prj": b"x",
    }  # fmt: skip
    reading = read(zipped(tmp_path / "a.zip", members))
    assert [table.name for table in reading.tables] == ["小区", "表"]
    assert {r.member: r.rule for r in reading.refused} == {
        "交付/总图.dwg": "refused.dwg",
        "交付/孤儿.prj": "refused.orphan",
    }
    assert len(reading.ignored) == 4


def test_wkt_in_a_table_is_geometry(tmp_path, read, draft):
    rows = estates(4)
    lines = ["编号\t名称\tWKT"] + [f"{r.key}\t{r.name}\t{r.outline.wkt}" for r in rows]
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    receipt = accept(draft(read(tmp_path / "a.csv").tables[0]).choose("crs", "EPSG:4544"))
    assert [g.area for g in receipt.accepted.geometry] == pytest.approx(
        [r.outline.area for r in rows]
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Field .* of type Integer64:RuntimeWarning")
def test_the_real_child_reads_every_format_behind_all_its_fences(tmp_path):
    from intake import sandbox  # noqa: PLC0415
    from tests.fuzz.intake_mutations import originals  # noqa: PLC0415

    (tmp_path / "sound").mkdir()
    # Six estates; a drawing has of each the outline, the name, a lamp and the circle that it is,
    # a drawing of levels the outline and the name.
    drawn = {"drawing": 24, "drawing in UTF-8": 24, "drawing of R12 in GBK": 24,
             "drawing of levels": 12}  # fmt: skip
    for kind, files in originals(tmp_path / "sound").items():
        folder = tmp_path / kind
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        reading = sandbox.read([folder / name for name in files])
        assert reading.refused == (), kind
        assert sum(table.read for table in reading.tables) == drawn.get(kind, 6), kind
        assert not any(table.lost or table.flaws for table in reading.tables), kind
