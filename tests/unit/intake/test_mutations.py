"""A few hundred mutated files; the long run is `python -m tests.fuzz.intake_mutations`."""

import numpy as np
import pytest

from tests.fuzz import intake_mutations


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Field .* of type Integer64:RuntimeWarning")
def test_hundreds_of_mutated_files_leave_the_app_standing_and_every_row_accounted_for():
    told = intake_mutations.run(300, seed=1)
    assert told["files"] == 300
    assert (
        sum(told.values()) >= 2 * told["files"]
    )  # each file ends as at least one table or sentence


def test_the_same_seed_makes_the_same_files():
    sound = {"a": {"a": b"0123456789" * 20}, "b": {"b": b"x" * 50, "c": b"y" * 50}}
    first, second = (list(intake_mutations.deliveries(40, 7, sound)) for _ in range(2))
    assert first == second
    assert len({str(files) for _, files in first}) > 30
    assert intake_mutations.mutate(b"", np.random.default_rng(0)) == b""
