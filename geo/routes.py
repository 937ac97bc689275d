"""
Routes along the network and pieces of its edges, as lines.

Coordinates of thousands of routes are gathered in a few array calls: every route is a sequence of
edge pieces, and every piece runs from one offset of an edge to another, backwards if need be.
"""

import numpy as np
import shapely

from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from geo.network import Snap, WalkNetwork
from geo.runs import places_in_runs
from geo.search import VIA_END, VIA_START, Reach, Tree


def edge_pieces(
    network: WalkNetwork, edge: IntArray, start: FloatArray, stop: FloatArray
) -> ObjectArray:
    """
    Cut pieces out of edges.

    Parameters
    ----------
    network : WalkNetwork
        The walkways.
    edge : ndarray of int64, shape (p,)
        Which edge.
    start, stop : ndarray of float64, shape (p,)
        From where to where, measured from the start of the edge [m]; `stop` may lie before `start`.

    Returns
    -------
    ndarray of LineString, shape (p,)
        In the network's CRS; of two equal points where a piece has no length.
    """
    apart = np.zeros(len(edge), dtype=np.bool_)
    return _lines(*_piece_coordinates(network, edge, start, stop, is_onward=apart))


def routes_along(tree: Tree, origins: Snap, reach: Reach, chosen: IntArray) -> ObjectArray:
    """
    Return the routes from some origins to their nearest facilities.

    Parameters
    ----------
    tree : Tree
        The search.
    origins : Snap
        All origins.
    reach : Reach
        What `tree` says of them.
    chosen : ndarray of int64, shape (c,)
        The origins wanted, all of them reachable.

    Returns
    -------
    ndarray of LineString, shape (c,)
        From the origin's point to the facility's point, in the network's CRS.
    """
    network, facilities = tree.network, tree.facilities
    edge, offset = origins.edge[chosen], origins.offset[chosen]
    way, witness = reach.way[chosen], reach.witness[chosen]
    by_node = np.flatnonzero((way == VIA_START) | (way == VIA_END))
    stop = facilities.offset[witness]
    stop[by_node] = np.where(way[by_node] == VIA_END, network.lengths[edge[by_node]], 0.0)
    node = network.edges[edge[by_node], (way[by_node] == VIA_END).astype(np.int64)]
    walker, hop_edge, hop_start, hop_stop, last = _hops(tree, node)
    final_edge, final_start = (
        facilities.edge[witness[by_node]],
        _entry(tree, witness[by_node], last),
    )
    # A stable sort brings the pieces of a route together and keeps their order.
    owner = np.concatenate([np.arange(len(chosen)), by_node[walker], by_node])
    order = np.argsort(owner, kind="stable")
    xy, piece = _piece_coordinates(
        network,
        np.concatenate([edge, hop_edge, final_edge])[order],
        np.concatenate([offset, hop_start, final_start])[order],
        np.concatenate([stop, hop_stop, facilities.offset[witness[by_node]]])[order],
        is_onward=np.diff(owner[order], prepend=-1) == 0,
    )
    return _lines(
        *_with_legs(xy, owner[order][piece], origins.point[chosen], facilities.point[witness])
    )


def _with_legs(
    xy: FloatArray, owner: IntArray, origin: FloatArray, facility: FloatArray
) -> tuple[FloatArray, IntArray]:
    """Return coordinates of routes with the origin before and the facility after each."""
    between = np.bincount(owner, minlength=len(origin))
    last = np.cumsum(between + 2) - 1
    first = last - between - 1
    whole = np.empty((len(xy) + 2 * len(origin), 2))
    whole[first], whole[last] = origin, facility
    whole[np.arange(len(xy)) + 2 * owner + 1] = xy
    return whole, np.repeat(np.arange(len(origin)), between + 2)


