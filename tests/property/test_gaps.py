"""Gaps: over any outcomes, one family is one verdict and a yardstick never changes what counts."""

from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from layers.findings import Outcome, is_gap
from rules.book import load_book
from rules.families import SUPERSEDED
from rules.gaps import STATEMENT_ORDER, apart, leaders, statements

BOOK = load_book(("ningxia", "wuzhong", "litong"))
CODES = st.integers(0, len(Outcome) - 1)
YEARS = st.just(np.nan) | st.integers(1980, 2026).map(float)
DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))
ESTATES = 3


@st.composite
def assessed(draw):
    """Draw the rules of a day, outcomes of three estates and the years in which they were built."""
    day = draw(DAYS)
    rules = [rule.id for rule in BOOK.in_force(day) if rule.judges]
    years = draw(st.lists(YEARS, min_size=ESTATES, max_size=ESTATES))
    size = ESTATES * len(rules)
    codes = np.array(draw(st.lists(CODES, min_size=size, max_size=size)), dtype=np.int8)
    near = np.array(draw(st.lists(st.booleans(), min_size=size, max_size=size)), dtype=bool)
    shape = (ESTATES, len(rules))
    return day, rules, np.array(years), codes.reshape(shape), near.reshape(shape)


def classified(day, rules, years, codes, near):
    """Return one row a finding: estate, rule, outcome, statement, leads, level, kind, is_gap."""
    asked, levels = statements(BOOK, rules, years, day)
    leading = leaders(BOOK, rules, codes, levels, near, asked)
    kinds = apart(asked, codes, near)
    table = pd.DataFrame(
        {
            "estate": np.repeat(np.arange(ESTATES), len(rules)),
            "rule": rules * ESTATES,
            "outcome": [str(tuple(Outcome)[code]) for code in codes.reshape(-1)],
            "statement": [STATEMENT_ORDER[kind] for kind in kinds.reshape(-1)],
            "leads": leading.reshape(-1),
            "level": levels.reshape(-1),
            "kind": [STATEMENT_ORDER[kind] for kind in asked.reshape(-1)],
        }
    )
    return table.assign(family=table["rule"].map(BOOK.family_of), is_gap=is_gap(table))


@given(assessed())
def test_every_family_has_one_leader_at_every_estate(drawn):
    told = classified(*drawn)
    assert (told.groupby(["estate", "family"])["leads"].sum() == 1).all()
    assert told.loc[told["family"].isna(), "leads"].all()


@given(assessed())
def test_no_verdict_hides_a_failing_one_that_makes_the_same_kind_of_statement(drawn):
    told = classified(*drawn)
    keys = ["estate", "family"]
    leader = told[told["leads"] & told["family"].notna()][[*keys, "level", "kind", "outcome"]]
    beneath = told[~told["leads"] & told["outcome"].isin(["short", "missing"])]
    both = beneath.merge(leader, on=[*keys, "level", "kind"], suffixes=("", "_leading"))
    hidden = ~both["outcome_leading"].isin(["short", "missing", "not_applicable"])
    assert not hidden[both["level"] <= SUPERSEDED].any()


@given(assessed())
def test_a_gap_fails_binds_and_leads(drawn):
    gaps = classified(*drawn).query("is_gap")
    assert gaps["outcome"].isin(["short", "missing"]).all()
    assert (gaps["statement"] == "gap").all()
    assert gaps["leads"].all()


@given(assessed())
def test_gaps_and_marginal_shortfalls_are_together_what_fails_and_binds(drawn):
    day, rules, years, codes, near = drawn
    exact, told = classified(day, rules, years, codes, np.zeros_like(near)), classified(*drawn)
    fails = told["outcome"].isin(["short", "missing"]) & told["leads"]
    binding = told["statement"].isin(["gap", "marginal"])
    marginal = told["statement"].eq("marginal") & told["leads"]
    assert told["is_gap"].sum() + marginal.sum() == (fails & binding).sum()
    # A family fails, or does not, whether or not its figures are near their limits.
    assert (fails & binding).sum() == exact["is_gap"].sum()
    assert exact["outcome"].equals(told["outcome"])


@given(assessed(), st.data())
def test_what_does_not_bind_never_changes_the_gaps(drawn, data):
    day, rules, years, codes, near = drawn
    before = classified(*drawn)
    others = (~before["statement"].isin(["gap", "marginal"])).to_numpy().reshape(codes.shape)
    new = data.draw(st.lists(CODES, min_size=int(others.sum()), max_size=int(others.sum())))
    changed = codes.copy()
    changed[others] = new
    after = classified(day, rules, years, changed, near)
    pd.testing.assert_series_equal(before["is_gap"], after["is_gap"])


@given(assessed(), st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_matter(drawn, random):
    day, rules, years, codes, near = drawn
    order = list(range(len(rules)))
    random.shuffle(order)
    named = [rules[n] for n in order]
    shuffled = classified(day, named, years, codes[:, order], near[:, order])
    keys = ["estate", "rule"]
    pd.testing.assert_frame_equal(
        shuffled.sort_values(keys, ignore_index=True),
        classified(*drawn).sort_values(keys, ignore_index=True),
    )
