"""
Walks by a second method: an explicitly split graph and a plain Dijkstra from every door.

The answer key must not be computed by what it checks, so nothing here is shared with `geo`: every
point is put into the graph as a node of its own, joined by its access leg to a node at its foot,
and the edge is cut there.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.arrays import FloatArray, IntArray

_TOUCHING_M = 1e-9  # a leg of no length; a stored zero would be no edge


@dataclass(frozen=True)
class SplitGraph:
    """
    Streets cut at the feet of some points.

    Attributes
    ----------
    xy : ndarray, shape (n, 2)
        Nodes: the points first, then the streets' ends and the feet.
    ends : ndarray of int, shape (m, 2)
        Nodes of every piece of street, in the direction of its line.
    line : ndarray of int, shape (m,)
        The line each piece is cut from.
    lengths : ndarray, shape (m,)
        Lengths of the pieces [m].
    graph : csr_array, shape (n, n)
        Pieces and access legs, both ways.
    """

    xy: FloatArray
    ends: IntArray
    line: IntArray
    lengths: FloatArray
    graph: csr_array

    def distances(self, points: IntArray, limit_m: float) -> FloatArray:
        """Return walks [m] from points to all nodes, inf beyond the limit, shape (k, n)."""
        return np.atleast_2d(dijkstra(self.graph, indices=points, limit=limit_m))

    def around(self, points: IntArray, limit_m: float) -> tuple[IntArray, FloatArray]:
        """
        Return walks from some points to the nodes near them, which no walk within the limit leaves.

        Returns
        -------
        nodes : ndarray of int, shape (m,)
        walks : ndarray, shape (k, m)
            [m], inf beyond the limit.
        """
        low = self.xy[points].min(axis=0) - limit_m - 1
        high = self.xy[points].max(axis=0) + limit_m + 1
        nodes = np.flatnonzero(((self.xy >= low) & (self.xy <= high)).all(axis=1))
        part = self.graph[nodes][:, nodes]
        walks = dijkstra(part, indices=np.searchsorted(nodes, points), limit=limit_m)
        return nodes, np.atleast_2d(walks)

    def nearest(self, points: IntArray, limit_m: float) -> FloatArray:
        """Return the walk [m] from every node to the nearest of points, inf beyond the limit."""
        if not len(points):
            return np.full(len(self.xy), np.inf)
        return np.asarray(dijkstra(self.graph, indices=points, limit=limit_m, min_only=True))


def split(lines: FloatArray, points: FloatArray, exits: FloatArray | None = None) -> SplitGraph:
    """
    Cut two-point lines at the feet of points.

    Parameters
    ----------
    lines : ndarray, shape (m, 2, 2)
        Segments [m] that meet at their ends.
    points : ndarray, shape (k, 2)
        Each is joined to the line nearest to its exit.
    exits : ndarray, shape (k, 2), optional
        Where the straight way from each point leads first [m]; by default the point itself.
    """
    exits = points if exits is None else exits
    tree = shapely.STRtree(np.asarray(shapely.linestrings(lines), dtype=object))
    edge = np.asarray(tree.nearest(shapely.points(exits)) if len(exits) else [], dtype=np.int64)
    start, run = lines[edge, 0], lines[edge, 1] - lines[edge, 0]
    length = np.hypot(run[:, 0], run[:, 1])
    share = ((exits - start) * run).sum(axis=1) / length**2
    share = np.clip(share, 0.0, 1.0)
    foot = start + run * share[:, None]
    corner, at = np.unique(lines.reshape(-1, 2), axis=0, return_inverse=True)
    count = len(points)
    nodes = np.concatenate([points, corner, foot])
    ends = at.reshape(-1, 2) + count
    feet = np.arange(count) + count + len(corner)
    stops = _stops(ends, edge, share, feet)
    same = stops[1:, 0] == stops[:-1, 0]
    pieces = np.stack([stops[:-1, 2], stops[1:, 2]], axis=1)[same].astype(np.int64)
    piece_line = stops[:-1, 0][same].astype(np.int64)
    lengths = np.hypot(*(nodes[pieces[:, 1]] - nodes[pieces[:, 0]]).T)
    legs = np.stack([np.arange(count), feet], axis=1)
    gap = np.hypot(*(exits - points).T) + np.hypot(*(exits - foot).T)
    both = np.concatenate([pieces, legs])
    weights = np.maximum(np.concatenate([lengths, gap]), _TOUCHING_M)
    return SplitGraph(nodes, pieces, piece_line, lengths, _graph(both, weights, len(nodes)))


def _stops(ends: IntArray, edge: IntArray, share: FloatArray, feet: IntArray) -> FloatArray:
    """All stops along all lines as rows (line, share of its length, node), in order."""
    number = np.arange(len(ends))
    rows = [
        np.column_stack([number, np.zeros(len(ends)), ends[:, 0]]),
        np.column_stack([edge, share, feet]),
        np.column_stack([number, np.ones(len(ends)), ends[:, 1]]),
    ]
    stops = np.concatenate(rows)
    return stops[np.lexsort((stops[:, 1], stops[:, 0]))]


def _graph(pairs: IntArray, weights: FloatArray, count: int) -> csr_array:
    """Return the graph both ways; of parallel edges the shortest, since entries are added up."""
    low, high = pairs.min(axis=1), pairs.max(axis=1)
    order = np.lexsort((weights, high, low))
    low, high, weights = low[order], high[order], weights[order]
    first = np.r_[True, (low[1:] != low[:-1]) | (high[1:] != high[:-1])] & (low != high)
    low, high, weights = low[first], high[first], weights[first]
    rows, columns = np.r_[low, high], np.r_[high, low]
    return csr_array((np.r_[weights, weights], (rows, columns)), shape=(count, count))
