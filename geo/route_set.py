"""Routes of one search, kept so that a later search draws again only those that differ."""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.arrays import BoolArray, IntArray, ObjectArray
from geo.network import Snap
from geo.routes import routes_along
from geo.search import VIA_END, VIA_START, Reach, Tree


@dataclass(frozen=True, slots=True, eq=False)
class RouteSet:
    """
    The routes of n origins to their nearest facilities, and the search behind them.

    Attributes
    ----------
    tree : Tree
        The search.
    reach : Reach
        What it says of the origins, shape (n,).
    lines : ndarray of LineString or None, shape (n,)
        From each origin's point to its facility's point; None where unreachable.
    """

    tree: Tree
    reach: Reach
    lines: ObjectArray

    @classmethod
    def drawn(
        cls,
        tree: Tree,
        origins: Snap,
        reach: Reach,
        found: IntArray,
        former: "RouteSet | None" = None,
        same: IntArray | None = None,
    ) -> "RouteSet":
        """
        Draw the routes of the origins at the positions `found`.

        Parameters
        ----------
        tree, origins, reach
            The search, all n origins, and what the search says of them.
        found : ndarray of int64, shape (c,)
            The origins wanted, all of them reachable.
        former : RouteSet, optional
            Routes of another search on the same network.
        same : ndarray of int64, shape (n,), optional
            Position of each origin among those of `former`, -1 for one that it does not have.
        """
        lines = np.full(len(origins), None, dtype=object)
        if former is not None and same is not None:
            known = found[former.leads(tree, origins, reach, found, same[found])]
            lines[known] = former.lines[same[known]]
            found = found[shapely.is_missing(lines[found])]
        lines[found] = routes_along(tree, origins, reach, found)
        return cls(tree, reach, lines)

    def leads(
        self, tree: Tree, origins: Snap, reach: Reach, found: IntArray, same: IntArray
    ) -> BoolArray:
        """
        Return whether another search leads from origins the same way to the same place.

        Parameters
        ----------
        tree, origins, reach
            The other search on the same network.
        found : ndarray of int64, shape (c,)
            Origins of the other search, all of them reachable.
        same : ndarray of int64, shape (c,)
            Their positions in this one, -1 for one that it does not have.

        Returns
        -------
        ndarray of bool, shape (c,)
        """
        here, there = reach.witness[found], self.reach.witness[same]
        kept = (same >= 0) & (there >= 0) & ~shapely.is_missing(self.lines[same])
        kept &= (tree.facilities.point[here] == self.tree.facilities.point[there]).all(axis=1)
        way = reach.way[found]
        kept &= way == self.reach.way[same]
        node = tree.network.edges[origins.edge[found], (way == VIA_END).astype(np.int64)]
        by_node = (way == VIA_START) | (way == VIA_END)
        kept &= ~(by_node & _strays(tree.onward, self.tree.onward)[node])
        return np.asarray(kept, dtype=np.bool_)


def _strays(onward: IntArray, former: IntArray) -> BoolArray:
    """Return from which nodes the way onward is not, to its end, what it was."""
    strays: BoolArray = np.not_equal(onward, former)
    ahead = np.where(onward >= 0, onward, np.arange(len(onward)))
    # Every round looks twice as far ahead as the one before.
    while True:
        further = ahead[ahead]
        strays = strays | strays[ahead]
        if np.array_equal(further, ahead):
            return strays
        ahead = further
