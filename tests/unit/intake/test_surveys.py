# ruff: noqa: E501, PLR0913, PLR0917 - files are written out as they arrive
"""Survey workbooks and CSV as offices write them: headings over two rows, merged cells, 合计, DMS."""

import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer

from intake.acceptance import accept
from intake.keys import GENERATE
from tests.unit.intake import delivery
from tests.unit.intake.delivery import NAMES, estates

LON, LAT = Transformer.from_crs(4544, 4490, always_xy=True).transform(
    np.array([604_500.0 + 37 * i for i in range(12)]), np.array([4_206_000.0] * 12)
)


def dms(value, signs="°′″", after=""):
    """Write degrees, minutes and seconds with four decimals: about 3 mm."""
    whole = round(value * 3600, 4)
    degrees, rest = divmod(whole, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{int(degrees)}{signs[0]}{int(minutes):02d}{signs[1]}{seconds:07.4f}{signs[2]}{after}"


def shops(count=8):
    """Return (id, kind, name, area, lon, lat) of invented facilities."""
    return [
        (f"F{i:02d}", "幼儿园", f"{NAMES[i]}幼儿园", 1088.5 + i, float(LON[i]), float(LAT[i]))
        for i in range(count)
    ]


def accepted_rows(draft, table, reference="EPSG:4490", layer="facilities"):
    one = draft(table, layer)
    if reference:
        assert reference in [candidate.value for candidate in one.proposal("crs").candidates]
        one = one.choose("crs", reference)
    receipt = accept(one)
    assert receipt.read == len(receipt.accepted) + receipt.quarantined_rows
    return receipt


HEADS = [
    ("设施编号", "设施类型", "设施名称", "建筑面积(㎡)", "经度", "纬度"),
    ("编号", "类别", "名称", "建筑面积", "东经", "北纬"),
    ("facility_id", "kind", "name", "floor_area_m2", "lon", "lat"),
    ("设施 编号", "设施\n类型", "设施名称*", "建筑面积（平方米）", "经 度", "纬 度"),
    ("编码", "种类", "名称", "建筑面积", "Longitude", "Latitude"),
]


@pytest.mark.parametrize("heads", HEADS)
def test_headings_are_known_by_their_synonyms(tmp_path, read, draft, heads):
    rows = shops()
    receipt = accepted_rows(
        draft, read(delivery.workbook(tmp_path / "a.xlsx", [heads, *rows])).tables[0]
    )
    assert receipt.quarantined == ()
    assert receipt.accepted["name"].tolist() == [row[2] for row in rows]
    assert set(receipt.accepted["kind"]) == {"kindergarten"}
    assert receipt.accepted["floor_area_m2"].tolist() == [row[3] for row in rows]
    assert receipt.accepted.geometry.x.to_numpy() == pytest.approx(
        [604_500.0 + 37 * i for i in range(8)], abs=0.001
    )


WRITINGS = {
    "decimal text": lambda v: f"{v:.8f}",
    "full-width": lambda v: f"{v:.8f}".translate(
        str.maketrans("0123456789.", "０１２３４５６７８９．")
    ),
    "signs": dms,
    "typewriter": lambda v: dms(v, "°'\""),
    "quotes": lambda v: dms(v, "°’”"),
    "words": lambda v: dms(v, "度分秒"),
    "colons": lambda v: dms(v, (":", ":", "")),
    "letters": lambda v: dms(v, "°'\"", "E" if v > 90 else "N"),
    "letters before": lambda v: ("E" if v > 90 else "N") + dms(v, "°'\""),
    "degree sign": lambda v: f"{v:.8f}°",
    "blanks": lambda v: dms(v, ("° ", "′ ", "″ ")),
}


@pytest.mark.parametrize("how", WRITINGS)
def test_coordinates_are_read_as_they_are_written(tmp_path, read, draft, how):
    rows = [(*row[:4], WRITINGS[how](row[4]), WRITINGS[how](row[5])) for row in shops()]
    receipt = accepted_rows(
        draft, read(delivery.workbook(tmp_path / "a.xlsx", [HEADS[0], *rows])).tables[0]
    )
    assert receipt.quarantined == ()
    east = receipt.accepted.geometry.x.to_numpy()
    assert east == pytest.approx([604_500.0 + 37 * i for i in range(8)], abs=0.01)


@pytest.mark.parametrize(
    "bad", ["", "见附图", "6度", "106°72′11″", "约106.2", None, "=1/0", "0", "37.98"]
)
def test_a_row_without_usable_coordinates_is_quarantined_alone(tmp_path, read, draft, bad):
    rows = [list(row) for row in shops()]
    rows[3][4] = bad
    receipt = accepted_rows(
        draft, read(delivery.workbook(tmp_path / "a.xlsx", [HEADS[0], *rows])).tables[0]
    )
    assert receipt.read == 8
    assert [one.row for one in receipt.quarantined] == [5]  # row 1 is the headings


def estate_rows():
    return [
        (row.key, row.name, row.households, f"{row.area:,.1f}", 1988 + i)
        for i, row in enumerate(estates())
    ]


def test_two_merged_rows_of_headings_a_title_units_totals_and_a_footnote(tmp_path, read, draft):
    rows = estate_rows()
    grid = [
        ["利通区2023年老旧小区普查表", *[None] * 6],
        ["编号", "小区名称", "基本情况", None, None, "坐标", None],
        [None, None, "户数", "建筑面积", "建成年份", "经度", "纬度"],
        [None, None, "(户)", "(㎡)", "(年)", None, None],
        *[[*row, float(LON[i]), float(LAT[i])] for i, row in enumerate(rows)],
        ["合计", None, sum(r[2] for r in rows), None, None, None, None],
        ["填表人：张三", *[None] * 6],
    ]
    merges = ["A1:G1", "A2:A3", "B2:B3", "C2:E2", "F2:G2"]
    table = read(delivery.workbook(tmp_path / "普查.xlsx", grid, merges)).tables[0]
    assert table.rows == range(5, 17)
    rules = {note.rule for note in table.notes}
    assert {"row.title", "row.total", "row.footnote", "row.headings"} <= rules
    receipt = accept(draft(table, "estates").choose("crs", "EPSG:4490"))
    # The estates layer wants outlines: every row is named as a point, none is lost.
    assert receipt.read == 12 == receipt.quarantined_rows
    values = dict(receipt.quarantined[0].values)
    assert values["基本情况/户数(户)"] == "36"
    assert values["基本情况/建筑面积(㎡)"] == "2,994.5"


def test_a_survey_without_coordinates_takes_the_outlines_of_estates_already_known(
    tmp_path, read, draft, place_with_estates
):
    rows = estate_rows()
    grid = [
        ["编号", "小区名称", "户数", "建筑面积", "建成年份"],
        *rows,
        ["合计", None, 1845, None, None],
    ]
    one = draft(
        read(delivery.workbook(tmp_path / "a.xlsx", grid)).tables[0], "estates", place_with_estates
    )
    assert one.proposal("position").chosen.startswith("match")
    receipt = accept(one)
    assert receipt.quarantined == ()
    accepted = receipt.accepted.set_index("estate_id")
    assert accepted["floor_area_m2"].to_dict() == {row.key: row.area for row in estates()}
    assert accepted["built_year"].tolist() == [1988 + i for i in range(12)]
    assert accepted.geometry["LT-01"].equals(estates()[0].outline)


def test_a_survey_row_of_an_unknown_estate_is_quarantined(
    tmp_path, read, draft, place_with_estates
):
    rows = [list(row) for row in estate_rows()]
    rows[2][0] = "LT-99"
    grid = [["小区编号", "小区名称", "户数", "建筑面积", "建成年份"], *rows]
    one = draft(
        read(delivery.workbook(tmp_path / "a.xlsx", grid)).tables[0], "estates", place_with_estates
    )
    key = next(c.value for c in one.proposal("position").candidates if "estate_id" in c.value)
    one = one.choose("position", key)
    assert [question.step for question in one.questions] == ["key"]  # LT-03 has its name
    receipt = accept(one.choose("key", "known"))
    (held,) = receipt.quarantined
    assert held.row == 4
    assert held.reasons[0].rule == "geometry.no_match"
    assert held.reasons[0].detail == "财政局家属楼 ↔ 财政局家属楼（LT-03）"


def test_cells_merged_down_stand_in_every_row_they_cover(tmp_path, read):
    grid = [
        ["乡镇", "小区名称", "户数"],
        ["金星镇", "利水南苑", 1],
        [None, "建行南苑", 2],
        ["胜利镇", "朝阳小区", 3],
    ]
    table = read(delivery.workbook(tmp_path / "a.xlsx", grid, ["A2:A3"])).tables[0]
    assert list(table.fields[0].cells) == ["金星镇", "金星镇", "胜利镇"]


VALUES = [
    ("户数", "1,088", 1088), ("户数", "1，088", 1088), ("户数", "216户", 216),
    ("户数", 216.0, 216), ("户数", " 36 ", 36), ("户数", "—", None), ("户数", "不详", None),
    ("户数", "", None), ("建成年份", "1998年", 1998), ("建成年份", "1998-05", 1998),
    ("建筑面积(万平方米)", 1.5, 15000.0), ("建筑面积(亩)", 3, 2000.0),
    ("估算投资(万元)", "1,200.5", 12005000.0), ("照明覆盖道路比例", "35%", 0.35),
    ("照明覆盖道路比例(%)", 35, 0.35), ("建筑面积", "18159.8㎡", 18159.8),
    ("建筑面积", "18159.8平方米", 18159.8), ("户数", "０３６", 36),
]  # fmt: skip
DOUBTFUL = [
    ("户数", "约300"), ("户数", "很多"), ("户数", "300-400"), ("户数", "1,08"), ("户数", "12.5"), ("户数", "-3"), ("户数", "无"),
    ("建成年份", "80年代"), ("建成年份", "98"), ("照明覆盖道路比例", "35"), ("建筑面积", "18159.8 18000"), ("户数", "#REF!"),
    ("建筑面积", "1.2.3"), ("户数", "True"), ("户数", "36人"),
]  # fmt: skip
COLUMNS = {
    "户数": "households",
    "建成年份": "built_year",
    "建筑面积": "floor_area_m2",
    "估算投资": "budget_yuan",
    "照明覆盖道路比例": "lit_share",
}


@pytest.mark.parametrize(("heading", "cell", "expected"), VALUES)
def test_a_cell_means_what_an_office_means(
    tmp_path, read, draft, place_with_estates, heading, cell, expected
):
    grid = [["小区编号", heading, "备注"], ["LT-01", cell, "甲"], ["LT-02", None, "乙"]]
    table = read(delivery.workbook(tmp_path / "a.xlsx", grid)).tables[0]
    one = draft(table, "estates", place_with_estates).choose("column:name", "备注")
    receipt = accept(one.choose("conflict", "key"))
    assert receipt.quarantined == ()
    got = receipt.accepted.set_index("estate_id").loc["LT-01", COLUMNS[heading.split("(")[0]]]
    assert pd.isna(got) if expected is None else got == pytest.approx(expected)


@pytest.mark.parametrize(("heading", "cell"), DOUBTFUL)
def test_a_doubtful_cell_is_named_and_never_becomes_a_number(
    tmp_path, read, draft, place_with_estates, heading, cell
):
    grid = [["小区编号", heading, "备注"], ["LT-01", cell, "甲"], ["LT-02", None, "乙"]]
    table = read(delivery.workbook(tmp_path / "a.xlsx", grid)).tables[0]
    one = draft(table, "estates", place_with_estates).choose("column:name", "备注")
    receipt = accept(one.choose("conflict", "key"))
    assert [one.row for one in receipt.quarantined] == [2]
    assert receipt.accepted["estate_id"].tolist() == ["LT-02"]


def test_all_faults_of_a_row_are_told_at_once_with_row_column_label_found_and_expected(
    tmp_path, read, draft, place_with_estates
):
    grid = [["小区编号", "小区名称", "户数", "建成年份"], ["LT-01", "甲", "很多", 1700]]
    receipt = accept(
        draft(
            read(delivery.workbook(tmp_path / "a.xlsx", grid)).tables[0],
            "estates",
            place_with_estates,
        ).choose("conflict", "key")
    )
    faults = {reason.fault.column: reason.fault for reason in receipt.quarantined[0].reasons}
    assert set(faults) == {"households", "built_year"}
    assert (
        faults["households"].row,
        faults["households"].label_zh,
        faults["households"].found,
    ) == (2, "户数", "'很多'")
    assert faults["built_year"].expected_zh == "不小于 1900"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_in_any_encoding_and_separator(tmp_path, read, draft, encoding, separator):
    rows = shops()
    text = "\r\n".join(separator.join(f'"{c}"' for c in row) for row in [HEADS[0], *rows])
    path = tmp_path / "设施.csv"
    path.write_bytes((b"\xff\xfe" if encoding == "utf-16-le" else b"") + text.encode(encoding))
    receipt = accepted_rows(draft, read(path).tables[0])
    assert receipt.accepted["name"].tolist() == [row[2] for row in rows]
    assert receipt.quarantined == ()


def test_a_ragged_csv_row_is_held_back_and_the_others_are_taken(tmp_path, read, draft):
    rows = shops()
    lines = [",".join(map(str, row)) for row in [HEADS[0], *rows]]
    lines[4] += ",多出一列"
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join(lines).encode("gb18030"))
    receipt = accepted_rows(draft, read(path).tables[0])
    assert receipt.read == 8
    assert len(receipt.accepted) >= 1
    assert 5 in {one.row for one in receipt.quarantined} or receipt.quarantined_rows == 7


