"""Yardsticks, conditions and what is pending: over all findings they change no count of gaps."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import demo
from layers.district import District
from layers.findings import FAILING, NEVER_GAPS, is_gap
from rules.book import load_book
from rules.evaluate import evaluate
from rules.full_table import joined
from rules.ranking import ranking
from rules.summary import estate_summary, tally
from store import read_district

CITIES = Path(__file__).parents[2] / "data" / "cities"
BOOK = load_book(("ningxia", "wuzhong", "litong"))
DAYS = (date(2023, 4, 1), date(2026, 1, 1))
DISTRICTS: dict[str, Callable[[], District]] = {
    "tiny": lambda: demo.district("tiny"),
    "demo": lambda: demo.district("demo"),
    "stress": lambda: demo.district("stress"),
    "helsinki": lambda: read_district(CITIES / "helsinki"),
    "monaco": lambda: read_district(CITIES / "monaco"),
}
MARKS = {
    "tiny": [],
    "demo": [pytest.mark.slow],
    "stress": [pytest.mark.stress, pytest.mark.slow],
    "helsinki": [pytest.mark.slow],
    "monaco": [pytest.mark.slow],
}


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=MARKS[name]) for name in DISTRICTS]
)
def district(request: pytest.FixtureRequest) -> District:
    return DISTRICTS[request.param]()


@pytest.mark.parametrize("day", DAYS)
def test_yardsticks_never_change_a_count_of_gaps(district: District, day: date) -> None:
    found = evaluate(district, BOOK, day)
    whole = found.loc[is_gap(found), ["estate_id", "rule_id"]].astype(str)
    # Without any of them the same gaps are found.
    binding = set(found.loc[~found["statement"].isin(NEVER_GAPS), "rule_id"].astype(str))
    alone = evaluate(district, BOOK, day, only=binding)
    left = alone.loc[is_gap(alone), ["estate_id", "rule_id"]].astype(str)
    pd.testing.assert_frame_equal(
        left.reset_index(drop=True), whole.reset_index(drop=True), check_dtype=False
    )
    # With every one of them turned round, page, command and booklet count the same.
    table = joined(found, district, BOOK, ("gap_kind", "safety"))
    other, outcome = table["statement"].isin(NEVER_GAPS), table["outcome"].astype(str)
    turned = outcome.mask(other & outcome.eq("met"), "missing")
    turned = turned.mask(other & outcome.isin(FAILING), "met")
    assert (turned != outcome).any()
    round_turned = table.assign(outcome=turned)
    for counted in (
        lambda rows: estate_summary(rows, district)[["gaps", "safety_gaps"]],
        lambda rows: tally(rows)["gap"],
        lambda rows: ranking(rows, list(district["estates"]["estate_id"]), BOOK)[["gaps", "rank"]],
    ):
        assert counted(round_turned).equals(counted(table))
