"""The greening page in Chromium: a design from conflict to acceptance, on desk and phone."""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

import answer_key
from exports.greening_book import greening_workbook
from greening.events import read_events
from greening.review import Review, review
from greening.species import read_species
from greening.suggest import Action
from greening.workflow import GreeningEvent
from rules.book import load_book
from store import Store, open_store, write_district
from tests.browser.conftest import Watched, serving

pytestmark = pytest.mark.browser

Visit = Callable[..., Watched]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@dataclass
class Office:
    """A served district, its folder, and what this process makes of the same folder."""

    address: str
    folder: Path

    @property
    def store(self) -> Store:
        """The store of the folder, opened anew."""
        return open_store(self.folder)

    def events(self) -> list[GreeningEvent]:
        """Return what was written so far."""
        return read_events(self.store)

    def review(self) -> Review:
        """Review the folder as it is now."""
        district = self.store.read()
        book = load_book(overlays=district.overlays)
        today = datetime.now(UTC).astimezone().date()
        return review(district, book, read_species(), today, events=self.events())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Serve a district with conflicts of every kind at several sites."""
    folder = tmp_path_factory.mktemp("office") / "district"
    write_district(answer_key.build("tiny").district, folder)
    with serving(folder, tmp_path_factory.mktemp("server") / "log") as address:
        yield Office(address, folder)


def small_sites(office: Office) -> list[str]:
    """Return sites of few plantings where suggestions wait and none takes a planting out."""
    now = office.review()
    plants = now.found.plants
    counts = plants[plants["plant_layer"] == "plantings"]["site_id"].value_counts()
    waiting = {one.site_id for one in now.suggested}
    losing = {one.site_id for one in now.suggested if one.action is Action.REMOVE}
    return sorted(waiting - losing, key=lambda site: (counts[site], site))


def sign_in(watched: Watched, who: str, role: str = "自然资源局") -> None:
    page = watched.page
    page.get_by_label("经办人").fill(who)
    page.get_by_label("经办人").press("Enter")
    watched.settled()
    page.locator(".st-key-office").get_by_role("radio", name=role).click()
    watched.settled()


def open_part(watched: Watched, name: str) -> None:
    watched.page.locator(".st-key-greening_part").get_by_role("radio", name=name).click()
    watched.settled()


def choose(watched: Watched, office: Office, site_id: str) -> None:
    names = office.review().district["greening_sites"].set_index("site_id")["name"]
    box = watched.page.locator(".st-key-greening_site")
    box.locator("input").click()
    box.locator("input").fill(names[site_id])
    watched.page.get_by_role("option", name=re.compile(f" {names[site_id]}$")).first.click()
    watched.page.locator(f".st-key-moves_{site_id}").wait_for()
    watched.settled()


def press(watched: Watched, office: Office, key: str, said: str = "") -> None:
    # The first entry of a store is its beginning, then each event is one.
    expected = said or f"已写入第 {max(len(office.store.journal()), 1) + 1} 条"
    watched.page.locator(f".st-key-{key} button").first.click()
    said_box = watched.page.locator("[class*=st-key-greening_said]")
    expect(said_box).to_contain_text(expected)
    watched.settled()


def comment(page: Page, text: str) -> None:
    box = page.get_by_label("意见")
    box.fill(text)
    box.press("Control+Enter")


def photo() -> bytes:
    """Make a PNG of one pixel that says where it was taken."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + crc

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), (b"tEXt", b"GPS 38.0 106.2"), (b"IDAT", zlib.compress(b"\0\0"))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in [*parts, (b"IEND", b"")])


def count_on_the_phone(
    phone: Watched,
    office: Office,
    number: str,
    fate: str,
    *,
    note: str = "",
    picture: bytes | None = None,
) -> None:
    page = phone.page
    page.get_by_label("挂牌编号").fill(number)
    page.get_by_label("挂牌编号").press("Enter")
    found = page.locator(".st-key-planting_found")  # of the last tree until the new one comes
    found.get_by_role("heading", name=re.compile(f"^{re.escape(number)} ")).wait_for()
    phone.settled()
    page.locator("[class*=st-key-fate_]").get_by_role("radio", name=fate, exact=True).click()
    phone.settled()
    if note:
        page.get_by_label("说明").fill(note)
        page.get_by_label("说明").press("Control+Enter")
        phone.settled()
    if picture is not None:
        page.locator("input[type=file]").set_input_files(
            {"name": "tree.png", "mimeType": "image/png", "buffer": picture}
        )
        phone.settled()
    press(phone, office, "save_visit")


def settle_the_design(bureau: Watched, office: Office, sites: list[str]) -> None:
    """Accept all suggestions of each site, take the last ones back and accept them again."""
    sign_in(bureau, "马工")
    for site_id in sites:
        choose(bureau, office, site_id)
        press(bureau, office, "accept_all")
    press(bureau, office, "undo_change")
    press(bureau, office, "accept_all")
    expect(bureau.page.get_by_text("全部栽植点满足净距要求")).to_be_visible()
    for site_id in sites:
        choose(bureau, office, site_id)
        press(bureau, office, "move_checked")
        press(bureau, office, "move_supplied")


