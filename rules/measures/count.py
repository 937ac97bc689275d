"""Count: how many of something an estate has."""

import numpy as np
import pandas as pd

from rules.grammar import Count
from rules.lacking import Lacking
from rules.measured import Measured, all_unknown, bounds
from rules.measures.amount import amounts
from rules.model import Rule
from rules.situation import Situation
from rules.verdict import Verdict, by_threshold


def measure(situation: Situation, rule: Rule) -> Measured:
    """Count for every estate."""
    assert isinstance(rule.measure, Count)  # noqa: S101 - the registry sees to it
    lacking = Lacking(situation)
    low, high = amounts(situation, (rule.measure.of,), lacking)
    return Measured(
        fields=pd.DataFrame({"value_low": low, "value_high": high}),
        estate=np.arange(situation.size),
        empty=all_unknown(situation.size),
        lacking=lacking,
    )


def judge(rule: Rule, fields: pd.DataFrame) -> Verdict:
    """Hold the number against the rule."""
    return by_threshold(rule, *bounds(fields, "value"))
