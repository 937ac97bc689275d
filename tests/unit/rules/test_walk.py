"""Walks of the tiny town, added up by hand: two access legs of 10 m and the way between."""

from dataclasses import replace

import pytest
import shapely

from tests.tiny_town import (
    BUILDINGS,
    ESTATES,
    KINDERGARTEN,
    UNITS,
    facility,
    frame,
    lot,
    point,
    rows_with,
    tiny_town,
)


def test_the_farthest_unit_door_decides(judged):
    # A-1-1: 10 + (200-50) + 10 = 170. A-1-2: 10 + (60 down x=100) + (100 to x=200) + 10 = 180.
    found = judged(tiny_town(), "kindergarten.access").loc["A"]
    assert found["outcome"] == "met"
    assert found["value"] == pytest.approx(180)
    assert (found["origin_layer"], found["origin_id"]) == ("units", "A-1-2")
    assert (found["witness_id"], found["witness_name"]) == ("K", "示例幼儿园")
    assert (found["failing_members"], found["members"], found["exposed_households"]) == (0, 2, 0)
    assert found.geometry.length == pytest.approx(180)


def test_a_facility_of_several_points_is_one_place(judged):
    both = shapely.MultiPoint([point(200, -10), point(200, -10.5)])
    rows = [KINDERGARTEN | {"geometry": both}, facility("L", "kindergarten", 550, 90)]
    found = judged(tiny_town(facilities=rows), "kindergarten.access")
    assert found.loc["A", "value"] == pytest.approx(180, abs=0.6)
    assert found.loc["C", "value"] == pytest.approx(20)


def test_a_private_place_of_a_neighbour_counts_nowhere(judged):
    # L, at A's own street, is nearer to both units of A (170 and 180 m to K): 60 and 10 + 60 + 40.
    private = facility("L", "kindergarten", 100, -10, estate_id="A", is_public=False)
    found = judged(tiny_town(facilities=[KINDERGARTEN, private]), "kindergarten.access")
    assert found.loc["A", "value"] == pytest.approx(10 + 60 + 10)
    assert found.loc["A", "witness_id"] == "L"
    assert found.loc["A"].geometry.length == pytest.approx(80)
    alone = judged(tiny_town(), "kindergarten.access")
    assert found.loc[["B", "C"], "value"].tolist() == alone.loc[["B", "C"], "value"].tolist()


def test_a_private_place_alone_is_none_to_its_neighbours(judged):
    private = KINDERGARTEN | {"estate_id": "A", "is_public": False}
    found = judged(tiny_town(facilities=[private]), "kindergarten.access")["outcome"]
    assert found.to_dict() == {"A": "met", "B": "missing", "C": "missing"}
    nobodys = KINDERGARTEN | {"is_public": False}
    found = judged(tiny_town(facilities=[nobodys]), "kindergarten.access")["outcome"]
    assert set(found) == {"missing"}


def test_a_place_of_which_nobody_says_whom_it_serves_is_open_to_all(judged):
    unsaid = judged(tiny_town(), "kindergarten.access")["value"]
    said = tiny_town(facilities=[KINDERGARTEN | {"estate_id": "A", "is_public": True}])
    assert judged(said, "kindergarten.access")["value"].tolist() == unsaid.tolist()


def test_an_estate_without_units_walks_from_its_buildings(judged):
    # The southern corner of C-1 is its doorstep: 10 + (100 down, 350 west) + 10 = 470.
    # g = (470 - 300) / (1000 - 300).
    found = judged(tiny_town(), "kindergarten.access").loc["C"]
    assert found["outcome"] == "short"
    assert found["value"] == pytest.approx(470)
    assert found["severity"] == pytest.approx(170 / 700)
    assert (found["origin_layer"], found["origin_id"]) == ("buildings", "C-1")
    assert (found["failing_members"], found["members"], found["exposed_households"]) == (1, 1, 30)
    assert "步行 470 m 到示例幼儿园，超距，应不大于 300 m；" in found["reason_zh"]
    assert "1 个楼门超距（30 户）；" in found["reason_zh"]
    assert "阈值待核" in found["reason_zh"]


def test_an_estate_without_buildings_walks_from_its_open_gates(judged):
    gate = {"entrance_id": "G1", "estate_id": "C", "geometry": point(550, 110)}
    shut = gate | {"entrance_id": "G2", "state": "closed"}
    town = tiny_town(buildings=BUILDINGS[:2], entrances=[gate, shut])
    found = judged(town, "kindergarten.access").loc["C"]
    assert (found["origin_layer"], found["origin_id"], found["members"]) == ("entrances", "G1", 1)
    assert found["value"] == pytest.approx(470)
    assert "1 个出入口超距（30 户）" in found["reason_zh"]


def test_an_estate_without_any_door_is_unknown(judged):
    found = judged(tiny_town(buildings=BUILDINGS[:2]), "kindergarten.access")
    assert found.loc["C", "outcome"] == "unknown"
    assert found.loc["C", "lacking_zh"] == "单元"
    assert found.loc["C", "supplier"] == "区住房城乡建设和交通局"


def test_beyond_the_outer_distance_it_is_missing(judged):
    # Waste: met to 70 m, missing beyond 200 m. From B: 10 + 150 + 10 = 170; from C: 470.
    town = tiny_town(facilities=[facility("W", "waste", 200, -10)])
    found = judged(town, "waste.distance")
    assert found["outcome"].to_dict() == {"A": "short", "B": "short", "C": "missing"}
    assert found.loc["B", "severity"] == pytest.approx((170 - 70) / (200 - 70))
    assert found.loc["C", "severity"] == 1


