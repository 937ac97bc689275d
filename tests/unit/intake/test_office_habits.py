"""
Habits of offices that would cost data or make it wrong: what becomes of each is known by hand.

Ditto marks, units in cells, keys rounded by a spreadsheet, hidden rows, marks nobody sees, memo
fields, texts of a drawing in escapes.
"""

import ezdxf
import openpyxl
import pytest
from openpyxl.styles import Border, Side

from intake.acceptance import accept
from intake.delivery import Delivery
from layers.district import District
from tests.unit.intake import delivery
from tests.unit.intake.delivery import estates, shapefile, workbook

HEADS = ["编号", "名称", "类型", "容量", "经度", "纬度"]
ROWS = [
    ["F01", "甲幼儿园", "幼儿园", 120, 106.2, 37.98],
    ["F02", "乙药店", "药店", 30, 106.201, 37.981],
]


@pytest.fixture
def take(tmp_path, read, draft):
    """Take a sheet of facilities in; return its table and receipt."""

    def run(grid):
        (table,) = read(workbook(tmp_path / "a.xlsx", grid)).tables
        return table, accept(draft(table, "facilities").choose("crs", "EPSG:4490"))

    return run


def noted(table):
    return {note.rule: note.detail for note in table.notes}


def test_ditto_marks_stand_for_what_is_above_and_are_counted(take):
    more = [["F02", "乙", "同上", "〃", 106.201, 37.981], ["F03", "丙", "〃", 8, 106.2, 37.99]]
    table, receipt = take([HEADS, ROWS[0], *more])
    found = receipt.accepted.set_index("facility_id")
    assert found["kind"].tolist() == ["kindergarten"] * 3
    assert found["capacity"].tolist() == [120, 120, 8]
    assert noted(table)["row.ditto"] == "3, 4"


def test_a_filling_station_called_total_is_no_totals_row(take):
    total = ["合计", None, None, 150, None, None]
    table, receipt = take([HEADS, ROWS[0], ["F02", "TOTAL", "药店", 1, 106.201, 37.981], total])
    assert receipt.accepted["name"].tolist() == ["甲幼儿园", "TOTAL"]
    assert (table.read, noted(table)["row.total"]) == (2, '4: ["合计", "150"]')


def test_only_headings_under_themselves_are_headings_again(take):
    table, receipt = take([HEADS, ROWS[0], HEADS, ["名称", "类型", "编号", *[None] * 3], ROWS[1]])
    assert noted(table)["row.headings_again"].startswith("3: ")
    assert (table.read, len(receipt.accepted)) == (3, 2)
    assert [one.row for one in receipt.quarantined] == [4]


def test_the_unit_in_a_cell_goes_before_that_of_its_heading(take):
    """One 亩 is 10,000 / 15 m²."""
    heads = ["编号", "名称", "类型", "占地面积（亩）", "建筑面积", "经度", "纬度"]
    rows = [
        ["F01", "甲", "公园", "3亩", "1200㎡", 106.2, 37.98],
        ["F02", "乙", "公园", "600平方米", "0.5公顷", 106.2, 37.981],
        ["F03", "丙", "公园", 3, 5, 106.2, 37.982],
        ["F04", "丁", "公园", "3箱", 5, 106.2, 37.983],
    ]
    _, receipt = take([heads, *rows])
    found = receipt.accepted.set_index("facility_id")
    assert found["land_area_m2"].round(6).tolist() == [2000, 600, 2000]
    assert found["floor_area_m2"].tolist() == [1200, 5000, 5]
    assert receipt.quarantined[0].reasons[0].fault.found == "'3箱'"


@pytest.mark.parametrize("key", ["6.40302E+11", 6.40302001001000123e17])
def test_a_key_that_a_spreadsheet_has_rounded_is_not_taken(take, key):
    _, receipt = take([HEADS, ROWS[0], [key, *ROWS[1][1:]]])
    (held,) = receipt.quarantined
    assert (held.row, held.reasons[0].rule) == (3, "key.rounded")


def test_keys_and_codes_come_in_one_width_without_marks_that_nobody_sees(take):
    heads = ["编号", "名称", "\u200b类型", "容量", "经\u00a0度", "纬度"]
    row = ["Ｆ０１\u200f", "甲", "幼儿园\u200b", "１，２００", "１０６．２\u200b", "37.98\u00a0"]
    _, receipt = take([heads, row])
    (found,) = receipt.accepted.to_dict("records")
    assert (found["facility_id"], found["kind"], found["capacity"]) == ("F01", "kindergarten", 1200)


