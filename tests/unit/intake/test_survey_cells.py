# ruff: noqa: E501 - cells are written out as they arrive
"""Cells of a workbook as people see them: formats, merged numbers, hidden rows, tables side by side."""

import re
import zipfile

import openpyxl
import pytest

from intake.acceptance import accept
from intake.child.number_format import shown
from tests.unit.intake import delivery
from tests.unit.intake.delivery import workbook
from tests.unit.intake.known import NAMES, asked, draft

FORMATS = [
    (0.35, "0%", "35%"), (0.1234, "0.00%", "12.34%"), (1, "0%", "100%"), (0.354, "0%", "35.4%"),
    (7, "000", "007"), (12, "0000000", "0000012"), (350, '0"万元"', "350万元"), (1.25, '0.00"万㎡"', "1.25万㎡"),
    (350, '0.00_ "户"', "350户"), (6, 'General"层"', "6层"), (200, '"DN"0', "DN200"), (1998, "0年", "1998年"),
    (3.5, "0.0\\ \\㎡", "3.5㎡"), (350, "General", 350), (350, "#,##0.00", 350), (350, "¥#,##0", 350),
    (12_500, '0!.0,"万"', "1.25万"), (12_500_000, '#,##0,"千元"', "12500千元"), (3_100_000, "0!.0,", "310万"),
    (12_500, "#,##0,", "12.5千"), (12_500, "0!.0000", "1.25万"), (310_000_000, "0!.00,,", "3.1亿"), (5e6, "0,,", "5百万"),
    (65, '0"%"', "65%"), (0.65, '0.00"%"', "0.65%"), (0.35, '"约"0%', "约35%"), (310, 'G/通用格式"万元"', "310万元"),
    (310, '[>=10000]0!.0,"万元";0"元"', "310元"), (31_000, '[>=10000]0!.0,"万元";0"元"', "3.1万元"),
    (-350, '0"户";-0"户"', "-350户"), (-350, "#,##0_);(#,##0)", -350), (0, '0"户";-0"户";"—"', "—"), (-5, "0.0;-0.0", -5),
    ("裕民", '@"小区"', "裕民小区"), ("裕民", "@", "裕民"), ("裕民", '0;-0;0;"利通区"@', "利通区裕民"), ("裕民", "0.00", "裕民"),
    (True, '0"户"', True), (None, "0%", None), (7, '"E"00', "E07"), (350, ";;;", None), ("裕民", ";;;", None), (5, "[Red]0.0;[Blue]-0.0", 5),
    (5, "@", 5), (123.5, "_ * #,##0.00_ ;_ * -#,##0.00_ ", 123.5), (0.0001, "0.00E+00", 0.0001), (0.5, "# ?/?", 0.5),
    (0, "0;-0;", None), (0, "0;-0;;@", None), (7, ";;;@", None), ("裕民", ";;;@", "裕民"), (-5, "0;;", None), (-5, "0;", -5),
    (0, '[=0]"";0', None), (0, '[=0]"—";General', "—"), (6, '[=0]"—";General', 6), (0, "#,###", None), (0, "#,##0", 0),
    (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"), (0, '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ ', "-"),
    (0, '0;-0;"无"', "无"), (5, '"有"', "有"), (5, "**;**;**;**", None), (0, "General;-General;General", 0), (0, "0.0%;-0.0%;\\-", "-"),
    (0, "0_);(0)", 0), (0.0, '0.0;-0.0;"–"', "–"), (12, '0;-0;"—"', 12), (0, '#"万元"', None), ("裕民", '0;-0;0;"x"', "x"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "code", "seen"), FORMATS)
def test_a_number_is_what_its_format_shows(value, code, seen):
    assert shown(value, code) == seen


def sheet_of(tmp_path, rows, formats=()):
    """Write a sheet, with number formats by cell."""
    path = workbook(tmp_path / "a.xlsx", rows)
    book = openpyxl.load_workbook(path)
    for cell, code in dict(formats).items():
        book.active[cell].number_format = code
    book.save(path)
    return path


@pytest.mark.parametrize(
    "heading", ["照明覆盖道路比例", "照明覆盖道路比例(%)", "照明覆盖道路比例（％）"]
)
def test_a_percent_cell_is_that_share_under_any_heading(tmp_path, read, heading):
    path = sheet_of(tmp_path, [["小区名称", heading], [NAMES[0], 0.65]], {"B2": "0.0%"})
    one = draft(read(path).tables[0])
    assert asked(one) == []
    assert accept(one).accepted["lit_share"].tolist() == [0.65]


def xlsx_of(tmp_path, value, code):
    return sheet_of(tmp_path, [["小区名称", "户数"], [NAMES[0], value]], {"B2": code})


def xls_of(tmp_path, value, code):
    grid = [["小区名称", "户数"], [NAMES[0], value]]
    return delivery.xls(tmp_path / "a.xls", grid, formats={(1, 1): code})


@pytest.mark.parametrize("write", [xlsx_of, xls_of])
@pytest.mark.parametrize(
    ("value", "code", "told"),
    [(350, ";;;", "B2 350"), (0, '0;-0;"—"', "B2 0"), (0, "0;-0;;@", "B2 0")],
)
def test_what_a_format_hides_is_unknown_and_told(tmp_path, read, write, value, code, told):
    one = draft(read(write(tmp_path, value, code)).tables[0])
    assert asked(one) == []
    receipt = accept(one)
    assert receipt.accepted["households"].isna().tolist() == [True]
    assert [told in note.zh for note in receipt.notes if "格式不显示" in note.zh] == [True]


@pytest.mark.parametrize("write", [xlsx_of, xls_of])
def test_what_a_format_shows_is_not_told(tmp_path, read, write):
    receipt = accept(draft(read(write(tmp_path, 121, '0;-0;"—"')).tables[0]))
    assert receipt.accepted["households"].tolist() == [121]
    assert not [note for note in receipt.notes if "格式不显示" in note.zh]


def test_a_formula_whose_saved_value_is_not_shown_is_unknown_and_no_fault(tmp_path, read):
    path = sheet_of(tmp_path, [["小区名称", "户数"], [NAMES[0], "=100+250"]], {"B2": ";;;"})
    saved = delivery.rewritten(path, lambda data: re.sub(rb"<v ?/>|<v></v>", b"<v>350</v>", data))
    receipt = accept(draft(read(saved).tables[0]))
    assert receipt.quarantined_rows == 0
    assert receipt.accepted["households"].isna().tolist() == [True]


def test_a_unit_in_the_format_is_the_unit_of_the_cell(tmp_path, read):
    path = sheet_of(tmp_path, [["小区名称", "总投资"], [NAMES[0], 310]], {"B2": '0"万元"'})
    one = draft(read(path).tables[0])
    assert asked(one) == []
    assert accept(one).accepted["budget_yuan"].tolist() == [3.1e6]


def test_zeros_in_front_of_a_key_stay(tmp_path, read):
    path = sheet_of(tmp_path, [["小区编号", "小区名称"], [7, NAMES[0]]], {"A2": "000"})
    assert list(read(path).tables[0].fields[0].cells) == ["007"]


@pytest.mark.parametrize(
    ("unit", "area"), [("㎡", 12_100), ("（万㎡）", 1.21), ("[公顷]", 1.21), ("亩", 18.15)]
)
def test_a_row_of_units_is_that_of_its_columns(tmp_path, read, unit, area):
    rows = [["小区名称", "户数", "建筑面积"], [None, "户", unit], [NAMES[0], 121, area]]
    one = draft(read(workbook(tmp_path / "a.xlsx", rows)).tables[0])
    assert asked(one) == []
    assert accept(one).accepted["floor_area_m2"].tolist() == pytest.approx([12_100])


def test_hidden_rows_are_asked_about_and_can_be_quarantined(tmp_path, read):
    path = workbook(tmp_path / "a.xlsx", [["小区名称", "户数"], [NAMES[0], 121], [NAMES[1], 131]])
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[3].hidden = True
    book.save(path)
    one = draft(read(path).tables[0])
    assert asked(one) == ["hidden"]
    assert len(accept(one.choose("hidden", "keep")).accepted) == 2
    receipt = accept(one.choose("hidden", "quarantine"))
    assert [(held.row, held.reasons[0].rule) for held in receipt.quarantined] == [(3, "row.hidden")]


@pytest.mark.parametrize(
    ("heading", "cell", "is_shared"),
    [
        ("户数", 240, True),
        ("建筑面积", 24_000, True),
        ("总投资", "6,000,000", True),
        ("人口", 600, True),
        ("建成年代", 1990, False),
        ("照明覆盖道路比例", 0.6, False),
    ],
)
def test_a_number_merged_down_is_asked_about_where_rows_could_share_it(
    tmp_path, read, heading, cell, is_shared
):
    rows = [["小区名称", heading], [NAMES[0], cell], [NAMES[1], None]]
    one = draft(read(workbook(tmp_path / "a.xlsx", rows, ["B2:B3"])).tables[0])
    assert ("merged" in asked(one)) is is_shared


def test_a_number_set_apart_reaches_no_row_and_is_told(tmp_path, read):
    rows = [["小区名称", "户数"], [NAMES[0], 240], [NAMES[1], None], [NAMES[2], 141]]
    one = draft(read(workbook(tmp_path / "a.xlsx", rows, ["B2:B3"])).tables[0])
    receipt = accept(one.choose("merged", "apart"))
    assert receipt.accepted.set_index("estate_id")["households"].isna().tolist() == [
        True,
        True,
        False,
    ]
    assert any("户数 2–3" in note.zh for note in receipt.notes)
    each = accept(one.choose("merged", "each"))
    assert each.accepted["households"].tolist() == [240, 240, 141]


def tables_of(tmp_path, read, grid, merges=()):
    return read(workbook(tmp_path / "a.xlsx", grid, merges)).tables


def test_the_same_headings_beside_each_other_are_two_tables(tmp_path, read):
    grid = [
        ["小区一览", *[None] * 3],
        ["小区名称", "户数", "小区名称", "户数"],
        [NAMES[0], 121, NAMES[1], 131],
        [NAMES[2], 141, None, None],
    ]
    first, second = tables_of(tmp_path, read, grid, ["A1:D1"])
    assert [list(f.cells) for f in first.fields] == [[NAMES[0], NAMES[2]], [121, 141]]
    assert [list(f.cells) for f in second.fields] == [[NAMES[1]], [131]]
    assert (first.rows, second.rows) == (range(3, 5), range(3, 4))


def test_two_tables_with_an_empty_column_between_are_two_tables(tmp_path, read):
    grid = [
        ["小区名称", "户数", None, "设施名称", "设施类型"],
        [NAMES[0], 121, None, "甲幼儿园", "幼儿园"],
        [NAMES[1], 131, None, "乙药店", "药店"],
        [NAMES[2], 141, None, None, None],
    ]
    first, second = tables_of(tmp_path, read, grid)
    assert [f.heading for f in first.fields] == ["小区名称", "户数"]
    assert [f.heading for f in second.fields] == ["设施名称", "设施类型"]
    assert (first.read, second.read) == (3, 2)


def test_an_empty_column_inside_one_table_parts_nothing(tmp_path, read):
    grid = [["小区名称", "户数", None, "建筑面积", "人口"], [NAMES[0], 121, None, 12_100, 300]]
    (table,) = tables_of(tmp_path, read, grid)
    assert [f.heading for f in table.fields] == ["小区名称", "户数", "建筑面积", "人口"]


def test_a_workbook_in_strict_open_xml_is_read(tmp_path, read):
    path = workbook(tmp_path / "a.xlsx", [["小区名称", "户数"], [NAMES[0], 121]])
    strict = tmp_path / "s.xlsx"
    names = [
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    ]
    with zipfile.ZipFile(path) as usual, zipfile.ZipFile(strict, "w") as out:
        for name in usual.namelist():
            data = usual.read(name)
            for old, new in names:
                data = data.replace(old, new)
            out.writestr(name, data)
    (table,) = read(strict).tables
    assert [list(f.cells) for f in table.fields] == [[NAMES[0]], [121]]


def test_lines_around_the_table_come_with_it(tmp_path, read):
    grid = [
        ["改造计划表（单位：万元）", None, None],
        ["小区名称", "总投资", "户数"],
        [NAMES[0], 310, 121],
        ["注：面积单位为万平方米", None, None],
    ]
    (table,) = tables_of(tmp_path, read, grid, ["A1:C1"])
    assert table.remarks == ("改造计划表（单位：万元）", "注：面积单位为万平方米")
    assert accept(draft(table)).accepted["budget_yuan"].tolist() == [3.1e6]
