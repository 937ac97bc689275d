# ruff: noqa: E501 - cells are written out as they arrive
"""Text of OpenDocument cells, tables in cells, and what is struck out or raised in any workbook."""

import re

import openpyxl
import pytest
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from intake.acceptance import accept
from tests.unit.intake import delivery
from tests.unit.intake.delivery import columns, rewritten, workbook
from tests.unit.intake.known import NAMES, asked, draft
from tests.unit.intake.test_lost_whole import _MIME, _OFFICE, _cell, _row

HEADS = _row(_cell("小区名称"), _cell("户数"))
DRAW = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'


def ods(tmp_path, body, styles="", outside="", common=""):
    """Write an .ods of one sheet; `outside` stands beside it, `common` are styles of all."""
    content = (
        f'<?xml version="1.0"?><office:document-content {_OFFICE} {DRAW}><office:automatic-styles>{styles}'
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="小区">{body}</table:table>{outside}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"mimetype": _MIME, "content.xml": content.encode()}
    if common:
        shared = f"<office:document-styles {_OFFICE}><office:styles>{common}</office:styles></office:document-styles>"
        parts["styles.xml"] = shared.encode()
    return delivery.zipped(tmp_path / "a.ods", {**parts, "META-INF/manifest.xml": b"<manifest/>"})


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ('甲<text:s text:c="3"/>小区', "甲   小区"),
        ("甲<text:s/>小区", "甲 小区"),
        ("甲<text:tab/>小区", "甲\t小区"),
        ("甲<text:line-break/>小区", "甲\n小区"),
        ("甲\n   小区", "甲 小区"),
        ("<text:span>甲</text:span><text:a>小区</text:a>", "甲小区"),
        ("甲小区<office:annotation><text:p>已拆</text:p></office:annotation>", "甲小区"),
        ("甲<office:annotation-end/>小区", "甲小区"),
        ("<text:ruby><text:ruby-base>甲</text:ruby-base><text:ruby-text>jiǎ</text:ruby-text></text:ruby>小区", "甲小区"),
        ("甲小区<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>另计</text:p></text:note-body></text:note>", "甲小区"),
        ("<draw:frame><draw:text-box><text:p>图</text:p></draw:text-box></draw:frame>甲小区", "甲小区"),
        ('甲<text:s text:c="999999999"/>小区', "甲" + " " * 100 + "小区"),
        ('甲<text:s text:c="x"/>小区', "甲 小区"),
    ],
)  # fmt: skip
def test_the_text_of_a_cell_is_what_people_read_in_it(tmp_path, read, text, seen):
    (table,) = read(ods(tmp_path, HEADS + _row(_cell(text), _cell("12", "float", "12")))).tables
    assert columns(table) == {"小区名称": [seen], "户数": [12]}


@pytest.mark.parametrize(
    ("stored", "text", "seen", "told"),
    [("350", "", None, "B2 350"), ("0", "—", "—", "B2 0"), ("0", "-", "-", "B2 0"), ("0", "", None, "B2 0"), ("0", "0", 0, None), ("350", "350", 350, None)],
)  # fmt: skip
def test_a_number_that_is_not_shown_is_unknown_and_told(tmp_path, read, stored, text, seen, told):
    body = HEADS + _row(_cell(NAMES[0]), _cell(text, "float", stored))
    (table,) = read(ods(tmp_path, body)).tables
    assert columns(table) == {"小区名称": [NAMES[0]], "户数": [seen]}
    assert [one.detail for one in table.notes if one.rule == "workbook.unseen"] == (
        [told] if told else []
    )


def test_two_paragraphs_of_a_cell_are_two_lines_and_a_text_may_stand_in_an_attribute(
    tmp_path, read
):
    two = '<table:table-cell office:value-type="string"><text:p>甲</text:p><text:p>小区</text:p></table:table-cell>'
    said = '<table:table-cell office:value-type="string" office:string-value="乙小区"/>'
    rows = _row(two, _cell("1", "float", "1")) + _row(said, _cell("2", "float", "2"))
    (table,) = read(ods(tmp_path, HEADS + rows)).tables
    assert columns(table)["小区名称"] == ["甲\n小区", "乙小区"]


