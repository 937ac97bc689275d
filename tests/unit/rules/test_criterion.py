"""The criterion that decided: its value, limit and unit stand in the table and in the sentence."""

import numpy as np
import pytest

from tests.tiny_town import BUILDINGS, ESTATES, lot, rows_with, tiny_town

COMPARED = ["value", "op", "threshold", "unit"]


def test_a_share_that_is_large_enough_but_too_little_in_all_shows_the_amount(judged):
    # 30 m2 of 10,000 are 3 per mille, of which 2 are asked for; at least 50 m2 in all are, too.
    estates = rows_with(ESTATES, "A", property_room_m2=30.0, floor_area_m2=10_000.0)
    found = judged(tiny_town(estates=estates), "property.room").loc["A"]
    assert found["outcome"] == "short"
    assert found[COMPARED].tolist() == [30.0, ">=", 50.0, "m2"]
    assert found["metric_zh"] == "物业用房占总建筑面积比例：总量"
    assert "为 0.3%（应不小于 0.2%）；但总量为 30 m²，不足，应不小于 50 m²" in found["reason_zh"]
    assert "the total is 30 m², too little (at least 50 m² required)" in found["reason_en"]


def test_a_share_that_is_too_little_shows_itself(judged):
    estates = rows_with(ESTATES, "A", property_room_m2=60.0, floor_area_m2=100_000.0)
    found = judged(tiny_town(estates=estates), "property.room").loc["A"]
    assert found[COMPARED].tolist() == [pytest.approx(0.0006), ">=", 0.002, ""]
    assert "为 0.06%，不足，应不小于 0.2%，且总量应不小于 50 m²" in found["reason_zh"]


@pytest.mark.parametrize(
    ("width_m", "height_m", "outcome", "said", "en"),
    [
        (3.2, 4.5, "short", "3.2 m（消防车道净宽）", "3.2 m (clear fire lane width)"),
        (4.5, 3.6, "short", "3.6 m（消防车道净高）", "3.6 m (clear height)"),
        (4.5, 4.2, "met", "4.2 m（消防车道净高）", "4.2 m (clear height)"),
        (3.2, None, "short", "3.2 m（消防车道净宽）", "3.2 m (clear fire lane width)"),
    ],
)
def test_of_width_and_height_the_lesser_is_named(judged, width_m, height_m, outcome, said, en):
    lane = {"fire_lane_m": width_m, "fire_lane_height_m": height_m}
    found = judged(tiny_town(buildings=rows_with(BUILDINGS, "A-1", **lane)), "fire.lane").loc["A"]
    assert found["outcome"] == outcome
    assert f"中较小者为 {said}，" in found["reason_zh"]
    assert f": {en}, " in found["reason_en"]
    assert found["metric_zh"] == said[said.index("消") : -1]
    assert found["threshold"] == 4.0


def test_a_further_condition_that_fails_shows_its_own_distance(judged):
    def found(**columns):
        shed = lot("E", 50, 50, kind="ebike_shed", estate_id="A", **columns)
        return judged(tiny_town(parking=[shed]), "ebike.separation").loc["A"]

    near_wall = found(exit_m=6.0, wall_m=2.5)
    assert near_wall[COMPARED].tolist() == [2.5, ">=", 3.0, "m"]
    assert (
        "为 6 m（应不小于 6 m）；但至外墙距离为 2.5 m，不足，应不小于 3 m" in near_wall["reason_zh"]
    )
    assert "为 未知（应不小于 6 m）；但至外墙距离为 2.5 m" in found(wall_m=2.5)["reason_zh"]
    near_exit = found(exit_m=5.0, wall_m=2.5)
    assert near_exit[COMPARED].tolist() == [5.0, ">=", 6.0, "m"]
    assert np.isnan(near_exit["missing_beyond"])
