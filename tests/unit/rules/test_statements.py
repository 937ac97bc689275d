"""Kinds of statement: what binds an estate is a gap, everything else is said to be what it is."""

from datetime import date

import pytest

from layers.findings import Statement
from rules.book import load_book
from rules.statements import (
    Ground,
    Standing,
    ground,
    is_asked,
    programme_standing,
    statement,
)

PLAN_DAY = date(2023, 4, 1)
TODAY = date(2026, 11, 29)
DAYS = [date(2019, 1, 1), PLAN_DAY, date(2023, 12, 1), date(2025, 6, 1), TODAY]
YEARS = [None, 1985, 2000, 2005, 2006, 2013, 2021, 2026]
GAP, YARDSTICK, CONDITION, PENDING = (
    Statement.GAP,
    Statement.YARDSTICK,
    Statement.CONDITION,
    Statement.PENDING,
)


def everywhere(book):
    """Yield every rule that judges, every day on which it is in force, and years of building."""
    for day in DAYS:
        for rule in book.in_force(day):
            if rule.judges:
                yield from ((rule, day, year) for year in YEARS)


# By hand, from the clauses: what each rule says of an estate built before 2001.
@pytest.mark.parametrize(
    ("rule", "day", "kind"),
    [
        ("envelope.roof", TODAY, GAP),  # the plan names it
        ("lift.retrofit_candidate", TODAY, GAP),  # the national paper on old estates names it
        ("lift.trigger.2025", TODAY, YARDSTICK),  # new building
        ("lift.siting.window", TODAY, CONDITION),  # a placeholder too, but a condition first
        ("lift.consent", TODAY, CONDITION),
        ("power.headroom", TODAY, CONDITION),
        ("parking.ratio.old", TODAY, PENDING),  # placeholder
        ("parking.ratio.new", TODAY, YARDSTICK),
        ("parking.accessible", TODAY, YARDSTICK),
        ("parking.accessible.2021", TODAY, PENDING),  # recall
        ("elder.area100.2020", PLAN_DAY, YARDSTICK),  # Yinchuan's
        ("elder.area100.old", TODAY, GAP),  # the region's, from November 2023
        ("pipe.gas.age", date(2025, 12, 31), GAP),
        ("pipe.gas.age", date(2026, 1, 1), YARDSTICK),  # the programme has ended
        ("green.ratio.old", TODAY, YARDSTICK),  # superseded in 2018
        ("green.park5.old", TODAY, PENDING),  # recall
        ("fire.lane", TODAY, YARDSTICK),  # a recommended width
        ("waste.distance", TODAY, PENDING),  # appendix C was never seen
        ("meal.access", TODAY, YARDSTICK),  # a convention of ours
        ("ebike.place", PLAN_DAY, GAP),
        ("ebike.place.2025", TODAY, GAP),
        ("service.area100", TODAY, YARDSTICK),  # a national plan that guides
    ],
)
def test_the_kind_of_statement_of_an_old_estate(book, rule, day, kind):
    assert statement(book, book.by_id[rule], day, 1995) is kind


def test_what_is_not_sure_never_makes_a_gap(book):
    unsure = [
        (rule.id, day, year)
        for rule, day, year in everywhere(book)
        if statement(book, rule, day, year) is GAP
        and (
            rule.verified in ("recall", "none")
            or rule.is_placeholder
            or rule.condition_of
            or rule.bearing == "reference_only"
            or not book.sources[rule.source].in_force(day)
        )
    ]
    assert unsure == []


def test_a_convention_of_ours_never_makes_a_gap(book):
    found = {
        rule.id for rule, day, year in everywhere(book) if statement(book, rule, day, year) is GAP
    }
    assert {book.by_id[rule].strength for rule in found}.isdisjoint({"convention"})


def test_every_mandatory_clause_for_new_building_binds_who_built_under_it(book):
    rule = book.by_id["lift.trigger.2025"]  # in force since 2025-05-01
    assert ground(book, rule, TODAY, 2026) is Ground.BUILT_UNDER_IT
    assert ground(book, rule, TODAY, 2025) is Ground.BUILT_BEFORE_IT  # designed before it
    assert ground(book, rule, TODAY, None) is Ground.BUILT_BEFORE_IT
    ended = book.by_id["lift.trigger.2012"]  # until 2025-04-30
    assert ground(book, ended, PLAN_DAY, 2015) is Ground.BUILT_UNDER_IT
    assert ground(book, ended, PLAN_DAY, 2026) is Ground.BUILT_BEFORE_IT


@pytest.mark.parametrize(
    ("year", "standing", "kind"),
    [
        (2000, Standing.FOCUS, GAP),
        (2001, Standing.ALLOWED, GAP),
        (2005, Standing.ALLOWED, GAP),
        (2006, Standing.OUTSIDE, YARDSTICK),
        (None, Standing.UNKNOWN, GAP),
    ],
)
def test_the_programme_ends_with_2005(book, year, standing, kind):
    assert programme_standing(book, year) is standing
    assert statement(book, book.by_id["elder.area100.old"], TODAY, year) is kind


def test_new_estates_alone_are_asked_for_places_of_their_own(book):
    rule = book.by_id["elder.place_size"]  # since November 2023
    assert [is_asked(rule, year) for year in (None, 1998, 2023, 2024)] == [
        False,
        False,
        False,
        True,
    ]
    assert is_asked(book.by_id["elder.centre_size"], None)


def test_a_placeholder_that_the_office_confirms_binds(tmp_path):
    file = tmp_path / "project.toml"
    file.write_text(
        '[[change]]\nrule = "parking.ratio.old"\nvalue = 0.6\n'
        'tests = [{ m = 0.6, expect = "met" }]\n'
        'why = "会审纪要"\nwho = "住建交通局"\nwhen = 2026-11-01\n',
        "utf-8",
    )
    book = load_book(("ningxia", "wuzhong", "litong"), [file])
    assert statement(book, book.by_id["parking.ratio.old"], TODAY, 1995) is GAP


@pytest.mark.parametrize(
    ("rule", "day", "strength"),
    [
        ("lift.siting.opposite_building", date(2023, 5, 31), "mandatory"),
        ("lift.siting.opposite_building", date(2023, 6, 1), "recommended"),
        ("lift.siting.fire_lane", date(2023, 5, 31), "mandatory"),
        ("lift.siting.fire_lane", date(2023, 6, 1), "recommended"),
        ("lift.trigger.2025", TODAY, "mandatory"),
        ("parking.accessible", TODAY, "recommended"),
    ],
)
def test_a_clause_is_mandatory_until_a_code_ends_it(book, rule, day, strength):
    # GB 55037-2022 ended 5.2.2 and 7.1.8 (1-3) of GB 50016-2014 on 2023-06-01.
    assert book.by_id[rule].strength_on(day) == strength
