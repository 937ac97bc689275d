"""Contradictions refuse a formal issue and name the field to mend."""

import dataclasses

import pytest

from atlas.compose import compose, context_of
from atlas.contradictions import contradictions
from atlas.preflight import FormalIssueRefusedError
from atlas.problem import Field
from atlas.request import Request, Stage, TitleBlock
from rules.book import load_book
from tests.unit.atlas.conftest import box

REQUEST = Request("2023-03-15", "V0.3", sheets=("present",))


def found(district, findings, **changes):
    request = dataclasses.replace(REQUEST, **changes)
    return contradictions(context_of(district, findings, load_book(), None, request))


def test_a_district_whose_figures_agree_has_none(district, findings):
    assert found(district, findings) == []


def test_an_estate_of_127_households_beside_a_table_of_72_is_named_with_its_field(
    district, findings
):
    estates = district["estates"].assign(households=[127, 24])
    (problem,) = found(district.with_frames(estates=estates), findings)
    assert problem.kind == "total"
    assert "127" in problem.zh
    assert "72" in problem.zh
    assert problem.field == Field("estates", "E1", "households")
    assert problem.field.label("zh").split()[1:] == ["E1", "户数"]


@pytest.mark.parametrize(("stated", "problems"), [(127, 0), (40, 1)])
def test_a_building_nobody_counted_may_hold_the_rest_but_not_less_than_nothing(
    district, findings, stated, problems
):
    buildings = district["buildings"].copy()
    buildings.loc[buildings["building_id"] == "B1", "households"] = None  # 48 are known
    estates = district["estates"].assign(households=[stated, 24])
    changed = district.with_frames(estates=estates, buildings=buildings)
    assert len(found(changed, findings)) == problems


@pytest.mark.parametrize(
    ("value", "outcome", "problems"), [(0.6, "short", 1), (0.4, "met", 1), (0.4, "short", 0)]
)
def test_a_value_that_meets_its_threshold_and_is_judged_short_contradicts_itself(
    district, findings, value, outcome, problems
):
    changed = findings.copy()
    parking = changed["item_zh"] == "停车"  # at least 0.5 bays a household
    changed.loc[parking, ["value", "outcome"]] = [value, outcome]
    listed = found(district, changed)
    assert [problem.kind for problem in listed] == ["verdict"] * problems


def test_estates_that_share_ground_overlap_and_those_that_touch_do_not(district, findings):
    estates = district["estates"]
    touching = estates.set_geometry([box(0, 0, 118, 84), box(118, 0, 60, 50)])
    assert found(district.with_frames(estates=touching), findings) == []
    lapping = estates.set_geometry([box(0, 0, 118, 84), box(108, 0, 60, 50)])
    (problem,) = found(district.with_frames(estates=lapping), findings)
    assert "500 m²" in problem.zh  # 10 m by 50 m
    assert problem.field == Field("estates", "E1")


def test_a_formal_issue_with_a_contradiction_is_refused(district, findings):
    estates = district["estates"].assign(households=[127, 24])
    request = dataclasses.replace(
        REQUEST, stage=Stage.FORMAL, title_block=TitleBlock(*"甲乙丙丁戊己庚")
    )
    changed = district.with_frames(estates=estates)
    context = context_of(changed, findings, load_book(), None, request)
    with pytest.raises(FormalIssueRefusedError) as refused:
        compose(context)
    assert "total" in {problem.kind for problem in refused.value.problems}
