"""The page as a planner uses it; every request that leaves the machine is aborted and counted."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlparse

import pandas as pd
import pytest
from playwright.sync_api import Locator, expect

from layers.district import District
from rules.book import load_book
from rules.evaluate import evaluate
from rules.full_table import full_table
from tests.browser.conftest import Watched, label_of

pytestmark = pytest.mark.browser

Visit = Callable[..., Watched]
ESTATE = "E08"
NAME = "工商局家属院"
NEIGHBOUR = "三中家属院"
CLOSE = "view=17/37.9717/106.2061"  # the camera over both


@pytest.fixture(scope="module")
def findings(full_demo: District) -> pd.DataFrame:
    """Evaluate in this process what the page must be showing."""
    today = datetime.now(UTC).astimezone().date()
    book = load_book(overlays=full_demo.overlays)
    return full_table(evaluate(full_demo, book, today), full_demo, book)


def query(watched: Watched) -> dict[str, list[str]]:
    return parse_qs(urlparse(watched.page.url).query)


def place_of(watched: Watched, name: str) -> tuple[float, float]:
    """Return where on the screen the middle of an estate is: its label hangs there."""
    return label_of(watched.page, name)[1:]


def click_estate(watched: Watched, name: str) -> None:
    watched.page.mouse.click(*place_of(watched, name))
    expect(panel(watched)).to_have_text(name)
    watched.page.wait_for_url(re.compile("estate="))  # the server is told after the panel is drawn
    watched.settled()


def panel(watched: Watched) -> Locator:
    return watched.page.locator(".gap-panel h4").first


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/", "/rules", "/data"])
def test_no_page_asks_anything_of_a_foreign_host(
    site: str, visit: Visit, path: str, language: str
) -> None:
    watched = visit(f"{site}{path}?lang={language}")
    for part in range(watched.page.locator(".st-key-below button").count()):
        watched.page.locator(".st-key-below button").nth(part).click()
        watched.page.wait_for_timeout(1500)
    assert watched.foreign == []
    assert watched.errors == []


def test_the_policy_and_the_routes_guard_the_server(site: str) -> None:
    with urllib.request.urlopen(f"{site}/") as reply:  # noqa: S310
        policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert not re.search(r"script-src[^;]*('unsafe-inline'|'unsafe-eval'|\*|http)", policy)
    for name in ("unknown.js", f"{'0' * 64}.js", "..%2fapp.py", "%2e%2e/app.py"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{site}/geo/{name}")  # noqa: S310
        assert refused.value.code in (400, 404)
        refused.value.close()


def test_a_click_on_the_map_opens_the_panel(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/?{CLOSE}")
    click_estate(watched, NAME)
    assert query(watched)["estate"] == [ESTATE]
    expect(watched.page.locator(".estate-label.picked")).to_have_count(1)


def test_a_name_on_the_map_is_clicked_and_the_pointer_has_coordinates(
    site: str, visit: Visit
) -> None:
    watched = visit(f"{site}/?{CLOSE}")
    name = watched.page.locator(".estate-name").filter(has_text=NAME)
    name.click()
    expect(panel(watched)).to_have_text(NAME)
    name.hover()
    expect(watched.page.locator(".readout-text")).to_have_text(
        re.compile(r"106\.2\d+°, 37\.9\d+° · E 60\d{4}\.\d\d N 420\d{4}\.\d\d m")
    )
    watched.page.locator(".readout input").fill("106.2, 37.96")
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_url(re.compile("view=17.00%2F37.960000%2F106.200000"))


def test_the_panel_opens_before_the_server_has_answered(
    site: str, visit: Visit, findings: pd.DataFrame
) -> None:
    """The route, the figures and the words of a finding come with the estate's dossier alone."""
    watched = visit(f"{site}/?{CLOSE}")
    watched.page.evaluate("WebSocket.prototype.send = () => {}")  # from now on the server is deaf
    watched.page.mouse.click(*place_of(watched, NAME))
    expect(panel(watched)).to_have_text(NAME)
    own = findings[
        (findings["estate_id"] == ESTATE) & findings["outcome"].isin(["short", "missing"])
    ]
    walked = own[own["leads"] & (own.geometry.geom_type == "LineString")].iloc[0]
    watched.page.locator(f".panel-groups [data-group={walked['statement']}]").click()
    watched.page.locator(f".finding[data-rule='{walked['rule_id']}']").click()
    watched.page.locator("path.walked-route").wait_for()
    assert watched.page.locator(".finding-detail .reason").inner_text() == walked["reason_zh"]


