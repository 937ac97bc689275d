"""The data page in Chromium: office files from the desktop to flagged estates, and hostile ones."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Locator, expect

from layers.district import District
from store import open_store, read_district
from tests.browser.conftest import Watched, serving
from tests.unit.intake import delivery

pytestmark = pytest.mark.browser

Visit = Callable[..., Watched]
HOSTILE = (
    "{{ 7*7 }}",
    "<img src=x onerror=window.__pwned=1>",
    "=1+1",
    "![x](http://evil.example/x.png)",
)


@dataclass
class Hand:
    """A hand on the mouse that counts its clicks; typing a name counts as one."""

    watched: Watched
    clicks: int = 0

    def click(self, target: Locator) -> None:
        """Click, and wait for what comes of it."""
        target.click()
        self.clicks += 1
        self.watched.settled()

    def type(self, target: Locator, text: str) -> None:
        """Fill a field and confirm it."""
        target.fill(text)
        target.press("Enter")
        self.clicks += 1
        self.watched.settled()

    def drop(self, files: Sequence[Path]) -> None:
        """Drop files together: one gesture."""
        page = self.watched.page
        box = page.locator(".st-key-import_drop input[type=file]")
        box.wait_for(state="attached")
        box.set_input_files([str(file) for file in files])
        self.clicks += 1
        page.locator("[class*=st-key-import_table], [data-testid=stAlert]").first.wait_for()
        self.watched.settled()


@pytest.fixture
def office(tiny_folder: Path, tmp_path: Path) -> Iterator[str]:
    with serving(tiny_folder, tmp_path / "log") as address:
        yield address
    assert "Traceback" not in (tmp_path / "log").read_text()


def new_estates(district: District, count: int = 12) -> list[delivery.Estate]:
    """Return estates half a kilometre from those of the district."""
    centre = district["estates"].geometry.union_all().centroid
    moved = []
    for row in delivery.estates(count):
        outline = shapely.affinity.translate(
            row.outline, centre.x - 604_500 + 500, centre.y - 4_206_000 + 300
        )
        estate = delivery.Estate(f"N-{row.key}", f"新{row.name}", row.households, row.area, outline)
        moved.append(estate)
    return moved


def sign(hand: Hand, who: str) -> None:
    """Give a name; it is known once nothing asks for it any more."""
    hand.type(hand.watched.page.get_by_label("经办人"), who)


def accept(hand: Hand) -> None:
    page = hand.watched.page
    hand.click(page.locator(".st-key-import_accept button:enabled"))
    page.get_by_text("已写入").wait_for()


def survey(path: Path, district: District, *households: object) -> Path:
    """Write a survey of the district's own estates."""
    names = district["estates"]["name"]
    grid = [["小区名称", "户数"], *zip(names, households, strict=True)]
    return delivery.workbook(path, [list(row) for row in grid])


def test_from_the_desktop_to_flagged_estates_in_under_ten_clicks(
    office: str, tiny_folder: Path, visit: Visit, tmp_path: Path
) -> None:
    district = read_district(tiny_folder)
    rows = new_estates(district)
    shape = delivery.shapefile(tmp_path, rows, reference="EPSG:4523")  # GBK, no .prj, no .cpg
    grid = [["小区名称", "建成年份"], *[[row.name, 1990 + i] for i, row in enumerate(rows)]]
    workbook = delivery.workbook(tmp_path / "调查表.xlsx", grid)
    watched = visit(f"{office}/?lang=zh")
    hand = Hand(watched)
    page = watched.page
    hand.click(page.get_by_role("link", name="数据"))
    hand.drop([workbook, *sorted(tmp_path.glob(f"{shape.stem}.*"))])
    page.screenshot(path=str(tmp_path / "asked.png"), full_page=True)
    hand.click(page.locator("[class*=_crs] label").filter(has_text="加带号35").first)
    page.locator("[class*=import_step] button").filter(has_text="✎").wait_for()
    sign(hand, "马工")
    accept(hand)
    hand.click(page.get_by_role("link", name="在地图上查看"))
    watched.drawn()
    page.screenshot(path=str(tmp_path / "map.png"))
    expect(page.get_by_role("region", name="哪些小区、为什么")).to_contain_text(rows[0].name)
    assert hand.clicks < 10

    after = read_district(tiny_folder)["estates"].set_index("estate_id")
    assert [after.loc[row.key, "built_year"] for row in rows] == [1990 + i for i in range(12)]
    assert [after.loc[row.key, "name"] for row in rows] == [row.name for row in rows]
    for row in rows:  # written in zone 35 with its prefix, read back within the 0.1 mm grid
        assert after.geometry[row.key].hausdorff_distance(row.outline) < 0.001
    assert watched.errors == []


