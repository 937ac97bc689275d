"""Works called for by gaps: amounts only where the data hold them, the rest said to be open."""

import dataclasses

import pytest

from atlas.compose import context_of
from atlas.request import Request
from atlas.works import MARKS, pending_of, works_of
from rules.book import load_book

REQUEST = Request("2023-03-15", "V0.3")


@pytest.fixture(scope="module")
def book():
    return load_book()


def amounts(district, findings, book):
    works = works_of(context_of(district, findings, book, None, REQUEST), "E1")
    return {work.item: work.amount for work in works}


def test_amounts_follow_from_ratio_and_households_and_nothing_is_made_up(district, findings, book):
    found = amounts(district, findings, book)
    # 72 households: (0.5 - 0.125) x 72 = 27 bays; 0.2 x 72 = 14.4, so 15 ports
    assert found["停车"] == "27 个车位"
    assert found["充电"] == "15 个充电口"
    assert found["养老服务"] == "待设计"


def test_failing_members_and_lengths_are_amounts(district, findings, book):
    changed = findings.copy()
    lift, pipe = changed["item_zh"] == "电梯", changed["item_zh"] == "补植"
    changed.loc[lift, ["witness_layer", "failing_members", "members"]] = ["units", 3, 6]
    changed.loc[pipe, ["unit", "op", "threshold", "value"]] = ["m", "<=", 0.0, 1234.4]
    found = amounts(district, changed, book)
    assert found["电梯"] == "3 个单元"
    assert found["补植"] == "1,234 m"


def test_households_unknown_leave_the_amount_to_the_design(district, findings, book):
    estates = district["estates"].assign(households=None)
    found = amounts(district.with_frames(estates=estates), findings, book)
    assert found["停车"] == "待设计"


def test_works_are_numbered_within_their_class_those_with_a_place_first(district, findings, book):
    works = works_of(context_of(district, findings, book, None, REQUEST), "E1")
    for mark in "基完提":
        own = [int(work.code[1:]) for work in works if work.code[0] == mark]
        assert own == list(range(1, len(own) + 1))
    # a walk to a facility that is too far and two ratios have no place
    assert [work.item for work in works if not work.is_placed] == ["充电", "停车", "养老服务"]
    assert [work.is_placed for work in works] == [True] * 4 + [False] * 3
    assert {gap.number for work in works for gap in work.gaps} == set(range(1, 8))


def test_works_have_english_letters_in_an_english_booklet_as_its_legend_has(
    district, findings, book
):
    request = dataclasses.replace(REQUEST, language="en")
    context = context_of(district, findings, book, None, request)
    marks = {work.item_class: work.code[0] for work in works_of(context, "E1")}
    assert marks == {"基础类": "B", "完善类": "I", "提升类": "U"}
    shown = {key: context.style.themes[key].mark for key in MARKS.values()}
    assert shown == {MARKS[item_class]: mark for item_class, mark in marks.items()}


def test_what_lacks_data_is_pending_with_its_supplier(district, findings, book):
    (one,) = pending_of(context_of(district, findings, book, None, REQUEST), "E1")
    assert (one.lacking, one.supplier) == ("管线探测精度", "管线单位")
