import numpy as np

from geo.runs import (
    entries_of_runs,
    equal_entries,
    least_of_groups,
    members_of_groups,
    places_in_runs,
)


def test_entries_are_numbered_anew_in_each_run_and_empty_runs_have_none():
    assert places_in_runs(np.array([3, 0, 1, 2])).tolist() == [0, 1, 2, 0, 0, 1]


def test_of_no_runs_there_are_no_places():
    assert places_in_runs(np.array([], dtype=np.int64)).tolist() == []


def test_entries_of_runs_follow_each_other_run_after_run():
    first, lengths = np.array([5, 0, 7]), np.array([2, 0, 3])
    assert entries_of_runs(first, lengths).tolist() == [5, 6, 7, 8, 9]


def test_every_entry_that_equals_a_wanted_number_is_paired_with_it():
    which, entry = equal_entries(np.array([1, 1, 4]), np.array([4, 0, 1]))
    assert which.tolist() == [0, 2, 2]
    assert entry.tolist() == [2, 0, 1]


def test_the_least_of_a_group_is_decided_key_by_key_and_then_by_position():
    group = np.array([7, 2, 7, 7, 2, 7])
    one = np.array([1.0, 3, 0, 0, 3, 0])
    other = np.array([0, 5, 2, 1, 5, 1])
    assert least_of_groups(group, one, other).tolist() == [1, 3]


def test_each_group_has_the_positions_of_its_entries():
    found = members_of_groups(np.array([7, -1, 7]))
    assert [(group, at.tolist()) for group, at in found.items()] == [(-1, [1]), (7, [0, 2])]
    assert members_of_groups(np.array([], dtype=np.int64)) == {}
