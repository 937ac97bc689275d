"""The choke point: no string of data can open a template, a tag or an interpolation."""

import json

import jinja2
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from views.map.neutral import script_json, string_table

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=20)


@given(TEXTS)
def test_strings_come_back_letter_by_letter(texts: list[str]) -> None:
    assert json.loads(script_json(texts)) == texts


@given(TEXTS)
def test_nothing_that_means_something_is_left(texts: list[str]) -> None:
    written = script_json(texts)
    assert written.isascii()
    assert not set("<>&{}$%`'#/\n\u2028\u2029") & set(written)


@given(TEXTS)
def test_a_template_engine_finds_nothing_to_do(texts: list[str]) -> None:
    written = script_json(texts)
    assert jinja2.Environment(autoescape=False).from_string(written).render() == written  # noqa: S701


@given(st.lists(st.one_of(st.none(), st.text(max_size=5)), min_size=1, max_size=30))
def test_each_row_finds_its_own_string(values: list[str | None]) -> None:
    columns = {"estates": {"name": pd.Series(values, dtype="str")}}
    strings, indexes = string_table(columns)
    assert [strings[place] for place in indexes["estates"]["name"]] == [v or "" for v in values]
    assert len(set(strings)) == len(strings)
