"""Pool: supply and demand within a catchment, who may use what, and who shares a place."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.arrays import BoolArray, FloatArray, IntArray
from geo.runs import least_of_groups
from rules import walking
from rules.catchment import Catchment, pairs, pairs_outside
from rules.context import EvaluationContext
from rules.grammar import Adequacy
from rules.grouping import added, counted, distinct_pairs
from rules.measured import Sharing, Witnesses
from rules.measures.reach import may_serve
from rules.rows import Rows


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """What is known to be no less than `low` and no more than `high`, element by element."""

    low: FloatArray
    high: FloatArray

    def take(self, places: IntArray) -> "Between":
        """Return the elements at some positions."""
        return Between(self.low[places], self.high[places])


@dataclass(frozen=True, slots=True, eq=False)
class Uses:
    """
    p pairs of a door and a place that may use each other.

    Attributes
    ----------
    door, place : ndarray of int64, shape (p,)
        Positions of the two.
    own : ndarray of bool, shape (p,)
        Whether they are in the same estate.
    near : ndarray of bool, shape (p,)
        Whether the place is in reach for sure, or counts at any walk.
    sure, maybe : ndarray of bool, shape (p,)
        Whether the place serves the door for sure, and whether it may.
    """

    door: IntArray
    place: IntArray
    own: BoolArray
    near: BoolArray
    sure: BoolArray
    maybe: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """
    Supply and demand in n estates.

    Attributes
    ----------
    spec : Adequacy
        What is shared among whom.
    rows : Rows
        The m places.
    estate : ndarray of int64, shape (k,)
        The estate of each door.
    size : int
        n.
    supply : Between, shape (m,)
        Of each place.
    demand : Between, shape (k,)
        Heads behind each door.
    outside : Between, shape (m,)
        Heads outside every estate that share each place.
    uses : Uses
        Who may use what.
    """

    spec: Adequacy
    rows: Rows
    estate: IntArray
    size: int
    supply: Between
    demand: Between
    outside: Between
    uses: Uses


def pool(context: EvaluationContext, spec: Adequacy, within: Catchment) -> Pool:
    """
    Return supply and demand within a catchment.

    Parameters
    ----------
    context : EvaluationContext
        Where and when.
    spec : Adequacy
        What is shared among whom.
    within : Catchment
        How far people walk.
    """
    rows = context.rows(spec.layer, spec.kinds)
    heads: FloatArray = getattr(context.doors, spec.demand)
    supply = _supply(rows, spec)
    return Pool(
        spec,
        rows,
        estate=context.doors.estate,
        size=context.size,
        supply=supply,
        demand=Between(np.nan_to_num(heads), np.nan_to_num(heads, nan=np.inf)),
        outside=_outside(context, rows, spec, within),
        uses=_uses(context, rows, spec, supply, within),
    )


def _supply(rows: Rows, spec: Adequacy) -> Between:
    """Return the least and the most each place can supply."""
    suits = rows.holds(spec.where)
    supply = rows.numbers(spec.supply)
    low = np.where(suits.yes, np.nan_to_num(supply), 0.0)
    high = np.where(suits.no, 0.0, np.where(np.isnan(supply), np.inf, supply))
    return Between(low, high)


def _outside(context: EvaluationContext, rows: Rows, spec: Adequacy, within: Catchment) -> Between:
    """Return the least and the most heads outside the estates that share each place."""
    size = len(rows)
    if not walking.is_possible(context):
        return Between(np.zeros(size), np.full(size, np.inf))
    found = pairs_outside(context, spec, within)
    per_household = context.heads_per_household(spec.demand)
    outside, sure = context.outside, within.is_sure(found)
    fewest = np.where(sure, outside.least[found.origin], 0.0)
    low = per_household * added(found.facility, fewest, size)
    high = per_household * added(found.facility, outside.most[found.origin], size)
    return Between(low, high if outside.is_surveyed else np.full(size, np.inf))


def _uses(
    context: EvaluationContext, rows: Rows, spec: Adequacy, supply: Between, within: Catchment
) -> Uses:
    """Return who may use what: places in walking reach and, if they count, all of its own."""
    estate = context.doors.estate
    found = pairs(context, spec, within)
    door, place, near = found.origin, found.facility, within.is_sure(found)
    if len(door):
        connected = ~walking.cut_off(context)[door]
        door, place, near = door[connected], place[connected], near[connected]
    own = estate[door] == rows.estate[place]
    if spec.own == "anywhere":
        mine_door, mine_place = _matches(estate, rows.estate)
        door = np.concatenate([door[~own], mine_door])
        place = np.concatenate([place[~own], mine_place])
        near = np.concatenate([near[~own], np.ones(len(mine_door), dtype=np.bool_)])
        own = np.arange(len(door)) >= len(door) - len(mine_door)
    sure = (may_serve(rows, spec, include_unknown=False)[place] | own) & (supply.low[place] > 0)
    sure &= near
    maybe = (may_serve(rows, spec, include_unknown=True)[place] | own) & (supply.high[place] > 0)
    return Uses(door, place, own, near, sure, maybe)


def _matches(doors: IntArray, places: IntArray) -> tuple[IntArray, IntArray]:
    """Return every pair of a door and a place of the same estate."""
    left = pd.DataFrame({"estate": doors, "door": np.arange(len(doors))})
    right = pd.DataFrame({"estate": places, "place": np.arange(len(places))})
    both = left.merge(right, on="estate")
    return both["door"].to_numpy(dtype=np.int64), both["place"].to_numpy(dtype=np.int64)


def sums_of_own(pooled: Pool, users: BoolArray, heads: FloatArray) -> FloatArray:
    """
    Return the heads of each pair's own estate that `users` bring to its place, shape (p,).

    Parameters
    ----------
    pooled : Pool
        Supply and demand, with p pairs.
    users : ndarray of bool, shape (p,)
        The pairs that count.
    heads : ndarray of float64, shape (k,)
        Behind each door.
    """
    uses = pooled.uses
    both = pooled.estate[uses.door] * len(pooled.rows) + uses.place
    _, group = np.unique(both, return_inverse=True)
    brought = np.where(users, heads[uses.door], 0.0)
    return added(group, brought, len(group))[group]


def reached(pooled: Pool) -> IntArray:
    """Return how many places may serve the doors of each estate, shape (n,)."""
    uses = pooled.uses
    estate = pooled.estate[uses.door[uses.maybe]]
    return counted(distinct_pairs(estate, uses.place[uses.maybe])[0], pooled.size)


def most_used(pooled: Pool, given: FloatArray) -> tuple[Witnesses, Sharing]:
    """
    Return the place that may give each estate the most, and who shares that place.

    Parameters
    ----------
    pooled : Pool
        Supply and demand in n estates.
    given : ndarray of float64, shape (p,)
        The most that a head at the door of each pair may be given by its place.
    """
    uses, heads = pooled.uses, pooled.demand.low
    here = np.flatnonzero(uses.maybe & (heads[uses.door] > 0))
    amount = pd.DataFrame(
        {
            "estate": pooled.estate[uses.door[here]],
            "place": uses.place[here],
            "amount": given[here] * heads[uses.door[here]],
        }
    )
    total = amount.groupby(["estate", "place"])["amount"].sum().reset_index()
    estate, site, share = (total[name].to_numpy() for name in ("estate", "place", "amount"))
    most = least_of_groups(estate, -share, site)
    place = np.full(pooled.size, -1, dtype=np.int64)
    place[estate[most]] = site[most]
    return Witnesses(pooled.rows, place), _sharing(pooled, place)


def _sharing(pooled: Pool, place: IntArray) -> Sharing:
    """Return who shares one place of each estate."""
    uses, count = pooled.uses, len(pooled.rows)
    public = may_serve(pooled.rows, pooled.spec, include_unknown=True)
    users = public[uses.place] | uses.own
    of_place, _ = distinct_pairs(uses.place[users], pooled.estate[uses.door[users]])
    known = (
        counted(of_place, count).astype(np.float64),
        added(uses.place[users], pooled.demand.low[uses.door[users]], count),
        np.where(public, pooled.outside.low, 0.0),
        np.where(public, pooled.outside.high, 0.0),
    )
    return Sharing(*(np.append(amounts, np.nan)[place] for amounts in known))
