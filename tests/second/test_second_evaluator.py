"""Two evaluators, written apart, come to the same verdicts."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from answer_key.district import build
from layers.district import District
from layers.findings import is_gap
from rules.book import load_book
from rules.evaluate import evaluate
from tests.second.book import read_book
from tests.second.holes import with_holes
from tests.second.streets import with_obstacles
from tests.second.town import Town
from tests.second.verdicts import COLUMNS, verdicts

TODAY = date(2026, 11, 29)
PLAN_DAY = date(2023, 4, 1)
KEYS = COLUMNS[:2]


def few_of(count: int) -> list[object]:
    """Return `count` seeds, of which the quick set tries the first."""
    return [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, count))]


def first(district: District, day: date) -> pd.DataFrame:
    """Return what the product finds, as the second evaluator writes it."""
    found = pd.DataFrame(evaluate(district, load_book(district.overlays), day))
    return found.assign(is_gap=is_gap(found))[COLUMNS].astype(dict.fromkeys(COLUMNS[:3], str))


def second(district: District, day: date) -> pd.DataFrame:
    """Return what the second evaluator finds; a value without limit is none."""
    book = read_book(district.overlays)
    town = Town(district.frames, district.surveyed, district.surveyed_kinds, book, day)
    return verdicts(town).replace({"value": {np.inf: np.nan}})


def assert_same_verdicts(district: District, day: date) -> None:
    """Assert equality, verdict by verdict: outcome, value, statement, who leads, what counts."""
    one, other = (
        found.sort_values(KEYS, ignore_index=True).astype({"statement": str, "leads": bool})
        for found in (first(district, day), second(district, day))
    )
    assert set(map(tuple, one[KEYS].values)) == set(map(tuple, other[KEYS].values))
    pd.testing.assert_frame_equal(one, other, check_exact=False, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("day", [PLAN_DAY, TODAY])
def test_every_verdict_on_the_smallest_district_is_found_again(tiny_demo, day):
    assert_same_verdicts(tiny_demo, day)


@pytest.mark.slow
@pytest.mark.parametrize("seed", few_of(3))
def test_what_nobody_knows_is_unknown_to_both(tiny_demo, seed):
    assert_same_verdicts(with_holes(tiny_demo, seed, 0.2), TODAY)


@pytest.mark.slow
@pytest.mark.parametrize("seed", few_of(4))
def test_gates_pieces_entrances_and_records_mean_the_same_to_both(tiny_demo, seed):
    assert_same_verdicts(with_obstacles(tiny_demo, seed), TODAY)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4, 12))
def test_so_they_do_where_cells_are_unknown_too(tiny_demo, seed):
    assert_same_verdicts(with_holes(with_obstacles(tiny_demo, seed), seed, 0.1), TODAY)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_every_verdict_on_the_demonstration_with_obstacles_is_found_again(full_demo, seed):
    assert_same_verdicts(with_obstacles(full_demo, seed), TODAY)


@pytest.mark.slow
@pytest.mark.parametrize("day", [PLAN_DAY, TODAY])
def test_every_verdict_on_the_demonstration_is_found_again(full_demo, day):
    assert_same_verdicts(full_demo, day)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7, 2024])
def test_every_verdict_on_towns_of_other_seeds_is_found_again(seed):
    assert_same_verdicts(build("demo", seed).district, TODAY)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "share"), [(1, 0.02), (2, 0.1), (3, 0.3)])
def test_every_verdict_on_a_district_with_holes_is_found_again(full_demo, seed, share):
    assert_same_verdicts(with_holes(full_demo, seed, share), TODAY)


def with_neighbours(district: District, seed: int) -> District:
    """Return a district with people outside the estates, in some houses nobody knows how many."""
    rng = np.random.default_rng(seed)
    buildings = district["buildings"].copy()
    outside = buildings["estate_id"].isna().to_numpy()
    lived_in = outside & (rng.random(len(buildings)) < 0.6)
    counted = lived_in & (rng.random(len(buildings)) < 0.5)
    buildings["use"] = buildings["use"].mask(lived_in, "residential")
    homes = pd.Series(rng.integers(1, 40, len(buildings)), buildings.index, dtype="Int64")
    buildings["households"] = buildings["households"].mask(counted, homes)
    return district.with_frames(buildings=buildings)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7, 2024])
def test_people_outside_share_alike_for_both_on_towns_of_other_seeds(seed):
    empty = build("demo", seed).district
    peopled = with_neighbours(empty, seed)
    assert_same_verdicts(peopled, TODAY)
    # That is a comparison of pooled demand: with neighbours heads are given less.
    book = load_book(empty.overlays)
    pooled = {rule.id for rule in book.rules if rule.measure.by == "adequacy"}
    before, after = (first(one, TODAY).set_index(KEYS)["value"] for one in (empty, peopled))
    change = (after - before)[before.index.get_level_values("rule_id").isin(pooled)]
    assert (change.dropna() <= 1e-9).all()
    assert (change < -1e-9).sum() >= 20
