"""
Ways: how doors and places are joined to the walking network, without passing through a wall.

A door or place is joined at the nearest place of the network. Where a wall is between the two, it
is joined to a walkway on its own side; behind walls without any walkway the way is straight to
every open gate. A place nearer to an outline than `gate_m` may open to either side.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import shapely

from geo.access import Access, Starts
from geo.arrays import BoolArray, FloatArray, IntArray
from geo.network import Snap
from geo.runs import equal_entries, members_of_groups
from geo.vertices import edge_place
from rules.walls import WalledNetwork


def starts_of(walled: WalledNetwork, doors: FloatArray, estate: IntArray) -> Starts:
    """
    Return where the walks from doors begin on the network.

    Parameters
    ----------
    walled : WalledNetwork
        The walkways, cut at the walls.
    doors : ndarray of float64, shape (k, 2)
        Easting and northing [m].
    estate : ndarray of int64, shape (k,)
        The estate of each, -1 for none.

    Returns
    -------
    Starts
        One or several for each door; its access leg is infinite where no gate of its estate is open
        and no walkway inside.
    """
    snap = walled.network.snap(doors)
    if not len(walled.gates.estate) or not len(walled.network.lines):
        return Starts(snap, np.arange(len(snap)))
    is_barred, is_gated = _barred(walled, snap, estate)
    direct = np.flatnonzero(~is_barred | is_gated)
    parts = [(direct, snap.take(direct)), *_on_own_side(walled, snap, is_barred, estate)]
    joined = np.concatenate([door for door, _ in parts])
    alone = np.setdiff1d(np.arange(len(snap)), joined)
    shut_in = replace(snap.take(alone), gap=np.full(len(alone), np.inf))
    origin = np.concatenate([joined, alone])
    order = np.argsort(origin, kind="stable")
    return Starts(Snap.joined([*(part for _, part in parts), shut_in]).take(order), origin[order])


def ways_in(walled: WalledNetwork, points: FloatArray, place: IntArray) -> Access:
    """
    Return how places are entered from the network.

    Parameters
    ----------
    walled : WalledNetwork
        The walkways, cut at the walls.
    points : ndarray of float64, shape (k, 2)
        Their entrances, easting and northing [m].
    place : ndarray of int64, shape (k,)
        The place of each, ascending.
    """
    ways = starts_of(walled, points, walled.gates.well_inside(points))
    reached = np.flatnonzero(np.isfinite(ways.snap.gap))
    origin = ways.origin[reached]
    return Access(points[origin], ways.snap.take(reached), place[origin])


def _on_own_side(
    walled: WalledNetwork, snap: Snap, is_barred: BoolArray, estate: IntArray
) -> Iterator[tuple[IntArray, Snap]]:
    """Yield doors with their starts on their side of the wall."""
    owner = np.where(walled.gates.are_enclosed(estate), estate, -1)
    barred = np.flatnonzero(is_barred)
    for one, members in members_of_groups(owner[barred]).items():
        doors = barred[members]
        edges = walled.streets if one < 0 else walled.inside(one)
        if len(edges):
            yield doors, walled.network.snap(snap.point[doors], among=edges)
        elif one >= 0:
            yield _through_gates(walled, snap.point, doors, walled.gates.open_points(one))


def _through_gates(
    walled: WalledNetwork, points: FloatArray, doors: IntArray, gates: FloatArray
) -> tuple[IntArray, Snap]:
    """Return some doors with a start at each gate, straight from door to gate."""
    door, gate = np.repeat(doors, len(gates)), np.tile(gates, (len(doors), 1))
    snap = walled.network.snap(gate)
    return door, replace(snap, gap=snap.gap + np.hypot(*(gate - points[door]).T))


def _barred(walled: WalledNetwork, snap: Snap, estate: IntArray) -> tuple[BoolArray, BoolArray]:
    """Return which points have a wall before the network, and which of them an open gate there."""
    is_barred, is_gated = np.zeros(len(snap), dtype=np.bool_), np.ones(len(snap), dtype=np.bool_)
    gates = walled.gates
    for point, wall, inner, outer in (
        _leaving(walled, snap, estate),
        _entering(walled, snap, estate),
    ):
        legs = np.asarray(shapely.linestrings(np.stack([inner, outer], axis=1)), dtype=object)
        within_m = shapely.length(shapely.intersection(legs, gates.outlines[wall]))
        crossing = shapely.get_coordinates(shapely.line_interpolate_point(legs, within_m))
        is_barred[point] = True
        is_gated[point[~gates.lets_through(wall, crossing, gates.gate_m)]] = False
    return is_barred, is_gated


def _leaving(
    walled: WalledNetwork, snap: Snap, estate: IntArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Return points behind a wall that are nearest to an edge before it: whose, and both ends."""
    own = np.isin(edge_place(snap.edge, estate), edge_place(walled.edge, walled.estate))
    point = np.flatnonzero(walled.gates.are_enclosed(estate) & ~own)
    wall, gate_m = estate[point], walled.gates.gate_m
    outline = walled.gates.outlines[wall]
    door, foot = (shapely.points(xy[point]) for xy in (snap.point, snap.foot))
    is_deep = shapely.intersects(outline, door)
    is_deep &= shapely.distance(shapely.boundary(outline), door) > gate_m
    kept = is_deep | (shapely.distance(outline, foot) > gate_m)
    point, wall = point[kept], wall[kept]
    return point, wall, snap.point[point], snap.foot[point]


def _entering(
    walled: WalledNetwork, snap: Snap, estate: IntArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Return points before a wall that are nearest to an edge behind it: whose, and both ends."""
    point, entry = equal_entries(walled.edge, snap.edge)
    wall = walled.estate[entry]
    outside = ~shapely.intersects(walled.gates.outlines[wall], shapely.points(snap.point[point]))
    kept = outside & (wall != estate[point])
    point, wall = point[kept], wall[kept]
    return point, wall, snap.foot[point], snap.point[point]
