"""Places of the tiny town: counted once, entered at the nearest point, and large enough."""

import pytest
import shapely

from tests.tiny_town import KINDERGARTEN, facility, lot, point, tiny_town

CENTRE = facility("D", "elder_day_care", 200, -10, name="中心", floor_area_m2=120.0)


def test_a_place_with_several_entrances_is_reached_at_the_nearest(judged):
    # At (200, -10) 180 m from A; at (550, 90) 20 m from C. B: 170 m to the first.
    both = shapely.MultiPoint([point(200, -10), point(550, 90)])
    found = judged(tiny_town(facilities=[KINDERGARTEN | {"geometry": both}]), "kindergarten.access")
    assert found["value"].to_dict() == pytest.approx({"A": 180, "B": 170, "C": 20})
    assert set(found["witness_id"]) == {"K"}
    assert found.geometry.length.to_dict() == pytest.approx({"A": 180, "B": 170, "C": 20})


def test_what_is_shared_is_shared_by_all_who_reach_any_entrance(judged):
    # A and B reach (200, -10), C (550, 90): 120 m2 for 60 households.
    both = shapely.MultiPoint([point(200, -10), point(550, 90)])
    found = judged(tiny_town(facilities=[CENTRE | {"geometry": both}]), "elder.area100.old")
    assert found["value"].to_dict() == pytest.approx({"A": 200, "B": 200, "C": 200})


@pytest.mark.parametrize(
    "twin",
    [
        {"name": "中心", "geometry": point(290, -10)},  # 90 m off, the same name
        {"name": None, "geometry": point(200.5, -10)},  # half a metre off, without a name
    ],
)
def test_two_records_of_one_place_count_once(judged, twin):
    found = judged(
        tiny_town(facilities=[CENTRE, CENTRE | {"facility_id": "E"} | twin]), "elder.area100.old"
    )
    assert found.loc["A", "value"] == pytest.approx(400)  # 120 m2 for 30 households, not 240
    assert found.loc["A", "witness_id"] == "D"


@pytest.mark.parametrize(
    "other",
    [
        {"name": "另一中心"},  # at the same spot, but another name
        {"geometry": point(350, -10)},  # the same name, 150 m off
        {"kind": "elder_station"},  # another kind
    ],
)
def test_two_places_stay_two(judged, other):
    rows = [CENTRE, CENTRE | {"facility_id": "E"} | other]
    found = judged(tiny_town(facilities=rows), "elder.area100.old")
    assert found.loc["B", "value"] > 700  # 240 m2 for 30 households


def test_what_two_records_contradict_each_other_on_is_unknown(judged):
    twin = CENTRE | {"facility_id": "E", "floor_area_m2": 90.0}
    found = judged(tiny_town(facilities=[CENTRE, twin]), "elder.area100.old")
    assert found.loc["A", "outcome"] == "unknown"
    assert found.loc["A", "lacking_zh"] == "设施·建筑面积"


def test_bays_recorded_twice_are_there_once(judged):
    own = lot("P", 50, 50, estate_id="A", spaces=10)
    found = judged(tiny_town(parking=[own, own | {"parking_id": "Q"}]), "parking.ratio.new")
    assert found.loc["A", "value"] == pytest.approx(0.5)


def test_a_station_below_the_least_size_is_none(judged):
    small = facility("S", "elder_station", 200, -10, floor_area_m2=16.8)
    found = judged(tiny_town(facilities=[small]), "elder.access")
    assert set(found["outcome"]) == {"missing"}
    assert set(judged(tiny_town(facilities=[small]), "elder.area100.old")["outcome"]) == {"missing"}
    unsaid = tiny_town(facilities=[small | {"floor_area_m2": None}])
    assert judged(unsaid, "elder.access").loc["A", "outcome"] == "met"  # it is there


def test_no_place_of_a_kind_in_reach_is_a_gap(judged):
    found = judged(tiny_town(), "elder.centre_size")
    assert set(found["outcome"]) == {"missing"}
    assert set(found["severity"]) == {1.0}
    said = "可达的日间照料中心建筑面积：步行 1,000 m 内没有日间照料中心"
    assert found.loc["A", "reason_zh"].startswith(said)
    assert "no elder day-care centre within a walk of 1,000 m" in found.loc["A", "reason_en"]
    sizes = judged(tiny_town(facilities=[]), "kindergarten.size")
    assert set(sizes["outcome"]) == {"missing"}
