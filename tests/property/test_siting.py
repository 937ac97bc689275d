"""Siting against brute force: every subset of places, and every way to share them, is tried."""

from itertools import combinations, product

import numpy as np
import pytest

from siting import SitingProblem, solve

OBJECTIVES = ("cover", "fewest", "median", "equity")
QUICK, ALL = range(75), range(75, 3000)


def problem_of(seed: int, objective: str) -> SitingProblem:
    """Return a random small problem; every requirement is made in some of them."""
    random = np.random.default_rng([seed, OBJECTIVES.index(objective)])
    n, m = int(random.integers(1, 6)), int(random.integers(1, 7))
    costs = random.integers(0, 12, (n, m)).astype(float)
    costs[random.random((n, m)) < random.choice([0.0, 0.2, 0.5])] = np.inf

    def some(value: object, share: float = 0.35) -> object:
        return value if random.random() < share else None

    def columns(share: float) -> list[int]:
        return np.flatnonzero(random.random(m) < share).tolist() if random.random() < 0.4 else []

    return SitingProblem(
        costs,
        weights=random.integers(0, 9, n).astype(float),
        new=some(int(random.integers(0, 5)), 0.7),
        limit=float(random.integers(0, 10)),
        objective=objective,
        kept=columns(0.25),
        capacity=some(random.choice([2.0, 5.0, 9.0, 20.0, np.inf], m)),
        budget=some(float(random.integers(0, 12))),
        must=columns(0.2),
        never=columns(0.25),
        prices=some(random.integers(0, 6, m).astype(float), 0.6),
    )


def subsets(problem: SitingProblem) -> list[tuple[int, ...]]:
    """Return every set of new places that number, budget, must and never allow."""
    kept, never, must = (set(map(int, getattr(problem, x))) for x in ("kept", "never", "must"))
    free = [j for j in range(problem.costs.shape[1]) if j not in kept | never]
    price = problem.price
    return [
        chosen
        for size in range(len(free) + 1)
        for chosen in combinations(free, size)
        if (problem.new is None or size <= problem.new)
        and (problem.budget is None or price[list(chosen)].sum() <= problem.budget)
        and must <= kept | set(chosen)
    ]


def sharings(problem: SitingProblem, chosen: tuple[int, ...]):
    """Yield every way to serve each demand by one open place, or by none (-1), within capacity."""
    places = [*map(int, problem.kept), *chosen]
    options = [
        [-1, *(j for j in places if np.isfinite(row[j]) and row[j] <= problem.reach)]
        for row in problem.costs
    ]
    if not problem.is_capacitated:  # the nearest is never worse
        options = [
            [min(o, key=lambda j, r=row: (np.inf if j < 0 else r[j], j))]
            for o, row in zip(options, problem.costs, strict=True)
        ]
    for served in product(*options):
        load = np.zeros(problem.costs.shape[1])
        for i, j in enumerate(served):
            if j >= 0:
                load[j] += problem.weights[i]
        if (load <= problem.capacities).all():
            yield served


def value(problem: SitingProblem, chosen: tuple[int, ...], served: tuple[int, ...]):
    """Return what is minimised, None where a demand is left out that must not be."""
    if problem.objective == "cover":
        return (-sum(w for w, j in zip(problem.weights, served, strict=True) if j >= 0),)
    if min(served, default=0) < 0:
        return None
    if problem.objective == "fewest":
        return (float(problem.price[list(chosen)].sum()),)
    walks = [problem.costs[i, j] for i, j in enumerate(served)]
    if problem.objective == "median":
        return (float(problem.weights @ walks),)
    return tuple(sorted(walks, reverse=True))


def brute_force(problem: SitingProblem):
    """Return the best value, None if there is no answer."""
    values = [
        found
        for chosen in subsets(problem)
        for served in sharings(problem, chosen)
        if (found := value(problem, chosen, served)) is not None
    ]
    return min(values, default=None)


def agrees(problem: SitingProblem) -> None:
    """Hold the solver's answer against brute force, and its own words."""
    best, found = brute_force(problem), solve(problem)
    if best is None:
        assert found.status == "infeasible"
        assert found.reasons
        assert not len(found.chosen)
        return
    assert found.status == "optimal"
    assert found.gap == 0
    assert found.bound == found.objective
    assert tuple(found.chosen.tolist()) in subsets(problem)
    served = tuple(found.assignment.tolist())
    if problem.is_capacitated:
        assert served in set(sharings(problem, tuple(found.chosen.tolist())))
    assert value(problem, tuple(found.chosen.tolist()), served) == pytest.approx(best)
    named = {reason.demand for reason in found.reasons}
    if problem.objective == "cover":
        assert named == {i for i, j in enumerate(served) if j < 0}


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_answer_is_that_of_brute_force(objective):
    for seed in QUICK:
        agrees(problem_of(seed, objective))


@pytest.mark.slow
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_three_thousand_answers_are_those_of_brute_force(objective):
    for seed in ALL:
        agrees(problem_of(seed, objective))
