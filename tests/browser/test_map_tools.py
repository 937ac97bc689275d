"""Remedies placed by clicks, and lengths and areas measured, on the map itself."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser

Visit = Callable[..., Watched]
CLOSE = "view=17/37.9717/106.2061"
AREA = "rule=elder.area100.old&estate=E08"


def gaps(watched: Watched) -> list[str]:
    """Return the number of gaps of the kinds above the map and of the tabs below it."""
    counts = watched.page.locator(".kind-switch .gap-count").all_inner_texts()
    return counts + watched.page.locator(".st-key-below button").all_inner_texts()[:2]


def canvas_click(watched: Watched, x: float, y: float) -> None:
    box = watched.page.locator(".map-canvas").bounding_box()
    assert box is not None
    watched.page.mouse.click(box["x"] + x, box["y"] + y)


def heard(watched: Watched) -> None:
    expect(watched.page.locator(".tool-said", has_text=re.compile("评估|judging"))).to_have_count(0)
    watched.settled()


def test_a_facility_placed_from_a_finding_changes_all_counts_and_undo_takes_it_back(
    site: str, visit: Visit
) -> None:
    watched = visit(f"{site}/?{AREA}&{CLOSE}")
    before = gaps(watched)
    watched.page.locator(".remedy[data-remedy=elder_day_care]").click()
    watched.page.locator(".tool-size input").first.fill("900")
    canvas_click(watched, 360, 240)
    watched.page.wait_for_url(re.compile("scenario="))
    heard(watched)
    expect(watched.page.locator(".assumed-mark")).to_have_text("1")
    after = gaps(watched)
    elders = watched.page.locator(".kind-switch").all_inner_texts()
    place = next(n for n, text in enumerate(elders) if "养老" in text)
    assert int(after[place]) < int(before[place])
    assert int(after[0]) < int(before[0])
    tab = int(re.sub(r"\D", "", after[-1]))
    assert tab == int(after[0])
    watched.page.keyboard.press("Escape")
    expect(watched.page.locator(".tool-banner")).to_be_hidden()
    watched.page.locator("[data-part=undo]").click()
    expect(watched.page.locator(".assumed-mark")).to_have_count(0)
    watched.settled()
    assert gaps(watched) == before
    watched.page.locator("[data-part=redo]").click()
    expect(watched.page.locator(".assumed-mark")).to_have_text("1")
    watched.settled()
    assert gaps(watched) == after


@pytest.mark.parametrize("width", [1440, 1000])
def test_the_first_remedy_leaves_the_map_where_it_is_so_that_a_second_click_lands(
    site: str, visit: Visit, width: int
) -> None:
    watched = visit(f"{site}/?{CLOSE}", viewport={"width": width, "height": 900})
    page = watched.page
    canvas, line = page.locator(".map-canvas"), page.locator(".scenario-line")
    page.locator(".remedy-choice").select_option("add_facility:park")
    before = canvas.bounding_box()
    expect(line).to_be_hidden()
    canvas_click(watched, 300, 250)
    expect(line).to_contain_text("假设")
    heard(watched)
    after = canvas.bounding_box()
    assert before is not None
    assert after is not None
    assert (after["x"], after["y"]) == (before["x"], before["y"])
    box = line.bounding_box()  # where the line is, a click goes through it to the map
    assert box is not None
    page.mouse.click(box["x"] + 20, box["y"] + box["height"] / 2)
    heard(watched)
    expect(page.locator(".assumed-mark")).to_have_text(["1", "2"])


def test_a_walkway_is_drawn_and_one_that_crosses_itself_is_refused(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/?lang=en&{CLOSE}")
    watched.page.locator(".remedy-choice").select_option("add_walkway:")
    for x, y in ((200, 150), (300, 250), (200, 250), (300, 150)):
        canvas_click(watched, x, y)
        watched.page.wait_for_timeout(300)  # no double click
    expect(watched.page.locator(".tool-figure")).to_have_text("the line crosses itself")
    for _ in range(2):
        watched.page.keyboard.press("Backspace")
    canvas_click(watched, 420, 260)
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_url(re.compile("scenario="))
    heard(watched)
    expect(watched.page.locator(".assumed-mark")).to_have_count(1)
    assert watched.errors == []


def test_a_length_is_measured_by_the_keyboard_alone_and_leaves_nothing(
    site: str, visit: Visit
) -> None:
    watched = visit(f"{site}/?{CLOSE}")
    watched.page.locator("[data-tool=distance]").focus()
    for key in ("Enter", " ", "ArrowRight"):
        watched.page.keyboard.press(key)
    watched.page.wait_for_timeout(600)  # the map pans by 80 pixels
    watched.page.keyboard.press(" ")
    figure = watched.page.locator(".tool-figure").inner_text()
    # By hand: a pixel at zoom 17 is 1.19433 m at the equator, times the cosine of 37.97 degrees on
    # the sphere that Leaflet draws; on the ellipsoid a parallel there is 0.13 % longer.
    assert float(figure.removesuffix(" m")) == pytest.approx(80 * 1.19433 * 0.78833, rel=3e-3)
    assert watched.page.locator(".leaflet-sketch-pane path").count() > 0
    watched.page.keyboard.press("Escape")
    expect(watched.page.locator(".tool-banner")).to_be_hidden()
    assert watched.page.locator(".leaflet-sketch-pane path").count() == 0
    assert "scenario" not in watched.page.url


def test_an_area_is_measured_by_the_mouse_and_no_estate_is_picked(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/?{CLOSE}")
    watched.page.locator("[data-tool=area]").click()
    for x, y in ((100, 130), (500, 130), (500, 400)):
        canvas_click(watched, x, y)
        watched.page.wait_for_timeout(300)
    watched.page.mouse.dblclick(*_corner(watched, 100, 400))
    area = watched.page.locator(".tool-figure").inner_text()
    metre = 1.19433 * 0.78833
    assert float(area.removesuffix(" m²").replace(",", "")) == pytest.approx(
        400 * 270 * metre**2, rel=5e-3
    )
    assert "estate=" not in watched.page.url


def _corner(watched: Watched, x: float, y: float) -> tuple[float, float]:
    box = watched.page.locator(".map-canvas").bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y


def test_back_and_forward_undo_and_redo_what_was_chosen(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/?{CLOSE}")
    page = watched.page
    head = page.locator(".gap-panel h4").first
    for name in ("工商局家属院", "三中家属院"):
        page.locator(".estate-name").filter(has_text=name).click()
        expect(head).to_have_text(name)
        watched.settled()
    page.locator(".kind-switch[data-kind=elevator]").click()
    page.wait_for_url(re.compile("show=elevator"))
    watched.settled()
    page.go_back()
    expect(page.locator(".kind-switch[data-kind=all]")).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(head).to_have_text("工商局家属院")
    watched.settled()
    page.go_forward()
    expect(head).to_have_text("三中家属院")
    assert watched.errors == []


def test_the_camera_stays_over_a_change_of_language_and_of_page(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/?{CLOSE}")
    page = watched.page
    page.locator(".leaflet-control-zoom-out").click()
    watched.settled()
    page.wait_for_url(re.compile("view=16.50"))
    page.get_by_text("English", exact=True).click()
    expect(page.locator(".kind-bar .bar-label")).to_have_text("Show")
    watched.settled()
    assert "view=16.50%2F37.9717" in page.url
    page.get_by_role("link", name="Rules").click()
    page.locator(".stDataFrame").first.wait_for()
    page.get_by_role("link", name="Gap map").click()
    watched.drawn()
    expect(page.locator(".leaflet-control-scale-line")).to_be_visible()
    page.wait_for_url(re.compile("view=16.50%2F37.9717"))


def test_the_link_is_copied_and_the_map_fills_the_screen(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/?{CLOSE}", permissions=["clipboard-read", "clipboard-write"])
    page = watched.page
    page.locator(".corner-link").click()
    expect(page.locator(".corner-link")).to_have_attribute("data-icon", "done")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.locator(".corner-screen").click()
    page.wait_for_function("document.fullscreenElement?.className === 'gap-map-root'")
    page.locator(".corner-screen").click()
    page.wait_for_function("document.fullscreenElement === null")


def test_a_print_has_the_map_and_neither_side_bar_nor_tools(site: str, visit: Visit) -> None:
    page = visit(f"{site}/?{CLOSE}").page
    page.emulate_media(media="print")
    expect(page.locator(".map-canvas")).to_be_visible()
    for hidden in (".stSidebar", ".tool-bar", ".map-corner", ".stAppHeader"):
        expect(page.locator(hidden)).to_be_hidden()


def test_a_click_on_a_facility_shows_its_card_and_keeps_the_estate(site: str, visit: Visit) -> None:
    watched = visit(f"{site}/?estate=E08&view=18/37.973289/106.205600")  # a health station
    page = watched.page
    box = page.locator(".map-canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".feature-card header b")).to_have_text("金星示例卫生服务站65")
    assert "estate=E08" in page.url
    page.locator(".card-close").click()
    expect(page.locator(".feature-card")).to_have_count(0)
    assert watched.errors == []


def test_a_phone_has_the_banner_of_a_tool_beside_the_map_and_on_top(
    site: str, visit: Visit
) -> None:
    size = {"width": 390, "height": 844}
    page = visit(f"{site}/?{AREA}&{CLOSE}", viewport=size, is_mobile=True, has_touch=True).page
    page.locator(".remedy[data-remedy=elder_day_care]").click()
    head, stage, banner = (
        page.locator(name).bounding_box() for name in (".stAppHeader", ".map-stage", ".tool-banner")
    )
    assert head is not None
    assert stage is not None
    assert banner is not None
    assert head["y"] + head["height"] <= stage["y"]
    assert stage["y"] + stage["height"] <= banner["y"]
    page.locator("[data-part=quit]").click()  # refused where anything lies over it
    expect(page.locator(".tool-banner")).to_be_hidden()


def test_a_print_larger_than_the_window_has_no_map_beyond_what_is_drawn(
    site: str, visit: Visit
) -> None:
    page = visit(f"{site}/?estate=E08&{CLOSE}").page  # a long panel beside the map
    drawn = page.locator(".map-stage").bounding_box()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 2200, "height": 1500})
    printed = page.locator(".map-stage").bounding_box()
    assert drawn is not None
    assert printed is not None
    assert printed["width"] == pytest.approx(drawn["width"], abs=1)
    assert printed["height"] == pytest.approx(drawn["height"], abs=1)
