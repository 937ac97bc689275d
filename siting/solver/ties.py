"""
Ties: of answers that are equally good, one that a reader can tell.

First every place goes, the highest column first, without which the answer is as good. Then every
chosen place, the highest first, is exchanged for the lowest column with which the answer is as
good, until none is left: no place of the answer can be exchanged for a lower column without loss.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from scipy.sparse import csr_array

from geo.arrays import BoolArray, FloatArray, IntArray
from siting.solver.problem import SitingProblem
from siting.solver.sites import fits_budget

_Judge: TypeAlias = Callable[[SitingProblem, FloatArray, FloatArray], BoolArray]
"""Of walks (n,) and trials (n, t): which trials are no worse."""

_StandIn: TypeAlias = Callable[[IntArray, FloatArray, IntArray], int]
"""Of an answer, the walks without one of its places, and free columns: the lowest that will do."""

_CELLS = 2_000_000  # walks of one block of trials: 16 MB


def lowest_columns(problem: SitingProblem, chosen: IntArray) -> IntArray:
    """
    Return an equally good answer with low columns, capacities apart.

    Parameters
    ----------
    problem : SitingProblem
        Answered by `chosen`.
    chosen : ndarray of int64
        Columns of new places.
    """
    for column in chosen[::-1].tolist():
        rest = chosen[chosen != column]
        if (
            column not in problem.must
            and _no_worse(problem, chosen, problem.walk(rest)[:, None])[0]
        ):
            chosen = rest
    covering = problem.objective in {"cover", "fewest"}
    stands_in = _by_coverage(problem) if covering else _by_walk(problem)
    moved = True
    while moved:
        moved = False
        for column in chosen[::-1].tolist():
            lower = _lower(problem, chosen, column, stands_in)
            if lower >= 0:
                chosen = np.sort(np.append(chosen[chosen != column], lower))
                moved = True
    return chosen


def _lower(problem: SitingProblem, chosen: IntArray, column: int, stands_in: _StandIn) -> int:
    """Return the lowest column that can stand in for a chosen one, -1 if there is none."""
    if column in problem.must:
        return -1
    free = np.setdiff1d(problem.selectable, chosen)
    rest = chosen[chosen != column]
    free = free[free < column]
    free = free[fits_budget(problem, problem.price[rest].sum() + problem.price[free])]
    if problem.objective == "fewest":
        free = free[problem.price[free] <= problem.price[column]]
    return stands_in(chosen, problem.walk(rest), free)


def _by_coverage(problem: SitingProblem) -> _StandIn:
    """Return the finder of the first free column that covers as much as the one in its place."""
    weights = problem.weights if problem.objective == "cover" else np.ones(len(problem.weights))
    covering = csr_array(problem.covers.T, dtype=np.float64)
    slack = 1e-9 * max(1.0, float(weights.sum()))

    def first(chosen: IntArray, base: FloatArray, free: IntArray) -> int:
        left = ~problem.reaches(base)
        lost = float(weights @ (left & problem.reaches(problem.walk(chosen))))
        gain = np.asarray(covering @ np.where(left, weights, 0.0))[free]
        equal = np.flatnonzero(gain >= lost - slack)
        return int(free[equal[0]]) if len(equal) else -1

    return first


def _by_walk(problem: SitingProblem) -> _StandIn:
    """Return the finder of the first free column with which walks are as short."""
    block = max(1, _CELLS // max(len(problem.weights), 1))

    def first(chosen: IntArray, base: FloatArray, free: IntArray) -> int:
        for begin in range(0, len(free), block):
            trial = free[begin : begin + block]
            walks = np.minimum(base[:, None], problem.costs[:, trial])
            equal = _no_worse(problem, chosen, walks)
            if equal.any():
                return int(trial[np.argmax(equal)])
        return -1

    return first


def _no_worse(problem: SitingProblem, chosen: IntArray, trials: FloatArray) -> BoolArray:
    """Return which trials, walks of shape (n, t), are as good as what was chosen."""
    return _JUDGES[problem.objective](problem, problem.walk(chosen), trials)


def _covers_as_much(problem: SitingProblem, walk: FloatArray, trials: FloatArray) -> BoolArray:
    weight = problem.weights @ problem.reaches(trials)
    least = float(problem.weights @ problem.reaches(walk))
    return np.asarray(weight >= least - 1e-9 * max(1.0, least))


def _covers_all(problem: SitingProblem, _: FloatArray, trials: FloatArray) -> BoolArray:
    return np.asarray(problem.reaches(trials).all(axis=0))


def _walks_as_little(problem: SitingProblem, walk: FloatArray, trials: FloatArray) -> BoolArray:
    most = float(problem.weights @ walk)
    reached = np.isfinite(trials).all(axis=0)
    total = problem.weights @ np.where(np.isfinite(trials), trials, 0.0)
    return np.asarray(reached & (total <= most + 1e-9 * max(1.0, most)))


def _walks_alike(_: SitingProblem, walk: FloatArray, trials: FloatArray) -> BoolArray:
    return np.asarray((np.sort(trials, axis=0) == np.sort(walk)[:, None]).all(axis=0))


_JUDGES: dict[str, _Judge] = {
    "cover": _covers_as_much,
    "fewest": _covers_all,
    "median": _walks_as_little,
    "equity": _walks_alike,
}
