"""All origins and facilities within walking distance of each other."""

import numpy as np
import pytest

from geo import pairs
from geo.catchment import pairs_within, walking_distance
from tests.unit.geo.test_network import network

STREET = ("LINESTRING (0 0, 100 0)", "LINESTRING (100 0, 100 40)", "LINESTRING (0 500, 9 500)")
ORIGINS = np.array([[10.0, 3.0], [100.0, 30.0], [0.0, 501.0]])
FACILITIES = np.array([[60.0, -4.0], [107.0, 20.0]])


def listed(found):
    distance = np.round(found.distance, 9).tolist()
    return list(zip(found.origin.tolist(), found.facility.tolist(), distance, strict=True))


def test_every_pair_within_the_limit_is_listed_with_its_walk():
    # 3 + 50 + 4, 3 + 90 + 20 + 7, 30 + 40 + 4, 10 + 7
    net = network(*STREET)
    all_pairs = [(0, 0, 57), (0, 1, 120), (1, 0, 74), (1, 1, 17)]
    assert listed(pairs_within(net, ORIGINS, FACILITIES, 120)) == all_pairs
    assert listed(pairs_within(net, ORIGINS, FACILITIES, 119.9)) == [
        all_pairs[0],
        all_pairs[2],
        all_pairs[3],
    ]
    assert listed(pairs_within(net, ORIGINS, FACILITIES, 16)) == []


def test_the_search_may_start_from_either_side():
    net = network(*STREET)
    there = pairs_within(net, ORIGINS, FACILITIES, 120)
    back = pairs_within(net, FACILITIES, ORIGINS, 120)
    assert {(o, f, d) for o, f, d in listed(there)} == {(o, f, d) for f, o, d in listed(back)}


def test_a_closed_loop_is_walked_the_shorter_way_round():
    net = network("LINESTRING (0 0, 100 0, 100 100, 0 100, 0 0)")
    found = pairs_within(net, np.array([[10.0, 0.0]]), np.array([[0.0, 10.0], [100.0, 60.0]]), 999)
    assert listed(found) == [(0, 0, 20), (0, 1, 150)]


@pytest.mark.parametrize("together", [0, 3, 1000])
@pytest.mark.parametrize("cells", [1, 40, 10**9])
def test_blocks_and_squares_of_any_size_give_the_same_pairs(monkeypatch, cells, together):
    monkeypatch.setattr(pairs, "_CELLS", cells)
    monkeypatch.setattr(pairs, "_TOGETHER", together)
    monkeypatch.setattr(pairs, "_SQUARE", 0.1 * together)
    net = network(*STREET)
    rng = np.random.default_rng(5)
    origins, facilities = rng.uniform(-10, 110, (30, 2)), rng.uniform(-10, 110, (20, 2))
    table = np.full((30, 20), np.inf)
    found = pairs_within(net, origins, facilities, 90)
    table[found.origin, found.facility] = found.distance
    for j in range(20):
        # the second method: one search for each facility
        alone = walking_distance(net, origins, facilities[j : j + 1], 90).distance
        np.testing.assert_allclose(table[:, j], alone, rtol=0, atol=1e-9)


def test_nobody_and_nowhere_make_no_pairs():
    none = np.empty((0, 2))
    for net, origins, facilities in (
        (network(), ORIGINS, FACILITIES),
        (network(*STREET), none, FACILITIES),
        (network(*STREET), ORIGINS, none),
    ):
        assert listed(pairs_within(net, origins, facilities, 100)) == []
