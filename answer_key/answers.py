"""
Answers: one row of the key for an estate and a rule, and how rows follow from the planting.

An answer says what the rules must find and how that is known. It never comes from `rules.evaluate`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from answer_key.grades import Case, Grade, Planted, Ticked

LABELS = {
    Case.BAD: "positive",
    Case.GOOD: "negative",
    Case.JUST_MET: "near",
    Case.JUST_FAILED: "near",
}
FAILING = (Case.BAD, Case.JUST_FAILED)
_PLANTED_TO = 5e-4  # coordinates are kept to 0.1 mm
DATES = ("2023-04-01", "2026-11-23")
"""The first day of the plan's works, and a day after the lift rule of 2025 came into force."""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What a rule must say of an estate.

    Attributes
    ----------
    estate : int
        Position in the roster.
    rule_id : str
    case : str
        "positive" (a gap), "negative" (none) or "near" (planted at the threshold).
    expect : str
        Outcome.
    value : float
        What must be measured, NaN where the rule reports none or several readings are possible.
    how : str
        How the answer is known.
    tolerance : float
        Of the value.
    """

    estate: int
    rule_id: str
    case: str
    expect: str
    value: float
    how: str
    tolerance: float = 1e-6


def planted_answers(planted: Planted, how: str = "planted value") -> Iterator[Answer]:
    """Answer by the worst value that was planted at every estate."""
    for estate, (case, value) in enumerate(zip(planted.cases, planted.values, strict=True)):
        if case in LABELS:
            expect = "short" if case in FAILING else "met"
            answer = _graded(planted.grade, estate, Case(case), expect, float(value), how)
            yield replace(answer, tolerance=_PLANTED_TO)


def ticked_answers(ticked: Ticked, *, is_share: bool) -> Iterator[Answer]:
    """Answer by the members ticked: their share if the rule measures it, else whether all are."""
    for estate, (case, share) in enumerate(zip(ticked.cases, ticked.share, strict=True)):
        if case in LABELS:
            failed = "missing" if is_share and share == 0 else "short"
            expect = failed if case in FAILING else "met"
            value = float(share) if is_share else np.nan
            yield _graded(ticked.grade, estate, Case(case), expect, value, "planted checks counted")


def is_enough(value: float, at_least: float) -> bool:
    """Return whether a quotient reaches a figure, but for the last digits of a sum."""
    return round(float(value), 9) >= at_least


def compare(
    rule_id: str,
    values: Sequence[float] | np.ndarray,
    *,
    at_least: float,
    near: Sequence[int] | np.ndarray,
    how: str,
) -> Iterator[Answer]:
    """Answer for a ratio that must be at least so much; NaN values are left out, 0 is missing."""
    near_ones = {int(estate) for estate in near}
    for estate, value in enumerate(np.asarray(values, dtype=float)):
        if np.isnan(value):
            continue
        met = is_enough(value, at_least)
        case = "near" if estate in near_ones else ("negative" if met else "positive")
        expect = "met" if met else ("missing" if value == 0 else "short")
        yield Answer(estate, rule_id, case, expect, float(value), how)


def _graded(grade: Grade, estate: int, case: Case, expect: str, value: float, how: str) -> Answer:
    return Answer(estate, grade.rule_id, LABELS[case], expect, value, how)