@pytest.mark.parametrize(
    ("value", "text", "seen"),
    [
        ("3.5", "3 1/2", 3.5), ("5", "5.00E+00", 5), ("350", "350 户", "350户"), ("7", "007", "007"),
        ("-3.5", "(3.5)", -3.5), ("1234.5", "1.234,5", 1234.5), ("0.5", "1/2", 0.5),
    ],
)  # fmt: skip
def test_a_fraction_or_a_power_of_ten_behind_digits_is_no_unit(tmp_path, read, value, text, seen):
    rows = _row(_cell("甲小区"), _cell(text, "float", value))
    (table,) = read(ods(tmp_path, HEADS + rows)).tables
    assert columns(table)["户数"] == [seen]


INNER = (
    '<table:table table:name="内" table:is-sub-table="true"><table:table-column/>'
    + _row(_cell("小区名称"), _cell("户数"))
    + _row(_cell("丙小区"), _cell("9", "float", "9"))
    + "</table:table>"
)


@pytest.mark.parametrize("depth", [1, 2])
def test_a_table_in_a_cell_is_named_and_the_outer_table_is_read(tmp_path, read, depth):
    inner = INNER
    for _ in range(depth - 1):
        inner = INNER.replace(_cell("丙小区"), f"<table:table-cell>{inner}</table:table-cell>")
    nested = _row(_cell("甲小区"), f"<table:table-cell>{inner}</table:table-cell>")
    path = ods(tmp_path, HEADS + nested + _row(_cell("乙小区"), _cell("12", "float", "12")))
    (table,) = read(path).tables
    assert columns(table) == {"小区名称": ["甲小区", "乙小区"], "户数": [None, 12]}
    assert [one.detail for one in table.notes if one.rule == "workbook.nested"] == ["2"]


def test_a_copy_of_another_programs_table_is_no_sheet(tmp_path, read):
    link = f"<table:dde-links><table:dde-link>{INNER}</table:dde-link></table:dde-links>"
    row = _row(_cell("甲小区"), _cell("12", "float", "12"))
    tables = read(ods(tmp_path, HEADS + row, outside=link)).tables
    assert [columns(table) for table in tables] == [{"小区名称": ["甲小区"], "户数": [12]}]


STRUCK = (
    '<style:style style:name="T1" style:family="text"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="T2" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>'
    '<style:style style:name="T3" style:family="text"><style:text-properties style:text-line-through-style="none"/></style:style>'
)


@pytest.mark.parametrize(
    ("cell", "is_struck", "seen"),
    [
        (_cell('<text:span text:style-name="T1">120</text:span>131'), True, "120131"),
        (_cell("120", "float", "120", 'table:style-name="T1"'), True, 120),
        (_cell("120", "float", "120", 'table:style-name="T3"'), False, 120),
        (_cell('120<text:span text:style-name="T2">1</text:span>'), False, "120¹"),
        (_cell('<text:span text:style-name="T3">120</text:span>'), False, "120"),
    ],
)
def test_what_is_struck_out_in_an_open_document_costs_its_row(
    tmp_path, read, cell, is_struck, seen
):
    path = ods(tmp_path, HEADS + _row(_cell("甲小区"), cell), STRUCK)
    (table,) = read(path).tables
    assert columns(table)["户数"] == [seen]
    assert [flaw.rule for flaw in table.flaws] == ["cell.struck"] * is_struck


