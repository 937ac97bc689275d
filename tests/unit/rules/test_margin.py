"""Marginal verdicts: at the edges of the survey's accuracy, by hand, for every kind of limit."""

import pytest

from geo.errors import StandardError
from rules.book import load_book
from tests.tiny_town import (
    BUILDINGS,
    UNITS,
    area,
    facility,
    line,
    lot,
    point,
    rows_with,
    streets,
    tiny_town,
)

EASTWARDS = {"walkway_id": "E", "geometry": line((600, 0), (1300, 0))}
SCHOOL = {"classes": 6, "floor_area_m2": 2300.0, "land_area_m2": 3600.0}


@pytest.mark.parametrize(
    ("width", "outcome", "is_marginal"),
    [
        # 1.2 m at least, taped to 0.02 m.
        (1.17, "short", False),
        (1.18, "short", True),
        (1.20, "met", True),
        (1.21, "met", True),
        (1.22, "met", False),  # at least 1.20 m, however it was taped
    ],
)
def test_a_width_as_near_to_its_limit_as_it_is_taped_is_marginal(
    judged, width, outcome, is_marginal
):
    town = tiny_town(units=rows_with(UNITS, "B-1-1", ramp_width_m=width))
    found = judged(town, "ramp.width").loc["B"]
    assert (found["outcome"], found["is_marginal"]) == (outcome, is_marginal)
    assert ("测量误差（0.02 m）之内，为临界" in found["reason_zh"]) == is_marginal
    assert (
        "marginal: the difference from the limit is within the accuracy of the survey (0.02 m)"
        in found["reason_en"]
    ) == is_marginal


@pytest.mark.parametrize(
    ("east", "outcome", "is_marginal"),
    [
        # From A-1-2, 10 + 60 + (east - 100) + 10 m along the streets; 300 m at most, to 3 m.
        (316.0, "met", False),  # 296 m
        (317.5, "met", True),
        (320.0, "met", True),
        (323.0, "short", True),
        (324.0, "short", False),
    ],
)
def test_a_walk_as_near_to_its_limit_as_it_is_drawn_is_marginal(judged, east, outcome, is_marginal):
    town = tiny_town(facilities=[facility("K", "kindergarten", east, -10)])
    found = judged(town, "kindergarten.access").loc["A"]
    assert found["value"] == pytest.approx(east - 20)
    assert (found["outcome"], found["is_marginal"]) == (outcome, is_marginal)


def shed(**columns):
    return tiny_town(parking=[lot("P", 50, -10, estate_id="A") | {"kind": "ebike_shed"} | columns])


@pytest.mark.parametrize(
    ("exit_m", "wall_m", "outcome", "is_marginal"),
    [
        # 6 m from an exit to 0.06 m and 3 m from a wall to 0.03 m: each has to hold.
        (5.95, 5.0, "short", True),
        (8.0, 2.98, "short", True),
        (5.95, 2.98, "short", True),
        (5.95, 1.0, "short", False),  # the wall decides, whatever the exit
        (4.0, 2.98, "short", False),
        (8.0, 3.01, "met", True),
        (6.07, 3.04, "met", False),
    ],
)
def test_of_two_demands_both_must_be_open(judged, exit_m, wall_m, outcome, is_marginal):
    found = judged(shed(exit_m=exit_m, wall_m=wall_m), "ebike.separation").loc["A"]
    assert (found["outcome"], found["is_marginal"]) == (outcome, is_marginal)


def test_one_member_that_fails_for_sure_leaves_nothing_open(judged):
    rows = rows_with(rows_with(UNITS, "A-1-1", ramp_width_m=1.19), "A-1-2", ramp_width_m=1.0)
    assert not judged(tiny_town(units=rows), "ramp.width").loc["A", "is_marginal"]
    rows = rows_with(rows_with(UNITS, "A-1-1", ramp_width_m=1.19), "A-1-2", ramp_width_m=1.5)
    assert judged(tiny_town(units=rows), "ramp.width").loc["A", "is_marginal"]


@pytest.mark.parametrize(
    ("areas", "is_marginal"),
    [
        ([346.0], False),  # 350 m2 to 3.5 m2
        ([347.0], True),
        ([347.0, 100.0], True),  # the largest decides
        ([352.0, 347.0], True),
        ([400.0, 349.0], False),  # one is large enough for sure
    ],
)
def test_of_several_places_the_best_decides(judged, areas, is_marginal):
    rows = [
        facility(f"D{n}", "elder_day_care", 50 + 10 * n, -10, floor_area_m2=area)
        for n, area in enumerate(areas)
    ]
    found = judged(tiny_town(facilities=rows), "elder.centre_size").loc["A"]
    assert found["is_marginal"] == is_marginal


