"""
Walls: the walking network as the gates of enclosed estates leave it.

A part of the walkways next to an outline, inside, is left towards the street at its gates only. One
with several ways out, of which some have no gate, is a street that strays into the outline, unless
gates lead to it and it leads on to the inside: from such a street one comes inside at gates only.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from geo.arrays import BoolArray, FloatArray, IntArray
from geo.network import Snap, WalkNetwork
from geo.routes import edge_pieces
from geo.runs import entries_of_runs, members_of_groups
from geo.vertices import ComplexArray, edge_place
from rules.gates import Gates
from rules.stretches import Depth, Stretches

_CUT_M = 0.001  # half the gap that is cut into a walkway


@dataclass(frozen=True, eq=False)
class WalledNetwork:
    """
    A walking network that is cut where no gate lets through an outline.

    Attributes
    ----------
    network : WalkNetwork
        With m edges, each on one side of every wall.
    gates : Gates
        The surveyed entrances.
    edge, estate : ndarray of int64, shape (p,)
        Which edges are behind the walls of which enclosed estates; `edge` ascends.
    """

    network: WalkNetwork
    gates: Gates
    edge: IntArray
    estate: IntArray

    @cached_property
    def streets(self) -> IntArray:
        """The edges that are behind no wall, ascending."""
        return np.setdiff1d(np.arange(len(self.network.lines)), self.edge)

    def inside(self, estate: int) -> IntArray:
        """Return the edges behind the walls of an estate, ascending."""
        return self.edge[self._places_of.get(estate, np.empty(0, dtype=np.int64))]

    def leads_out(self, snap: Snap) -> BoolArray:
        """
        Return which points on the network are joined to a street.

        Parameters
        ----------
        snap : Snap, k points
            With an infinite access leg where nothing leads to the network.

        Returns
        -------
        ndarray of bool, shape (k,)
            All with a way to the network if it has no street at all.
        """
        leads: BoolArray = np.isfinite(snap.gap)
        if len(self.streets):
            leads &= self._is_joined[snap.edge]
        return leads

    @cached_property
    def _places_of(self) -> dict[int, IntArray]:
        """Where in `edge` those of each estate are."""
        return members_of_groups(self.estate)

    @cached_property
    def _is_joined(self) -> BoolArray:
        """Which edges are joined to a street."""
        piece = self.network.piece
        return np.isin(piece, piece[self.streets])


def walled_network(network: WalkNetwork, gates: Gates) -> WalledNetwork:
    """
    Return the network with walkways cut where people would cross an outline without a gate.

    Parameters
    ----------
    network : WalkNetwork
        Of all walkways.
    gates : Gates
        The surveyed entrances, in the same CRS.
    """
    stretches = Stretches.of(network, gates)
    if not len(stretches):
        none = np.empty(0, dtype=np.int64)
        return WalledNetwork(network, gates, none, none)
    is_street, cuts = _walls(network, gates, stretches)
    edge, low, high = _divided(network, stretches)
    begin = low + _CUT_M * np.isin(edge_place(edge, low), cuts)
    end = high - _CUT_M * np.isin(edge_place(edge, high), cuts)
    lines = network.lines[edge]
    changed = (begin > 0) | (end < network.lengths[edge])
    lines[changed] = edge_pieces(network, edge[changed], begin[changed], end[changed])
    lines[begin >= end] = None
    divided = WalkNetwork.from_walkways(lines, network.crs)
    piece, edge = divided.rows, edge[divided.rows]
    is_wall = np.append(~is_street, False)[stretches.part]  # False where a stretch has no part
    behind = (stretches.depth == Depth.INSIDE) | is_wall
    inside, estate = _pieces_of(edge_place(edge, (low + high)[piece] / 2), stretches, behind)
    return WalledNetwork(replace(divided, rows=network.rows[edge]), gates, inside, estate)


def _walls(
    network: WalkNetwork, gates: Gates, stretches: Stretches
) -> tuple[BoolArray, ComplexArray]:
    """Return which parts next to an outline are streets, and the places where walkways are cut."""
    outwards, inwards = stretches.ends_at(Depth.OUTSIDE), stretches.ends_at(Depth.INSIDE)
    parts = int(stretches.part.max(initial=-1)) + 1
    gate = gates.nearest(outwards.estate, outwards.points(network), gates.gate_m)
    gated = np.bincount(outwards.part[gate >= 0], minlength=parts)
    ungated = np.bincount(outwards.part[gate < 0], minlength=parts)
    leads_on = np.bincount(inwards.part, minlength=parts) > 0
    is_street = (gated + ungated > 1) & (ungated > 0) & ~((gated > 0) & leads_on)
    shut = ~gates.are_open(gate) & ~is_street[outwards.part]
    # The wall behind a street is `gate_m` off the outline, which a gate may be off as much.
    open_at = gates.lets_through(inwards.estate, inwards.points(network), 2 * gates.gate_m)
    behind = ~open_at & is_street[inwards.part]
    return is_street, np.concatenate([outwards.places(shut), inwards.places(behind)])


def _divided(network: WalkNetwork, stretches: Stretches) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return edge, begin and end [m] of the pieces of all edges, in their order."""
    every = np.arange(len(network.lines))
    begins = edge_place(every, np.zeros(len(every))), edge_place(stretches.edge, stretches.low)
    ends = edge_place(every, network.lengths), edge_place(stretches.edge, stretches.high)
    stops = np.unique(np.concatenate([*begins, *ends]))
    edge, offset = stops.real.astype(np.int64), stops.imag
    first = np.flatnonzero(np.diff(edge) == 0)
    return edge[first], offset[first], offset[first + 1]


def _pieces_of(
    middle: ComplexArray, stretches: Stretches, chosen: BoolArray
) -> tuple[IntArray, IntArray]:
    """Return the pieces of chosen stretches, by ascending middles, and whose outline it is."""
    low, high, estate = stretches.low[chosen], stretches.high[chosen], stretches.estate[chosen]
    first = np.searchsorted(middle, edge_place(stretches.edge[chosen], low))
    count = np.searchsorted(middle, edge_place(stretches.edge[chosen], high)) - first
    piece = entries_of_runs(first, count)
    order = np.argsort(piece, kind="stable")
    return piece[order], np.repeat(estate, count)[order]
