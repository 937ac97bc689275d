"""The walking network: what holds for every town."""

import hypothesis.strategies as st
import numpy as np
import shapely
from hypothesis import assume, given

from geo.catchment import walking_distance
from geo.doorsteps import doorsteps
from tests.examples import examples
from tests.property.towns import lines, network, points
from tests.unit.geo.split_graph import brute_snap

FEW = examples(60)


@given(lines(), points())
def test_points_snap_as_if_each_were_searched_for_alone(town, some):
    # Among given edges the tree's own search is used: ties and all, to the last bit.
    one = network(town)
    together, alone = one.snap(some), one.snap(some, among=np.arange(len(one.lines)))
    for field in ("edge", "offset", "gap", "foot", "point"):
        assert np.array_equal(getattr(together, field), getattr(alone, field))


@FEW
@given(lines(), points())
def test_a_point_snaps_as_near_as_the_nearest_of_all_lines(town, some):
    snap = network(town).snap(some)
    _, _, gap = brute_snap(town, some)
    np.testing.assert_allclose(snap.gap, gap, rtol=0, atol=1e-9)
    legs = shapely.linestrings(np.stack([snap.point, snap.foot], axis=1))
    np.testing.assert_allclose(shapely.length(legs), gap, rtol=0, atol=1e-9)
    np.testing.assert_allclose(shapely.distance(town[snap.edge], shapely.points(some)), gap)


@FEW
@given(lines(), points(), st.floats(1, 60))
def test_a_doorstep_is_as_near_to_a_walkway_as_anything_of_its_outline(town, some, width_m):
    outlines = shapely.box(*some.T, *(some + width_m).T)
    steps = shapely.points(doorsteps(outlines, town))
    walls = shapely.boundary(outlines)
    np.testing.assert_allclose(shapely.distance(steps, walls), 0, rtol=0, atol=1e-9)
    apart = shapely.distance(walls[:, None], town).min(axis=1)
    assert (shapely.distance(steps[:, None], town).min(axis=1) <= apart + 0.0101).all()


@FEW
@given(lines(), st.randoms(use_true_random=False))
def test_the_order_and_direction_of_lines_do_not_change_the_nodes(town, random):
    shuffled = town.copy()
    random.shuffle(shuffled)
    one, other = network(town), network(shapely.reverse(shuffled))
    assert (one.nodes == other.nodes).all()
    assert one.components == other.components
    assert (one.indptr == other.indptr).all()
    assert (one.indices == other.indices).all()
    np.testing.assert_allclose(one.weights, other.weights, rtol=0, atol=1e-9)


@FEW
@given(lines(), points(), points(), st.integers(0, 8), st.floats(0.01, 0.99))
def test_subdividing_an_edge_changes_no_walk(town, origins, facilities, which, share):
    line = town[which % len(town)]
    at = share * line.length
    middle = shapely.line_interpolate_point(line, at)
    measures = [line.project(shapely.Point(xy)) for xy in line.coords]
    assume(line.is_simple and min(abs(at - measure) for measure in measures) > 0.01)
    before = sum(measure < at for measure in measures[:-1])
    halves = [
        shapely.LineString([*line.coords[:before], middle]),
        shapely.LineString([middle, *line.coords[before:]]),
    ]
    whole, cut = network(town), network(np.array([*np.delete(town, which % len(town)), *halves]))
    for some in (origins, facilities):
        # where two lines are equally near, cutting one may decide between them
        assume(np.allclose(whole.snap(some).foot, cut.snap(some).foot, rtol=0, atol=1e-6))
        assume(not _between_lines(town, some).any())
    here = walking_distance(whole, origins, facilities).distance
    there = walking_distance(cut, origins, facilities).distance
    np.testing.assert_allclose(there, here, rtol=0, atol=1e-6)


def _between_lines(town, some):
    """Whether a point is equally near to two lines."""
    gaps = np.sort(shapely.distance(town[:, None], shapely.points(some)[None]), axis=0)
    return gaps[1] - gaps[0] < 1e-6 if len(town) > 1 else np.zeros(len(some), dtype=bool)
