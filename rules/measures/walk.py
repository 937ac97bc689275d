"""Walk: the walking distance from the worst unit door of an estate to the nearest facility."""

import math

import pandas as pd

from rules.grammar import Walk
from rules.grouping import counted
from rules.lacking import Lacking
from rules.measured import Measured, all_unknown, bounds
from rules.measures.reach import walks
from rules.model import Rule
from rules.situation import Situation
from rules.verdict import Verdict, by_threshold


def measure(situation: Situation, rule: Rule) -> Measured:
    """Measure the walk of every unit door."""
    assert isinstance(rule.measure, Walk)  # noqa: S101 - the registry sees to it
    lacking = Lacking(situation)
    found = walks(situation, rule.measure, lacking, rule.measure.look_m or math.inf)
    estate = situation.doors.estate[found.doors]
    lacking.rows("units", counted(estate, situation.size) == 0)
    return Measured(
        fields=pd.DataFrame({"value_low": found.low, "value_high": found.high}),
        estate=estate,
        empty=all_unknown(situation.size),
        lacking=lacking,
        households=situation.doors.households[found.doors],
        doors=found.doors,
        witness=found.witness_low,
        witness_met=found.witness_high,
    )


def judge(rule: Rule, fields: pd.DataFrame) -> Verdict:
    """Hold walks [m] against the rule's distance."""
    return by_threshold(rule, *bounds(fields, "value"))
