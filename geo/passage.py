"""
Passage: the clear width of ground that something has to pass along, such as a fire engine a lane.

Cross-sections are looked at where the width can change: at every corner of the ground and of what
stands on it, just before and just behind. On each the widest free stretch counts, as a driver
steers round what stands at one side; the narrowest section decides.
"""

import numpy as np
import shapely

from geo.arrays import FloatArray, IntArray, ObjectArray
from geo.runs import equal_entries, least_of_groups
from geo.spans import Spans

_BESIDE_M = 1e-3  # how near to a corner a section is looked at, on either side of it
_AHEAD_M = 0.05  # over which the direction of an axis is taken


def clear_widths(
    ground: ObjectArray, axis: ObjectArray, owner: IntArray, things: ObjectArray, *, ends_m: float
) -> FloatArray:
    """
    Return the clear width of pieces of ground.

    Parameters
    ----------
    ground : ndarray of Polygon or MultiPolygon, shape (n,)
        What is passed along, in one projected CRS.
    axis : ndarray of LineString, shape (a,)
        Lines on the ground in the direction of passing.
    owner : ndarray of int64, shape (a,)
        The piece of ground that each line is on.
    things : ndarray of geometry, shape (t,)
        Lines and polygons that cannot be passed.
    ends_m : float
        How much of an axis at either end is not looked at [m]: there ground may be rounded off.

    Returns
    -------
    ndarray of float64, shape (n,)
        The widest that can pass [m]; NaN where no axis is longer than its two ends.
    """
    place, thing = shapely.STRtree(things).query(ground, predicate="intersects")
    corner, piece = _corners(ground, place, things[thing])
    line, along = _stations(axis, owner, corner, piece, ends_m)
    width = np.full(len(ground), np.inf)
    if len(line):
        section, middle = _sections(axis[line], along, ground[owner[line]])
        free = _widest_free(section, middle, ground[owner[line]], things[np.unique(thing)])
        np.minimum.at(width, owner[line], free)
    return np.where(np.isinf(width), np.nan, width)


def axes_on(ways: ObjectArray, ground: ObjectArray, least_m: float) -> tuple[ObjectArray, IntArray]:
    """
    Return the lines along which each piece of ground is passed.

    Parameters
    ----------
    ways : ndarray of LineString, shape (w,)
        Walkways.
    ground : ndarray of Polygon or MultiPolygon, shape (n,)
        In the same projected CRS.
    least_m : float
        How long a walkway must be on its ground to lead along it [m].

    Returns
    -------
    axis : ndarray of LineString, shape (a,)
        The walkways on each piece; its midline where there is none.
    owner : ndarray of int64, shape (a,)
        The piece of ground of each.
    """
    piece, way = shapely.STRtree(ways).query(ground, predicate="intersects")
    on_it, part = shapely.get_parts(
        shapely.line_merge(shapely.intersection(ways[way], ground[piece])), return_index=True
    )
    long = shapely.length(on_it) > least_m
    axis, owner = on_it[long], piece[part[long]]
    without = np.setdiff1d(np.arange(len(ground)), owner)
    owner = np.concatenate([owner, without]).astype(np.int64)
    return np.concatenate([axis, midlines(ground[without])]), owner


def midlines(ground: ObjectArray) -> ObjectArray:
    """
    Return the longer midline of the smallest rectangle around each piece of ground.

    Parameters
    ----------
    ground : ndarray of Polygon or MultiPolygon, shape (n,)
        In a projected CRS.

    Returns
    -------
    ndarray of LineString, shape (n,)
    """
    around = shapely.oriented_envelope(ground)
    corner = shapely.get_coordinates(around).reshape(-1, 5, 2)
    middle = (corner[:, :4] + corner[:, 1:]) / 2
    first, second = middle[:, [0, 2]], middle[:, [1, 3]]
    is_first = np.hypot(*(first[:, 1] - first[:, 0]).T) >= np.hypot(
        *(second[:, 1] - second[:, 0]).T
    )
    lines: ObjectArray = np.asarray(
        shapely.linestrings(np.where(is_first[:, None, None], first, second)), dtype=object
    )
    return lines


