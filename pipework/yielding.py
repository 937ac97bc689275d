"""Yielding: which of two pipes that are too near each other gives way."""

import numpy as np

from geo.arrays import FloatArray, IndexArray
from pipework.pieces import Pieces

_GRAVITY = ("PS",)
_BENDABLE = ("DL", "TX")


def gives_way(pieces: Pieces, first: IndexArray, second: IndexArray) -> IndexArray:
    """
    Return which of two pipes gives way, by the order of GB 50289-2016 3.0.4.

    Pressure gives way to gravity, what bends to what does not, the smaller to the larger (the
    rulebook's `clearance.pipe_yield_order`, a secondary source); where that does not say, as where
    a diameter is unknown, the first.

    Parameters
    ----------
    pieces : Pieces
        The pipes of a district.
    first, second : ndarray of intp, shape (p,)
        Positions of the two.

    Returns
    -------
    ndarray of intp, shape (p,)
        One of each two.
    """
    kind = pieces.table["kind"].to_numpy()
    gravity, stiff = np.isin(kind, _GRAVITY), ~np.isin(kind, _BENDABLE)
    stays: tuple[FloatArray, ...] = (
        gravity.astype(np.float64),
        stiff.astype(np.float64),
        pieces.radius_m,
    )
    decided = np.zeros(len(first), dtype=np.bool_)
    second_does = np.zeros(len(first), dtype=np.bool_)
    for one in stays:
        differ = ~decided & ((one[first] < one[second]) | (one[first] > one[second]))
        second_does |= differ & (one[first] > one[second])
        decided |= differ
    return np.where(second_does, second, first)
