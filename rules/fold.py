"""
Fold: many members of an estate become its one finding.

The worst member decides (of several facilities in reach, the best). One that fails for sure makes
the estate fail, however many others are unknown; an unknown one takes back what would else be met.
"""

from dataclasses import dataclass

import numpy as np

from geo.arrays import FloatArray, IntArray
from rules.grouping import added, counted
from rules.measured import Measured
from rules.verdict import MET, MISSING, NOT_APPLICABLE, SHORT, UNKNOWN, MemberVerdicts

_BEST_RANK = np.array([0, 4, 3, 2, 1])  # n/a, met, unknown, short, missing: the higher, the better


@dataclass(frozen=True, eq=False)
class Folded:
    """
    One line for each of n estates.

    Attributes
    ----------
    code : ndarray of int64, shape (n,)
        Outcome.
    value, severity : ndarray of float64, shape (n,)
        Of the deciding member; NaN if unknown or not applicable.
    pick : ndarray of int64, shape (n,)
        The deciding member, -1 if the estate has none.
    failing, unknown, members : ndarray of int64, shape (n,)
        Members that fail, that are unknown, and to which the rule applies or may apply.
    exposed : ndarray of float64, shape (n,)
        Households behind failing members, NaN unknown.
    """

    code: IntArray
    value: FloatArray
    severity: FloatArray
    pick: IntArray
    failing: IntArray
    unknown: IntArray
    members: IntArray
    exposed: FloatArray


def fold(
    measured: Measured, verdict: MemberVerdicts, households: FloatArray, *, larger_is_worse: bool
) -> Folded:
    """
    Fold members into estates.

    Parameters
    ----------
    measured : Measured
        m members of n estates.
    verdict : MemberVerdicts
        What is said of each member.
    households : ndarray of float64, shape (n,)
        Households of each estate, NaN unknown.
    larger_is_worse : bool
        Which of several met members is the one to name.
    """
    size = len(households)
    pick = _deciding(measured, verdict, size, larger_is_worse=larger_is_worse)
    has = pick >= 0
    code = np.where(has, verdict.code[pick] if len(verdict.code) else UNKNOWN, measured.empty)
    code = np.where(measured.open_ended & (code >= SHORT), UNKNOWN, code)
    decided = has & ((code == MET) | (code >= SHORT))
    counts = [
        counted(measured.estate[mask], size)
        for mask in (
            verdict.code >= SHORT,
            verdict.code == UNKNOWN,
            verdict.code != NOT_APPLICABLE,
        )
    ]
    return Folded(
        code=code.astype(np.int64),
        value=_picked(verdict.value, pick, decided),
        severity=np.where(~has & (code == MISSING), 1.0, _picked(verdict.severity, pick, decided)),
        pick=pick,
        failing=counts[0],
        unknown=counts[1],
        members=counts[2],
        exposed=_exposed(measured, verdict, households, code),
    )


def _deciding(
    measured: Measured, verdict: MemberVerdicts, size: int, *, larger_is_worse: bool
) -> IntArray:
    """Return the deciding member of each estate: of several alike one with a value, the first."""
    most = np.finfo(float).max
    worse = np.nan_to_num(
        verdict.value if larger_is_worse else -verdict.value, nan=-most, posinf=most
    )
    severity = np.nan_to_num(verdict.severity)
    first = -np.arange(len(verdict.code))
    rank = (
        (first, -worse, -severity, _BEST_RANK[verdict.code])
        if measured.is_best
        else (first, worse, severity, verdict.code)
    )
    order = np.lexsort((*rank, measured.estate))
    owner = measured.estate[order]
    last = np.append(owner[1:] != owner[:-1], True) if len(owner) else np.empty(0, dtype=bool)
    pick = np.full(size, -1, dtype=np.int64)
    pick[owner[last]] = order[last]
    return pick


def _picked(values: FloatArray, pick: IntArray, decided: np.ndarray) -> FloatArray:
    chosen = np.full(len(pick), np.nan)
    chosen[decided] = values[pick[decided]]
    return np.where(np.isfinite(chosen), chosen, np.nan)


def _exposed(
    measured: Measured, verdict: MemberVerdicts, households: FloatArray, code: IntArray
) -> FloatArray:
    """Return households behind failing members; all of the estate's where members have none."""
    fails = code >= SHORT
    if measured.households is None:
        return np.where(fails, households, np.where(code == MET, 0.0, np.nan))
    bad = verdict.code >= SHORT
    behind = added(measured.estate[bad], measured.households[bad], len(households))
    return np.where(fails | (code == MET), behind, np.nan)
