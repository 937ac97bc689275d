"""Who shares what can be walked to in the tiny town: estates, people outside, those left out."""

import pytest

from tests.tiny_town import BUILDINGS, UNITS, facility, lot, rows_with, square, tiny_town

CENTRE = facility("D", "elder_day_care", 200, -10, name="日间照料中心", floor_area_m2=120.0)
HOME = {"building_id": "X", "use": "residential", "geometry": square(195, 10, 10, 12)}
NOBODY_LOOKED = BUILDINGS[:-1]
"""Buildings without the shop outside the estates."""


def town(*outside, **more):
    """Return the town with the centre and some buildings outside the estates."""
    return tiny_town(buildings=[*BUILDINGS, *outside], facilities=[CENTRE | more])


def test_a_private_place_is_shared_by_its_own_estate_alone(judged):
    # 120 m2 for the 20 households of A; B has nothing, and X outside does not share.
    mine = {"estate_id": "A", "is_public": False}
    found = judged(town(HOME | {"households": 30}, **mine), "elder.area100.old")
    assert found["value"].to_dict() == pytest.approx({"A": 600, "B": 0, "C": 0})
    assert "由步行 300 m 内 1 个小区 20 户分摊" in found.loc["A", "reason_zh"]


def test_a_private_place_is_the_largest_in_reach_of_its_own_estate_alone(judged):
    mine = {"estate_id": "A", "is_public": False}
    found = judged(town(**mine), "elder.centre_size")["outcome"]
    assert found.loc["B"] == found.loc["C"] == "missing"
    assert found.loc["A"] != "missing"


def test_households_counted_outside_share_too(judged):
    # A (20) and B (10) walk 170 to 180 m, X (30) 20 to 25 m: 120 m2 for 60 households.
    found = judged(town(HOME | {"households": 30}), "elder.area100.old")
    assert found["value"].to_dict() == pytest.approx({"A": 200, "B": 200, "C": 0})
    assert (
        "日间照料中心由步行 300 m 内 2 个小区 30 户及周边 30 户分摊" in found.loc["A", "reason_zh"]
    )
    said = "日间照料中心 is shared by 30 households in 2 estates and 30 households nearby"
    assert said in found.loc["A", "reason_en"]


def test_a_single_household_is_told_as_one(judged):
    found = judged(town(HOME | {"households": 1}), "elder.area100.old").loc["A"]
    assert "小区 30 户及周边 1 户分摊" in found["reason_zh"]
    assert "30 households in 2 estates and 1 household nearby within" in found["reason_en"]


@pytest.mark.parametrize(
    ("floor_area_m2", "supply_m2", "outcome", "value"),
    [
        # A household has 60 to 130 m2: 7,800 m2 hold 60 to 130 households, beside 30 in estates.
        (7800.0, 40.0, "met", 40 / 160 * 100),  # 25 even if 130 live there
        (7800.0, 26.0, "unknown", None),  # 16.25 to 28.9
        (15600.0, 26.0, "short", 26 / 150 * 100),  # 17.3 even if only 120 live there
    ],
)
def test_households_outside_are_estimated_between_two_bounds(
    judged, floor_area_m2, supply_m2, outcome, value
):
    there = town(HOME | {"floor_area_m2": floor_area_m2}, floor_area_m2=supply_m2)
    found = judged(there, "elder.area100.old").loc["A"]
    assert found["outcome"] == outcome
    if value is None:
        assert found["lacking_zh"] == "楼栋·户数"
    else:
        assert found["value"] == pytest.approx(value)
        assert "（估算）" in found["reason_zh"]


def test_floor_area_outside_is_footprint_by_storeys(judged):
    # 10 x 12 m x 65 storeys = 7,800 m2, as above.
    found = judged(town(HOME | {"storeys": 65}, floor_area_m2=40.0), "elder.area100.old")
    assert found.loc["A", "value"] == pytest.approx(25)
    assert "及周边约 60—130 户（估算）分摊" in found.loc["A", "reason_zh"]


def test_a_home_without_counts_or_storeys_may_hold_anybody(judged):
    assert judged(town(HOME), "elder.area100.old").loc["A", "outcome"] == "unknown"
    # 8 m2 of land for the 60 + 27.9 persons of A and B alone is 0.091: more people only worsen it.
    found = judged(town(HOME, land_area_m2=8.0), "elder.land_per_person").loc["A"]
    assert found["outcome"] == "short"
    assert found["value"] == pytest.approx(8 / 87.9)
    assert "及周边住户（户数未知）分摊" in found["reason_zh"]


