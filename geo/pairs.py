"""Every origin and facility within walking distance of each other, in bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import dijkstra

from geo.arrays import FloatArray, IntArray
from geo.network import Snap, WalkNetwork
from geo.search import Seeds

_CELLS = 4_000_000  # numbers of one block of the distance table: 32 MB


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
    nodes = len(network.nodes)
    graph = Seeds.of(network, few, limit_m).graph(network, len(few))
    start, end = network.edges[many.edge].T
    from_start, to_end = many.offset, network.lengths[many.edge] - many.offset
    size = max(1, _CELLS // (nodes + len(few) + len(many)))
    for first in range(0, len(few), size):
        block = np.arange(first, min(first + size, len(few)))
        table = dijkstra(graph, indices=nodes + block, limit=limit_m)
        walk = np.minimum(table[:, start] + from_start, table[:, end] + to_end)
        row, column = np.nonzero(few.edge[block][:, None] == many.edge)
        direct = np.abs(few.offset[block[row]] - many.offset[column]) + few.gap[block[row]]
        walk[row, column] = np.minimum(walk[row, column], direct)
        walk += many.gap
        row, column = np.nonzero(np.isfinite(walk) & (walk <= limit_m))
        yield block[row], column, walk[row, column]
