"""
Reach: the walk from each unit door to the nearest place that may serve it.

A place that serves for sure gives the most the walk can be; a place of which something decisive is
unknown (its area, whether it is shared) gives the least.
"""

from dataclasses import dataclass

import numpy as np

from geo.arrays import BoolArray, FloatArray, IntArray
from rules.grammar import OrWalk, Shared, columns_of
from rules.lacking import Lacking
from rules.measured import Witnesses
from rules.rows import Rows
from rules.situation import Situation
from rules.truth import Truth


@dataclass(frozen=True, eq=False)
class Walks:
    """
    Walks from the k doors of estates.

    Attributes
    ----------
    doors : ndarray of int64, shape (k,)
        Positions in `Situation.doors`.
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


def walks(situation: Situation, places: Shared, lacking: Lacking, limit_m: float) -> Walks:
    """
    Measure the walk from every unit door to the nearest of `places`.

    Parameters
    ----------
    situation : Situation
        Where and when.
    places : Shared
        What is walked to.
    lacking : Lacking
        Told what is missing.
    limit_m : float
        How far to look for places that do not serve everyone [m].
    """
    doors = np.flatnonzero(situation.doors.estate >= 0)
    rows = situation.rows(places.layer, places.kinds)
    suits = rows.holds(places.where)
    unseen = lacking.unsurveyed(places.layer, places.kinds)
    if lacking.walkways():
        none = Witnesses(rows, np.full(len(doors), -1, dtype=np.int64))
        nothing = np.zeros(len(doors))
        return Walks(doors, nothing, nothing + np.inf, none, none)
    find = _find_shared if places.shared else _find_any
    high, sure = find(situation, places, suits.yes, limit_m)
    low, perhaps = high, sure
    if not _certain(rows, places, suits):
        low, perhaps = find(situation, places, suits.maybe, limit_m, hopeful=True)
    if (low < high).any():
        lacking.places(rows, [*columns_of(places.where), *filter(None, [places.shared])])
    return Walks(
        doors,
        np.zeros(len(doors)) if unseen else low,
        high,
        Witnesses(rows, perhaps),
        Witnesses(rows, sure),
    )


def may_serve(rows: Rows, places: Shared, *, hopeful: bool) -> BoolArray:
    """Return the rows that serve other estates too; unknown ones only if `hopeful`."""
    if not places.shared:
        return np.ones(len(rows), dtype=bool)
    shared = rows.column(places.shared)
    public = rows.frame["kind"].isin(places.public_kinds).to_numpy(dtype=bool)
    unknown = shared.isna().to_numpy(dtype=bool)
    said = shared.fillna(value=False).to_numpy(dtype=bool)
    return said | (unknown & (public | hopeful))


def _certain(rows: Rows, places: Shared, suits: Truth) -> bool:
    """Return whether nothing decisive is unknown."""
    sure = may_serve(rows, places, hopeful=False) == may_serve(rows, places, hopeful=True)
    return not suits.open.any() and bool(sure.all())


def _find_any(
    situation: Situation,
    places: Shared,
    suits: BoolArray,
    limit_m: float,  # noqa: ARG001 - the two finders are called alike
    *,
    hopeful: bool = False,
) -> tuple[FloatArray, IntArray]:
    """Return every door's walk to the nearest row that suits, and that row."""
    doors = situation.doors.estate >= 0
    chosen = np.flatnonzero(suits)
    key = (places.layer, places.kinds, places.where, hopeful)
    found = situation.nearest(key, situation.places(places.layer, places.kinds)[chosen])
    row = np.where(found.witness >= 0, np.append(chosen, -1)[found.witness], -1)
    return found.distance[doors], row[doors]


def _find_shared(
    situation: Situation,
    places: Shared,
    suits: BoolArray,
    limit_m: float,
    *,
    hopeful: bool = False,
) -> tuple[FloatArray, IntArray]:
    """Return the same among its own places (not for `OrWalk`) and those that serve others."""
    rows = situation.rows(places.layer, places.kinds)
    pairs = situation.pairs(places.layer, places.kinds, limit_m)
    allowed = may_serve(rows, places, hopeful=hopeful)[pairs.facility]
    if not isinstance(places, OrWalk):
        estate = situation.doors.estate[pairs.origin]
        allowed |= (estate >= 0) & (rows.estate[pairs.facility] == estate)
    allowed &= suits[pairs.facility]
    order = np.lexsort((pairs.distance, pairs.origin))
    order = order[allowed[order]]
    door, first = np.unique(pairs.origin[order], return_index=True)
    distance = np.full(len(situation.doors.estate), np.inf)
    row = np.full(len(distance), -1, dtype=np.int64)
    distance[door] = pairs.distance[order[first]]
    row[door] = pairs.facility[order[first]]
    doors = situation.doors.estate >= 0
    return distance[doors], row[doors]
