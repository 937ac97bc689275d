"""The order of estates, counted by hand on a few gaps."""

from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import pytest

from geo.errors import StandardError
from rules.book import Book, load_book
from rules.ranking import (
    Tier,
    amount_text,
    formula,
    in_order,
    order_of,
    rank_classes,
    rank_text,
    ranking,
)

COLUMNS = ["estate_id", "outcome", "statement", "leads", "safety", "exposed_households"]
ROWS = [
    ("A", "short", "gap", True, False, 200.0),
    ("A", "missing", "gap", True, False, 200.0),
    ("B", "short", "gap", True, True, 12.0),
    ("B", "short", "gap", True, False, 40.0),
    ("C", "short", "gap", True, True, None),  # its households are not known
    ("D", "missing", "yardstick", True, True, 999.0),
    ("E", "unknown", "gap", True, False, None),
    ("F", "short", "gap", True, False, 400.0),
    ("F", "short", "gap", False, True, 400.0),  # another rule of its family leads
    ("F", "unknown", "gap", True, False, None),
    ("G", "met", "gap", True, True, 0.0),
]
ESTATES = list("ABCDEFGH")


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


@pytest.fixture(scope="module")
def ranked(book: Book) -> pd.DataFrame:
    return ranking(pd.DataFrame(ROWS, columns=COLUMNS), ESTATES, book)


def test_safety_comes_first_then_households_touched(ranked: pd.DataFrame) -> None:
    ranks = ranked["rank"].astype("float64").to_dict()
    assert {estate: ranks[estate] for estate in "BCAF"} == {"B": 1, "C": 2, "A": 3, "F": 4}
    assert ranked.loc[["D", "E", "G", "H"], "rank"].isna().all()
    assert ranked["household_gaps"].tolist() == [400, 52, 0, 0, 0, 400, 0, 0]
    assert ranked["safety_household_gaps"].tolist() == [0, 12, 0, 0, 0, 0, 0, 0]
    assert ranked.index[in_order(ranked)].tolist() == list("BCAFEHDG")


def test_what_no_gap_says_is_told_apart(ranked: pd.DataFrame) -> None:
    tiers = [Tier.GAP, Tier.SAFETY, Tier.SAFETY, Tier.COMPARED, Tier.UNKNOWN, Tier.GAP, Tier.NONE]
    assert ranked["tier"].tolist() == [*tiers, Tier.UNKNOWN]


def test_what_may_be_a_gap_is_counted_apart(ranked: pd.DataFrame) -> None:
    assert ranked["undecided"].tolist() == [0, 0, 0, 0, 1, 1, 0, 0]


def test_households_nobody_knows_are_said_not_counted_as_none(ranked: pd.DataFrame) -> None:
    assert ranked["uncounted_gaps"].tolist() == [0, 0, 1, 0, 0, 0, 0, 0]
    told = [amount_text(ranked.loc[estate], "safety_household_gaps") for estate in "ABC"]
    assert told == ["—", "12", "≥ 0"]
    assert [amount_text(ranked.loc[estate], "household_gaps") for estate in "BCD"] == [
        "52",
        "≥ 0",
        "—",
    ]


def test_classes_hold_what_the_legend_says(ranked: pd.DataFrame) -> None:
    classes = rank_classes(ranked)
    told = [(one.code, one.least, one.most, one.estates) for one in classes]
    assert told == [
        ("safety_3", 12, 12, 1),
        ("safety_2", 0, 0, 1),
        ("gap_3", 400, 400, 2),
        ("unknown", 0, 0, 2),
        ("compared", 0, 0, 1),
        ("none", 0, 0, 1),
    ]
    assert classes[0].label("zh") == "有安全短板，安全户次 12"
    assert classes[2].label("en") == "other gaps: 400 household-gaps"
    assert classes[3].label("zh") == "未见短板，尚缺资料"


def test_estates_that_nothing_tells_apart_share_a_rank(book: Book) -> None:
    alike = [("A", "short", "gap", True, False, 5.0), ("B", "missing", "gap", True, False, 5.0)]
    last = [*alike, ("C", "short", "gap", True, False, 1.0)]
    ranked = ranking(pd.DataFrame(last, columns=COLUMNS), ["A", "B", "C"], book)
    assert ranked["rank"].tolist() == [1, 1, 3]
    assert ranked["is_tied"].tolist() == [True, True, False]
    told = [rank_text(row["rank"], "zh", is_tied=row["is_tied"]) for _, row in ranked.iterrows()]
    assert told == ["并列 1", "并列 1", "3"]


def test_three_classes_of_twelve_estates_hold_four_each(book: Book) -> None:
    rows = [(f"E{n}", "short", "gap", True, False, float(10 * n)) for n in range(1, 13)]
    ranked = ranking(pd.DataFrame(rows, columns=COLUMNS), [row[0] for row in rows], book)
    told = [(one.code, one.least, one.most, one.estates) for one in rank_classes(ranked)]
    assert told == [("gap_3", 90, 120, 4), ("gap_2", 50, 80, 4), ("gap_1", 10, 40, 4)]


def test_the_formula_is_the_order_in_words(book: Book) -> None:
    assert formula(book, "zh").startswith("排序：有安全短板的在前，再看安全短板涉及户次，再看")
    other = _with_order(book, "gaps")
    assert formula(other, "en").startswith("Order: number of gaps; equal")


def test_an_order_by_what_there_is_not_is_refused(book: Book) -> None:
    with pytest.raises(StandardError, match="'severity'"):
        order_of(_with_order(book, "severity"))


def _with_order(book: Book, *order: str) -> Book:
    own = MappingProxyType({**book.scoring["ranking"], "order": list(order)})
    return replace(book, scoring=MappingProxyType({**book.scoring, "ranking": own}))
