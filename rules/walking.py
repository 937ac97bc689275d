"""
Walking: what is searched on the walking network of an evaluation context.

Walks from the unit doors, and from the homes outside the estates, to the rows of some kinds, each
searched once. After an edit only those walks are searched that it can change.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace

import numpy as np
import shapely

import layers
from geo.access import Access, Starts, points_of, shortest_pairs
from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from geo.catchment import (
    Nearest,
    Pairs,
    nearest_routes,
    pairs_again,
    pairs_within,
    route_set,
    walking_distance,
)
from geo.doorsteps import doorsteps
from geo.network import Snap, WalkNetwork
from geo.route_set import RouteSet
from rules.context import EvaluationContext
from rules.reads import DOORS, NETWORK, OUTSIDE, Reads, rows_read
from rules.rows import Rows
from rules.selection import Clause, columns_of
from rules.walls import WalledNetwork, walled_network
from rules.ways import starts_of, ways_in


@dataclass(frozen=True, slots=True)
class _Walked:
    """The routes from some starts of walks, and the positions of those starts."""

    starts: IntArray
    routes: RouteSet


def is_possible(context: EvaluationContext) -> bool:
    """Return whether there are walkways to walk on."""
    return context.district.has("walkways") and len(context.district["walkways"]) > 0


def _walled(context: EvaluationContext) -> WalledNetwork:
    return context.once(
        ("network",),
        NETWORK,
        lambda: walled_network(context.district.network, context.gates),
    )


def network(context: EvaluationContext) -> WalkNetwork:
    """Return the walking network, cut where an outline is crossed without an open gate."""
    return _walled(context).network


def starts(context: EvaluationContext) -> Starts:
    """Return where the walks from the doors begin on the network."""
    doors = context.doors
    return context.once(
        ("starts",),
        DOORS,
        lambda: starts_of(_walled(context), doors.points, doors.estate),
    )


def _outside_starts(context: EvaluationContext) -> Starts:
    """Return where the walks from the homes outside the estates begin."""

    def find() -> Starts:
        points = doorsteps(context.outside.homes.shapes, context.walkways)
        return starts_of(_walled(context), points, np.full(len(points), -1))

    return context.once(("outside starts",), OUTSIDE, find)


def access(context: EvaluationContext, layer: str, kinds: tuple[str, ...]) -> Access:
    """Return how people enter the rows of some kinds."""
    return context.once(
        ("access", layer, kinds),
        NETWORK | rows_read(layer, kinds),
        lambda: _access_of(context, context.rows(layer, kinds)),
    )


def access_at(context: EvaluationContext, points: FloatArray) -> Access:
    """Return how places at some points, shape (k, 2) [m], would be entered."""
    return ways_in(_walled(context), points, np.arange(len(points)))


def _access_of(context: EvaluationContext, rows: Rows) -> Access:
    """Return how people enter: at every point, or areas beside the nearest walkway."""
    if layers.ALL[rows.layer].geometry == "Point":
        points, place = points_of(rows.shapes)
    else:
        points, place = doorsteps(rows.shapes, context.walkways), np.arange(len(rows))
    return ways_in(_walled(context), points, place)


def cut_off(context: EvaluationContext) -> BoolArray:
    """Return which doors are not connected to the network, shape (k,)."""
    doors = len(context.doors.points)
    return context.once(("cut off",), DOORS, lambda: ~_connected(context, starts(context), doors))


def connected_places(context: EvaluationContext, layer: str, kinds: tuple[str, ...]) -> BoolArray:
    """Return which rows of some kinds are connected to the network, shape (r,)."""

    def find() -> BoolArray:
        entered = access(context, layer, kinds)
        return are_connected(context, entered, len(context.rows(layer, kinds)))

    return context.once(("connected", layer, kinds), NETWORK | rows_read(layer, kinds), find)


def are_connected(context: EvaluationContext, entered: Access, count: int) -> BoolArray:
    """Return which of `count` places are connected to the network."""
    return _connected(context, Starts(entered.snap, entered.place), count)


def _connected(context: EvaluationContext, begun: Starts, count: int) -> BoolArray:
    """Return which of `count` origins are connected to the network at one of their starts."""
    conventions, walled = context.book.walking, _walled(context)
    reached = walled.leads_out(begun.snap) & walled.network.is_connected(
        begun.snap, cut_off_m=conventions.cut_off_m, access_leg_m=conventions.access_leg_m
    )
    return np.bincount(begun.origin, weights=reached, minlength=count) > 0


def nearest(
    context: EvaluationContext,
    layer: str,
    kinds: tuple[str, ...],
    where: tuple[Clause, ...],
    chosen: IntArray,
    *,
    include_unknown: bool,
) -> Nearest:
    """
    Return every door's walk to the nearest of some rows, searched once for each choice.

    Parameters
    ----------
    context : EvaluationContext
        Where and when.
    layer, kinds, where
        Which rows are meant.
    chosen : ndarray of int64, shape (c,)
        Positions, among the rows of `kinds`, of those of which `where` holds.
    include_unknown : bool
        Whether `chosen` has the rows of which `where` may hold.
    """
    return context.once(
        ("nearest", layer, kinds, where, include_unknown),
        DOORS | rows_read(layer, kinds, columns_of(where)),
        lambda: nearest_of(context, access(context, layer, kinds).take(chosen)),
    )


def nearest_of(context: EvaluationContext, entered: Access) -> Nearest:
    """Return every door's walk to the nearest place of `entered` [m], and its number."""
    begun = starts(context)
    found = walking_distance(network(context), begun.snap, entered.snap)
    witness = np.append(entered.place, -1)[found.witness]
    best = begun.shortest(found.distance, witness)
    return Nearest(found.distance[best], witness[best])


