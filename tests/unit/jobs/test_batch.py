"""`litong batch`: printed and written; what cannot be is named."""

import json

import pytest

from store import open_store


@pytest.mark.slow
def test_the_best_batch_is_printed_and_written(litong, tiny_folder, tmp_path):
    ran = litong("batch", tiny_folder, "--budget", "9000000", "--out", "b.json")
    assert ran.code == 0
    assert "上限" in ran.out
    found = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    rows = [*found["chosen"], *found["left_out"]]
    assert len(rows) == 2  # the tiny demonstration has two estates
    assert sum(row["cost_yuan"] for row in found["chosen"]) == sum(found["spent_yuan"])
    assert sum(row["need"] for row in found["chosen"]) == found["need_met"]
    assert found["spent_yuan"][0] <= 9_000_000
    assert found["gap"] == 0


@pytest.mark.slow
def test_what_must_be_taken_and_does_not_fit_ends_with_3(litong, tiny_folder):
    estate = open_store(tiny_folder).read()["estates"]["estate_id"].iloc[0]
    ran = litong("batch", tiny_folder, "--budget", "1", "--must", estate, "--lang", "en")
    assert ran.code == 3
    assert "do not fit" in ran.out


def test_an_estate_that_does_not_exist_ends_with_1(litong, tiny_folder):
    ran = litong("batch", tiny_folder, "--budget", "1", "--must", "nowhere")
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
