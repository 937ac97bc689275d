"""
Gates: walks leave an estate through its open entrances, where entrances were surveyed.

Walkways that cross the outline of such an estate elsewhere, or at a closed gate, are cut there. A
door whose nearest walkway is beyond the outline is brought onto one inside or, where there is none,
walks straight to an open gate. A place well inside the outline is entered the same way, whosever it
is; one nearer to the outline than `gate_m` may open to the street. An estate of which no gate was
recorded is as open as its walkways are drawn; one with closed gates alone is cut at those.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely

from geo.access import Access, Starts
from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from geo.network import Snap, WalkNetwork
from rules.rows import Rows

_CUT_M = 0.01  # half the gap that is cut into a walkway


@dataclass(frozen=True, eq=False)
class Gates:
    """
    The g surveyed entrances of n estates.

    Attributes
    ----------
    points : ndarray of float64, shape (g, 2)
        Easting and northing [m].
    estate : ndarray of int64, shape (g,)
        Position of the estate of each.
    is_open : ndarray of bool, shape (g,)
        False where closed; one of unknown state is open.
    outlines : ndarray of geometry, shape (n,)
        Of all estates.
    gate_m : float
        How far from a gate a walkway leads through it, and how far an outline may be off [m].
    """

    points: FloatArray
    estate: IntArray
    is_open: BoolArray
    outlines: ObjectArray
    gate_m: float

    @classmethod
    def of(cls, entrances: Rows, gate_m: float) -> "Gates":
        """Return the entrances that belong to an estate."""
        rows = entrances.keep(entrances.estate >= 0)
        is_open = ~rows.has_code("state", "closed")
        return cls(rows.points, rows.estate, is_open, entrances.estates, gate_m)

    @cached_property
    def opened(self) -> "Gates":
        """The open ones."""
        here = self.is_open
        return Gates(
            self.points[here], self.estate[here], self.is_open[here], self.outlines, self.gate_m
        )

    @cached_property
    def enclosed(self) -> IntArray:
        """The estates that have any, ascending."""
        return np.unique(self.estate)

    @cached_property
    def _inner(self) -> shapely.STRtree:
        """The ground of those estates that is well inside the outline."""
        return shapely.STRtree(shapely.buffer(self.outlines[self.enclosed], -self.gate_m))

    def around(self, shapes: ObjectArray) -> tuple[IntArray, IntArray]:
        """
        Return which shapes reach well into an enclosed estate.

        Parameters
        ----------
        shapes : ndarray of geometry, shape (m,)
            Points or lines.

        Returns
        -------
        shape, estate : ndarray of int64, shape (p,)
            Positions of the two; `shape` ascends.
        """
        shape, place = self._inner.query(shapes, predicate="intersects")
        order = np.argsort(shape, kind="stable")
        return shape[order].astype(np.int64), self.enclosed[place[order]]

    def lets_through(self, estate: IntArray, at: FloatArray) -> BoolArray:
        """
        Return whether people can cross outlines.

        Parameters
        ----------
        estate : ndarray of int64, shape (c,)
            Whose outline.
        at : ndarray of float64, shape (c, 2)
            Where [m].

        Returns
        -------
        ndarray of bool, shape (c,)
            As the nearest gate says within `gate_m`; elsewhere only if the estate has no open gate.
        """
        through = ~np.isin(estate, self.estate[self.is_open])
        shapes, gates = np.asarray(shapely.points(at)), np.asarray(shapely.points(self.points))
        one, other = shapely.STRtree(gates).query(shapes, "dwithin", self.gate_m)
        mine = estate[one] == self.estate[other]
        one, other = one[mine], other[mine]
        # The nearest comes last and so has the last word; an open one of two as near.
        order = np.lexsort((self.is_open[other], -shapely.distance(shapes[one], gates[other])))
        through[one[order]] = self.is_open[other[order]]
        return through


def gated_network(network: WalkNetwork, walkways: ObjectArray, gates: Gates) -> WalkNetwork:
    """
    Return the network with walkways cut where they cross an outline and no gate lets through.

    Parameters
    ----------
    network : WalkNetwork
        Of the walkways; returned as it is if none is cut.
    walkways : ndarray of LineString or MultiLineString, shape (m,)
        In the same CRS.
    gates : Gates
        The surveyed entrances.
    """
    line, estate = gates.around(walkways)
    crossed = shapely.intersection(walkways[line], shapely.boundary(gates.outlines[estate]))
    points, which = shapely.get_parts(crossed, return_index=True)
    is_point = shapely.get_dimensions(points) == 0
    points, which = points[is_point], which[is_point]
    shut = ~gates.lets_through(estate[which], shapely.get_coordinates(points))
    if not shut.any():
        return network
    cut, owner = np.unique(line[which[shut]], return_inverse=True)
    order = np.argsort(owner, kind="stable")
    holes = shapely.buffer(shapely.multipoints(points[shut][order], indices=owner[order]), _CUT_M)
    lines = walkways.copy()
    lines[cut] = shapely.difference(lines[cut], holes)
    return WalkNetwork.from_walkways(lines, network.crs)


def starts_of(network: WalkNetwork, doors: FloatArray, estate: IntArray, gates: Gates) -> Starts:
    """
    Return where the walks from doors, or to places, leave the network.

    Parameters
    ----------
    network : WalkNetwork
        As `gated_network` returned it.
    doors : ndarray of float64, shape (k, 2)
        Easting and northing [m].
    estate : ndarray of int64, shape (k,)
        The estate of each, -1 for none.
    gates : Gates
        The surveyed entrances.

    Returns
    -------
    Starts
        At the nearest place of the network; where that is beyond the estate's outline, at the
        nearest place of a walkway inside, or, where there is none, at each of its open gates.
    """
    snap, opened = network.snap(doors), gates.opened
    beyond = _is_beyond(snap, estate, opened)
    if not beyond.any():
        return Starts(snap, np.arange(len(snap)))
    parts = [(np.flatnonzero(~beyond), snap.take(np.flatnonzero(~beyond)))]
    edge, inside = opened.around(network.lines)
    for owner in np.unique(estate[beyond]).tolist():
        mine, edges = np.flatnonzero(beyond & (estate == owner)), np.sort(edge[inside == owner])
        if len(edges):
            parts.append((mine, network.snap(doors[mine], among=edges)))
        else:
            parts.append(
                _through_gates(network, doors, mine, opened.points[opened.estate == owner])
            )
    origin = np.concatenate([door for door, _ in parts])
    order = np.argsort(origin, kind="stable")
    return Starts(Snap.joined([part for _, part in parts]).take(order), origin[order])


def ways_in(network: WalkNetwork, points: FloatArray, place: IntArray, gates: Gates) -> Access:
    """
    Return how places are entered from the network.

    Parameters
    ----------
    network : WalkNetwork
        As `gated_network` returned it.
    points : ndarray of float64, shape (k, 2)
        Their entrances, easting and northing [m].
    place : ndarray of int64, shape (k,)
        The place of each, ascending.
    gates : Gates
        The surveyed entrances of the estates.
    """
    estate = np.full(len(points), -1, dtype=np.int64)
    inside, around = gates.opened.around(np.asarray(shapely.points(points), dtype=object))
    estate[inside] = around
    ways = starts_of(network, points, estate, gates)
    return Access(points[ways.origin], ways.snap, place[ways.origin])


def _is_beyond(snap: Snap, estate: IntArray, opened: Gates) -> BoolArray:
    """Return the doors whose way to the network leads across the outline of their estate."""
    beyond = np.isin(estate, opened.estate)
    gated = np.flatnonzero(beyond)
    outline = opened.outlines[estate[gated]]
    off = shapely.distance(outline, shapely.points(snap.foot[gated]))
    legs = np.asarray(
        shapely.linestrings(np.stack([snap.point[gated], snap.foot[gated]], axis=1)), dtype=object
    )
    crossing = shapely.get_coordinates(
        shapely.line_interpolate_point(legs, _crossing(legs, outline))
    )
    beyond[gated] = (off > opened.gate_m) & ~opened.lets_through(estate[gated], crossing)
    return beyond


def _crossing(legs: ObjectArray, outline: ObjectArray) -> FloatArray:
    """Return how far along each leg its last stretch inside the outline ends [m]."""
    inside = shapely.intersection(legs, outline)
    return np.nan_to_num(np.asarray(shapely.length(inside)))


def _through_gates(
    network: WalkNetwork, doors: FloatArray, mine: IntArray, gates: FloatArray
) -> tuple[IntArray, Snap]:
    """Return each of some doors with a start at each gate, straight from door to gate."""
    door, gate = np.repeat(mine, len(gates)), np.tile(gates, (len(mine), 1))
    snap = network.snap(gate)
    return door, replace(snap, gap=snap.gap + np.hypot(*(gate - doors[door]).T))
