"""DGN drawings: levels are asked about, texts name outlines, damage is said."""

import pytest
import shapely

from intake.acceptance import accept
from intake.delivery import Delivery
from intake.request import ImportRequest, undecided
from intake.sentences import explained
from tests.unit.intake import dgn, known
from tests.unit.intake.delivery import columns, estates


def outlines(rows, level=3):
    """Return the outlines of estates on a level, their names in GBK on another."""
    shapes = [(row.outline, level, None) for row in rows]
    return shapes + [(row.outline.centroid, 7, row.name.encode("gb18030")) for row in rows]


def by_name(reading):
    return {table.name: table for table in reading.tables}


@pytest.mark.parametrize("is_3d", [False, True])
def test_a_drawing_is_a_table_for_each_level_and_kind(tmp_path, read, is_3d):
    rows = estates()
    road = shapely.LineString([(604_500, 4_206_000), (604_600, 4_206_000), (604_600, 4_206_050)])
    well = shapely.Point(604_510, 4_206_010)
    elements = [*outlines(rows), (road, 5, None), (well, 9, None)]
    tables = by_name(read(dgn.drawing(tmp_path / "a.dgn", elements, is_3d=is_3d)))
    assert set(tables) == {"Level 3 · 面", "Level 7 · 点", "Level 5 · 线", "Level 9 · 点"}
    assert [len(one.rows) for one in tables.values()] == [len(rows), 1, len(rows), 1]
    assert {table.crs for table in tables.values()} == {""}
    assert {one.format for one in tables.values()} == {"dgn"}
    assert shapely.from_wkb(tables["Level 9 · 点"].wkb[0]).equals_exact(well, 0.001)
    texts = columns(tables["Level 3 · 面"])["text"]
    assert texts == [row.name.encode("gb18030") for row in rows]


def test_estates_of_a_drawing_are_accepted_with_the_names_inside(tmp_path, read, draft):
    rows = estates()
    table = by_name(read(dgn.drawing(tmp_path / "a.dgn", outlines(rows))))["Level 3 · 面"]
    one = draft(table).choose("crs", "EPSG:4544").choose("column:name", "text")
    if "encoding" in known.asked(one):
        assert {"gb18030"} <= {c.value for c in one.proposal("encoding").candidates}
        one = one.choose("encoding", "gb18030")
    receipt = accept(one)
    assert receipt.quarantined == ()
    found = receipt.accepted.set_index("name").geometry
    for row in rows:
        assert found[row.name].symmetric_difference(row.outline).area < 0.01 * row.outline.length


def test_levels_are_asked_about_and_the_reference_once(tmp_path, read):
    house = shapely.box(604_500, 4_206_300, 604_520, 4_206_320)
    elements = [*outlines(estates(3)), (house, 4, None)]
    reading = read(dgn.drawing(tmp_path / "a.dgn", elements))
    names = {one.name for one in undecided(reading, ImportRequest("2023-04-01", "estates"))}
    assert names == {"Level 3 · 面", "Level 4 · 面"}
    wanted = {0: "estates", 1: "buildings"}
    delivery = Delivery.of(reading, known.district(), "2023-05-01", wanted=wanted)
    assert [q.step for q in delivery.questions].count("crs") == 1


@pytest.mark.parametrize("at", [1, 5, -1])
def test_a_drawing_that_breaks_off_is_said(tmp_path, read, at):
    path = dgn.drawing(tmp_path / "a.dgn", outlines(estates()))
    raw = path.read_bytes()
    path.write_bytes(raw[: raw.index(estates()[at].name.encode("gb18030")) + 2])
    reading = read(path)
    assert reading.tables
    assert [flaw.rule for table in reading.tables for flaw in table.lost] == ["layer.cut"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "v8.dgn"),
        (b"\x08\x05\x17\x00" + bytes(600), "cells.dgn"),
    ],
)
def test_another_version_or_a_library_of_cells_names_the_way_out(tmp_path, read, content, name):
    (tmp_path / name).write_bytes(content)
    (refusal,) = read(tmp_path / name).refused
    assert "V7" in explained(refusal.rule).zh
    assert "DXF" in explained(refusal.rule).en


def test_a_drawing_called_otherwise_is_not_opened(tmp_path, read):
    path = dgn.drawing(tmp_path / "a.dgn", outlines(estates(1)))
    path.rename(tmp_path / "a.dxf")
    (refusal,) = read(tmp_path / "a.dxf").refused
    assert refusal.rule == "refused.mislabelled"
