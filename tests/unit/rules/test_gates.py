"""Gates of the tiny town: from B one leaves by an open entrance to the kindergarten at 200, -10."""

import numpy as np
import pytest
import shapely

from tests.tiny_town import facility, line, point, streets, tiny_town

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


def test_a_walkway_across_the_outline_without_a_gate_is_none(judged):
    found = walk(judged, [gate("N", 350, 90)], SOUTH, NORTH)
    assert found["value"] == pytest.approx(5 + 75 + np.hypot(50, 10) + 200 + 10)


def test_where_no_entrance_is_recorded_the_walkways_are_open(judged):
    found = walk(judged, [], SOUTH, NORTH)
    assert found["value"] == pytest.approx(5 + 55 + 100 + 10)


def test_with_closed_gates_alone_only_those_are_closed(judged):
    found = walk(judged, [gate("S", 313, 10, "closed")], SOUTH, NORTH)
    assert found["value"] == pytest.approx(5 + 75 + np.hypot(50, 10) + 200 + 10)


def test_a_path_that_ends_at_the_closed_gate_leads_nowhere(judged):
    found = walk(judged, [gate("S", 313, 10, "closed"), gate("N", 350, 90)], SOUTH)
    assert found["outcome"] == "unknown"
    assert found["lacking_zh"] == "步行网不连通"
    assert found["lacking_en"] == "walkways not connected"
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
