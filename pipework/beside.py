"""Beside: the parts of lines that run apart from where they meet something."""

import numpy as np
import shapely
import shapely.ops

from geo.arrays import BoolArray, FloatArray, IndexArray, ShapeArray
from geo.clearance import TOLERANCE_M

_ENDS = 2  # of a straight line
_NOTHING = shapely.LineString()


def beside(lines: ShapeArray, places: ShapeArray, reach_m: FloatArray) -> ShapeArray:
    """
    Return what is left of lines farther along them than some reach from where they meet something.

    Parameters
    ----------
    lines : ndarray of LineString or MultiLineString, shape (p,)
        Centre lines [m].
    places : ndarray of MultiPoint, shape (p,)
        Places on each line; the whole line is left where there is none.
    reach_m : ndarray of float64, shape (p,)
        How much to either side of every place is taken off, along the line [m].

    Returns
    -------
    ndarray of geometry, shape (p,)
        Empty where nothing is left.
    """
    left: ShapeArray = np.array(lines, dtype=object)
    met = ~shapely.is_empty(places)
    # Most pipes are straight and meet each other once: those are cut all together.
    plain = met & (shapely.get_num_geometries(places) == 1) & _is_straight(lines)
    left[plain] = _straight_left(lines[plain], places[plain], reach_m[plain])
    for at in np.flatnonzero(met & ~plain):
        left[at] = _beside(left[at], places[at], float(reach_m[at]))
    return left


def _is_straight(lines: ShapeArray) -> BoolArray:
    is_line = shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING
    straight: BoolArray = is_line & (shapely.get_num_coordinates(lines) == _ENDS)
    return straight


def _straight_left(lines: ShapeArray, places: ShapeArray, reach_m: FloatArray) -> ShapeArray:
    """Return what `beside` does of straight lines with one place each, shape (k,)."""
    points = shapely.get_geometry(places, 0)
    at, length = shapely.line_locate_point(lines, points), shapely.length(lines)
    is_on = shapely.distance(lines, points) <= TOLERANCE_M
    ends = shapely.get_coordinates(lines).reshape(-1, 1, 2, 2)
    start = np.zeros(len(lines))
    spans = np.stack([[start, at - reach_m], [at + reach_m, length]]).transpose(2, 0, 1)
    spans[~is_on] = np.stack([[start, length], [length, length]]).transpose(2, 0, 1)[~is_on]
    share = (spans / np.where(length > 0, length, 1.0)[:, None, None])[..., None]
    cut = ends[:, :, 0, None, :] + share * (ends[:, :, 1] - ends[:, :, 0])[:, :, None, :]
    of, which = np.nonzero(spans[..., 1] - spans[..., 0] > TOLERANCE_M)
    left: ShapeArray = np.full(len(lines), _NOTHING, dtype=object)
    own, place = np.unique(of, return_inverse=True)
    if len(own):
        pieces = np.asarray(shapely.linestrings(cut[of, which]), dtype=object)
        left[own] = shapely.multilinestrings(pieces, indices=place)
    return left


def beside_each(
    lines: ShapeArray, places: ShapeArray, least_m: FloatArray, most_m: FloatArray
) -> tuple[ShapeArray, ShapeArray]:
    """
    Return what is left of lines beyond the least, and beyond the most of two reaches.

    Parameters
    ----------
    lines, places
        As for `beside`.
    least_m, most_m : ndarray of float64, shape (p,)
        Reaches as for `beside` [m], the most at least the least.
    """
    wide = beside(lines, places, least_m)
    narrow: ShapeArray = np.array(wide, dtype=object)
    differ = least_m < most_m
    narrow[differ] = beside(lines[differ], places[differ], most_m[differ])
    return wide, narrow


def _beside(
    line: shapely.LineString | shapely.MultiLineString, places: shapely.MultiPoint, reach_m: float
) -> shapely.Geometry:
    left = [piece for part in shapely.get_parts(line) for piece in _left(part, places, reach_m)]
    if len(left) == 1:
        return left[0]
    return shapely.union_all(left) if left else _NOTHING


def _left(
    part: shapely.LineString, places: shapely.MultiPoint, reach_m: float
) -> list[shapely.Geometry]:
    points = shapely.get_parts(places)
    on = points[shapely.distance(points, part) <= TOLERANCE_M]
    begin = 0.0
    pieces: list[shapely.Geometry] = []
    for at in np.sort(shapely.line_locate_point(part, on)):
        if at - reach_m > begin + TOLERANCE_M:
            pieces.append(shapely.ops.substring(part, begin, at - reach_m))
        begin = max(begin, at + reach_m)
    if part.length > begin + TOLERANCE_M:
        pieces.append(shapely.ops.substring(part, begin, part.length) if begin else part)
    return pieces


def meetings(shapes: ShapeArray) -> ShapeArray:
    """
    Return the places at which two lines cross or touch, of their intersections.

    Parameters
    ----------
    shapes : ndarray of geometry, shape (p,)
        Intersections of two lines each; stretches that both share are no places.

    Returns
    -------
    ndarray of MultiPoint, shape (p,)
        Empty where there is none.
    """
    parts, of = shapely.get_parts(shapes, return_index=True)
    is_place = shapely.get_type_id(parts) == shapely.GeometryType.POINT
    return gathered(parts[is_place], of[is_place], len(shapes))


def gathered(points: ShapeArray, of: IndexArray, size: int) -> ShapeArray:
    """
    Return points by what they belong to.

    Parameters
    ----------
    points : ndarray of Point, shape (k,)
        In the order of `of`.
    of : ndarray of intp, shape (k,)
        Which of `size` each belongs to, ascending.
    size : int
        p.

    Returns
    -------
    ndarray of MultiPoint, shape (p,)
        Empty where there is none.
    """
    found: ShapeArray = np.full(size, shapely.MultiPoint(), dtype=object)
    own, place = np.unique(of, return_inverse=True)
    if len(own):
        found[own] = shapely.multipoints(points, indices=place)
    return found
