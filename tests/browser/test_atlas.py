"""The booklet page in Chromium: cancelled half-way, made, made again with nothing to redraw."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import expect

from layers.district import District
from store import EntryKind, open_store, write_district
from tests.browser.conftest import Watched, serving

pytestmark = pytest.mark.browser

Visit = Callable[..., Watched]
ESTATE_SHEET = re.compile("现状图|短板图|方案图|管线与绿地图")
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
    with watched.page.expect_download() as download:
        watched.page.get_by_role("button", name=GET).click()
    with pikepdf.open(io.BytesIO(Path(download.value.path()).read_bytes())) as pdf:
        assert len(pdf.pages) == pages

    make(watched)
    watched.settled()
    assert drawn_anew(watched) == (pages, 0)  # nothing changed, nothing is drawn again
    assert watched.errors == []
