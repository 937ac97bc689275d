"""Count: how many of something an estate has."""

import numpy as np
import pandas as pd

from rules.context import EvaluationContext
from rules.grammar import Count
from rules.lacking import Lacking
from rules.measured import Measured, all_unknown, bounds
from rules.measures.amount import amounts, amounts_read
from rules.model import Book, Rule
from rules.reads import Reads
from rules.verdict import MemberVerdicts, by_threshold


def reads(rule: Rule, book: Book) -> Reads:  # noqa: ARG001 - as every way is asked
    """Return what the number depends on."""
    assert isinstance(rule.measure, Count)  # noqa: S101 - guaranteed by the MEASURES registry
    return amounts_read(rule.measure.of)


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Count for every estate."""
    assert isinstance(rule.measure, Count)  # noqa: S101 - guaranteed by the MEASURES registry
    lacking = Lacking(context)
    low, high = amounts(context, rule.measure.of, lacking)
    return Measured(
        fields=pd.DataFrame({"value_low": low, "value_high": high}),
        estate=np.arange(context.size),
        empty=all_unknown(context.size),
        lacking=lacking,
    )


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Hold the number against the rule."""
    return by_threshold(rule, *bounds(fields, "value"))
