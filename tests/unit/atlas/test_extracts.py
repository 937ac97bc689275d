"""Extracts for the bodies: together they hold every row, each names every body it signs with."""

import dataclasses

import pytest

from atlas.compose import context_of, draw_page
from atlas.outline import plan_pages
from atlas.request import Request
from atlas.sheet import DEFAULT_SIGNERS, MEASURING
from atlas.sheets.signoff import listed_rows
from rules.book import load_book
from tests.unit.atlas.conftest import make_findings

REQUEST = Request("2026-11-30", "V1.0", sheets=("gaps", "signoff"))


def context(district, findings, department=""):
    request = dataclasses.replace(REQUEST, department=department)
    return context_of(district, findings, load_book(), None, request)


def rows_printed(district, findings, department):
    """Return the findings whose row is on some page of the booklet."""
    asked = context(district, findings, department)
    pages = [draw_page(asked, plan, MEASURING).page for plan in plan_pages(asked)]
    names = [name for page in pages for name, _ in page.destinations]
    return sorted(n for n in names if n.startswith("gap:") and not n.endswith("@map"))


@pytest.mark.slow
def test_the_rows_of_all_extracts_add_up_to_the_rows_of_the_whole(district):
    findings = make_findings(district, 45)
    bodies = {
        body
        for ids in findings.loc[findings["outcome"] != "unknown", "department_ids"]
        for body in ids.split("、")
    }
    whole = rows_printed(district, findings, "")
    parts = {body: rows_printed(district, findings, body) for body in bodies}
    assert len(whole) == 45
    assert sorted({row for part in parts.values() for row in part}) == whole
    for body, part in parts.items():
        own = findings["department_ids"].str.split("、").map(lambda ids, b=body: b in ids)
        gaps = own & (findings["outcome"] != "unknown")
        assert part == sorted(f"gap:{key}" for key in findings.loc[gaps, "finding_id"])


def test_an_extract_names_every_body_and_the_whole_may_shorten_them(district, findings):
    led = [gap.lead for gap in context(district, findings).gaps["E1"]]
    assert "住房城乡建设和交通局等" in led
    signed = [gap.lead for gap in context(district, findings, "zjj").gaps["E1"]]
    assert signed == ["住房城乡建设和交通局、属地镇"] * 3


def test_the_bodies_of_the_sign_off_table_are_those_of_the_margin_boxes(district, findings):
    also = next(k for k in load_book().departments if k not in (*DEFAULT_SIGNERS, "town"))
    other = findings.assign(department_ids=findings["department_ids"].replace("zrj", also))
    whole = context(district, other)
    bodies = [row.cells[1] for row in listed_rows(whole)]
    margin = whole.signers("")
    assert bodies[: len(margin)] == margin
    assert whole.department(also) in margin
    extract = context(district, other, "mzj")
    assert extract.signers("") == [extract.department("mzj")]
