"""Faults of a walking network as drawn: pieces, ends that nearly meet, unsplit T-junctions."""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.arrays import FloatArray, IntArray
from geo.network import WalkNetwork
from geo.runs import least_of_groups

_TOUCHING_M = 0.001  # a node so near to an edge is on it


@dataclass(frozen=True, eq=False)
class NetworkFaults:
    """
    Where lines do not meet that look as if they should.

    Attributes
    ----------
    piece_m : ndarray of float64, shape (c,)
        Length of each connected piece, by its label in `WalkNetwork.component` [m].
    near_miss : ndarray of float64, shape (a, 2, 2)
        A dead end and the nearest place of another line, easting and northing [m]; the widest gap
        first.
    gap_m : ndarray of float64, shape (a,)
        How far the two are apart [m].
    unsplit : ndarray of float64, shape (b, 2)
        Ends of lines on the middle of another line, easting and northing [m]: there is no way from
        one to the other.
    """

    piece_m: FloatArray
    near_miss: FloatArray
    gap_m: FloatArray
    unsplit: FloatArray


def network_faults(network: WalkNetwork, near_m: float) -> NetworkFaults:
    """
    Find where walkways do not meet.

    Parameters
    ----------
    network : WalkNetwork
        As drawn; without any line it has no fault.
    near_m : float
        A dead end nearer than this to another line nearly meets it [m].
    """
    node, edge = _beside(network, near_m)
    points = np.asarray(shapely.points(network.nodes[node]), dtype=object)
    gap_m = shapely.distance(network.lines[edge], points)
    dead_end = np.bincount(network.edges.ravel(), minlength=len(network.nodes)) == 1
    nearest = least_of_groups(node, gap_m)
    miss = nearest[dead_end[node[nearest]] & (gap_m[nearest] > _TOUCHING_M)]
    miss = miss[np.argsort(-gap_m[miss], kind="stable")]
    leg = shapely.shortest_line(points[miss], network.lines[edge[miss]])
    return NetworkFaults(
        piece_m=network.piece_m,
        near_miss=shapely.get_coordinates(leg).reshape(-1, 2, 2),
        gap_m=gap_m[miss],
        unsplit=network.nodes[np.unique(node[gap_m <= _TOUCHING_M])],
    )


def _beside(network: WalkNetwork, near_m: float) -> tuple[IntArray, IntArray]:
    """Return nodes and edges near to each other that share no node."""
    tree = shapely.STRtree(network.lines)
    node, edge = tree.query(shapely.points(network.nodes), "dwithin", near_m)
    at_end = (network.edges[edge] == node[:, None]).any(axis=1)
    return node[~at_end], edge[~at_end]
