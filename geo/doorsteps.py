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
    wall, line, away_m, least_m = _near(walls, walkways)
    nearest = away_m <= least_m + _SAME_M
    corners, beside = _corners(walls[wall], walkways[line], least_m)
    feet, at = _feet(walls[wall[nearest]], walkways[line[nearest]])
    xy = np.concatenate([corners, feet])
    owner = np.concatenate([wall[beside], wall[nearest][at]])
    is_foot = np.arange(len(xy)) >= len(corners)
    return xy[least_of_groups(owner, is_foot, xy[:, 0], xy[:, 1])]


def _near(
    walls: ObjectArray, walkways: ObjectArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """
    Return pairs of an outline and a walkway that is about as near as any.

    Of each pair: outline, walkway, their distance, and that of the nearest walkway [m].
    """
    # The tree's own search measures outlines one by one; with a vertex close by as the bound, few
    # walkways are left to compare and all are measured at once.
    vertices = shapely.get_coordinates(walkways)
    _, close = KDTree(vertices).query(shapely.get_coordinates(shapely.centroid(walls)))
    bound_m = shapely.distance(walls, shapely.points(vertices[close])) + _LEVEL_M
    wall, line = shapely.STRtree(walkways).query(walls, "dwithin", bound_m)
    away_m = shapely.distance(walls[wall], walkways[line])
    nearest_m = np.full(len(walls), np.inf)
    np.minimum.at(nearest_m, wall, away_m)
    least_m = nearest_m[wall]
    kept = away_m <= least_m + _LEVEL_M
    return wall[kept], line[kept], away_m[kept], least_m[kept]


def _corners(
    walls: ObjectArray, walkways: ObjectArray, least_m: FloatArray
) -> tuple[FloatArray, IntArray]:
    """Return the corners of outlines that are as near to a walkway as anything, and whose."""
    xy, pair = shapely.get_coordinates(walls, return_index=True)
    level = shapely.distance(shapely.points(xy), walkways[pair]) <= least_m[pair] + _LEVEL_M
    return xy[level], pair[level]


def _feet(walls: ObjectArray, walkways: ObjectArray) -> tuple[FloatArray, IntArray]:
    """Return the points of outlines nearest to, or crossed by, their walkways, and whose."""
    crossed = shapely.intersection(walls, walkways)
    feet = shapely.get_point(shapely.shortest_line(walls, walkways), 0)
    shapes = np.where(shapely.is_empty(crossed), feet, crossed)
    xy, pair = shapely.get_coordinates(shapes, return_index=True)
    return xy, pair
