import numpy as np

from geo.runs import places_in_runs


def test_entries_are_numbered_anew_in_each_run_and_empty_runs_have_none():
    assert places_in_runs(np.array([3, 0, 1, 2])).tolist() == [0, 1, 2, 0, 0, 1]


def test_of_no_runs_there_are_no_places():
    assert places_in_runs(np.array([], dtype=np.int64)).tolist() == []
