from datetime import date

import pytest

from atlas.compose import context_of
from atlas.outline import plan_pages
from atlas.request import Purpose, Request
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
