"""
Recency: how old the data are that decided a finding, and whether they are older than they may be.

A finding is as old as the oldest row that decided it: where it names a feature (the worst member,
the place walked to or shared), that row; where every member had to hold, all of them; where rows
are counted or added up, all of those. It has no date where one of them has none, or where no row
decided. Walkways and doors of a walk are not asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from geo.arrays import BoolArray, IntArray, ObjectArray
from rules.catchment import catchment
from rules.context import EvaluationContext
from rules.grammar import Agreement, Count, Coverage, Places, Ratio
from rules.judged import Judged
from rules.measured import Witnesses
from rules.measures.area import reached
from rules.rows import UNDATED, Rows
from rules.selection import Quantity, Selection
from rules.verdict import MET, NOT_APPLICABLE, SHORT

_LATEST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class Recency:
    """
    How old the data of n findings are.

    Attributes
    ----------
    data_date : ndarray of object, shape (n,)
        ISO 8601; None where unknown.
    is_outdated : ndarray of bool, shape (n,)
        Whether a row that decided is older than its layer may be on the day of assessment.
    """

    data_date: ObjectArray
    is_outdated: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class _Deciding:
    """Rows that decided, each for one estate."""

    estate: IntArray
    rows: Rows


def recency(context: EvaluationContext, judged: Judged) -> Recency:
    """
    Return how old the data are that decided a rule's findings.

    Parameters
    ----------
    context : EvaluationContext
        District, book and day.
    judged : Judged
        What the rule found in the n estates.
    """
    size, code = context.size, judged.folded.code
    oldest = np.full(size, _LATEST)
    undated, outdated = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    for part in _deciding(context, judged):
        days, estate = part.rows.days, part.estate
        known = days != UNDATED
        np.minimum.at(oldest, estate[known], days[known])
        undated[estate[~known]] = True
        outdated[estate[known & (days < _cutoff(context, part.rows.layer))]] = True
    decided = (code == MET) | (code >= SHORT)
    dated = decided & ~undated & (oldest < _LATEST)
    dates = np.full(size, None, dtype=object)
    dates[dated] = np.datetime_as_string(oldest[dated].astype("datetime64[D]"))
    return Recency(dates, np.asarray(decided & outdated, dtype=np.bool_))


def _cutoff(context: EvaluationContext, layer: str) -> int:
    """Return the first day, since 1970, from which rows of a layer are recent enough."""
    years, as_of = context.book.max_years[layer], context.as_of
    leap_day = (as_of.month, as_of.day) == (2, 29)
    day = as_of.replace(year=as_of.year - years, day=28 if leap_day else as_of.day)
    return (day - date(1970, 1, 1)).days


def _deciding(context: EvaluationContext, judged: Judged) -> Iterator[_Deciding]:
    """Yield the rows that decided, layer by layer."""
    measured, measure = judged.measured, judged.rule.measure
    if measured.members is not None and not measured.is_best:
        yield _members(judged, measured.members)
        return
    for met, witnesses in ((True, measured.witness_met), (False, measured.witness)):
        if witnesses is not None:
            yield _witnesses(judged, witnesses, met=met)
    if isinstance(measure, (Ratio, Count, Agreement)):
        yield from _counted(context, _quantities(measure))
    elif isinstance(measure, Coverage):
        yield from _counted(context, (measure, measure.by_what))
    elif isinstance(measure, Places):
        estate, place, _ = reached(context, measure, catchment(measure, context.book))
        yield _Deciding(estate, context.rows(measure.layer, measure.kinds).at(place, estate))


def _members(judged: Judged, members: Rows) -> _Deciding:
    """Return the member by which an estate fails, all that are judged of one that is met."""
    estate, folded = judged.measured.estate, judged.folded
    chosen = (folded.code[estate] == MET) & (judged.verdict.code != NOT_APPLICABLE)
    chosen[folded.pick[folded.pick >= 0]] = True
    return _Deciding(estate[chosen], members.keep(chosen))


def _witnesses(judged: Judged, witnesses: Witnesses, *, met: bool) -> _Deciding:
    """Return the feature that decided each estate that is met, or that fails."""
    folded = judged.folded
    right = (folded.code == MET) if met else (folded.code >= SHORT)
    estate = np.flatnonzero(right & (folded.pick >= 0))
    row = witnesses.row[folded.pick[estate]]
    estate, row = estate[row >= 0], row[row >= 0]
    return _Deciding(estate, witnesses.rows.at(row, estate))


def _quantities(measure: Ratio | Count | Agreement) -> tuple[Quantity, ...]:
    return (*measure.of, *measure.per) if isinstance(measure, Ratio) else measure.of


def _counted(context: EvaluationContext, selections: Sequence[Selection]) -> Iterator[_Deciding]:
    """Yield the estates' rows of layers and kinds, whether or not they count in the end."""
    for layer, kinds in dict.fromkeys((one.layer, one.kinds) for one in selections):
        rows = context.rows(layer, kinds)
        own = rows.keep(rows.estate >= 0)
        yield _Deciding(own.estate, own)