def plant_and_count(phone: Watched, office: Office, sites: list[str], dead_at: str) -> None:
    """Plant each site, then count every planting on the phone; the first of `dead_at` is dead."""
    sign_in(phone, "金星镇老李", "乡镇")
    for site_id in sites:
        choose(phone, office, site_id)
        press(phone, office, "move_planted")
    open_part(phone, "现场登记")
    plantings = office.review().district["plantings"]
    standing = plantings[plantings["state"] != "removed"]
    for site_id in sites:
        numbers = standing[standing["site_id"] == site_id]["number"].tolist()
        for place, number in enumerate(numbers):
            dies = site_id == dead_at and place == 0
            fate, note = ("死亡", "枯梢") if dies else ("成活", "")
            picture = photo() if dies else None
            count_on_the_phone(phone, office, number, fate, note=note, picture=picture)


def send_back(bureau: Watched, office: Office, site_id: str) -> None:
    """Neither accept nor send back without a reason; send back with one."""
    choose(bureau, office, site_id)
    for move in ("accepted", "rectify"):
        expect(bureau.page.locator(f".st-key-move_{move} button")).to_be_disabled()
    comment(bureau.page, "按编号补栽死株，十日内复查")
    bureau.settled()
    press(bureau, office, "move_rectify")


def test_a_design_runs_from_conflict_to_acceptance_and_one_site_goes_back(
    office: Office, visit: Visit, tmp_path: Path
) -> None:
    good, bad = sites = small_sites(office)[:2]
    to_supply = int(office.review().seedlings["to_supply"].sum())
    bureau = visit(f"{office.address}/greening?lang=zh")
    settle_the_design(bureau, office, sites)
    bureau.page.screenshot(path=str(tmp_path / "supplied.png"), full_page=True)
    assert int(office.review().seedlings["to_supply"].sum()) < to_supply
    phone = visit(f"{office.address}/greening?lang=zh", **PHONE)
    plant_and_count(phone, office, sites, dead_at=bad)
    phone.page.screenshot(path=str(tmp_path / "phone.png"), full_page=True)
    open_part(phone, "核查与验收")
    for site_id in sites:
        choose(phone, office, site_id)
        press(phone, office, "move_survival")
    phone.page.screenshot(path=str(tmp_path / "phone-check.png"), full_page=True)
    choose(bureau, office, good)
    press(bureau, office, "move_accepted")
    send_back(bureau, office, bad)
    open_part(bureau, "成活")
    bureau.page.screenshot(path=str(tmp_path / "survival.png"), full_page=True)

    after = office.review()
    assert after.statuses[good].state == "accepted"
    assert after.statuses[bad].state == "rectify"
    assert len(after.dead) == 1
    (digest,) = {digest for entry in office.store.journal() for digest in entry.blobs}
    assert b"GPS" not in office.store.blob(digest)
    rows = office.store.read()["plantings"].set_index("planting_id")
    assert int((rows["is_alive"] == False).sum()) == 1  # noqa: E712 - unknown is neither
    assert set(office.store.read()["greening_sites"]["state"]) >= {"accepted", "rectify"}
    figures = bureau.page.locator(".st-key-greening_figures").inner_text()
    assert f"已栽 {int(after.survival['planted'].sum()):,}" in " ".join(figures.split())
    assert bureau.errors == [] == phone.errors


def test_the_same_rows_and_events_give_the_same_tables(office: Office) -> None:
    first, second = office.review(), office.review()
    for table in ("survival", "seedlings", "dead", "indicators", "areas"):
        one, two = getattr(first, table).to_csv(), getattr(second, table).to_csv()
        assert one.encode() == two.encode()
    assert first.found.pairs.to_csv().encode() == second.found.pairs.to_csv().encode()


def test_two_officers_on_one_site_get_a_conflict_and_lose_nothing(
    office: Office, visit: Visit, tmp_path: Path
) -> None:
    site_id = small_sites(office)[0]
    one = visit(f"{office.address}/greening?lang=zh")
    two = visit(f"{office.address}/greening?lang=zh")
    for watched, who in ((one, "马工"), (two, "杨工")):
        sign_in(watched, who)
        choose(watched, office, site_id)
        comment(watched.page, f"{who}的意见：同意移位")
        watched.settled()
    press(one, office, "move_checked")
    written = len(office.events())
    press(two, office, "move_checked", said="已由 马工")
    two.page.screenshot(path=str(tmp_path / "conflict.png"))
    assert len(office.events()) == written
    expect(two.page.get_by_label("意见")).to_have_value("杨工的意见：同意移位")


