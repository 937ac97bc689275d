"""Gaps: one shortage counts once, and only what binds an estate counts."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from layers.findings import Outcome, is_gap
from rules.gaps import STATEMENT_ORDER, apart, leaders, statements

TODAY = date(2026, 11, 29)


def classified(book, outcomes, built=1995, day=TODAY, marginal=()):
    """Classify findings of one estate, given as outcomes by rule, some of them `marginal`."""
    rules = list(outcomes)
    codes = np.array([[tuple(Outcome).index(o) for o in outcomes.values()]], dtype=np.int8)
    years = np.array([np.nan if built is None else built], dtype=float)
    near = np.array([[rule in marginal for rule in rules]])
    kinds, levels = statements(book, rules, years, day)
    leading = leaders(book, rules, codes, levels, near, kinds)
    kinds = apart(kinds, codes, near)
    table = pd.DataFrame(
        {
            "outcome": list(outcomes.values()),
            "statement": [STATEMENT_ORDER[kind] for kind in kinds[0]],
            "leads": leading[0],
        },
        index=rules,
    )
    return table.assign(is_gap=is_gap(table))


@pytest.mark.parametrize(
    ("built", "outcomes", "leader", "gaps"),
    [
        # No shed at all: one gap, not three.
        (
            1995,
            {"ebike.place.2025": "missing", "ebike.ports": "missing", "ebike.distance": "missing"},
            "ebike.place.2025",
            1,
        ),
        # A shed with too few ports: the placeholder waits, nothing is a gap.
        (1995, {"ebike.place.2025": "met", "ebike.ports": "short"}, "ebike.place.2025", 0),
        # Enough floor area but too little land: both bind, the worse decides.
        (
            1995,
            {"elder.area100.old": "met", "elder.land_per_person": "short"},
            "elder.land_per_person",
            1,
        ),
        (
            1995,
            {"elder.area100.old": "missing", "elder.land_per_person": "missing"},
            "elder.area100.old",
            1,
        ),
        # What is unknown outweighs what is met, never what is short.
        (
            1995,
            {"elder.area100.old": "unknown", "elder.land_per_person": "met"},
            "elder.area100.old",
            0,
        ),
        # Nothing of the leading rule's kind: the next one speaks.
        (
            1995,
            {"lift.retrofit_candidate": "not_applicable", "lift.trigger.2025": "missing"},
            "lift.trigger.2025",
            0,
        ),
        # Built under the new clause: it leads and binds.
        (2022, {"parking.ratio.old": "met", "parking.ratio.new": "short"}, "parking.ratio.new", 1),
        (
            None,
            {"parking.ratio.old": "short", "parking.ratio.new": "short"},
            "parking.ratio.old",
            0,
        ),
        # Too young for the programme: of two yardsticks the one that fails leads, no gap.
        (
            2010,
            {"elder.area100.old": "met", "elder.land_per_person": "missing"},
            "elder.land_per_person",
            0,
        ),
        # No building without permit is drawn, but the survey counted three sheds.
        (
            1995,
            {"illegal.buildings": "met", "illegal.structures": "short"},
            "illegal.structures",
            1,
        ),
        (
            1995,
            {"illegal.buildings": "unknown", "illegal.structures": "met"},
            "illegal.structures",
            0,
        ),
        # Wide enough as drawn, too low or too narrow as the survey wrote down.
        (1995, {"fire.lane": "short", "fire.lane.drawn": "met"}, "fire.lane", 0),
        (1995, {"fire.lane": "met", "fire.lane.drawn": "short"}, "fire.lane.drawn", 0),
        # What is too far does not hide behind a number, nor what is known behind what is not.
        (1995, {"shop.count": "met", "shop.access": "missing"}, "shop.access", 0),
        (1995, {"shop.count": "unknown", "shop.access": "met"}, "shop.access", 0),
        # Another kind of statement does not take the lead: old and new ratio answer by the year.
        (1995, {"parking.ratio.old": "met", "parking.ratio.new": "short"}, "parking.ratio.old", 0),
        # But what nobody knows gives way to an answer.
        (1995, {"drain.frost": "unknown", "drain.cover": "short"}, "drain.cover", 0),
        # Waived: nothing is counted.
        (1995, {"ev.old": "waived", "ev.new": "missing"}, "ev.old", 0),
    ],
)
def test_one_verdict_of_a_family(book, built, outcomes, leader, gaps):
    found = classified(book, outcomes, built)
    assert list(found.index[found["leads"]]) == [leader]
    assert found["is_gap"].sum() == gaps


def test_a_rule_without_family_leads_itself(book):
    found = classified(
        book, {"envelope.roof": "short", "lift.consent": "short", "fire.lane": "met"}
    )
    assert found["leads"].all()
    assert found["statement"].tolist() == ["gap", "condition", "yardstick"]
    assert found["is_gap"].tolist() == [True, False, False]


def test_the_day_decides(book):
    outcomes = {"pipe.gas.age": "short"}
    assert classified(book, outcomes, day=date(2025, 12, 31))["is_gap"].all()
    assert not classified(book, outcomes, day=date(2026, 1, 1))["is_gap"].any()


def test_what_is_marginal_is_no_gap_while_another_of_the_family_fails_for_sure(book):
    area, land = "elder.area100.old", "elder.land_per_person"
    both = classified(book, {area: "short", land: "short"}, marginal=[area])
    assert both.loc[both["leads"]].index.tolist() == [land]
    assert both["is_gap"].tolist() == [False, True]
    # Without a sure shortage the marginal one stands for the family: it outweighs what is met.
    one = classified(book, {area: "short", land: "met"}, marginal=[area])
    assert one.loc[one["leads"], "statement"].tolist() == ["marginal"]
    assert not one["is_gap"].any()


def test_only_what_would_be_a_gap_is_a_marginal_statement(book):
    found = classified(
        book,
        {"fire.lane": "short", "envelope.wall": "met"},
        marginal=["fire.lane", "envelope.wall"],
    )
    assert found["statement"].tolist() == ["yardstick", "gap"]


def test_no_findings_are_no_gaps(book):
    nothing = [np.empty((3, 0), dtype=np.int8)] * 2
    kinds = np.empty((3, 0), dtype=np.int8)
    assert leaders(book, [], *nothing, np.empty((3, 0), dtype=bool), kinds).shape == (3, 0)
    assert statements(book, [], np.array([1990.0]), TODAY)[0].shape == (1, 0)
