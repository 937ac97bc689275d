"""
Places: how many places of some kinds an estate's people can walk to, each counted by what it is.

A large place may stand for several small ones; one of unknown size counts as little as it can where
a verdict would be met, and as much as it can where it would fail.
"""

import numpy as np
import pandas as pd

from geo.arrays import FloatArray
from rules.catchment import Catchment, catchment, catchment_m
from rules.context import EvaluationContext
from rules.grammar import Places
from rules.grouping import added, counted
from rules.lacking import Lacking
from rules.measured import Measured, all_unknown, bounds
from rules.measures.area import facilities_read, if_any_near, reached
from rules.measures.reach import unsure_estates
from rules.model import Book, Rule
from rules.reads import Reads
from rules.rows import Rows
from rules.selection import columns_of
from rules.verdict import MemberVerdicts, by_threshold


def reads(rule: Rule, book: Book) -> Reads:  # noqa: ARG001 - as every way is asked
    """Return what the places in reach, and what each counts as, depend on."""
    assert isinstance(rule.measure, Places)  # noqa: S101 - guaranteed by the MEASURES registry
    return facilities_read(rule.measure, _columns(rule.measure))


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Count the places that any door of an estate reaches within the life circle."""
    assert isinstance(rule.measure, Places)  # noqa: S101 - guaranteed by the MEASURES registry
    return _numbers(context, rule.measure, catchment(rule.measure, context.book))


def measure_near(context: EvaluationContext, rule: Rule) -> Measured | None:
    """Count the same with walks as exact as they are drawn, None if that changes nothing."""
    assert isinstance(rule.measure, Places)  # noqa: S101 - guaranteed by the MEASURES registry
    return if_any_near(context, rule.measure, _numbers)


def _numbers(context: EvaluationContext, spec: Places, within: Catchment) -> Measured:
    """Return the least and the most that the places in reach count as."""
    lacking, size = Lacking(context), context.size
    rows = context.rows(spec.layer, spec.kinds)
    estate, place, is_sure = reached(context, spec, within)
    least, most = _worth(spec, rows)
    lacking.columns(rows.at(place, estate), _columns(spec), (least < most)[place])
    low = added(estate[is_sure], least[place[is_sure]], size)
    high = added(estate, most[place], size)
    without_doors = counted(context.doors.estate, size) == 0
    lacking.rows("units", without_doors)
    unseen = lacking.unsurveyed(spec.layer, spec.kinds) | lacking.walkways()
    limit = catchment_m(spec, context.book)
    unsure = unsure_estates(context, spec, lacking, most > 0, limit)
    high[without_doors | unseen | unsure] = np.inf
    return Measured(
        fields=pd.DataFrame({"value_low": low, "value_high": high}),
        estate=np.arange(size),
        empty=all_unknown(size),
        lacking=lacking,
    )


def _columns(spec: Places) -> tuple[str, ...]:
    """Return the columns that say what a place counts as."""
    return columns_of(*(part.where for part in spec.counts))


def _worth(spec: Places, rows: Rows) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each place can count as, shape (m,)."""
    least, most = np.zeros(len(rows)), np.zeros(len(rows))
    for part in spec.counts:
        suits = rows.holds(part.where)
        least = np.fmax(least, np.where(suits.yes, part.as_many, 0.0))
        most = np.fmax(most, np.where(suits.maybe, part.as_many, 0.0))
    return least, most


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Hold the number against the rule."""
    return by_threshold(rule, *bounds(fields, "value"))
