"""Whether every demand can be served at all, and the least longest walk with which it can."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from geo.arrays import IntArray
from siting.solver.assigned import Assigned
from siting.solver.fewest import covering_program, greedy_covering
from siting.solver.milp import run
from siting.solver.problem import SitingProblem
from siting.solver.sites import site_rows


def can_serve_all(
    problem: SitingProblem, barred: Sequence[IntArray] = (), seconds: float | None = None
) -> bool:
    """
    Return whether all that is required can be met; False too where time ran out.

    Parameters
    ----------
    problem : SitingProblem
        With any objective: its `reach` is how far a demand may walk.
    barred : sequence of ndarray of int64
        Former answers, each to be left in one place at least.
    seconds : float, optional
        When to stop.
    """
    if not problem.within(problem.usable).any(axis=1).all():
        return False
    if problem.is_capacitated:
        town = Assigned.of(problem)
        rows = site_rows(problem, town.columns, barred)
        program = town.program(0.0, 0.0, rows, serves_all=True)
        return run(program, seconds=seconds).values is not None
    coverage, program = covering_program(problem, barred, is_reduced=not barred)
    if not barred and greedy_covering(problem, coverage) is not None:
        return True
    program = replace(program, objective=np.zeros(len(coverage.columns)))
    return run(program, seconds=seconds).values is not None


def least_limit(
    problem: SitingProblem, barred: Sequence[IntArray] = (), seconds: float | None = None
) -> float | None:
    """
    Return the shortest walk [m] that the farthest demand must be allowed, None if none suffices.

    Parameters
    ----------
    problem : SitingProblem
        Its own limit plays no part.
    barred, seconds
        As for `can_serve_all`.
    """
    usable = problem.costs[:, problem.usable]
    if not len(usable):
        return 0.0
    least = usable.min(axis=1, initial=np.inf).max()
    walks = np.unique(usable[np.isfinite(usable) & (usable >= least)])
    low, high = 0, len(walks)
    while low < high:
        middle = (low + high) // 2
        tried = replace(problem, objective="fewest", limit=float(walks[middle]))
        if can_serve_all(tried, barred, seconds):
            high = middle
        else:
            low = middle + 1
    return float(walks[low]) if low < len(walks) else None
