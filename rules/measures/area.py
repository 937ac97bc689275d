"""Area: the size of the largest facility that an estate's people can walk to."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd

from geo.arrays import BoolArray, IntArray
from rules.catchment import Catchment, as_drawn, catchment, catchment_m, pairs
from rules.context import EvaluationContext
from rules.grammar import Area, Checklist, Places
from rules.grouping import counted, distinct_pairs
from rules.lacking import Lacking
from rules.measured import Measured, Witnesses, bounds
from rules.measures.reach import unsure_estates
from rules.model import Book, Rule
from rules.reads import DOORS, Reads, rows_read
from rules.selection import Selection
from rules.verdict import MISSING, UNKNOWN, MemberVerdicts, by_threshold

_Spec = TypeVar("_Spec", Area, Places, Checklist)


def reads(rule: Rule, book: Book) -> Reads:  # noqa: ARG001 - as every way is asked
    """Return what the sizes of the facilities in reach depend on."""
    assert isinstance(rule.measure, Area)  # noqa: S101 - guaranteed by the MEASURES registry
    return facilities_read(rule.measure, (rule.measure.column,))


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Collect the sizes of the facilities in reach."""
    spec = rule.measure
    assert isinstance(spec, Area)  # noqa: S101 - guaranteed by the MEASURES registry
    return _sizes(context, spec, catchment(spec, context.book))


def measure_near(context: EvaluationContext, rule: Rule) -> Measured | None:
    """Collect the same with walks as exact as they are drawn, None if that changes nothing."""
    assert isinstance(rule.measure, Area)  # noqa: S101 - guaranteed by the MEASURES registry
    return if_any_near(context, rule.measure, _sizes)


def _sizes(context: EvaluationContext, spec: Area, within: Catchment) -> Measured:
    """Return the facilities in reach with their sizes."""
    found = facilities_in_reach(context, spec, (spec.column,), within)
    return replace(found, fields=found.fields.rename(columns={spec.column: "value"}))


def facilities_read(places: Selection, columns: tuple[str, ...]) -> Reads:
    """Return what is read to find facilities in reach and some of their columns."""
    return DOORS | rows_read(places.layer, places.kinds, columns)


def facilities_in_reach(
    context: EvaluationContext,
    places: Area | Checklist,
    columns: tuple[str, ...],
    within: Catchment,
) -> Measured:
    """
    Return as members the facilities that any door of an estate reaches, each with some columns.

    The best of them decides. An estate that reaches none lacks one.
    """
    rows, lacking = context.rows(places.layer, places.kinds), Lacking(context)
    unseen = lacking.unsurveyed(places.layer, places.kinds) | lacking.walkways()
    estate, facility, is_sure = reached(context, places, within)
    members = rows.at(facility, estate)
    lacking.columns(members, columns, np.ones(len(members), dtype=bool))
    every, limit = np.ones(len(rows), dtype=bool), catchment_m(places, context.book)
    open_ended = unsure_estates(context, places, lacking, every, limit) | unseen
    without_doors = counted(context.doors.estate, context.size) == 0
    empty = np.where(open_ended | without_doors, UNKNOWN, MISSING)
    lacking.rows("units", without_doors)
    witness = Witnesses(rows, facility)
    return Measured(
        fields=members.table(columns),
        estate=estate,
        empty=empty,
        lacking=lacking,
        is_best=True,
        is_sure=is_sure,
        open_ended=open_ended,
        witness=witness,
        witness_met=witness,
        members=members,
    )


def if_any_near(
    context: EvaluationContext,
    spec: _Spec,
    measured: Callable[[EvaluationContext, _Spec, Catchment], Measured],
) -> Measured | None:
    """Return what is measured with walks as exact as they are drawn, None if all are certain."""
    within = as_drawn(spec, context.book)
    if within.is_sure(pairs(context, spec, within)).all():
        return None
    return measured(context, spec, within)


def reached(
    context: EvaluationContext, places: Selection, within: Catchment
) -> tuple[IntArray, IntArray, BoolArray]:
    """
    Return every place that any door of an estate reaches and may use.

    Parameters
    ----------
    context : EvaluationContext
        Where and when.
    places : Selection
        Which rows are meant, by layer and kinds.
    within : Catchment
        How far people walk.

    Returns
    -------
    estate, place : ndarray of int64, shape (p,)
        Positions of estates and of rows of those kinds, each pair once, in ascending order; none
        where there is nothing to walk on.
    is_sure : ndarray of bool, shape (p,)
        Whether some door is in reach however far off the walks are drawn.
    """
    found = pairs(context, places, within)
    rows, estate = context.rows(places.layer, places.kinds), context.doors.estate[found.origin]
    serves = ~rows.is_private[found.facility] | (estate == rows.estate[found.facility])
    mine = serves & (estate >= 0)
    owner, place = distinct_pairs(estate[mine], found.facility[mine])
    sure = mine & within.is_sure(found)
    certain = estate[sure] * len(rows) + found.facility[sure]
    return owner, place, np.isin(owner * len(rows) + place, certain)


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Hold sizes against the rule."""
    return by_threshold(rule, *bounds(fields, "value"))
