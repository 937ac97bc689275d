"""Lifts: the trigger by storeys or height on the day's rule, and the siting tests of candidates."""

from datetime import date

import numpy as np
import pytest

from tests.tiny_town import UNITS, tiny_town

PLAN_DAY = date(2023, 4, 1)


def town(first: dict, second: dict | None = None, third: dict | None = None):
    """Return the town with columns of its three units: two of A, one of B."""
    columns = [first if more is None else more for more in (first, second, third)]
    return tiny_town(units=[row | more for row, more in zip(UNITS, columns, strict=True)])


SIX = {"storeys": 6, "height_m": 14.0, "has_lift": False}


def test_the_trigger_depends_on_the_day(judged):
    # Six storeys, 14 m: a lift by the rule of 2025 (4 storeys), none by that of 2012 (7 or 16 m).
    assert judged(town(SIX), "lift.trigger.2025").loc["A", "outcome"] == "missing"
    assert len(judged(town(SIX), "lift.trigger.2012")) == 0
    assert len(judged(town(SIX), "lift.trigger.2025", PLAN_DAY)) == 0
    before = judged(town(SIX), "lift.trigger.2012", PLAN_DAY)
    assert before.loc["A", "outcome"] == "not_applicable"
    high = judged(town(SIX | {"height_m": 16.1}), "lift.trigger.2012", PLAN_DAY)
    assert high.loc["A", "outcome"] == "missing"


def test_one_unit_without_a_lift_flags_the_estate(judged):
    # A: one of two triggered units has a lift: value 1/2. Above floor 3 of 6 live 12 x 3/6 = 6
    # households without one, 30 % of the 20.
    found = judged(town(SIX, SIX | {"has_lift": True}), "lift.trigger.2025").loc["A"]
    assert (found["outcome"], found["severity"]) == ("missing", 1.0)
    assert found["value"] == pytest.approx(0.5)
    assert found["threshold"] == 1.0
    assert (found["failing_members"], found["members"]) == (1, 2)
    assert found["exposed_households"] == 12
    assert "2 个单元达到设梯条件，其中 1 个没有电梯（50%）" in found["reason_zh"]
    assert "4 层及以上无电梯住户约 6 户（占全小区 30%）" in found["reason_zh"]
    assert "about 6 households on floor 4 and above have no lift (30% of all)" in found["reason_en"]
    assert found.geometry.geom_type == "MultiPoint"
    assert len(found.geometry.geoms) == 1
    few = town(SIX | {"households": 2}, SIX | {"has_lift": True})  # 2 x 3/6 = 1
    alone = judged(few, "lift.trigger.2025").loc["A"]
    assert "about 1 household on floor 4 and above has no lift" in alone["reason_en"]


@pytest.mark.parametrize(
    ("columns", "expect"),
    [
        ({"storeys": 3, "height_m": 9.0, "has_lift": False}, "not_applicable"),
        ({"storeys": 3, "height_m": 9.1, "has_lift": False}, "missing"),
        ({"storeys": 4, "has_lift": False}, "missing"),  # the height no longer matters
        ({"storeys": 3, "has_lift": False}, "unknown"),  # it may be over 9 m
        ({"has_lift": False}, "unknown"),
        ({"storeys": 6}, "unknown"),
        ({"storeys": 6, "has_lift": True}, "met"),
        ({"has_lift": True}, "met"),  # whether one is due or not
    ],
)
def test_what_is_unknown_of_a_unit_stays_unknown(judged, columns, expect):
    assert judged(town(columns), "lift.trigger.2025").loc["B", "outcome"] == expect


def test_known_failures_outweigh_unknown_units(judged):
    found = judged(town(SIX, {}), "lift.trigger.2025").loc["A"]
    assert found["outcome"] == "missing"
    assert "另有 1 个单元资料不足" in found["reason_zh"]
    passing = judged(town(SIX | {"has_lift": True}, {}), "lift.trigger.2025").loc["A"]
    assert passing["outcome"] == "unknown"
    assert "入户层数（1 个单元）" in passing["lacking_zh"]


def test_upper_households_stay_unsaid_where_nobody_counted(judged):
    rows = [{"storeys": None, "height_m": 20.0, "has_lift": False}] * 3
    found = judged(town(*rows), "lift.trigger.2025").loc["B"]
    assert found["outcome"] == "missing"
    assert "户（占" not in found["reason_zh"]


def test_the_estate_without_units_is_unknown(judged):
    found = judged(town(SIX), "lift.trigger.2025").loc["C"]
    assert (found["outcome"], found["lacking_zh"]) == ("unknown", "单元")


def test_siting_is_asked_of_candidates_only(judged):
    narrow = SIX | {"shaft_lane_m": 3.0}
    fitted = {"storeys": 6, "has_lift": True, "shaft_lane_m": 3.0}
    low = {"storeys": 3, "has_lift": False, "shaft_lane_m": 3.0}
    rule = "lift.siting.fire_lane"
    found = judged(town(narrow, fitted, low), rule)
    assert found.loc["A", "outcome"] == "short"
    assert (found.loc["A", "failing_members"], found.loc["A", "members"]) == (1, 1)
    assert found.loc["A", "value"] == pytest.approx(3.0)
    assert found.loc["B", "outcome"] == "not_applicable"
    # Whether it is a candidate is unknown: nothing fails for sure.
    assert judged(town({"shaft_lane_m": 3.0}), rule).loc["B", "outcome"] == "unknown"
    assert judged(town({"shaft_lane_m": 4.0}), rule).loc["B", "outcome"] == "met"


def test_the_car_of_a_fitted_lift_is_checked(judged):
    ok = {"has_lift": True, "lift_load_kg": 320.0, "lift_door_m": 0.8}
    found = judged(town(ok, ok | {"lift_door_m": 0.79}, {"has_lift": False}), "lift.retrofit_car")
    assert found["outcome"].to_dict() == {"A": "short", "B": "not_applicable", "C": "unknown"}
    # A: three of four checks hold; the failing unit fails one of its two.
    assert found.loc["A", "value"] == pytest.approx(0.75)
    assert found.loc["A", "severity"] == pytest.approx(0.5)
    assert "2 个单元中 1 个不合格，检查项合格率 75%" in found.loc["A", "reason_zh"]
    assert "未满足的要求：电梯门净宽 ≥ 0.8 m（1 个单元）" in found.loc["A", "reason_zh"]


def test_the_owners_vote_is_counted_by_area_and_heads(judged):
    vote = SIX | dict.fromkeys(
        ("vote_area_share", "vote_heads_share", "consent_area_share", "consent_heads_share"), 0.8
    )
    found = judged(town(vote, vote, vote | {"consent_heads_share": 0.7}), "lift.consent")
    assert found["outcome"].to_dict() == {"A": "met", "B": "short", "C": "unknown"}
    assert np.isnan(found.loc["C", "value"])
