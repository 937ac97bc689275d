"""
Clear width: how wide what passes along drawn ground can be, as a fire engine along its lane.

Measured along the walkways on the ground; where none is, along its middle. Buildings, walls and
marked bays that were drawn narrow it; where nobody surveyed one of those it may be narrower still.
What stands there on a visit, such as cars off the bays, and the height are not seen here.
"""

import numpy as np
import pandas as pd

from geo.arrays import FloatArray, ObjectArray
from geo.passage import axes_on, clear_widths
from rules.context import EvaluationContext
from rules.grammar import ClearWidth
from rules.lacking import Lacking
from rules.measured import Measured, bounds
from rules.measures.members import members_read, select, when_applies
from rules.model import Book, Rule
from rules.reads import WALKWAYS, Reads, rows_read
from rules.verdict import MemberVerdicts, by_threshold


def reads(rule: Rule, book: Book) -> Reads:
    """Return what the ground and the things beside it depend on."""
    spec = rule.measure
    assert isinstance(spec, ClearWidth)  # noqa: S101 - guaranteed by the MEASURES registry
    things = (rows_read(thing.layer, thing.kinds) for thing in spec.things)
    return (members_read(spec, (), book) | WALKWAYS).union(*things)


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Measure every piece of ground."""
    spec = rule.measure
    assert isinstance(spec, ClearWidth)  # noqa: S101 - guaranteed by the MEASURES registry
    lacking = Lacking(context)
    chosen = select(context, spec, lacking)
    ground = chosen.rows
    left_out = [lacking.unsurveyed(thing.layer, thing.kinds) for thing in spec.things]
    width = _widths(context, spec, ground.shapes)
    unseen = np.any(left_out, axis=0)[ground.estate] | np.isnan(width)
    return Measured(
        fields=pd.DataFrame(
            {
                "value_low": np.where(unseen, 0.0, width),
                "value_high": np.where(np.isnan(width), np.inf, width),
                "applies": chosen.applies.as_flags(),
            }
        ),
        estate=ground.estate,
        empty=chosen.empty,
        lacking=lacking,
        members=ground,
    )


def _widths(context: EvaluationContext, spec: ClearWidth, ground: ObjectArray) -> FloatArray:
    """
    Return the clear width of each piece of ground [m], NaN where it is too short to tell.

    It is given to the centimetre: coordinates come on a grid, and nobody draws finer.
    """
    things = [context.rows(thing.layer, thing.kinds).shapes for thing in spec.things]
    axis, owner = axes_on(context.walkways, ground, 2 * spec.ends_m)
    width = clear_widths(ground, axis, owner, np.concatenate(things), ends_m=spec.ends_m)
    return np.round(width, 2)


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Hold the width against the rule."""
    return by_threshold(rule, *bounds(fields, "value"), when_applies(fields, ()))
