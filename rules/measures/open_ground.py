"""Open ground: the area of green space that counts, so far off walls and roads as a clause asks."""

import numpy as np
import shapely

from geo.arrays import FloatArray, ObjectArray
from rules.context import EvaluationContext
from rules.lacking import Lacking
from rules.reads import Reads, rows_read
from rules.rows import Rows
from rules.selection import Quantity

_ROADS = ("road",)


def ground_read(quantity: Quantity) -> Reads:
    """Return what is read besides the rows themselves: walls and roads, if they matter."""
    read: Reads = frozenset()
    if quantity.off_walls_m:
        read |= rows_read("buildings")
    if quantity.off_roads_m:
        read |= rows_read("paving", _ROADS)
    return read


def open_ground(
    context: EvaluationContext, rows: Rows, quantity: Quantity, lacking: Lacking
) -> tuple[FloatArray, FloatArray]:
    """
    Measure what is left of areas on their estates' ground off the walls and roads beside them.

    Parameters
    ----------
    context : EvaluationContext
        Where buildings and paving stand.
    rows : Rows
        m areas, each of an estate.
    quantity : Quantity
        How far off [m].
    lacking : Lacking
        Told where nobody has surveyed either layer.

    Returns
    -------
    low, high : ndarray of float64, shape (m,)
        The least and the most that counts [m2]: unlike without those layers, equal with them.
    """
    ground = shapely.intersection(rows.shapes, rows.estates[rows.estate])
    unseen = np.zeros(len(rows), dtype=np.bool_)
    for layer, kinds, off_m in (
        ("buildings", (), quantity.off_walls_m),
        ("paving", _ROADS, quantity.off_roads_m),
    ):
        if off_m:
            unseen |= lacking.unsurveyed(layer, kinds)[rows.estate]
            ground = _less(ground, context.rows(layer, kinds).shapes, off_m)
    area = np.asarray(shapely.area(ground))
    return np.where(unseen, 0.0, area), area


def _less(ground: ObjectArray, things: ObjectArray, off_m: float) -> ObjectArray:
    """Return the ground that is farther than `off_m` from all things."""
    left = ground.copy()
    piece, thing = shapely.STRtree(things).query(ground, predicate="dwithin", distance=off_m)
    order = np.argsort(piece, kind="stable")
    piece, thing = piece[order], thing[order]
    near, place = np.unique(thing, return_inverse=True)
    strips = shapely.buffer(things[near], off_m)[place]
    # The first thing beside every piece at once, then the second of those that have two, ...
    pieces, first, count = np.unique(piece, return_index=True, return_counts=True)
    for turn in range(count.max(initial=0)):
        more = count > turn
        at = first[more] + turn
        left[pieces[more]] = shapely.difference(left[pieces[more]], strips[at])
    return left
