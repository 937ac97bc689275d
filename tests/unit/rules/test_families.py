"""Families: one shortage has one leading rule, by the estate's age and the day."""

from datetime import date

import pytest

from rules.families import members

TODAY = date(2026, 11, 29)
PLAN_DAY = date(2023, 4, 1)


@pytest.mark.parametrize(
    ("family", "day", "built", "leads"),
    [
        ("lift", PLAN_DAY, 1995, "lift.retrofit_candidate"),
        ("lift", TODAY, 1995, "lift.retrofit_candidate"),
        ("lift", TODAY, None, "lift.retrofit_candidate"),
        (
            "lift",
            PLAN_DAY,
            2015,
            "lift.trigger.2012",
        ),  # too young for the programme, built under it
        ("lift", TODAY, 2026, "lift.trigger.2025"),
        ("parking", TODAY, 1995, "parking.ratio.old"),  # pending, listed first
        ("parking", TODAY, 2022, "parking.ratio.new"),  # binds
        ("accessible_bays", TODAY, 1995, "parking.accessible"),
        ("ev", TODAY, 1995, "ev.old"),
        ("ev", TODAY, 2022, "ev.new"),
        ("ebike", PLAN_DAY, 1995, "ebike.place"),
        ("ebike", date(2024, 12, 31), 1995, "ebike.place"),
        ("ebike", date(2025, 1, 1), 1995, "ebike.place.2025"),
        ("green_ratio", date(2018, 11, 30), 1995, "green.ratio.old"),
        ("green_ratio", date(2018, 12, 1), 1995, "green.ratio.new"),  # superseded comes last
        ("elder_area", date(2020, 11, 1), 1995, None),
        ("elder_area", PLAN_DAY, 1995, "elder.area100.2020"),
        ("elder_area", date(2023, 7, 18), 1995, "elder.land_per_person"),
        ("elder_area", date(2023, 11, 17), 1995, "elder.area100.old"),
        ("elder_area", TODAY, 2010, "elder.area100.old"),  # all yardsticks: the order decides
        ("elder_area", TODAY, 2024, "elder.area100.new"),
        ("elder_size", TODAY, 1995, "elder.centre_size"),
        ("elder_size", TODAY, 2024, "elder.place_size"),
        ("service_size", date(2023, 10, 31), 1995, "service.station_size"),
        ("drain_cover", TODAY, 1995, "drain.frost"),
    ],
)
def test_the_leading_rule(book, family, day, built, leads):
    found = members(book, family, day, built)
    assert next((member.rule.id for member in found), None) == leads


def test_the_rest_follows_in_order(book):
    found = members(book, "ebike", TODAY, 1995)
    assert [(m.rule.id, m.statement, m.level) for m in found] == [
        ("ebike.place.2025", "gap", 0),
        ("ebike.place", "gap", 0),
        ("ebike.ports", "pending", 1),
        ("ebike.distance", "yardstick", 1),
    ]


@pytest.mark.parametrize("day", [PLAN_DAY, TODAY])
@pytest.mark.parametrize("built", [None, 1990, 2003, 2010, 2022])
def test_a_family_has_the_rules_in_force_each_once(book, day, built):
    for family in book.families:
        rules = [member.rule for member in members(book, family, day, built)]
        assert len({rule.id for rule in rules}) == len(rules)
        assert all(rule.in_force(day) for rule in rules)
