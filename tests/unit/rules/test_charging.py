"""Charging in the tiny town: cars by share or walk, e-bikes by ports, separation and place."""

import pytest

from tests.tiny_town import UNITS, lot, tiny_town

LOT = lot("P1", 50, 50, estate_id="A", spaces=20, ev_spaces=1, ev_ready_spaces=3, is_public=False)
BARE = lot("P1", 50, 50, estate_id="A", spaces=20, ev_spaces=0, is_public=False)


def station(x: float, y: float, **more):
    """Return a public charging station."""
    return lot("S", x, y, kind="charging_station", **more)


def test_enough_chargers_or_a_public_one_in_reach_will_do(judged):
    # No bay with a charger anywhere. The station at (200, -10) is 180 m from A's farther door,
    # 170 m from B, 470 m from C: within 500 m for all.
    found = judged(tiny_town(parking=[BARE, station(200, -10)]), "ev.old")
    assert set(found["outcome"]) == {"met"}
    assert found.loc["A", "value"] == pytest.approx(180)  # the leg that decided
    assert found.loc["A", ["op", "threshold", "unit"]].tolist() == ["<=", 500, "m"]
    assert found.loc["A", "severity"] == 0
    assert found.loc["A", "witness_id"] == "S"
    assert found.loc["A", "origin_id"] == "A-1-2"
    assert found.loc["A"].geometry.length == pytest.approx(180)
    assert "步行 180 m 到公共充电站 S，在 500 m 以内，可以代替" in found.loc["A", "reason_zh"]


def test_one_charging_bay_is_enough_and_none_is_missing(judged):
    found = judged(tiny_town(parking=[LOT]), "ev.old")
    assert found["outcome"].to_dict() == {"A": "met", "B": "missing", "C": "missing"}
    assert found.loc["A", "value"] == 1
    assert found.loc["B", "severity"] == 1
    assert "步行 500 m 内也没有公共充电设施" in found.loc["B", "reason_zh"]
    assert found.geometry.isna().all()


def test_a_station_said_to_be_private_does_not_serve_others(judged):
    found = judged(tiny_town(parking=[station(350, -10, is_public=False)]), "ev.old")
    assert set(found["outcome"]) == {"missing"}


def test_a_lot_whose_sharing_nobody_stated_may_serve(judged):
    maybe = lot("P2", 200, -10, ev_spaces=2)
    found = judged(tiny_town(parking=[maybe]), "ev.old")
    assert set(found["outcome"]) == {"unknown"}


def test_a_door_that_reaches_nothing_for_sure_decides_whichever_comes_last(judged):
    # The lot at (400, 190), if shared, is 460 m from A-1-2 and 570 m from A-1-1: too far for one.
    maybe = lot("P2", 400, 190, ev_spaces=2)
    for units in (UNITS, UNITS[::-1]):
        found = judged(tiny_town(parking=[maybe], units=units), "ev.old")
        assert found.loc["A", "outcome"] == "missing"


def test_new_estates_want_every_bay_ready(judged):
    found = judged(tiny_town(parking=[LOT]), "ev.new")
    assert found.loc["A", "value"] == pytest.approx(4 / 20)
    assert found.loc["B", "outcome"] == "not_applicable"  # no bays to make ready


def test_ports_count_within_a_short_walk(judged):
    # The shed at (50, 90) is 110 m from A-1-2 (8 households) and 220 m from A-1-1 (12): only the
    # 8 use it, 4 ports for them; over the estate's 20 households that is 4/20.
    shed = lot("E", 50, 90, kind="ebike_shed", estate_id="A", ebike_ports=4, is_public=False)
    found = judged(tiny_town(parking=[shed]), "ebike.ports")
    assert found.loc["A", "value"] == pytest.approx(0.2)
    assert found.loc["A", "outcome"] == "short"
    assert found.loc["B", "outcome"] == "missing"


@pytest.mark.slow
def test_a_shed_keeps_its_distance_from_exit_and_wall(judged):
    def sheds(**columns):
        return tiny_town(parking=[lot("E", 50, 50, kind="ebike_shed", estate_id="A", **columns)])

    def outcome(**columns):
        return judged(sheds(**columns), "ebike.separation").loc["A", "outcome"]

    assert outcome(exit_m=6.0, wall_m=3.0) == "met"
    assert outcome(exit_m=6.0, wall_m=2.5) == "short"
    assert outcome(exit_m=5.0, wall_m=3.0) == "short"
    assert outcome(exit_m=6.0) == "unknown"
    assert outcome(wall_m=2.5) == "short"  # whatever the exit's distance is
    assert outcome(wall_m=3.0) == "unknown"
    assert judged(sheds(), "ebike.separation").loc["B", "outcome"] == "not_applicable"


def test_of_two_sheds_too_near_the_wall_the_one_with_a_known_distance_is_named(judged):
    sheds = [
        lot("E", 50, 50, kind="ebike_shed", estate_id="A", wall_m=2.6),
        lot("F", 60, 50, kind="ebike_shed", estate_id="A", wall_m=2.6, exit_m=8.0),
    ]
    found = judged(tiny_town(parking=sheds), "ebike.separation").loc["A"]
    assert (found["outcome"], found["witness_id"]) == ("short", "F")


def test_a_place_for_e_bikes_is_there_or_not(judged):
    shed = lot("E", 50, 50, kind="ebike_shed", estate_id="A")
    found = judged(tiny_town(parking=[shed]), "ebike.place")
    assert found["outcome"].to_dict() == {"A": "met", "B": "missing", "C": "missing"}
    assert set(judged(tiny_town(), "ebike.place")["outcome"]) == {"unknown"}
