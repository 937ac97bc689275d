"""Runs and groups: entries of an array that belong together, in one piece or scattered."""

import numpy as np

from geo.arrays import BoolArray, FloatArray, IntArray


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


def entries_of_runs(first: IntArray, lengths: IntArray) -> IntArray:
    """
    Return the positions of all entries of runs, one run after the other.

    Parameters
    ----------
    first : ndarray of int64, shape (n,)
        Position of the first entry of each run.
    lengths : ndarray of int64, shape (n,)
        How many entries each run has, 0 or more.

    Returns
    -------
    ndarray of int64, shape (m,)
        ``first``, ``first + 1``, ... of each run.
    """
    return np.repeat(first, lengths) + places_in_runs(lengths)


def equal_entries(ascending: IntArray, wanted: IntArray) -> tuple[IntArray, IntArray]:
    """
    Return all pairs of a wanted number and an entry that equals it.

    Parameters
    ----------
    ascending : ndarray of int64, shape (n,)
        What is searched.
    wanted : ndarray of int64, shape (k,)
        What is looked for.

    Returns
    -------
    which, entry : ndarray of int64, shape (p,)
        Positions in `wanted`, ascending, and in `ascending`.
    """
    first, end = (np.searchsorted(ascending, wanted, side=side) for side in ("left", "right"))
    lengths = end - first
    return np.repeat(np.arange(len(wanted)), lengths), entries_of_runs(first, lengths)


def least_of_groups(group: IntArray, *keys: FloatArray | IntArray | BoolArray) -> IntArray:
    """
    Return the position of the least entry of each group.

    Parameters
    ----------
    group : ndarray of int64, shape (n,)
        The group of each entry.
    *keys : ndarray, shape (n,)
        What is compared, the first key first; of entries that are equal in all the first is least.

    Returns
    -------
    ndarray of int64, shape (g,)
        One for each of the g groups that have an entry, in ascending order of the group.
    """
    order = np.lexsort((*keys[::-1], group))
    return order[np.unique(group[order], return_index=True)[1]]


def members_of_groups(group: IntArray) -> dict[int, IntArray]:
    """
    Return the positions of the entries of each group, ascending; groups in ascending order.

    Parameters
    ----------
    group : ndarray of int64, shape (n,)
        The group of each entry.
    """
    order = np.argsort(group, kind="stable")
    groups, first = np.unique(group[order], return_index=True)
    return dict(zip(groups.tolist(), np.split(order, first)[1:], strict=True))
