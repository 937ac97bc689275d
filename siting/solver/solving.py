"""Solving: a problem in, the answer out; further answers, and what more places would reach."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from geo.arrays import IntArray
from siting.solver import reasons
from siting.solver.answer import Found, Reason, Siting, Status, gap_between
from siting.solver.assigned import find_assigned
from siting.solver.cover import find_cover
from siting.solver.equity import find_equity
from siting.solver.fewest import find_fewest
from siting.solver.median import find_median
from siting.solver.problem import SitingProblem
from siting.solver.ties import lowest_columns

_Finder: TypeAlias = Callable[[SitingProblem, Sequence[IntArray], float | None], Found]

_FINDERS: dict[str, _Finder] = {
    "cover": find_cover,
    "fewest": find_fewest,
    "median": find_median,
    "equity": find_equity,
}


def solve(problem: SitingProblem, *, seconds: float | None = None) -> Siting:
    """
    Return where the new places should stand.

    Parameters
    ----------
    problem : SitingProblem
        Demands, candidates and what is wanted.
    seconds : float, optional
        When each program is to stop with the best found so far; never by default, and then the
        answer is the same on every run.
    """
    return _solved(problem, (), seconds)


def near_equal(
    problem: SitingProblem, *, most: int = 3, within: float = 0.01, seconds: float | None = None
) -> tuple[Siting, ...]:
    """
    Return the best answers, the best first, each without some place of every one before it.

    Parameters
    ----------
    problem : SitingProblem
        Demands, candidates and what is wanted.
    most : int, default 3
        How many answers at most.
    within : float, default 0.01
        How much worse than the best the objective may be, as a share of it.
    seconds : float, optional
        As for `solve`, for each answer.
    """
    answers = [solve(problem, seconds=seconds)]
    best = answers[0].objective
    while len(answers) < most and len(answers[-1].chosen):
        other = _solved(problem, [answer.chosen for answer in answers], seconds)
        if not abs(other.objective - best) <= within * abs(best) + 1e-9:
            break
        answers.append(other)
    return tuple(answers)


def curve(problem: SitingProblem, most: int, *, seconds: float | None = None) -> tuple[Siting, ...]:
    """
    Return what 1, 2, ... `most` new places would reach.

    Parameters
    ----------
    problem : SitingProblem
        Its `new` plays no part; for ``fewest`` it is answered what weight they would cover.
    most : int
        The greatest number of new places.
    seconds : float, optional
        As for `solve`, for each answer.
    """
    objective = "cover" if problem.objective == "fewest" else problem.objective
    return tuple(
        solve(replace(problem, objective=objective, new=count), seconds=seconds)
        for count in range(1, most + 1)
    )


def find(
    problem: SitingProblem, barred: Sequence[IntArray] = (), seconds: float | None = None
) -> Found:
    """Return what the model of a problem finds, as for `find_cover`, with its own bound."""
    if problem.is_capacitated and problem.objective != "equity":
        return find_assigned(problem, barred, seconds)
    return _FINDERS[problem.objective](problem, barred, seconds)


def _solved(problem: SitingProblem, barred: Sequence[IntArray], seconds: float | None) -> Siting:
    """Return the best answer that leaves out a place of each of the former answers."""
    refused = reasons.conflicts(problem)
    if refused:
        return _none(problem, "infeasible", refused)
    lost = reasons.out_of_reach(problem) if problem.serves_all else []
    if lost:
        return _none(problem, "infeasible", [*lost, *reasons.shortages(problem, lost)])
    found = find(problem, barred, seconds)
    if found.chosen is None and not found.is_proven:
        return _none(problem, "unknown", [])
    if found.chosen is None:
        return _none(problem, "infeasible", [] if barred else reasons.shortages(problem, []))
    return _answer(problem, found, is_first=not barred)


def _none(problem: SitingProblem, status: Status, why: list[Reason]) -> Siting:
    """Return that there is no answer."""
    nobody = np.full(len(problem.weights), -1, dtype=np.int64)
    nan = float("nan")
    return Siting(np.empty(0, dtype=np.int64), nobody, nan, nan, nan, status, tuple(why))


def _answer(problem: SitingProblem, found: Found, *, is_first: bool) -> Siting:
    """Return what was found, with ties broken, as the answer."""
    assert found.chosen is not None  # noqa: S101 - checked by the caller
    chosen, assignment = found.chosen, found.assignment
    if assignment is None:
        chosen = lowest_columns(problem, chosen) if is_first else chosen
        assignment = _nearest(problem, chosen)
    objective = _objective(problem, chosen, assignment)
    bound = objective if found.is_proven else found.bound
    return Siting(
        chosen,
        assignment,
        objective,
        bound,
        gap_between(objective, bound),
        "optimal" if found.is_proven else "feasible",
        tuple(
            reasons.beyond_limit(problem, assignment)
            if problem.objective in {"median", "equity"}
            else reasons.unserved(problem, chosen, assignment)
        ),
    )


def _nearest(problem: SitingProblem, chosen: IntArray) -> IntArray:
    """Return the nearest place of each demand, the lowest of several; -1 beyond its reach."""
    places = np.union1d(problem.kept, chosen).astype(np.int64)
    if not len(places):
        return np.full(len(problem.weights), -1, dtype=np.int64)
    nearest = places[problem.costs[:, places].argmin(axis=1)]
    return np.where(problem.reaches(problem.walk_to(nearest)), nearest, -1).astype(np.int64)


def _objective(problem: SitingProblem, chosen: IntArray, assignment: IntArray) -> float:
    """Return the value of an answer."""
    if problem.objective == "fewest":
        return float(problem.price[chosen].sum())
    if problem.objective == "cover":
        return float(problem.weights[assignment >= 0].sum())
    walk = problem.walk_to(assignment)
    return float(problem.weights @ walk if problem.objective == "median" else walk.max(initial=0.0))
