"""Area: the size of the largest facility that an estate's people can walk to."""

from dataclasses import replace

import numpy as np
import pandas as pd

from rules import walking
from rules.context import EvaluationContext
from rules.grammar import Area
from rules.grouping import counted, distinct_pairs
from rules.lacking import Lacking
from rules.measured import Measured, Witnesses, bounds
from rules.measures.reach import unsure_estates
from rules.model import Book, Rule
from rules.reads import DOORS, Reads, rows_read
from rules.selection import Selection
from rules.verdict import MISSING, UNKNOWN, MemberVerdicts, by_threshold


def reads(rule: Rule, book: Book) -> Reads:  # noqa: ARG001 - as every way is asked
    """Return what the sizes of the facilities in reach depend on."""
    assert isinstance(rule.measure, Area)  # noqa: S101 - guaranteed by the MEASURES registry
    return facilities_read(rule.measure, (rule.measure.column,))


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Collect the sizes of the facilities in reach."""
    spec = rule.measure
    assert isinstance(spec, Area)  # noqa: S101 - guaranteed by the MEASURES registry
    lacking = Lacking(context)
    found = facilities_in_reach(context, spec, (spec.column,), spec.within, lacking)
    return replace(found, fields=found.fields.rename(columns={spec.column: "value"}))


def facilities_read(places: Selection, columns: tuple[str, ...]) -> Reads:
    """Return what is read to find facilities in reach and some of their columns."""
    return DOORS | rows_read(places.layer, places.kinds, columns)


def facilities_in_reach(
    context: EvaluationContext,
    places: Selection,
    columns: tuple[str, ...],
    circle: str,
    lacking: Lacking,
) -> Measured:
    """
    Return as members the facilities that any door of an estate reaches within a life circle.

    The best of them decides. An estate that reaches none lacks one.
    """
    rows = context.rows(places.layer, places.kinds)
    unseen = lacking.unsurveyed(places.layer, places.kinds) | lacking.walkways()
    estate, facility = reached(context, places, context.book.reach_m(circle))
    members = rows.at(facility, estate)
    lacking.columns(members, columns, np.ones(len(members), dtype=bool))
    every, reach_m = np.ones(len(rows), dtype=bool), context.book.reach_m(circle)
    open_ended = unsure_estates(context, places, lacking, every, reach_m) | unseen
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
        open_ended=open_ended,
        witness=witness,
        witness_met=witness,
        members=members,
    )


def reached(
    context: EvaluationContext, places: Selection, limit_m: float
) -> tuple[np.ndarray, np.ndarray]:
    """
    Return every place that any door of an estate reaches and may use.

    Parameters
    ----------
    context : EvaluationContext
        Where and when.
    places : Selection
        Which rows are meant, by layer and kinds.
    limit_m : float
        Longest walk [m].

    Returns
    -------
    estate, place : ndarray of int64, shape (p,)
        Positions of estates and of rows of those kinds, each pair once, in ascending order; none
        where there is nothing to walk on.
    """
    if not walking.is_possible(context):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    pairs = walking.pairs(context, places.layer, places.kinds, limit_m)
    rows, estate = context.rows(places.layer, places.kinds), context.doors.estate[pairs.origin]
    serves = ~rows.is_private[pairs.facility] | (estate == rows.estate[pairs.facility])
    mine = serves & (estate >= 0)
    return distinct_pairs(estate[mine], pairs.facility[mine])


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Hold sizes against the rule."""
    return by_threshold(rule, *bounds(fields, "value"))
