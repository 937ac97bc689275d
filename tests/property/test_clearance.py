"""Clearances of random trees and pipes: what must hold whatever the geometry."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.clearance import TOLERANCE_M, clearances, dimension_lines, shortfall
from tests.examples import examples

COORDINATE = st.integers(0, 4000).map(lambda tenths: tenths / 100)
PLACE = st.tuples(COORDINATE, COORDINATE)
TREES = st.lists(PLACE, min_size=1, max_size=12).map(lambda xy: shapely.points(np.array(xy)))
LINE = st.lists(PLACE, min_size=2, max_size=4, unique=True).map(shapely.LineString)
PIPES = st.lists(LINE, min_size=1, max_size=5).map(lambda lines: np.array(lines, dtype=object))
WIDTHS = st.floats(0.0, 0.6)
REACH = st.floats(0.1, 8.0)


@given(TREES, PIPES, REACH, WIDTHS)
@examples(80)
def test_the_pairs_are_those_of_plain_shapely(
    trees: np.ndarray, pipes: np.ndarray, reach: float, width: float
) -> None:
    # Second method: every pair, no index.
    pairs = clearances(trees, pipes, reach, width)
    every = np.maximum(shapely.distance(trees[:, None], pipes[None, :]) - width, 0.0)
    surely = set(zip(*np.nonzero(every <= reach - 1e-9), strict=True))
    maybe = set(zip(*np.nonzero(every <= reach + TOLERANCE_M + 1e-9), strict=True))
    found = set(zip(pairs.subject, pairs.object, strict=True))
    assert surely <= found <= maybe
    assert np.array_equal(pairs.distance, every[pairs.subject, pairs.object])


@given(TREES, PIPES, REACH, WIDTHS, st.tuples(COORDINATE, COORDINATE))
@examples(40)
def test_a_shift_of_everything_changes_no_distance(
    trees: np.ndarray, pipes: np.ndarray, reach: float, width: float, by: tuple[float, float]
) -> None:
    def moved(shapes: np.ndarray) -> np.ndarray:
        return shapely.transform(shapes, lambda xy: xy + np.array(by))

    before = clearances(trees, pipes, reach, width)
    after = clearances(moved(trees), moved(pipes), reach + 1e-6, width)
    distance = dict(zip(zip(after.subject, after.object, strict=True), after.distance, strict=True))
    for subject, obj, gap in zip(before.subject, before.object, before.distance, strict=True):
        if gap <= reach:
            assert abs(distance[subject, obj] - gap) < 1e-6


@given(TREES, PIPES, REACH, WIDTHS)
@examples(80)
def test_a_dimension_line_is_as_long_as_the_distance_it_shows(
    trees: np.ndarray, pipes: np.ndarray, reach: float, width: float
) -> None:
    pairs = clearances(trees, pipes, reach, width)
    lines = dimension_lines(trees, pipes, pairs, width)
    assert np.allclose(shapely.length(lines), pairs.distance, atol=1e-9)
    starts = shapely.get_point(lines, 0)
    assert np.array_equal(
        shapely.get_coordinates(starts), shapely.get_coordinates(trees)[pairs.subject]
    )


@given(TREES, PIPES, REACH, st.floats(0.0, 3.0), st.floats(0.0, 2.0))
@examples(60)
def test_a_larger_requirement_never_lacks_less(
    trees: np.ndarray, pipes: np.ndarray, reach: float, required: float, more: float
) -> None:
    pairs = clearances(trees, pipes, reach)
    low = shortfall(pairs, np.full(len(pairs), required))
    high = shortfall(pairs, np.full(len(pairs), required + more))
    assert (high >= low - 2 * TOLERANCE_M).all()
