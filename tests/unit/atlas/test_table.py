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


def test_a_very_long_cell_is_cut_not_spilled():
    table = PageTable(Fonts(), COLUMNS, 100)
    assert table.height(TableRow(("1", "长" * 5000))) < 15
