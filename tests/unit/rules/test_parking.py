"""Parking of the tiny town: bays in the estate, and public bays of which none counts twice."""

import numpy as np
import pytest

from tests.tiny_town import (
    BUILDINGS,
    ESTATES,
    UNITS,
    facility,
    lot,
    point,
    rows_with,
    square,
    tiny_town,
)

PRIVATE = lot("P1", 50, 50, estate_id="A", spaces=10, is_public=False)


def test_bays_of_the_estate_over_its_households(judged):
    # A has 20 households: 10 + 4 bays; the second lot is found in the estate by its place.
    town = tiny_town(parking=[PRIVATE, lot("P2", 60, 60, spaces=4, is_public=True)])
    found = judged(town, "parking.ratio.new")
    assert found.loc["A", "value"] == pytest.approx(14 / 20)
    assert found.loc["A", "severity"] == pytest.approx(0.3)
    assert found["outcome"].to_dict() == {"A": "short", "B": "missing", "C": "missing"}
    assert "为 0.7 个，不足，应不少于 1 个" in found.loc["A", "reason_zh"]


def test_a_public_lot_is_shared_by_all_households_in_reach(judged):
    # The lot stands at (200, -10). Walks: A-1-1 170, A-1-2 180, B 170, C 470: only A and B
    # (20 + 10 households) are within 300 m, so each household has 15/30 of its bays.
    public = lot("P2", 200, -10, spaces=15, is_public=True)
    found = judged(tiny_town(parking=[PRIVATE, public]), "parking.ratio.old")
    assert found["value"].to_dict() == pytest.approx({"A": 10 / 20 + 0.5, "B": 0.5, "C": 0.0})
    assert found["outcome"].to_dict() == {"A": "met", "B": "met", "C": "missing"}
    allotted = found["value"] * np.array([20, 10, 30])
    assert allotted.sum() == pytest.approx(25)  # all 10 + 15 bays, none twice
    assert "2 处设施可用，其中供给最多的停车场 P1由步行 300 m 内" in found.loc["A", "reason_zh"]
    assert "步行 300 m 内没有可分摊的设施" in found.loc["C", "reason_zh"]
    assert found.loc["A", "override"] == "required"
    assert "占位值" in found.loc["A", "reason_zh"]


def test_a_public_lot_in_the_estate_serves_the_estate_and_those_in_reach(judged):
    # At (390, 10) in B: 60 m for B's door, 10 + 160 + 100 + 10 = 280 for C's; A is 360 m away, too
    # far. 4 bays for 40 households.
    own = lot("P3", 390, 10, estate_id="B", spaces=4, is_public=True)
    assert judged(tiny_town(parking=[own]), "parking.ratio.old").loc["B", "value"] == 0.1


def test_people_outside_the_estates_share_too(judged):
    # An infill block of 30 households with its doorstep on y = 0 at (200, 10): 20 m to the lot.
    infill = {"building_id": "X", "households": 30, "geometry": square(195, 10, 10, 12)}
    public = lot("P2", 200, -10, spaces=15, is_public=True)
    town = tiny_town(parking=[public], buildings=[*BUILDINGS, infill])
    assert judged(town, "parking.ratio.old").loc["B", "value"] == pytest.approx(15 / 60)


def test_a_lot_that_may_be_shared_leaves_both_sides_unknown(judged):
    # Alone A would have 12/20 = 0.6, shared with B 12/30 = 0.4: the threshold 0.5 lies between.
    unsaid = lot("P2", 150, -10, estate_id="A", spaces=12)
    found = judged(tiny_town(parking=[unsaid]), "parking.ratio.old")
    assert found.loc["A", "outcome"] == "unknown"
    # B would have 0.4 at best: short either way; C is out of reach.
    assert found.loc["B", "outcome"] == "short"
    assert found.loc["B", "value"] == pytest.approx(0.4)
    assert found.loc["C", "outcome"] == "missing"
    assert "停车与充电·可共享" in found.loc["A", "lacking_zh"]


def test_unknown_bays_never_make_a_gap(judged):
    unknown = lot("P2", 50, 50, estate_id="A")
    for rule in ("parking.ratio.new", "parking.ratio.old"):
        found = judged(tiny_town(parking=[unknown | {"is_public": False}]), rule)
        assert found["outcome"].to_dict() == {"A": "unknown", "B": "missing", "C": "missing"}
        assert "停车与充电·车位数" in found.loc["A", "lacking_zh"]


