"""Properties of the order of estates: one order, safety first, and nothing but gaps moves it."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from rules.book import load_book
from rules.ranking import Tier, in_order, rank_classes, ranking

BOOK = load_book()
ESTATES = list("ABCDEF")
COLUMNS = ["estate_id", "outcome", "statement", "leads", "safety", "exposed_households"]
HOUSEHOLDS = st.one_of(st.none(), st.integers(0, 400).map(float))


def rows(outcomes: list[str], statements: list[str]) -> st.SearchStrategy[list[tuple]]:
    row = st.tuples(
        st.sampled_from(ESTATES),
        st.sampled_from(outcomes),
        st.sampled_from(statements),
        st.booleans(),
        st.booleans(),
        HOUSEHOLDS,
    )
    return st.lists(row, max_size=30)


ANYTHING = rows(
    ["met", "short", "missing", "unknown", "not_applicable"],
    ["gap", "yardstick", "condition", "pending"],
)
NO_GAPS = rows(["short", "missing"], ["yardstick", "condition", "pending"])


def ranked(listed: list[tuple]) -> pd.DataFrame:
    table = pd.DataFrame(listed, columns=COLUMNS)
    return ranking(table.astype({"leads": bool, "safety": bool}), ESTATES, BOOK)


def naive(listed: list[tuple]) -> dict[str, int]:
    """Return the rank of each estate that has a gap, counted in the plainest way."""
    keys: dict[str, list[float]] = {}
    for estate, outcome, statement, leads, safety, households in listed:
        if statement == "gap" and leads and outcome in ("short", "missing"):
            key = keys.setdefault(estate, [0, 0, 0, 0])
            key[0] |= safety
            key[1] += (households or 0) * safety
            key[2] += households or 0
            key[3] += 1
    return {e: 1 + sum(other > own for other in keys.values()) for e, own in keys.items()}


@given(ANYTHING)
def test_the_ranks_are_those_of_the_order_compared_key_by_key(listed: list[tuple]) -> None:
    found = ranked(listed)["rank"].dropna().astype(int).to_dict()
    assert found == naive(listed)


@given(ANYTHING, NO_GAPS)
def test_what_is_no_gap_never_moves_a_rank_or_a_class(
    listed: list[tuple], others: list[tuple]
) -> None:
    before, after = ranked(listed), ranked([*listed, *others])
    for column in ("rank", "gaps", "household_gaps", "step"):
        assert before[column].equals(after[column])


@given(ANYTHING, st.sampled_from(ESTATES), st.booleans(), HOUSEHOLDS)
def test_one_more_gap_never_puts_an_estate_further_back(
    listed: list[tuple],
    estate: str,
    safety: bool,  # noqa: FBT001
    households: float | None,
) -> None:
    more = [*listed, (estate, "short", "gap", True, safety, households)]
    before = ranked(listed)["rank"].fillna(len(ESTATES) + 1)
    assert ranked(more)["rank"][estate] <= before[estate]


@given(ANYTHING)
def test_a_later_rank_never_has_a_darker_class(listed: list[tuple]) -> None:
    table = ranked(listed)
    table = table.iloc[in_order(table)]
    tiers = table["tier"].map({str(tier): n for n, tier in enumerate(Tier)})
    shades = list(zip(tiers, -table["step"], strict=True))
    assert shades == sorted(shades)


@given(ANYTHING)
def test_the_classes_hold_every_estate_once(listed: list[tuple]) -> None:
    assert sum(one.estates for one in rank_classes(ranked(listed))) == len(ESTATES)
