"""Ground: which geometries are of one place: on one ground, a few steps apart, or the very same."""

from collections.abc import Iterator

import numpy as np
import shapely

from geo.arrays import BoolArray, FloatArray, ShapeArray

GROUND = frozenset({"estates", "buildings", "green_space", "greening_sites"})
"""Layers of outlines that no two features share."""
STEPS = frozenset({"facilities"})
"""Layers of points of a kind, of which no two are a few steps apart."""

SAME_GROUND = 0.5  # share of the smaller outline
STEPS_M = 10.0  # between two records of one facility of a kind
IDENTICAL_M = 0.05  # between two records of one geometry, the rounding of degrees included
NOWHERE = np.array([None], dtype=object)
_OUTLINE = 2


def sound(shapes: ShapeArray) -> ShapeArray:
    """Return the geometries, None for those that are invalid or have no finite place."""
    with np.errstate(all="ignore"):
        bounds = np.asarray(shapely.bounds(shapes), dtype=np.float64)
        is_sound = np.isfinite(bounds).all(axis=1) & shapely.is_valid(shapes)
    return np.where(is_sound, shapes, NOWHERE)


def is_outline(shapes: ShapeArray) -> BoolArray:
    """Return which geometries are areas, shape (n,)."""
    return np.asarray(shapely.get_dimensions(shapes) == _OUTLINE)


def shared(one: ShapeArray, other: ShapeArray) -> FloatArray:
    """Return what two outlines share, as a share of the smaller one."""
    smaller = np.minimum(shapely.area(one), shapely.area(other))
    with np.errstate(all="ignore"):
        both = shapely.area(shapely.intersection(one, other))
        return np.nan_to_num(both / smaller)


def on_one_ground(shapes: ShapeArray, others: ShapeArray) -> Iterator[tuple[int, int, float]]:
    """
    Yield the outlines that share the ground of another, the most shared last.

    Parameters
    ----------
    shapes, others : ndarray of geometry, shapes (n,) and (m,)
        In one working CRS [m]; None where a feature has no place.

    Yields
    ------
    tuple of (int, int, float)
        Position in `shapes`, position in `others`, and share of the smaller outline.
    """
    at = np.flatnonzero(is_outline(shapes))
    ours, theirs = shapely.STRtree(others).query(shapes[at], predicate="intersects")
    share = shared(shapes[at][ours], others[theirs])
    for n in np.argsort(share, kind="stable").tolist():
        if share[n] >= SAME_GROUND:
            yield int(at[ours[n]]), int(theirs[n]), float(share[n])


def within_steps(shapes: ShapeArray, others: ShapeArray) -> Iterator[tuple[int, int]]:
    """Yield the points of `shapes` a few steps from one of `others`, by position in each."""
    at = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.POINT)
    ours, theirs = shapely.STRtree(others).query(shapes[at], predicate="dwithin", distance=STEPS_M)
    yield from zip(at[ours].tolist(), theirs.tolist(), strict=True)


def boxes(shapes: ShapeArray, kinds: FloatArray) -> FloatArray:
    """Return the bounds of geometries and their kind as coordinates, shape (n, 5)."""
    return np.column_stack([shapely.bounds(shapes), kinds])


def are_identical(one: ShapeArray, other: ShapeArray) -> BoolArray:
    """Return which pairs of geometries are one but for rounding."""
    return np.asarray(shapely.hausdorff_distance(one, other) <= 2 * IDENTICAL_M)
