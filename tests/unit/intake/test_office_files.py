"""
Files as offices really send them: what each cell says is known by hand, no row goes missing.

The sheets are of facilities, points of which intake needs nothing but a kind and a place.
"""

import numpy as np
import openpyxl
import pytest
import shapely

from intake.acceptance import accept
from intake.coordinates import number
from tests.unit.intake import delivery
from tests.unit.intake.delivery import estates, workbook, zipped

HEADS = ("编号", "名称", "类型", "容量", "经度", "纬度")
ROWS = [
    ("F01", "甲幼儿园", "幼儿园", 120, 106.2000, 37.9800),
    ("F02", "乙药店", "药店", 30, 106.2010, 37.9810),
    ("F03", "丙公园", "公园", None, 106.2020, 37.9820),
]
FORM = ["填报单位：上桥镇人民政府", None, None, None, "填报日期：2023年4月1日", None]
UNITS = [None, None, None, "（个）", "（度）", "（度）"]


def sheets():
    """Yield (name, grid, merges): the same three facilities in ways that offices have."""
    title = ["利通区公共服务设施调查表", *[None] * 5]
    foot = [
        ["注：容量以2022年底为准", *[None] * 5],
        ["填表人：张三", None, None, "审核人：李四", None, None],
    ]
    total = ["合计", "3处", None, 150, None, None]
    yield "plain", [HEADS, *ROWS], []
    yield "title", [title, HEADS, *ROWS], ["A1:F1"]
    yield "title and the head of a form", [title, FORM, HEADS, *ROWS], ["A1:F1"]
    yield (
        "form without a merged title",
        [["附件2", *[None] * 5], title, FORM, HEADS, *ROWS, total, *foot],
        [],
    )
    yield (
        "unit in the last line of the form",
        [title, [*[None] * 4, "单位：个", None], HEADS, *ROWS],
        ["A1:F1"],
    )
    yield "units below", [HEADS, UNITS, *ROWS], []
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1"]
    upper = [*HEADS[:4], "位置", None]
    yield "two rows merged", [upper, [*[None] * 4, "经度", "纬度"], *ROWS], merged
    yield (
        "units in a third merged row",
        [upper, [*[None] * 4, "经度", "纬度"], [None, None, None, None, "°", "°"], *ROWS],
        ["A1:A3", "B1:B3", "C1:C3", "D1:D3", "E1:F1"],
    )
    yield "breaks in headings", [[f"{head[:1]}\n{head[1:]}" for head in HEADS], *ROWS], []
    yield (
        "blank rows and columns",
        [[None] * 8, [None, None, *HEADS], [None] * 8, *[[None, None, *row] for row in ROWS]],
        [],
    )
    yield (
        "totals between",
        [HEADS, *ROWS[:2], ["小计", None, None, 150, None, None], ROWS[2], total],
        [],
    )
    yield "headings again", [HEADS, *ROWS[:2], HEADS, ROWS[2]], []


