"""
Reach: the walk from each unit door to the nearest place that may serve it.

A place that serves for sure gives the most the walk can be; a place of which something decisive is
unknown (its area, whether it is shared) gives the least. Of a door that is not connected to the
network nothing is known, nor of a walk that a place without connection might shorten.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from geo.access import Access
from geo.arrays import BoolArray, FloatArray, IntArray
from geo.pairs import Pairs
from geo.runs import least_of_groups
from rules import walking
from rules.context import EvaluationContext
from rules.grammar import OrWalk
from rules.grouping import counted
from rules.lacking import Lacking
from rules.measured import Witnesses
from rules.reads import DOORS, Reads, rows_read
from rules.rows import Rows
from rules.selection import Selection, Shared, columns_of
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


def walks(
    context: EvaluationContext, places: Shared, lacking: Lacking, limit_m: float, near_m: float
) -> Walks:
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
    near_m : float
        The walk that is near enough [m].
    """
    doors = np.arange(len(context.doors.estate))
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
    cut_off = walking.cut_off(context)
    unsure = _unsure_doors(context, places, suits.maybe, np.fmin(near_m, low))
    lacking.cut_off(counted(context.doors.estate[unsure], context.size) > 0)
    return Walks(
        doors,
        np.where(unsure | unseen[context.doors.estate], 0.0, low),
        np.where(cut_off, np.inf, high),
        Witnesses(rows, perhaps),
        Witnesses(rows, sure),
    )


def unsure_estates(
    context: EvaluationContext,
    places: Selection,
    lacking: Lacking,
    perhaps: BoolArray,
    within_m: float,
) -> BoolArray:
    """
    Return the estates of which nobody can be sure what they reach, as the network is in pieces.

    Parameters
    ----------
    context : EvaluationContext
        Where and when.
    places : Selection
        Which rows are meant, by layer and kinds.
    lacking : Lacking
        Told which estates those are.
    perhaps : ndarray of bool, shape (r,)
        The rows that may serve.
    within_m : float
        How far is in reach [m].

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    unsure = _unsure_doors(context, places, perhaps, within_m)
    estates = np.asarray(counted(context.doors.estate[unsure], context.size) > 0, dtype=np.bool_)
    lacking.cut_off(estates)
    return estates


def _unsure_doors(
    context: EvaluationContext, places: Selection, perhaps: BoolArray, within_m: FloatArray | float
) -> BoolArray:
    """
    Return the doors of whose walks nobody can be sure, shape (k,).

    They are those cut off from the network, and those that would walk no farther than `within_m`
    to a place cut off from it if they could walk in a straight line.
    """
    cut_off = walking.cut_off(context)
    rows, doors = context.rows(places.layer, places.kinds), context.doors
    access = walking.access(context, places.layer, places.kinds)
    apart = perhaps & ~walking.connected_places(context, places.layer, places.kinds)
    if not apart.any():
        return cut_off
    for_all = may_serve(rows, places, include_unknown=True)
    gap = _straight(doors.points, access.take(np.flatnonzero(apart & for_all)))
    if not isinstance(places, OrWalk):
        for row in np.flatnonzero(apart & ~for_all & (rows.estate >= 0)):
            mine = np.flatnonzero(doors.estate == rows.estate[row])
            own = _straight(doors.points[mine], access.take(np.array([row])))
            gap[mine] = np.fmin(gap[mine], own)
    return np.asarray(cut_off | (gap <= within_m))


def _straight(points: FloatArray, access: Access) -> FloatArray:
    """Return how far points are, in a straight line, from the nearest entrance [m]; inf if none."""
    if not len(access.point):
        return np.full(len(points), np.inf)
    return np.asarray(cKDTree(access.point).query(points)[0])


def may_serve(rows: Rows, places: Selection, *, include_unknown: bool) -> BoolArray:
    """
    Return the rows that serve other estates too; unknown ones only if `include_unknown`.

    Where the rule asks for no column that says so, all do that are not known to be private.
    """
    if not isinstance(places, Shared) or not places.shared:
        return ~rows.is_private
    shared = Truth.flags(rows.column(places.shared))
    public = rows.column("kind").isin(places.public_kinds).to_numpy(dtype=bool)
    return shared.yes | (shared.open & (public | include_unknown))


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
    """Return every door's walk to the nearest row that suits and that it may use, and that row."""
    rows = context.rows(places.layer, places.kinds)
    for_all = may_serve(rows, places, include_unknown=include_unknown)
    chosen = np.flatnonzero(suits & for_all)
    found = walking.nearest(
        context, places.layer, places.kinds, places.where, chosen, include_unknown=include_unknown
    )
    row = np.where(found.witness >= 0, np.append(chosen, -1)[found.witness], -1)
    private = suits & ~for_all & (rows.estate >= 0)
    if isinstance(places, OrWalk) or not private.any():
        return found.distance, row
    own, own_row = _find_private(context, places, np.flatnonzero(private))
    nearer = own < found.distance
    return np.where(nearer, own, found.distance), np.where(nearer, own_row, row)


def _find_private(
    context: EvaluationContext, places: Shared, chosen: IntArray
) -> tuple[FloatArray, IntArray]:
    """Return every door's walk to the nearest of some private rows of its own estate."""
    rows, look_m = context.rows(places.layer, places.kinds), context.book.walking.private_look_m
    pairs = walking.pairs_among(context, places.layer, places.kinds, chosen, look_m)
    return _shortest(context, pairs, _are_own(context, rows, pairs))


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
    pairs = walking.pairs(context, places.layer, places.kinds, limit_m)
    allowed = may_serve(rows, places, include_unknown=include_unknown)[pairs.facility]
    if not isinstance(places, OrWalk):
        allowed |= _are_own(context, rows, pairs)
    return _shortest(context, pairs, allowed & suits[pairs.facility])


def _are_own(context: EvaluationContext, rows: Rows, pairs: Pairs) -> BoolArray:
    """Return the pairs of a door and a place of one estate."""
    return np.equal(rows.estate[pairs.facility], context.doors.estate[pairs.origin])


def _shortest(
    context: EvaluationContext, pairs: Pairs, allowed: BoolArray
) -> tuple[FloatArray, IntArray]:
    """Return the shortest of every door's allowed pairs: its walk [m] and its row, inf and -1."""
    here = np.flatnonzero(allowed)
    shortest = here[least_of_groups(pairs.origin[here], pairs.distance[here])]
    door = pairs.origin[shortest]
    distance = np.full(len(context.doors.estate), np.inf)
    row = np.full(len(distance), -1, dtype=np.int64)
    distance[door] = pairs.distance[shortest]
    row[door] = pairs.facility[shortest]
    return distance, row
