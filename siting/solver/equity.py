"""
Equity: the walks of all demands in descending order, the least in lexicographic order.

The longest walk is made as short as it can be; among the answers that do so, as few demands as can
be walk that far; then the same of the next longest walk, and so on. Of each walk v, from the
longest on, it is minimised how many demands walk v or more; the next v at which another answer can
be better is always a walk of the answer at hand.

Ogryczak, W. (1997). On the lexicographic minimax approach to location problems. European Journal of
Operational Research 100, 566-585.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from geo.arrays import FloatArray, IntArray
from siting.solver.answer import Found, nothing
from siting.solver.assigned import Assigned
from siting.solver.coverage import Coverage
from siting.solver.feasible import least_limit
from siting.solver.fewest import covering_program
from siting.solver.milp import Milp, Rows, run
from siting.solver.problem import SitingProblem
from siting.solver.sites import site_rows


@dataclass(frozen=True, slots=True)
class _Level:
    """How few demands can walk `walk_m` or more, longer walks being as few as they can be."""

    walk_m: float
    count: int


def find_equity(problem: SitingProblem, barred: Sequence[IntArray], seconds: float | None) -> Found:
    """
    Return the places whose walks are the least in lexicographic order, the longest first.

    Parameters
    ----------
    problem : SitingProblem
        With a way from every demand to some usable place.
    barred, seconds
        As for `find_cover`.
    """
    longest = least_limit(problem, barred, seconds)
    if longest is None:
        return nothing(is_proven=seconds is None)
    served = replace(problem, objective="fewest", limit=longest)
    best = _least(served, barred, [], longest, seconds)
    levels: list[_Level] = []
    level = longest
    while best.chosen is not None:
        walk = _walks(problem, best)
        count = int((walk >= level).sum())
        shorter = walk[walk < level]
        if not best.is_proven or not len(shorter):
            break
        # Between its walks this answer is as good as any: no more may walk farther than `level`.
        level = float(shorter.max())
        levels.append(_Level(float(np.nextafter(level, np.inf)), count))
        if _is_only(served, barred, levels, best):
            break
        better = _least(served, barred, levels, level, seconds)
        best = better if better.chosen is not None else replace(best, is_proven=False)
    return replace(best, bound=longest if seconds is None else _bound(problem))


def _bound(problem: SitingProblem) -> float:
    """Return the walk [m] of the demand that is farthest from every usable place."""
    return float(problem.costs[:, problem.usable].min(axis=1, initial=np.inf).max(initial=0.0))


def _walks(problem: SitingProblem, found: Found) -> FloatArray:
    """Return the walk of each demand [m], shape (n,)."""
    if found.assignment is not None:
        return problem.walk_to(found.assignment)
    assert found.chosen is not None  # noqa: S101 - asked only of answers
    return problem.walk(found.chosen)


def _least(
    problem: SitingProblem,
    barred: Sequence[IntArray],
    levels: Sequence[_Level],
    walk_m: float,
    seconds: float | None,
) -> Found:
    """Return an answer in which the fewest demands walk `walk_m` or more, `levels` being kept."""
    if problem.is_capacitated:
        town = Assigned.of(problem)
        size = len(town.columns)
        kept = [
            Rows.one(np.append(np.zeros(size), town.walk >= level.walk_m), high=level.count)
            for level in levels
        ]
        rows = [*site_rows(problem, town.columns, barred), *kept]
        target = (town.walk >= walk_m).astype(np.float64)
        return town.read(
            run(town.program(0.0, target, rows, serves_all=True), seconds=seconds), 0.0
        )
    coverage, program = _covering(problem, barred, levels, walk_m)
    solved = run(program, seconds=seconds)
    if solved.values is None:
        return nothing(is_proven=solved.is_proven)
    return Found(
        coverage.columns[solved.values[: len(coverage.columns)] > 0], 0.0, solved.is_proven
    )


def _covering(
    problem: SitingProblem,
    barred: Sequence[IntArray],
    levels: Sequence[_Level],
    target_m: float | None,
) -> tuple[Coverage, Milp]:
    """Return the program that keeps levels, without capacities; a variable a group and level."""
    coverage, program = covering_program(problem, barred, is_reduced=False)
    size = len(coverage.columns)
    rows, objective = list(program.rows), [np.zeros(size)]
    wanted = [] if target_m is None else [_Level(target_m, len(problem.weights))]
    for level in [*levels, *wanted]:
        waiting = problem.kept_walk >= level.walk_m
        nearer = problem.costs[:, coverage.columns][waiting] < level.walk_m
        groups = Coverage.of(nearer, coverage.columns, np.ones(waiting.sum()))
        rows += _block(groups, sum(map(len, objective)), int(waiting.sum()) - level.count)
        objective.append(-groups.weights * (level.walk_m == target_m))
    cost = np.concatenate(objective)
    low, high = (
        np.append(bound, np.full(len(cost) - size, value))
        for bound, value in ((program.low, 0.0), (program.high, 1.0))
    )
    return coverage, Milp(cost, low, high, np.arange(len(cost)) < size, rows)


def _block(groups: Coverage, first: int, least: int) -> list[Rows]:
    """Return that groups are nearer only by a chosen column, and that `least` demands are."""
    count = groups.covers.shape[0]
    covered = groups.covers.tocoo()
    row, column = covered.coords
    each = np.arange(count)
    entries = (
        np.concatenate([row, each]),
        np.concatenate([column, first + each]),
        np.concatenate([-covered.data, np.ones(count)]),
    )
    total = np.concatenate([np.zeros(first), groups.weights])
    return [
        Rows.of(entries, (count, first + count), -np.inf, 0.0),
        Rows.one(total, low=float(least)),
    ]


def _is_only(
    problem: SitingProblem, barred: Sequence[IntArray], levels: Sequence[_Level], best: Found
) -> bool:
    """
    Return whether no other places keep the levels, asked after 1, 2, 4, 8 ... of them.

    Others are those with a place beyond the answer at hand: one place less never shortens a walk.
    """
    if problem.is_capacitated or len(levels) & (len(levels) - 1) or best.chosen is None:
        return False
    coverage, program = _covering(problem, barred, levels, None)
    others = Rows.one((~np.isin(coverage.columns, best.chosen)).astype(np.float64), low=1.0)
    return run(replace(program, rows=[*program.rows, others])).values is None