@pytest.mark.parametrize("capacity", [0.0, 719.0, 720.0, 721.0])
def test_what_is_counted_is_exact(judged, capacity):
    rows = [facility("K", "kindergarten", 200, -10, capacity=capacity)]
    assert not judged(tiny_town(facilities=rows), "kindergarten.places")["is_marginal"].any()


@pytest.mark.parametrize(
    ("east", "outcome", "is_marginal"),
    [
        # From A-1-1, 10 + (east - 50) + 10 m along the streets; 1,000 m at most, to 10 m.
        (1019, "met", False),  # 989 m
        (1021, "met", True),
        (1029, "met", True),
        (1031, "missing", True),
        (1039, "missing", True),
        (1041, "missing", False),
    ],
)
@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("elder.centre_size", {"kind": "elder_day_care", "floor_area_m2": 400.0}),
        ("kindergarten.size", {"kind": "kindergarten", **SCHOOL}),
    ],
)
def test_a_place_as_near_to_the_reach_as_walks_are_drawn_makes_a_verdict_marginal(
    judged, rule, place, east, outcome, is_marginal
):
    town = tiny_town(
        facilities=[{"facility_id": "K", "geometry": point(east, -10), **place}],
        walkways=[*streets(), EASTWARDS],
    )
    found = judged(town, rule).loc["A"]
    assert (found["outcome"], found["is_marginal"]) == (outcome, is_marginal)
    assert (
        "有一处步行距离与 1,000 m 之差在测量误差（10 m）之内，为临界" in found["reason_zh"]
    ) == (is_marginal)


def test_a_place_that_is_surely_in_reach_decides_before_one_that_may_be(judged):
    rows = [
        facility(f"D{east}", "elder_day_care", east, -10, floor_area_m2=400.0)
        for east in (100, 1029)
    ]
    town = tiny_town(facilities=rows, walkways=[*streets(), EASTWARDS])
    assert not judged(town, "elder.centre_size").loc["A", "is_marginal"]


@pytest.mark.parametrize(
    ("east", "outcome", "is_marginal"),
    [
        # Two shops are asked for within 500 m, to 5 m; one is at 170 m, the other at east - 30 m.
        (524, "met", False),
        (529, "met", True),
        (534, "short", True),
        (536, "short", False),
    ],
)
def test_a_number_of_places_is_marginal_where_one_may_be_out_of_reach(
    judged, east, outcome, is_marginal
):
    shops = [facility(f"S{x}", "shop", x, -10, floor_area_m2=60.0) for x in (200, east)]
    found = judged(tiny_town(facilities=shops), "shop.count").loc["A"]
    assert (found["outcome"], found["is_marginal"]) == (outcome, is_marginal)


CROWDED = [unit | {"households": 100 * unit["households"]} for unit in UNITS]


def centre(east, floor_area_m2, units=CROWDED, **more):
    """Return the town, each home for a hundred, with a centre beside the south street."""
    row = facility("D", "community_service", east, -10, floor_area_m2=floor_area_m2)
    return tiny_town(facilities=[row], units=units, **more)


@pytest.mark.parametrize(
    ("east", "outcome", "is_marginal"),
    [
        # 300 m to 3 m. A-1-1 (12 of 20 households) is in reach; without A-1-2, east - 20 m away,
        # 40 % have no place, where 10 % may have none.
        (316, "met", False),
        (319, "met", True),
        (321, "short", True),
        (324, "short", False),
    ],
)
def test_the_share_of_those_without_a_place_is_as_exact_as_their_walks(
    judged, east, outcome, is_marginal
):
    found = judged(centre(east, 9000.0), "service.area100").loc["A"]
    assert (found["outcome"], found["is_marginal"]) == (outcome, is_marginal)
    said = (
        "marginal: the difference of a walk from 300 m is within the accuracy of the survey (3 m)"
    )
    assert (said in found["reason_en"]) == is_marginal


@pytest.mark.parametrize(
    ("east", "value", "outcome", "is_marginal"),
    [
        # B (1,000) shares 800 m2 with A-1-1 (1,200), and with A-1-2 (800) if that is in reach;
        # 30 m2 for 100 are asked.
        (316, 80_000 / 3_000, "short", False),
        (319, 80_000 / 3_000, "short", True),
        (321, 80_000 / 2_200, "met", True),
        (324, 80_000 / 2_200, "met", False),
    ],
)
def test_what_is_shared_is_as_exact_as_the_walks_of_the_others(
    judged, east, value, outcome, is_marginal
):
    found = judged(centre(east, 800.0), "service.area100").loc["B"]
    assert found["value"] == pytest.approx(value)
    assert (found["outcome"], found["is_marginal"]) == (outcome, is_marginal)