def pairs(context: EvaluationContext, layer: str, kinds: tuple[str, ...], limit_m: float) -> Pairs:
    """Return every door and every row of some kinds within a walk of `limit_m` [m]."""
    return context.once(
        ("pairs", layer, kinds, limit_m),
        DOORS | rows_read(layer, kinds),
        lambda: _pairs(context, starts(context), DOORS, (layer, kinds, limit_m)),
    )


def pairs_among(
    context: EvaluationContext,
    layer: str,
    kinds: tuple[str, ...],
    chosen: IntArray,
    limit_m: float,
) -> Pairs:
    """
    Return every door and every chosen row within a walk of `limit_m`.

    Parameters
    ----------
    context : EvaluationContext
        Where and when.
    layer, kinds
        Which rows are meant.
    chosen : ndarray of int64, shape (c,)
        Positions among them; `Pairs.facility` names these.
    limit_m : float
        The longest walk [m].
    """
    entered = access(context, layer, kinds).take(chosen)
    return pairs_to(context, replace(entered, place=chosen[entered.place]), limit_m)


def pairs_to(context: EvaluationContext, entered: Access, limit_m: float) -> Pairs:
    """Return every door and every place of `entered` within a walk of `limit_m` [m]."""
    begun = starts(context)
    found = pairs_within(network(context), begun.snap, entered.snap, limit_m)
    return shortest_pairs(found, begun.origin, entered.place)


def pairs_outside(
    context: EvaluationContext, layer: str, kinds: tuple[str, ...], limit_m: float
) -> Pairs:
    """Return every home outside the estates and every row of some kinds within `limit_m` [m]."""
    return context.once(
        ("pairs outside", layer, kinds, limit_m),
        OUTSIDE | rows_read(layer, kinds),
        lambda: _pairs(context, _outside_starts(context), OUTSIDE, (layer, kinds, limit_m)),
    )


def _pairs(
    context: EvaluationContext,
    begun: Starts,
    reads: Reads,
    wanted: tuple[str, tuple[str, ...], float],
) -> Pairs:
    """Search from the points that no search before an edit has started from."""
    layer, kinds, limit_m = wanted
    entered = access(context, layer, kinds)
    key = ("searched", reads, wanted)
    former = context.kept(key)
    if former is None:
        found = pairs_within(network(context), begun.snap, entered.snap, limit_m)
    else:
        found = pairs_again(network(context), begun.snap, entered.snap, limit_m, *former)
    context.keep(key, reads, (entered.snap, found))
    return shortest_pairs(found, begun.origin, entered.place)


