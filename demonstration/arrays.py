"""Array types of the demonstration district, and the one way to leave a value unknown."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Objects: TypeAlias = NDArray[np.object_]


def blank(values: ArrayLike, unknown: ArrayLike) -> Objects:
    """
    Return values as objects with None where they were never surveyed.

    Parameters
    ----------
    values : array-like, shape (n,)
        Values of any kind.
    unknown : ndarray of bool, shape (n,)
        Where nothing is known.
    """
    left = np.array(values, dtype=object)
    left[np.asarray(unknown, dtype=bool)] = None
    return left
