"""
Ways of measuring, one module each: what a rule's ``measure.by`` names.

Every way says what it reads of a district (`reads`), measures it (`measure`) and judges what was
measured (`judge`); the rulebook's self-tests are judged by the same function. A new way of
measuring is a module here, a model in `rules.grammar` and a line below.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.arrays import FloatArray
from rules.context import EvaluationContext
from rules.fold import Folded
from rules.measured import Measured
from rules.measures import (
    adequacy,
    age,
    agreement,
    area,
    attribute,
    checklist,
    clear_width,
    count,
    coverage,
    obstruction,
    places,
    ratio,
    step_free,
    walk,
)
from rules.model import Book, Rule
from rules.reads import ESTATES, PEOPLE, Reads, dates_of, rows_read
from rules.verdict import MemberVerdicts

Judge = Callable[[Rule, pd.DataFrame], MemberVerdicts]
MeasureNear = Callable[[EvaluationContext, Rule], Measured | None]
Value = Callable[[Measured, MemberVerdicts, Folded], FloatArray]


def _picked(measured: Measured, verdict: MemberVerdicts, folded: Folded) -> FloatArray:  # noqa: ARG001
    """Return the value of the deciding member."""
    return folded.value


def _no_catchment(context: EvaluationContext, rule: Rule) -> Measured | None:  # noqa: ARG001
    """Return None: no walk decides which places count."""
    return None


@dataclass(frozen=True)
class Method:
    """
    A way of measuring; every module of this package has these functions.

    Attributes
    ----------
    reads : callable of (Rule, Book)
        Returns what in a district the findings depend on.
    measure : callable of (EvaluationContext, Rule)
        Returns `Measured`: the m members of the n estates, and what the verdict reads of them.
    judge : callable of (Rule, pandas.DataFrame)
        Returns `MemberVerdicts`, shape (m,), of the fields of `Measured`, or of a self-test; a
        field that is not there is unknown.
    value : callable of (Measured, MemberVerdicts, Folded)
        Returns the estates' values, shape (n,), in the rule's unit, NaN unknown; the deciding
        member's if left out.
    measure_near : callable of (EvaluationContext, Rule)
        Returns the same as `measure` with every walk as uncertain as it is drawn, None where no
        walk is near the limit within which places count, or where none decides.
    """

    reads: Callable[[Rule, Book], Reads]
    measure: Callable[[EvaluationContext, Rule], Measured]
    judge: Judge
    value: Value = _picked
    measure_near: MeasureNear = _no_catchment


MEASURES: dict[str, Method] = {
    "walk": Method(walk.reads, walk.measure, walk.judge),
    "ratio": Method(ratio.reads, ratio.measure, ratio.judge),
    "adequacy": Method(
        adequacy.reads, adequacy.measure, adequacy.judge, measure_near=adequacy.measure_near
    ),
    "attribute": Method(attribute.reads, attribute.measure, attribute.judge),
    "clearance": Method(attribute.reads, attribute.measure, attribute.judge),
    "area": Method(area.reads, area.measure, area.judge, measure_near=area.measure_near),
    "places": Method(places.reads, places.measure, places.judge, measure_near=places.measure_near),
    "coverage": Method(coverage.reads, coverage.measure, coverage.judge),
    "step_free": Method(step_free.reads, step_free.measure, step_free.judge, checklist.value),
    "obstruction": Method(obstruction.reads, obstruction.measure, obstruction.judge),
    "clear_width": Method(clear_width.reads, clear_width.measure, clear_width.judge),
    "count": Method(count.reads, count.measure, count.judge),
    "agreement": Method(agreement.reads, agreement.measure, agreement.judge),
    "age": Method(age.reads, age.measure, age.judge, age.value),
    "checklist": Method(
        checklist.reads,
        checklist.measure,
        checklist.judge,
        checklist.value,
        checklist.measure_near,
    ),
}
"""Every way but ``reference``, by which nothing is judged."""


def reads(rule: Rule, book: Book) -> Reads:
    """Return everything in a district that a rule's findings depend on."""
    built = rows_read("estates", (), ("built_year",)) if rule.new_estates_only else frozenset()
    own = MEASURES[rule.measure.by].reads(rule, book)
    return ESTATES | PEOPLE | built | own | dates_of(own)


def sample(rule: Rule, m: float | dict[str, bool | float | str]) -> pd.DataFrame:
    """Return a self-test's measurement as the one row that the rule's verdict reads."""
    if isinstance(m, dict):
        renamed = {"distance" if name == "distance_m" else name: value for name, value in m.items()}
        return pd.DataFrame([renamed])
    if rule.measure.by == "ratio":
        return pd.DataFrame({"of": [m], "per": [1.0], "distance": [np.inf]})
    return pd.DataFrame({"value": [m]})
