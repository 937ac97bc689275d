"""
Hostile attributes: text that would run in a template, a tag, an interpolation or a cell stays text.

Every string column of every layer holds every payload; each payload would set `window.__pwned` in a
browser or make a file on the server.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

import layers
from layers.district import District
from layers.spec import PROVENANCE_COLUMNS
from rules.book import load_book
from rules.evaluate import evaluate
from store import write_district
from tests.browser.conftest import Watched, label_of, serving
from views.map.standalone import write_map

pytestmark = pytest.mark.browser

Visit = Callable[..., Watched]


def payloads(trap: Path) -> list[str]:
    """Return what each row is called in turn; `trap` is the file that must never exist."""
    python = f"cycler.__init__.__globals__.os.system('touch {trap}')"
    script = "window.__pwned=1;alert(1)"
    return [
        f"{{{{ {python} }}}}",
        f"{{% set x = {python} %}}{{{{ x }}}}",
        "{# never closed <style>*{display:none}</style>",
        f"{{{{ unclosed &#x3c;img src=x onerror={script}&#x3e;",
        f"${{{script}}}",
        f"`+{script}+` {{{{constructor.constructor('{script}')()}}}}",
        f"<script>{script}</script>",
        f'<img src=x onerror="{script}">',
        f"</script><script>{script}</script>",
        f"</title></style><svg onload={script}>",
        "=1+1",
        '=HYPERLINK("http://evil.example/")',
        "![x](http://evil.example/x.png) [y](javascript:alert(1))",
        "$\\href{javascript:alert(1)}{x}$ :red[z] :material/home: <b>b</b> www.evil.example",
        "'; DROP TABLE estates; --",
        "\u202etxet\u2028line",
    ]


def poisoned(district: District, texts: list[str]) -> District:
    """Return `district` with the payloads in turn in every text column that may hold free text."""
    fixed = {column.name for column in PROVENANCE_COLUMNS} - {"source"}
    changed = {}
    for name, frame in district.frames.items():
        if not len(frame):
            continue
        free = [
            column.name
            for column in layers.ALL[name].columns[1:]
            if column.dtype == "str"
            and column.codes is None
            and not column.refers_to
            and column.name not in fixed
        ]
        turns = np.arange(len(frame))
        hostile = {
            column: pd.Series([texts[(turn + n) % len(texts)] for turn in turns], frame.index)
            for n, column in enumerate(free)
        }
        changed[name] = frame.assign(**hostile)
    return district.with_frames(**changed)


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trap") / "sprung"


@pytest.fixture(scope="module")
def district(full_demo: District, trap: Path) -> District:
    return poisoned(full_demo, payloads(trap))


@pytest.fixture(scope="module")
def hostile_site(district: District, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    write_district(district, folder / "district")
    with serving(folder / "district", folder / "log") as address:
        yield address
    assert "Traceback" not in (folder / "log").read_text()


def unharmed(watched: Watched, trap: Path) -> None:
    assert watched.page.evaluate("() => window.__pwned") == 0
    assert watched.dialogs == []
    assert watched.errors == []
    assert not trap.exists()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/", "/rules", "/data"])
def test_no_page_runs_what_the_data_say(
    hostile_site: str, visit: Visit, trap: Path, path: str, language: str
) -> None:
    watched = visit(f"{hostile_site}{path}?lang={language}")
    for part in range(watched.page.locator(".st-key-below button").count()):
        watched.page.locator(".st-key-below button").nth(part).click()
        watched.page.wait_for_timeout(1200)
    unharmed(watched, trap)


def test_every_hostile_name_is_shown_letter_by_letter(
    hostile_site: str, visit: Visit, trap: Path, district: District
) -> None:
    estates = district["estates"]
    watched = visit(f"{hostile_site}/")
    for estate_id, name in zip(estates["estate_id"][:16], estates["name"][:16], strict=True):
        watched.open(f"{hostile_site}/?estate={estate_id}")
        assert watched.page.locator(".gap-panel h4").first.text_content() == name
        label = watched.page.locator(".estate-label.picked .estate-name")
        if label.count():
            expect(label.first).to_have_text(name)
        watched.page.mouse.move(600, 420)
        watched.page.mouse.move(620, 430, steps=4)
        unharmed(watched, trap)


def test_the_map_on_its_own_runs_nothing_either(
    browser: Browser, district: District, trap: Path, tmp_path: Path
) -> None:
    book = load_book(overlays=district.overlays)
    findings = evaluate(district, book, date(2026, 1, 1))
    write_map(district, book, findings, tmp_path / "map.html", "zh")
    context = browser.new_context()
    page = context.new_page()
    foreign, dialogs, errors = [], [], []
    context.add_init_script("window.__pwned = 0;")
    context.route(
        "**/*",
        lambda route: (
            route.continue_()
            if route.request.url.startswith(("file:", "data:", "blob:"))
            else (foreign.append(route.request.url), route.abort())
        ),
    )
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((tmp_path / "map.html").as_uri())
    page.locator(".gap-map-root[data-drawn]").wait_for()
    name, x, y = label_of(page)
    page.mouse.click(x, y)
    expect(page.locator(".gap-panel h4")).to_have_text(name)
    page.locator(".finding").first.click()
    assert page.locator(".finding-detail dd").count() > 5
    assert page.evaluate("() => window.__pwned") == 0
    assert (foreign, dialogs, errors) == ([], [], [])
    assert not trap.exists()
    context.close()


def test_the_workbook_holds_no_formula(hostile_site: str, visit: Visit, tmp_path: Path) -> None:
    watched = visit(hostile_site)
    watched.page.locator(".st-key-below button").last.click()
    with watched.page.expect_download() as download:
        watched.page.locator(".st-key-download_xlsx button").click()
    download.value.save_as(tmp_path / "findings.xlsx")
    book = load_workbook(tmp_path / "findings.xlsx")
    cells = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert [c.value for c in cells if c.data_type == "f" and "evil" in str(c.value)] == []
    assert any(str(cell.value).startswith("=1+1") and cell.data_type == "s" for cell in cells)