def test_households_nobody_counted_leave_the_ratio_unknown(judged):
    estates = rows_with(ESTATES, "C", households=None)
    buildings = rows_with(BUILDINGS, "C-1", households=None)
    public = lot("P2", 550, 90, spaces=15, is_public=True)
    town = tiny_town(estates=estates, buildings=buildings, parking=[public])
    for rule in ("parking.ratio.new", "parking.ratio.old"):
        found = judged(town, rule).loc["C"]
        assert found["outcome"] == "unknown"
        assert "小区·户数" in found["lacking_zh"]
    # An uncounted neighbour could take any share: B's walk is 10 + 200 + 100 + 10 = 320, too far;
    # moved to (450, 90) both reach it, and B's share is anything up to 15/10.
    near = tiny_town(
        estates=estates, buildings=buildings, parking=[public | {"geometry": point(450, 90)}]
    )
    assert judged(near, "parking.ratio.old").loc["B", "outcome"] == "unknown"


def test_households_are_added_up_from_units_or_buildings_where_the_estate_has_no_figure(judged):
    estates = [row | {"households": None} for row in ESTATES]
    town = tiny_town(parking=[PRIVATE], estates=estates)
    assert judged(town, "parking.ratio.new").loc["A", "value"] == pytest.approx(10 / 20)


def test_units_without_a_count_share_what_the_estate_has_left(judged):
    # A-1-1 is counted 12, so A-1-2 has the other 8 of 20; the waste point is 120 m from A-1-2's
    # street corner: both doors fail, 20 households.
    units = rows_with(UNITS, "A-1-2", households=None)
    town = tiny_town(units=units, facilities=[facility("W", "waste", 200, -10)])
    assert judged(town, "waste.distance").loc["A", "exposed_households"] == 20


def test_an_estate_of_nobody_needs_no_bays(judged):
    estates = rows_with(ESTATES, "B", households=0)
    town = tiny_town(estates=estates, units=rows_with(UNITS, "B-1-1", households=0))
    for rule in ("parking.ratio.new", "parking.ratio.old"):
        assert judged(town, rule).loc["B", "outcome"] == "not_applicable"


def test_accessible_bays_by_share_and_at_least_one(judged):
    car_park = PRIVATE | {"spaces": 60, "accessible_spaces": 1}
    big = lot("P2", 350, 50, estate_id="B", spaces=300, accessible_spaces=1)
    none = lot("P3", 550, 150, estate_id="C", spaces=20, accessible_spaces=0)
    found = judged(tiny_town(parking=[car_park, big, none]), "parking.accessible")
    # 1/60 = 1.67 % >= 0.5 %; 1/300 = 0.33 %: short by a third; none at all: missing.
    assert found["outcome"].to_dict() == {"A": "met", "B": "short", "C": "missing"}
    assert found.loc["B", "severity"] == pytest.approx(1 / 3)
    without = judged(tiny_town(), "parking.accessible")
    assert set(without["outcome"]) == {"unknown"}  # parking was not surveyed at all
    empty = judged(tiny_town(parking=[none]), "parking.accessible")
    assert empty.loc["A", "outcome"] == "not_applicable"  # surveyed, and there is no car park


def test_an_aisle_is_asked_of_lots_with_accessible_bays(judged):
    wide = PRIVATE | {"accessible_spaces": 1, "aisle_m": 1.2}
    narrow = lot("P2", 350, 50, estate_id="B", accessible_spaces=1, aisle_m=0.9)
    none = lot("P3", 550, 150, estate_id="C", accessible_spaces=0, aisle_m=0.5)
    found = judged(tiny_town(parking=[wide, narrow, none]), "parking.accessible_aisle")
    assert found["outcome"].to_dict() == {"A": "met", "B": "short", "C": "not_applicable"}
    assert found.loc["B", "severity"] == pytest.approx(0.25)
    assert found.loc["B"].geometry.geom_type == "MultiPoint"
    unsaid = judged(
        tiny_town(parking=[narrow | {"accessible_spaces": None}]), "parking.accessible_aisle"
    )
    assert unsaid.loc["B", "outcome"] == "unknown"
