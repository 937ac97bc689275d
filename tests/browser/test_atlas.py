"""The booklet page in Chromium: cancelled, made, made again; an opinion goes all the way."""

import io
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from layers.district import District
from programme.opinions import Answer, noted
from store import EntryKind, open_store, write_district
from tests.browser.conftest import Watched, serving

pytestmark = pytest.mark.browser

Visit = Callable[..., Watched]
ESTATE_SHEET = re.compile("现状图|短板图|方案图|管线与绿地图")
SAID, REASON = "围墙另案拆除，先修屋面", "屋面已列入一期"
MAKE, CANCEL, GET = "生成图册", "取消", "下载图册"


@pytest.fixture(scope="module")
def office(
    full_demo: District, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("office") / "district"
    write_district(full_demo, folder)
    with serving(folder, tmp_path_factory.mktemp("server") / "log") as address:
        yield address, folder


def make(watched: Watched) -> None:
    watched.page.get_by_role("button", name=MAKE).click()


def drawn_anew(watched: Watched) -> tuple[int, int]:
    """Wait for the booklet; return its pages, and how many of them were drawn for it."""
    watched.page.get_by_role("button", name=GET).wait_for(timeout=120_000)
    watched.settled()
    words = watched.page.get_by_text(re.compile(r"共 \d+ 页，.*MB")).inner_text()
    pages, _, anew = re.findall(r"[\d.]+", words)
    return int(pages), int(anew)


def test_cancelling_leaves_no_booklet_and_the_pages_drawn_so_far_serve_the_next(
    visit: Visit, office: tuple[str, Path]
) -> None:
    address, folder = office
    watched = visit(f"{address}/atlas")
    make(watched)
    under_way = watched.page.locator(".stProgress", has_text=ESTATE_SHEET)
    under_way.wait_for()  # so some pages are drawn
    watched.page.get_by_role("button", name=CANCEL).click()
    watched.settled()
    expect(watched.page.get_by_role("button", name=CANCEL)).to_have_count(0)
    expect(watched.page.get_by_role("button", name=GET)).to_have_count(0)
    assert not open_store(folder).journal(EntryKind.BOOKLET)

    make(watched)
    pages, anew = drawn_anew(watched)
    assert pages > 60  # three sheets an estate, and the general ones
    assert 0 < anew < pages  # those drawn before the cancel were kept
    assert len(open_store(folder).journal(EntryKind.BOOKLET)) == 1
    with pikepdf.open(io.BytesIO(downloaded(watched.page, GET))) as pdf:
        assert len(pdf.pages) == pages

    make(watched)
    watched.settled()
    assert drawn_anew(watched) == (pages, 0)  # nothing changed, nothing is drawn again
    assert watched.errors == []


def test_an_opinion_is_pinned_answered_written_down_and_in_the_next_edition(
    visit: Visit, office: tuple[str, Path]
) -> None:
    address, folder = office
    watched = visit(f"{address}/atlas")
    note_and_reject(watched)
    (told,) = noted(open_store(folder))
    assert (told.opinion.sheet, told.opinion.answer) == ("01-2", Answer.REJECTED)
    assert told.opinion.finding.startswith(told.opinion.estate_id)

    written = "\n".join(
        cell.text
        for table in Document(io.BytesIO(downloaded(watched.page, "下载 .docx"))).tables
        for row in table.rows
        for cell in row.cells
    )
    sheet = load_workbook(io.BytesIO(downloaded(watched.page, "下载 .xlsx"))).worksheets[-1]
    listed = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    for words in (SAID, REASON, "不采纳"):
        assert words in written
        assert words in listed

    make(watched)
    drawn_anew(watched)
    printed = text_of(downloaded(watched.page, GET))
    assert SAID in printed
    assert "（会审意见1）" in printed  # beside the gap that it is pinned on
    assert watched.errors == []


def note_and_reject(watched: Watched) -> None:
    """Pin an opinion on the first gap of the sheet 01-2, and reject it."""
    page = watched.page
    choose(page, "目录", re.compile("01-2 .*短板图"))
    page.locator("label", has_text=re.compile("^01-2 ")).wait_for(state="attached")
    watched.settled()
    page.get_by_label("经办人").first.fill("王工")
    page.get_by_text("记下意见").first.click()
    watched.settled()
    choose(page, "其中的短板", re.compile(r"^1\s"))
    page.get_by_label("意见", exact=True).fill(SAID)
    choose(page, "提出单位", "区民政局")
    page.get_by_role("button", name="记下意见").click()
    page.get_by_text("已记为第 1 条").wait_for()
    watched.settled()
    page.get_by_text("答复哪一条").first.click()
    watched.settled()
    page.get_by_text("不采纳", exact=True).click()
    page.get_by_label("理由", exact=True).fill(REASON)
    page.get_by_role("button", name="保存").first.click()
    page.get_by_text("第 1 条已答复").wait_for()
    watched.settled()


def choose(page: Page, label: str, option: str | re.Pattern[str]) -> None:
    """Choose an option of the select box under a label."""
    box, listed = page.get_by_role("combobox", name=re.compile(label)), page.get_by_role("option")
    box.scroll_into_view_if_needed()
    while box.get_attribute("aria-expanded") != "true":  # it closes when the page scrolls
        box.click()
        page.wait_for_timeout(500)
    listed.filter(has_text=option).first.click()


def downloaded(page: Page, name: str) -> bytes:
    """Press a button and return the file that it gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return Path(download.value.path()).read_bytes()


def text_of(pdf: bytes) -> str:
    """Return the words of a PDF without the spaces and line breaks between them."""
    told = ["pdftotext", "-", "-"]
    text = subprocess.run(told, input=pdf, capture_output=True, check=True).stdout.decode()  # noqa: S603
    return re.sub(r"\s", "", text)
