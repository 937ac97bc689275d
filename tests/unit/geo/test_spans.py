"""Stretches of edges joined, and lengths within circles, worked out by hand."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.spans import Spans, length_within, segments_of
from tests.examples import examples


def test_stretches_join_on_their_own_edge_only():
    spans = Spans(
        np.array([1, 0, 0, 0, 1]),
        np.array([0.0, 5.0, 0.0, 2.0, 1.02]),
        np.array([1.0, 6.0, 3.0, 4.0, 2.0]),
    )
    found = spans.joined(0.03)
    assert found.edge.tolist() == [0, 0, 1]
    assert found.low.tolist() == [0.0, 5.0, 0.0]
    assert found.high.tolist() == [4.0, 6.0, 2.0]
    assert len(spans.joined()) == 4


def test_lines_have_segments_and_gaps_have_none():
    lines = np.array([None, shapely.MultiLineString([[(0, 0), (1, 0)], [(5, 0), (6, 0), (7, 0)]])])
    start, end, owner = segments_of(lines)
    assert start[:, 0].tolist() == [0.0, 5.0, 6.0]
    assert end[:, 0].tolist() == [1.0, 6.0, 7.0]
    assert owner.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("centres", "radii", "length"),
    [
        ([(5, 0)], [2.0], 4.0),
        ([(5, 3)], [5.0], 8.0),  # half the chord is 4 m
        ([(5, 2)], [2.0], 0.0),  # touches
        ([(0, 0)], [2.0], 2.0),  # the line begins in the middle
        ([(5, 0), (6, 0)], [2.0, 2.0], 5.0),  # what two cover counts once
        ([(5, 0)], [99.0], 10.0),
        ([], [], 0.0),
    ],
)
def test_a_line_lies_in_circles_by_their_chords(centres, radii, length):
    line = shapely.LineString([(0, 0), (10, 0)])
    found = length_within(line, np.array(centres, dtype=float).reshape(-1, 2), np.array(radii))
    assert found == pytest.approx(length, abs=1e-12)


PLACE = st.tuples(st.integers(0, 200), st.integers(0, 200)).map(lambda p: (p[0] / 10, p[1] / 10))


@given(
    st.lists(PLACE, min_size=2, max_size=5, unique=True),
    st.lists(st.tuples(PLACE, st.floats(0.5, 6.0)), min_size=1, max_size=5),
)
@examples(100)
def test_fine_circles_drawn_as_polygons_come_to_the_same(path, circles):
    # Second method: 1,024 chords a circle, a shortfall of less than 1 in 10^5 of the radius.
    line = shapely.union_all(shapely.LineString(path))
    centre = np.array([place for place, _ in circles])
    radius = np.array([radius for _, radius in circles])
    drawn = shapely.union_all(shapely.buffer(shapely.points(centre), radius, quad_segs=256))
    expected = shapely.length(shapely.intersection(line, drawn))
    # A chord near a tangent is short or long by the root of that shortfall.
    assert length_within(line, centre, radius) == pytest.approx(expected, abs=0.1)
    assert length_within(line, centre, radius) >= expected - 1e-9
