"""
Checklist: conditions that every member must meet, where its trigger says that the rule applies.

Lifts are measured so: the trigger is the storeys or the height, the condition the lift.
"""

import numpy as np
import pandas as pd

from geo.arrays import FloatArray
from rules.catchment import Catchment, catchment
from rules.context import EvaluationContext
from rules.fold import Folded
from rules.grammar import Checklist
from rules.grouping import added, counted
from rules.lacking import Lacking
from rules.measured import Measured
from rules.measures.area import facilities_in_reach, facilities_read, if_any_near
from rules.measures.members import checked, members_read, select
from rules.model import Book, Rule
from rules.reads import Reads
from rules.selection import columns_of
from rules.verdict import MISSING, SHORT, MemberVerdicts


def reads(rule: Rule, book: Book) -> Reads:
    """Return what the members and their checks depend on."""
    spec = rule.measure
    assert isinstance(spec, Checklist)  # noqa: S101 - guaranteed by the MEASURES registry
    columns = columns_of(spec.when, spec.all)
    if spec.within:
        return facilities_read(spec, columns)
    storeys = () if spec.upper_floors_above is None else ("storeys",)
    return members_read(spec, (*columns, *storeys), book)


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Collect the columns that the conditions read."""
    spec = rule.measure
    assert isinstance(spec, Checklist)  # noqa: S101 - guaranteed by the MEASURES registry
    if spec.within:
        return _in_reach(context, spec, catchment(spec, context.book))
    lacking, columns = Lacking(context), columns_of(spec.when, spec.all)
    chosen = select(context, spec, lacking)
    rows = chosen.rows
    fields = rows.table(columns)
    asked = checked(spec, fields.assign(applies=chosen.applies.as_flags()), failing=SHORT).code > 0
    lacking.columns(rows, columns, asked)
    return Measured(
        fields=fields.assign(applies=chosen.applies.as_flags()),
        estate=rows.estate,
        empty=chosen.empty,
        lacking=lacking,
        households=rows.numbers("households") if "households" in rows.source else None,
        members=rows,
    )


def measure_near(context: EvaluationContext, rule: Rule) -> Measured | None:
    """Collect those of facilities with walks as exact as they are drawn, None if all are sure."""
    spec = rule.measure
    assert isinstance(spec, Checklist)  # noqa: S101 - guaranteed by the MEASURES registry
    return if_any_near(context, spec, _in_reach) if spec.within else None


def _in_reach(context: EvaluationContext, spec: Checklist, within: Catchment) -> Measured:
    """Return the facilities in reach with the columns that the conditions read."""
    return facilities_in_reach(context, spec, columns_of(spec.when, spec.all), within)


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Ask every condition of every member."""
    spec = rule.measure
    assert isinstance(spec, Checklist)  # noqa: S101 - guaranteed by the MEASURES registry
    return checked(spec, fields, failing=MISSING if spec.fails_as == "missing" else SHORT)


def value(measured: Measured, verdict: MemberVerdicts, folded: Folded) -> FloatArray:
    """Return the share of checks that hold over the members of an estate that are judged."""
    if measured.is_best:
        return folded.value
    known = ~np.isnan(verdict.value)
    owner, size = measured.estate[known], len(folded.code)
    count = counted(owner, size)
    total = added(owner, verdict.value[known], size)
    share = total / np.maximum(count, 1)
    return np.where(np.isnan(folded.value), np.nan, share)
