"""Why a demand is not served, and why a problem has no answer."""

from dataclasses import replace

import numpy as np

from geo.arrays import IntArray
from siting.solver.answer import Code, Reason
from siting.solver.problem import SitingProblem
from siting.solver.relaxing import relaxations


def conflicts(problem: SitingProblem) -> list[Reason]:
    """Return what `must` contradicts by itself: `never`, the number, the budget."""
    both = np.intersect1d(problem.demanded, problem.never)
    found = [Reason("must_never", candidate=column) for column in both.tolist()]
    if problem.new is not None and len(problem.demanded) > problem.new:
        found.append(Reason("new", found=problem.new, needed=len(problem.demanded)))
    price = float(problem.price[problem.demanded].sum())
    if problem.budget is not None and price > problem.budget + 1e-9:
        found.append(Reason("budget", found=problem.budget, needed=price))
    return found


def out_of_reach(problem: SitingProblem) -> list[Reason]:
    """Return why no place can serve some demands, whatever is chosen; by demand."""
    usable = problem.usable
    within = problem.within(usable)
    near = within.any(axis=1)
    found: list[Reason] = []
    if problem.is_capacitated:
        largest = np.where(within, problem.capacities[usable], -np.inf).max(axis=1, initial=-np.inf)
        large = np.flatnonzero(near & (problem.weights > largest + 1e-9))
        found = [
            Reason("capacity", row, found=float(largest[row]), needed=float(problem.weights[row]))
            for row in large.tolist()
        ]
    barred = np.setdiff1d(problem.never, problem.kept)
    blocked = problem.within(barred).any(axis=1)
    found += _nearest("never", problem, np.flatnonzero(~near & blocked), barred)
    found += _nearest("no_candidate", problem, np.flatnonzero(~near & ~blocked), usable)
    return sorted(found, key=lambda reason: reason.demand or 0)


def _nearest(code: Code, problem: SitingProblem, rows: IntArray, columns: IntArray) -> list[Reason]:
    """Return a reason a demand, with the nearest of some columns, none without a way to any."""
    walk = problem.costs[np.ix_(rows, columns)]
    found = walk.min(axis=1, initial=np.inf)
    at = walk.argmin(axis=1) if len(columns) else np.zeros(len(rows), dtype=np.int64)
    nearest = [
        int(columns[place]) if reached else None
        for place, reached in zip(at.tolist(), np.isfinite(found).tolist(), strict=True)
    ]
    needed = problem.reach if np.isfinite(problem.reach) else None
    return [
        Reason(code, row, candidate, length, needed)
        for row, candidate, length in zip(rows.tolist(), nearest, found.tolist(), strict=True)
    ]


def shortages(problem: SitingProblem, lost: list[Reason]) -> list[Reason]:
    """
    Return what is too scarce to serve the demands that a place can serve at all.

    Parameters
    ----------
    problem : SitingProblem
        Without an answer.
    lost : list of Reason
        Demands that no place can serve.
    """
    rest = np.setdiff1d(np.arange(len(problem.weights)), [reason.demand for reason in lost])
    part = replace(problem, costs=problem.costs[rest], weights=problem.weights[rest])
    found = [r for r in relaxations(part) if r.what != "limit"]
    if found:
        return [Reason(r.what, found=r.needed - r.more, needed=r.needed) for r in found]
    return [] if lost else [Reason("together")]


def unserved(problem: SitingProblem, chosen: IntArray, assignment: IntArray) -> list[Reason]:
    """
    Return why some demands are not covered by an answer that need not serve all.

    Parameters
    ----------
    problem : SitingProblem
        Answered.
    chosen : ndarray of int64
        Columns of new places.
    assignment : ndarray of int64, shape (n,)
        Who is served by which column, -1 for none.
    """
    lost = out_of_reach(problem)
    waiting = assignment < 0
    waiting[[reason.demand for reason in lost if reason.demand is not None]] = False
    opened = np.union1d(problem.kept, chosen).astype(np.int64)
    full = problem.within(opened).any(axis=1)
    found = [
        *lost,
        *_nearest("full", problem, np.flatnonzero(waiting & full), opened),
        *_nearest("not_chosen", problem, np.flatnonzero(waiting & ~full), problem.selectable),
    ]
    return sorted(found, key=lambda reason: reason.demand or 0)


def beyond_limit(problem: SitingProblem, assignment: IntArray) -> list[Reason]:
    """Return the demands that walk farther than a limit that the objective does not forbid."""
    if problem.limit is None:
        return []
    walk = problem.walk_to(assignment)
    return [
        Reason("beyond_limit", row, int(assignment[row]), float(walk[row]), float(problem.limit))
        for row in np.flatnonzero(walk > problem.limit).tolist()
    ]
