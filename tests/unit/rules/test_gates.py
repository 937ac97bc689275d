"""Gates of the tiny town: from B one leaves by an open entrance to the kindergarten at 200, -10."""

import numpy as np
import pytest
import shapely

from tests.tiny_town import ESTATES, UNITS, facility, line, point, square, streets, tiny_town

# From the crossing at (300, 0) into B, past its unit door at (350, 10): 25 + 30 m. It crosses the
# outline at (313.3, 10). The other way leads on through the north side at (350, 90) to (300, 100).
SOUTH = {"walkway_id": "P1", "geometry": line((300, 0), (320, 15), (350, 15))}
NORTH = {"walkway_id": "P2", "geometry": line((350, 15), (350, 90), (300, 100))}


def gate(key, x, y, state="open"):
    """Return an entrance of B."""
    return {"entrance_id": key, "estate_id": "B", "state": state, "geometry": point(x, y)}


def walk(judged, gates, *paths):
    """Return what is found of the walk from B to the kindergarten."""
    town = tiny_town(entrances=gates, walkways=[*streets(), *paths])
    return judged(town, "kindergarten.access").loc["B"]


def test_a_walk_leaves_through_an_open_gate(judged):
    found = walk(judged, [gate("S", 313, 10), gate("N", 350, 90)], SOUTH, NORTH)
    assert found["value"] == pytest.approx(5 + 55 + 100 + 10)


def test_a_closed_gate_stops_it_and_the_other_one_is_taken(judged):
    found = walk(judged, [gate("S", 313, 10, "closed"), gate("N", 350, 90)], SOUTH, NORTH)
    # 5 to the path, 75 to the north gate, 51 to (300, 100), 200 along the streets, 10
    assert found["value"] == pytest.approx(5 + 75 + np.hypot(50, 10) + 200 + 10)
    assert found.geometry.length == pytest.approx(found["value"])


@pytest.mark.parametrize(
    ("south", "north", "is_said"),
    [(None, "open", True), ("open", None, False), ("open", "open", False), (None, "closed", True)],
)
def test_a_walk_says_that_it_takes_a_gate_of_unknown_state_for_open(judged, south, north, is_said):
    # The walk is through the south gate: nothing is said of the north gate, which it does not pass.
    found = walk(judged, [gate("S", 313, 10, south), gate("N", 350, 90, north)], SOUTH, NORTH)
    assert found["value"] == pytest.approx(5 + 55 + 100 + 10)
    assert ("途经开放状态没有登记的出入口，按开放计算" in found["reason_zh"]) == is_said
    assert ("takes a gate for open whose state is not recorded" in found["reason_en"]) == is_said


def test_a_walkway_across_the_outline_without_a_gate_is_none(judged):
    found = walk(judged, [gate("N", 350, 90)], SOUTH, NORTH)
    assert found["value"] == pytest.approx(5 + 75 + np.hypot(50, 10) + 200 + 10)


def test_where_no_entrance_is_recorded_the_walkways_are_open(judged):
    found = walk(judged, [], SOUTH, NORTH)
    assert found["value"] == pytest.approx(5 + 55 + 100 + 10)


def test_with_closed_gates_alone_nobody_leaves(judged):
    found = walk(judged, [gate("S", 313, 10, "closed")], SOUTH, NORTH)
    assert found["outcome"] == "unknown"
    assert found["lacking_zh"] == "与全区相连的步行道"


def test_closed_gates_alone_shut_in_a_door_without_walkways_too(judged):
    assert walk(judged, [gate("S", 350, 10, "closed")])["outcome"] == "unknown"
    assert inside(judged, 385, 50, [gate("W", 310, 50, "closed")])["outcome"] == "missing"


IN_PIECES = [
    {"walkway_id": "Q1", "geometry": line((300, 0), (310, 7.5), (313.3, 10))},
    {"walkway_id": "Q2", "geometry": line((313.3, 10), (316, 12))},
    {"walkway_id": "Q3", "geometry": line((316, 12), (320, 13), (350, 13))},
]
"""Split at the outline of B, and nowhere as much as 5 m inside."""


@pytest.mark.parametrize(("state", "way"), [("open", True), (None, True), ("closed", False)])
def test_walkways_split_at_the_outline_pass_the_gate_as_one_does(judged, state, way):
    whole = shapely.line_merge(shapely.MultiLineString([p["geometry"] for p in IN_PIECES]))
    one = [{"walkway_id": "Q", "geometry": whole}]
    for paths in (IN_PIECES, one):
        found = walk(judged, [gate("S", 313, 10, state)], *paths)
        # The door at (350, 10) is 3 m from the path, 10 m from the street beyond the wall.
        expected = pytest.approx(3 + whole.length + 100 + 10, abs=0.01)
        assert found["value"] == expected if way else found["outcome"] == "unknown"


