"""
One search outwards from all facilities at once, answering every place of the network.

Each facility becomes a source of its own with an arc to either end of its edge, as long as its
access leg and the way along the edge; a single Dijkstra run then gives every node its nearest
facility.
Places between nodes follow from the ends of their edge and from the facilities on the same edge.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.arrays import BoolArray, FloatArray, IntArray
from geo.network import Snap, WalkNetwork
from geo.runs import least_of_groups
from geo.vertices import ComplexArray, edge_place

VIA_START, VIA_END, BACKWARD, FORWARD = range(4)
"""How a place is left: by the start or end of its edge, or along the edge to a facility on it."""


@dataclass(frozen=True, eq=False)
class Seeds:
    """
    Arcs from facilities to the nodes at the ends of their edges.

    Attributes
    ----------
    facility, node : ndarray of int64, shape (s,)
        From where to where; a pair occurs once, in ascending order of facility.
    cost : ndarray of float64, shape (s,)
        Access leg and way along the edge [m].
    """

    facility: IntArray
    node: IntArray
    cost: FloatArray

    @classmethod
    def of(cls, network: WalkNetwork, facilities: Snap, limit_m: float) -> "Seeds":
        """
        Return the arcs of facilities to the ends of their edges.

        Parameters
        ----------
        network : WalkNetwork
            With at least one edge.
        facilities : Snap
            Points on it.
        limit_m : float
            Longer arcs are left out [m].

        Returns
        -------
        Seeds
            At most two for each facility.
        """
        along = np.stack([facilities.offset, network.lengths[facilities.edge] - facilities.offset])
        cost = (along + facilities.gap).T.ravel()
        node = network.edges[facilities.edge].ravel()
        facility = np.repeat(np.arange(len(facilities)), 2)
        order = np.lexsort((cost, node, facility))
        order = order[cost[order] <= limit_m]
        # both ends of a closed loop are one node: the shorter way round comes first and stays
        keep = np.ones(len(order), dtype=np.bool_)
        keep[1:] = (np.diff(facility[order]) != 0) | (np.diff(node[order]) != 0)
        order = order[keep]
        return cls(facility[order], node[order], cost[order])

    def nearest(self) -> "Seeds":
        """
        Return the cheapest arc into each node.

        Returns
        -------
        Seeds
            Of equally cheap arcs into a node that of the lowest facility.
        """
        keep = np.sort(least_of_groups(self.node, self.cost, self.facility))
        return Seeds(self.facility[keep], self.node[keep], self.cost[keep])

    def graph(self, network: WalkNetwork, facilities: int) -> csr_array:
        """
        Return the network's matrix with one row more for each facility.

        Parameters
        ----------
        network : WalkNetwork
            Of the arcs.
        facilities : int
            k, how many there are.

        Returns
        -------
        scipy.sparse.csr_array, shape (n + k, n + k)
            Lengths [m]; facilities come after the nodes, and nothing leads to them.
        """
        size = len(network.nodes) + facilities
        ends = np.searchsorted(self.facility, np.arange(facilities), side="right")
        indptr = np.concatenate([network.indptr, network.indptr[-1] + ends.astype(np.int32)])
        indices = np.concatenate([network.indices, self.node.astype(np.int32)])
        weights = np.concatenate([network.weights, self.cost])
        return csr_array((weights, indices, indptr), shape=(size, size))


@dataclass(frozen=True, eq=False)
class Reach:
    """
    What places of the network have nearest to them.

    Attributes
    ----------
    distance : ndarray of float64, shape (p,)
        Walk from the place, the facility's access leg included [m]; inf where unreachable.
    witness : ndarray of int64, shape (p,)
        The facility; -1 where unreachable.
    way : ndarray of int64, shape (p,)
        How the place is left: `VIA_START`, `VIA_END`, `BACKWARD` or `FORWARD`.
    """

    distance: FloatArray
    witness: IntArray
    way: IntArray

    def improve(self, rows: IntArray, distance: FloatArray, witness: IntArray, way: int) -> None:
        """
        Take another way where it is shorter, or as short to a lower facility; written in place.

        Parameters
        ----------
        rows : ndarray of int64, shape (r,)
            Places, each once.
        distance : ndarray of float64, shape (r,)
            Their walks by the other way [m].
        witness : ndarray of int64, shape (r,)
            The facilities it leads to.
        way : int
            `VIA_START`, `VIA_END`, `BACKWARD` or `FORWARD`.
        """
        best = self.distance[rows]
        tie = (distance == best) & (witness < self.witness[rows])
        better = (distance < best) | tie
        rows = rows[better]
        self.distance[rows], self.witness[rows] = distance[better], witness[better]
        self.way[rows] = way


@dataclass(frozen=True, eq=False)
class Tree:
    """
    The shortest-path tree from all facilities.

    Attributes
    ----------
    network : WalkNetwork
        Where the search ran.
    facilities : Snap
        Where it started.
    distance : ndarray of float64, shape (n,)
        From each node to its nearest facility, access leg included [m]; inf beyond the limit.
    witness : ndarray of int64, shape (n,)
        That facility; -1 beyond the limit.
    onward : ndarray of int64, shape (n,)
        The next node on the way there; -1 where the way leaves the nodes for the facility's edge.
    """

    network: WalkNetwork
    facilities: Snap
    distance: FloatArray
    witness: IntArray
    onward: IntArray

    def reach(self, edge: IntArray, offset: FloatArray) -> Reach:
        """
        Return the nearest facility of places on edges.

        Parameters
        ----------
        edge : ndarray of int64, shape (p,)
            Edges.
        offset : ndarray of float64, shape (p,)
            Distance from the start of the edge [m].

        Returns
        -------
        Reach
            Distance, facility and way of every place.
        """
        start, end = self.network.edges[edge].T
        reach = Reach(
            self.distance[start] + offset,
            self.witness[start],
            np.full(len(edge), VIA_START, dtype=np.int64),
        )
        every = np.arange(len(edge))
        onward = self.distance[end] + (self.network.lengths[edge] - offset)
        reach.improve(every, onward, self.witness[end], VIA_END)
        beside = every[self._has_facility[edge]]
        sides = self._along_edge.beside(edge[beside], offset[beside])
        for way, facility in zip((BACKWARD, FORWARD), sides, strict=True):
            found, by = beside[facility >= 0], facility[facility >= 0]
            along = np.abs(offset[found] - self.facilities.offset[by])
            reach.improve(found, along + self.facilities.gap[by], by, way)
        return reach

    @cached_property
    def _has_facility(self) -> BoolArray:
        """Whether there is a facility on an edge."""
        has = np.zeros(len(self.network.lines), dtype=np.bool_)
        has[self.facilities.edge] = True
        return has

    @cached_property
    def _along_edge(self) -> "_AlongEdge":
        return _AlongEdge.of(self.facilities)


@dataclass(frozen=True, eq=False)
class _AlongEdge:
    """Facilities in their order along the edges, and the best of them on either side."""

    place: ComplexArray
    edge: IntArray
    best_behind: IntArray
    best_ahead: IntArray

    @classmethod
    def of(cls, facilities: Snap) -> "_AlongEdge":
        order = np.lexsort((facilities.offset, facilities.edge))
        edge, offset, gap = facilities.edge[order], facilities.offset[order], facilities.gap[order]
        behind = _running_best(edge, gap - offset, order)
        ahead = _running_best(-edge[::-1], (gap + offset)[::-1], order[::-1])[::-1]
        return cls(edge_place(edge, offset), edge, behind, ahead)

    def beside(self, edge: IntArray, offset: FloatArray) -> tuple[IntArray, IntArray]:
        """Return the best facility on the same edge backwards and forwards, -1 if none."""
        position = np.searchsorted(self.place, edge_place(edge, offset), side="right")
        behind, ahead = np.maximum(position - 1, 0), np.minimum(position, len(self.edge) - 1)
        return (
            np.where((position > 0) & (self.edge[behind] == edge), self.best_behind[behind], -1),
            np.where(
                (position < len(self.edge)) & (self.edge[ahead] == edge), self.best_ahead[ahead], -1
            ),
        )


def _running_best(group: IntArray, value: FloatArray, label: IntArray) -> IntArray:
    """
    Return the label of the least value so far within each group; of equal ones the lowest label.

    `group` ascends. Ranks stand in for values, and each later group's are lowered below all earlier
    ones, so that one running minimum begins anew at every group.
    """
    count = len(value)
    order = np.lexsort((label, value))
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    lowered = np.cumsum(np.diff(group, prepend=group[:1]) != 0) * count
    best: IntArray = order[np.minimum.accumulate(rank - lowered) + lowered]
    return label[best]


def search(network: WalkNetwork, facilities: Snap, limit_m: float) -> Tree:
    """
    Search outwards from all facilities at once.

    Parameters
    ----------
    network : WalkNetwork
        With at least one edge.
    facilities : Snap
        Where the search starts.
    limit_m : float
        No node farther than this is reached [m]; inf for all.

    Returns
    -------
    Tree
        Distance, nearest facility and next node of every node.
    """
    nodes = len(network.nodes)
    seeds = Seeds.of(network, facilities, limit_m).nearest()
    if len(seeds.node) == 0:
        nowhere = np.full(nodes, -1, dtype=np.int64)
        return Tree(network, facilities, np.full(nodes, np.inf), nowhere, nowhere)
    distance, before, source = dijkstra(
        seeds.graph(network, len(facilities)),
        indices=nodes + np.unique(seeds.facility),
        min_only=True,
        return_predecessors=True,
        limit=limit_m,
    )
    before, source = before[:nodes].astype(np.int64), source[:nodes].astype(np.int64)
    onward = np.where((before >= 0) & (before < nodes), before, -1)
    return Tree(network, facilities, distance[:nodes], np.maximum(source - nodes, -1), onward)