def test_xy_of_a_survey_are_northing_first_and_the_swap_is_on_offer(tmp_path, read, draft):
    rows = [(f"F{i}", "学校", f"学校{i}", 4_206_000.0 + i, 604_500.0 + i) for i in range(5)]
    grid = [("编号", "类型", "名称", "X坐标", "Y坐标"), *rows]  # surveyors write X for the northing
    one = draft(read(delivery.workbook(tmp_path / "a.xlsx", grid)).tables[0], "facilities")
    values = [c.value for c in one.proposal("crs").candidates]
    assert "EPSG:4544/yx" in values
    assert "EPSG:4544" not in values
    receipt = accept(one.choose("crs", "EPSG:4544/yx"))
    assert receipt.accepted.geometry.y.tolist() == [4_206_000.0 + i for i in range(5)]


def test_keys_are_made_up_only_where_the_file_has_none_and_are_the_same_next_time(
    tmp_path, read, draft
):
    rows = [(row[1], row[2], row[4], row[5]) for row in shops()]
    table = read(
        delivery.workbook(tmp_path / "a.xlsx", [("类型", "名称", "经度", "纬度"), *rows])
    ).tables[0]
    one = draft(table, "facilities")
    assert one.proposal("key").chosen == GENERATE
    first, second = accepted_rows(draft, table).accepted, accepted_rows(draft, table).accepted
    assert first["facility_id"].tolist() == second["facility_id"].tolist()
    assert first["facility_id"].is_unique


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!"])
def test_a_cell_that_holds_a_spreadsheet_error_is_no_value(tmp_path, read, draft, error):
    rows = [list(row) for row in shops()]
    rows[1][2] = error
    receipt = accepted_rows(
        draft, read(delivery.workbook(tmp_path / "a.xlsx", [HEADS[0], *rows])).tables[0]
    )
    assert {one.row: one.reasons[0].rule for one in receipt.quarantined} == {3: "cell.error"}


def test_a_formula_without_a_saved_value_is_named(tmp_path, read, draft):
    rows = [list(row) for row in shops()]
    rows[1][3] = "=SUM(A1:A2)"
    receipt = accepted_rows(
        draft, read(delivery.workbook(tmp_path / "a.xlsx", [HEADS[0], *rows])).tables[0]
    )
    assert {one.row: one.reasons[0].rule for one in receipt.quarantined} == {3: "cell.formula"}