@pytest.mark.parametrize("y", [9.0, 10.0, 11.5])
def test_a_pavement_along_the_outline_is_no_way_in_and_stays_whole(judged, y):
    # From (300, 0) along the southern wall of B, with no gate there, and on to (400, 0).
    pavement = {"walkway_id": "V", "geometry": line((300, 0), (305, y), (395, y), (400, 0))}
    place = [facility("K", "kindergarten", 395, y + 0.5)]
    town = tiny_town(
        facilities=place, entrances=[gate("N", 350, 90)], walkways=[*streets(), pavement]
    )
    # A walks 10 + 60 + 200 to (300, 0), then the pavement to K; the door of B at (350, 10) is
    # beside the pavement.
    found = judged(town, "kindergarten.access")["value"]
    assert found["A"] == pytest.approx(10 + 60 + 200 + np.hypot(5, y) + 90 + 0.5, abs=0.01)
    assert found["B"] == pytest.approx(abs(y - 10) + 45 + 0.5, abs=0.01)


def test_a_lane_off_such_a_pavement_needs_a_gate(judged):
    pavement = {"walkway_id": "V", "geometry": line((300, 0), (305, 12), (330, 12))}
    onward = {"walkway_id": "V2", "geometry": line((330, 12), (395, 12), (400, 0))}
    lane = {"walkway_id": "L", "geometry": line((330, 12), (330, 50), (350, 50))}
    unit = [UNITS[2] | {"geometry": point(350, 55)}]
    for state, outcome in (("open", "met"), ("closed", "unknown")):
        town = tiny_town(
            units=unit,
            entrances=[gate("S", 330, 11, state)],
            walkways=[*streets(), pavement, onward, lane],
        )
        assert judged(town, "kindergarten.access").loc["B", "outcome"] == outcome


def test_a_walkway_that_stops_short_of_the_outline_is_joined_by_nothing(judged):
    inner = {"walkway_id": "I", "geometry": line((312, 50), (350, 50))}
    unit = [UNITS[2] | {"geometry": point(350, 55)}]
    town = tiny_town(units=unit, entrances=[gate("W", 310, 50)], walkways=[*streets(), inner])
    assert judged(town, "kindergarten.access").loc["B", "outcome"] == "unknown"


def test_a_path_far_from_every_outline_is_joined_by_nothing_either(judged):
    inner = {"walkway_id": "I", "geometry": line((340, 50), (350, 50))}
    unit = [UNITS[2] | {"geometry": point(350, 55)}]
    town = tiny_town(units=unit, entrances=[gate("W", 310, 50)], walkways=[*streets(), inner])
    assert judged(town, "kindergarten.access").loc["B", "outcome"] == "unknown"


def test_a_place_beyond_the_wall_is_not_entered_through_it(judged):
    # K is 8 m north of B, 12 m from the path inside and 22 m from the street east of it.
    path = {"walkway_id": "P", "geometry": line((300, 50), (378, 50), (378, 86))}
    place = [facility("K", "kindergarten", 378, 98)]
    walls = {"entrances": [gate("W", 310, 50)], "facilities": place}
    grid = [one for one in streets() if not one["geometry"].equals(line((300, 100), (400, 100)))]
    found = judged(tiny_town(walkways=[*grid, path], **walls), "kindergarten.access")
    # A: 10 + 60 + 300 to (400, 0), 98 up, 22.
    assert found.loc["A", "value"] == pytest.approx(10 + 60 + 300 + 98 + 22)


def test_a_gate_between_two_estates_is_recorded_with_one_of_them(judged):
    # D adjoins B in the east, and its only way out is through B; the gate between is D's.
    d = {"estate_id": "D", "name": "丁", "households": 5, "geometry": square(390, 10, 80, 80)}
    door = UNITS[2] | {"unit_id": "D-1", "estate_id": "D", "geometry": point(430, 50)}
    grid = [one for one in streets() if not one["geometry"].equals(line((400, 0), (400, 100)))]
    between = gate("D", 390, 50) | {"estate_id": "D"}
    lane = {"walkway_id": "L", "geometry": line((300, 100), (330, 50), (390, 50))}
    for state, outcome in (("open", "short"), ("closed", "unknown")):
        town = tiny_town(
            estates=[*ESTATES, d],
            units=[*UNITS, door],
            entrances=[gate("W", 312, 80), between | {"state": state}],
            walkways=[*grid, lane],
        )
        assert judged(town, "kindergarten.access").loc["D", "outcome"] == outcome


