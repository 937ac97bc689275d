"""
Stretches: walkways divided at the outlines of enclosed estates, and joined to parts next to them.

A stretch is outside an outline, next to it (inside, but nearer than `gate_m`: an outline may be off
by so much) or well inside. All of it is decided by where walkways are, never by where one of them
ends and the next begins.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from geo.network import WalkNetwork
from geo.vertices import ComplexArray, edge_place
from rules.gates import Gates

_ALONG_M = 0.01  # a walkway no farther inside runs along the outline
_SAME_M = 1e-6  # places along an edge that are nearer to each other are one


class Depth(IntEnum):
    """Where a stretch is."""

    OUTSIDE = 0
    EDGE = 1
    INSIDE = 2


@dataclass(frozen=True, eq=False)
class Stretches:
    """
    The s stretches of the edges that come inside the outlines of enclosed estates.

    Attributes
    ----------
    edge, estate : ndarray of int64, shape (s,)
        Of which edge, and whose outline; one run for each two of them.
    low, high : ndarray of float64, shape (s,)
        From where to where along the edge [m].
    start, end : ndarray of int64, shape (s,)
        Their nodes; equal numbers are one node and one estate.
    depth : ndarray of int64, shape (s,)
        Members of `Depth`.
    """

    edge: IntArray
    estate: IntArray
    low: FloatArray
    high: FloatArray
    start: IntArray
    end: IntArray
    depth: IntArray

    @classmethod
    def of(cls, network: WalkNetwork, gates: Gates) -> "Stretches":
        """
        Divide edges where they cross an outline, and where they come well inside.

        Parameters
        ----------
        network : WalkNetwork
            Of all walkways.
        gates : Gates
            The surveyed entrances of the estates, in the same CRS.
        """
        outlines = gates.outlines[gates.enclosed]
        borders = [shapely.buffer(outlines, -m) for m in (_ALONG_M, gates.gate_m)]
        edge, place = shapely.STRtree(borders[0]).query(network.lines, predicate="intersects")
        estate = gates.enclosed[place]
        stops = _stops(network, edge, [border[place] for border in borders])
        run, offset = stops.real.astype(np.int64), stops.imag
        first = np.flatnonzero(np.diff(run) == 0)
        edge, estate = edge[run[first]], estate[run[first]]
        low, high = offset[first], offset[first + 1]
        nodes = np.stack([first, first + 1]) + len(network.nodes)
        nodes = np.where(low == 0, [network.edges[edge, 0], nodes[1]], nodes)
        nodes[1] = np.where(high == network.lengths[edge], network.edges[edge, 1], nodes[1])
        keys = edge_place(np.tile(estate, 2), nodes.ravel().astype(np.float64))
        start, end = np.split(np.unique(keys, return_inverse=True)[1].astype(np.int64), 2)
        middle = shapely.line_interpolate_point(network.lines[edge], (low + high) / 2)
        depth = _depth(middle, gates.outlines[estate], gates.gate_m)
        return cls(edge, estate, low, high, start, end, depth)

    def __len__(self) -> int:
        """Return the number of stretches."""
        return len(self.edge)

    @cached_property
    def _nodes(self) -> int:
        return int(max(self.start.max(initial=-1), self.end.max(initial=-1))) + 1

    @cached_property
    def part(self) -> IntArray:
        """The part of each stretch next to an outline, -1 for all other stretches."""
        here = self.depth == Depth.EDGE
        ends = (self.start[here], self.end[here])
        joined = coo_array((np.ones(here.sum()), ends), shape=(self._nodes, self._nodes))
        part = np.full(len(self), -1, dtype=np.int64)
        part[here] = connected_components(joined, directed=False)[1][self.start[here]]
        return part

    @cached_property
    def _part_at(self) -> IntArray:
        """The part next to an outline that each node is of, -1 for none."""
        part = np.full(self._nodes, -1, dtype=np.int64)
        here = self.part >= 0
        part[self.start[here]] = part[self.end[here]] = self.part[here]
        return part

    def ends_at(self, depth: Depth) -> "Ends":
        """Return the ends of stretches of some depth at which a part next to an outline begins."""
        sides = []
        for node, offset in ((self.start, self.low), (self.end, self.high)):
            found = np.flatnonzero((self.depth == depth) & (self._part_at[node] >= 0))
            sides.append((found, offset[found], self._part_at[node[found]]))
        stretch, offset, part = (np.concatenate(column) for column in zip(*sides, strict=True))
        return Ends(self.edge[stretch], self.estate[stretch], offset, part)


@dataclass(frozen=True, eq=False)
class Ends:
    """
    Places along edges where stretches begin or end.

    Attributes
    ----------
    edge, estate : ndarray of int64, shape (c,)
        Of the stretch.
    offset : ndarray of float64, shape (c,)
        Where along the edge [m].
    part : ndarray of int64, shape (c,)
        The part next to the outline that begins there.
    """

    edge: IntArray
    estate: IntArray
    offset: FloatArray
    part: IntArray

    def points(self, network: WalkNetwork) -> FloatArray:
        """Return easting and northing of the places [m], shape (c, 2)."""
        places = shapely.line_interpolate_point(network.lines[self.edge], self.offset)
        return shapely.get_coordinates(places)

    def places(self, chosen: BoolArray) -> ComplexArray:
        """Return chosen places as `edge_place` does."""
        return edge_place(self.edge[chosen], self.offset[chosen])


def _stops(network: WalkNetwork, edge: IntArray, borders: list[ObjectArray]) -> ComplexArray:
    """Return where along edges their stretches begin and end: run and offset, ascending."""
    lines, lengths, run = network.lines[edge], network.lengths[edge], np.arange(len(edge))
    stops = [edge_place(run, np.zeros(len(run))), edge_place(run, lengths)]
    for border in borders:
        crossed = shapely.intersection(lines, shapely.boundary(border))
        xy, at = shapely.get_coordinates(crossed, return_index=True)
        offset = shapely.line_locate_point(lines[at], shapely.points(xy))
        offset = np.round(offset / _SAME_M) * _SAME_M
        between = (offset > 0) & (offset < lengths[at] - _SAME_M)
        stops.append(edge_place(at[between], offset[between]))
    return np.unique(np.concatenate(stops))


def _depth(points: ObjectArray, outlines: ObjectArray, gate_m: float) -> IntArray:
    """Return where points are, each seen from an outline."""
    deep_m = shapely.distance(points, shapely.boundary(outlines))
    is_inside = shapely.intersects(outlines, points)
    depth: IntArray = (is_inside & (deep_m >= _ALONG_M)).astype(np.int64)
    return depth + (is_inside & (deep_m >= gate_m - _ALONG_M))
