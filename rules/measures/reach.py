"""
Reach: the walk from each unit door to the nearest place that may serve it.

A place that serves for sure gives the most the walk can be; a place of which something decisive is
unknown (its area, whether it is shared) gives the least.
"""

from dataclasses import dataclass

import numpy as np

from geo.arrays import BoolArray, FloatArray, IntArray
from rules.context import EvaluationContext
from rules.grammar import OrWalk, Shared, columns_of
from rules.lacking import Lacking
from rules.measured import Witnesses
from rules.reads import DOORS, Reads, rows_read
from rules.rows import Rows
from rules.truth import Truth


@dataclass(frozen=True, eq=False)
class Walks:
    """
    Walks from the k doors of estates.

    Attributes
    ----------
    doors : ndarray of int64, shape (k,)
        Positions in `EvaluationContext.doors`.
    low, high : ndarray of float64, shape (k,)
        The least and the most the walk can be [m]; inf where there is no way.
    witness_low, witness_high : Witnesses
        The places at which those walks end.
    """

    doors: IntArray
    low: FloatArray
    high: FloatArray
    witness_low: Witnesses
    witness_high: Witnesses


def walks_read(places: Shared) -> Reads:
    """Return what is read to measure walks to `places`."""
    columns = (*columns_of(places.where), *filter(None, [places.shared]), "kind")
    return DOORS | rows_read(places.layer, places.kinds, columns)


def walks(context: EvaluationContext, places: Shared, lacking: Lacking, limit_m: float) -> Walks:
    """
    Measure the walk from every unit door to the nearest of `places`.

    Parameters
    ----------
    context : EvaluationContext
        Where and when.
    places : Shared
        What is walked to.
    lacking : Lacking
        Told what is missing.
    limit_m : float
        How far to look for places that do not serve everyone [m].
    """
    doors = np.flatnonzero(context.doors.estate >= 0)
    rows = context.rows(places.layer, places.kinds)
    suits = rows.holds(places.where)
    unseen = lacking.unsurveyed(places.layer, places.kinds)
    if lacking.walkways():
        none = Witnesses(rows, np.full(len(doors), -1, dtype=np.int64))
        nothing = np.zeros(len(doors))
        return Walks(doors, nothing, nothing + np.inf, none, none)
    find = _find_shared if places.shared else _find_any
    high, sure = find(context, places, suits.yes, limit_m)
    low, perhaps = high, sure
    if not _certain(rows, places, suits):
        low, perhaps = find(context, places, suits.maybe, limit_m, include_unknown=True)
    if (low < high).any():
        lacking.places(rows, [*columns_of(places.where), *filter(None, [places.shared])])
    return Walks(
        doors,
        np.zeros(len(doors)) if unseen else low,
        high,
        Witnesses(rows, perhaps),
        Witnesses(rows, sure),
    )


def may_serve(rows: Rows, places: Shared, *, include_unknown: bool) -> BoolArray:
    """Return the rows that serve other estates too; unknown ones only if `include_unknown`."""
    if not places.shared:
        return np.ones(len(rows), dtype=bool)
    shared = rows.column(places.shared)
    public = rows.frame["kind"].isin(places.public_kinds).to_numpy(dtype=bool)
    unknown = shared.isna().to_numpy(dtype=bool)
    said = shared.fillna(value=False).to_numpy(dtype=bool)
    return said | (unknown & (public | include_unknown))


def _certain(rows: Rows, places: Shared, suits: Truth) -> bool:
    """Return whether nothing decisive is unknown."""
    sure = may_serve(rows, places, include_unknown=False)
    perhaps = may_serve(rows, places, include_unknown=True)
    return not suits.open.any() and bool((sure == perhaps).all())


def _find_any(
    context: EvaluationContext,
    places: Shared,
    suits: BoolArray,
    limit_m: float,  # noqa: ARG001 - the two finders are called alike
    *,
    include_unknown: bool = False,
) -> tuple[FloatArray, IntArray]:
    """Return every door's walk to the nearest row that suits, and that row."""
    doors = context.doors.estate >= 0
    chosen = np.flatnonzero(suits)
    found = context.nearest(
        places.layer, places.kinds, places.where, chosen, include_unknown=include_unknown
    )
    row = np.where(found.witness >= 0, np.append(chosen, -1)[found.witness], -1)
    return found.distance[doors], row[doors]


def _find_shared(
    context: EvaluationContext,
    places: Shared,
    suits: BoolArray,
    limit_m: float,
    *,
    include_unknown: bool = False,
) -> tuple[FloatArray, IntArray]:
    """Return the same among its own places (not for `OrWalk`) and those that serve others."""
    rows = context.rows(places.layer, places.kinds)
    pairs = context.pairs(places.layer, places.kinds, limit_m)
    allowed = may_serve(rows, places, include_unknown=include_unknown)[pairs.facility]
    if not isinstance(places, OrWalk):
        estate = context.doors.estate[pairs.origin]
        allowed |= (estate >= 0) & (rows.estate[pairs.facility] == estate)
    allowed &= suits[pairs.facility]
    order = np.lexsort((pairs.distance, pairs.origin))
    order = order[allowed[order]]
    door, first = np.unique(pairs.origin[order], return_index=True)
    distance = np.full(len(context.doors.estate), np.inf)
    row = np.full(len(distance), -1, dtype=np.int64)
    distance[door] = pairs.distance[order[first]]
    row[door] = pairs.facility[order[first]]
    doors = context.doors.estate >= 0
    return distance[doors], row[doors]