def test_a_path_that_ends_at_the_closed_gate_leads_nowhere(judged):
    found = walk(judged, [gate("S", 313, 10, "closed"), gate("N", 350, 90)], SOUTH)
    assert found["outcome"] == "unknown"
    assert found["lacking_zh"] == "与全区相连的步行道"
    assert found["lacking_en"] == "connected walkways"
    assert found["supplier"] == "区住房城乡建设和交通局"


def test_without_walkways_inside_the_way_goes_straight_to_the_nearest_open_gate(judged):
    # Straight to (390, 50): 56.6, 10 to the street at x = 400, 50 down, 200 west, 10.
    leg = np.hypot(40, 40)
    east = walk(judged, [gate("E", 390, 50)])
    assert east["value"] == pytest.approx(leg + 10 + 50 + 200 + 10)
    assert east.geometry.length == pytest.approx(east["value"])
    # By (310, 50): 56.6, 10 to the street at x = 300, 50 down, 100 west, 10.
    both = walk(judged, [gate("E", 390, 50), gate("W", 310, 50)])
    assert both["value"] == pytest.approx(leg + 10 + 50 + 100 + 10)
    shut = walk(judged, [gate("E", 390, 50), gate("W", 310, 50, "closed")])
    assert shut["value"] == pytest.approx(east["value"])
    unsaid = walk(judged, [gate("E", 390, 50), gate("W", 310, 50, None)])
    assert unsaid["value"] == pytest.approx(both["value"])


def test_a_door_beside_an_open_gate_walks_out_there(judged):
    assert walk(judged, [gate("S", 350, 10)])["value"] == pytest.approx(170)


def inside(judged, x, y, gates, *paths):
    """Return what is found of the walk from A to a kindergarten in the grounds of B."""
    place = [facility("K", "kindergarten", x, y)]
    town = tiny_town(facilities=place, entrances=gates, walkways=[*streets(), *paths])
    return judged(town, "kindergarten.access").loc["A"]


def test_a_place_inside_is_entered_by_an_open_gate(judged):
    # The street at x = 400 is 15 m from (385, 50), but for the wall: by the gate W at (310, 50) it
    # is 10 + 250 to (300, 0), 50 up, 10 to the gate, 75 straight on.
    wall = inside(judged, 385, 50, [gate("W", 310, 50)])
    assert wall["value"] == pytest.approx(10 + 250 + 50 + 10 + 75)
    assert wall.geometry.length == pytest.approx(wall["value"])
    last = shapely.points(shapely.get_coordinates(wall.geometry)[-2:]).tolist()
    assert last == [point(310, 50), point(385, 50)]


def test_the_nearest_of_several_open_gates_leads_to_a_place_inside(judged):
    # 10 + 250 to (300, 0), 50 up, 10 to the gate W, 40 on. By E it is 100 more.
    both = [gate("W", 310, 50), gate("E", 390, 50)]
    assert inside(judged, 350, 50, both)["value"] == pytest.approx(360)
    both[0]["state"] = "closed"
    assert inside(judged, 350, 50, both)["value"] == pytest.approx(460)


def test_a_place_inside_is_entered_from_a_path_inside(judged):
    # The path from the gate W ends 20 m from the place, which is 15 m from the street.
    path = {"walkway_id": "P", "geometry": line((300, 50), (365, 50))}
    split = [one for one in streets() if not one["geometry"].equals(line((300, 0), (300, 100)))]
    halves = [
        {"walkway_id": "H1", "geometry": line((300, 0), (300, 50))},
        {"walkway_id": "H2", "geometry": line((300, 50), (300, 100))},
    ]
    place = [facility("K", "kindergarten", 385, 50)]
    town = tiny_town(
        facilities=place, entrances=[gate("W", 310, 50)], walkways=[*split, *halves, path]
    )
    found = judged(town, "kindergarten.access").loc["A"]
    assert found["value"] == pytest.approx(10 + 250 + 50 + 65 + 20)


def test_a_place_at_the_edge_opens_to_the_street(judged):
    # (386, 50) is 4 m inside: 10 + 350, 50 up, 14.
    assert inside(judged, 386, 50, [gate("W", 310, 50)])["value"] == pytest.approx(424)


def test_where_no_gate_was_recorded_a_place_is_entered_from_the_street(judged):
    # 10 + 350, 50 up, 15.
    assert inside(judged, 385, 50, [])["value"] == pytest.approx(425)


def test_other_estates_walk_as_before(judged):
    town = tiny_town(entrances=[gate("E", 390, 50)])
    assert judged(town, "kindergarten.access").loc["A", "value"] == pytest.approx(180)
