"""What every model says of the places themselves: how many, how dear, where they have to be."""

from collections.abc import Sequence

import numpy as np

from geo.arrays import BoolArray, FloatArray, IntArray
from siting.solver.milp import Rows
from siting.solver.problem import SitingProblem


def site_rows(
    problem: SitingProblem, columns: IntArray, barred: Sequence[IntArray] = ()
) -> list[Rows]:
    """
    Return the constraints on which of some columns are chosen.

    Parameters
    ----------
    problem : SitingProblem
        What is wanted.
    columns : ndarray of int64, shape (s,)
        Columns that may be chosen, a variable each.
    barred : sequence of ndarray of int64
        Former answers, of each of which one place at least has to be left out.
    """
    ones = np.ones(len(columns))
    rows = []
    if problem.new is not None:
        rows.append(Rows.one(ones, high=problem.new))
    if problem.budget is not None:
        rows.append(Rows.one(problem.price[columns], high=problem.budget))
    return rows + [
        Rows.one(np.isin(columns, former).astype(np.float64), high=len(former) - 1.0)
        for former in barred
    ]


def site_bounds(problem: SitingProblem, columns: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return the bounds of the variables of some columns: those that have to be are 1."""
    return np.isin(columns, problem.must).astype(np.float64), np.ones(len(columns))


def affordable(problem: SitingProblem, chosen: IntArray, columns: IntArray) -> BoolArray:
    """Return which of some columns can be chosen beside others by number and budget."""
    if problem.new is not None and len(chosen) >= problem.new:
        return np.zeros(len(columns), dtype=np.bool_)
    return fits_budget(problem, problem.price[chosen].sum() + problem.price[columns])


def fits_budget(problem: SitingProblem, prices: FloatArray) -> BoolArray:
    """Return which prices are within the budget."""
    return np.asarray(prices <= (np.inf if problem.budget is None else problem.budget + 1e-9))