def test_an_open_map_shows_the_new_state_without_a_restart(
    office: str, tiny_folder: Path, visit: Visit, tmp_path: Path
) -> None:
    district = read_district(tiny_folder)
    looker = visit(f"{office}/?lang=zh")
    hand = Hand(visit(f"{office}/data?lang=zh"))
    hand.drop([survey(tmp_path / "a.xlsx", district, 111, 144)])
    sign(hand, "马工")
    accept(hand)
    looker.page.locator(".st-key-below button").nth(2).click()  # any rerun
    expect(looker.page.locator(".st-key-page_head")).to_contain_text(
        "255"
    )  # 111 + 144; 100 and 135 before


def test_a_fault_is_named_corrected_in_the_workbook_and_brought_in_again(
    office: str, tiny_folder: Path, visit: Visit, tmp_path: Path
) -> None:
    import openpyxl  # noqa: PLC0415

    district = read_district(tiny_folder)
    hand = Hand(visit(f"{office}/data?lang=zh"))
    page = hand.watched.page
    hand.drop([survey(tmp_path / "a.xlsx", district, "很多", 50)])
    expect(page.get_by_text("读入 2 = 采用 1 + 隔离 1")).to_be_visible()
    with page.expect_download() as download:
        page.locator(".st-key-import_quarantine button").click()
    download.value.save_as(tmp_path / "隔离.xlsx")
    sign(hand, "马工")
    accept(hand)
    page.screenshot(path=str(tmp_path / "report.png"), full_page=True)
    assert read_district(tiny_folder)["estates"]["households"].tolist()[1] == 50

    book = openpyxl.load_workbook(tmp_path / "隔离.xlsx")
    sheet = book.worksheets[0]
    column = [cell.value for cell in sheet[1]].index("户数") + 1
    assert sheet.cell(2, column).value == "很多"
    sheet.cell(2, column).value = "49"
    book.save(tmp_path / "隔离.xlsx")
    hand.click(page.locator(".st-key-import_more button"))
    hand.drop([tmp_path / "隔离.xlsx"])
    accept(hand)
    assert read_district(tiny_folder)["estates"]["households"].tolist() == [49, 50]


def test_hostile_names_and_cells_are_shown_as_text(
    office: str, tiny_folder: Path, visit: Visit, tmp_path: Path
) -> None:
    district = read_district(tiny_folder)
    grid = [
        ["小区名称", "户数", *HOSTILE],
        *[[name, text, *HOSTILE] for name, text in zip(HOSTILE, HOSTILE, strict=True)],
        [district["estates"]["name"][0], HOSTILE[0], *HOSTILE],
    ]
    book = delivery.workbook(tmp_path / "a.xlsx", grid).read_bytes()
    watched = visit(f"{office}/data?lang=zh")
    page = watched.page
    box = page.locator(".st-key-import_drop input[type=file]")
    box.wait_for(state="attached")
    mime = "application/octet-stream"
    names = ("<img src=x onerror=window.__pwned=1>.xlsx", "{{ 7*7 }} =1+1 [a](b).dwg", "..\\..\\x.")
    box.set_input_files(
        [
            {"name": names[0], "mimeType": mime, "buffer": book},
            {"name": names[1], "mimeType": mime, "buffer": b"AC1032" + bytes(200)},
            {"name": names[2], "mimeType": mime, "buffer": b"\x00\x01"},
        ]
    )
    page.locator(".st-key-import_table_0").wait_for()
    watched.settled()
    page.screenshot(path=str(tmp_path / "hostile-read.png"), full_page=True)
    for step in range(page.locator(".st-key-import_step_0 button").count()):
        page.locator(".st-key-import_step_0 button").nth(step).click()
        watched.settled()
    page.screenshot(path=str(tmp_path / "hostile.png"), full_page=True)
    shown = (page.locator(".stMain").text_content() or "").replace("\u2060", "")
    for name in names[:2]:
        assert name in shown
    assert "另存为 DXF" in shown
    assert page.evaluate("() => window.__pwned") == 0
    assert watched.dialogs == watched.errors == []


def test_broken_files_give_a_sentence_each_and_the_app_stays_up(
    office: str, visit: Visit, tmp_path: Path
) -> None:
    (tmp_path / "deep.geojson").write_text("[" * 200_000)
    (tmp_path / "noise.gpkg").write_bytes(b"SQLite format 3\x00" + bytes(range(256)) * 40)
    (tmp_path / "x.shp").write_bytes(bytes(100))
    watched = visit(f"{office}/data?lang=zh")
    hand = Hand(watched)
    hand.drop([tmp_path / "deep.geojson", tmp_path / "noise.gpkg", tmp_path / "x.shp"])
    expect(watched.page.locator("[data-testid=stAlert]").nth(2)).to_be_visible()
    watched.page.goto(f"{office}/?lang=zh")
    watched.drawn()


