"""Outlines less the lines that run along them, worked out by hand."""

import numpy as np
import pytest
import shapely

from geo.outline import beyond_lines

TOLERANCE_M = 0.02
BOX = shapely.LineString([(0, 0), (10, 0), (10, 5), (0, 5), (0, 0)])


def rest(*lines: list[tuple[float, float]], outline: shapely.Geometry = BOX) -> shapely.Geometry:
    found = beyond_lines(
        np.array([outline], dtype=object),
        np.array([shapely.MultiLineString(list(lines))], dtype=object),
        TOLERANCE_M,
    )
    return found[0]


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ([(0, 0), (10, 0)], [[(10, 0), (10, 5)], [(10, 5), (0, 5)], [(0, 5), (0, 0)]]),
        # Drawn the other way round, a centimetre off and a centimetre short: the same wall.
        ([(9.99, 0.01), (0.01, 0.01)], [[(10, 0), (10, 5)], [(10, 5), (0, 5)], [(0, 5), (0, 0)]]),
        # A part of it ends where the line ends, not a tolerance farther.
        (
            [(3, 0), (7, 0)],
            [[(0, 0), (3, 0)], [(7, 0), (10, 0)], [(10, 0), (10, 5)], [(10, 5), (0, 5)],
             [(0, 5), (0, 0)]],
        ),
        # Round a corner.
        ([(0, 0), (10, 0), (10, 5)], [[(10, 5), (0, 5)], [(0, 5), (0, 0)]]),
    ],
)  # fmt: skip
def test_an_edge_is_taken_off_from_end_to_end_and_no_farther(line, left):
    assert rest(line).equals_exact(shapely.MultiLineString(left), 1e-12)


@pytest.mark.parametrize(
    "line",
    [
        [(0, 0.03), (10, 0.03)],  # three centimetres off
        [(5, -3), (5, 3)],  # across
        [(-5, 0), (-1, 0)],  # on the same line, beside it
        [(10, 0), (14, 0)],  # from the corner on
    ],
)
def test_a_line_that_does_not_run_along_takes_nothing_off(line):
    assert rest(line) is BOX


def test_a_gap_no_longer_than_the_tolerance_is_none():
    south = [[(0, 0), (4, 0)], [(4.015, 0), (10, 0)]]
    assert rest(*south).length == 20.0
    wider = [[(0, 0), (4, 0)], [(4.03, 0), (10, 0)]]
    assert rest(*wider).length == pytest.approx(20.03)


def test_a_straight_line_runs_along_a_bent_front_as_far_as_it_is_near():
    # The front leaves the line by 1 in 100: two centimetres after two metres.
    bent = shapely.LineString([(0, 0), (5, 0), (10, -0.05), (10, 5), (0, 5), (0, 0)])
    left = rest([(0, 0), (10, 0)], outline=bent)
    assert left.bounds[2] == 10.0
    assert left.length == pytest.approx(20.05 + 3.0, abs=1e-3)


def test_walls_all_around_leave_nothing():
    assert rest(list(BOX.coords)).is_empty


def test_nothing_in_nothing_out():
    empty = np.empty(0, dtype=object)
    assert len(beyond_lines(empty, empty, TOLERANCE_M)) == 0
    courtyard = np.array([shapely.box(0, 0, 9, 9).boundary, None], dtype=object)
    assert beyond_lines(courtyard, np.array([None, None]), TOLERANCE_M)[0] is courtyard[0]
