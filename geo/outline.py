"""
Outlines 轮廓: the part of an outline that given lines do not run along.

Lines surveyed along an outline lie on it to a centimetre or two. Each is laid onto the edges that
it runs along and taken off there, from end to end and no farther: nothing is buffered, so what is
left ends exactly where the line does.
"""

import numpy as np
import shapely

from geo.arrays import FloatArray, IndexArray, ShapeArray
from geo.runs import equal_entries
from geo.spans import Spans, segments_of

_TURN = 0.25  # rise over run: a line that turns more from an edge belongs to another edge
_LEVEL = 1e-300  # in place of no rise, so that the stretch within the tolerance has no end


def beyond_lines(outlines: ShapeArray, lines: ShapeArray, tolerance_m: float) -> ShapeArray:
    """
    Return each outline less what its lines run along.

    Parameters
    ----------
    outlines : ndarray of LineString, LinearRing or MultiLineString, shape (n,)
        Outlines [m], projected.
    lines : ndarray of the same, shape (n,)
        Lines along each outline [m], None or empty where there are none; parts that run along no
        edge take nothing off.
    tolerance_m : float
        How far a line may lie from the edge it runs along; what it leaves of an edge, or between
        two lines, is nothing where it is no longer than this [m].

    Returns
    -------
    ndarray of geometry, shape (n,)
        The outline itself where nothing is taken off; else a MultiLineString, empty where nothing
        is left.
    """
    left: ShapeArray = np.array(outlines, dtype=object)
    start, end, owner = segments_of(outlines)
    covered = _covered(start, end, owner, lines, tolerance_m)
    touched = np.unique(owner[covered.edge])
    if not len(touched):
        return left
    pieces, of_edge = _rest(start, end, covered.joined(tolerance_m), tolerance_m)
    kept = np.isin(owner[of_edge], touched)
    pieces, of = pieces[kept], owner[of_edge][kept]
    place = np.searchsorted(touched, of)
    left[touched] = shapely.MultiLineString()
    if len(pieces):
        segments = np.asarray(shapely.linestrings(pieces), dtype=object)
        found = shapely.multilinestrings(segments, indices=place)
        left[touched[np.unique(place)]] = found
    return left


def _covered(
    start: FloatArray, end: FloatArray, owner: IndexArray, lines: ShapeArray, tolerance_m: float
) -> Spans:
    """Return the stretches of edges that segments of their owner's lines run along."""
    first, last, of = segments_of(lines)
    # Every pair of an edge and a line's segment of one owner: owners are sorted on both sides.
    edge, line = equal_entries(of, owner)
    along = end[edge] - start[edge]
    length = np.hypot(*along.T)
    unit = along / np.where(length > 0, length, 1.0)[:, None]
    near, far = first[line] - start[edge], last[line] - start[edge]
    # Where both ends of the segment come to lie along the edge, and how far to its left.
    at = np.stack([_dot(near, unit), _dot(far, unit)])
    off = np.stack([_cross(unit, near), _cross(unit, far)])
    back = at[0] > at[1]
    at[:, back], off[:, back] = at[::-1, back], off[::-1, back]
    run, rise = at[1] - at[0], off[1] - off[0]
    is_along = (run > 0) & (np.abs(rise) <= _TURN * run)
    # The offset changes evenly along the segment: it is within the tolerance on one stretch.
    slope = np.where(rise == 0, _LEVEL, rise) / np.where(is_along, run, 1.0)
    within = at[0] + np.sort((np.array([[-1.0], [1.0]]) * tolerance_m - off[0]) / slope, axis=0)
    from_m = np.maximum(np.maximum(at[0], within[0]), 0.0)
    to_m = np.minimum(np.minimum(at[1], within[1]), length)
    taken = is_along & (to_m > from_m)
    return Spans(edge[taken], from_m[taken], to_m[taken])


def _rest(
    start: FloatArray, end: FloatArray, taken: Spans, tolerance_m: float
) -> tuple[FloatArray, IndexArray]:
    """Return what is left of every edge: pieces, shape (p, 2, 2), and their edges, in order."""
    length = np.hypot(*(end - start).T)
    every = np.arange(len(length))
    # A piece begins at an edge's start or where a stretch ends, and ends where the next begins.
    edge = np.concatenate([every, taken.edge])
    begin = np.concatenate([np.zeros(len(length)), taken.high])
    order = np.lexsort((begin, edge))
    edge, begin = edge[order], begin[order]
    stop = np.concatenate([taken.low, length])
    stop = stop[np.lexsort((stop, np.concatenate([taken.edge, every])))]
    touched = np.isin(edge, taken.edge)
    kept = stop - begin > np.where(touched, tolerance_m, 0.0)
    edge, begin, stop = edge[kept], begin[kept], stop[kept]
    unit = (end - start)[edge] / length[edge][:, None]
    pieces = start[edge][:, None] + np.stack([begin, stop], axis=1)[..., None] * unit[:, None]
    # Ends that are the edge's own are its vertices to the bit.
    pieces[begin == 0.0, 0] = start[edge][begin == 0.0]
    pieces[stop == length[edge], 1] = end[edge][stop == length[edge]]
    return pieces, edge


def _dot(a: FloatArray, b: FloatArray) -> FloatArray:
    products: FloatArray = a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1]
    return products


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    products: FloatArray = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return products
