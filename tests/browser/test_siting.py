"""The siting page in a browser that may speak to nobody: a wish, its answer, and its scenario."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser

Visit = Callable[..., Watched]


@pytest.mark.parametrize(
    ("language", "run", "make"),
    [("zh", "开始选址", "存为情景"), ("en", "Find sites", "Make it a scenario")],
)
@pytest.mark.parametrize("width", [1440, 390])
def test_an_answer_is_found_and_made_a_scenario(
    site: str, visit: Visit, language: str, run: str, make: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    watched = visit(f"{site}/siting?lang={language}", viewport=size)
    page = watched.page
    page.get_by_role("button", name=run).click()
    expect(page.locator(".stImage img")).to_be_visible()
    watched.settled()
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0  # nothing sticks out to the side
    page.get_by_role("button", name=make).click()
    page.wait_for_url(re.compile("scenario="))
    watched.settled()
    assert watched.errors == []
    assert watched.foreign == []
