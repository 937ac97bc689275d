"""Walk: the walking distance from the worst unit door of an estate to the nearest facility."""

import math

import pandas as pd

from rules.context import EvaluationContext
from rules.grammar import Walk
from rules.grouping import counted
from rules.lacking import Lacking
from rules.measured import Measured, all_unknown, bounds
from rules.measures.reach import walks, walks_read
from rules.model import Book, Rule
from rules.reads import Reads
from rules.verdict import MemberVerdicts, by_threshold


def reads(rule: Rule, book: Book) -> Reads:  # noqa: ARG001 - as every way is asked
    """Return what the walks depend on."""
    assert isinstance(rule.measure, Walk)  # noqa: S101 - guaranteed by the MEASURES registry
    return walks_read(rule.measure)


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Measure the walk of every unit door."""
    assert isinstance(rule.measure, Walk)  # noqa: S101 - guaranteed by the MEASURES registry
    lacking = Lacking(context)
    assert rule.value is not None  # noqa: S101 - rules.model requires it
    look_m = rule.measure.look_m or math.inf
    found = walks(context, rule.measure, lacking, look_m, rule.value)
    estate = context.doors.estate[found.doors]
    lacking.rows("units", counted(estate, context.size) == 0)
    return Measured(
        fields=pd.DataFrame({"value_low": found.low, "value_high": found.high}),
        estate=estate,
        empty=all_unknown(context.size),
        lacking=lacking,
        households=context.doors.households[found.doors],
        doors=found.doors,
        witness=found.witness_low,
        witness_met=found.witness_high,
    )


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Hold walks [m] against the rule's distance."""
    return by_threshold(rule, *bounds(fields, "value"))
