"""Findings of a little town with holes: what counts, what leads, and what less data can say."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import demo
from layers.district import District
from layers.findings import FAILING, Statement, fails_as, is_gap
from rules.book import load_book
from rules.evaluate import evaluate
from tests.examples import examples
from tests.second.holes import forgotten, with_holes
from tests.second.streets import with_obstacles

TODAY = date(2026, 11, 29)
TOWN = demo.district("tiny")
BOOK = load_book(TOWN.overlays)
# Off by two thirds of its limit, much is marginal.
COARSE = {name: one.model_copy(update={"relative": 0.66}) for name, one in BOOK.accuracy.items()}
SEEDS = st.integers(0, 10_000)
# Without these a figure is estimated, another row is meant or the clause binds somebody else.
OTHER_QUESTIONS = ("households", "persons", "elders", "state", "built_year", "use", "storeys")


def found_in(district: District) -> pd.DataFrame:
    """Return findings with the family of each rule and whether it is counted."""
    found = pd.DataFrame(evaluate(district, BOOK, TODAY).drop(columns="geometry"))
    family = found["rule_id"].astype(str).map(BOOK.family_of)
    return found.assign(family=family, is_gap=is_gap(found))


@pytest.mark.slow
@given(SEEDS)
@examples(20)
def test_what_counts_fails_binds_and_leads_and_is_counted_once(seed):
    found = found_in(with_holes(TOWN, seed, 0.1))
    assert not found.duplicated(["estate_id", "rule_id"]).any()
    families = found.dropna(subset="family").groupby(["estate_id", "family"], observed=True)
    assert (families["leads"].sum() == 1).all()
    assert (families["is_gap"].sum() <= 1).all()
    fails = found["outcome"].isin(FAILING)
    counted = fails & (found["statement"] == "gap") & found["leads"]
    pd.testing.assert_series_equal(found["is_gap"], counted, check_names=False)


@pytest.mark.slow
@given(SEEDS)
@examples(10)
def test_how_exact_a_survey_is_changes_no_outcome_and_loses_no_shortfall(seed):
    district = with_holes(TOWN, seed, 0.1)
    exact, coarse = (
        pd.DataFrame(evaluate(district, replace(BOOK, accuracy=accuracy), TODAY))
        for accuracy in ({}, COARSE)
    )
    assert not exact["is_marginal"].any()
    assert coarse["is_marginal"].any()
    same = ["estate_id", "rule_id", "outcome", "value", "severity", "lacking"]
    pd.testing.assert_frame_equal(exact[same], coarse[same])
    apart = fails_as(coarse, Statement.MARGINAL)
    assert is_gap(coarse).sum() + apart.sum() == is_gap(exact).sum()
    assert coarse.loc[apart, "is_marginal"].all()
    assert not coarse.loc[is_gap(coarse), "is_marginal"].any()


def accuracy_of(share):
    """Return the book's accuracies, so many times as coarse."""
    return {
        name: one.model_copy(
            update={"absolute": share * one.absolute, "relative": share * one.relative}
        )
        for name, one in BOOK.accuracy.items()
    }


@pytest.mark.slow
@given(SEEDS, st.tuples(st.floats(0, 40), st.floats(0, 40)).map(sorted))
@examples(20)
def test_no_verdict_is_settled_by_a_coarser_survey(seed, shares):
    district = with_obstacles(with_holes(TOWN, seed, 0.05), seed)
    fine, coarse = (
        evaluate(district, replace(BOOK, accuracy=accuracy_of(share)), TODAY)["is_marginal"]
        for share in shares
    )
    assert not (fine & ~coarse).any()


@given(SEEDS)
@examples(20)
def test_an_outcome_says_how_bad_it_is_and_what_it_lacks(seed):
    found = found_in(with_holes(TOWN, seed, 0.2))
    outcome = found["outcome"].astype(str)
    assert (found.loc[outcome == "met", "severity"] == 0).all()
    assert (found.loc[outcome.isin(FAILING), "severity"] > 0).all()
    assert found.loc[~outcome.isin(["met", *FAILING]), "severity"].isna().all()
    assert found.loc[outcome == "unknown", "lacking"].notna().all()
    assert found.loc[outcome != "unknown", "lacking"].isna().all()


@pytest.mark.slow
@given(SEEDS)
@examples(10)
def test_yardsticks_never_change_what_counts(seed):
    district = with_holes(TOWN, seed, 0.1)
    found = found_in(district)
    binding = set(found.loc[found["statement"] == "gap", "rule_id"].astype(str))
    alone = evaluate(district, BOOK, TODAY, only=binding)
    keys = ["estate_id", "rule_id"]
    counted = found.loc[found["is_gap"], keys].astype(str)
    pd.testing.assert_frame_equal(
        alone.loc[is_gap(alone), keys].astype(str).reset_index(drop=True),
        counted.reset_index(drop=True),
    )


@pytest.mark.slow
@given(SEEDS)
@examples(20)
def test_nothing_fails_for_want_of_data(seed):
    # A gap can appear in a family where what was drawn is forgotten and what was written decides:
    # the verdict of every rule is what never turns.
    before = with_holes(TOWN, seed, 0.05)
    after = forgotten(before, seed, 0.2, kept=OTHER_QUESTIONS)
    known, lost = (evaluate(each, BOOK, TODAY)["outcome"] for each in (before, after))
    assert (~lost.isin(FAILING) | known.isin(FAILING)).all()


@pytest.mark.slow
@given(SEEDS)
@examples(20)
def test_forgetting_who_lives_outside_never_turns_a_verdict_to_met(seed):
    district = with_holes(TOWN, seed, 0.05)
    rng = np.random.default_rng(seed)
    buildings = district["buildings"].copy()
    outside = buildings["estate_id"].isna().to_numpy()
    for name in ("households", "floor_area_m2", "storeys", "use"):
        lost = outside & (rng.random(len(buildings)) < rng.choice([0.1, 0.5, 1.0]))
        buildings[name] = buildings[name].mask(lost)
    gone = outside & (rng.random() < 0.3)
    forgetful = district.with_frames(buildings=buildings[~gone])
    before, after = (evaluate(each, BOOK, TODAY)["outcome"] for each in (district, forgetful))
    assert ((after != "met") | (before == "met")).all()


@pytest.mark.parametrize(
    "size",
    [
        pytest.param("demo", marks=pytest.mark.slow),
        pytest.param("stress", marks=pytest.mark.stress),
    ],
)
@pytest.mark.parametrize("forgets_buildings", [False, True])
def test_without_anybody_outside_no_finding_of_the_demonstration_turns_to_met(
    size, forgets_buildings
):
    # The cities of data/cities have nobody outside: there every building is an estate.
    district = demo.district(size)
    buildings = district["buildings"].copy()
    outside = buildings["estate_id"].isna()
    for name in ("households", "floor_area_m2", "storeys", "use"):
        buildings[name] = buildings[name].mask(outside)
    lonely = buildings[~outside] if forgets_buildings else buildings
    forgetful = district.with_frames(buildings=lonely)
    before, after = (evaluate(each, BOOK, TODAY)["outcome"] for each in (district, forgetful))
    assert (before != after).any()
    assert ((after != "met") | (before == "met")).all()
