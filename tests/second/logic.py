"""Answers that may be unknown, numbers that may be unknown, and what a threshold says of them."""

import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

Answer = bool | None  # None: nobody knows
Row = Mapping[str, Any]  # a row of a layer; None where unknown
Clause = Sequence[Any] | Mapping[str, Any]

COMPARE = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
}


class Interval(NamedTuple):
    """The least and the most that a number can be; equal where it is known."""

    low: float
    high: float


class Verdict(NamedTuple):
    """What is said of an estate, or of a member; `excess` is by how much more than allowed."""

    outcome: str
    value: float = math.nan
    excess: float = -math.inf


UNKNOWN = Verdict("unknown")
NOT_APPLICABLE = Verdict("not_applicable")
FAILING = ("short", "missing")
RANK = ("not_applicable", "met", "unknown", "short", "missing")
ANYTHING = Interval(-math.inf, math.inf)


def every(answers: Iterable[Answer]) -> Answer:
    """Return whether all hold: one no denies, else one unknown leaves it open."""
    found = set(answers)
    return False if False in found else None if None in found else True


def either(answers: Iterable[Answer]) -> Answer:
    """Return whether one holds: one yes is enough, else one unknown leaves it open."""
    found = set(answers)
    return True if True in found else None if None in found else False


def holds(row: Row, clauses: Iterable[Clause]) -> Answer:
    """Return whether all clauses hold of a row."""
    return every(_clause_holds(row, clause) for clause in clauses)


def _clause_holds(row: Row, clause: Clause) -> Answer:
    if isinstance(clause, Mapping):
        return either(_clause_holds(row, one) for one in clause["any"])
    names, comparison, wanted = clause
    known = [row[name] for name in names.split("|") if row.get(name) is not None]
    return COMPARE[comparison](known[0], wanted) if known else None


def number(value: float | None) -> Interval:
    """Return a cell as an interval: anything where nobody wrote it down."""
    return ANYTHING if value is None else Interval(value, value)


def by_threshold(rule: Row, interval: Interval) -> Verdict:
    """Hold an interval against a rule: a verdict falls where both its ends agree."""
    at_least = rule["op"] == ">="
    best, worst = reversed(interval) if at_least else interval
    kindest, harshest = _graded(rule, best), _graded(rule, worst)
    if harshest.outcome == "met":
        return harshest
    return UNKNOWN if kindest.outcome == "met" else kindest


def _graded(rule: Row, m: float) -> Verdict:
    threshold, beyond = rule["value"], rule.get("missing_beyond")
    at_least = rule["op"] == ">="
    excess = threshold - m if at_least else m - threshold
    if COMPARE[rule["op"]](m, threshold):
        return Verdict("met", m, excess)
    is_missing = m <= 0 if at_least else m > (math.inf if beyond is None else beyond)
    return Verdict("missing" if is_missing or math.isinf(m) else "short", m, excess)


def by_checks(answers: Sequence[Answer], failing: str = "short") -> Verdict:
    """Return the verdict on a member of which every check must hold."""
    answer = every(answers)
    if answer is None:
        return UNKNOWN
    held, failed = answers.count(True) / len(answers), answers.count(False) / len(answers)
    return Verdict("met" if answer else failing, held, failed)


def where(applies: Answer, verdict: Verdict) -> Verdict:
    """Return the verdict on a member that is, is not or may be asked: who would pass, passes."""
    if applies is False:
        return NOT_APPLICABLE
    return UNKNOWN if applies is None and verdict.outcome in FAILING else verdict


def worst_of(verdicts: Sequence[Verdict], *, otherwise: Verdict = UNKNOWN) -> Verdict:
    """Return the verdict of the worst member; one unknown takes back what would else be met."""
    return max(verdicts, key=badness, default=otherwise)


def badness(verdict: Verdict) -> tuple[float, ...]:
    return RANK.index(verdict.outcome), verdict.excess


def over(of: float, per: float) -> float:
    """Return a quotient; 0/0 is 0."""
    if of == 0:
        return 0.0
    return of / per if per else math.inf
