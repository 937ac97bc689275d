"""
Service areas: the reached pieces of the walking network and the ground beside them.

A hull around reached places claims ground that nobody reaches. Here an edge is reached exactly as
far as the walk lasts, and ground belongs to the area only if the walkway nearest to it is reached.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
import shapely

from geo.arrays import FloatArray, IntArray, ObjectArray
from geo.network import Snap, WalkNetwork
from geo.routes import edge_pieces
from geo.search import Tree, search

_STEPS = 6  # how finely ground between reached and unreached walkways is told apart
# A buffer's arcs are chords (0.5 % short) of a line simplified by up to 1 % of the distance.
_BUFFER_ERROR = 1.015


@dataclass(frozen=True, eq=False)
class ServiceArea:
    """
    Where a facility can be walked to within the limit.

    Attributes
    ----------
    area : Polygon or MultiPolygon
        Ground within `width_m` of a reached piece and not nearer to an unreached one.
    pieces : ndarray of LineString, shape (p,)
        Reached pieces of edges, each running away from its facility.
    near_m, far_m : ndarray of float64, shape (p,)
        Walk at the beginning and at the end of each piece [m]; it grows evenly in between.
    edge : ndarray of int64, shape (p,)
        The edge each piece belongs to.
    limit_m, width_m : float
        As asked for [m].
    """

    area: shapely.Polygon | shapely.MultiPolygon
    pieces: ObjectArray
    near_m: FloatArray
    far_m: FloatArray
    edge: IntArray
    limit_m: float
    width_m: float


def area_of(network: WalkNetwork, facilities: Snap, limit_m: float, width_m: float) -> ServiceArea:
    """
    Return the service area of snapped facilities.

    Parameters
    ----------
    network : WalkNetwork
        The walkways.
    facilities : Snap
        Points on it.
    limit_m : float
        The catchment [m], access legs included.
    width_m : float
        How far ground may lie from a reached walkway [m].

    Returns
    -------
    ServiceArea
        In the network's CRS; empty where there is no facility or no walkway.
    """
    if len(network.lines) == 0 or len(facilities) == 0:
        none = np.empty(0)
        return ServiceArea(
            shapely.Polygon(), none.astype(object), none, none, none.astype(int), limit_m, width_m
        )
    edge, start, stop, near = _slopes(search(network, facilities, limit_m))
    length, toward = np.abs(stop - start), np.sign(stop - start)
    # On every piece the walk grows by 1 m a metre: it is reached as far as the limit lasts.
    walked = np.clip(limit_m - near, 0.0, length)
    turn = np.where(walked == length, stop, start + toward * walked)
    reached, beyond = walked > 0, walked < length
    cut = reached & beyond
    ahead = turn.copy()
    ahead[cut] += toward[cut] * _straight_on(network, edge[cut], turn[cut], stop[cut])
    pieces = edge_pieces(network, edge[reached], start[reached], turn[reached])
    unreached = edge_pieces(network, edge[beyond], ahead[beyond], stop[beyond])
    rivals = _Rivals(
        ahead=edge_pieces(network, edge[cut], turn[cut], ahead[cut]),
        other=_joined(network, unreached, edge[beyond], edge[reached]),
    )
    return ServiceArea(
        area=_ground(_joined(network, pieces, edge[reached], edge[beyond]), rivals, width_m),
        pieces=pieces,
        near_m=near[reached],
        far_m=near[reached] + walked[reached],
        edge=edge[reached],
        limit_m=limit_m,
        width_m=width_m,
    )


def _straight_on(
    network: WalkNetwork, edge: IntArray, turn: FloatArray, stop: FloatArray
) -> FloatArray:
    """How far edges run straight on from their cuts [m], half of what is left at the most."""
    left = edge_pieces(network, edge, turn, stop)
    to_bend = shapely.distance(shapely.get_point(left, 0), shapely.get_point(left, 1))
    return np.minimum(to_bend, np.abs(stop - turn) / 2)


def _slopes(tree: Tree) -> tuple[IntArray, FloatArray, FloatArray, FloatArray]:
    """
    Divide all edges where the walk stops growing, so that it grows by 1 m a metre on every piece.

    Returns edge, offset of the near and of the far end [m], and the walk at the near end [m].
    """
    network, facilities = tree.network, tree.facilities
    every = np.arange(len(network.lines))
    edge = np.concatenate([every, every, facilities.edge])
    offset = np.concatenate([np.zeros(len(every)), network.lengths, facilities.offset])
    order = np.lexsort((offset, edge))
    edge, offset = edge[order], offset[order]
    walk = tree.reach(edge, offset).distance
    inside = np.flatnonzero((np.diff(edge) == 0) & (np.diff(offset) > 0))
    low, high = offset[inside], offset[inside + 1]
    span = high - low
    with np.errstate(invalid="ignore"):  # inf - inf: neither end is reached
        lead = np.nan_to_num((walk[inside + 1] - walk[inside] + span) / 2, nan=span / 2)
    peak = low + np.clip(lead, 0.0, span)
    edge = np.concatenate([edge[inside], edge[inside]])
    near = np.concatenate([walk[inside], walk[inside + 1]])
    start, stop = np.concatenate([low, high]), np.concatenate([peak, peak])
    keep = start != stop
    return edge[keep], start[keep], stop[keep], near[keep]


def _joined(
    network: WalkNetwork, pieces: ObjectArray, edge: IntArray, divided: IntArray
) -> ObjectArray:
    """
    Return whole edges in place of their pieces, save for `divided` ones: less to buffer.

    Closed loops stay in pieces, too: a ring without an inside is buffered wrongly by GEOS.
    """
    apart = network.edges[:, 0] == network.edges[:, 1]
    apart[divided] = True
    whole = np.unique(edge[~apart[edge]])
    return np.concatenate([pieces[apart[edge]], network.lines[whole]])


@dataclass(frozen=True, eq=False)
class _Rivals:
    """
    Unreached pieces of edges that lay claim to the ground beside them.

    `ahead` carry straight on from a cut and claim nothing behind it; `other` are the rest.
    """

    ahead: ObjectArray
    other: ObjectArray

    def ground(self, radius_m: float) -> shapely.Geometry:
        """Return at least the ground that has one of the pieces within a radius."""
        radius_m *= _BUFFER_ERROR
        onward = shapely.buffer(self.ahead, radius_m, cap_style="flat")
        return shapely.union_all([*shapely.buffer(self.other, radius_m), *onward])


def _ground(
    pieces: ObjectArray, rivals: _Rivals, width_m: float
) -> shapely.Polygon | shapely.MultiPolygon:
    """
    Return the ground within `width_m` of `pieces` that is not nearer to an unreached one.

    Ground within r of the reached and not within r of the unreached is nearer to the reached, for
    every r. The union over a few r never goes beyond all such ground, and leaves out some
    hundredths of it where reached and unreached walkways lie close together.
    """
    if len(pieces) == 0:
        return shapely.Polygon()
    reach = 2 * _BUFFER_ERROR * width_m
    near = _Rivals(rivals.ahead, _within(rivals.other, pieces, reach))
    contested = _within(pieces, np.concatenate([near.ahead, near.other]), reach)
    shares = [_beside(pieces, near, width_m)]
    shares += [_beside(contested, near, width_m * step / _STEPS) for step in range(1, _STEPS)]
    return cast("shapely.Polygon | shapely.MultiPolygon", shapely.union_all(shares))


def _within(lines: ObjectArray, others: ObjectArray, distance_m: float) -> ObjectArray:
    """Return those `lines` that come within a distance of any of `others`."""
    near = shapely.STRtree(others).query(lines, predicate="dwithin", distance=distance_m)[0]
    some: ObjectArray = lines[np.unique(near)]
    return some


def _beside(pieces: ObjectArray, rivals: _Rivals, radius_m: float) -> shapely.Geometry:
    """Return the ground surely within a radius of `pieces` and surely not of `rivals`."""
    ground = shapely.union_all(shapely.buffer(pieces, radius_m / _BUFFER_ERROR))
    return shapely.difference(ground, rivals.ground(radius_m))
