"""
Batches: which works are done in which year, so that the most need is met under the money.

Chosen exactly, by HiGHS, with the bound that it proved: not by walking down a list, which
`walk_down` does for comparison. Money is whole yuan: a choice one yuan above a budget is none.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from geo.arrays import FloatArray, IntArray
from geo.errors import DataError

_MOST_CUTS = 1000
_HALF = 0.5


class Status(StrEnum):
    """How the search ended."""

    OPTIMAL = "optimal"
    LIMIT = "limit"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, slots=True, eq=False)
class BatchProblem:
    """
    n works to choose from, and the money of each of t years.

    Attributes
    ----------
    costs : ndarray of int64, shape (n,)
        Yuan, not negative.
    needs : ndarray of float64, shape (n,)
        Household-gaps closed by each, not negative.
    budgets : sequence of int, t years
        Yuan of each year; what is left of one year is not there in the next.
    requires : sequence of (int, int)
        (a, b): a is done only where b is, in the same year or before.
    must, never : collection of int
        Works that are done whatever they cost, and works that are not.
    """

    costs: IntArray
    needs: FloatArray
    budgets: Sequence[int]
    requires: Sequence[tuple[int, int]] = ()
    must: Collection[int] = ()
    never: Collection[int] = ()

    def __post_init__(self) -> None:
        """Check what can be checked without solving."""
        n = len(self.costs)
        named = [*self.must, *self.never, *(one for pair in self.requires for one in pair)]
        wrong = [one for one in named if not 0 <= one < n]
        is_number = np.isfinite(self.needs).all() and (self.needs >= 0).all()
        if wrong or len(self.needs) != n or (np.asarray(self.costs) < 0).any() or not is_number:
            raise DataError(
                f"batch: expected {n} costs and needs, none negative, and works of 0 to {n - 1}",
                f"批次：应有 {n} 个不为负的费用和需求，项目编号为 0 至 {n - 1}",
            )
        if not len(self.budgets) or min(self.budgets) < 0:
            raise DataError(
                f"batch: budgets {list(self.budgets)}: expected one or more, none negative",
                f"批次：预算 {list(self.budgets)} 应有一个或多个，且不为负",
            )


@dataclass(frozen=True, slots=True)
class Out:
    """
    Why a work is not chosen.

    Attributes
    ----------
    work : int
        Which.
    short_yuan : int
        What the year with most money left lacks for it; 0 where money is not what it lacks.
    loss : float
        Need that would go unmet if it had to be chosen; inf where it cannot be.
    """

    work: int
    short_yuan: int
    loss: float


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """
    What is chosen.

    Attributes
    ----------
    years : ndarray of int64, shape (n,)
        Year of each work, from 0; -1 where it is not done.
    status : Status
        `INFEASIBLE`: what must be done cannot be, see `blocking`.
    need : float
        Need met.
    value : float
        What was made as large as possible: the need met times the years left when it is met, so
        that with one year it is `need`.
    bound : float
        No choice has a larger value.
    spent : tuple of int
        Yuan of each year.
    blocking : tuple of int
        Works of `must` that cannot all be done, none of which is to spare; () if they can.
    """

    years: IntArray
    status: Status
    need: float = 0.0
    value: float = 0.0
    bound: float = 0.0
    spent: tuple[int, ...] = ()
    blocking: tuple[int, ...] = ()

    @property
    def chosen(self) -> list[int]:
        """The works that are done, in order."""
        return [int(work) for work in np.flatnonzero(self.years >= 0)]

    @property
    def gap(self) -> float:
        """How far the value may be from the best, as a share of the bound."""
        return (self.bound - self.value) / self.bound if self.bound > 0 else 0.0


def choose(problem: BatchProblem, *, seconds: float = 60.0) -> Batch:
    """
    Return the works that meet the most need, the cheapest of equal choices.

    Parameters
    ----------
    problem : BatchProblem
        Works, money and conditions.
    seconds : float, default 60
        Time limit of each search; the bound says how good the choice is then.

    Raises
    ------
    DataError
        If a work that must be done is one that must not.
    """
    both = set(problem.must) & set(problem.never)
    if both:
        raise DataError(
            f"batch: works {sorted(both)} both must and must not be done",
            f"批次：项目 {sorted(both)} 既要求列入又要求排除",
        )
    found = _Search(problem, seconds).best()
    if found is None:
        none = np.full(len(problem.costs), -1, dtype=np.int64)
        return Batch(none, Status.INFEASIBLE, blocking=_blocking(problem, seconds))
    return found


def walk_down(problem: BatchProblem, order: Sequence[int]) -> Batch:
    """
    Return what walking down a list chooses: each work in the first year that still has the money.

    Works that must be done come first; one whose requirements are not met yet is passed over.

    Parameters
    ----------
    problem : BatchProblem
        Works, money and conditions.
    order : sequence of int
        The list, the first first.
    """
    years = np.full(len(problem.costs), -1, dtype=np.int64)
    left = list(problem.budgets)
    needed = {a: [b for one, b in problem.requires if one == a] for a, _ in problem.requires}
    must, never = set(problem.must), set(problem.never)
    asked = [one for one in order if one not in never - must]
    queue = sorted(asked, key=lambda one: one not in must)  # stable: the list's order within both
    for work in queue:
        before = [int(years[one]) for one in needed.get(work, ())]
        if any(year < 0 for year in before):
            continue
        for year in range(max(before, default=0), len(left)):
            if problem.costs[work] <= left[year]:
                years[work], left[year] = year, left[year] - int(problem.costs[work])
                break
    return _batch(problem, years, Status.LIMIT, np.inf)


def left_out(
    problem: BatchProblem, batch: Batch, works: Collection[int], *, seconds: float = 60.0
) -> list[Out]:
    """
    Return what works that are left out lack, and what having to choose each would cost.

    Parameters
    ----------
    problem : BatchProblem
        What was solved.
    batch : Batch
        Its best choice.
    works : collection of int
        Works that it does not choose and that are not among `never`.
    seconds : float, default 60
        Time limit of each search.
    """
    most_left = max(b - s for b, s in zip(problem.budgets, batch.spent, strict=True))
    outs = []
    for work in works:
        forced = choose(replace(problem, must={*problem.must, work}), seconds=seconds)
        loss = np.inf if forced.status == Status.INFEASIBLE else batch.need - forced.need
        short = max(0, int(problem.costs[work]) - most_left)
        outs.append(Out(work, short, float(loss)))
    return outs


def _batch(problem: BatchProblem, years: IntArray, status: Status, bound: float) -> Batch:
    """Return a choice with what it meets and costs."""
    done = years >= 0
    weights = len(problem.budgets) - years
    costs = np.asarray(problem.costs, dtype=np.int64)
    spent = tuple(int(costs[years == year].sum()) for year in range(len(problem.budgets)))
    value = float((problem.needs * weights)[done].sum())
    need = float(problem.needs[done].sum())
    return Batch(
        years, status, need, value, max(value, bound) if np.isfinite(bound) else value, spent
    )


def _blocking(problem: BatchProblem, seconds: float) -> tuple[int, ...]:
    """Return works that must be done and cannot all be, none of them to spare."""
    kept = sorted(problem.must)
    for work in sorted(problem.must):
        fewer = [one for one in kept if one != work]
        if _Search(replace(problem, must=fewer), seconds).best() is None:
            kept = fewer
    return tuple(kept)


@dataclass
class _Search:
    """The problem as HiGHS takes it: one 0/1 variable for each work and year, in that order."""

    problem: BatchProblem
    seconds: float
    cuts: list[LinearConstraint] = field(default_factory=list)

    def best(self) -> Batch | None:
        """Return the choice of greatest value, of those the cheapest; None if there is none."""
        weights = np.arange(self.years, 0, -1, dtype=np.float64)
        values = np.outer(self.problem.needs, weights).reshape(-1)
        first = self._solve(-values, [])
        if first is None:
            return None
        years, status, bound = first
        best = _batch(self.problem, years, status, -bound)
        if status != Status.OPTIMAL:
            return best
        costs = np.repeat(np.asarray(self.problem.costs, dtype=np.float64), self.years)
        slack = 1e-9 * max(1.0, best.value)
        as_good = LinearConstraint(csr_array(values[None, :]), lb=best.value - slack)
        cheaper = self._solve(costs, [as_good])
        if cheaper is not None:
            other = _batch(self.problem, cheaper[0], status, -bound)
            if other.value >= best.value - slack and sum(other.spent) < sum(best.spent):
                return other
        return best

    @property
    def years(self) -> int:
        """Number of years."""
        return len(self.problem.budgets)

    def _solve(
        self, objective: FloatArray, more: list[LinearConstraint]
    ) -> tuple[IntArray, Status, float] | None:
        """Return the years of the works, how the search ended, and the bound of the objective."""
        for _ in range(_MOST_CUTS):
            found = milp(
                objective,
                integrality=np.ones(len(objective), dtype=np.int64),
                bounds=self._bounds(),
                constraints=[*self._constraints(), *self.cuts, *more],
                options={"mip_rel_gap": 0.0, "time_limit": self.seconds},
            )
            if found.x is None:
                return None
            years = self._years_of(found.x)
            if self._is_within(years):
                status = Status.OPTIMAL if found.status == 0 else Status.LIMIT
                return years, status, float(found.mip_dual_bound)
        return None

    def _years_of(self, x: FloatArray) -> IntArray:
        done = x.reshape(-1, self.years) > _HALF
        return np.where(done.any(axis=1), done.argmax(axis=1), -1).astype(np.int64)

    def _is_within(self, years: IntArray) -> bool:
        """Return whether the money is enough to the yuan; add a cut where rounding hid it."""
        costs, is_within = np.asarray(self.problem.costs, dtype=np.int64), True
        for year, budget in enumerate(self.problem.budgets):
            works = np.flatnonzero(years == year)
            if costs[works].sum() > budget:
                row = np.zeros(len(costs) * self.years)
                row[works * self.years + year] = 1.0
                self.cuts.append(LinearConstraint(csr_array(row[None, :]), ub=len(works) - 1))
                is_within = False
        return is_within

    def _bounds(self) -> Bounds:
        most = np.ones((len(self.problem.costs), self.years))
        most[list(self.problem.never)] = 0.0
        return Bounds(0.0, most.reshape(-1))

    def _constraints(self) -> list[LinearConstraint]:
        n, t, problem = len(self.problem.costs), self.years, self.problem
        works, years = np.divmod(np.arange(n * t), t)
        once = csr_array((np.ones(n * t), (works, np.arange(n * t))), shape=(n, n * t))
        least = np.zeros(n)
        least[list(problem.must)] = 1.0
        costs = np.asarray(problem.costs, dtype=np.float64)[works]
        money = csr_array((costs, (years, np.arange(n * t))), shape=(t, n * t))
        found = [
            LinearConstraint(once, lb=least, ub=1.0),
            LinearConstraint(money, ub=np.asarray(problem.budgets, dtype=np.float64)),
        ]
        if problem.requires:
            found.append(LinearConstraint(self._order(), ub=0.0))
        return found

    def _order(self) -> csr_array:
        """Return rows that say: by each year, a is done only if b is by that year."""
        t, rows = self.years, len(self.problem.requires) * self.years
        table = np.zeros((rows, len(self.problem.costs) * t))
        for place, (a, b) in enumerate(self.problem.requires):
            for year in range(t):
                table[place * t + year, a * t : a * t + year + 1] += 1.0
                table[place * t + year, b * t : b * t + year + 1] -= 1.0
        return csr_array(table)
