"""Sentences of findings with none, one, some and all of the members failing, in both languages."""

from math import inf

import pytest

from layers.findings import Degree
from rules.book import load_book
from rules.case import Case
from rules.reasons import reason
from rules.voice import Finding, Voice

BOOK = load_book(("ningxia", "wuzhong", "litong"))


def said(rule, language, outcome, failing, members, **more):
    """Return the sentence of a finding about members of an estate."""
    found = Finding(
        witness="W",
        outcome=outcome,
        estate_id="E01",
        as_of="2026-01-01",
        failing_members=failing,
        members=members,
        **more,
    )
    return reason(Voice(BOOK.by_id[rule], BOOK, language), found)


FAR = {"value": 661.0, "origin_layer": "units", "witness_layer": "facilities"}


@pytest.mark.parametrize(
    ("failing", "members", "households", "zh", "en"),
    [
        (1, 1, 1.0, "；1 个单元门超距（1 户）；", "; 1 unit door (1 household) is too far away;"),
        (
            1,
            3,
            12.0,
            "；3 个单元门中 1 个超距（12 户）；",
            "; 1 of 3 unit doors (12 households) is ",
        ),
        (
            2,
            3,
            24.0,
            "；3 个单元门中 2 个超距（24 户）；",
            "; 2 of 3 unit doors (24 households) are ",
        ),
        (
            3,
            3,
            36.0,
            "；3 个单元门全部超距（36 户）；",
            "; each of the 3 unit doors (36 households) is ",
        ),
        (3, 3, inf, "；3 个单元门全部超距；", "; each of the 3 unit doors is too far away;"),
    ],
)
def test_a_walk_says_which_doors_are_too_far_away(failing, members, households, zh, en):
    more = {**FAR, "exposed_households": households}
    assert zh in said("bus.access", "zh", "short", failing, members, **more)
    assert en in said("bus.access", "en", "short", failing, members, **more)


@pytest.mark.parametrize(
    ("outcome", "failing", "members", "zh", "en"),
    [
        ("met", 0, 1, "；仅有 1 段管线，无须更新；", "; 1 pipe in all, which is not due;"),
        ("met", 0, 2, "；2 段管线均无须更新；", "; none of the 2 pipes is due;"),
        ("short", 1, 1, "；仅有 1 段管线，应更新；", "; 1 pipe in all, which is due;"),
        ("short", 1, 2, "；2 段管线中 1 段应更新；", "; 1 of 2 pipes is due;"),
        ("short", 2, 2, "；2 段管线全部应更新；", "; each of the 2 pipes is due;"),
    ],
)
def test_of_pipes_it_is_said_how_many_are_due(outcome, failing, members, zh, en):
    # A remark follows or the sentence ends: both are cut off.
    chinese, english = (
        said("pipe.water.age", language, outcome, failing, members, value=10.0 * failing)
        for language in ("zh", "en")
    )
    assert zh in chinese.replace("。", "；")
    assert en in english[:-1] + ";"


@pytest.mark.parametrize(
    ("outcome", "failing", "members", "zh", "en"),
    [
        ("met", 0, 1, "：仅有 1 栋楼，合格", ": 1 building in all, which passes"),
        ("met", 0, 6, "：6 栋楼全部合格", ": each of the 6 buildings passes"),
        (
            "short",
            1,
            1,
            "：仅有 1 栋楼，不合格，检查项合格率 50%",
            ": 1 building in all, which fails, with 50% of the checks passed",
        ),
        ("short", 1, 6, "：6 栋楼中 1 栋不合格，", ": 1 of 6 buildings fails, "),
        ("short", 6, 6, "：6 栋楼全部不合格，", ": each of the 6 buildings fails, "),
    ],
)
def test_a_checklist_says_how_many_pass(outcome, failing, members, zh, en):
    more = {"value": 0.5, "witness_layer": "buildings"}
    assert zh in said("energy.checklist", "zh", outcome, failing, members, **more)
    assert en in said("energy.checklist", "en", outcome, failing, members, **more)