def _stations(
    axis: ObjectArray, owner: IntArray, corner: FloatArray, piece: IntArray, ends_m: float
) -> tuple[IntArray, FloatArray]:
    """
    Return the axes and the distances along them [m] at which the width can be the least.

    Between two corners it changes evenly, so that nothing in between is narrower.
    """
    line, entry = equal_entries(piece, owner)
    own = corner[entry]
    at = shapely.line_locate_point(axis[line], shapely.points(own))
    length = np.asarray(shapely.length(axis))
    every = np.arange(len(axis))
    line = np.concatenate([line, line, line, every, every])
    along = np.concatenate(
        [at - _BESIDE_M, at, at + _BESIDE_M, np.full(len(axis), ends_m), length - ends_m]
    )
    looked_at = (along >= ends_m) & (along <= length[line] - ends_m)
    return line[looked_at], along[looked_at]


def _corners(
    ground: ObjectArray, place: IntArray, things: ObjectArray
) -> tuple[FloatArray, IntArray]:
    """Return the corners of ground and of what stands on it, and the ground, in ascending order."""
    on_it = shapely.intersection(ground[place], things)
    xy, own = shapely.get_coordinates(ground, return_index=True)
    other_xy, other = shapely.get_coordinates(on_it, return_index=True)
    corner, piece = np.concatenate([xy, other_xy]), np.concatenate([own, place[other]])
    order = np.argsort(piece, kind="stable")
    return corner[order], piece[order]


def _sections(
    axis: ObjectArray, along: FloatArray, ground: ObjectArray
) -> tuple[ObjectArray, FloatArray]:
    """Return lines across the axes, longer than the ground is wide, and where they cross them."""
    behind, middle, ahead = (
        shapely.get_coordinates(shapely.line_interpolate_point(axis, np.maximum(along + step, 0.0)))
        for step in (-_AHEAD_M, 0.0, _AHEAD_M)
    )
    run = ahead - behind
    across = np.stack([-run[:, 1], run[:, 0]], axis=1) / np.hypot(*run.T)[:, None]
    bounds = shapely.bounds(ground)
    reach = across * np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])[:, None]
    lines = shapely.linestrings(np.stack([middle - reach, middle + reach], axis=1))
    return np.asarray(lines, dtype=object), middle


def _widest_free(
    section: ObjectArray, middle: FloatArray, ground: ObjectArray, things: ObjectArray
) -> FloatArray:
    """Return the widest stretch of each section that is on its ground and free of things [m]."""
    stretch = _around(shapely.intersection(section, ground), middle)
    low, high = _extent(section, stretch)
    at, thing = shapely.STRtree(things).query(stretch, predicate="intersects")
    part, of = shapely.get_parts(
        shapely.intersection(stretch[at], things[thing]), return_index=True
    )
    taken = Spans(at[of], *_extent(section[at[of]], part)).joined()
    every = np.arange(len(section))
    begin = _sorted(np.concatenate([every, taken.edge]), np.concatenate([low, taken.high]))
    end = _sorted(np.concatenate([every, taken.edge]), np.concatenate([high, taken.low]))
    widest = np.zeros(len(section))
    np.maximum.at(widest, begin[0], end[1] - begin[1])
    return widest


def _sorted(section: IntArray, at: FloatArray) -> tuple[IntArray, FloatArray]:
    order = np.lexsort((at, section))
    return section[order], at[order]


def _around(shapes: ObjectArray, middle: FloatArray) -> ObjectArray:
    """Return the part of each shape that is nearest to its point."""
    part, owner = shapely.get_parts(shapes, return_index=True)
    gap = shapely.distance(part, shapely.points(middle[owner]))
    nearest: ObjectArray = part[least_of_groups(owner, gap)]
    return nearest


def _extent(section: ObjectArray, part: ObjectArray) -> tuple[FloatArray, FloatArray]:
    """Return from where to where along its section each part is [m]."""
    xy, owner = shapely.get_coordinates(part, return_index=True)
    at = shapely.line_locate_point(section[owner], shapely.points(xy))
    low, high = np.full(len(part), np.inf), np.full(len(part), -np.inf)
    np.minimum.at(low, owner, at)
    np.maximum.at(high, owner, at)
    return low, high