PLAIN = "<table:table-column/>"
VOID = '<table:table-column table:default-cell-style-name="T1"/>'
TWO_VOID = VOID.replace("/>", ' table:number-columns-repeated="2"/>')
NUMBER = _cell("120", "float", "120")
MADE_OF = '<style:style style:name="T4" style:family="table-cell" style:parent-style-name="T1"/>'
LIVE = _cell("120", "float", "120", 'table:style-name="T3"')
BLANK = "<table:table-cell/>"


@pytest.mark.parametrize(
    ("sheet", "is_struck"),
    [
        ((PLAIN + VOID, [_cell("甲小区"), NUMBER], ""), True),
        ((TWO_VOID, [_cell("甲小区"), NUMBER], ""), True),
        ((VOID + PLAIN, [_cell("甲小区", more='table:style-name="T3"'), NUMBER], ""), False),
        ((PLAIN + VOID, [_cell("甲小区"), LIVE], ""), False),
        ((PLAIN + VOID, [_cell("甲小区"), BLANK], ""), False),
        ((PLAIN * 2, [_cell("甲小区"), NUMBER], 'table:default-cell-style-name="T1"'), True),
        ((TWO_VOID, [_cell("甲小区"), NUMBER], 'table:default-cell-style-name="T3"'), False),
        ((PLAIN, [_cell("甲小区"), _cell("1", "float", "1", 'table:style-name="T4"')], ""), True),
        ((PLAIN, [_cell("甲小区"), BLANK.replace("/>", ' table:style-name="T1"/>')], ""), False),
        ((PLAIN * 2 + VOID, [_cell("甲小区"), NUMBER], ""), False),
    ],
)
@pytest.mark.parametrize("is_common", [False, True])
def test_a_cell_has_the_line_of_its_style_else_of_its_row_else_of_its_column(
    tmp_path, read, sheet, is_struck, is_common
):
    columns_of, cells, of_row = sheet
    heads = columns_of + _row(_cell("小区名称"), _cell("户数"))
    more = {"common": STRUCK + MADE_OF} if is_common else {"styles": STRUCK + MADE_OF}
    body = (
        heads
        + _row(*cells, more=of_row)
        + _row(_cell("乙小区", more='table:style-name="T3"'), LIVE)
    )
    (table,) = read(ods(tmp_path, body, **more)).tables
    assert [(one.row, one.rule) for one in table.flaws] == [(2, "cell.struck")] * is_struck


def test_styles_made_of_each_other_or_broken_off_cost_no_row(tmp_path, read):
    loop = (
        '<style:style style:name="A" style:family="table-cell" style:parent-style-name="B"/>'
        '<style:style style:name="B" style:family="table-cell" style:parent-style-name="A"/>'
    )
    cell = _cell("120", "float", "120", 'table:style-name="A"')
    path = ods(tmp_path, HEADS + _row(_cell("甲小区"), cell), STRUCK + loop, common="<broken>")
    (table,) = read(path).tables
    assert (columns(table)["户数"], table.flaws) == ([120], ())


def xlsx(tmp_path, second, change=lambda _: None):
    """Write a workbook of two estates, with something in the second cell of the first."""
    path = workbook(tmp_path / "a.xlsx", [["小区名称", "户数"], [NAMES[0], 120], [NAMES[1], 131]])
    book = openpyxl.load_workbook(path)
    book.active["B2"] = second
    change(book.active)
    book.save(path)
    return path


STRIKE, RAISED = InlineFont(strike=True), InlineFont(vertAlign="superscript")


@pytest.mark.parametrize(
    ("second", "change"),
    [
        (CellRichText(TextBlock(STRIKE, "120"), TextBlock(InlineFont(b=True), "131")), lambda _: None),
        (120, lambda sheet: setattr(sheet["B2"], "font", Font(strike=True))),
        (120, lambda sheet: setattr(sheet["A2"], "font", Font(strike=True))),
    ],
)  # fmt: skip
def test_what_is_struck_out_in_a_workbook_costs_its_row(tmp_path, read, second, change):
    (table,) = read(xlsx(tmp_path, second, change)).tables
    assert [(flaw.row, flaw.rule) for flaw in table.flaws] == [(2, "cell.struck")]


