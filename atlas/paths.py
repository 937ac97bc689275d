"""PDF path operators of lines and polygons given in millimetres on paper."""

from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray


def path_of(shapes: NDArray[np.object_]) -> str:
    """
    Return the PDF path operators of lines and polygons.

    Parameters
    ----------
    shapes : ndarray of shapely.Geometry, shape (n,)
        [mm on paper]; parts of other dimensions and empty geometries are skipped.

    Returns
    -------
    str
        Coordinates to 0.01 mm; rings are oriented so that holes are not filled. "" for no parts.
    """
    parts = shapely.get_parts(shapes[~shapely.is_empty(shapes)])
    kinds = shapely.get_dimensions(parts)
    areas, lines = shapely.normalize(parts[kinds == 2]), parts[kinds == 1]  # noqa: PLR2004
    return _subpaths(shapely.get_rings(areas), closed=True) + _subpaths(lines, closed=False)


def _subpaths(lines: NDArray[np.object_], *, closed: bool) -> str:
    """Return the operators of many rings or lines, all their numbers formatted at once."""
    points, owner = shapely.get_coordinates(lines, return_index=True)
    if closed and len(points):
        last = np.append(owner[1:] != owner[:-1], [True])
        points, owner = points[~last], owner[~last]
    pattern = "".join(_pattern(n, closed) for n in np.bincount(owner).tolist() if n)
    return pattern % tuple(points.ravel().tolist())


@lru_cache(maxsize=4096)
def _pattern(count: int, closed: bool) -> str:  # noqa: FBT001 - a cache's key
    """Return the operators of a line through `count` points, the numbers (to 0.01 mm) blank."""
    return "%.2f %.2f m\n" + "%.2f %.2f l\n" * (count - 1) + ("h\n" if closed else "")