def test_a_building_of_unknown_use_may_or_may_not_be_a_home(judged):
    unsaid = HOME | {"use": None, "floor_area_m2": 7800.0}
    # Nobody or up to 130 households: 26 m2 are 86.7 or 16.25 a hundred.
    found = judged(town(unsaid, floor_area_m2=26.0), "elder.area100.old")
    assert found.loc["A", "outcome"] == "unknown"
    shop = town(unsaid | {"use": "other"}, floor_area_m2=26.0)
    assert judged(shop, "elder.area100.old").loc["A", "value"] == pytest.approx(26 / 30 * 100)


def test_where_nobody_looked_outside_nothing_shared_is_met(judged):
    alone = tiny_town(buildings=NOBODY_LOOKED, facilities=[CENTRE | {"land_area_m2": 8.0}])
    found = judged(alone, "elder.area100.old")
    assert found["outcome"].to_dict() == {"A": "unknown", "B": "unknown", "C": "missing"}
    assert found.loc["A", "lacking_zh"] == "小区周边住宅"
    assert found.loc["A", "lacking_en"] == "homes around the estates"
    assert judged(alone, "elder.land_per_person").loc["A", "outcome"] == "short"


def test_what_an_estate_has_for_itself_is_judged_without_its_surroundings(judged):
    own = lot("P", 50, 50, estate_id="A", spaces=10, is_public=False)
    found = judged(tiny_town(buildings=NOBODY_LOOKED, parking=[own]), "parking.ratio.old")
    assert found.loc["A", "outcome"] == "met"
    assert found.loc["A", "value"] == pytest.approx(0.5)


def test_where_every_building_is_an_estate_nobody_is_outside(judged):
    # The three estates under the ids of their buildings; only C has doors at its building.
    buildings = [row | {"building_id": row["estate_id"]} for row in NOBODY_LOOKED]
    units = [row | {"building_id": row["estate_id"]} for row in UNITS]
    there = tiny_town(buildings=buildings, units=units, facilities=[CENTRE])
    assert judged(there, "elder.area100.old").loc["A", "value"] == pytest.approx(400)


def test_an_estate_is_short_if_too_many_of_its_people_reach_nothing(judged):
    # The shed is 70 m from A-1-1 (12 households) and 180 m from A-1-2 (8): 20 ports are 1 a
    # household in the mean, but 40 % have none within 150 m, where 10 % are tolerated.
    shed = lot("E", 0, -10, kind="ebike_shed", name="车棚", ebike_ports=20, is_public=True)
    found = judged(tiny_town(parking=[shed]), "ebike.ports").loc["A"]
    assert found["outcome"] == "short"
    assert found["value"] == pytest.approx(0.4)  # the leg that decided
    assert found[["op", "threshold", "unit"]].tolist() == ["<=", 0.1, ""]
    assert found["metric_zh"].endswith("步行范围内没有可用设施的居民比例")
    assert found["degree"] == "unserved"  # enough in the mean: 超标 would say too much of it
    assert "为 1 个（应不少于 0.3 个）" in found["reason_zh"]
    assert found["severity"] == pytest.approx(0.4)
    assert "但 40% 的居民步行 150 m 内没有可用设施，超过容许的 10%" in found["reason_zh"]
    # With one household of twenty behind the far door it is met.
    units = rows_with(rows_with(UNITS, "A-1-1", households=19), "A-1-2", households=1)
    found = judged(tiny_town(parking=[shed], units=units), "ebike.ports").loc["A"]
    assert found["outcome"] == "met"
    assert "5% 的居民步行 150 m 内没有可用设施（容许 10%）" in found["reason_zh"]


def test_of_two_sheds_one_of_unknown_ports_leaves_open_who_has_none(judged):
    shed = lot("E", 0, -10, kind="ebike_shed", ebike_ports=20, is_public=True)
    unsure = lot("F", 110, 60, kind="ebike_shed", is_public=True)  # beside A-1-2
    found = judged(tiny_town(parking=[shed, unsure]), "ebike.ports").loc["A"]
    assert found["outcome"] == "unknown"
    assert "停车与充电·电动自行车充电口数" in found["lacking_zh"]


def test_private_places_of_a_neighbour_count_nowhere(judged):
    own = lot("P", 50, 50, estate_id="A", name="甲车场", spaces=10, is_public=False)
    of_b = lot("Q", 50, -10, estate_id="B", spaces=90, is_public=False)
    found = judged(tiny_town(parking=[own, of_b]), "parking.ratio.old").loc["A"]
    assert found["value"] == pytest.approx(0.5)
    assert "甲车场由步行 300 m 内 1 个小区 20 户分摊" in found["reason_zh"]
    assert "2 处" not in found["reason_zh"]