@pytest.mark.parametrize(
    "second",
    [CellRichText("120", TextBlock(RAISED, "1")), "120①", "120²", "①120", "120 ⑴", "120⑵"],
)
def test_the_mark_of_a_footnote_is_no_digit(tmp_path, read, second):
    (table,) = read(xlsx(tmp_path, second)).tables
    receipt = accept(draft(table))
    assert receipt.accepted["name"].tolist() == [NAMES[1]]
    assert [one.row for one in receipt.quarantined] == [2]


def test_a_raised_two_in_a_heading_is_that_of_square_metres(tmp_path, read):
    path = workbook(tmp_path / "a.xlsx", [["小区名称", "x"], [NAMES[0], 12_100]])
    book = openpyxl.load_workbook(path)
    book.active["B1"] = CellRichText("建筑面积（m", TextBlock(RAISED, "2"), "）")
    book.save(path)
    one = draft(read(path).tables[0])
    assert asked(one) == []
    assert accept(one).accepted["floor_area_m2"].tolist() == [12_100]


@pytest.mark.parametrize("text", ["_x000D_", "_x000D__x000A_", "_x200B_"])
def test_signs_that_a_workbook_escapes_are_no_part_of_a_name(tmp_path, read, text):
    path = workbook(tmp_path / "a.xlsx", [["小区名称", "户数"], [NAMES[0] + text, 121]])
    one = draft(read(path).tables[0])
    assert accept(one).accepted["estate_id"].tolist() == ["E01"]


def test_a_formula_saved_with_an_empty_text_is_an_empty_cell(tmp_path, read):
    path = xlsx(tmp_path, 120)
    empty = b'<c r="B2" t="str"><f>IF(1,"","")</f><v></v></c>'
    path = rewritten(path, lambda raw: re.sub(rb'<c r="B2".*?</c>', empty, raw))
    (table,) = read(path).tables
    assert (columns(table)["户数"], table.flaws) == ([None, 131], ())


def test_rows_and_columns_of_no_height_are_hidden_and_ranges_named_whole(tmp_path, read):
    path = workbook(tmp_path / "a.xlsx", [["小区名称", "户数", "甲", "乙"], [NAMES[0], 120, 1, 2]])
    path = rewritten(
        path,
        lambda raw: raw.replace(b"<sheetData>", b'<cols><col min="3" max="16384" width="0" customWidth="1"/></cols><sheetData>').replace(b'<row r="2"', b'<row r="2" ht="0" customHeight="1"'),
    )  # fmt: skip
    (table,) = read(path).tables
    assert table.hidden == (2,)
    assert [n.detail for n in table.notes if n.rule == "workbook.hidden_columns"] == ["C, D"]


def test_what_is_struck_out_or_raised_in_an_old_workbook_is_seen(tmp_path, read):
    book = xlwt.Workbook()
    sheet = book.add_sheet("普查表")
    for at, heading in enumerate(("小区名称", "户数")):
        sheet.write(0, at, heading)
    struck, high = xlwt.Font(), xlwt.Font()
    struck.struck_out = True
    high.escapement = xlwt.Font.ESCAPEMENT_SUPERSCRIPT
    for row, name in enumerate(NAMES[:3], 1):
        sheet.write(row, 0, name)
    sheet.write(1, 1, 120, xlwt.easyxf("font: struck_out on"))
    sheet.write_rich_text(2, 1, [("120", struck), "131"])
    sheet.write_rich_text(3, 1, ["120", ("1", high)])
    book.save(str(tmp_path / "a.xls"))
    (table,) = read(tmp_path / "a.xls").tables
    assert columns(table)["户数"] == [120, "120131", "120¹"]
    assert [(one.row, one.rule) for one in table.flaws] == [(2, "cell.struck"), (3, "cell.struck")]
