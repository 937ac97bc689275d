"""Relaxing: what must give way, alone and by how little, so that every demand is served."""

from dataclasses import replace

import numpy as np

from geo.arrays import FloatArray
from siting.solver.answer import Relaxation
from siting.solver.assigned import Assigned
from siting.solver.feasible import can_serve_all, least_limit
from siting.solver.fewest import covering_program
from siting.solver.milp import run
from siting.solver.problem import SitingProblem
from siting.solver.sites import site_rows


def relaxations(problem: SitingProblem) -> tuple[Relaxation, ...]:
    """
    Return for each requirement the least value that lets every demand be served.

    A requirement is left out where it was not made, or where changing it alone does not help.
    Nothing is returned for a problem whose demands can all be served.

    Parameters
    ----------
    problem : SitingProblem
        With any objective; a limit counts with those that limit walks.
    """
    if can_serve_all(problem):
        return ()
    found = [_limit(problem), _number(problem), _capacity(problem), _budget(problem)]
    return tuple(relaxation for relaxation in found if relaxation is not None)


def _limit(problem: SitingProblem) -> Relaxation | None:
    if not np.isfinite(problem.reach):
        return None
    needed = least_limit(problem)
    return None if needed is None else Relaxation("limit", needed, needed - problem.reach)


def _number(problem: SitingProblem) -> Relaxation | None:
    if problem.new is None:
        return None
    needed = _least(replace(problem, new=None), np.ones(problem.costs.shape[1]))
    return None if needed is None else Relaxation("new", needed, needed - problem.new)


def _budget(problem: SitingProblem) -> Relaxation | None:
    if problem.budget is None:
        return None
    needed = _least(replace(problem, budget=None), problem.price)
    return None if needed is None else Relaxation("budget", needed, needed - problem.budget)


def _capacity(problem: SitingProblem) -> Relaxation | None:
    if not problem.is_capacitated:
        return None
    pairs = Assigned.of(replace(problem, capacity=None))
    town = replace(pairs, problem=problem)
    rows, places = site_rows(problem, town.columns), len(problem.usable)
    solved = run(town.program(0.0, 0.0, rows, serves_all=True, slack=places))
    if solved.values is None:
        return None
    more = float(solved.values[-places:].sum())
    capacity = problem.capacities[problem.usable]
    return Relaxation("capacity", float(capacity[np.isfinite(capacity)].sum()) + more, more)


def _least(problem: SitingProblem, coefficients: FloatArray) -> float | None:
    """Return the least sum of coefficients, shape (m,), over columns with which all are served."""
    if problem.is_capacitated:
        town = Assigned.of(problem)
        rows = site_rows(problem, town.columns)
        solved = run(town.program(coefficients[town.columns], 0.0, rows, serves_all=True))
        columns = town.columns
    else:
        coverage, program = covering_program(problem, (), is_reduced=True)
        columns = coverage.columns
        solved = run(replace(program, objective=coefficients[columns]))
    if solved.values is None:
        return None
    return float(coefficients[columns] @ solved.values[: len(columns)])