def design_xlsx(office: Office, path: Path) -> Path:
    """Write a design of 21 plantings, one doubled and one astray, as an office would."""
    place = office.review().district
    lawn = place["greening_sites"].geometry.iloc[0]
    west, south, east, north = lawn.bounds
    middle = ((west + east) / 2, (south + north) / 2)
    points = [(middle[0] + 0.4 * at, middle[1] + 0.05 * at) for at in range(19)]
    points += [points[0], (east + 900.0, north + 900.0)]
    book = Workbook()
    book.active.title = "栽植点"
    book.active.append(["挂牌编号", "类型", "树种", "X", "Y"])
    for at, (x, y) in enumerate(points, start=1):
        book.active.append([f"N{at}", "乔木", "国槐", round(y, 3), round(x, 3)])
    book.save(path)
    return path


def bring_in(watched: Watched, path: Path) -> None:
    """Drop a design on the data page, answer its question, accept it."""
    page = watched.page
    box = page.locator(".st-key-import_drop input[type=file]")
    box.wait_for(state="attached")
    box.set_input_files(str(path))
    page.locator(".st-key-import_table_0").wait_for()
    watched.settled()
    page.locator("[class*=_crs] label").filter(
        has_text="中央经线105°，横坐标不加带号（两轴颠倒）"
    ).first.click()
    page.locator("[class*=import_step] button").filter(has_text="✎").wait_for()
    watched.settled()
    page.locator("[class*=import_step] button").filter(has_text="？").click()  # the doubled plant
    page.locator("[class*=_twice] label").filter(has_text="不是：都取").click()
    watched.settled()
    page.get_by_label("经办人").fill("马工")
    page.get_by_label("经办人").press("Enter")
    watched.settled()
    page.locator(".st-key-import_accept button:enabled").click()
    page.get_by_text("已写入").wait_for()


def test_a_design_dropped_on_the_data_page_is_checked_agreed_upon_and_handed_over(
    office: Office, visit: Visit, tmp_path: Path
) -> None:
    before = len(office.review().district["plantings"])
    bring_in(visit(f"{office.address}/data?lang=zh"), design_xlsx(office, tmp_path / "设计.xlsx"))
    report = office.review().report.set_index("source").loc["设计.xlsx"]
    assert report[["read", "duplicate", "outside_estate"]].tolist() == [21, 1, 1]

    bureau = visit(f"{office.address}/greening?lang=zh")
    page = bureau.page
    figures = " ".join(page.locator(".st-key-greening_figures").inner_text().split())
    assert f"栽植点 {before + 21:,}" in figures
    sign_in(bureau, "马工")
    open_part(bureau, "总览")
    page.screenshot(path=str(tmp_path / "overview.png"), full_page=True)
    open_part(bureau, "核查与验收")
    agree_on_one(bureau, office, tmp_path)
    set_the_rate(bureau, office)
    open_part(bureau, "下载")
    handed = {key: downloaded(page, key) for key in ("download_greening", "download_sheets")}
    page.screenshot(path=str(tmp_path / "downloads.png"), full_page=True)
    now = office.review()
    assert handed["download_greening"] == greening_workbook(now, "zh", office.events())
    assert handed["download_sheets"].startswith(b"%PDF")
    assert bureau.errors == []


def agree_on_one(bureau: Watched, office: Office, shots: Path) -> None:
    """Look at the evidence of one conflict; agree to protect a planting that has no other place."""
    page = bureau.page
    hopeless = [one for one in office.review().suggested if one.action is Action.REMOVE]
    one = next(o for o in hopeless if office.review().statuses[o.site_id].state == "design")
    choose(bureau, office, one.site_id)
    page.locator(".stDataFrame").first.click(position={"x": 20, "y": 52})
    expect(page.locator(".st-key-evidence")).to_contain_text("核实程度")
    page.screenshot(path=str(shots / "evidence.png"), full_page=True)
    page.get_by_text("协商保护", exact=True).first.click()
    page.get_by_label("与谁商定、商定内容（如设阻根板）").first.fill("与供水公司商定设阻根板")
    page.get_by_label("与谁商定、商定内容（如设阻根板）").first.press("Enter")
    bureau.settled()
    page.locator("[class*=st-key-protect_] button").first.click()
    expect(page.locator("[class*=st-key-greening_said]")).to_contain_text("已写入")
    protected = office.review().statuses[one.site_id].protected
    assert list(protected.values()) == ["与供水公司商定设阻根板"]


def set_the_rate(bureau: Watched, office: Office) -> None:
    """Refused without a reason, taken with one."""
    page = bureau.page
    open_part(bureau, "成活")
    page.get_by_label("验收成活率 %").fill("90")
    page.get_by_label("验收成活率 %").press("Enter")
    bureau.settled()
    press(bureau, office, "save_rate", said="须填写理由")
    page.get_by_label("理由").fill("干旱年份，经局务会研究")
    page.get_by_label("理由").press("Enter")
    bureau.settled()
    press(bureau, office, "save_rate")
    expect(page.get_by_text("成活率验收标准 90%，由 马工")).to_be_visible()
    assert office.review().least_rate == 0.9


def downloaded(page: Page, key: str) -> bytes:
    """Press a download button and return what comes."""
    with page.expect_download(timeout=90_000) as download:
        page.locator(f".st-key-{key} button").click()
    return Path(download.value.path()).read_bytes()
