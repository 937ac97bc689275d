"""Judged: one rule held against every estate, before it is put into words."""

from dataclasses import dataclass, replace

import numpy as np

from geo.arrays import BoolArray, FloatArray
from rules.context import EvaluationContext
from rules.fold import Folded, fold
from rules.grouping import counted
from rules.margin import moved
from rules.measured import Measured
from rules.measures import MEASURES
from rules.model import Rule
from rules.statements import is_new_estate
from rules.verdict import MET, NOT_APPLICABLE, SHORT, UNKNOWN, MemberVerdicts


@dataclass(frozen=True, eq=False)
class Judged:
    """
    What a rule found in n estates.

    Attributes
    ----------
    rule : Rule
        The rule.
    measured, verdict, folded : Measured, MemberVerdicts, Folded
        Members, what is said of them, and what that says of each estate.
    value : ndarray of float64, shape (n,)
        The estate's value in the rule's unit, NaN if unknown or without limit.
    is_marginal : ndarray of bool, shape (n,)
        Whether limits moved by the accuracy of the survey give another outcome.
    """

    rule: Rule
    measured: Measured
    verdict: MemberVerdicts
    folded: Folded
    value: FloatArray
    is_marginal: BoolArray


def judge(context: EvaluationContext, rule: Rule) -> Judged:
    """
    Measure every estate by a rule and judge it.

    Parameters
    ----------
    context : EvaluationContext
        A district of n estates, a book and a day.
    rule : Rule
        One by which estates are judged, in force or not.
    """
    way = MEASURES[rule.measure.by]
    measured = way.measure(context, rule)
    verdict = way.judge(rule, measured.fields)
    folded = fold(
        measured,
        verdict,
        context.rows("estates").numbers("households"),
        larger_is_worse=rule.op == "<=",
    )
    if rule.new_estates_only:
        folded = _of_new_estates(context, rule, measured, folded)
    value = np.asarray(way.value(measured, verdict, folded), dtype=np.float64)
    return Judged(
        rule, measured, verdict, folded, value, _marginal(context, rule, measured, folded)
    )


def _marginal(
    context: EvaluationContext, rule: Rule, measured: Measured, folded: Folded
) -> BoolArray:
    """Return where what is met may truly fail, or what fails may truly be met, shape (n,)."""
    way, book = MEASURES[rule.measure.by], context.book
    near = way.measure_near(context, rule)
    strict, lenient = (moved(rule, book, stricter=stricter) for stricter in (True, False))
    if near is None and strict is None and lenient is None:
        return np.zeros(len(folded.code), dtype=bool)
    drawn = measured if near is None else near
    hard, easy = (way.judge(one or rule, drawn.fields).code for one in (strict, lenient))
    held = (easy == MET) | (easy == UNKNOWN)
    if drawn.is_best:  # one member is enough
        sure = True if drawn.is_sure is None else drawn.is_sure
        lost = ~_any(drawn, (hard == MET) & sure, folded)
        saved = _any(drawn, held, folded)
    else:
        lost = _any(drawn, hard > MET, folded)
        saved = ~_any(drawn, easy >= SHORT, folded)
    open_to = (folded.code == MET) & lost | (folded.code >= SHORT) & saved
    return np.asarray(open_to, dtype=np.bool_)


def _any(measured: Measured, which: BoolArray, folded: Folded) -> BoolArray:
    """Return the estates that have such a member, shape (n,)."""
    return np.asarray(counted(measured.estate[which], len(folded.code)) > 0, dtype=np.bool_)


def _of_new_estates(
    context: EvaluationContext, rule: Rule, measured: Measured, folded: Folded
) -> Folded:
    """Take the verdicts back on estates that were not, or may not have been, built under it."""
    estates = context.rows("estates")
    years = estates.numbers("built_year")
    unknown = np.isnan(years)
    new = [
        not lost and is_new_estate(rule, int(year))
        for year, lost in zip(years, unknown, strict=True)
    ]
    measured.lacking.columns(estates, ("built_year",), unknown)
    asked = np.array(new, dtype=bool)
    return replace(
        folded,
        code=np.where(asked, folded.code, np.where(unknown, UNKNOWN, NOT_APPLICABLE)),
        value=np.where(asked, folded.value, np.nan),
        severity=np.where(asked, folded.severity, np.nan),
        pick=np.where(asked, folded.pick, -1),
        failing=np.where(asked, folded.failing, 0),
        unknown=np.where(asked, folded.unknown, 0),
        members=np.where(asked, folded.members, 0),
        exposed=np.where(asked, folded.exposed, np.nan),
    )