@pytest.mark.parametrize(
    ("outcome", "failing", "members", "zh", "en"),
    [
        (
            "met",
            0,
            1,
            "1 个单元达到设梯条件，有电梯",
            "1 unit is tall enough for a lift and has one",
        ),
        (
            "met",
            0,
            4,
            "4 个单元达到设梯条件，都有电梯",
            "4 units are tall enough for a lift; each of them ",
        ),
        (
            "missing",
            1,
            1,
            "1 个单元达到设梯条件，没有电梯",
            "1 unit is tall enough for a lift and ",
        ),
        ("missing", 1, 4, "，其中 1 个没有电梯（25%）", "; 1 of them has none (25%)"),
        (
            "missing",
            4,
            4,
            "4 个单元达到设梯条件，都没有电梯",
            "4 units are tall enough for a lift; none of them",
        ),
    ],
)
def test_of_lifts_it_is_said_how_many_are_missing(outcome, failing, members, zh, en):
    more = {"value": 0.5, "witness_layer": "units"}
    assert zh in said("lift.retrofit_candidate", "zh", outcome, failing, members, **more)
    assert en in said("lift.retrofit_candidate", "en", outcome, failing, members, **more)


@pytest.mark.parametrize(
    ("outcome", "failing", "members", "zh", "en"),
    [
        ("met", 0, 1, "1 个单元有从出入口", "from a gate to the door of 1 unit"),
        ("met", 0, 4, "4 个单元都有从出入口", "from a gate to the door of each of the 4 units"),
        ("short", 1, 1, "1 个单元没有从出入口", "1 unit has no step-free way from a gate to its"),
        ("short", 1, 4, "4 个单元中 1 个没有从出入口", "1 of 4 units has no step-free way"),
        ("short", 4, 4, "4 个单元都没有从出入口", "None of the 4 units has a step-free way"),
    ],
)
def test_of_units_it_is_said_how_many_lack_a_way_without_steps(outcome, failing, members, zh, en):
    assert zh in said("access.step_free", "zh", outcome, failing, members)
    assert en in said("access.step_free", "en", outcome, failing, members)


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ("ebike.separation", "本小区没有电动自行车棚", "the estate has no e-bike shed"),
        (
            "parking.accessible",
            "本小区没有停车场、路内停车或停车库",
            "the estate has no car park, on-street bays or garage",
        ),
        (
            "lift.consent",
            "本小区没有本条所指的单元",
            "the estate has no stair units that the clause is about",
        ),
        (
            "green.survival",
            "本小区登记的补植株数为 0",
            "the survey states 0 for the estate's trees replanted",
        ),
        (
            "elder.place_size",
            "条款只针对其施行后建成的小区",
            "the clause is only for estates built under it",
        ),
        (
            "totals.households",
            "只有一处登记了该数，无从比对",
            "one layer alone states the figure, nothing to compare",
        ),
    ],
)
def test_why_a_rule_does_not_apply_is_said_by_what_is_not_there(rule, zh, en):
    assert said(rule, "zh", "not_applicable", 0, 0) == f"不适用：{zh}。"
    assert said(rule, "en", "not_applicable", 0, 0) == f"Not applicable: {en}."


def test_what_is_lacking_is_asked_for_as_data_and_never_sounds_like_a_missing_thing():
    lacking = {"lacking": "facilities/bus_stop"}
    chinese, english = (
        said("bus.access", language, "unknown", 0, 0, **lacking) for language in ("zh", "en")
    )
    assert chinese == "资料不足，待区住房城乡建设和交通局提供资料：公交站。"
    assert english == (
        "Not enough data. Records to be supplied by "
        "the Housing and Urban-Rural Development Bureau: bus stop."
    )


def test_each_body_is_asked_for_what_it_holds_and_for_nothing_else():
    lacking = {"lacking": "facilities.land_area_m2 buildings.households"}
    chinese, english = (
        said("elder.land_per_person", language, "unknown", 0, 0, **lacking)
        for language in ("zh", "en")
    )
    assert chinese == (
        "资料不足，待区民政局提供资料：设施·用地面积；待区住房城乡建设和交通局提供资料：楼栋·户数。"
    )
    assert english == (
        "Not enough data. Records to be supplied by the Civil Affairs Bureau: land area "
        "(facilities); by the Housing and Urban-Rural Development Bureau: households (buildings)."
    )


