"""Siting of a district: by hand on the tiny town, whose doors are 10 m off 100 m blocks."""

from datetime import date

import pytest

from geo.errors import DataError
from services.assessment import Workspace, assess
from services.siting import obstacles, scenario_of, site
from services.what_if import what_if
from siting.posing import Wish
from tests.tiny_town import UNITS, facility, point, tiny_town

DAY = date(2026, 11, 23)
SITES = (
    {"candidate_id": "W", "name": "西地块", "cost_yuan": 300.0, "geometry": point(50, -10)},
    {"candidate_id": "M", "kinds": "便利店、药店", "geometry": point(350, -10)},
    {"candidate_id": "E", "kinds": "school", "geometry": point(550, 90)},
)


def _assessed(**changed):
    layers = {"units": UNITS, "candidate_sites": SITES, "facilities": (), **changed}
    return assess(Workspace.of(tiny_town(**layers)), DAY)


def test_one_shop_stands_where_it_covers_most_and_the_rest_says_why():
    # 20 households at A within 300 m of W, 10 at B within 300 m of M; C's 30 are beyond both:
    # its door is 10 m off (550, 100), 10 + 200 + 100 + 10 = 320 m from M on foot.
    found = site(_assessed(), Wish("shop", count=1))
    assert found.chosen["candidate_id"].tolist() == ["W"]
    assert (found.before, found.after, found.households) == (0, 20, 60)
    why = found.left.set_index("estate")
    assert why["reason"].to_dict() == {"乙": "not_chosen", "丙": "no_candidate"}
    assert (why.loc["丙", "candidate_id"], why.loc["丙", "walk_m"]) == ("M", 320.0)
    assert found.left_out["reason"].tolist() == ["other_kind"]
    walk = found.served.set_index("estate_id").loc["A"]
    assert walk.geometry.length == pytest.approx(walk["longest_m"])
    assert walk["households"] == 20


def test_what_there_is_already_counts_and_is_kept():
    found = site(_assessed(facilities=[facility("S", "shop", 50, -10)]), Wish("shop", count=1))
    assert found.chosen["candidate_id"].tolist() == ["M"]
    assert (found.before, found.after) == (20, 30)


def test_an_estate_out_of_reach_makes_covering_all_impossible_by_name():
    found = site(_assessed(), Wish("shop", objective="fewest"))
    assert not found.has_answer
    assert found.left["estate"].tolist() == ["丙"]
    assert found.left["reason"].tolist() == ["no_candidate"]


def test_what_must_be_is_refused_beyond_the_number():
    found = site(_assessed(), Wish("shop", count=1, must=("W", "M")))
    (reason,) = obstacles(found)
    assert (reason.code, reason.found, reason.needed) == ("new", 1, 2)


def test_places_are_generated_on_walkways_and_marked():
    found = site(_assessed(candidate_sites=()), Wish("shop", count=2, spacing_m=100))
    assert found.sites["is_generated"].all()
    assert found.after == 60  # two places of the grid reach all three estates
    assert "需落实用地" in scenario_of(found, "s").steps[0].title


def test_the_scenario_of_an_answer_closes_the_gap_that_it_covers():
    before = _assessed()
    found = site(before, Wish("药店", count=2, limit_m=500))
    trial = what_if(before, scenario_of(found, "药店"))
    assert not trial.conflicts
    after = trial.comparison.after.findings
    access = after[after["rule_id"] == "pharmacy.access"].set_index("estate_id")["outcome"]
    assert access.to_dict() == {"A": "met", "B": "met", "C": "met"}


def test_an_answer_with_more_sites_than_a_scenario_has_steps_is_refused(monkeypatch):
    found = site(_assessed(), Wish("shop", count=2))
    monkeypatch.setattr("services.siting.MOST_STEPS", 1)
    with pytest.raises(DataError, match="at most 1 steps"):
        scenario_of(found, "s")


def test_a_site_without_cost_is_no_part_of_a_budget_and_cannot_be_demanded():
    before = _assessed()
    found = site(before, Wish("shop", budget_yuan=1000))
    assert found.chosen["candidate_id"].tolist() == ["W"]
    with pytest.raises(DataError, match="no cost"):
        site(before, Wish("shop", budget_yuan=1000, must=("M",)))


def test_a_site_too_small_for_the_rule_is_left_out_and_an_unknown_one_is_built_large_enough():
    sites = (
        {"candidate_id": "S", "land_area_m2": 100.0, "geometry": point(50, -10)},
        {"candidate_id": "U", "geometry": point(50, -12)},
    )
    found = site(_assessed(candidate_sites=sites), Wish("fitness", count=1))
    assert found.left_out["reason"].tolist() == ["too_small"]
    assert found.chosen["land_area_m2"].tolist() == [150.0]  # as fitness.access demands


def test_capacity_is_the_supply_by_the_rule_over_its_rate():
    # 36 places per 1,000 persons: one place serves 27.8, of A's doors with 36 and 24 the second.
    sites = ({"candidate_id": "W", "capacity": 1.0, "geometry": point(50, -10)},)
    found = site(
        _assessed(candidate_sites=sites),
        Wish("kindergarten", count=1, has_capacity=True),
    )
    assert found.after == 8
    left = found.left.set_index("estate_id")
    assert left["reason"].to_dict() == {"A": "full", "B": "no_candidate", "C": "no_candidate"}


@pytest.mark.parametrize("sites", [(), ({"candidate_id": "B", "geometry": point(350, -10)},)])
def test_a_full_place_covers_no_more_when_no_site_is_chosen(sites):
    # What there is serves 27.8 persons, of A's doors with 36 and 24 the second: 8 households.
    district = _assessed(
        facilities=[facility("K", "kindergarten", 50, -10, capacity=1.0)],
        candidate_sites=[{**one, "capacity": 9.0} for one in sites],
    )
    found = site(district, Wish("kindergarten", count=1, has_capacity=True))
    assert (found.before, found.after) == (8, 18 if sites else 8)
    assert found.left.set_index("estate").loc["甲", "reason"] == "full"


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish("tower", count=1), "no kind of facility"),
        (Wish("toilet", count=1), "no rule asks a walk"),
        (Wish("shop"), "number of places or a budget"),
        (Wish("shop", count=1, must=("X",)), "0 candidate sites"),
        (Wish("shop", count=1, spacing_m=0), "spacing"),
    ],
)
def test_a_wish_that_cannot_be_put_is_refused_by_name(wish, said):
    with pytest.raises(DataError, match=said):
        site(_assessed(), wish)
