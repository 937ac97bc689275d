"""The plan's facts, held against the paper's own text."""

import pytest

import data
from geo.errors import StandardError
from plan import facts, load_plan


@pytest.fixture(scope="module")
def plan():
    return load_plan("litong-2023")


def test_the_totals_are_those_of_the_paper(plan):
    # 三(二) and 四: 20个老旧小区、55栋楼、16.02万平方米、1845户、4900万元
    totals = plan.totals
    assert (totals.estates, totals.buildings, totals.households) == (20, 55, 1845)
    assert (totals.floor_area_m2, totals.investment_yuan) == (160_200, 49_000_000)


def test_the_estates_stand_in_the_order_of_the_paper(plan):
    # copied from 三(二), where 36#、37# is one entry
    text = (
        "利水南苑、药材公司家属院、财政局家属楼、建行南苑、朝阳小区0#、朝阳小区36#、37#、裕民小区、"
        "工商局家属院、银塔南区、东风供销社楼、吴忠中学家属楼、农牧局家属院、三中家属院、工行楼、"
        "饮食公司家属楼、畜牧局家属楼、税务所家属楼、交警队家属院、商业车队家属楼、征稽局家属楼"
    )
    assert "、".join(plan.estate_names) == text
    assert len(set(plan.estate_names)) == 20


def test_three_towns_are_in_scope_and_banqiao_is_not(plan):
    assert [town.name for town in plan.in_scope] == ["金星镇", "胜利镇", "金积镇"]
    assert {town.code for town in plan.towns} == {
        "640302106",
        "640302107",
        "640302100",
        "640302201",
    }


def test_every_fact_names_the_clause_it_stands_in(plan):
    stated = [*plan.gates, *plan.phases, *plan.funds, *plan.duties, *plan.conflicts, plan.totals]
    assert all(fact.clause for fact in stated)


def test_the_contradictions_of_the_paper_are_told(plan):
    told = "".join(conflict.zh for conflict in plan.conflicts)
    assert all(word in told for word in ("36#、37#", "板桥乡", "附件", "征求意见稿"))


@pytest.mark.parametrize("name", ["none", "../plans/litong-2023", "", "a/b", "litong-2023.toml"])
def test_a_plan_that_is_not_there_is_refused(name):
    with pytest.raises(StandardError, match="no plan called"):
        load_plan(name)


def test_a_plan_whose_list_does_not_meet_its_total_is_refused(monkeypatch):
    text = data.read_text("plans/litong-2023.toml").replace("estates = 20", "estates = 21")
    monkeypatch.setattr(facts.data, "read_text", lambda _: text)
    with pytest.raises(StandardError, match="20 estates are named, expected 21"):
        load_plan("litong-2023")


@pytest.mark.parametrize(
    "wrong", ["year = ", 'year = "2023"', "year = 2023\nsurprise = 1\naim = 1\n"]
)
def test_a_plan_that_is_not_as_it_should_be_is_refused(monkeypatch, wrong):
    text = data.read_text("plans/litong-2023.toml").replace("year = 2023", wrong, 1)
    monkeypatch.setattr(facts.data, "read_text", lambda _: text)
    with pytest.raises(StandardError, match="plan litong-2023"):
        load_plan("litong-2023")


def test_a_plan_cannot_be_changed(plan):
    with pytest.raises(ValueError, match="frozen"):
        plan.totals.estates = 21
