"""Siting of a district: its answer holds on the district in which it is built, judged anew."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edits import apply
from rules.evaluate import evaluate
from services.assessment import Assessment, Workspace, assess
from services.siting import DistrictSiting, scenario_of, site
from siting.posing import Wish
from tests.examples import examples
from tests.tiny_town import UNITS, facility, point, tiny_town

DAY = date(2026, 11, 23)
RULE = "shop.access"
PLACES = st.tuples(st.integers(-20, 620), st.integers(-20, 220))
SITES = st.lists(PLACES, min_size=1, max_size=7, unique=True)
OBJECTIVES = st.sampled_from(["cover", "median", "equity"])
GATE = {"entrance_id": "G", "estate_id": "A", "state": "open", "geometry": point(50, 10)}


def _assessed(places, shops, *, is_walled: bool) -> Assessment:
    """Return the town with shops, and candidate sites at some places."""
    district = tiny_town(
        units=[{**one, "storeys": 6} for one in UNITS],
        facilities=[facility(f"S{n}", "shop", x, y) for n, (x, y) in enumerate(shops)],
        entrances=[GATE] if is_walled else [],
        candidate_sites=[
            {"candidate_id": f"C{n}", "geometry": point(x, y), "cost_yuan": 100.0 * (n + 1)}
            for n, (x, y) in enumerate(places)
        ],
    )
    return assess(Workspace.of(district), DAY)


def _judged(found: DistrictSiting):
    """Return the findings of the rule on the district in which the answer is built."""
    district = found.assessment.workspace.district
    for step in scenario_of(found, "s").steps:
        district = apply(district, step.edit, assumed=True)
    findings = evaluate(district, found.assessment.workspace.book, DAY)
    return findings[findings["rule_id"] == RULE].set_index("estate_id")


@pytest.mark.slow
@examples(25)
@given(SITES, st.lists(PLACES, max_size=1), st.booleans(), OBJECTIVES, st.integers(1, 3))
def test_who_an_answer_covers_is_met_once_it_is_built_and_nobody_else(
    places, shops, is_walled, objective, count
):
    before = _assessed(places, shops, is_walled=is_walled)
    found = site(before, Wish("shop", count=count, objective=objective))
    if not found.has_answer:
        return
    judged = _judged(found)
    uncovered = found.left[found.left["reason"] != "cut_off"]
    failing = judged[judged["outcome"].isin(["short", "missing"])]
    behind = uncovered.groupby("estate_id")["households"].sum()
    assert set(failing.index) == set(uncovered["estate_id"])
    assert failing["exposed_households"].to_dict() == behind.to_dict()
    assert found.after == found.households - behind.sum()


@pytest.mark.slow
@examples(25)
@given(SITES, st.lists(PLACES, max_size=1), st.integers(1, 3))
def test_more_sites_never_cover_fewer_households(places, shops, count):
    before = _assessed(places, shops, is_walled=False)
    fewer, more = (site(before, Wish("shop", count=n)) for n in (count, count + 1))
    assert fewer.before <= fewer.after <= more.after
    one_site_less = _assessed(places[:-1], shops, is_walled=False)
    assert site(one_site_less, Wish("shop", count=count)).after <= fewer.after


@examples(25)
@given(SITES, st.data(), OBJECTIVES)
def test_what_must_be_is_chosen_and_what_must_not_is_not(places, data, objective):
    before = _assessed(places, [], is_walled=False)
    order = data.draw(st.permutations([f"C{n}" for n in range(len(places))]))
    must, never = tuple(order[:1]), tuple(order[1:3])
    wish = Wish("shop", count=2, must=must, never=never, objective=objective)
    found = site(before, wish)
    chosen = set(found.chosen["candidate_id"])
    assert chosen >= set(must)
    assert not chosen & set(never)
    assert len(chosen) <= 2
    free = site(before, replace(wish, must=(), never=()))
    if objective == "cover":
        assert found.after <= free.after


@pytest.mark.slow
@examples(25)
@given(SITES, st.integers(0, 1500))
def test_chosen_sites_cost_no_more_than_the_budget(places, budget):
    found = site(_assessed(places, [], is_walled=False), Wish("shop", budget_yuan=budget))
    assert found.chosen["price_yuan"].sum() <= budget
