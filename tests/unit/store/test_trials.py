"""Writers killed, and writers at once: the bounded half of `tests.trials.store_trials`."""

import os

import pytest

from tests.trials import store_trials as trials

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the trials fork"),
]


def test_no_import_or_decision_that_was_killed_is_partial_and_none_acknowledged_is_lost(
    tmp_path, address
):
    count = 6 if address else 12
    told = trials.kill_trials(tmp_path, count, 7, address)
    assert told.trials == count
    assert 0 < told.acknowledged <= told.committed
    assert (told.partial, told.lost, told.damaged) == (0, 0, 0)


def test_of_writes_by_several_processes_none_is_lost(tmp_path, address):
    told = trials.update_trials(tmp_path, processes=4, count=8, address=address)
    assert (told.writes, told.lost, told.entries) == (32, 0, 32)
