"""Judged: one rule held against every estate, before it is put into words."""

from dataclasses import dataclass

import numpy as np

from geo.arrays import FloatArray
from rules.context import EvaluationContext
from rules.fold import Folded, fold
from rules.measured import Measured
from rules.measures import MEASURES
from rules.model import Rule
from rules.verdict import Verdict


@dataclass(frozen=True, eq=False)
class Judged:
    """
    What a rule found in n estates.

    Attributes
    ----------
    rule : Rule
        The rule.
    measured, verdict, folded : Measured, Verdict, Folded
        Members, what is said of them, and what that says of each estate.
    value : ndarray of float64, shape (n,)
        The estate's value in the rule's unit, NaN if unknown or without limit.
    """

    rule: Rule
    measured: Measured
    verdict: Verdict
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
    value = np.asarray(way.value(measured, verdict, folded), dtype=np.float64)
    return Judged(rule, measured, verdict, folded, value)
