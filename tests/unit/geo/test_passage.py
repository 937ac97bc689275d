"""Clear widths by hand: a lane of 100 m by 6 m, and what stands on it."""

import numpy as np
import pytest
import shapely

from geo.passage import clear_widths, midlines

LANE = shapely.box(0, 0, 100, 6)
AXIS = shapely.LineString([(0, 3), (100, 3)])


def width(*things, lane=LANE, axis=AXIS, ends_m=2.0):
    """Return the clear width of one lane beside some things."""
    found = clear_widths(
        np.array([lane], dtype=object),
        np.array([axis], dtype=object),
        np.array([0]),
        np.array(things, dtype=object),
        ends_m=ends_m,
    )
    return found[0]


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        ([], 6.0),
        ([shapely.box(40, -1, 50, 2.5)], 3.5),  # a house that reaches 2.5 m in
        ([shapely.box(40, 0, 50, 1), shapely.box(60, 4, 70, 6)], 4.0),  # one after the other
        ([shapely.box(40, 0, 50, 1), shapely.box(45, 4, 70, 6)], 3.0),  # both at x = 45 to 50
        ([shapely.box(40, 2.5, 50, 3.5)], 2.5),  # in the middle: either side has 2.5 m
        ([shapely.box(40, -1, 50, 7)], 0.0),  # nothing passes
        ([shapely.LineString([(40, -1), (40, 2)])], 4.0),  # a wall across a third
        ([shapely.LineString([(30, 1), (60, 1)])], 5.0),  # a wall along the lane
        ([shapely.LineString([(30, 1), (50, 2)])], 4.0),  # a slanting one: its far end
        ([shapely.box(40, 6, 50, 9)], 6.0),  # a house that only touches the lane
        ([shapely.box(99, -1, 101, 5)], 6.0),  # at the end, which is not looked at
    ],
)
def test_the_narrowest_section_decides_and_the_widest_way_past_counts(things, expected):
    assert width(*things) == pytest.approx(expected, abs=1e-3)


def test_ground_that_narrows_is_as_wide_as_where_it_is_looked_at_last():
    # From 6 m at x = 0 to 2 m at x = 100: 2 m from the end it is 2.08 m wide.
    tapered = shapely.Polygon([(0, 0), (100, 2), (100, 4), (0, 6)])
    assert width(lane=tapered) == pytest.approx(2.08, abs=1e-3)


def test_rounded_ends_do_not_count():
    rounded = shapely.buffer(shapely.LineString([(3, 3), (97, 3)]), 3.0)
    # 2 m from the tip of a half circle of 3 m: twice the root of 9 - 1.
    assert width(lane=rounded) == pytest.approx(2 * np.sqrt(8), abs=0.05)


def test_a_lane_round_a_corner_is_measured_along_both_legs():
    bent = shapely.union(LANE, shapely.box(94, 0, 100, 50))
    axis = shapely.LineString([(0, 3), (97, 3), (97, 50)])
    assert width(lane=bent, axis=axis) == pytest.approx(6.0, abs=1e-3)
    house = shapely.box(92, 20, 96, 30)
    assert width(house, lane=bent, axis=axis) == pytest.approx(4.0, abs=1e-3)


def test_ground_shorter_than_its_ends_tells_nothing():
    assert np.isnan(width(axis=shapely.LineString([(0, 3), (3, 3)])))


def test_a_midline_leads_along_the_longer_side():
    (line,) = midlines(np.array([LANE], dtype=object))
    assert sorted(map(tuple, shapely.get_coordinates(line).round(9).tolist())) == [(0, 3), (100, 3)]
