"""
Interchange: a good p-median by adding places greedily, then exchanging one for another.

Teitz, M. B., and Bart, P. (1968). Heuristic methods for estimating the generalized vertex median of
a weighted graph. Operations Research 16, 955-961.
"""

import numpy as np

from geo.arrays import BoolArray, FloatArray, IntArray
from siting.solver.problem import SitingProblem
from siting.solver.sites import affordable, fits_budget


def good_median(problem: SitingProblem) -> IntArray | None:
    """Return columns with a small sum of weight times walk, None where a demand is left out."""
    columns = problem.selectable
    walks = problem.costs[:, columns]
    finite = walks[np.isfinite(walks)]
    far = 1.0 + 1e3 * finite.max(initial=1.0)  # for no way, so that all are given one first
    walks = np.where(np.isfinite(walks), walks, far)
    base = np.where(np.isfinite(problem.kept_walk), problem.kept_walk, far)
    chosen = _added(problem, columns, walks, base)
    chosen = _exchanged(problem, columns, walks, base, chosen)
    return columns[chosen] if np.isfinite(problem.walk(columns[chosen])).all() else None


def _added(
    problem: SitingProblem, columns: IntArray, walks: FloatArray, base: FloatArray
) -> BoolArray:
    """Return the columns chosen one after the other, each the one that shortens walks most."""
    chosen = np.isin(columns, problem.demanded)
    walk = np.minimum(base, walks[:, chosen].min(axis=1, initial=np.inf))
    while True:
        can = affordable(problem, columns[chosen], columns) & ~chosen
        gain = problem.weights @ np.maximum(walk[:, None] - walks, 0.0)
        can &= gain > 0
        if not can.any():
            return chosen
        worth = gain / np.maximum(problem.price[columns], 1e-9)
        best = int(np.argmax(np.where(can, worth, -1.0)))
        chosen[best] = True
        walk = np.minimum(walk, walks[:, best])


def _exchanged(
    problem: SitingProblem,
    columns: IntArray,
    walks: FloatArray,
    base: FloatArray,
    chosen: BoolArray,
) -> BoolArray:
    """Return the columns after exchanges that shorten walks, until none does."""
    improved = True
    while improved:
        improved = False
        for j in np.flatnonzero(~chosen).tolist():
            out = _best_exchange(problem, columns, walks, base, (chosen, j))
            if out >= 0:
                chosen = chosen.copy()
                chosen[[out, j]] = False, True
                improved = True
    return chosen


def _best_exchange(
    problem: SitingProblem,
    columns: IntArray,
    walks: FloatArray,
    base: FloatArray,
    exchange: tuple[BoolArray, int],
) -> int:
    """Return the chosen column that is best given up for another, -1 if none is."""
    chosen, j = exchange
    inside = np.flatnonzero(chosen)
    price = problem.price[columns]
    can = ~np.isin(columns[inside], problem.must)
    can &= fits_budget(problem, price[inside].sum() - price[inside] + price[j])
    if not can.any():
        return -1
    own = walks[:, inside]
    at = own.argmin(axis=1)
    nearest = own[np.arange(len(own)), at]
    rest = np.partition(own, 1, axis=1)[:, 1] if len(inside) > 1 else np.full(len(own), np.inf)
    nearest, second = np.minimum(nearest, base), np.minimum(rest, base)
    with_j = np.minimum(nearest, walks[:, j])
    loss = np.bincount(
        at,
        weights=problem.weights * (np.minimum(second, walks[:, j]) - with_j),
        minlength=len(inside),
    )
    change = loss + problem.weights @ (with_j - nearest)
    best = int(np.argmin(np.where(can, change, np.inf)))
    return int(inside[best]) if change[best] < -1e-9 * max(1.0, nearest.sum()) else -1