@pytest.mark.parametrize(
    ("rule", "unknown", "zh", "en"),
    [
        ("fire.dead_end", 1, "另有 1 栋楼资料不足", "a further 1 building"),
        ("fire.dead_end", 2, "另有 2 栋楼资料不足", "a further 2 buildings"),
        ("access.step_free", 2, "另有 2 个单元资料不足", "a further 2 units"),
        ("fire.obstruction", 2, "另有 2 条消防车道资料不足", "a further 2 fire lanes"),
        ("service.station_size", 1, "另有 1 处资料不足", "a further 1 place"),
    ],
)
def test_what_is_not_known_is_counted_by_its_own_measure_word(rule, unknown, zh, en):
    more = {"value": 50.0, "unknown_members": unknown}
    assert zh in said(rule, "zh", "met", 0, 5, **more)
    assert en in said(rule, "en", "met", 0, 5, **more)


@pytest.mark.parametrize(
    ("rule", "value", "zh", "en"),
    [
        # places and bays are counted, areas measured; the metric names whom they are for
        ("toilet.count", 0.0, "应不少于 1 处", "at least 1 required"),
        (
            "parking.ratio.new",
            0.39,
            "为 0.39 个，不足，应不少于 1 个",
            "0.39 bays, too few (at least 1 bay ",
        ),
        (
            "elder.beds",
            26.9,
            "为 26.9 床，不足，应不少于 40 床",
            "26.9 beds, too few (at least 40 beds ",
        ),
        (
            "service.area100",
            8.0,
            "为 8 m²，不足，应不小于 30 m²",
            "8 m², too little (at least 30 m² ",
        ),
    ],
)
def test_what_is_counted_is_few_and_what_is_measured_little(rule, value, zh, en):
    more = {"value": value, "sharing": "nan 0 0 0 1"}
    assert zh in said(rule, "zh", "short", 0, 0, **more)
    assert en in said(rule, "en", "short", 0, 0, **more)


def test_a_metric_names_what_its_unit_is_per():
    per = [rule for rule in BOOK.rules if rule.judges and "/" in rule.unit]
    assert len(per) > 8
    assert [r.id for r in per if "每" not in r.metric_zh and "人均" not in r.metric_zh] == []
    assert [r.id for r in per if " per " not in r.metric_en] == []


@pytest.mark.parametrize(
    ("rule", "degree"),
    [
        ("elder.no_basement", Degree.UNFIT),
        ("access.step_free", Degree.UNFIT),
        ("lift.retrofit_candidate", Degree.SHORT),
        ("parking.ratio.new", Degree.FEW),
        ("service.area100", Degree.SHORT),
    ],
)
def test_a_demand_that_is_not_kept_fails_and_is_not_too_little(rule, degree):
    found = Finding(witness="W", outcome="short", estate_id="E01", as_of="2026-01-01", value=0.0)
    assert Case(found, Voice(BOOK.by_id[rule], BOOK, "zh")).degree is degree


@pytest.mark.parametrize("walked", [inf, 322.0])
def test_a_walk_that_need_not_do_instead_is_not_spoken_of(walked):
    more = {"value": 3.0, "walked_m": walked}
    assert said("ev.old", "zh", "met", 0, 0, **more) == (
        "小区内可用充电车位数为 3 个，达标，应不少于 1 个。"
    )
    assert said("ev.old", "en", "met", 0, 0, **more) == (
        "Charging bays of the estate: 3 bays, met (at least 1 bay required)."
    )


def test_one_bed_is_told_as_one():
    english = said("elder.beds", "en", "short", 0, 0, value=1.0, sharing="nan 0 0 0 1")
    assert ": 1 bed, too few (at least 40 beds required)" in english