def test_what_is_hidden_in_a_sheet_is_read_and_said_and_a_hidden_sheet_waits(tmp_path, read):
    book = openpyxl.Workbook()
    sheet = book.active
    old = book.create_sheet("旧数据")
    for row in (HEADS, *ROWS):
        sheet.append(row)
        old.append(row)
    sheet.row_dimensions[3].hidden = sheet.column_dimensions["D"].hidden = True
    old.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx")
    first, second = reading.tables
    assert (first.read, second.read) == (2, 2)
    assert list(first.hidden) == [3]
    assert noted(first)["workbook.hidden_columns"] == "D"
    place = delivery.estates(1)
    import geopandas as gpd  # noqa: PLC0415

    frame = gpd.GeoDataFrame(
        {
            "estate_id": ["E1"],
            "name": ["甲"],
            "provenance": "surveyed",
            "source": "x",
            "source_date": "2023-04-01",
        },
        geometry=[place[0].outline],
        crs=4544,
    )
    district = District.from_frames({"estates": frame}, crs=delivery.CRS_4544, name="x")
    assert dict(Delivery.of(reading, district, "2023-04-01").wanted) == {0: "facilities"}


def test_a_sheet_drawn_down_to_its_last_row_is_as_long_as_what_is_written(tmp_path, read):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEADS, *ROWS):
        sheet.append(row)
    sheet.cell(1_048_576, 300).border = Border(left=Side("thin"))
    sheet["A4"] = "=A3"  # a row of formulas that nobody calculated is a row
    book.save(tmp_path / "a.xlsx")
    (table,) = read(tmp_path / "a.xlsx").tables
    assert list(table.rows) == [2, 3, 4]
    assert [(flaw.row, flaw.rule) for flaw in table.flaws] == [(4, "cell.formula")]


def test_control_characters_cost_their_row(tmp_path, read, draft):
    lines = [HEADS, ROWS[0], ["F02", "乙\x07店", *ROWS[1][2:]]]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(",".join(map(str, line)) for line in lines), encoding="utf-8")
    (table,) = read(path).tables
    receipt = accept(draft(table, "facilities").choose("crs", "EPSG:4490"))
    (held,) = receipt.quarantined
    assert held.reasons[0].rule == "text.control"


def test_a_memo_field_is_empty_and_its_file_says_why(tmp_path, read, draft):
    """The third byte group of a descriptor is the type; M holds the number of a block elsewhere."""
    path = shapefile(tmp_path, estates(2), cpg="GBK")
    raw = bytearray(path.with_suffix(".dbf").read_bytes())
    raw[32 + 2 * 32 + 11] = ord("M")
    path.with_suffix(".dbf").write_bytes(raw)
    path.with_suffix(".dbt").write_bytes(bytes(512))
    reading = read(list(tmp_path.iterdir()))
    assert [(one.member[-4:], one.rule) for one in reading.refused] == [(".dbt", "refused.memo")]
    receipt = accept(draft(reading.tables[0]).choose("crs", "EPSG:4544"))
    assert receipt.accepted["households"].isna().all()


def test_escapes_and_codepage_936_of_a_drawing_are_its_texts(tmp_path, read, draft):
    drawing = ezdxf.new("R2000")
    drawing.encoding = "gbk"
    space = drawing.modelspace()
    for n, text in enumerate((r"\U+5229\U+6C34\U+5357\U+82D1", r"{\fSimSun|b0;朝阳}", "镕基")):
        x = 604_500 + 200 * n
        corners = [(x, 4_206_000, 9), (x + 90, 4_206_000, 9), (x + 90, 4_206_080, 9)]
        space.add_polyline3d(corners, close=True, dxfattribs={"layer": "小区"})
        write = space.add_mtext if "{" in text else space.add_text
        write(text, dxfattribs={"layer": "小区", "insert": (x + 60, 4_206_030)})
    drawing.saveas(tmp_path / "a.dxf")
    table = next(one for one in read(tmp_path / "a.dxf").tables if one.name.endswith("面"))
    assert table.name == "小区 · 面"
    one = draft(table).choose("column:name", "text").choose("crs", "EPSG:4544")
    assert accept(one).accepted["name"].tolist() == ["利水南苑", "朝阳", "镕基"]
