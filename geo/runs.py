"""Runs: entries of an array that belong together, one run after the other."""

import numpy as np

from geo.arrays import IntArray


def places_in_runs(lengths: IntArray) -> IntArray:
    """
    Return the place of every entry in its run: 0, 1, 2 ..., anew for each run.

    Parameters
    ----------
    lengths : ndarray of int64, shape (n,)
        How many entries each run has, 0 or more.

    Returns
    -------
    ndarray of int64, shape (m,)
        One for each of the m entries of all runs.
    """
    begins = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) - np.repeat(begins, lengths)
