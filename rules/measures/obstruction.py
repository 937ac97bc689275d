"""
Obstruction: what stands on ground that has to stay free, as drawn or as the survey says itself.

A thing counts if it reaches further in than the slack of drawing. What is drawn is certain; where
nothing is, a layer that nobody surveyed or a question that nobody answered leaves it open.
"""

import numpy as np
import pandas as pd
import shapely

from geo.arrays import FloatArray
from rules.context import EvaluationContext
from rules.grammar import Obstruction
from rules.lacking import Lacking
from rules.measured import Measured, bounds
from rules.measures.members import members_read, select, when_applies
from rules.model import Book, Rule
from rules.reads import Reads, rows_read
from rules.rows import Rows
from rules.selection import Selection
from rules.verdict import MemberVerdicts, by_threshold


def reads(rule: Rule, book: Book) -> Reads:
    """Return what the ground and the things on it depend on."""
    spec = rule.measure
    assert isinstance(spec, Obstruction)  # noqa: S101 - guaranteed by the MEASURES registry
    things = (rows_read(thing.layer, thing.kinds) for thing in spec.things)
    return members_read(spec, (spec.column,), book).union(*things)


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Count the things on every piece of ground."""
    spec = rule.measure
    assert isinstance(spec, Obstruction)  # noqa: S101 - guaranteed by the MEASURES registry
    lacking = Lacking(context)
    chosen = select(context, spec, lacking)
    ground = chosen.rows
    drawn = sum(
        (_on(ground, context, thing, spec.slack_m) for thing in spec.things),
        start=np.zeros(len(ground)),
    )
    stated = ground.numbers(spec.column)
    low = drawn + (stated > 0)
    left_out = [lacking.unsurveyed(thing.layer, thing.kinds) for thing in spec.things]
    unseen = np.any(left_out, axis=0)[ground.estate]
    high = np.where(np.isnan(stated) | unseen, np.inf, low)
    lacking.columns(ground, (spec.column,), chosen.applies.maybe)
    return Measured(
        fields=pd.DataFrame(
            {"value_low": low, "value_high": high, "applies": chosen.applies.as_flags()}
        ),
        estate=ground.estate,
        empty=chosen.empty,
        lacking=lacking,
        members=ground,
    )


def _on(ground: Rows, context: EvaluationContext, thing: Selection, slack_m: float) -> FloatArray:
    """Return how many things of a kind stand on each piece of ground."""
    things = context.rows(thing.layer, thing.kinds)
    piece, found = shapely.STRtree(things.shapes).query(ground.shapes, predicate="intersects")
    # Most things that touch the ground stand beside it: the few that remain are looked at closely.
    free = shapely.buffer(ground.shapes[piece], -slack_m)
    inside = shapely.intersects(free, things.shapes[found])
    return np.bincount(piece[inside], minlength=len(ground)).astype(np.float64)


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Hold the number of things against the rule."""
    return by_threshold(rule, *bounds(fields, "value"), when_applies(fields, ()))
