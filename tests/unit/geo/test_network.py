"""WalkNetwork: what meets what, and where a point steps onto the network."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS

from geo.errors import CrsError, DataError
from geo.network import WalkNetwork

LITONG = CRS.from_epsg(4544)


def network(*wkt):
    return WalkNetwork.from_walkways(gpd.GeoSeries.from_wkt(list(wkt), crs=LITONG))


def matrix(net):
    """Return the CSR matrix written out: {(from, to): weight}."""
    tail = np.repeat(np.arange(len(net.nodes)), np.diff(net.indptr))
    return dict(
        zip(
            zip(tail.tolist(), net.indices.tolist(), strict=True), net.weights.tolist(), strict=True
        )
    )


def test_lines_meet_where_they_share_end_points():
    net = network("LINESTRING (0 0, 3 4)", "LINESTRING (3 4, 3 10)")
    assert net.nodes.tolist() == [[0, 0], [3, 4], [3, 10]]
    assert net.edges.tolist() == [[0, 1], [1, 2]]
    assert net.lengths.tolist() == [5, 6]
    assert net.components == 1


def test_lines_that_merely_cross_or_touch_in_the_middle_do_not_meet():
    net = network(
        "LINESTRING (0 0, 10 0)", "LINESTRING (5 -5, 5 5)", "LINESTRING (10 0.0001, 10 5)"
    )
    assert net.components == 3
    assert len(set(net.component[net.edges[:, 0]].tolist())) == 3


def test_the_matrix_is_symmetric_and_holds_the_shortest_of_parallel_edges():
    net = network(
        "LINESTRING (0 0, 0 5, 10 5, 10 0)", "LINESTRING (0 0, 10 0)", "LINESTRING (10 0, 5 1, 0 0)"
    )
    assert matrix(net) == {(0, 1): 10, (1, 0): 10}
    assert net.edge_between(np.array([0, 1]), np.array([1, 0])).tolist() == [1, 1]


def test_a_closed_loop_is_an_edge_from_a_node_to_itself_and_not_in_the_matrix():
    net = network("LINESTRING (0 0, 10 0, 10 10, 0 0)", "LINESTRING (0 0, -5 0)")
    assert net.edges[0, 0] == net.edges[0, 1]
    assert matrix(net) == {(0, 1): 5, (1, 0): 5}


def test_missing_empty_and_zero_length_lines_are_passed_over_and_rows_say_what_stayed():
    lines = gpd.GeoSeries.from_wkt(
        ["LINESTRING (7 7, 7 7)", "LINESTRING EMPTY", None, "LINESTRING (0 0, 1 0)"], crs=LITONG
    )
    net = WalkNetwork.from_walkways(lines)
    assert net.rows.tolist() == [3]
    assert net.nodes.tolist() == [[0, 0], [1, 0]]


def test_multilines_come_apart_and_rings_and_heights_are_taken_as_lines_on_the_ground():
    net = network(
        "MULTILINESTRING Z ((0 0 9, 3 4 9), (3 4 9, 3 4 12), (3 4 1, 4 4 2))",
        "LINEARRING (0 0, 1 0, 1 1, 0 0)",
    )
    assert net.rows.tolist() == [0, 0, 1]
    assert net.lengths[:2].tolist() == [5, 1]
    assert net.edges[2].tolist() == [0, 0]


def test_zero_and_minus_zero_are_the_same_place():
    assert network("LINESTRING (0 0, 1 0)", "LINESTRING (-0.0 -0.0, 0 1)").components == 1


def test_a_frame_and_a_plain_array_give_the_same_network():
    lines = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 1 0)"], crs=LITONG)
    of_frame = WalkNetwork.from_walkways(gpd.GeoDataFrame({"kind": ["path"]}, geometry=lines))
    of_array = WalkNetwork.from_walkways(np.asarray(lines, dtype=object), LITONG)
    assert of_frame.crs == of_array.crs == LITONG
    assert of_frame.nodes.tolist() == of_array.nodes.tolist()


@pytest.mark.parametrize(
    ("lines", "crs"),
    [
        (gpd.GeoSeries.from_wkt(["LINESTRING (106 38, 106.1 38)"], crs=4490), None),
        (gpd.GeoSeries.from_wkt(["LINESTRING (106 38, 106.1 38)"]), LITONG),
        (shapely.from_wkt(["LINESTRING (0 0, 1 0)"]), None),
        (shapely.from_wkt(["LINESTRING (0 0, 1 0)"]), "EPSG:4326"),
        (shapely.from_wkt(["LINESTRING (0 0, 1 0)"]), 99999999),
        (shapely.from_wkt(["LINESTRING (0 0, 1 0)"]), "nowhere"),
    ],
)
def test_lines_that_cannot_be_measured_are_refused(lines, crs):
    with pytest.raises(CrsError, match="walkways"):
        WalkNetwork.from_walkways(lines, crs)


@pytest.mark.parametrize("crs", [4544, "EPSG:4544"])
def test_a_crs_may_be_named_by_its_code(crs):
    assert WalkNetwork.from_walkways(shapely.from_wkt(["LINESTRING (0 0, 1 0)"]), crs).crs == LITONG


@pytest.mark.parametrize(
    "bad",
    [
        shapely.Point(0, 0),
        shapely.box(0, 0, 1, 1),
        shapely.linestrings([[0, 0], [np.inf, 1]]),
    ],
)
def test_what_is_no_line_on_the_ground_is_refused_by_its_row(bad):
    lines = np.array([shapely.LineString([(0, 0), (1, 0)]), bad], dtype=object)
    with pytest.raises(DataError, match="row 1"):
        WalkNetwork.from_walkways(lines, LITONG)


def test_a_point_snaps_to_the_nearest_place_of_the_nearest_edge():
    net = network("LINESTRING (0 0, 10 0, 10 10)", "LINESTRING (0 50, 10 50)")
    snap = net.snap(np.array([[4.0, 3.0], [13.0, 6.0], [-3.0, -4.0]]))
    assert snap.edge.tolist() == [0, 0, 0]
    assert snap.offset.tolist() == [4, 16, 0]
    assert snap.gap.tolist() == [3, 3, 5]
    assert snap.foot.tolist() == [[4, 0], [10, 6], [0, 0]]
    assert snap.point.tolist() == [[4, 3], [13, 6], [-3, -4]]
    assert len(snap) == 3


@pytest.mark.parametrize("step", [1, -1])
def test_of_equally_near_places_the_south_western_is_taken_in_any_order(step):
    lines = ["LINESTRING (0 1, 10 1)", "LINESTRING (0 -1, 10 -1)", "LINESTRING (4 2, 4 0)"][::step]
    snap = network(*lines).snap(np.array([[5.0, 0.0], [6.0, 0.0]]))
    assert snap.foot.tolist() == [[4, 0], [6, -1]]


def test_an_empty_network_has_nothing_to_snap_to():
    net = WalkNetwork.from_walkways(gpd.GeoSeries([], crs=LITONG))
    assert (len(net.nodes), len(net.edges), net.components) == (0, 0, 0)
    snap = net.snap(np.array([[1.0, 2.0]]))
    assert snap.edge.tolist() == [-1]
    assert np.isinf(snap.gap).all()
    assert np.isnan(snap.foot).all()


def test_measures_start_anew_at_every_edge():
    net = network("LINESTRING (0 0, 3 4, 3 5)", "LINESTRING (9 9, 9 7)")
    assert net.vertices.measure.tolist() == [0, 5, 6, 0, 2]
    assert net.vertices.first.tolist() == [0, 3, 5]
