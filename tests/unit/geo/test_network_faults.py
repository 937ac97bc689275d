"""Faults of little networks drawn by hand."""

import numpy as np
import pytest
import shapely

from geo.network import WalkNetwork
from geo.network_faults import network_faults


def faults(*wkt):
    return network_faults(WalkNetwork.from_walkways(shapely.from_wkt(list(wkt)), 4544), 1.0)


def test_lines_that_share_their_ends_have_no_fault():
    found = faults("LINESTRING (0 0, 10 0)", "LINESTRING (10 0, 10 9)")
    assert found.piece_m.tolist() == [19]
    assert len(found.near_miss) == len(found.unsplit) == 0


def test_ends_that_nearly_meet_are_named_with_the_widest_gap_first():
    found = faults(
        "LINESTRING (0 0, 10 0)",
        "LINESTRING (10.01 0, 20 0)",
        "LINESTRING (5 0.5, 5 9)",
        "LINESTRING (15 1.1, 15 9)",
    )
    assert sorted(found.piece_m.tolist()) == pytest.approx([7.9, 8.5, 9.99, 10])
    assert found.gap_m.tolist() == pytest.approx([0.5, 0.01, 0.01])
    assert found.near_miss[0].tolist() == [[5, 0.5], [5, 0]]
    assert len(found.unsplit) == 0


def test_an_end_on_the_middle_of_a_line_is_a_junction_not_split():
    found = faults("LINESTRING (0 0, 10 0)", "LINESTRING (4 0, 4 5)", "LINESTRING (4 5, 9 5)")
    assert found.unsplit.tolist() == [[4, 0]]
    assert len(found.near_miss) == 0


def test_lines_that_merely_cross_are_no_fault():
    found = faults("LINESTRING (0 0, 10 0)", "LINESTRING (4 -5, 4 5)")
    assert len(found.piece_m) == 2
    assert len(found.near_miss) == len(found.unsplit) == 0


def test_without_walkways_there_is_nothing_to_tell():
    found = network_faults(WalkNetwork.from_walkways(np.array([], dtype=object), 4544), 1.0)
    assert len(found.piece_m) == len(found.near_miss) == len(found.unsplit) == 0
