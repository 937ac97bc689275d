"""Marginal verdicts: at the edges of the survey's accuracy, by hand, for every kind of limit."""

import pytest

from geo.errors import StandardError
from rules.book import load_book
from tests.tiny_town import UNITS, facility, lot, rows_with, tiny_town


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
        "marginal: no farther from the limit than the survey may be off (0.02 m)"
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
