"""
Median: the least sum of weight times walk (p-median), in the radius formulation.

A variable says of each demand and each distinct walk that no place is so near. Only walks up to
somewhat beyond those of a good answer have one: the program without the farther ones is a
relaxation, and where its answer needs a farther walk, that demand is given more of them.

Elloumi, S. (2010). A tighter formulation of the p-median problem. Journal of Combinatorial
Optimization 19, 69-83. Garcia, S., Labbe, M., and Marin, A. (2011). Solving large p-median problems
with a radius formulation. INFORMS Journal on Computing 23, 546-556.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.arrays import BoolArray, FloatArray, IntArray
from geo.runs import places_in_runs
from siting.solver.answer import Found, nothing
from siting.solver.interchange import good_median
from siting.solver.milp import Milp, Rows, run
from siting.solver.problem import SitingProblem
from siting.solver.sites import site_bounds, site_rows

_FURTHER = 3
"""How many walks longer than that of a good answer each demand has at first."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ladders:
    """
    The distinct walks of n demands, in ascending order, up to that to the nearest kept place.

    Attributes
    ----------
    walk : ndarray of float64, shape (l,)
        Walks [m], demand after demand.
    demand : ndarray of int64, shape (l,)
        Whose walk.
    rung : ndarray of int64, shape (l,)
        Its number within the demand, from 0.
    at : ndarray of int64, shape (e,)
        Rung (position in `walk`) of each entry: a column at exactly that walk.
    column : ndarray of int64, shape (e,)
        The column of each entry, counted within the selectable ones.
    count : ndarray of int64, shape (n,)
        Rungs of each demand.
    ends_kept : ndarray of bool, shape (n,)
        Whether the last rung is a kept place.
    """

    walk: FloatArray
    demand: IntArray
    rung: IntArray
    at: IntArray
    column: IntArray
    count: IntArray
    ends_kept: BoolArray

    @classmethod
    def of(cls, problem: SitingProblem) -> "_Ladders":
        """Return the walks of a problem in which every demand has one at least."""
        columns, kept = problem.selectable, problem.kept_walk
        walks = problem.costs[:, columns]
        demand, column = np.nonzero(np.isfinite(walks) & (walks < kept[:, None]))
        length = walks[demand, column]
        has_kept = np.flatnonzero(np.isfinite(kept))
        demand = np.concatenate([demand, has_kept])
        length = np.concatenate([length, kept[has_kept]])
        column = np.concatenate([column, np.full(len(has_kept), -1)])
        order = np.lexsort((length, demand))
        demand, length, column = demand[order], length[order], column[order]
        begins = np.ones(len(order), dtype=np.bool_)
        begins[1:] = (np.diff(demand) != 0) | (np.diff(length) != 0)
        at = np.cumsum(begins) - 1
        count = np.bincount(demand[begins], minlength=len(kept))
        real = column >= 0
        return cls(
            length[begins],
            demand[begins],
            places_in_runs(count),
            at[real],
            column[real],
            count,
            np.isfinite(kept),
        )


def find_median(problem: SitingProblem, barred: Sequence[IntArray], seconds: float | None) -> Found:
    """
    Return the places with the least sum of weight times walk, capacities apart.

    Parameters
    ----------
    problem : SitingProblem
        With a way from every demand to some usable place.
    barred, seconds
        As for `find_cover`.
    """
    ladders = _Ladders.of(problem)
    good = None if barred else good_median(problem)
    walk = problem.kept_walk if good is None else problem.walk(good)
    depth = _rungs_up_to(ladders, np.where(np.isfinite(walk), walk, -1.0)) + _FURTHER
    while True:
        depth = np.minimum(depth, ladders.count)
        town = _Truncated.of(problem, ladders, depth)
        start = None if good is None else town.values(problem, good)
        solved = run(town.program(problem, barred), start, seconds)
        if solved.values is None:
            return nothing(is_proven=solved.is_proven)
        chosen = problem.selectable[solved.values[: town.size] > 0]
        needed = _rungs_up_to(ladders, problem.walk(chosen))
        farther = needed > depth
        if not farther.any() or not solved.is_proven:
            bound = solved.bound + town.constant
            return Found(chosen, bound, solved.is_proven and not farther.any())
        depth = np.where(farther, np.maximum(needed, 2 * depth), depth)