def test_of_two_quick_clicks_the_last_one_stays(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/?{CLOSE}")
    first, second = place_of(watched, NAME), place_of(watched, NEIGHBOUR)
    watched.page.mouse.click(*first)
    watched.page.keyboard.press("Escape")  # on the map: nothing
    watched.page.mouse.click(*second)
    watched.settled()
    watched.page.wait_for_timeout(1500)
    expect(panel(watched)).to_have_text(NEIGHBOUR)
    expect(watched.page.locator(".estate-label.picked .estate-name")).to_have_text(NEIGHBOUR)
    watched.page.locator(".gap-panel").focus()
    watched.page.locator(".panel-close").press("Escape")
    watched.page.wait_for_url(re.compile(r"^(?!.*estate=)"))
    expect(watched.page.locator(".estate-label.picked")).to_have_count(0)


def test_the_panel_lists_the_findings_that_the_rules_gave(
    site: str, visit: Visit, findings: pd.DataFrame
) -> None:
    watched = visit(f"{site}/?estate={ESTATE}")
    # Second method: counted here from the findings themselves, not through rules.summary.
    own = findings[findings["estate_id"] == ESTATE]
    failing = own["outcome"].isin(["short", "missing"])
    gaps = int((failing & own["leads"] & (own["statement"] == "gap")).sum())
    assert watched.page.locator(".gap-panel .finding").count() == gaps > 0
    shown = watched.page.locator(".panel-groups button").first.inner_text()
    assert shown.split()[-1] == str(gaps)
    counted = watched.page.locator(".panel-groups button").all_inner_texts()
    assert sum(int(text.split()[-1]) for text in counted) == len(own)


def test_a_chosen_finding_draws_the_walk_that_was_measured(
    site: str, visit: Visit, findings: pd.DataFrame
) -> None:
    far = findings[
        (findings["outcome"].isin(["short", "missing"]))
        & (findings["unit"] == "m")
        & (findings.geometry.geom_type == "LineString")
        & (findings["value"] > findings["threshold"] + 50)
        & findings["rule_id"].str.endswith(".access")
    ].iloc[0]
    watched = visit(f"{site}/?estate={far['estate_id']}")
    watched.page.locator(f".panel-groups [data-group={far['statement']}]").click()
    watched.page.locator(f".finding[data-rule='{far['rule_id']}']").click()
    watched.page.locator("path.walked-route").wait_for()
    assert watched.page.locator("path.straight-line").count() == 1
    length = re.sub(r"\D", "", watched.page.locator(".route-tag.length").inner_text())
    tick = re.sub(r"\D", "", watched.page.locator(".route-tag.tick").inner_text())
    straight = re.sub(r"\D", "", watched.page.locator(".route-tag.straight").inner_text())
    assert int(length) == round(far["value"])
    assert int(tick) == round(far["threshold"])
    assert int(straight) <= int(length)


def test_filter_counts_agree_on_map_table_and_rules(
    site: str, visit: Visit, findings: pd.DataFrame
) -> None:
    watched = visit(f"{site}/?town=640302107&kind=charging&kind=elevator")
    # By hand: estates of 胜利镇 with a gap of both kinds.
    failing = findings[
        findings["outcome"].isin(["short", "missing"])
        & findings["leads"]
        & (findings["statement"] == "gap")
        & (findings["town"] == "胜利镇")
    ]
    kinds = failing.groupby("estate_id")["gap_kind"].agg(set)
    both = kinds[kinds.map(lambda several: {"charging", "elevator"} <= several)].index
    gaps = failing[
        failing["estate_id"].isin(both) & failing["gap_kind"].isin(["charging", "elevator"])
    ]
    tabs = watched.page.locator(".st-key-below button").all_inner_texts()
    assert [int(re.sub(r"\D", "", text)) for text in tabs[:2]] == [len(both), len(gaps)]
    for kind in ("charging", "elevator"):
        count = watched.page.locator(f".kind-switch[data-kind={kind}] .gap-count").inner_text()
        assert int(count) == (gaps["gap_kind"] == kind).sum()
    parking = watched.page.locator(".kind-switch[data-kind=parking] .gap-count").inner_text()
    assert int(parking) == 0
    expect(watched.page.locator(".gap-panel .notice")).to_contain_text(
        f"已筛选：小区 {len(both)} / 20 个"
    )
    rows = watched.page.locator(".stDataFrame table[role=grid]").first.get_attribute(
        "aria-rowcount"
    )
    assert int(rows or 0) == len(both) + 1  # and the heading


def test_the_first_view_tells_the_estates_apart(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/")
    expect(watched.page.locator(".legend-row.classes .legend-swatch")).not_to_have_count(1)
    colours = watched.page.locator(".estate-count").evaluate_all(
        "marks => marks.map(mark => getComputedStyle(mark).backgroundColor)"
    )
    assert len(set(colours)) >= 4
    assert watched.page.locator(".ranking .panel-row").count() == 20
    assert watched.page.locator(".beyond-dot").count() > 0  # the town out of sight shows its own


def test_one_click_shows_one_kind_on_map_list_table_and_in_the_link(
    site: str, visit: Visit, findings: pd.DataFrame
) -> None:
    lifts = findings[
        findings["outcome"].isin(["short", "missing"])
        & findings["leads"]
        & (findings["statement"] == "gap")
        & (findings["gap_kind"] == "elevator")
    ]
    first = visit(f"{site}/")
    first.page.locator(".kind-switch[data-kind=elevator]").click()
    first.page.wait_for_url(re.compile("show=elevator"))
    first.settled()
    for watched in (first, visit(first.page.url)):
        switch = watched.page.locator(".kind-switch[data-kind=elevator]")
        assert switch.get_attribute("aria-pressed") == "true"
        expect(watched.page.locator(".gap-panel h4")).to_have_text("先做哪里 · 电梯")
        listed = watched.page.locator(".ranking .panel-row > b:last-child").all_inner_texts()
        assert sum(map(int, listed)) == len(lifts)
        tabs = watched.page.locator(".st-key-below button").all_inner_texts()
        assert int(re.sub(r"\D", "", tabs[1])) == len(lifts)


def test_an_estate_outside_the_filter_says_what_it_has(
    site: str, visit: Visit, findings: pd.DataFrame
) -> None:
    own = findings[findings["estate_id"] == ESTATE]
    failing = own["outcome"].isin(["short", "missing"])
    gaps = int((failing & own["leads"] & (own["statement"] == "gap")).sum())
    watched = visit(f"{site}/?town=640302107&estate={ESTATE}")
    expect(watched.page.locator(".gap-panel .notice")).to_contain_text("不在当前筛选内")
    assert watched.page.locator(".gap-panel .finding").count() == gaps > 0


def test_a_link_restores_the_exact_view(site: str, visit: Visit) -> None:
    first = visit(
        f"{site}/?estate={ESTATE}&rule=elder.access&town=640302106&reach=gates&metres=300"
    )
    first.page.locator("button.layer-switch.more").click()
    first.page.locator("button.layer-switch[data-layer=pipelines]").click()
    first.page.mouse.move(640, 400)
    first.page.mouse.wheel(0, -200)
    first.settled()
    first.page.mouse.down()
    first.page.mouse.move(700, 430, steps=5)
    first.page.mouse.up()
    first.page.wait_for_timeout(800)
    second = visit(first.page.url)
    second.page.wait_for_timeout(600)
    seen, restored = query(first), query(second)
    camera, again = seen.pop("view")[0], restored.pop("view")[0]
    assert restored == seen
    # Zoom, latitude, longitude: the same to a pixel (0.6 m, 6e-6 of a degree).
    assert [*map(float, again.split("/"))] == pytest.approx(
        [*map(float, camera.split("/"))], abs=6e-6
    )
    expect(panel(second)).to_have_text(NAME)
    assert second.page.locator("path.walked-route").count() == 1
    assert second.page.locator("path.service-area").count() == 1
    switch = second.page.locator("button.layer-switch[data-layer=pipelines]")
    assert switch.get_attribute("aria-pressed") == "true"
    # The same place on the screen, to a pixel and a half.
    assert place_of(second, NAME) == pytest.approx(place_of(first, NAME), abs=1.5)


def test_the_table_selects_on_the_map_by_mouse(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/")
    grid = watched.page.locator(".stDataFrame").first
    grid.scroll_into_view_if_needed()
    grid.click(position={"x": 18, "y": 54})
    watched.page.wait_for_url(re.compile("estate="))
    expect(watched.page.locator(".estate-label.picked")).to_have_count(1)


def test_the_table_is_walked_with_the_keyboard_alone(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/")
    grid = watched.page.locator(".stDataFrame").first
    grid.scroll_into_view_if_needed()
    watched.settled()
    grid.locator("canvas").first.focus()
    for key in ("ArrowDown", "ArrowDown", "Shift+Space"):
        watched.page.keyboard.press(key)
    watched.page.wait_for_url(re.compile("estate="))
    watched.settled()
    first = query(watched)["estate"][0]
    for key in ("ArrowDown", "Shift+Space"):
        watched.page.keyboard.press(key)
    watched.page.wait_for_url(re.compile(f"estate=(?!{first})"))


def test_the_map_selects_in_the_table(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/?town=640302106&{CLOSE}")  # nine estates: every row in sight
    click_estate(watched, NAME)
    watched.page.locator(".stDataFrame").first.scroll_into_view_if_needed()
    selected = watched.page.locator(".stDataFrame tbody tr[aria-selected=true]").first
    expect(selected).to_contain_text(NAME)


def test_panning_and_zooming_ask_nothing_of_the_server_and_nothing_is_mounted_again(
    site: str, visit: Visit
) -> None:
    watched = visit(f"{site}/")
    watched.page.evaluate("document.querySelector('.map-canvas').mark = 'same'")
    before = len(watched.sent)
    for step in range(30):
        watched.page.mouse.move(600, 420)
        watched.page.mouse.down()
        watched.page.mouse.move(600 + (-1) ** step * 60, 440, steps=3)
        watched.page.mouse.up()
    watched.page.wait_for_timeout(500)
    watched.page.mouse.wheel(0, -300)
    watched.page.wait_for_timeout(800)
    assert len(watched.sent) == before
    camera = query(watched)["view"]
    watched.page.locator(".st-key-statement button").first.click()
    watched.settled()
    assert query(watched)["view"] == camera
    assert watched.page.evaluate("document.querySelector('.map-canvas').mark") == "same"


def test_a_name_is_found_by_its_pinyin_initials(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/")
    box = watched.page.get_by_role("combobox").first
    box.click()
    box.fill("ycgs")
    watched.page.get_by_role("option").first.click()
    expect(panel(watched)).to_have_text("药材公司家属院")


def test_a_layer_is_fetched_when_it_is_on_and_the_scale_shows_it(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/?view=14.5/37.9729/106.2029")
    page = watched.page
    fetched = "() => performance.getEntriesByType('resource').map(e => e.name.split('/').pop())"
    assert "pipelines" not in page.evaluate(fetched)
    page.locator("button.layer-switch.more").click()
    page.locator("button.layer-switch[data-layer=pipelines]").click()
    key = page.locator(".layer-key[data-layer=pipelines] .legend-item")
    expect(key.first).to_contain_text("给水 JS")
    assert "pipelines" not in page.evaluate(fetched)  # at this scale it would be a smear
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_function(f"() => ({fetched})().includes('pipelines')")


def test_a_change_of_theme_is_drawn_at_once(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/", color_scheme="light")
    canvas = watched.page.locator(".map-canvas")
    expect(canvas).to_have_css("background-color", "rgb(244, 244, 240)")
    watched.page.emulate_media(color_scheme="dark")
    expect(canvas).to_have_css("background-color", "rgb(21, 25, 30)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_a_phone(site: str, visit: Visit, scheme: str) -> None:
    phone = {"width": 390, "height": 844}
    watched = visit(f"{site}/?estate={ESTATE}", viewport=phone, color_scheme=scheme)
    assert watched.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    right = "elements => Math.max(...elements.map(e => e.getBoundingClientRect().right))"
    parts = ".stMain .stElementContainer, .map-stage, .legend-row, .town-bar, .layer-switch"
    assert watched.page.locator(parts).evaluate_all(right) <= 390
