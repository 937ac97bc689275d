"""
Cover: the greatest weight within the limit of new places (maximal covering location problem).

Church, R., and ReVelle, C. (1974). The maximal covering location problem. Papers of the Regional
Science Association 32, 101-118.
"""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import eye_array, hstack

from geo.arrays import BoolArray, IntArray
from siting.solver.answer import NOTHING, Found
from siting.solver.coverage import Coverage
from siting.solver.lagrangian import narrowed
from siting.solver.milp import Milp, Rows, run
from siting.solver.problem import SitingProblem
from siting.solver.sites import affordable, site_rows


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
        When to stop.
    """
    waiting = ~problem.reaches(problem.kept_walk)
    columns = problem.selectable
    town = Coverage.of(problem.within(columns)[waiting], columns, problem.weights[waiting])
    served = float(problem.weights[~waiting].sum())
    forced = np.isin(columns, problem.must)
    if barred:
        return _solved(problem, town, forced, None, (barred, served, seconds))
    town = town.without_dominated(problem)
    forced = np.isin(town.columns, problem.must)
    chosen = _greedy(problem, town)
    if problem.new is not None and problem.budget is None and problem.new < len(town.columns):
        known = narrowed(town, chosen, forced, problem.new)
        if known.bound <= known.weight:
            return Found(town.columns[known.chosen], served + known.bound, is_proven=True)
        chosen, forced = known.chosen[known.is_open], known.is_forced[known.is_open]
        town = town.only(known.is_open)
    return _solved(problem, town, forced, chosen, (barred, served, seconds))


def _solved(
    problem: SitingProblem,
    town: Coverage,
    forced: BoolArray,
    chosen: BoolArray | None,
    rest: tuple[Sequence[IntArray], float, float | None],
) -> Found:
    """Return what the program finds, from chosen columns on if there are any."""
    barred, served, seconds = rest
    start = None
    if chosen is not None:
        start = np.concatenate([chosen, town.covers @ chosen > 0]).astype(np.float64)
    solved = run(_program(problem, town, forced, barred), start, seconds)
    if solved.values is None:
        return NOTHING if solved.is_proven else Found(None, np.nan, is_proven=False)
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


def _greedy(problem: SitingProblem, town: Coverage) -> BoolArray:
    """Return columns chosen one after the other, each the one that covers most for its price."""
    chosen = np.isin(town.columns, problem.demanded)
    price = np.maximum(problem.price[town.columns], 1e-9)
    while True:
        reached = town.covers @ chosen > 0
        gain = town.covers.T @ np.where(reached, 0.0, town.weights)
        can = affordable(problem, town.columns[chosen], town.columns) & ~chosen & (gain > 0)
        if not can.any():
            return chosen
        chosen[np.argmax(np.where(can, gain / price, -1.0))] = True
