"""One assessment: opened, asked and tried out without page, clock or environment."""

from datetime import date

import pandas as pd
import pytest

from edits import difference
from rules import walking
from rules.evaluate import evaluate
from rules.full_table import full_table
from services.assessment import Workspace, assess
from store import open_store
from tests.tiny_town import facility, tiny_town

TODAY = date(2026, 11, 23)
TOWN = tiny_town(facilities=[facility("K", "kindergarten", 200, -10)])


@pytest.fixture(scope="module")
def workspace():
    return Workspace.of(TOWN)


@pytest.fixture(scope="module")
def assessment(workspace):
    return assess(workspace, TODAY)


@pytest.mark.slow
def test_an_assessment_holds_the_findings_of_its_day(workspace, assessment):
    expected = evaluate(TOWN, workspace.book, TODAY)
    pd.testing.assert_frame_equal(assessment.findings, expected)
    pd.testing.assert_frame_equal(assessment.full, full_table(expected, TOWN, workspace.book))
    assert assessment.key == (TOWN.version, workspace.book.version, "2026-11-23")


def test_the_walks_of_one_day_serve_another(workspace, assessment):
    earlier = assess(workspace, date(2023, 4, 1))
    assert earlier.as_of != assessment.as_of
    assert walking.starts(earlier.evaluation.context) is walking.starts(
        assessment.evaluation.context
    )


def test_the_departments_are_those_that_answer_for_a_finding(assessment):
    table = assessment.full
    named = {text for name in ("department", "assisting") for text in table[name] if text}
    told = "、".join(named)
    assert all(body in told for body in assessment.departments)
    assert set(table["department"]) <= set(assessment.departments)


@pytest.mark.slow
def test_a_body_of_several_companies_is_one_department_with_a_name_in_both_languages(tiny_demo):
    assessment = assess(Workspace.of(tiny_demo), date(2026, 11, 29))
    carriers = "电信、移动、广电、联通"
    assert carriers in assessment.departments
    assert not {"电信", "移动", "广电", "联通"} & set(assessment.departments)
    book = assessment.workspace.book
    towns = set(assessment.workspace.district["towns"]["name"])
    english = [book.called(body, "en") for body in assessment.departments if body not in towns]
    assert all(name.isascii() for name in english)


def test_an_edit_tried_out_leaves_the_assessment_as_it_was(assessment):
    rows = [facility("K", "kindergarten", 200, -10), facility("N", "kindergarten", 50, -10)]
    edit = difference(TOWN, tiny_town(facilities=rows))
    before = assessment.findings.copy()
    tried = assessment.after(edit)
    assert "N" in set(tried.workspace.district["facilities"]["facility_id"])
    nearer = tried.findings["value"] < before["value"]
    assert set(tried.findings.loc[nearer, "rule_id"]) == {"kindergarten.access"}
    pd.testing.assert_frame_equal(assessment.findings, before)
    assert tried.key != assessment.key
    # Nobody has looked for anything that was not looked for before.
    assert tried.workspace.district.surveyed == TOWN.surveyed


def test_a_district_is_opened_from_its_store(tiny_folder):
    workspace = Workspace.opened(open_store(tiny_folder, ""))
    assert workspace.plan is not None
    assert len(workspace.district["estates"]) == 2
    assert workspace.book.overlays[0] == "national"
