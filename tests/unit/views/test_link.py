"""A link holds the whole choice, and nothing a stranger writes into it can break the page."""

from dataclasses import fields
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from views.choice import Choice

VALUE = st.text(min_size=1, max_size=40)
MANY = st.lists(VALUE, max_size=4).map(tuple)
CHOICES = st.builds(
    Choice, **{f.name: MANY if isinstance(f.default, tuple) else VALUE for f in fields(Choice)}
)


def as_lists(query: dict[str, str | list[str]]) -> dict[str, list[str]]:
    """Return a query as a server sees it: several values under each name."""
    return {name: value if isinstance(value, list) else [value] for name, value in query.items()}


@given(CHOICES)
def test_a_choice_comes_back_from_its_own_link(choice: Choice) -> None:
    assert Choice.from_query(as_lists(choice.to_query())) == choice


@given(st.dictionaries(st.text(max_size=9), st.lists(st.text(max_size=300), max_size=3)))
def test_any_query_gives_a_choice(query: dict[str, list[str]]) -> None:
    choice = Choice.from_query(query)
    assert all(len(v) <= 200 for v in (choice.estate, choice.rule, *choice.town, *choice.kind))


def test_defaults_leave_the_address_empty() -> None:
    assert Choice().to_query() == {}


def test_a_date_that_is_none_means_today() -> None:
    today = date(2026, 11, 23)
    assert Choice(as_of="2023-04-01").date(today) == date(2023, 4, 1)
    assert Choice(as_of="2023-13-99").date(today) == today
    assert Choice().date(today) == today
