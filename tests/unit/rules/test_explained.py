"""Explained: every rule in three lines, in both languages, with nothing left to fill in."""

import re
from datetime import date

import pytest

from rules.explained import explained, required, why
from wording import Text

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize("built", [None, 1995, 2003, 2010, 2026])
def test_every_rule_is_explained_in_both_languages(book, built):
    for rule in book.rules:
        told = explained(book, rule, TODAY, built)
        for language, end in (("zh", "。"), ("en", ".")):
            lines = told.lines(language)
            assert all(line.endswith(end) and not re.search("[{}]|None", line) for line in lines)


def test_english_lines_are_english(book):
    for rule in book.rules:
        measured, _, binds = explained(book, rule, TODAY).lines("en")
        assert not re.search("[一-鿿]", measured + binds)


@pytest.mark.parametrize(
    ("rule", "limit"),
    [
        ("waste.distance", ("≤ 70 m", "≤ 70 m")),
        ("parking.accessible", ("≥ 0.5%", "≥ 0.5%")),
        ("parking.ratio.new", ("≥ 1 个/户", "≥ 1 bay/household")),
        ("elder.no_basement", ("“位于地下”应为“否”", "“in a basement” must be “no”")),
        (
            "pipe.gas.age",
            (
                "满 20 年且评估存在隐患，或材质为灰口铸铁的管段为 0 m",
                "0 m of pipe of 20 years and more and assessed hazardous, or of 灰口铸铁",
            ),
        ),
        ("fire.duty", ("不设数值", "no figure")),
        (
            "lift.trigger.2025",
            (
                "入户层数 ≥ 4 层 或 最高入户层高度 > 9 m 时：已有电梯",
                "where storeys with entrances ≥ 4 or highest entrance floor > 9 m: has a lift",
            ),
        ),
    ],
)
def test_what_a_rule_asks_for(book, rule, limit):
    assert required(book.by_id[rule]) == Text(*limit)


def test_why_a_rule_binds_or_not(book):
    assert why(book, book.by_id["pipe.gas.age"], TODAY).en == (
        "Yardstick: the source was in force until 2025-12-31: a yardstick since then."
    )
    assert why(book, book.by_id["lift.consent"], TODAY).zh == (
        "条件：是加装电梯（有条件的楼栋）的实施条件，不是单独的要求。"
    )
    assert why(book, book.by_id["elder.place_size"], TODAY).zh == (
        "对照：条款针对新建，不问 2023 年及以前建成的小区。"
    )
    assert why(book, book.by_id["fire.duty"], TODAY).zh == (
        "供查阅，不作判定：条款针对新建，只约束 2023 年以后建成的小区，对更早的小区仅作对照。"
    )
