"""HiGHS behind arrays: what it prints."""

import numpy as np

from siting.solver.milp import Milp, Rows, run


def test_solving_prints_nothing(capfd):
    one = np.ones(1)
    solved = run(Milp(one, np.zeros(1), one, np.array([True]), [Rows.one(one, low=1.0)]))
    assert solved.values.tolist() == [1]
    assert capfd.readouterr() == ("", "")
