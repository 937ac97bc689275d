"""What a siting problem refuses, and what an infinite limit means."""

import numpy as np
import pytest

from siting import SitingProblem, solve


@pytest.mark.parametrize("new", [2.5, np.inf, np.nan, -1])
def test_a_number_of_places_that_is_no_whole_number_is_refused(new):
    with pytest.raises(ValueError, match="siting problem: new has"):
        SitingProblem(np.ones((1, 3)), new=new, limit=1)


def test_weights_of_nobody_are_refused_where_there_are_demands():
    with pytest.raises(ValueError, match=r"weights has shape \(0,\); expected shape \(2,\)"):
        SitingProblem(np.ones((2, 3)), weights=[], limit=1)


@pytest.mark.parametrize("objective", ["cover", "fewest"])
def test_without_a_limit_a_demand_is_covered_by_a_place_to_which_there_is_a_way(objective):
    walks = np.array([[1, np.inf], [np.inf, 1]])
    answer = solve(SitingProblem(walks, new=2, limit=np.inf, objective=objective))
    assert answer.chosen.tolist() == [0, 1]
    assert answer.assignment.tolist() == [0, 1]
