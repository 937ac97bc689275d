"""Grouping: sums and counts by owner."""

import numpy as np
import pandas as pd

from geo.arrays import FloatArray, IntArray


def owners(keys: pd.Series, ids: pd.Index) -> IntArray:
    """
    Return the position in `ids`, which has no key twice, of each of m keys; -1 where there is none.

    Parameters
    ----------
    keys : pandas.Series, shape (m,)
        Categorical keys are looked up once a category.
    ids : pandas.Index
        Whom the keys name.
    """
    if not isinstance(keys.dtype, pd.CategoricalDtype):
        return ids.get_indexer(pd.Index(keys)).astype(np.int64)
    places = np.append(ids.get_indexer(keys.cat.categories), -1)
    return places[keys.cat.codes.to_numpy()].astype(np.int64)


def added(owner: IntArray, amount: FloatArray, size: int) -> FloatArray:
    """
    Return the sum of `amount` for each of `size` owners, 0 for one without any.

    Parameters
    ----------
    owner : ndarray of int64, shape (m,)
        0 to size - 1; below 0 belongs to none and is left out.
    amount : ndarray of float64, shape (m,)
        inf and NaN carry through.
    """
    mine = owner >= 0
    sums = np.bincount(owner[mine], weights=amount[mine], minlength=size)
    return sums.astype(np.float64)  # of nothing at all, bincount returns integers


def counted(owner: IntArray, size: int) -> IntArray:
    """
    Return how many entries each of `size` owners has; an entry below 0 belongs to none.

    Parameters
    ----------
    owner : ndarray of int64, shape (m,)
        0 to size - 1, or below 0.
    size : int
        Number of owners.

    Returns
    -------
    ndarray of int64, shape (size,)
    """
    return np.bincount(owner[owner >= 0], minlength=size).astype(np.int64)


def distinct_pairs(left: IntArray, right: IntArray) -> tuple[IntArray, IntArray]:
    """
    Return every pair that occurs, once, in ascending order.

    Parameters
    ----------
    left, right : ndarray of int64, shape (m,)
        Positions, 0 or more.
    """
    # One number a pair sorts in a tenth of the time of two.
    width = int(right.max(initial=0)) + 1
    both = np.unique(left * width + right)
    return both // width, both % width
