"""Exact clearances: hand-calculated distances, and plain shapely pair by pair."""

import numpy as np
import pytest
import shapely

from geo.clearance import TOLERANCE_M, clearances, dimension_lines, shortfall

PIPE = shapely.LineString([(0, 0), (10, 0)])


def points(*xy: tuple[float, float]) -> np.ndarray:
    return shapely.points(np.array(xy, dtype=float))


def shapes(*geometries: shapely.Geometry | None) -> np.ndarray:
    found = np.empty(len(geometries), dtype=object)
    found[:] = geometries
    return found


def test_half_the_outer_diameter_is_taken_off() -> None:
    pairs = clearances(points((5, 2)), shapes(PIPE), 3.0, half_width_m=0.5)
    assert pairs.distance.tolist() == [1.5]


def test_a_tree_inside_a_building_has_no_clearance() -> None:
    pairs = clearances(points((5, 5)), shapes(shapely.box(0, 0, 10, 10)), 1.0)
    assert pairs.distance.tolist() == [0.0]


def test_a_tree_over_a_pipe_has_no_negative_clearance() -> None:
    pairs = clearances(points((5, 0.1)), shapes(PIPE), 1.0, half_width_m=0.25)
    assert pairs.distance.tolist() == [0.0]


def test_each_object_has_a_reach_of_its_own() -> None:
    near = shapely.LineString([(0, 3), (10, 3)])
    pairs = clearances(points((5, 1.4)), shapes(PIPE, near), np.array([1.5, 1.5]))
    assert pairs.object.tolist() == [0]
    pairs = clearances(points((5, 1.4)), shapes(PIPE, near), np.array([1.5, 1.7]))
    assert pairs.object.tolist() == [0, 1]


def test_missing_and_empty_geometry_pairs_with_nothing() -> None:
    pairs = clearances(points((5, 1)), shapes(None, shapely.LineString(), PIPE), 2.0)
    assert pairs.object.tolist() == [2]


@pytest.mark.parametrize(("trees", "pipes"), [(0, 1), (1, 0), (0, 0)])
def test_nothing_gives_nothing(trees: int, pipes: int) -> None:
    pairs = clearances(points((5, 1))[:trees], shapes(PIPE)[:pipes], 2.0)
    assert len(pairs) == 0
    assert len(dimension_lines(points((5, 1))[:trees], shapes(PIPE)[:pipes], pairs)) == 0


def test_pairs_come_sorted_by_subject_then_object() -> None:
    pairs = clearances(points((8, 1), (2, 1)), shapes(PIPE, PIPE, PIPE), 2.0)
    assert list(zip(pairs.subject, pairs.object, strict=True)) == [
        (s, o) for s in range(2) for o in range(3)
    ]


def test_a_difference_below_the_grid_is_no_difference() -> None:
    pairs = clearances(points((5, 1.5 - TOLERANCE_M / 2), (5, 1.4)), shapes(PIPE), 2.0)
    lacking = shortfall(pairs, np.full(2, 1.5))
    assert lacking[0] == 0.0
    assert lacking[1] == pytest.approx(0.1)


def test_a_dimension_line_ends_on_the_pipes_edge() -> None:
    trees, pipes = points((5, 2)), shapes(PIPE)
    pairs = clearances(trees, pipes, 3.0, 0.5)
    line = dimension_lines(trees, pipes, pairs, 0.5)[0]
    assert list(line.coords) == [(5.0, 2.0), (5.0, 0.5)]


def test_a_dimension_line_of_a_touching_pair_is_a_point() -> None:
    trees, pipes = points((5, 0.0)), shapes(PIPE)
    line = dimension_lines(trees, pipes, clearances(trees, pipes, 1.0, 0.5), 0.5)[0]
    assert line.length == 0.0


def test_equal_to_plain_shapely_pair_by_pair() -> None:
    # Second method: shapely.distance of every pair, no index at all.
    rng = np.random.default_rng(7)
    trees = shapely.points(rng.uniform(0, 100, (400, 2)))
    pipes = shapely.linestrings(rng.uniform(0, 100, (60, 3, 2)))
    half, reach = rng.uniform(0.02, 0.3, 60), rng.uniform(0.5, 4.0, 60)
    every = np.maximum(shapely.distance(trees[:, None], pipes[None, :]) - half, 0.0)
    subject, obj = np.nonzero(every <= reach)
    pairs = clearances(trees, pipes, reach, half)
    assert np.array_equal(pairs.subject, subject)
    assert np.array_equal(pairs.object, obj)
    assert np.array_equal(pairs.distance, every[subject, obj])


def test_pairs_can_be_chosen_by_their_distance() -> None:
    pairs = clearances(points((5, 2), (5, 1)), shapes(PIPE), 3.0)
    near = pairs.where(pairs.distance < 1.5)
    assert (near.subject.tolist(), near.object.tolist(), near.distance.tolist()) == ([1], [0], [1])
