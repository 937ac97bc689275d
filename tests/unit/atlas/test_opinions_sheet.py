import re
import subprocess
from datetime import date

import pytest

from atlas.compose import compose, context_of, draw_page
from atlas.outline import plan_pages
from atlas.request import Purpose, Request
from atlas.sheet import MEASURING
from atlas.sources import page_inputs
from layers.findings import is_gap
from programme.opinions import Noted, Opinion
from services.assessment import Workspace, assess

AT = "2026-10-01T09:00:00+08:00"


@pytest.fixture(scope="module")
def assessed(tiny_demo):
    return assess(Workspace.of(tiny_demo), date(2026, 11, 30))


def pages(assessed, request, *bodies):
    place = assessed.workspace
    noted = [Noted(n, Opinion("意见", body), n, "王工", AT) for n, body in enumerate(bodies, 1)]
    context = context_of(place.district, assessed.full, place.book, place.plan, request, noted)
    return [page.kind for page in plan_pages(context)]


@pytest.mark.slow
def test_the_sheet_is_there_where_something_was_said_and_not_for_the_public(assessed):
    inside, outside = Request("2026-11-30", ""), Request("2026-11-30", "", Purpose.PUBLIC)
    assert "opinions" not in pages(assessed, inside)
    assert pages(assessed, inside, "甲").count("opinions") == 1
    assert "opinions" not in pages(assessed, outside, "甲")


def test_many_opinions_go_on_over_pages(assessed):
    found = pages(assessed, Request("2026-11-30", ""), *["甲"] * 200)
    assert found.count("opinions") > 1


@pytest.mark.slow
def test_an_extract_has_the_opinions_of_its_body_alone(assessed):
    first, second = list(assessed.workspace.book.departments)[:2]
    extract = Request("2026-11-30", "", department=first)
    assert "opinions" not in pages(assessed, extract, second)
    assert "opinions" in pages(assessed, extract, first)


def pinned_on(assessed, request, finding, number=7):
    place = assessed.workspace
    estate = assessed.full.loc[assessed.full["finding_id"] == finding, "estate_id"].iloc[0]
    opinion = Opinion("围墙不能拆", "甲", estate, "01-2", finding=finding)
    noted = [Noted(number, opinion, 1, "王工", AT)]
    return context_of(place.district, assessed.full, place.book, place.plan, request, noted)


@pytest.mark.programs
def test_a_gap_says_which_opinion_is_pinned_on_it(assessed, tmp_path):
    finding, estate = assessed.full[is_gap(assessed.full)].iloc[0][["finding_id", "estate_id"]]
    request = Request("2026-11-30", "", estates=(estate,), sheets=("gaps",))
    (tmp_path / "gaps.pdf").write_bytes(compose(pinned_on(assessed, request, finding)).pdf)
    told = ["pdftotext", tmp_path / "gaps.pdf", "-"]
    text = subprocess.run(told, capture_output=True, check=True).stdout.decode()  # noqa: S603
    assert re.sub(r"\s", "", text).count("会审意见7") == 1


def test_an_opinion_leads_to_its_gap_and_changes_the_page_of_the_gap_alone(assessed):
    first, other = assessed.full[is_gap(assessed.full)].drop_duplicates("estate_id").index[:2]
    rows = assessed.full.loc[[first, other]]
    plans = [
        {page.key: page for page in plan_pages(context)} | {"context": context}
        for context in (
            pinned_on(assessed, Request("2026-11-30", ""), finding)
            for finding in rows["finding_id"]
        )
    ]
    told = next(page for key, page in plans[0].items() if key.startswith("opinions"))
    drawn = draw_page(plans[0]["context"], told, MEASURING).page
    assert f"gap:{rows['finding_id'].iloc[0]}" in {link.target for link in drawn.links}
    changed = [
        key
        for key in plans[0].keys() & plans[1].keys()
        if key.startswith(("gaps", "present", "measures"))
        and page_inputs(plans[0]["context"], plans[0][key])
        != page_inputs(plans[1]["context"], plans[1][key])
    ]
    assert sorted(changed) == sorted(f"gaps:{estate}:1" for estate in rows["estate_id"])


def test_the_public_sees_no_mark_of_an_opinion(assessed):
    gaps = assessed.full[is_gap(assessed.full)]
    request = Request("2026-11-30", "", Purpose.PUBLIC)
    assert not pinned_on(assessed, request, gaps.iloc[0]["finding_id"]).opinions_on
