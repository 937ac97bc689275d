"""Verdicts on intervals, and answers of three values."""

import numpy as np
import pandas as pd
import pytest

from rules.selection import AnyOf, Condition
from rules.truth import Truth
from rules.verdict import OUTCOMES, by_conditions, by_threshold, clause_holds, holds

INF = np.inf


def outcomes(book, rule, low, high):
    """Return what a rule says of one interval: outcome, value, severity."""
    verdict = by_threshold(book.by_id[rule], np.array([low]), np.array([high]))
    return OUTCOMES[verdict.code[0]], verdict.value[0], verdict.severity[0]


@pytest.mark.parametrize(
    ("low", "high", "expect"),
    [
        # parking.ratio.old: at least 0.5
        (0.5, 0.5, ("met", 0.5, 0.0)),
        (0.5 - 1e-12, 0.5, ("met", 0.5, 0.0)),
        (0.25, 0.25, ("short", 0.25, 0.5)),
        (0.0, 0.0, ("missing", 0.0, 1.0)),
        (0.6, INF, ("met", 0.6, 0.0)),
        (0.1, 0.4, ("short", 0.4, 0.2)),
        (0.0, 0.25, ("short", 0.25, 0.5)),  # at best short, so never missing
    ],
)
def test_the_whole_interval_must_agree(book, low, high, expect):
    assert outcomes(book, "parking.ratio.old", low, high) == pytest.approx(expect)


@pytest.mark.parametrize(("low", "high"), [(0.4, 0.6), (0.0, INF), (-INF, INF)])
def test_an_interval_over_the_threshold_is_unknown(book, low, high):
    outcome, value, severity = outcomes(book, "parking.ratio.old", low, high)
    assert outcome == "unknown"
    assert np.isnan([value, severity]).all()


@pytest.mark.parametrize(
    ("distance", "expect"),
    [
        (300.0, ("met", 300.0, 0.0)),
        (300.1, ("short", 300.1, 0.1 / 700)),
        (1000.0, ("short", 1000.0, 1.0)),
        (1000.1, ("missing", 1000.1, 1.0)),
    ],
)
def test_distances_are_graded_up_to_the_outer_one(book, distance, expect):
    assert outcomes(book, "elder.access", distance, distance) == pytest.approx(expect)


def test_what_cannot_be_reached_at_all_is_missing_even_without_an_outer_distance(book):
    assert outcomes(book, "ebike.distance", 9_000.0, 9_000.0)[0] == "short"
    assert outcomes(book, "ebike.distance", INF, INF)[0] == "missing"


def truth(*answers):
    """Return a Truth from True, False and None."""
    return Truth.flags(pd.Series(answers, dtype="boolean"))


def answers(said: Truth):
    """Return a Truth as True, False and None."""
    return [True if y else False if n else None for y, n in zip(said.yes, said.no, strict=True)]


def test_three_valued_logic():
    # Kleene's tables, written out.
    left = truth(True, True, True, False, False, False, None, None, None)
    right = truth(True, False, None, True, False, None, True, False, None)
    assert answers(left & right) == [True, False, None, False, False, False, None, False, None]
    assert answers(left | right) == [True, True, True, True, False, None, True, None, None]
    assert answers(~left) == [False, False, False, True, True, True, None, None, None]
    assert left.open.tolist() == [False] * 6 + [True] * 3
    assert answers(Truth.unknown(2)) == [None, None]
    assert answers(left.keep(np.arange(9) == 6)) == [None]


@pytest.mark.parametrize(
    ("op", "expect"),
    [
        (">=", [False, True, True, None]),
        (">", [False, False, True, None]),
        ("<=", [True, True, False, None]),
        ("<", [True, False, False, None]),
        ("==", [False, True, False, None]),
    ],
)
def test_conditions_leave_the_unknown_unknown(op, expect):
    frame = pd.DataFrame({"storeys": pd.array([3, 4, 5, None], dtype="Int64")})
    assert answers(holds(frame, [Condition(column="storeys", op=op, value=4)])) == expect


def test_the_first_known_of_two_columns_is_read():
    frame = pd.DataFrame({"land": [200.0, np.nan, np.nan], "floor": [1.0, 200.0, np.nan]})
    wanted = Condition(column="land|floor", op=">=", value=150)
    assert answers(clause_holds(frame, wanted)) == [True, True, None]


def test_one_of_several_conditions_is_enough():
    frame = pd.DataFrame({"a": [1.0, 0.0, np.nan], "b": [np.nan, 0.0, 0.0]})
    either = AnyOf(
        any=(Condition(column="a", op="==", value=1), Condition(column="b", op="==", value=1))
    )
    assert answers(clause_holds(frame, either)) == [True, False, None]


def test_checks_fail_as_soon_as_one_does():
    verdict = by_conditions([truth(True, None, True), truth(True, False, None)], None, 3)
    assert OUTCOMES[verdict.code].tolist() == ["met", "short", "unknown"]
    assert verdict.severity.tolist()[:2] == [0.0, 0.5]