def _rungs_up_to(ladders: _Ladders, walk: FloatArray) -> IntArray:
    """Return how many rungs of each demand are no longer than a walk [m], shape (n,)."""
    inside = ladders.walk <= walk[ladders.demand]
    return np.bincount(ladders.demand[inside], minlength=len(walk))


@dataclass(frozen=True, slots=True, eq=False)
class _Truncated:
    """
    The program on the first rungs of each demand.

    Attributes
    ----------
    ladders : _Ladders
        All rungs.
    size : int
        Variables of columns, before those of rungs.
    variable : ndarray of int64, shape (l,)
        Variable "no place on this rung or a lower one", -1 for none: beyond the depth, or where
        some place has to be, as the rung is the last.
    inside : ndarray of bool, shape (l,)
        Rungs within the depth.
    step : ndarray of float64, shape (l,)
        Weight times the distance to the next rung.
    constant : float
        Weight times the lowest rung, over all demands.
    """

    ladders: _Ladders
    size: int
    variable: IntArray
    inside: BoolArray
    step: FloatArray
    constant: float

    @classmethod
    def of(cls, problem: SitingProblem, ladders: _Ladders, depth: IntArray) -> "_Truncated":
        """Return the program of the first `depth` rungs of each demand, shape (n,)."""
        size = len(problem.selectable)
        is_last = ladders.rung == ladders.count[ladders.demand] - 1
        inside = ladders.rung < depth[ladders.demand]
        free = inside & ~is_last
        variable = np.where(free, size + np.cumsum(free) - 1, -1)
        step = problem.weights[ladders.demand] * np.append(np.diff(ladders.walk), 0.0)
        lowest = ladders.walk[ladders.rung == 0]
        constant = float(problem.weights[ladders.count > 0] @ lowest)
        return cls(ladders, size, variable, inside, step, constant)

    def program(self, problem: SitingProblem, barred: Sequence[IntArray]) -> Milp:
        """Return it in arrays."""
        free = self.variable >= 0
        low, high = site_bounds(problem, problem.selectable)
        rungs = int(free.sum())
        return Milp(
            objective=np.concatenate([np.zeros(self.size), self.step[free]]),
            low=np.concatenate([low, np.zeros(rungs)]),
            high=np.concatenate([high, np.ones(rungs)]),
            is_integer=np.arange(self.size + rungs) < self.size,
            rows=[self._rows(), *site_rows(problem, problem.selectable, barred)],
        )

    def _rows(self) -> Rows:
        """Return for each rung: no place up to here, or one on it, or none up to the one below."""
        ladders = self.ladders
        kept_last = ladders.ends_kept[ladders.demand] & (
            ladders.rung == ladders.count[ladders.demand] - 1
        )
        wanted = np.flatnonzero(self.inside & ~kept_last)
        row = np.full(len(self.inside), -1)
        row[wanted] = np.arange(len(wanted))
        here = wanted[self.variable[wanted] >= 0]
        above = wanted[ladders.rung[wanted] > 0]
        sited = row[ladders.at] >= 0
        entries = (
            np.concatenate([row[ladders.at[sited]], row[here], row[above]]),
            np.concatenate([ladders.column[sited], self.variable[here], self.variable[above - 1]]),
            np.concatenate([np.ones(sited.sum() + len(here)), -np.ones(len(above))]),
        )
        variables = self.size + int((self.variable >= 0).sum())
        low = (ladders.rung[wanted] == 0).astype(np.float64)
        return Rows.of(entries, (len(wanted), variables), low, np.inf)

    def values(self, problem: SitingProblem, chosen: IntArray) -> FloatArray:
        """Return the values of all variables for some chosen columns."""
        free = self.variable >= 0
        walk = problem.walk(chosen)[self.ladders.demand[free]]
        sites = np.isin(problem.selectable, chosen)
        return np.concatenate([sites, walk > self.ladders.walk[free]]).astype(np.float64)