@pytest.mark.parametrize(
    ("name", "grid", "merges"), [pytest.param(*one, id=one[0]) for one in sheets()]
)
def test_a_sheet_is_read_whatever_stands_around_it(tmp_path, read, draft, name, grid, merges):
    (table,) = read(workbook(tmp_path / "a.xlsx", grid, merges)).tables
    receipt = accept(draft(table, "facilities").choose("crs", "EPSG:4490"))
    assert table.read == 3, name
    assert receipt.quarantined == ()
    found = receipt.accepted.set_index("facility_id")
    assert found["name"].to_dict() == {row[0]: row[1] for row in ROWS}
    assert found["kind"].to_dict() == {"F01": "kindergarten", "F02": "pharmacy", "F03": "park"}
    assert found["capacity"].fillna(-1).to_dict() == {"F01": 120, "F02": 30, "F03": -1}


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (("Ｆ０１", "甲 幼儿园", "幼儿园", "１２０", "１０６．２", "３７．９８"), 120),
        (("F01", "甲", "幼儿园", "1,234", "106°12′00″E", "37°58′48″N"), 1234),
        (("F01", "甲", "幼儿园", "1，234", "东经106度12分", "北纬37度58分48秒"), 1234),
        (("F01", "甲", "幼儿园", " 88 ", "E106.2", "N 37.98"), 88),
        (("F01", "甲", "幼儿园", "88.0", "106,2", "37,98"), 88),
        (("F01", "甲", "幼儿园", "", "经度：106.2".removeprefix("经度："), "37.9800°"), None),
    ],
)
def test_cells_are_understood_as_offices_write_them(tmp_path, read, draft, cells, kept):
    (table,) = read(workbook(tmp_path / "a.xlsx", [HEADS, cells])).tables
    receipt = accept(draft(table, "facilities").choose("crs", "EPSG:4490"))
    assert receipt.quarantined == ()
    (row,) = receipt.accepted.to_dict("records")
    assert (None if np.isnan(row["capacity"]) else row["capacity"]) == kept
    # by hand: 12 minutes are 0.2 degrees, 58 minutes 48 seconds are 0.98
    x, y = delivery.Transformer.from_crs(4490, 4544, always_xy=True).transform(106.2, 37.98)
    assert shapely.distance(row["geometry"], shapely.Point(x, y)) < 0.001


@pytest.mark.parametrize("text", ["约120", "120左右", "12O", "一百二十", "100-120", "120?", "≥120"])
def test_a_doubtful_number_costs_its_row_and_is_told_as_it_stands(tmp_path, read, draft, text):
    grid = [HEADS, ("F01", "甲", "幼儿园", text, 106.2, 37.98), *ROWS[1:]]
    (table,) = read(workbook(tmp_path / "a.xlsx", grid)).tables
    receipt = accept(draft(table, "facilities").choose("crs", "EPSG:4490"))
    assert len(receipt.accepted) == 2
    (held,) = receipt.quarantined
    assert (held.row, repr(text) in held.reasons[0].sentence.zh) == (2, True)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("20230401", "2023-04-01"),
        (20230401, "2023-04-01"),
        ("2023.4.1", "2023-04-01"),
        ("2023年4月1日", "2023-04-01"),
        (45017, "2023-04-01"),  # day 45,017 of a spreadsheet, counted from 1899-12-30
        ("4/1/2023", None),  # of April or of January
        ("20230431", None),
    ],
)
def test_dates_are_read_where_they_can_mean_one_day_only(tmp_path, read, draft, cell, day):
    grid = [[*HEADS, "调查日期"], [*ROWS[0], cell]]
    (table,) = read(workbook(tmp_path / "a.xlsx", grid)).tables
    receipt = accept(draft(table, "facilities").choose("crs", "EPSG:4490"))
    assert receipt.accepted["source_date"].tolist() == ([day] if day else [])


def _csv(lines, separator=","):
    return "\r\n".join(separator.join(str("" if c is None else c) for c in line) for line in lines)


@pytest.mark.parametrize(
    "codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig", "gb18030"]
)
@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
@pytest.mark.parametrize("head", ["", "sep=;\r\n", "设施调查表\r\n"])
def test_a_table_of_separated_values_comes_in_whole(tmp_path, read, draft, codec, separator, head):
    (tmp_path / "a.csv").write_bytes((head + _csv([HEADS, *ROWS], separator)).encode(codec))
    (table,) = read(tmp_path / "a.csv").tables
    receipt = accept(draft(table, "facilities").choose("crs", "EPSG:4490"))
    assert table.read == 3
    assert receipt.quarantined == ()
    assert receipt.accepted["name"].tolist() == [row[1] for row in ROWS]


