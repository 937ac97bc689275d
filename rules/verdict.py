"""
Verdicts: from what was measured to met, short, missing, unknown or not applicable.

The same functions judge a district and run the rulebook's self-tests. What is not known is an
interval (or an unknown truth value); a verdict falls only when every value it may have agrees, so
removing a datum can turn any verdict into unknown but never into missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.arrays import BoolArray, FloatArray, IntArray
from layers.findings import Outcome
from rules.model import Rule
from rules.selection import Clause, Condition
from rules.truth import Truth

NOT_APPLICABLE, MET, UNKNOWN, SHORT, MISSING = range(5)
"""Codes of outcomes, in the order in which one member outweighs another."""

OUTCOMES = np.array(
    [Outcome.NOT_APPLICABLE, Outcome.MET, Outcome.UNKNOWN, Outcome.SHORT, Outcome.MISSING],
    dtype=object,
)
SAME = 1e-9
"""Values this close to a limit, relative to it, equal it: sums differ in the last digits."""


@dataclass(frozen=True, eq=False)
class MemberVerdicts:
    """
    What is said of n members.

    Attributes
    ----------
    code : ndarray of int64, shape (n,)
        `NOT_APPLICABLE` ... `MISSING`.
    value : ndarray of float64, shape (n,)
        The value judged: where the true one is not known, the best it can be if failing, the worst
        if met; NaN if unknown.
    severity : ndarray of float64, shape (n,)
        g of the rulebook's scoring, 0 (met) to 1; NaN if unknown or not applicable.
    """

    code: IntArray
    value: FloatArray
    severity: FloatArray


def by_threshold(
    rule: Rule, low: FloatArray, high: FloatArray, applies: Truth | None = None
) -> MemberVerdicts:
    """
    Hold intervals against a rule's threshold.

    Parameters
    ----------
    rule : Rule
        With `op` and `value`.
    low, high : ndarray of float64, shape (n,)
        The least and the most the value can be, in the rule's unit; equal where it is known.
    applies : Truth, shape (n,), optional
        Whether the rule applies to each member; to all if left out.
    """
    best, worst = (high, low) if rule.op == ">=" else (low, high)
    code_best, severity_best = _graded(rule, best)
    code_worst, _ = _graded(rule, worst)
    code = np.where(code_worst == MET, MET, np.where(code_best == MET, UNKNOWN, code_best))
    value = np.where(code == MET, worst, best)
    severity = np.where(code == MET, 0.0, severity_best)
    return _where_it_applies(code, value, severity, applies)


def _graded(rule: Rule, m: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return outcome and severity of exact values."""
    assert rule.value is not None  # noqa: S101 - rules.model requires it
    limit, slack = rule.value, SAME * max(1.0, abs(rule.value))
    if rule.op == ">=":
        met, missing = m >= limit - slack, m <= 0
        severity = (limit - m) / (limit or 1.0)
    else:
        beyond = 2 * limit if rule.missing_beyond is None else rule.missing_beyond
        met = m <= limit + slack
        missing = m > (np.finfo(float).max if rule.missing_beyond is None else beyond + slack)
        severity = (m - limit) / ((beyond - limit) or 1.0)
    code = np.where(met, MET, np.where(missing, MISSING, SHORT))
    return code, np.where(met, 0.0, np.clip(severity, 0.0, 1.0))


def by_conditions(checks: Sequence[Truth], applies: Truth | None, failing: int) -> MemberVerdicts:
    """
    Ask whether every check holds where the rule applies.

    Parameters
    ----------
    checks : sequence of Truth, each of shape (n,)
        True, false or unknown.
    applies : Truth, shape (n,), or None
        Whether the rule applies; to all if None.
    failing : int
        Code of what fails, `SHORT` or `MISSING`.

    Returns
    -------
    MemberVerdicts
        `value` is the share of checks known to hold, `severity` the share known to fail.
    """
    failed = np.mean([check.no for check in checks], axis=0)
    held = np.mean([check.yes for check in checks], axis=0)
    code = np.where(failed > 0, failing, np.where(held == 1, MET, UNKNOWN))
    return _where_it_applies(code, held, failed, applies)


def _where_it_applies(
    code: IntArray, value: FloatArray, severity: FloatArray, applies: Truth | None
) -> MemberVerdicts:
    """Take back verdicts on members to which the rule does not, or may not, apply."""
    if applies is not None:
        code = np.where(applies.open & (code > MET), UNKNOWN, code)
        code = np.where(applies.no, NOT_APPLICABLE, code)
    decided = (code == MET) | (code >= SHORT)
    return MemberVerdicts(
        code.astype(np.int64),
        np.where(decided, value, np.nan),
        np.where(decided, severity, np.nan),
    )


def holds(frame: pd.DataFrame, clauses: Sequence[Clause]) -> Truth:
    """
    Ask of every row whether all clauses hold.

    Parameters
    ----------
    frame : pandas.DataFrame, n rows
        With every column the clauses read.
    clauses : sequence of Clause
        None at all hold.
    """
    answer = Truth.known(np.ones(len(frame), dtype=bool))
    for clause in clauses:
        answer &= clause_holds(frame, clause)
    return answer


def clause_holds(frame: pd.DataFrame, clause: Clause) -> Truth:
    """
    Ask one clause of every row.

    Parameters
    ----------
    frame : pandas.DataFrame, n rows
        With every column the clause reads; missing cells make the answer unknown.
    clause : Clause
        One condition, or several of which one is enough.

    Returns
    -------
    Truth, shape (n,)
    """
    if isinstance(clause, Condition):
        return _condition_holds(frame, clause)
    answer = Truth.known(np.zeros(len(frame), dtype=bool))
    for condition in clause.any:
        answer |= _condition_holds(frame, condition)
    return answer


def asked_of(frame: pd.DataFrame, condition: Condition) -> pd.Series:
    """
    Return what a condition asks of every row: of several columns the first that is known.

    Parameters
    ----------
    frame : pandas.DataFrame, n rows
        With every column the condition reads.
    condition : Condition
        On one column or several.

    Returns
    -------
    pandas.Series, shape (n,)
        NA where none is known.
    """
    first, *others = condition.columns
    values = frame[first]
    for name in others:
        values = values.where(values.notna(), frame[name])
    return values


def _condition_holds(frame: pd.DataFrame, condition: Condition) -> Truth:
    values = asked_of(frame, condition)
    known = values.notna().to_numpy(dtype=bool)
    answer = np.zeros(len(values), dtype=bool)
    answer[known] = _compared(values[known].to_numpy(), condition)
    return Truth(answer, known & ~answer)


def _compared(values: npt.NDArray[Any], condition: Condition) -> BoolArray:
    if condition.op == "==":
        return np.asarray(values == condition.value, dtype=bool)
    numbers, limit = values.astype(np.float64), float(condition.value)
    slack = SAME * max(1.0, abs(limit))
    compare: dict[str, BoolArray] = {
        ">=": numbers >= limit - slack,
        ">": numbers > limit + slack,
        "<=": numbers <= limit + slack,
        "<": numbers < limit - slack,
    }
    return compare[condition.op]
