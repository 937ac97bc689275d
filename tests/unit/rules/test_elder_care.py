"""Elder care in the tiny town: the walk, the size, and what is pooled over the catchment."""

from dataclasses import replace

import pytest

from tests.tiny_town import BUILDINGS, ESTATES, UNITS, facility, rows_with, tiny_town

CENTRE = facility("D", "elder_day_care", 200, -10, floor_area_m2=120.0, land_area_m2=60.0)


def test_floor_area_is_pooled_over_everyone_in_reach(judged):
    # A (20 households) and B (10) walk 170-180 m, C 470: 120 m2 for 30 households = 400 per 100.
    found = judged(tiny_town(facilities=[CENTRE]), "elder.area100.old")
    assert found["value"].to_dict() == pytest.approx({"A": 400, "B": 400, "C": 0})
    assert found["outcome"].to_dict() == {"A": "met", "B": "met", "C": "missing"}


def test_only_the_doors_in_reach_take_part(judged):
    # At (350, 90) above B: B 10+50+100+50+10... = 220. A-1-2: 10+40+250+10 = 310 is too far.
    there = facility("D", "elder_station", 350, 90, floor_area_m2=30.0)
    found = judged(tiny_town(facilities=[there]), "elder.area100.old")
    # C: from (550, 100) along y=100: 10 + 200 + 10 = 220. So B and C share 30 m2: 40 households.
    assert found["value"].to_dict() == pytest.approx({"A": 0, "B": 75, "C": 75})
    assert found["outcome"].to_dict() == {"A": "missing", "B": "met", "C": "met"}
    lands = judged(tiny_town(facilities=[there | {"land_area_m2": 5.0}]), "elder.land_per_person")
    # 40 households of 2.79 persons: 0.0448 m2 for each.
    assert lands.loc["B", "severity"] == pytest.approx(1 - 5 / 111.6 / 0.1)


def test_two_centres_add_up(judged):
    # D serves A and B: 120/30 = 4 each. E at (380, -10) is 50 m from B, 10 + 170 + 100 + 10 = 290
    # from C and over 300 m from A: 20 m2 for 40 households = 0.5 each.
    second = facility("E", "elder_station", 380, -10, floor_area_m2=20.0)
    found = judged(tiny_town(facilities=[CENTRE, second]), "elder.area100.old")
    assert found["value"].to_dict() == pytest.approx({"A": 400, "B": 450, "C": 50})


def test_a_centre_of_unknown_size_leaves_open_what_it_gives(judged):
    found = judged(tiny_town(facilities=[CENTRE | {"floor_area_m2": None}]), "elder.area100.old")
    assert found["outcome"].to_dict() == {"A": "unknown", "B": "unknown", "C": "missing"}
    assert found.loc["A", "lacking_en"] == "floor area (facilities)"
    assert found.loc["A", "supplier"] == "区民政局"


def test_land_per_person_uses_counted_or_estimated_people(judged):
    # A counted 60 persons; B's 10 households are taken for 27.9. 60 m2 / 87.9 persons.
    found = judged(tiny_town(facilities=[CENTRE]), "elder.land_per_person")
    assert found.loc["A", "value"] == pytest.approx(60 / 87.9)
    assert "人口为推算值" in found.loc["B", "reason_zh"]
    assert "人口为推算值" not in found.loc["A", "reason_zh"]


def test_beds_are_for_elders(judged):
    # Elders: A 12 counted; B 27.9 x 0.1283 = 3.57957; C 83.7 x 0.1283 = 10.73871; all within 1 km.
    home = facility("H", "elder_home", 200, -10, capacity=1.0)
    found = judged(tiny_town(facilities=[home]), "elder.beds")
    assert found.loc["C", "value"] == pytest.approx(1000 / (12 + 3.57957 + 10.73871))
    assert found.loc["C", "outcome"] == "short"


def test_the_largest_centre_in_reach_decides(judged):
    small = facility("E", "elder_day_care", 350, -10, floor_area_m2=349.0)
    large = facility("F", "elder_day_care", 350, 90, floor_area_m2=350.0)
    found = judged(tiny_town(facilities=[small]), "elder.centre_size")
    assert set(found["outcome"]) == {"short"}
    assert (
        "349 m²，不足，应不小于 350 m²（最大一处为日间照料中心 E）" in found.loc["A", "reason_zh"]
    )
    found = judged(tiny_town(facilities=[small, large]), "elder.centre_size")
    assert set(found["outcome"]) == {"met"}
    assert set(found["witness_id"]) == {"F"}
    unknown = judged(
        tiny_town(facilities=[small, large | {"floor_area_m2": None}]), "elder.centre_size"
    )
    assert set(unknown["outcome"]) == {"unknown"}


def test_size_is_unknown_where_nobody_looked_or_walks(judged):
    unseen = replace(tiny_town(), surveyed_kinds=frozenset({"kindergarten"}))
    assert set(judged(unseen, "elder.centre_size")["outcome"]) == {"unknown"}
    no_streets = tiny_town(walkways=[], facilities=[CENTRE])
    assert set(judged(no_streets, "elder.centre_size")["outcome"]) == {"unknown"}
    assert set(judged(no_streets, "elder.area100.old")["outcome"]) == {"unknown"}


def test_size_fails_for_sure_only_if_every_kind_was_surveyed(judged):
    town = tiny_town(facilities=[CENTRE | {"in_basement": True}])
    assert set(judged(town, "elder.no_basement")["outcome"]) == {"short"}
    half = replace(town, surveyed_kinds=frozenset({"elder_day_care"}))
    assert set(judged(half, "elder.no_basement")["outcome"]) == {"unknown"}
    fine = replace(
        tiny_town(facilities=[CENTRE | {"in_basement": False}]),
        surveyed_kinds=frozenset({"elder_day_care"}),
    )
    found = judged(fine, "elder.no_basement")
    assert set(found["outcome"]) == {"met"}
    assert "日间照料中心 D符合要求" in found.loc["A", "reason_zh"]


def test_an_estate_without_doors_is_unknown(judged):
    town = tiny_town(buildings=BUILDINGS[:2], facilities=[CENTRE])
    for rule in ("elder.centre_size", "elder.area100.old"):
        found = judged(town, rule)
        assert found.loc["C", "outcome"] == "unknown"
        assert "单元" in found.loc["C", "lacking_zh"]


def test_an_estate_of_nobody_gets_no_share(judged):
    estates = rows_with(ESTATES, "B", households=0)
    town = tiny_town(
        estates=estates, units=rows_with(UNITS, "B-1-1", households=0), facilities=[CENTRE]
    )
    found = judged(town, "elder.area100.old")
    assert found.loc["B", "outcome"] == "not_applicable"
    assert found.loc["A", "value"] == pytest.approx(600)  # 120 m2 for A's 20 households alone


def test_the_kindergarten_is_judged_by_classes_and_areas(judged):
    good = facility(
        "K", "kindergarten", 200, -10, classes=6, floor_area_m2=2200.0, land_area_m2=3500.0
    )
    assert set(judged(tiny_town(facilities=[good]), "kindergarten.size")["outcome"]) == {"met"}
    poor = good | {"classes": 5}
    found = judged(tiny_town(facilities=[poor]), "kindergarten.size")
    assert set(found["outcome"]) == {"short"}
    assert found.loc["A", "severity"] == pytest.approx(1 / 3)
    assert "不符合要求" in found.loc["A", "reason_zh"]