@pytest.mark.parametrize("where", [1, 2, 3])
def test_a_quotation_mark_never_closed_costs_one_row_not_the_rest_of_the_file(
    tmp_path, read, draft, where
):
    lines = _csv([HEADS, *ROWS]).split("\r\n")
    lines[where] = lines[where].replace(",", ',"', 1)
    (tmp_path / "a.csv").write_bytes("\r\n".join(lines).encode("gb18030"))
    (table,) = read(tmp_path / "a.csv").tables
    receipt = accept(draft(table, "facilities").choose("crs", "EPSG:4490"))
    assert table.read == 3
    assert [held.row for held in receipt.quarantined] == [where + 1]
    assert receipt.quarantined[0].reasons[0].rule == "csv.quote"
    assert len(receipt.accepted) == 2


def test_quoted_separators_and_line_ends_stay_in_their_cell(tmp_path, read, draft):
    lines = [
        HEADS,
        ("F01", '"甲,乙\r\n幼儿园"', "幼儿园", "", 106.2, 37.98),
        ("F02", '"说""好""药店"', "药店", "", 106.2, 37.98),
    ]
    (tmp_path / "a.csv").write_bytes(_csv(lines).encode())
    receipt = accept(
        draft(read(tmp_path / "a.csv").tables[0], "facilities").choose("crs", "EPSG:4490")
    )
    assert receipt.accepted["name"].tolist() == ["甲,乙\n幼儿园", '说"好"药店']


