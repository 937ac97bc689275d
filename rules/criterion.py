"""
Criterion: the figure that an outcome rests on, and what it is compared with.

Most rules compare one value with one threshold. Some ask for more (a least amount in all, a
greatest share of people with no place, a further distance), or accept a walk instead. Where such a
leg decided, its own value and limit are shown: no printed figure contradicts the outcome.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite, nan
from typing import Literal

import layers
from layers.findings import FAILING, UNIT_LABELS, Outcome
from rules.grammar import Adequacy, Attribute, Ratio
from rules.model import Rule
from rules.selection import VIRTUAL, Clause, Condition, Quantity
from rules.sharing import Share
from rules.verdict import SAME
from wording import Text, text

Comparison = Literal[">=", "<="]


@dataclass(frozen=True, slots=True)
class Criterion:
    """
    A measured value and its limit.

    Attributes
    ----------
    value, limit : float
        In `unit`; NaN is unknown or without limit.
    comparison : {">=", "<="}
        How the two compare where the criterion is met.
    unit : str
        A unit of the rulebook.
    metric : Text
        What is measured.
    leg : {"own", "column", "total", "walk", "without", "condition"}
        The rule's own threshold, the same by one of several columns, or which other part of the
        rule decided.
    """

    value: float
    comparison: Comparison
    limit: float
    unit: str
    metric: Text
    leg: Literal["own", "column", "total", "walk", "without", "condition"] = "own"

    @property
    def is_met(self) -> bool:
        """Whether the value keeps to the limit, NaN never."""
        slack = SAME * max(1.0, abs(self.limit))
        if self.comparison == ">=":
            return self.value >= self.limit - slack
        return self.value <= self.limit + slack


@dataclass(frozen=True, slots=True)
class Legs:
    """
    What was measured for the further demands of a rule, as in the findings frame.

    Attributes
    ----------
    leg_value : float
        In the unit of the leg, NaN where there is none.
    walked_m : float
        The walk that will do instead [m], inf where there is none, NaN for other rules.
    column : int
        Which of the rule's columns is the worst, -1 where it has one at most.
    sharing, failed : str or None
        As `rules.sharing` and `failures` read them.
    """

    leg_value: float = nan
    walked_m: float = nan
    column: int = -1
    sharing: str | None = None
    failed: str | None = None


def deciding(rule: Rule, outcome: str, value: float, legs: Legs) -> Criterion:
    """
    Return the criterion that an outcome rests on.

    Parameters
    ----------
    rule : Rule
        The rule that an estate was held against.
    outcome : str
        As in the findings frame.
    value : float
        In the rule's unit, NaN unknown.
    legs : Legs
        What was measured beside it.

    Returns
    -------
    Criterion
        The rule's own where it agrees with the outcome, or where no other leg is known.
    """
    own_leg, measure = _own_by_column(own(rule, value), rule, legs.column), rule.measure
    if outcome == Outcome.MET and isinstance(measure, Ratio) and measure.or_walk is not None:
        far = measure.or_walk.within_m
        walk = Criterion(
            legs.walked_m, "<=", far, "m", text("leg.walk", metric=rule.metric), "walk"
        )
        return walk if walk.is_met and not own_leg.is_met else own_leg
    if outcome not in FAILING or (isfinite(value) and not own_leg.is_met):
        return own_leg
    leg = _further(rule, legs)
    return own_leg if leg is None or leg.is_met else leg


def own(rule: Rule, value: float) -> Criterion:
    """
    Return the rule's own threshold with a value in its unit, NaN unknown.

    Parameters
    ----------
    rule : Rule
        Any rule that judges.
    value : float
        In the rule's unit; NaN unknown.
    """
    return Criterion(value, rule.comparison, rule.threshold, rule.unit, rule.metric)


def _own_by_column(own_leg: Criterion, rule: Rule, column: int) -> Criterion:
    """Return the rule's own leg under the name of the column that is the worst of several."""
    if column < 0 or not isinstance(rule.measure, Attribute):
        return own_leg
    named = layers.ALL[rule.measure.layer].column(rule.measure.columns[column])
    return replace(own_leg, metric=Text(named.label_zh, named.label_en), leg="column")


def _further(rule: Rule, legs: Legs) -> Criterion | None:
    """Return the further demand of a rule that was not met."""
    measure = rule.measure
    if isinstance(measure, Ratio) and measure.min_of is not None:
        named = text("leg.total", metric=rule.metric)
        return Criterion(legs.leg_value, ">=", measure.min_of, total_unit(measure), named, "total")
    if isinstance(measure, Adequacy) and legs.sharing is not None:
        named, lost = text("leg.without", metric=rule.metric), Share.read(legs.sharing).without
        return Criterion(lost, "<=", measure.most_without, "", named, "without")
    if isinstance(measure, Attribute) and isfinite(legs.leg_value):
        for place, _ in failures(legs.failed):
            return _of_condition(measure.layer, measure.also[place], legs.leg_value)
    return None


def _of_condition(layer: str, clause: Clause, value: float) -> Criterion | None:
    """Return a further condition on a number as a criterion."""
    if not isinstance(clause, Condition) or clause.op not in (">=", "<="):
        return None
    column = layers.ALL[layer].column(clause.columns[0])
    named, unit = Text(column.label_zh, column.label_en), unit_of(layer, column.name)
    comparison: Comparison = ">=" if clause.op == ">=" else "<="
    return Criterion(value, comparison, float(clause.value), unit, named, "condition")


def has_legs(rule: Rule) -> bool:
    """
    Return whether another leg than the rule's own threshold can decide.

    Parameters
    ----------
    rule : Rule
        Any rule.
    """
    measure = rule.measure
    if isinstance(measure, Ratio):
        return measure.min_of is not None or measure.or_walk is not None
    if isinstance(measure, Attribute):
        return bool(measure.also) or len(measure.columns) > 1
    return isinstance(measure, Adequacy) and measure.most_without < 1


def total_unit(measure: Ratio) -> str:
    """
    Return the unit of what a ratio divides: places where rows are counted.

    Parameters
    ----------
    measure : Ratio
        A rule's way of measuring.
    """
    total: Quantity = measure.of[0]
    return unit_of(total.layer, total.sum) if total.sum else "place"


def unit_of(layer: str, column: str) -> str:
    """
    Return the unit of the rulebook in which a column is stated or measured, "place" if none.

    Parameters
    ----------
    layer : str
        Name of the layer.
    column : str
        One of its columns, or of `rules.selection.VIRTUAL`.
    """
    if column in VIRTUAL.get(layer, ()):
        return "m2" if column.endswith("_m2") else "m"
    label = layers.ALL[layer].column(column).unit
    return next(
        (unit for unit, known in UNIT_LABELS.items() if known.zh == label and unit), "place"
    )


def failures(failed: str | None) -> Iterator[tuple[int, int]]:
    """
    Yield the place in the rule of each condition that fails, and how many members fail it.

    Parameters
    ----------
    failed : str or None
        As in the findings frame: "0*3 2*1"; None where no condition fails.

    Yields
    ------
    place, count : int, int
        Position of the condition among those of the rule, and members that fail it.
    """
    for code in (failed or "").split():
        place, _, count = code.partition("*")
        yield int(place), int(count)
