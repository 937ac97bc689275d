"""The town on the map: what may overlap, what lies in what, and what a wall keeps apart."""

import numpy as np
import pytest
import shapely

from answer_key.walks import split


def own(frame):
    return frame[frame["estate_id"].notna()]


def crossing_pairs(shapes):
    """Pairs of shapes that share ground, not only an edge."""
    shapes = np.asarray(shapes, dtype=object)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < other
    shared = shapely.area(shapely.intersection(shapes[one[pairs]], shapes[other[pairs]]))
    return int((shared > 1e-3).sum())


@pytest.mark.parametrize("layer", ["buildings", "estates"])
def test_nothing_overlaps_in(district, layer):
    assert crossing_pairs(district[layer].geometry) == 0


def test_every_building_stands_inside_its_estate(district):
    estates = district["estates"].set_index("estate_id").geometry
    buildings = own(district["buildings"])
    ground = estates.loc[buildings["estate_id"]].to_numpy()
    assert shapely.contains(ground, buildings.geometry.to_numpy()).all()


def test_infill_stands_outside_every_estate(district):
    infill = district["buildings"][district["buildings"]["estate_id"].isna()]
    tree = shapely.STRtree(district["estates"].geometry.to_numpy())
    touched, _ = tree.query(infill.geometry.to_numpy(), predicate="intersects")
    assert len(touched) == 0
    assert len(infill) > 500  # the ground between the estates is not empty


def test_nothing_is_built_on_a_carriageway(district):
    roads = district["paving"][district["paving"]["estate_id"].isna()].geometry.to_numpy()
    built, _ = shapely.STRtree(roads).query(
        district["buildings"].geometry.to_numpy(), predicate="intersects"
    )
    assert len(built) == 0


def test_unit_doors_stand_on_the_outline_of_their_building(district):
    outline = district["buildings"].set_index("building_id").geometry.exterior
    units = district["units"]
    mine = outline.loc[units["building_id"]].to_numpy()
    assert shapely.distance(mine, units.geometry.to_numpy()).max() < 2e-4  # 0.1 mm grid


def test_towns_are_schematic_and_hold_their_estates(district):
    towns = district["towns"].set_index("town_id")
    assert towns["schematic"].all()
    estates = district["estates"]
    around = towns.geometry.loc[estates["town_id"]].to_numpy()
    assert shapely.contains_properly(around, estates.geometry.to_numpy()).all()
    assert crossing_pairs(towns.geometry) == 0


def test_jinji_lies_eight_to_ten_kilometres_from_the_town(district):
    centre = district["estates"].dissolve("town_id").centroid
    assert 8_000 < centre["640302100"].distance(centre["640302106"]) < 10_000


def test_one_estate_lies_inside_another_and_one_is_split_by_a_lane(district):
    shapes = district["estates"].set_index("name").geometry
    host, guest = shapes["利水南苑"], shapes["工行楼"]
    assert shapely.Polygon(host.exterior).contains(guest)
    assert not host.intersects(guest.buffer(-0.01))
    assert shapes["银塔南区"].geom_type == "MultiPolygon"


def test_the_streets_are_one_network(district):
    assert district.network.components == 1


def test_walls_are_crossed_at_open_gates_only(district):
    gates = district["entrances"]
    open_gates = gates[gates["state"] == "open"].geometry.to_numpy()
    edges = shapely.boundary(district["estates"].geometry.to_numpy())
    lines = district["walkways"].geometry.to_numpy()
    line, edge = shapely.STRtree(edges).query(lines, predicate="intersects")
    where = shapely.get_parts(shapely.intersection(lines[line], edges[edge]))
    assert (shapely.get_dimensions(where) == 0).all()  # none runs along a wall
    tree = shapely.STRtree(open_gates)
    _, gap = tree.query_nearest(where, return_distance=True, all_matches=False)
    assert gap.max() < 0.01
    assert len(where) >= len(open_gates) - 1


def test_a_closed_gate_lets_no_one_through(district):
    gates = district["entrances"]
    shut = gates[gates["state"] == "closed"].geometry.to_numpy()
    walkways = district["walkways"].geometry.to_numpy()
    _, gap = shapely.STRtree(walkways).query_nearest(shut, return_distance=True, all_matches=False)
    assert len(shut) > 0
    assert gap.min() > 1.0


def test_the_canal_is_crossed_on_two_bridges_only(district, ground):
    canal = shapely.LineString(ground.frame.canal)
    over = district["walkways"][district["walkways"].geometry.crosses(canal)]
    assert set(over["kind"]) == {"bridge"}
    assert over["name"].unique().tolist() == ["样例渠"]
    across = over.geometry.centroid
    # each bridge has a footway on both sides: two groups, far apart
    assert len(over) == 4
    assert (across.x.sort_values().diff() > 200).sum() == 1


def test_crossings_join_corners_of_blocks_only(ground):
    streets, ring = ground.streets, ground.frame.ring.reshape(-1, 2)
    corners = {tuple(xy) for xy in ring.tolist()}
    ends = streets.lines[np.isin(streets.kind, ["crossing", "bridge"])].reshape(-1, 2)
    assert len(ends) > 0
    assert {tuple(xy) for xy in ends.tolist()} <= corners


def test_some_lanes_are_dead_ends(ground):
    lines = ground.streets.lines.reshape(-1, 2)
    _, count = np.unique(lines, axis=0, return_counts=True)
    assert (count == 1).sum() >= 10


def test_walking_is_a_quarter_to_three_fifths_longer_than_flying(district, ground):
    # Pairs of a unit door and a facility on the street at most a kilometre apart; walks by a
    # second method (Dijkstra on an explicitly split graph).
    facilities = district["facilities"]
    places = facilities[(facilities["state"] == "open") & facilities["estate_id"].isna()]
    points = shapely.get_coordinates(places.geometry.to_numpy())
    doors = ground.units.door
    graph = split(ground.streets.lines, np.concatenate([points, doors]))
    walks = graph.distances(np.arange(len(points)), 5000.0)[:, len(points) :][:, : len(doors)]
    apart = np.hypot(*(points[:, None] - doors[None]).transpose(2, 0, 1))
    pairs = (apart > 20) & (apart < 1000)
    assert 1.25 < (walks[pairs] / apart[pairs]).mean() < 1.6


def test_the_old_estates_look_like_old_estates(district):
    buildings, estates = own(district["buildings"]), district["estates"]
    density = estates["floor_area_m2"] / estates.geometry.area
    built = buildings.assign(area=buildings.geometry.area).groupby("estate_id")["area"].sum()
    cover = built / estates.set_index("estate_id").geometry.area
    is_guest = (estates["name"] == "工行楼").to_numpy()  # its walls stand close round one building
    assert density[~is_guest].between(0.5, 2.3).all()
    assert cover[~is_guest].between(0.12, 0.45).all()
    assert estates["built_year"].between(1981, 2000).all()
    units = district["units"]
    assert units["has_lift"].mean() < 0.2  # few lifts
