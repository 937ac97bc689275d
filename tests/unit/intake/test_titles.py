"""Titles over a whole table that say of which state or part its numbers are."""

import openpyxl
import pytest


def _titled(tmp_path, read, title, name="Sheet", foot=None):
    lines = [[title, None, None], ["小区编号", "小区名称", "户数"], ["E01", "甲小区", 120]]
    lines += [[foot, None, None]] if foot else []
    book = openpyxl.Workbook()
    book.active.title = name
    for line in lines:
        book.active.append(line)
    book.save(tmp_path / "a.xlsx")
    return read(tmp_path / "a.xlsx").tables[0]


@pytest.mark.parametrize(
    ("title", "name", "foot"),
    [
        ("改造前情况", "Sheet", None), ("利通区老旧小区改造后基本情况表", "Sheet", None),
        ("拆除房屋统计表", "Sheet", None), ("改 造 前 情 况", "Sheet", None),
        ("改造後情況", "Sheet", None), ("小区情况表", "改造前", None),
        ("小区情况表", "Sheet", "注：户数均为征收部分"),
    ],
)  # fmt: skip
def test_a_title_that_makes_all_numbers_those_of_another_state_is_asked_about(
    tmp_path, read, draft, title, name, foot
):
    asked = draft(_titled(tmp_path, read, title, name, foot))
    assert "title" in [one.step for one in asked.questions]
    kept, refused = (asked.choose("title", answer) for answer in ("keep", "quarantine"))
    assert kept.rows_in_question.held_back == {}
    assert refused.rows_in_question.held_back == {3: "row.not_now"}


@pytest.mark.parametrize(
    "title",
    ["老旧小区改造调查表", "填报单位：利通区拆迁办", "利通区规划和自然资源局", "拟改造小区情况表"],
)
def test_a_title_that_says_what_the_table_is_for_asks_nothing(tmp_path, read, draft, title):
    asked = draft(_titled(tmp_path, read, title))
    assert "title" not in [one.step for one in asked.proposals]
