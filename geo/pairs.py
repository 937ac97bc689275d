"""Every origin and facility within walking distance of each other, in bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.arrays import FloatArray, IntArray
from geo.network import Snap, WalkNetwork
from geo.runs import equal_entries
from geo.search import Seeds

_CELLS = 4_000_000  # numbers of one block of the distance table: 32 MB
_SQUARE = 4  # least side of a square of sources that are searched from together, in limits
_TOGETHER = 64  # least number of sources in a square, on average
_SLACK_M = 1.0  # more than the lengths of a walk can be off by rounding


@dataclass(frozen=True, eq=False)
class Pairs:
    """
    Pairs of an origin and a facility, in ascending order of origin, then facility.

    Attributes
    ----------
    origin, facility : ndarray of int64, shape (p,)
        Indices of the two.
    distance : ndarray of float64, shape (p,)
        The shortest walk between them, both access legs included [m].
    """

    origin: IntArray
    facility: IntArray
    distance: FloatArray


def pairs_between(network: WalkNetwork, origins: Snap, facilities: Snap, limit_m: float) -> Pairs:
    """
    Return all pairs whose walk is no longer than `limit_m`.

    The search starts from whichever side has fewer points; walks are the same both ways.

    Parameters
    ----------
    network : WalkNetwork
        The walkways.
    origins, facilities : Snap
        Points on it.
    limit_m : float
        The catchment [m], both access legs included.

    Returns
    -------
    Pairs
        In ascending order of origin, then facility; empty where there is no point or no walkway.
    """
    if len(network.lines) == 0 or len(origins) == 0 or len(facilities) == 0:
        none = np.empty(0, dtype=np.int64)
        return Pairs(none, none, np.empty(0))
    swap = len(origins) < len(facilities)
    few, many = (origins, facilities) if swap else (facilities, origins)
    blocks = list(_blocks(network, few, many, limit_m))
    from_few, to_many, distance = (np.concatenate(column) for column in zip(*blocks, strict=True))
    origin, facility = (from_few, to_many) if swap else (to_many, from_few)
    order = np.lexsort((facility, origin))
    return Pairs(origin[order], facility[order], distance[order])


def _blocks(
    network: WalkNetwork, few: Snap, many: Snap, limit_m: float
) -> Iterator[tuple[IntArray, IntArray, FloatArray]]:
    """Yield the pairs of one block of `few` after the other."""
    eastwards = np.argsort(many.foot[:, 0], kind="stable")
    many = many.take(eastwards)
    for group in _neighbours(few, limit_m):
        around = _Surroundings.of(network, few.foot[group], limit_m)
        near = around.holds(many.foot)
        size = max(1, _CELLS // (len(around.nodes) + len(group) + len(near)))
        for first in range(0, len(group), size):
            block = group[first : first + size]
            row, column, walk = _walks(around, few.take(block), many.take(near), limit_m)
            yield block[row], eastwards[near[column]], walk


def _neighbours(points: Snap, limit_m: float) -> Iterator[IntArray]:
    """Yield the positions of points in squares, square after square."""
    if not np.isfinite(limit_m):
        yield np.arange(len(points))
        return
    # A square costs a millisecond whatever it holds: it is large enough to hold some points, and to
    # be most of what is within the limit around it.
    extent = np.ptp(points.foot, axis=0).prod()
    side_m = max(_SQUARE * limit_m, np.sqrt(extent * _TOGETHER / len(points)), 1.0)
    square = np.floor(points.foot / side_m) + 0.0
    order = np.lexsort(square.T)
    begins = np.flatnonzero((np.diff(square[order], axis=0) != 0).any(axis=1)) + 1
    yield from np.split(order, begins)


@dataclass(frozen=True, eq=False)
class _Surroundings:
    """
    The part of a network that can be walked to from some points within a limit.

    No walk is shorter than the straight line, so nothing outside the box is within the limit, and
    every shortest walk within it stays inside.

    Attributes
    ----------
    network : WalkNetwork
        The whole.
    low, high : ndarray of float64, shape (2,)
        Corners of the box [m].
    nodes : ndarray of int64, shape (n,)
        Nodes inside, ascending.
    indptr, indices, weights : ndarray
        The CSR matrix of the edges between them [m].
    """

    network: WalkNetwork
    low: FloatArray
    high: FloatArray
    nodes: IntArray
    indptr: IntArray
    indices: IntArray
    weights: FloatArray

    @classmethod
    def of(cls, network: WalkNetwork, feet: FloatArray, limit_m: float) -> "_Surroundings":
        """Return what lies around the places `feet`, shape (k, 2), on the network."""
        low, high = feet.min(axis=0) - limit_m - _SLACK_M, feet.max(axis=0) + limit_m + _SLACK_M
        nodes = _inside(network.nodes, low, high)
        begin, degree = network.indptr[nodes], np.diff(network.indptr)[nodes]
        first = np.cumsum(degree) - degree
        entry = np.arange(degree.sum()) + np.repeat(begin - first, degree)
        place = _places(nodes, network.indices[entry])
        inside = place < len(nodes)
        kept = np.concatenate([[0], np.cumsum(inside)])
        indptr = kept[np.append(first, len(entry))]
        return cls(network, low, high, nodes, indptr, place[inside], network.weights[entry[inside]])

    def holds(self, points: FloatArray) -> IntArray:
        """Return the positions of points, shape (k, 2) by ascending easting, that are inside."""
        return _inside(points, self.low, self.high)

    def with_sources(self, seeds: Seeds, sources: int) -> csr_array:
        """Return the matrix with a row more for each source, and a last one that leads nowhere."""
        size = len(self.nodes) + sources + 1
        ends = np.searchsorted(seeds.facility, np.arange(sources + 1), side="right")
        return csr_array(
            (
                np.concatenate([self.weights, seeds.cost]),
                np.concatenate([self.indices, _places(self.nodes, seeds.node)]),
                np.concatenate([self.indptr, self.indptr[-1] + ends]),
            ),
            shape=(size, size),
        )


def _places(nodes: IntArray, wanted: IntArray) -> IntArray:
    """Return the positions of nodes among ascending `nodes`; one past the last for the others."""
    place = np.searchsorted(nodes, wanted)
    found = np.append(nodes, -1)[place] == wanted
    return np.where(found, place, len(nodes))


def _inside(points: FloatArray, low: FloatArray, high: FloatArray) -> IntArray:
    """Return which points are in a box; of those between west and east alone it is asked."""
    west = np.searchsorted(points[:, 0], low[0], side="left")
    east = np.searchsorted(points[:, 0], high[0], side="right")
    northing = points[west:east, 1]
    inside: IntArray = west + np.flatnonzero((northing >= low[1]) & (northing <= high[1]))
    return inside


def _walks(
    around: _Surroundings, few: Snap, many: Snap, limit_m: float
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return row, column and walk of every two points of `few` and `many` within the limit."""
    network, nodes = around.network, len(around.nodes)
    seeds = Seeds.of(network, few, limit_m)
    graph = around.with_sources(seeds, len(few))
    table = dijkstra(graph, indices=nodes + np.arange(len(few)), limit=limit_m)
    # An end of an edge that lies outside is beyond the limit: it reads the last column, of inf.
    start, end = _places(around.nodes, network.edges[many.edge]).T
    start, end = np.where(start == nodes, -1, start), np.where(end == nodes, -1, end)
    from_start, to_end = many.offset, network.lengths[many.edge] - many.offset
    walk = table.take(start, axis=1, mode="wrap")
    walk += from_start
    other = table.take(end, axis=1, mode="wrap")
    other += to_end
    np.minimum(walk, other, out=walk)
    row, column = _on_one_edge(few.edge, many.edge)
    direct = np.abs(few.offset[row] - many.offset[column]) + few.gap[row]
    walk[row, column] = np.minimum(walk[row, column], direct)
    walk += many.gap
    near = walk <= limit_m
    if not np.isfinite(limit_m):
        near &= np.isfinite(walk)
    row, column = np.nonzero(near)
    return row, column, walk[row, column]


def _on_one_edge(edge: IntArray, other: IntArray) -> tuple[IntArray, IntArray]:
    """Return all pairs of an entry of `edge` and one of `other` that are equal."""
    order = np.argsort(other, kind="stable")
    row, entry = equal_entries(other[order], edge)
    return row, order[entry]
