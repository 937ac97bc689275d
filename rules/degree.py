"""
Degree: in a word, how a finding compares with what is required: 不足, 缺失, 超标, 超距, 不一致 ...

The one place where the word is chosen: sentences, page, tables, workbook and booklet show it.
"""

from math import isfinite

from layers.findings import DEGREE_LABELS, FAILING, STATEMENT_LABELS, Degree, Outcome, Statement
from rules import rounding
from rules.criterion import Criterion
from rules.grammar import Checklist, StepFree
from rules.model import Rule
from wording import Language, say

_SIGNS = {">=": "≥", "<=": "≤"}
_COUNTED = ("hh", "bay", "place", "bay/hh", "port/hh", "bed/1000", "seat/1000")
"""Units of which there are many or few, not much or little."""


def degree(rule: Rule, outcome: str, criterion: Criterion) -> Degree:
    """
    Return how a finding compares with what is required.

    Parameters
    ----------
    rule : Rule
        The rule that the estate was held against.
    outcome : str
        As in the findings frame.
    criterion : Criterion
        What the outcome rests on, as `rules.criterion.deciding` returns it.
    """
    if outcome not in FAILING:
        return Degree(outcome)
    if rule.measure.by == "agreement":
        return Degree.DISAGREE
    if rule.measure.by == "walk":
        return Degree.TOO_FAR if isfinite(criterion.value) else Degree.MISSING
    if criterion.comparison == "<=":
        return _too_much(criterion)
    if outcome == Outcome.MISSING:
        return Degree.MISSING
    return _too_little(rule, criterion)


def _too_little(rule: Rule, criterion: Criterion) -> Degree:
    if _is_demand(rule):
        return Degree.UNFIT
    return Degree.FEW if is_counted(criterion.unit) else Degree.SHORT


def is_counted(unit: str) -> bool:
    """Return whether a unit is one of which there are many or few, 不少于 rather than 不小于."""
    return unit in _COUNTED


def _is_demand(rule: Rule) -> bool:
    """Return whether a rule's demands are kept or not, of which there is no little or much."""
    measure = rule.measure
    if isinstance(measure, Checklist):
        return measure.upper_floors_above is None  # of lifts there are too few
    return isinstance(measure, StepFree)


def _too_much(criterion: Criterion) -> Degree:
    if criterion.leg == "without":
        return Degree.UNSERVED
    if criterion.limit == 0:
        return Degree.NONE_ALLOWED
    return Degree.MANY if is_counted(criterion.unit) else Degree.OVER


def degree_text(code: str, language: Language, *, is_marginal: bool) -> str:
    """
    Return the word that is shown of a finding: 不足, or 不足（临界）.

    Parameters
    ----------
    code : str
        Of `layers.findings.Degree`.
    language : {"zh", "en"}
        Of the word.
    is_marginal : bool
        Whether the verdict is open within the accuracy of the survey.
    """
    word = DEGREE_LABELS[code][language]
    if not is_marginal:
        return word
    marginal = STATEMENT_LABELS[Statement.MARGINAL][language]
    return say("common.with_detail", language, text=word, detail=marginal)


def demand_text(comparison: str, limit: float, unit: str, language: Language) -> str:
    """
    Return what is required of a figure: ≥ 300 m, 应为 0.

    Parameters
    ----------
    comparison : {">=", "<="}
        How a figure compares with the limit where the demand is met.
    limit : float
        In `unit`.
    unit : str
        A unit of the rulebook; "" is a share.
    language : {"zh", "en"}
        Of the words.
    """
    if comparison == "<=" and limit == 0:
        return DEGREE_LABELS[Degree.NONE_ALLOWED][language]
    return f"{_SIGNS[comparison]} {rounding.limit(limit, unit, language)}"