def _hops(
    tree: Tree, node: IntArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray, IntArray]:
    """
    Follow the tree from each node to where it leaves the nodes for the facility's edge.

    Returns walker, edge, start and stop offset of every hop, each walker's in its order, and the
    node at which each walk leaves.
    """
    walker, at = np.arange(len(node)), node.copy()
    walkers, tails, heads = [walker[:0]], [at[:0]], [at[:0]]
    while len(walker):
        onward = tree.onward[at[walker]]
        walker, onward = walker[onward >= 0], onward[onward >= 0]
        walkers.append(walker)
        tails.append(at[walker])
        heads.append(onward)
        at[walker] = onward
    tail, head = np.concatenate(tails), np.concatenate(heads)
    edge = tree.network.edge_between(tail, head)
    ahead = tree.network.edges[edge, 0] == tail
    length = tree.network.lengths[edge]
    start, stop = np.where(ahead, 0.0, length), np.where(ahead, length, 0.0)
    return np.concatenate(walkers), edge, start, stop, at


def _entry(tree: Tree, facility: IntArray, node: IntArray) -> FloatArray:
    """Offset at which a walk coming from `node` steps onto the facility's edge."""
    edge = tree.facilities.edge[facility]
    length, offset = tree.network.lengths[edge], tree.facilities.offset[facility]
    at_start, at_end = (tree.network.edges[edge] == node[:, None]).T
    from_start = at_start & ~(at_end & (length - offset < offset))
    return np.where(from_start, 0.0, length)


def _piece_coordinates(
    network: WalkNetwork,
    edge: IntArray,
    start: FloatArray,
    stop: FloatArray,
    *,
    is_onward: BoolArray,
) -> tuple[FloatArray, IntArray]:
    """
    Return the coordinates of pieces of edges, piece after piece, and the piece of each.

    A piece that `is_onward` starts where the one before it stops: that point is not said again.
    """
    vertices = network.vertices
    begin, end = vertices.between(edge, np.minimum(start, stop), np.maximum(start, stop))
    inner, own = end - begin, np.where(is_onward, 1, 2)
    last = np.cumsum(inner + own) - 1
    begins = np.flatnonzero(~is_onward)
    xy = np.empty((inner.sum() + own.sum(), 2))
    xy[last[begins] - inner[begins] - 1] = _points_on(network, edge[begins], start[begins])
    xy[last] = _points_on(network, edge, stop)
    # Vertex after vertex of every piece, the other way round where it runs backwards.
    step = places_in_runs(inner)
    ahead = start <= stop
    nearest = np.repeat(np.where(ahead, begin, end - 1), inner)
    xy[np.repeat(last - inner, inner) + step] = vertices.xy[
        nearest + step * np.repeat(np.where(ahead, 1, -1), inner)
    ]
    return xy, np.repeat(np.arange(len(edge)), inner + own)


def _points_on(network: WalkNetwork, edge: IntArray, offset: FloatArray) -> FloatArray:
    """Return the points of edges at offsets: most are ends of edges, which need no measuring."""
    vertices = network.vertices
    at_end = offset >= network.lengths[edge]
    xy = vertices.xy[np.where(at_end, vertices.first[edge + 1] - 1, vertices.first[edge])]
    between = np.flatnonzero(~at_end & (offset > 0))
    places = shapely.line_interpolate_point(network.lines[edge[between]], offset[between])
    xy[between] = shapely.get_coordinates(places)
    return xy


def _lines(xy: FloatArray, owner: IntArray) -> ObjectArray:
    """Return a line for every owner 0, 1, ..., without repeated coordinates but of two at least."""
    begins = np.diff(owner, prepend=-1) != 0
    moves = (xy[1:, 0] != xy[:-1, 0]) | (xy[1:, 1] != xy[:-1, 1])
    keep = begins.copy()
    keep[1:] |= moves
    counts = np.bincount(owner[keep])
    keep |= np.roll(begins, -1) & (counts == 1)[owner]
    lines: ObjectArray = np.asarray(shapely.linestrings(xy[keep], indices=owner[keep]))
    return lines
