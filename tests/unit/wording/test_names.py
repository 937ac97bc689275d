"""Names of numbered buildings, units and gates in English; every other name stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wording import numbered


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("1号楼", "Building 1"),
        ("2单元", "Unit 2"),
        ("3号门", "Gate 3"),
        ("12 号楼", "Building 12"),
        ("1号楼 3单元", "Building 1 Unit 3"),
        ("1号楼3单元", "Building 1 Unit 3"),
    ],
)
def test_plain_numbers_are_told_in_english(name, english):
    assert numbered(name, "en") == english
    assert numbered(name, "zh") == name


@pytest.mark.parametrize(
    "name",
    ["0#", "36#", "东1号楼", "1号楼（北）", "一号楼", "１号楼", "号楼", "建行南苑1号楼", "", " "],
)
def test_any_other_name_is_printed_as_it_is(name):
    assert numbered(name, "en") == name


@given(st.text())
def test_a_name_without_such_a_number_never_changes(name):
    if not any(kind in name for kind in ("号楼", "单元", "号门")):
        assert numbered(name, "en") == name


def test_a_number_too_long_for_a_building_is_no_number_of_one():
    assert numbered("12345号楼", "en") == "12345号楼"
