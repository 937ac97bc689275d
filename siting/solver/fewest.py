"""
Fewest: the fewest, or with prices the cheapest, new places that cover every demand (set covering).

Toregas, C., Swain, R., ReVelle, C., and Bergman, L. (1971). The location of emergency service
facilities. Operations Research 19, 1363-1373.
"""

from collections.abc import Sequence

import numpy as np

from geo.arrays import FloatArray, IntArray
from siting.solver.answer import Found, nothing
from siting.solver.coverage import Coverage
from siting.solver.milp import Milp, Rows, run
from siting.solver.problem import SitingProblem
from siting.solver.sites import site_bounds, site_rows


def find_fewest(problem: SitingProblem, barred: Sequence[IntArray], seconds: float | None) -> Found:
    """
    Return the fewest or cheapest places that cover every demand, capacities apart.

    Parameters
    ----------
    problem : SitingProblem
        Its `reach` is how far a demand may walk.
    barred, seconds
        As for `find_cover`.
    """
    town, program = covering_program(problem, barred, is_reduced=not barred)
    start = None if barred else greedy_covering(problem, town)
    solved = run(program, start, seconds)
    if solved.values is None:
        return nothing(is_proven=solved.is_proven)
    return Found(town.columns[solved.values > 0], solved.bound, solved.is_proven)


def covering_program(
    problem: SitingProblem, barred: Sequence[IntArray], *, is_reduced: bool
) -> tuple[Coverage, Milp]:
    """
    Return the groups that no kept place covers, and the program to cover them all.

    Parameters
    ----------
    problem : SitingProblem
        Its `reach` is how far a demand may walk.
    barred
        As for `find_cover`.
    is_reduced : bool
        Whether columns are left out that another makes useless.
    """
    town = Coverage.waiting(problem)
    if is_reduced:
        town = town.without_dominated(problem)
    low, high = site_bounds(problem, town.columns)
    groups, size = town.covers.shape
    covering = Rows(town.covers, np.ones(groups), np.full(groups, np.inf))
    return town, Milp(
        objective=problem.price[town.columns],
        low=low,
        high=high,
        is_integer=np.ones(size, dtype=np.bool_),
        rows=[covering, *site_rows(problem, town.columns, barred)],
    )


def greedy_covering(problem: SitingProblem, town: Coverage) -> FloatArray | None:
    """
    Return 1 for greedily chosen columns that cover all, None where number or budget end first.

    Parameters
    ----------
    problem : SitingProblem
        What is wanted.
    town : Coverage
        The groups to be covered.
    """
    chosen = town.greedy(problem, np.ones(len(town.weights)))
    return chosen.astype(np.float64) if (town.covers @ chosen > 0).all() else None
