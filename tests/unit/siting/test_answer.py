"""How far an answer is from its bound."""

import math

import pytest

from siting.solver.answer import gap_between


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [(10, 12, 0.2), (10, 8, 0.2), (5, 5, 0), (0, 0, 0), (0, 15, math.inf), (7, math.inf, math.inf)],
)
def test_a_gap_is_a_share_of_the_objective_and_never_0_where_more_may_be_possible(
    objective, bound, gap
):
    assert gap_between(objective, bound) == gap
