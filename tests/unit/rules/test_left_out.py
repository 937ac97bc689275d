"""What a survey left out in an estate is unknown there: neither missing nor not applicable."""

import pytest

from tests.tiny_town import ESTATES, lot, point, rows_with, square, tiny_town

LANE = {
    "lane_id": "L",
    "kind": "lane",
    "estate_id": "A",
    "blocked_m": 0.0,
    "geometry": square(0, 20, 100, 4),
}


def estates(key="A", **columns):
    """Return the estates, one with what its survey left out."""
    return rows_with(ESTATES, key, **columns)


def test_bays_that_nobody_looked_for_are_not_missing(judged):
    own = lot("P", 350, 50, estate_id="B", spaces=10, is_public=False)
    town = tiny_town(estates=estates(parking_surveyed=False), parking=[own])
    found = judged(town, "parking.ratio.new")
    assert found["outcome"].to_dict() == {"A": "unknown", "B": "met", "C": "missing"}
    assert found.loc["A", "lacking_zh"] == "停车与充电"
    pooled = judged(town, "parking.ratio.old")["outcome"]
    assert pooled.to_dict() == {"A": "unknown", "B": "met", "C": "missing"}


def test_bays_that_are_recorded_beside_those_that_nobody_looked_for_may_be_enough(judged):
    lots = [lot("P", 50, 50, estate_id="A", spaces=25, is_public=False)]
    town = tiny_town(estates=estates(parking_surveyed=False), parking=lots)
    assert judged(town, "parking.ratio.new").loc["A", "outcome"] == "met"


def test_a_shed_that_nobody_looked_for_is_not_ruled_out(judged):
    town = tiny_town(
        estates=estates(parking_surveyed=False),
        parking=[lot("E", 350, 50, kind="ebike_shed", estate_id="B", exit_m=9.0, wall_m=4.0)],
    )
    found = judged(town, "ebike.separation")["outcome"]
    assert found.to_dict() == {"A": "unknown", "B": "met", "C": "not_applicable"}
    walk = judged(town, "ebike.distance")["outcome"]
    assert walk.loc["A"] == "unknown"


@pytest.mark.parametrize(("said", "outcome"), [(None, "met"), (True, "met"), (False, "unknown")])
def test_a_lane_is_free_only_if_somebody_looked_what_stands_on_it(judged, said, outcome):
    pole = {"pole_id": "X", "kind": "power", "geometry": point(350, 50)}
    wall = {"wall_id": "W", "kind": "enclosure", "geometry": square(310, 10, 1, 1).exterior}
    ground = {"paving_id": "G", "kind": "parking", "geometry": square(320, 70, 5, 5)}
    tree = {"tree_id": "T", "kind": "tree", "geometry": point(355, 55)}
    layers = {"poles": [pole], "walls": [wall], "paving": [ground], "trees": [tree]}
    town = tiny_town(estates=estates(ground_surveyed=said), fire_lanes=[LANE], **layers)
    assert judged(town, "fire.obstruction").loc["A", "outcome"] == outcome
    assert judged(town, "fire.obstruction").loc["B", "outcome"] == "not_applicable"
