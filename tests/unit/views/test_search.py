"""Search by name, full pinyin and initials."""

import pandas as pd
import pytest

from views.search import matches, option_label

NAMES = pd.Series(["药材公司家属院", "朝阳小区36#、37#", "工行楼", None], dtype="str")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("药材", [True, False, False, False]),
        ("ycgs", [True, False, False, False]),
        ("YaoCai", [True, False, False, False]),
        ("36#", [False, True, False, False]),
        ("cyxq36", [False, True, False, False]),
        ("", [True, True, True, True]),
        ("不存在", [False, False, False, False]),
        (".*", [True, True, True, True]),  # punctuation does not matter and is no pattern
    ],
)
def test_a_name_is_found(typed: str, found: list[bool]) -> None:
    assert matches(NAMES, typed).tolist() == found


def test_the_list_of_names_carries_the_initials() -> None:
    assert option_label("朝阳小区") == "朝阳小区　zyxq cyxq"