def routes(
    context: EvaluationContext, name: Hashable, doors: IntArray, entered: Access
) -> tuple[IntArray, ObjectArray]:
    """
    Return the walks from chosen doors to the nearest of some places, those kept from before.

    Parameters
    ----------
    context : EvaluationContext
        Where and when.
    name : hashable
        What the walks are wanted for; under it they are remembered over an edit.
    doors : ndarray of int64, shape (d,)
        Positions in `context.doors`.
    entered : Access
        How the places are entered.

    Returns
    -------
    places : ndarray of int64, shape (d,)
        The place at which each walk ends, -1 where there is none.
    routes : ndarray of LineString or None, shape (d,)
    """
    begun = starts(context)
    mine, chosen = begun.of(doors)
    former = context.kept(("routes", name))
    position = np.full(len(begun.snap), -1, dtype=np.int64)
    if former is not None:
        position[former.starts] = np.arange(len(former.starts))
    found, drawn = route_set(
        network(context),
        mine.snap,
        entered.snap,
        former=None if former is None else former.routes,
        same=position[chosen],
    )
    if drawn is None:
        return np.full(len(doors), -1), np.full(len(doors), None, dtype=object)
    context.keep(("routes", name), DOORS, _Walked(chosen, drawn))
    witness = np.append(entered.place, -1)[found.witness]
    best = mine.shortest(found.distance, witness)
    way, begin = found.witness[best], mine.snap.take(best)
    return witness[best], _whole(
        context.doors.points[doors], begin, entered, drawn.lines[best], way
    )


def walk(
    context: EvaluationContext, door: int, entered: Access, limit_m: float
) -> shapely.LineString | None:
    """
    Return the walk from a door to a place, None if it is longer than `limit_m`.

    Parameters
    ----------
    context : EvaluationContext
        Where and when.
    door : int
        Position in `context.doors`.
    entered : Access
        How the place is entered.
    limit_m : float
        How far to look [m].
    """
    line: shapely.LineString | None = walks_to(context, np.array([door]), entered, limit_m)[0]
    return line


def walks_to(
    context: EvaluationContext, doors: IntArray, entered: Access, limit_m: float
) -> ObjectArray:
    """
    Return the walks from some doors, each to the nearest of some places.

    Parameters
    ----------
    context : EvaluationContext
        Where and when.
    doors : ndarray of int64, shape (d,)
        Positions in `context.doors`.
    entered : Access
        How the places are entered.
    limit_m : float
        How far to look [m].

    Returns
    -------
    ndarray of LineString or None, shape (d,)
        None where no place is within the limit.
    """
    mine, _ = starts(context).of(doors)
    found, lines = nearest_routes(network(context), mine.snap, entered.snap, limit_m)
    best = mine.shortest(found.distance, found.witness)
    way, begin = found.witness[best], mine.snap.take(best)
    return _whole(context.doors.points[doors], begin, entered, lines[best], way)


def _whole(
    door: FloatArray, begin: Snap, entered: Access, lines: ObjectArray, way: IntArray
) -> ObjectArray:
    """Return routes from door to place, with the straight ways of those that pass a gate there."""
    drawn = np.flatnonzero(~shapely.is_missing(lines))
    door, place = door[drawn], entered.point[way[drawn]]
    moved = (begin.point[drawn] != door).any(axis=1)
    moved |= (entered.snap.point[way[drawn]] != place).any(axis=1)
    whole = lines.copy()
    for at, first, last in zip(drawn[moved].tolist(), door[moved], place[moved], strict=True):
        xy = np.concatenate([[first], shapely.get_coordinates(lines[at]), [last]])
        whole[at] = shapely.remove_repeated_points(shapely.linestrings(xy))
    return whole
