"""
Cover: the greatest weight within the limit of new places (maximal covering location problem).

Church, R., and ReVelle, C. (1974). The maximal covering location problem. Papers of the Regional
Science Association 32, 101-118.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import eye_array, hstack

from geo.arrays import BoolArray, IntArray
from siting.solver.answer import Found, nothing
from siting.solver.coverage import Coverage
from siting.solver.lagrangian import narrowed
from siting.solver.milp import Milp, Rows, run
from siting.solver.problem import SitingProblem
from siting.solver.sites import site_rows


def find_cover(problem: SitingProblem, barred: Sequence[IntArray], seconds: float | None) -> Found:
    """
    Return the places that cover the greatest weight, capacities apart.

    Parameters
    ----------
    problem : SitingProblem
        With the objective ``cover``.
    barred : sequence of ndarray of int64
        Former answers, each to be left in one place at least.
    seconds : float or None
        When each program is to stop with the best found so far.
    """
    served = float(problem.weights @ problem.reaches(problem.kept_walk))
    town, start = Coverage.waiting(problem), None
    if not barred:
        town = town.without_dominated(problem)
    forced = np.isin(town.columns, problem.must)
    if not barred:
        chosen = town.greedy(problem, town.weights)
        if problem.new is not None and problem.budget is None and problem.new < len(town.columns):
            known = narrowed(town, chosen, forced, problem.new)
            if known.bound <= known.weight:
                return Found(town.columns[known.chosen], served + known.bound, is_proven=True)
            chosen, forced = known.chosen[known.is_open], known.is_forced[known.is_open]
            town = town.only(known.is_open)
        start = np.concatenate([chosen, town.covers @ chosen > 0]).astype(np.float64)
    solved = run(_program(problem, town, forced, barred), start, seconds)
    if solved.values is None:
        return nothing(is_proven=solved.is_proven)
    found = town.columns[solved.values[: len(town.columns)] > 0]
    return Found(found, served - solved.bound, solved.is_proven)


def _program(
    problem: SitingProblem, town: Coverage, forced: BoolArray, barred: Sequence[IntArray]
) -> Milp:
    """Return the program: a variable each column, then one each group; it is whole by itself."""
    groups, size = town.covers.shape
    linked = hstack([-town.covers, eye_array(groups)], format="csr")
    linking = Rows(linked, np.full(groups, -np.inf), np.zeros(groups))
    return Milp(
        objective=np.concatenate([np.zeros(size), -town.weights]),
        low=np.concatenate([forced.astype(np.float64), np.zeros(groups)]),
        high=np.ones(size + groups),
        is_integer=np.arange(size + groups) < size,
        rows=[linking, *site_rows(problem, town.columns, barred)],
    )
