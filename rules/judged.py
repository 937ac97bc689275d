"""Judged: one rule held against every estate, before it is put into words."""

from dataclasses import dataclass, replace

import numpy as np

from geo.arrays import FloatArray
from rules.context import EvaluationContext
from rules.fold import Folded, fold
from rules.measured import Measured
from rules.measures import MEASURES
from rules.model import Rule
from rules.statements import is_new_estate
from rules.verdict import NOT_APPLICABLE, UNKNOWN, MemberVerdicts


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
    """

    rule: Rule
    measured: Measured
    verdict: MemberVerdicts
    folded: Folded
    value: FloatArray


def judge(context: EvaluationContext, rule: Rule) -> Judged:
    """Measure every estate by a rule and judge it."""
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
    return Judged(rule, measured, verdict, folded, value)


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