@pytest.mark.parametrize(("north", "is_marginal"), [(-261, True), (-266, False)])
def test_homes_outside_as_near_to_the_reach_may_share_or_not(judged, north, is_marginal):
    # B (1,000) and C (30) share 320 m2, 31 m2 for 100 where 30 are asked; 4,000 more live down the
    # lane, 40 m and the lane away: 301 m or 306 m.
    home = {"building_id": "X", "use": "residential", "households": 4000}
    lane = {"walkway_id": "L", "geometry": line((400, 0), (400, -400))}
    there = [
        *BUILDINGS,
        home | {"geometry": area((410, north), (420, north - 5), (420, north + 5))},
    ]
    found = judged(
        centre(420, 320.0, buildings=there, walkways=[*streets(), lane]), "service.area100"
    ).loc["B"]
    assert found["value"] == pytest.approx(32_000 / 1_030)
    assert (found["outcome"], found["is_marginal"]) == ("met", is_marginal)


@pytest.mark.parametrize(("floor_area_m2", "is_marginal"), [(700.0, False), (950.0, True)])
def test_doors_that_may_be_in_reach_share_a_place_among_each_other(
    judged, floor_area_m2, is_marginal
):
    # B (1,000) is in reach, A's doors (1,200 and 800) are 301.5 and 298.5 m away: with both, 3,000
    # share, 23.3 or 31.7 m2 per 100; of 700 m2 each door without the other would have 31.8 or more.
    units = rows_with(CROWDED, "A-1-2", geometry=point(53, 10))
    found = judged(centre(331.5, floor_area_m2, units=units), "service.area100").loc["A"]
    assert (found["outcome"], found["is_marginal"]) == ("short", is_marginal)


@pytest.mark.parametrize(("east", "is_marginal"), [(219, True), (217, False)])
def test_a_private_place_may_be_in_reach_of_its_own_estate_alone(judged, east, is_marginal):
    # 150 m to 2 m; from B's only door it is 10 + (350 - east) + 10 m.
    shed = lot("P", east, -10, estate_id="B", ebike_ports=9, is_public=False)
    found = judged(tiny_town(parking=[shed | {"kind": "ebike_shed"}]), "ebike.ports").loc["B"]
    assert (found["outcome"], found["is_marginal"]) == ("missing", is_marginal)


@pytest.mark.parametrize(
    ("east", "outcome", "is_marginal"),
    [
        # A public charger within 500 m of the farthest door, to 5 m, will do: east - 20 m.
        (514, "met", False),
        (519, "met", True),
        (521, "missing", True),
        (526, "missing", False),
    ],
)
def test_a_walk_that_will_do_instead_is_as_exact_as_it_is_drawn(judged, east, outcome, is_marginal):
    charger = lot("P", east, -10, is_public=True) | {"kind": "charging_station"}
    found = judged(tiny_town(parking=[charger]), "ev.old").loc["A"]
    assert (found["outcome"], found["is_marginal"]) == (outcome, is_marginal)


def test_what_is_not_there_at_all_is_missing_not_marginal(judged):
    row = rows_with(UNITS, "B-1-1", ramp_width_m=0.0, is_step_free=False)
    found = judged(tiny_town(units=row), "ramp.width").loc["B"]
    assert (found["outcome"], found["is_marginal"]) == ("missing", False)


def test_the_office_can_change_how_exact_a_survey_is_and_signs_for_it(tmp_path):
    signed = '[signed]\nwhy = "量测报告"\nwho = "测绘院"\nwhen = 2026-11-29\n'
    path = tmp_path / "ours.toml"
    path.write_text("[accuracy.length]\nabsolute = 0.05\n", encoding="utf-8")
    with pytest.raises(StandardError, match="signed"):
        load_book(extra=[path])
    path.write_text(signed + "[accuracy.length]\nabsolute = 0.05\n", encoding="utf-8")
    assert load_book(extra=[path]).accuracy["length"].absolute == 0.05
    path.write_text(
        signed + '[accuracy.colour]\nabsolute = 1\nrelative = 0.0\nsource = "OURS"\n'
        'clause = "x"\nverified = "none"\noverride = "reason"\n',
        encoding="utf-8",
    )
    with pytest.raises(StandardError, match="no quantity colour"):
        load_book(extra=[path])
