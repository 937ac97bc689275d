import pytest

from atlas.table import PageTable, TableColumn, TableRow
from atlas.text import Fonts

COLUMNS = (TableColumn("编号", 1), TableColumn("内容", 3))


def rows(count, words="短板"):
    return [TableRow((str(n), words)) for n in range(count)]


def test_every_row_is_on_exactly_one_page_in_order():
    table = PageTable(Fonts(), COLUMNS, 100)
    listed = rows(57, "很长的说明文字" * 9)
    pages = table.pages(listed, 60, 90)
    assert [row for page in pages for row in page] == listed
    heights = [table.head_height + sum(map(table.height, page)) for page in pages]
    assert heights[0] <= 60
    assert all(height <= 90 for height in heights[1:])


def test_a_table_without_rows_is_one_empty_page():
    assert PageTable(Fonts(), COLUMNS, 100).pages([], 50, 50) == [[]]


def test_a_row_taller_than_a_page_goes_on_over_the_next_and_loses_no_letter():
    table = PageTable(Fonts(), COLUMNS, 100)
    text = "".join(chr(0x4E00 + n) for n in range(3000))
    pages = table.pages([TableRow(("1", text), "gap:1"), TableRow(("2", "短"))], 60, 90)
    cells = [row.cells for page in pages for row in page]
    assert "".join(cell for _, cell in cells[:-1]).replace("\n", "") == text
    assert [number for number, _ in cells] == ["1", *[""] * (len(cells) - 2), "2"]
    assert all(table.head_height + sum(map(table.height, page)) <= 90 for page in pages)
    assert [row.destination for page in pages for row in page if row.destination] == ["gap:1"]


def test_a_figure_wider_than_its_column_is_printed_smaller_not_broken():
    table = PageTable(Fonts(), (TableColumn("数", 1), TableColumn("名", 9)), 98)
    assert Fonts().width("123,456", "sans", 6.5) > 9.8 - 1.8
    assert table.height(TableRow(("123,456", "甲"))) == table.least


def test_the_rows_that_fit_are_the_first_ones():
    table = PageTable(Fonts(), COLUMNS, 100)
    listed = rows(9)
    room = table.head_height + 4 * table.height(listed[0])
    assert table.fitting(listed, room) == listed[:4]
    assert table.fitting(listed, 1.0) == []


def test_a_column_is_raised_to_the_longest_word_of_its_heading_and_of_the_widest_rows():
    fonts = Fonts()
    columns = (TableColumn("Households", 1), TableColumn("Gaps", 1), TableColumn("小区", 18))
    total = TableRow(("1", "1,234,567", "合计"))
    table = PageTable(fonts, columns, 98, widest=[total])
    words = [fonts.width(word, "bold", 6.0) + 1.8 for word in ("Households", "1,234,567")]
    assert table.widths[:2] == pytest.approx(words, abs=0.02)
    assert sum(table.widths) == pytest.approx(98)
    assert PageTable(fonts, columns, 20, widest=[total]).widths == pytest.approx([1, 1, 18])
