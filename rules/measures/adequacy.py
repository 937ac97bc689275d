"""
Adequacy: supply per head, shared fairly among all who can walk to it (two-step floating catchment).

First each place's supply is divided by the demand of every door that may use it within the
catchment; then each door adds up the shares of the places it may use; an estate has the mean of its
doors by demand. What the doors are given never adds up to more than there is. A place that no one
can use gives 0, and a door that reaches none has 0: 0/0 is 0.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.arrays import BoolArray, FloatArray, IntArray
from rules.context import EvaluationContext
from rules.grammar import Adequacy, columns_of
from rules.grouping import added, counted, distinct_pairs
from rules.lacking import Lacking
from rules.measured import Measured, all_unknown, bounds
from rules.measures.members import chosen
from rules.measures.reach import may_serve
from rules.model import Book, Rule
from rules.reads import DOORS, Reads, rows_read
from rules.rows import Rows
from rules.verdict import MemberVerdicts, by_threshold


@dataclass(frozen=True, eq=False)
class Uses:
    """p pairs of a door and a place that may use each other; `own` if in the same estate."""

    door: IntArray
    place: IntArray
    own: BoolArray


def reads(rule: Rule, book: Book) -> Reads:  # noqa: ARG001 - as every way is asked
    """Return what supply and demand depend on."""
    spec = rule.measure
    assert isinstance(spec, Adequacy)  # noqa: S101 - guaranteed by the MEASURES registry
    columns = (spec.supply, "kind", *columns_of(spec.where), *filter(None, [spec.shared]))
    return DOORS | rows_read(spec.layer, spec.kinds, columns)


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Measure what each estate is given per head."""
    spec = rule.measure
    assert isinstance(spec, Adequacy)  # noqa: S101 - guaranteed by the MEASURES registry
    lacking = Lacking(context)
    rows = context.rows(spec.layer, spec.kinds)
    unseen = lacking.unsurveyed(spec.layer, spec.kinds) | lacking.walkways()
    demand = getattr(context.doors, spec.demand)
    uses = _uses(context, rows, spec)
    low, high = _given(rows, spec, uses, demand)
    total_low, total_high, heads = _by_estate(context, uses, demand, low, high)
    with np.errstate(divide="ignore", invalid="ignore"):
        least = np.where(heads > 0, spec.scale * total_low / heads, 0.0)
        most = np.where(heads > 0, spec.scale * total_high / heads, np.inf)
    most[np.full(context.size, unseen) | np.isnan(heads)] = np.inf
    least[np.isnan(heads)] = 0.0
    _note(lacking, rows, spec, context, heads)
    return Measured(
        fields=pd.DataFrame({"value_low": least, "value_high": most, "applies": heads != 0}),
        estate=np.arange(context.size),
        empty=all_unknown(context.size),
        lacking=lacking,
        reached=_reached(context, uses),
    )


def _uses(context: EvaluationContext, rows: Rows, spec: Adequacy) -> Uses:
    """Return who may use what: places in walking reach and, if they count, all of its own."""
    doors = context.doors
    if context.can_walk:
        limit = spec.within_m or context.book.reach_m(spec.within)
        pairs = context.pairs(spec.layer, spec.kinds, limit)
        door, place = pairs.origin, pairs.facility
    else:
        door = place = np.empty(0, dtype=np.int64)
    own = (doors.estate[door] >= 0) & (doors.estate[door] == rows.estate[place])
    if spec.own == "anywhere":
        mine_door, mine_place = _matches(doors.estate, rows.estate)
        door = np.concatenate([door[~own], mine_door])
        place = np.concatenate([place[~own], mine_place])
        own = np.arange(len(door)) >= len(door) - len(mine_door)
    return Uses(door, place, own)


def _matches(doors: IntArray, places: IntArray) -> tuple[IntArray, IntArray]:
    """Return every pair of a door and a place of the same estate."""
    left = pd.DataFrame({"estate": doors, "door": np.arange(len(doors))})
    right = pd.DataFrame({"estate": places, "place": np.arange(len(places))})
    both = left[left["estate"] >= 0].merge(right, on="estate")
    return both["door"].to_numpy(dtype=np.int64), both["place"].to_numpy(dtype=np.int64)


def _given(
    rows: Rows, spec: Adequacy, uses: Uses, demand: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that one head at each pair's door is given by its place."""
    low, high = _supply(rows, spec)
    if not spec.shared:
        rate_low, rate_high = _rates(low, high, uses, demand, np.ones(len(uses.door), dtype=bool))
        return rate_low[uses.place], rate_high[uses.place]
    shared_low, shared_high = _rates(low, high, uses, demand, np.ones(len(uses.door), dtype=bool))
    alone_low, alone_high = _rates(low, high, uses, demand, uses.own)
    sure = may_serve(rows, spec, include_unknown=False)[uses.place]
    maybe = may_serve(rows, spec, include_unknown=True)[uses.place]
    place = uses.place
    least = np.where(sure | (maybe & uses.own), shared_low[place], 0.0)
    most = np.where(sure | (maybe & ~uses.own), shared_high[place], 0.0)
    least = np.where(uses.own & ~maybe, alone_low[place], least)
    most = np.where(uses.own & ~sure, alone_high[place], most)
    return least, most


def _supply(rows: Rows, spec: Adequacy) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most each place can supply."""
    suits = rows.holds(spec.where)
    supply = rows.numbers(spec.supply)
    low = np.where(suits.yes, np.nan_to_num(supply), 0.0)
    high = np.where(suits.no, 0.0, np.where(np.isnan(supply), np.inf, supply))
    return low, high


def _rates(
    low: FloatArray, high: FloatArray, uses: Uses, demand: FloatArray, users: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Return supply per head of all `users` of each place; a user not counted leaves it open."""
    heads = demand[uses.door]
    known = users & ~np.isnan(heads)
    total = added(uses.place[known], heads[known], len(low))
    uncounted = counted(uses.place[users & np.isnan(heads)], len(low)) > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        least = np.where((total > 0) & ~uncounted, low / total, 0.0)
        most = np.where(total > 0, high / total, np.where(uncounted & (high > 0), np.inf, 0.0))
    return least, most


def _by_estate(
    context: EvaluationContext, uses: Uses, demand: FloatArray, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return what each estate is given in all, least and most, and its heads (NaN unknown)."""
    doors, size = context.doors, context.size
    heads = added(doors.estate, demand, size)
    heads[counted(doors.estate, size) == 0] = np.nan
    owner, weight = doors.estate[uses.door], np.nan_to_num(demand[uses.door])
    used = weight > 0
    least = added(owner[used], low[used] * weight[used], size)
    most = added(owner[used], high[used] * weight[used], size)
    return least, most, heads


def _reached(context: EvaluationContext, uses: Uses) -> IntArray:
    """Return how many places the doors of each estate may use."""
    estate = context.doors.estate[uses.door]
    return counted(distinct_pairs(estate[estate >= 0], uses.place[estate >= 0])[0], context.size)


def _note(
    lacking: Lacking, rows: Rows, spec: Adequacy, context: EvaluationContext, heads: FloatArray
) -> None:
    """Note what is unknown of the places and of the people."""
    read = [spec.supply, *columns_of(spec.where), *filter(None, [spec.shared])]
    lacking.places(rows, read)
    lacking.rows("units", counted(context.doors.estate, context.size) == 0)
    lacking.people(np.isnan(heads))


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Hold what an estate is given against the rule."""
    return by_threshold(rule, *bounds(fields, "value"), chosen(fields))
