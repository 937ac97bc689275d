"""
Ways of measuring, one module each: what a rule's ``measure.by`` names.

Every way measures a district (`measure`) and judges what was measured (`judge`); the rulebook's
self-tests are judged by the same function. A new way of measuring is a module here, a model in
`rules.grammar` and a line below.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.arrays import FloatArray
from rules.fold import Folded
from rules.measured import Measured
from rules.measures import (
    adequacy,
    age,
    area,
    attribute,
    checklist,
    count,
    ratio,
    walk,
)
from rules.model import Rule
from rules.situation import Situation
from rules.verdict import Verdict

Judge = Callable[[Rule, pd.DataFrame], Verdict]
Value = Callable[[Measured, Verdict, Folded], FloatArray]


def _picked(measured: Measured, verdict: Verdict, folded: Folded) -> FloatArray:  # noqa: ARG001
    """Return the value of the deciding member."""
    return folded.value


@dataclass(frozen=True)
class Way:
    """How to measure, how to judge, and what an estate's value is."""

    measure: Callable[[Situation, Rule], Measured]
    judge: Judge
    value: Value = _picked


WAYS: dict[str, Way] = {
    "walk": Way(walk.measure, walk.judge),
    "ratio": Way(ratio.measure, ratio.judge),
    "adequacy": Way(adequacy.measure, adequacy.judge),
    "attribute": Way(attribute.measure, attribute.judge),
    "clearance": Way(attribute.measure, attribute.judge),
    "area": Way(area.measure, area.judge),
    "count": Way(count.measure, count.judge),
    "age": Way(age.measure, age.judge, age.value),
    "checklist": Way(checklist.measure, checklist.judge, checklist.value),
}
"""Every way but ``reference``, by which nothing is judged."""


def sample(rule: Rule, m: float | dict[str, bool | float | str]) -> pd.DataFrame:
    """Return a self-test's measurement as the one row that the rule's verdict reads."""
    if isinstance(m, dict):
        renamed = {"distance" if name == "distance_m" else name: value for name, value in m.items()}
        return pd.DataFrame([renamed])
    if rule.measure.by == "ratio":
        return pd.DataFrame({"of": [m], "per": [1.0], "distance": [np.inf]})
    return pd.DataFrame({"value": [m]})