def test_two_people_at_once_the_second_is_told_and_loses_nothing(
    office: str, tiny_folder: Path, visit: Visit, tmp_path: Path
) -> None:
    district = read_district(tiny_folder)
    first, second = (Hand(visit(f"{office}/data?lang=zh")) for _ in range(2))
    for hand, name, households in ((first, "马工", (111, 112)), (second, "杨工", (121, 122))):
        hand.drop([survey(tmp_path / f"{name}.xlsx", district, *households)])
        sign(hand, name)
    accept(first)
    second.click(second.watched.page.locator(".st-key-import_accept button:enabled"))
    page = second.watched.page
    expect(page.get_by_text("已有他人编辑：马工")).to_be_visible()
    page.screenshot(path=str(tmp_path / "conflict.png"), full_page=True)
    assert open_store(tiny_folder).read()["estates"]["households"].tolist() == [111, 112]
    second.click(page.locator(".st-key-import_rebase button"))
    accept(second)
    assert open_store(tiny_folder).read()["estates"]["households"].tolist() == [121, 122]
    people = [change.by for change in open_store(tiny_folder).history()]
    assert people[-2:] == ["马工", "杨工"]
    page.locator(".st-key-data_part button").nth(2).click()
    page.locator(".stDataFrame").first.wait_for()
    second.watched.settled()
    page.screenshot(path=str(tmp_path / "history.png"), full_page=True)


def test_a_long_reading_is_cancelled_without_a_trace(
    office: str, tiny_folder: Path, visit: Visit, tmp_path: Path
) -> None:
    version = read_district(tiny_folder).version
    rows = "\n".join(f"甲{n},{n}" for n in range(600_000))
    (tmp_path / "长.csv").write_text(f"小区名称,户数\n{rows}", encoding="gb18030")
    watched = visit(f"{office}/data?lang=zh")
    page = watched.page
    box = page.locator(".st-key-import_drop input[type=file]")
    box.wait_for(state="attached")
    box.set_input_files(str(tmp_path / "长.csv"))
    page.locator(".st-key-import_cancel button").click()
    page.locator(".st-key-import_cancel").wait_for(state="detached")
    watched.settled()
    expect(page.locator("[data-testid=stFileUploaderFile]")).to_have_count(0)
    expect(page.locator("[class*=st-key-import_table]")).to_have_count(0)
    assert read_district(tiny_folder).version == version
    assert sorted(file.name for file in tiny_folder.iterdir()) == ["district.gpkg", "district.toml"]


def test_the_template_is_downloaded_filled_and_dropped(
    office: str, tiny_folder: Path, visit: Visit, tmp_path: Path
) -> None:
    import openpyxl  # noqa: PLC0415

    district = read_district(tiny_folder)
    hand = Hand(visit(f"{office}/data?lang=zh"))
    page = hand.watched.page
    page.locator(".st-key-data_part button").nth(3).click()
    with page.expect_download() as download:
        page.locator(".st-key-handover_template button").click()
    download.value.save_as(tmp_path / "模板.xlsx")
    book = openpyxl.load_workbook(tmp_path / "模板.xlsx")
    sheet = book["小区"]
    heads = [str(cell.value) for cell in sheet[1]]
    for column, value in (
        (1, district["estates"]["estate_id"][0]),
        (2, district["estates"]["name"][0]),
    ):
        sheet.cell(2, column).value = value
    at = next(i for i, head in enumerate(heads, 1) if head.startswith("户数"))
    sheet.cell(2, at).value = 123
    book.save(tmp_path / "模板.xlsx")
    page.locator(".st-key-data_part button").nth(0).click()
    hand.drop([tmp_path / "模板.xlsx"])
    sign(hand, "马工")
    accept(hand)
    assert read_district(tiny_folder)["estates"]["households"].tolist()[0] == 123


def test_what_was_dropped_is_still_there_after_a_look_elsewhere(
    office: str, tiny_folder: Path, visit: Visit, tmp_path: Path
) -> None:
    hand = Hand(visit(f"{office}/data?lang=zh"))
    page = hand.watched.page
    hand.drop([survey(tmp_path / "a.xlsx", read_district(tiny_folder), 5, 6)])
    page.locator(".st-key-data_part button").nth(2).click()
    page.locator(".st-key-version_name").wait_for()
    page.locator(".st-key-data_part button").nth(0).click()
    page.locator(".st-key-import_table_0").wait_for()
    page.locator(".st-key-import_away button").click()
    expect(page.locator(".st-key-import_table_0")).to_have_count(0)
