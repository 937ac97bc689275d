# ruff: noqa: E501 - tables are written out as they arrive
"""Tables below each other on one sheet: no number is read under the headings of another table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.child.survey import stacked, tables
from tests.unit.intake.delivery import columns, workbook

UPPER = [["小区名称", "户数", "建筑面积"], ["甲小区", 120, 12_000], ["乙小区", 130, 13_000]]
LOWER = [["小区名称", "楼栋数", "单元数"], ["丙小区", 5, 15]]
BLANK = [None, None, None]


def seen(grid):
    return [
        ({field.heading: list(field.cells) for field in one.fields}, one.rows)
        for one in tables(grid)
    ]


EXPECTED = [
    {"小区名称": ["甲小区", "乙小区"], "户数": [120, 130], "建筑面积": [12_000, 13_000]},
    {"小区名称": ["丙小区"], "楼栋数": [5], "单元数": [15]},
]


@pytest.mark.parametrize(
    "between",
    [
        [],
        [BLANK],
        [BLANK, BLANK],
        [BLANK, ["表2 楼栋情况", None, None]],
        [["表2 楼栋情况", None, None], ["单位：栋", None, None]],
    ],
)
def test_other_headings_below_begin_another_table(between):
    found = seen([*UPPER, *between, *LOWER])
    assert [cells for cells, _ in found] == EXPECTED
    assert found[1][1] == (len(UPPER) + len(between) + 2,)


@pytest.mark.parametrize("lead", ["序号", "楼号", "编号", "名称"])
def test_a_table_of_other_things_begins_behind_a_blank_row(lead):
    grid = [*UPPER, BLANK, [lead, "结构", "层数"], ["1", "砖混", 6]]
    assert seen(grid)[1][0] == {lead: ["1"], "结构": ["砖混"], "层数": [6]}


def test_the_same_headings_under_a_title_of_their_own_are_another_table():
    title = ["拆除情况", None, None]
    grid = [["现状", None, None], *UPPER, title, UPPER[0], ["丙小区", 5, 500]]
    upper, lower = tables(grid)
    assert (upper.rows, lower.rows) == ((3, 4), (7,))
    assert "拆除情况" in lower.remarks
    assert "拆除情况" not in upper.remarks


@pytest.mark.parametrize("title", [[], [["小区情况表", None, None]]])
def test_headings_again_on_the_next_page_go_on_with_the_table(title):
    grid = [*title, *UPPER, *title, UPPER[0], ["丙小区", 140, 14_000]]
    (table,) = tables(grid)
    assert {f.heading: list(f.cells) for f in table.fields}["户数"][-1] == 140


@pytest.mark.parametrize(
    "rows",
    [
        [["甲小区", "砖混", "利通街"], BLANK, ["乙小区", "框架", "裕民路"], ["丙小区", "砖混", "文卫路"]],
        [["甲小区", "砖混", "利通街"], ["金积镇", None, None], ["乙小区", "框架", "裕民路"], ["丙小区", "砖混", "文卫路"]],
    ],
)  # fmt: skip
def test_words_below_headings_are_data(rows):
    assert len(stacked([["小区名称", "结构", "地址"], *rows])) == 1


@given(
    st.lists(st.integers(1, 900), min_size=1, max_size=5),
    st.lists(st.integers(1, 900), min_size=1, max_size=5),
    st.integers(0, 2),
)
def test_every_number_is_under_the_headings_above_it(upper, lower, blanks):
    grid = [["小区名称", "户数"], *([f"甲{n}小区", n] for n in upper)]
    grid += [[None, None]] * blanks
    grid += [["小区名称", "楼栋数"], *([f"乙{n}小区", n] for n in lower)]
    first, second = (cells for cells, _ in seen(grid))
    assert (first["户数"], second["楼栋数"]) == (upper, lower)


def test_tables_below_each_other_come_from_workbooks_and_separated_values(tmp_path, read):
    grid = [*UPPER, BLANK, ["表2", None, None], *LOWER]
    found = read(workbook(tmp_path / "a.xlsx", grid)).tables
    assert [columns(table) for table in found] == EXPECTED
    lines = "\n".join(",".join("" if c is None else str(c) for c in row) for row in grid)
    (tmp_path / "a.csv").write_text(lines, encoding="utf-8")
    upper, lower = read(tmp_path / "a.csv").tables
    assert (list(upper.rows), list(lower.rows)) == ([2, 3], [7])
    assert columns(lower)["楼栋数".encode()] == ["5"]


def test_a_narrow_table_below_a_wide_one_has_no_rows_of_too_few_cells(tmp_path, read):
    text = "小区名称,户数,建筑面积\n甲小区,120,12000\n\n小区名称,楼栋数\n乙小区,5\n丙小区\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    upper, lower = read(tmp_path / "a.csv").tables
    assert upper.flaws == ()
    assert [(flaw.row, flaw.rule) for flaw in lower.flaws] == [(6, "csv.ragged")]