def test_what_guards_a_text_against_a_spreadsheet_is_no_part_of_it(tmp_path, read, draft):
    lines = [
        HEADS,
        ('="001"', "'=1+1", "幼儿园", "", 106.2, 37.98),
        ("'002", "'s药店", "药店", "", 106.2, 37.98),
    ]
    (tmp_path / "a.csv").write_bytes(_csv(lines).encode())
    receipt = accept(
        draft(read(tmp_path / "a.csv").tables[0], "facilities").choose("crs", "EPSG:4490")
    )
    assert receipt.accepted["facility_id"].tolist() == ["001", "002"]
    assert receipt.accepted["name"].tolist() == ["=1+1", "'s药店"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_rows_in_several_coordinate_systems_are_asked_about_apart(tmp_path, read, draft, kind):
    told = ["CGCS2000", "GCJ-02", None]
    grid = [[*HEADS, "坐标系"], *[[*row, name] for row, name in zip(ROWS, told, strict=True)]]
    if kind == "xlsx":
        path = workbook(tmp_path / "a.xlsx", grid)
    else:
        path = tmp_path / "a.csv"
        path.write_bytes(_csv(grid).encode("gb18030"))
    tables = read(path).tables
    assert [table.crs for table in tables] == ["CGCS2000", "GCJ-02", ""]
    assert [list(table.rows) for table in tables] == [[2], [3], [4]]
    firsts = [draft(t, "facilities").proposal("crs") for t in tables]
    assert [(p.chosen, p.candidates[0].value) for p in firsts] == [
        (None, "EPSG:4490"),
        (None, "GCJ-02"),
        (None, "EPSG:4490"),
    ]


def test_a_lock_file_a_readme_and_system_files_in_an_archive_cost_nothing(tmp_path, read):
    path = delivery.shapefile(tmp_path, estates(3))
    members = {f"资料/小区{e}": path.with_suffix(e).read_bytes() for e in (".shp", ".shx", ".dbf")}
    members |= {
        "资料/~$调查表.xlsx": b"\x05user",
        "资料/说明.txt": "坐标系：2000".encode("gbk"),
        "资料/字段对照.csv": b"a,b\n1,2\n",
    }
    members |= {
        "__MACOSX/._小区.shp": b"x",
        "资料/小区.shp.xml": b"<metadata/>",
        "资料/小区.qml": b"<qgis/>",
    }
    reading = read(zipped(tmp_path / "a.zip", members, codec="gbk", flag=False))
    assert reading.refused == ()
    assert [(table.name, table.read) for table in reading.tables] == [("小区", 3)]
    assert len(reading.ignored) == 6


def test_a_readme_alone_is_read_and_not_waved_through(tmp_path, read):
    reading = read(zipped(tmp_path / "a.zip", {"说明.csv": _csv([HEADS, *ROWS]).encode()}))
    assert [table.read for table in reading.tables] == [3]


def test_unset_numbers_of_a_shapefile_are_unknown_and_not_faults(tmp_path, read, draft):
    path = delivery.shapefile(tmp_path, estates(2))
    raw = bytearray(path.with_suffix(".dbf").read_bytes())
    at = 32 + 32 * 4 + 1 + 1 + 12 + 100  # header, four fields, end; mark, key, name: households
    assert raw[at : at + 8] == b"      36"
    raw[at : at + 8] = b"*" * 8
    path.with_suffix(".dbf").write_bytes(bytes(raw))
    receipt = accept(draft(read(path).tables[0]).choose("crs", "EPSG:4544"))
    assert receipt.quarantined == ()
    assert receipt.accepted["households"].isna().tolist() == [True, False]


def test_coordinates_do_not_stand_for_the_outline_of_an_estate_that_is_known(
    tmp_path, read, draft, place_with_estates
):
    rows = estates(3)
    grid = [["小区名称", "户数", "经度", "纬度"], *[[r.name, 50, 106.2, 37.98] for r in rows]]
    one = draft(read(workbook(tmp_path / "a.xlsx", grid)).tables[0], "estates", place_with_estates)
    assert one.proposal("position").chosen == "match\tname\t小区名称"
    receipt = accept(one)
    assert receipt.accepted["households"].tolist() == [50, 50, 50]
    assert receipt.accepted.geometry.area.tolist() == [r.outline.area for r in rows]


def test_a_sheet_that_says_nowhere_where_its_rows_are_is_told_what_to_do(tmp_path, read, draft):
    grid = [["小区名称", "甲", "乙"], ["户数", 100, 110], ["层数", 5, 6]]  # turned on its side
    one = draft(read(workbook(tmp_path / "a.xlsx", grid)).tables[0])
    (question,) = one.questions
    assert question.candidates == ()
    assert "经度" in question.question.zh


def test_a_code_that_is_not_known_is_told_with_the_labels_of_those_that_are(tmp_path, read, draft):
    grid = [HEADS, ("F01", "甲", "土地庙", None, 106.2, 37.98)]
    one = draft(read(workbook(tmp_path / "a.xlsx", grid)).tables[0], "facilities")
    (held,) = accept(one.choose("crs", "EPSG:4490")).quarantined
    assert "幼儿园" in held.reasons[0].sentence.zh
    assert "kindergarten" in held.reasons[0].sentence.en


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("北纬37°58′48″", 37.98),
        ("东经106度12分", 106.2),
        ("西经10.5°", -10.5),
        ("南纬 1度30分", -1.5),
        ("E:106.2", 106.2),
        ("106,2", 106.2),
        ("37,980000", 37.98),
    ],
)
def test_coordinates_with_their_side_of_the_globe_and_decimal_commas(text, degrees):
    assert number(text) == pytest.approx(degrees, abs=1e-12)


@pytest.mark.parametrize("text", ["106,200", "北纬", "东经北纬37", "37°60′", "1,06.2"])
def test_a_coordinate_that_can_mean_two_things_means_none(text):
    assert not np.isfinite(number(text)) or number(text) == 106_200  # thousands, which no degree is


def test_a_workbook_of_several_sheets_keeps_them_apart(tmp_path, read):
    book = openpyxl.Workbook()
    book.active.append(["说明"])
    for name in ("设施 一", "设施（二）"):
        sheet = book.create_sheet(name)
        for row in (HEADS, *ROWS):
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx")
    assert [(table.name, table.read) for table in reading.tables] == [
        ("设施 一", 3),
        ("设施（二）", 3),
    ]
    assert [one.rule for one in reading.ignored] == ["ignored.empty_sheet"]
