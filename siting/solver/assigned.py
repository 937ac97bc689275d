"""
Assigned: programs in which places may be too small, so that it is decided who is served where.

A variable for each demand and each place that it may walk to; a demand is served whole by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.arrays import FloatArray, IntArray
from siting.solver.answer import Found, nothing
from siting.solver.milp import Milp, Rows, Solved, run
from siting.solver.problem import SitingProblem
from siting.solver.sites import site_bounds, site_rows


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """
    The variables of a problem with capacities: s columns, then a pair each.

    Attributes
    ----------
    problem : SitingProblem
        What is wanted.
    columns : ndarray of int64, shape (s,)
        Columns that may be chosen.
    demand, place : ndarray of int64, shape (a,)
        Pairs of a demand and a usable column within its reach.
    """

    problem: SitingProblem
    columns: IntArray
    demand: IntArray
    place: IntArray

    @classmethod
    def of(cls, problem: SitingProblem) -> "Assigned":
        """Return the variables of a problem."""
        usable = problem.usable
        fits = problem.weights[:, None] <= problem.capacities[usable] + 1e-9
        demand, at = np.nonzero(problem.within(usable) & fits)
        return cls(problem, problem.selectable, demand, usable[at])

    @property
    def walk(self) -> FloatArray:
        """The walk of each pair [m], shape (a,)."""
        return self.problem.costs[self.demand, self.place]

    @property
    def weight(self) -> FloatArray:
        """The weight of each pair, shape (a,)."""
        return self.problem.weights[self.demand]

    def program(
        self,
        columns: FloatArray | float,
        pairs: FloatArray | float,
        extra: Sequence[Rows] = (),
        *,
        serves_all: bool,
        slack: int = 0,
    ) -> Milp:
        """
        Return the program with the coefficients of columns and pairs, and extra rows.

        Parameters
        ----------
        columns, pairs : ndarray of float64, shape (s,) and (a,), or float
            Coefficients of the objective, which is minimised.
        extra : sequence of Rows
            Further constraints.
        serves_all : bool
            Whether every demand has to be served.
        slack : int, default 0
            How many usable places, 0 or all, may be given more capacity, at 1 each unit of it.
        """
        low, high = site_bounds(self.problem, self.columns)
        size, count = len(self.columns), len(self.demand)
        return Milp(
            objective=np.concatenate(
                [np.full(size, columns), np.full(count, pairs), np.ones(slack)]
            ),
            low=np.concatenate([low, np.zeros(count + slack)]),
            high=np.concatenate([high, np.ones(count), np.full(slack, np.inf)]),
            is_integer=np.arange(size + count + slack) < size + count,
            rows=[self._served(serves_all=serves_all), self._opened(), self._loads(slack), *extra],
        )

    def _served(self, *, serves_all: bool) -> Rows:
        """Return for each demand: served once, or at most once."""
        variable = len(self.columns) + np.arange(len(self.demand))
        shape = (len(self.problem.weights), len(self.columns) + len(self.demand))
        entries = (self.demand, variable, np.ones(len(variable)))
        return Rows.of(entries, shape, 1.0 if serves_all else 0.0, 1.0)

    def _opened(self) -> Rows:
        """Return for each pair with a new place: only if that is chosen."""
        new = np.flatnonzero(np.isin(self.place, self.columns))
        site = np.searchsorted(self.columns, self.place[new])
        row = np.arange(len(new))
        entries = (
            np.concatenate([row, row]),
            np.concatenate([len(self.columns) + new, site]),
            np.concatenate([np.ones(len(new)), -np.ones(len(new))]),
        )
        shape = (len(new), len(self.columns) + len(self.demand))
        return Rows.of(entries, shape, -np.inf, 0.0)

    def _loads(self, slack: int) -> Rows:
        """Return for each place: no more weight than its capacity, and than slack on top."""
        size, count = len(self.columns), len(self.demand)
        usable = self.problem.usable
        capacity = self.problem.capacities[usable]
        row_of = np.searchsorted(usable, self.place)
        site = np.searchsorted(usable, self.columns)
        bounded = np.where(np.isfinite(capacity), capacity, 0.0)
        entries = (
            np.concatenate([row_of, site, np.arange(slack)]),
            np.concatenate(
                [size + np.arange(count), np.arange(size), size + count + np.arange(slack)]
            ),
            np.concatenate([self.weight, -bounded[site], -np.ones(slack)]),
        )
        high = np.where(np.isin(usable, self.columns), 0.0, bounded)
        high[~np.isfinite(capacity)] = np.inf
        return Rows.of(entries, (len(usable), size + count + slack), -np.inf, high)

    def read(self, solved: Solved, bound: float) -> Found:
        """Return what was found; `bound` is that of the problem's own objective."""
        if solved.values is None:
            return nothing(is_proven=solved.is_proven)
        size = len(self.columns)
        assignment = np.full(len(self.problem.weights), -1, dtype=np.int64)
        taken = solved.values[size : size + len(self.demand)] > 0
        assignment[self.demand[taken]] = self.place[taken]
        used = np.isin(self.columns, assignment) | np.isin(self.columns, self.problem.must)
        chosen = self.columns[used & (solved.values[:size] > 0)]
        return Found(chosen, bound, solved.is_proven, assignment)


def find_assigned(
    problem: SitingProblem, barred: Sequence[IntArray], seconds: float | None
) -> Found:
    """
    Return the best places and who is served where: ``cover``, ``fewest`` or ``median``.

    Parameters
    ----------
    problem : SitingProblem
        With capacities.
    barred, seconds
        As for `find_cover`.
    """
    town = Assigned.of(problem)
    rows = site_rows(problem, town.columns, barred)
    columns: FloatArray | float = 0.0
    pairs: FloatArray | float = 0.0
    if problem.objective == "cover":
        pairs = -town.weight
    elif problem.objective == "median":
        pairs = town.weight * town.walk
    else:
        columns = problem.price[town.columns]
    program = town.program(columns, pairs, rows, serves_all=problem.serves_all)
    solved = run(program, seconds=seconds)
    return town.read(solved, -solved.bound if problem.objective == "cover" else solved.bound)
