"""Properties of the demonstration district over seeds."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import demonstration
from demonstration.buildings import SPECIALS
from demonstration.mix import apportion, draw_mix
from demonstration.roster import roster, targets
from demonstration.streams import NAMES, streams
from tests.examples import examples

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
@examples(40)
def test_the_totals_are_the_plans_for_every_seed(seed):
    target = targets("demo")
    mix = draw_mix(streams(seed)["mix"], roster("demo"), target, SPECIALS)
    assert mix.households.sum() == target.households == 1845
    assert np.rint(mix.floor_area_m2 * 10).sum() == 1_602_000


@pytest.mark.slow
@given(SEEDS)
@examples(3, suppress_health_check=(HealthCheck.too_slow,))
def test_a_seed_gives_one_district_and_another_seed_another(seed):
    first = demonstration.build("tiny", seed)
    assert demonstration.build("tiny", seed).version == first.version
    other = demonstration.build("tiny", seed + 1)
    assert other.version != first.version
    assert other["estates"]["households"].sum() == first["estates"]["households"].sum()


@pytest.mark.slow
@given(SEEDS)
@examples(5, suppress_health_check=(HealthCheck.too_slow,))
def test_every_seed_gives_a_town_that_can_be_walked(seed):
    district = demonstration.build("demo", seed)
    assert district["estates"]["budget_yuan"].sum() == 49_000_000
    assert round(district["estates"]["floor_area_m2"].sum(), 1) == 160_200
    shapes = district["buildings"].geometry
    overlapping = shapes.sindex.query(shapes, predicate="overlaps")
    assert overlapping.shape[1] == 0
    assert district.network.components == 1


@given(SEEDS, st.sampled_from(NAMES))
@examples(30)
def test_drawing_from_one_stream_changes_no_other(seed, used):
    drawn, fresh = streams(seed), streams(seed)
    drawn[used].random(1000)
    others = [name for name in NAMES if name != used]
    assert all(drawn[name].random() == fresh[name].random() for name in others)


@given(SEEDS, st.integers(1, len(NAMES)))
@examples(30)
def test_a_part_added_later_changes_no_earlier_one(seed, count):
    # by hand: a stream is the child of its number, however many children there are
    children = np.random.SeedSequence(seed).spawn(count)
    expected = np.random.default_rng(children[-1]).random(3)
    assert streams(seed)[NAMES[count - 1]].random(3) == pytest.approx(expected, abs=0)


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=60), st.integers(0, 10**9))
def test_shares_add_up_and_lie_within_one_of_their_due(weights, total):
    due = np.array(weights) * (total / sum(weights))
    share = apportion(np.array(weights), total)
    assert share.sum() == total
    assert (np.abs(share - due) < 1 + 1e-6 * total).all()
