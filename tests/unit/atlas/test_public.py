"""What residents are shown: the works and how to answer, and nothing that is for the offices."""

import dataclasses

import pytest

from atlas.compose import compose, context_of
from atlas.outline import plan_pages
from atlas.preflight import FormalIssueRefusedError
from atlas.problem import Field
from atlas.request import PublicNotice, Purpose, Request, Stage, TitleBlock, Volume
from rules.book import load_book

NOTICE = PublicNotice("2026-12-01", "2026-12-30", "王某", "0953-0000000", "区政务大厅")
PUBLIC = Request(
    "2026-12-01",
    "V1.0",
    purpose=Purpose.PUBLIC,
    volume=Volume.FULL,
    notice=NOTICE,
    title_block=TitleBlock(*"甲乙丙丁戊己庚"),
    review_number="宁S(2026)001号",
)


def context(district, findings, **changes):
    return context_of(district, findings, load_book(), None, dataclasses.replace(PUBLIC, **changes))


@pytest.mark.slow
def test_the_notice_follows_the_general_sheets_and_only_for_the_public(district, findings):
    kinds = [page.kind for page in plan_pages(context(district, findings))]
    assert kinds.count("notice") == 1
    assert kinds.index("notice") < kinds.index("present")
    internal = context(district, findings, purpose=Purpose.INTERNAL)
    assert "notice" not in [page.kind for page in plan_pages(internal)]


def test_lists_of_what_is_not_settled_and_sign_off_are_left_out(district, findings):
    kinds = {page.kind for page in plan_pages(context(district, findings))}
    assert not kinds & {"unknowns", "marginal", "pending", "condition", "yardstick", "signoff"}


def test_gaps_of_sensitive_works_are_left_out_of_sheets_and_file(district, findings):
    guarded = findings["rule_id"] == "rule.01"
    changed = findings.assign(item_id=findings["item_id"].mask(guarded, "B12"))
    shown = context(district, changed)
    assert "rule.01" not in set(shown.findings["rule_id"])
    assert len(shown.gaps["E1"]) == len(context(district, findings).gaps["E1"]) - 1


def test_titles_have_no_reservations_that_are_for_the_offices(district, findings):
    told = [gap.title for gap in context(district, findings).gaps["E1"]]
    assert not [title for title in told if "待核" in title]
    internal = context(district, findings, purpose=Purpose.INTERNAL)
    assert [gap for gap in internal.gaps["E1"] if "待核" in gap.title]


@pytest.mark.parametrize("name", ["opens", "closes", "contact", "phone", "address"])
def test_a_formal_notice_without_period_or_contact_is_refused(district, findings, name):
    notice = dataclasses.replace(NOTICE, **{name: " "})
    with pytest.raises(FormalIssueRefusedError) as refused:
        compose(context(district, findings, notice=notice, stage=Stage.FORMAL))
    assert Field("notice", name) in [problem.field for problem in refused.value.problems]
