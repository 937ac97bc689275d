"""Coordinates that cannot be used: each cell is quoted, with row, column and what it should be."""

import pytest

from intake.acceptance import accept
from intake.again import BOTH
from tests.unit.intake.delivery import workbook

HEADS = ["编号", "名称", "类型", "经度", "纬度"]
SOUND = ["F01", "甲", "药店", 106.2, 37.98]


@pytest.fixture
def reasons_of(tmp_path, read, draft):
    """Return the reasons of a row that is set aside, the fifth of its sheet."""

    def run(row, crs="EPSG:4490", heads=HEADS, sound=SOUND):
        grid = [heads, *[[f"G{n}", *sound[1:]] for n in range(3)], row]
        (table,) = read(workbook(tmp_path / "a.xlsx", grid)).tables
        receipt = accept(draft(table, "facilities").choose("crs", crs).choose("twice", BOTH))
        assert len(receipt.accepted) == 3
        (held,) = receipt.quarantined
        assert held.row == 5
        return held.reasons

    return run


@pytest.mark.parametrize(
    ("east", "north", "rule", "zh"),
    [
        (None, None, "coordinate.empty", "第 5 行（F09）经度、纬度：读到 —，应为有坐标"),
        (106.2, None, "coordinate.missing", "第 5 行（F09）纬度：读到 —，应为有值（经度 = 106.2）"),
        (" ", 37.98, "coordinate.missing", "第 5 行（F09）经度：读到 —，应为有值（纬度 = 37.98）"),
        ("东门外", 37.98, "coordinate.unreadable", "经度：读到 '东门外'，应为数字或度分秒"),
        (106.2, "37°75′", "coordinate.unreadable", '纬度：读到 "37°75′"，应为数字或度分秒'),
        (1062.0, 37.98, "coordinate.range", "经度：读到 '1062'，应为-180 至 180 的度数"),
        (106.2, 379.8, "coordinate.range", "纬度：读到 '379.8'，应为-90 至 90 的度数"),
    ],
)
def test_each_fault_of_a_coordinate_quotes_its_cell(reasons_of, east, north, rule, zh):
    (reason,) = reasons_of(["F09", "乙", "药店", east, north])
    assert reason.rule == rule
    assert zh.replace('"', "'") in reason.sentence.zh.replace('"', "'")
    assert "found" in reason.sentence.en


def test_axes_named_the_other_way_are_held_against_their_own_limits(reasons_of):
    """X is the northing of Chinese surveyors; taken as latitude it goes to 90 and no further."""
    heads = [*HEADS[:3], "X", "Y"]
    sound = ["", "甲", "药店", 37.98, 106.2]
    row = ["F09", "乙", "药店", 97.98, 106.2]
    (reason,) = reasons_of(row, "EPSG:4490/yx", heads, sound)
    assert (reason.rule, reason.fault.column) == ("coordinate.range", "X")


def test_one_cell_for_both_is_quoted_whole(reasons_of):
    heads, sound = [*HEADS[:3], "坐标"], ["", "甲", "药店", "106.2, 37.98"]
    row = ["F09", "乙", "药店", "106.2;"]
    (reason,) = reasons_of(row, heads=heads, sound=sound)
    assert (reason.rule, reason.fault.found) == ("coordinate.unreadable", "'106.2;'")


def test_the_other_faults_of_the_row_are_told_too_and_its_key_is_still_free(tmp_path, read, draft):
    grid = [
        HEADS,
        ["F01", "甲", "杂货店", "东门外", 37.98],
        ["F01", "甲", "药店", 106.2, 37.98],
    ]
    (table,) = read(workbook(tmp_path / "a.xlsx", grid)).tables
    receipt = accept(draft(table, "facilities").choose("crs", "EPSG:4490"))
    (held,) = receipt.quarantined
    assert [reason.rule for reason in held.reasons] == ["coordinate.unreadable", "row.fault"]
    assert receipt.accepted["facility_id"].tolist() == ["F01"]
