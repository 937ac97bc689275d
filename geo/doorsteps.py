"""Doorsteps: where people step out of a building, or into a park, towards the nearest walkway."""

import numpy as np
import shapely
from scipy.spatial import KDTree

from geo.arrays import FloatArray, IntArray, ObjectArray
from geo.runs import least_of_groups

_LEVEL_M = 0.01  # corners of an outline that differ by less are equally near to a walkway
_SAME_M = 1e-6


def doorsteps(outlines: ObjectArray, walkways: ObjectArray) -> FloatArray:
    """
    Return where people step out of buildings: the outline's point nearest to the nearest walkway.

    Beside a walkway parallel to a wall that is a corner; of several points equally near it is the
    westernmost: however walkways are divided into lines, the point is the same.

    Parameters
    ----------
    outlines : ndarray of Polygon or MultiPolygon, shape (n,)
        Footprints, in one projected CRS.
    walkways : ndarray of LineString, shape (m,)
        Walkways in the same CRS; without any, a point inside the footprint is taken.

    Returns
    -------
    ndarray of float64, shape (n, 2)
        Easting and northing [m].
    """
    if len(walkways) == 0 or len(outlines) == 0:
        return shapely.get_coordinates(shapely.point_on_surface(outlines)).reshape(-1, 2)
    walls = shapely.boundary(outlines)
    near = _near(walls, walkways)
    found = [_corners(walls, walkways, *near), _feet(walls, walkways, *near)]
    xy, owner = (np.concatenate(column) for column in zip(*found, strict=True))
    is_foot = np.repeat([False, True], [len(one) for one, _ in found])
    return xy[least_of_groups(owner, is_foot, xy[:, 0], xy[:, 1])]


def _near(walls: ObjectArray, walkways: ObjectArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Return outlines and walkways that are about as near as any, and the least distance [m]."""
    # The tree's own search measures outlines one by one; with a vertex close by as the bound, few
    # walkways are left to compare and all are measured at once.
    vertices = shapely.get_coordinates(walkways)
    _, close = KDTree(vertices).query(shapely.get_coordinates(shapely.centroid(walls)))
    bound_m = shapely.distance(walls, shapely.points(vertices[close])) + _LEVEL_M
    wall, line = shapely.STRtree(walkways).query(walls, "dwithin", bound_m)
    away_m = shapely.distance(walls[wall], walkways[line])
    least_m = np.full(len(walls), np.inf)
    np.minimum.at(least_m, wall, away_m)
    kept = away_m <= least_m[wall] + _LEVEL_M
    return wall[kept], line[kept], least_m


def _corners(
    walls: ObjectArray, walkways: ObjectArray, wall: IntArray, line: IntArray, least_m: FloatArray
) -> tuple[FloatArray, IntArray]:
    """Return the corners of outlines that are as near to a walkway as anything of them."""
    xy, pair = shapely.get_coordinates(walls[wall], return_index=True)
    away_m = shapely.distance(shapely.points(xy), walkways[line[pair]])
    level = away_m <= least_m[wall[pair]] + _LEVEL_M
    return xy[level], wall[pair[level]]


def _feet(
    walls: ObjectArray, walkways: ObjectArray, wall: IntArray, line: IntArray, least_m: FloatArray
) -> tuple[FloatArray, IntArray]:
    """Return the points of outlines nearest to, or crossed by, the nearest walkways."""
    nearest = shapely.distance(walls[wall], walkways[line]) <= least_m[wall] + _SAME_M
    wall, lines = wall[nearest], walkways[line[nearest]]
    crossed = shapely.intersection(walls[wall], lines)
    feet = shapely.get_point(shapely.shortest_line(walls[wall], lines), 0)
    xy, at = shapely.get_coordinates(
        np.where(shapely.is_empty(crossed), feet, crossed), return_index=True
    )
    return xy, wall[at]
