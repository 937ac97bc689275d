"""Siting against brute force: every subset of places, and every way to share them, is tried."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from siting import SitingProblem, curve, near_equal, relaxations, solve
from siting.solver.solving import find

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
    assert tuple(found.chosen.tolist()) in subsets(problem)
    served = tuple(found.assignment.tolist())
    if problem.is_capacitated:
        assert served in set(sharings(problem, tuple(found.chosen.tolist())))
    assert value(problem, tuple(found.chosen.tolist()), served) == pytest.approx(best)
    named = {reason.demand for reason in found.reasons}
    if problem.objective == "cover":
        assert named == {i for i, j in enumerate(served) if j < 0}


@pytest.mark.slow
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_answer_is_that_of_brute_force(objective):
    for seed in QUICK:
        agrees(problem_of(seed, objective))


@pytest.mark.slow
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_bound_that_a_model_proves_is_the_best_of_brute_force(objective):
    for seed in QUICK:
        problem = problem_of(seed, objective)
        best = brute_force(problem)
        if best is not None:
            bound = abs(best[0]) if best else 0.0  # the longest walk of nobody
            assert find(problem).bound == pytest.approx(bound, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_without_any_time_no_answer_beats_the_bound_and_nothing_false_is_proven(objective):
    ended = set()
    for seed in QUICK:
        problem = problem_of(seed, objective)
        best, found = brute_force(problem), solve(problem, seconds=0.0)
        ended.add(found.status)
        if found.status == "infeasible":
            assert best is None
        elif found.status != "unknown" and best:
            better = 1 if objective == "cover" else -1
            assert better * found.bound >= better * abs(best[0]) - 1e-5
            assert better * found.objective <= better * abs(best[0]) + 1e-5
    assert ended & {"feasible", "unknown"}


@pytest.mark.slow
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_three_thousand_answers_are_those_of_brute_force(objective):
    for seed in ALL:
        agrees(problem_of(seed, objective))


SOME = [problem_of(seed, objective) for seed in range(5000, 5040) for objective in OBJECTIVES]


@pytest.mark.slow
def test_what_a_relaxation_says_is_enough_and_nothing_less_is():
    seen = set()
    for given in SOME:
        problem = replace(given, objective="fewest", must=())
        for relaxation in relaxations(problem):
            seen.add(relaxation.what)
            assert brute_force(problem) is None
            assert relaxation.more > 0
            if relaxation.what != "capacity":
                enough = replace(problem, **{relaxation.what: whole(relaxation.needed)})
                less = replace(problem, **{relaxation.what: whole(relaxation.needed) - 1})
                assert brute_force(enough) is not None
                assert brute_force(less) is None
    assert seen == {"limit", "new", "capacity", "budget"}


def whole(number: float) -> int:
    """Return a number that is whole, as all of these problems are."""
    assert number == int(number)
    return int(number)


@pytest.mark.slow
def test_the_capacity_that_is_short_is_what_brute_force_needs():
    short = 0
    for given in SOME:
        problem = replace(given, objective="fewest", must=())
        named = {r.what: r.more for r in relaxations(problem)}
        if "capacity" in named:
            short += 1
            assert named["capacity"] == pytest.approx(least_more_capacity(problem))
    assert short


def least_more_capacity(problem: SitingProblem) -> float:
    """Return the least overload over every way to serve all, capacities apart."""
    unbounded = replace(problem, capacity=np.full(problem.costs.shape[1], 1e6))
    loads = (
        sum(
            max(0.0, sum(w for w, k in zip(problem.weights, served, strict=True) if k == j) - cap)
            for j, cap in enumerate(problem.capacities)
        )
        for chosen in subsets(problem)
        for served in sharings(unbounded, chosen)
        if min(served, default=0) >= 0
    )
    return min(loads)


@pytest.mark.slow
def test_a_demand_without_any_place_in_reach_is_named_with_the_nearest():
    named = 0
    for problem in SOME:
        for reason in solve(problem).reasons:
            if reason.code != "no_candidate":
                continue
            named += 1
            never = set(problem.never) - set(problem.kept)
            usable = [j for j in range(problem.costs.shape[1]) if j not in never]
            walks = [problem.costs[reason.demand, j] for j in usable]
            assert reason.found == min(walks, default=np.inf)
            assert reason.found > problem.reach or np.isinf(reason.found)
    assert named > 20


def test_one_place_more_never_covers_less_and_more_money_is_never_worse():
    for problem in (p for p in SOME if p.objective == "cover" and p.new is not None):
        found = solve(problem)
        if found.status == "infeasible":
            continue
        assert solve(replace(problem, new=problem.new + 1)).objective >= found.objective
        if problem.budget is not None:
            richer = replace(problem, budget=problem.budget + 1)
            assert solve(richer).objective >= found.objective


@pytest.mark.slow
def test_the_order_of_candidates_does_not_change_the_objective():
    for number, problem in enumerate(SOME):
        order = np.random.default_rng(number).permutation(problem.costs.shape[1])
        place = np.argsort(order)
        turned = replace(
            problem,
            costs=problem.costs[:, order],
            capacity=problem.capacities[order],
            prices=problem.price[order],
            **{name: place[getattr(problem, name)] for name in ("kept", "must", "never")},
        )
        assert solve(turned).objective == pytest.approx(solve(problem).objective, nan_ok=True)


@pytest.mark.slow
def test_no_place_of_an_answer_can_be_left_out_or_exchanged_for_a_lower_one():
    for problem in (p for p in SOME if not p.is_capacitated):
        found = solve(problem)
        if found.status == "infeasible":
            continue
        best = brute_force(problem)
        chosen = set(found.chosen.tolist())
        for other in subsets(problem):
            served = next(sharings(problem, other))
            if value(problem, other, served) == best:
                assert not set(other) < chosen
                gone, come = chosen - set(other), set(other) - chosen
                if len(gone) == len(come) == 1:
                    assert min(come) > min(gone)


def test_further_answers_are_each_without_a_place_of_those_before():
    problem = SitingProblem(np.array([[1.0, 1, 9, 2], [9, 2, 1, 1]]), new=1, limit=2)
    answers = near_equal(problem, most=4)
    assert [answer.chosen.tolist() for answer in answers] == [[1], [3]]
    assert [answer.objective for answer in answers] == [2, 2]


def test_the_curve_says_what_each_number_of_places_would_reach():
    walks = np.array([[1.0, 9, 9], [9, 1, 9], [9, 9, 1]])
    problem = SitingProblem(walks, [5, 3, 1], limit=2, objective="fewest")
    assert [answer.objective for answer in curve(problem, 4)] == [5, 8, 9, 9]
    assert curve(problem, 4)[-1].chosen.tolist() == [0, 1, 2]


def test_a_walk_that_is_missing_is_refused():
    with pytest.raises(ValueError, match="negative or missing walk"):
        SitingProblem(np.array([[np.nan]]), limit=1)
