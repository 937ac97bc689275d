"""Batches of the tiny demonstration and of a town by hand: gates, coverage, money, reasons."""

from datetime import date

import numpy as np
import pytest

from geo.errors import DataError
from layers.district import District
from plan import load_plan
from programme.eligibility import Verdict, gate_findings
from programme.estates import Standing
from rules.book import load_book
from services.assessment import Workspace, assess
from services.batches import district_batch
from store import open_store
from tests.tiny_town import ESTATES, UNITS, tiny_town

TODAY = date(2026, 11, 23)
UNFIT = [{**one, "has_lift": False, "storeys": 6} for one in UNITS]


def town(**changed: dict[str, object]) -> District:
    """Return the town with the columns of estates given by id; A costs 60, B 50, C 40 yuan."""
    costs = {"A": 60.0, "B": 50.0, "C": 40.0}
    rows = [
        {**row, "budget_yuan": costs[row["estate_id"]], **changed.get(row["estate_id"], {})}
        for row in ESTATES
    ]
    return tiny_town(estates=rows, units=UNFIT)


def batch(district, *budgets, **named):
    return district_batch(assess(Workspace.of(district), TODAY), budgets, **named)


@pytest.fixture(scope="module")
def least_known():
    """Make the coverage that is needed small: the town is a poorly surveyed one."""
    book = load_book()
    return float(book.scoring["min_coverage_to_rank"])


def test_an_estate_of_which_too_little_is_known_is_not_decided(least_known):
    table = batch(town(), 1000).table
    poorly = table["coverage"] < least_known
    assert poorly.any()
    assert (table.loc[poorly, "standing"] == Standing.UNDECIDED).all()
    assert not table.loc[poorly, "year"].any()


def test_need_and_cost_are_those_of_ranking_and_survey():
    table = batch(town(), 1000).table
    assert table["cost_yuan"].tolist() == [60, 50, 40]
    assert (table["need"] >= table["safety_need"]).all()


def test_what_must_be_taken_is_taken_though_little_is_known():
    found = batch(town(), 60, must=["甲"])
    assert found.table.loc["A", "year"] == 1
    assert found.batch.spent == (60,)


def test_what_does_not_fit_together_is_named():
    found = batch(town(), 100, must=["A", "B"])
    assert found.blocking == ("A", "B")
    assert not found.table["year"].any()


@pytest.mark.slow
@pytest.mark.parametrize(
    "named", [{"must": ["丁"]}, {"never": ["丁"]}, {"must": ["A"], "never": ["A"]}]
)
def test_estates_that_do_not_exist_or_contradict_are_refused(named):
    with pytest.raises(DataError):
        batch(town(), 100, **named)


def test_one_without_a_cost_cannot_be_demanded():
    with pytest.raises(DataError, match="no estimated cost"):
        batch(town(A={"budget_yuan": None}), 100, must=["A"])


def test_gates_pass_fail_or_wait_for_whoever_knows():
    rows = {
        "A": {"central_subsidised_before": True, "built_year": 1999},
        "B": {"central_subsidised_before": False, "built_year": 2003},
    }
    district, book, plan = town(**rows), load_book(), load_plan("litong-2023")
    said = {(one.estate_id, one.gate.id): one for one in gate_findings(district, plan, book)}
    assert len(said) == 3 * len(plan.gates)
    assert [said[key, "E1"].verdict for key in "ABC"] == [
        Verdict.FAILED,
        Verdict.MET,
        Verdict.UNKNOWN,
    ]
    assert [said[key, "E5"].verdict for key in "ABC"] == [
        Verdict.MET,
        Verdict.FAILED,
        Verdict.UNKNOWN,
    ]
    assert (said["C", "E1"].supplier, said["A", "E1"].supplier) == ("zjj", "")


@pytest.mark.slow
def test_an_estate_that_fails_a_hard_gate_enters_no_batch(tiny_workspace):
    found = district_batch(assess(tiny_workspace, TODAY), [10**9])
    taken = found.table[found.table["year"] > 0]
    assert len(taken)
    key = taken.index[0]
    estates = tiny_workspace.district["estates"].copy()
    estates["central_subsidised_before"] = estates["estate_id"].eq(key).astype("boolean")
    barred = Workspace.of(tiny_workspace.district.with_frames(estates=estates))
    again = district_batch(assess(barred, TODAY), [10**9]).table
    assert (again.loc[key, "standing"], again.loc[key, "year"]) == (Standing.EXCLUDED, 0)
    with pytest.raises(DataError, match="E1"):
        district_batch(assess(barred, TODAY), [10**9], must=[key])


@pytest.mark.slow
def test_more_money_is_never_worse_and_the_list_never_better(tiny_workspace):
    assessment = assess(tiny_workspace, TODAY)
    needs = []
    for budget in (0, 2_000_000, 5_000_000, 20_000_000):
        found = district_batch(assessment, [budget])
        assert found.batch.need >= found.walked.need
        assert sum(found.batch.spent) <= budget
        assert found.more_need >= 0
        needs.append(found.batch.need)
    assert needs == sorted(needs)
    assert np.isclose(found.batch.gap, 0)


@pytest.fixture(scope="module")
def tiny_workspace(kept_tiny_demo):
    return Workspace.opened(open_store(kept_tiny_demo))