@pytest.mark.parametrize("state", ["closed", "planned"])
def test_what_is_not_open_does_not_serve(judged, state):
    town = tiny_town(facilities=[KINDERGARTEN | {"state": state}])
    found = judged(town, "kindergarten.access")
    assert set(found["outcome"]) == {"missing"}
    assert found["value"].isna().all()
    assert found.geometry.isna().all()
    assert "到不了可用的幼儿园" in found.loc["A", "reason_zh"]


def test_a_kind_nobody_looked_for_is_unknown_not_missing(judged):
    town = replace(tiny_town(), surveyed_kinds=frozenset({"waste"}))
    nobody = replace(tiny_town(facilities=[]), surveyed_kinds=frozenset({"waste"}))
    found = judged(nobody, "kindergarten.access")
    assert set(found["outcome"]) == {"unknown"}
    assert set(found["lacking_en"]) == {"kindergarten"}
    assert set(found["supplier"]) == {"区教育局"}
    # One that is there anyway and near enough is proof enough.
    assert judged(town, "kindergarten.access").loc["A", "outcome"] == "met"
    assert judged(town, "kindergarten.access").loc["C", "outcome"] == "unknown"


def test_without_walkways_nothing_is_known_of_walks(judged):
    found = judged(tiny_town(walkways=[]), "kindergarten.access")
    assert set(found["outcome"]) == {"unknown"}
    assert set(found["lacking_zh"]) == {"步行道"}


def test_a_place_of_unknown_size_serves_only_perhaps(judged):
    # A parcel station wants 15 m2: one of unknown size near A (170, 180), a sure one at C (20 m).
    unsure = facility("P1", "parcel_station", 200, -10)
    sure = facility("P2", "parcel_station", 550, 90, floor_area_m2=20.0)
    small = facility("P3", "parcel_station", 50, -10, floor_area_m2=14.9)
    found = judged(tiny_town(facilities=[unsure, sure, small]), "parcel.station")
    # B: 10 + 50 east + 100 up + 150 east + 10 = 320 to P2, 170 to P1: perhaps met.
    assert found["outcome"].to_dict() == {"A": "unknown", "B": "unknown", "C": "met"}
    assert found.loc["A", "lacking_zh"] == "设施·建筑面积"
    assert found.loc["C", "witness_id"] == "P2"
    far = judged(tiny_town(facilities=[unsure, sure | {"floor_area_m2": 3.0}]), "parcel.station")
    assert far.loc["C", "outcome"] == "short"
    assert far.loc["C", "value"] == pytest.approx(470)


def test_a_private_shed_serves_its_own_estate_only(judged):
    shed = lot("E", 50, 90, kind="ebike_shed", estate_id="B", ebike_ports=4, is_public=False)
    own = lot("F", 310, -10, kind="ebike_shed", estate_id="B", ebike_ports=4, is_public=False)
    found = judged(tiny_town(parking=[shed, own]), "ebike.distance")
    # B walks 10 + 40 + 10 = 60 to its own; A, though nearer to E, may not use it.
    assert found["outcome"].to_dict() == {"A": "missing", "B": "met", "C": "missing"}
    assert found.loc["B", "value"] == pytest.approx(60)
    assert found.loc["B", "witness_name"] == "电动自行车棚 F"
    assert found.loc["B"].geometry.length == pytest.approx(60)
    public = judged(tiny_town(parking=[shed | {"is_public": True}]), "ebike.distance")
    # A-1-1: up x=0 or x=100: 10 + 50 + 100 + 50 + 10 = 220; A-1-2: 10 + 40 + 50 + 10 = 110.
    assert public.loc["A", "value"] == pytest.approx(220)
    unsaid = judged(tiny_town(parking=[shed | {"is_public": None}]), "ebike.distance")
    assert "步行 1,000 m 内到不了可用的电动自行车棚" in found.loc["A", "reason_zh"]
    assert unsaid.loc["A", "outcome"] == "short"  # even at best it is 220 m away
    assert unsaid.loc["C", "value"] == pytest.approx(520)  # 10 + 500 + 10 at best, if it is shared


def test_a_route_ends_at_the_place_one_may_use_not_at_the_neighbours(judged):
    # A's own shed at (300, -10): 10 + 250 + 10 = 270 from A-1-1, 280 from A-1-2; B's own at
    # (200, -10): 170. The other's would be nearer for both: 180 for A, 70 for B.
    of_a = lot("E", 300, -10, kind="ebike_shed", estate_id="A", ebike_ports=4, is_public=False)
    of_b = lot("F", 200, -10, kind="ebike_shed", estate_id="B", ebike_ports=4, is_public=False)
    found = judged(tiny_town(parking=[of_a, of_b]), "ebike.distance")
    assert found.loc["A", "witness_id"] == "E"
    assert found.loc["B", "witness_id"] == "F"
    assert found.loc["A"].geometry.length == pytest.approx(280)
    assert found.loc["B"].geometry.length == pytest.approx(170)


def test_a_farther_door_of_unknown_people_leaves_households_unknown(judged):
    rows = rows_with(UNITS, "B-1-1", households=None)
    estates = [row | {"households": None} for row in ESTATES]
    buildings = [row | {"households": None} for row in BUILDINGS]
    town = tiny_town(
        units=rows,
        estates=estates,
        buildings=buildings,
        facilities=[facility("W", "waste", 200, -10)],
    )
    found = judged(town, "waste.distance").loc["B"]
    assert found["outcome"] == "short"
    assert found["exposed_households"] != found["exposed_households"]  # NaN
    assert "1 个单元门超距" in found["reason_zh"]


def test_the_frame_helper_makes_an_empty_layer():
    assert len(frame("trees", [])) == 0
