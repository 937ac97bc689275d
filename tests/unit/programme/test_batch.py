"""Batches: the best choice by hand, and by trying every choice there is."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import DataError
from programme.batch import BatchProblem, Status, choose, left_out, walk_down
from tests.examples import examples


def problem(costs, needs, *budgets, **more):
    return BatchProblem(np.array(costs), np.array(needs, dtype=float), budgets, **more)


def allowed(one, years):
    """Return whether a choice keeps every condition, said plainly."""
    for year, budget in enumerate(one.budgets):
        if sum(c for c, y in zip(one.costs, years, strict=True) if y == year) > budget:
            return False
    if any(years[work] < 0 for work in one.must) or any(years[work] >= 0 for work in one.never):
        return False
    return all(years[a] < 0 or 0 <= years[b] <= years[a] for a, b in one.requires)


def worth(one, years):
    """Return the need times the years left when it is met, and the cost."""
    left = len(one.budgets)
    done = [(n, y, c) for n, y, c in zip(one.needs, years, one.costs, strict=True) if y >= 0]
    return sum(n * (left - y) for n, y, _ in done), sum(c for *_, c in done)


def every(one):
    """Yield every choice that is allowed."""
    for years in product(range(-1, len(one.budgets)), repeat=len(one.costs)):
        if allowed(one, years):
            yield years


@st.composite
def problems(draw):
    n = draw(st.integers(1, 6))
    years = draw(st.integers(1, 3 if n < 5 else 2))
    works = st.integers(0, n - 1)
    never = draw(st.sets(works, max_size=2))
    must = draw(st.sets(works, max_size=2)) - never
    pairs = draw(st.sets(st.tuples(works, works), max_size=3))
    return BatchProblem(
        np.array(draw(st.lists(st.integers(0, 12), min_size=n, max_size=n))),
        np.array(draw(st.lists(st.integers(0, 9), min_size=n, max_size=n)), dtype=float),
        draw(st.lists(st.integers(0, 25), min_size=years, max_size=years)),
        requires=tuple((a, b) for a, b in sorted(pairs) if a > b),
        must=must,
        never=never,
    )


def test_two_middling_works_beat_the_one_at_the_top_of_the_list():
    one = problem([10, 6, 5], [100, 70, 60], 11)
    found = choose(one)
    assert (found.chosen, found.need, found.spent) == ([1, 2], 130.0, (11,))
    assert walk_down(one, [0, 1, 2]).need == 100.0


def test_of_equal_choices_the_cheapest_is_taken():
    assert choose(problem([7, 5, 5], [10, 10, 0], 7)).chosen == [1]


def test_a_budget_is_kept_to_the_yuan():
    """Together one yuan too much: 24,500,001 + 24,500,000 of 49,000,000."""
    one = problem([24_500_001, 24_500_000], [5, 5], 49_000_000)
    assert choose(one).chosen == [1]
    assert choose(problem([24_500_000, 24_500_000], [5, 5], 49_000_000)).chosen == [0, 1]


def test_the_greater_need_is_met_first():
    found = choose(problem([5, 5], [1, 9], 5, 5))
    assert list(found.years) == [1, 0]


def test_what_must_be_done_and_cannot_is_named_without_what_can():
    found = choose(problem([3, 9, 4], [1, 1, 1], 10, must={0, 1, 2}))
    assert found.status == Status.INFEASIBLE
    assert found.blocking in {(0, 1), (1, 2)}


def test_what_is_left_out_says_what_it_lacks_and_costs():
    one = problem([6, 6, 30], [10, 8, 50], 10)
    dear, small = left_out(one, choose(one), [2, 1])
    assert (small.work, small.short_yuan, small.loss) == (1, 2, 2.0)  # 4 left, 6 needed; 10 - 8
    assert (dear.work, dear.short_yuan, dear.loss) == (2, 26, np.inf)


@pytest.mark.parametrize(
    "more", [{"must": {3}}, {"never": {-1}}, {"requires": ((0, 9),)}, {"must": {0}, "never": {0}}]
)
def test_works_that_do_not_exist_or_contradict_are_refused(more):
    with pytest.raises(DataError):
        choose(problem([1, 2], [1, 1], 5, **more))


@pytest.mark.parametrize(
    "arguments", [([-1], [1], 5), ([1], [-1], 5), ([1], [np.nan], 5), ([1], [1, 2], 5), ([1], [1])]
)
def test_a_problem_without_sense_is_refused(arguments):
    with pytest.raises(DataError):
        problem(*arguments)


@examples(250)
@given(problems())
def test_nothing_is_better_than_what_is_chosen(one):
    found = choose(one)
    choices = [worth(one, years) for years in every(one)]
    if not choices:
        assert found.status == Status.INFEASIBLE
        return
    best = max(choices, key=lambda pair: (pair[0], -pair[1]))
    assert allowed(one, found.years.tolist())
    assert worth(one, found.years.tolist()) == pytest.approx(best)
    assert found.bound == pytest.approx(found.value)


@examples(50)
@given(problems(), st.randoms())
def test_the_choice_is_never_worse_than_the_list(one, random):
    order = list(range(len(one.costs)))
    random.shuffle(order)
    walked = walk_down(one, order)
    found = choose(one)
    if found.status != Status.INFEASIBLE and set(one.must) <= set(walked.chosen):
        assert found.value >= walked.value - 1e-9


@examples(50)
@given(problems(), st.integers(0, 10))
def test_more_money_never_meets_less(one, more):
    richer = replace(one, budgets=[budget + more for budget in one.budgets])
    assert choose(richer).value >= choose(one).value - 1e-9


@pytest.mark.slow
def test_two_thousand_random_cases_equal_every_choice_tried():
    random = np.random.default_rng(2023)
    for _ in range(2000):
        n, years = int(random.integers(1, 7)), int(random.integers(1, 3))
        must = set(random.choice(n, size=random.integers(0, 2)).tolist())
        one = BatchProblem(
            random.integers(0, 12, n),
            random.integers(0, 9, n).astype(float),
            random.integers(0, 25, years).tolist(),
            requires=tuple((a, a - 1) for a in range(1, n) if random.random() < 0.2),
            must=must,
            never=set(random.choice(n, size=random.integers(0, 2)).tolist()) - must,
        )
        found, choices = choose(one), [worth(one, years) for years in every(one)]
        if choices:
            best = max(choices, key=lambda pair: (pair[0], -pair[1]))
            assert worth(one, found.years.tolist()) == pytest.approx(best)
        else:
            assert found.status == Status.INFEASIBLE
