"""A real server and a real browser that may speak to nobody but this machine."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.serving import served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
OWN = ("http://127.0.0.1:", "http://localhost:", "ws://127.0.0.1:", "data:", "blob:", "file:")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PATIENCE_MS = 60_000  # a loaded machine is slow, not wrong
expect.set_options(timeout=_PATIENCE_MS)
_SENTINEL = "window.__pwned = 0;"
_AT_REST = """() => !document.querySelector("[data-testid=stStatusWidget]")
    && !document.querySelector("[data-stale=true]")
    && !document.querySelector(".leaflet-zoom-anim, .leaflet-pan-anim")"""
_LABEL_AT_REST = """async (name) => {
    const found = () => {
        const labels = [...document.querySelectorAll(".gap-label")];
        const named = labels.map((label) => [label, label.querySelector(".estate-name")]);
        const hit = named.find(([, text]) => text && (!name || text.textContent === name));
        if (!hit) return null;
        const { x, y } = hit[0].getBoundingClientRect();
        return { name: hit[1].textContent, x, y };
    };
    const before = found();
    await new Promise((later) => setTimeout(later, 250));
    const after = found();
    return before && JSON.stringify(before) === JSON.stringify(after) && after;
}"""


@dataclass
class Watched:
    """A page and everything that must not happen on it."""

    page: Page
    foreign: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        """Go to `address` and wait until the map is drawn, where there is one."""
        self.page.goto(address)
        if "/greening" in address:
            self.page.locator(".st-key-greening_figures").wait_for()
            self.settled()
        elif "/atlas" in address:
            self.page.locator(".stImage img").wait_for()
            self.settled()
        elif "/data" in address:
            self.page.locator(".st-key-data_part").wait_for()
            self.settled()
        elif "/siting" in address:
            self.page.locator(".st-key-siting_run").wait_for()
            self.settled()
        elif "/rules" in address:
            self.page.locator(".stDataFrame").first.wait_for()
        else:
            self.drawn()

    def drawn(self) -> None:
        """Wait until the map shows what the server last said."""
        self.page.locator(".gap-map-root[data-drawn]").wait_for()
        self.settled()

    def settled(self) -> None:
        """Wait until the script has run to its end and the camera stands still."""
        self.page.wait_for_function(_AT_REST)
        self.page.wait_for_timeout(400)
        self.page.wait_for_function(_AT_REST)  # a run that had not begun before


def label_of(page: Page, name: str = "") -> tuple[str, float, float]:
    """Return the estate and the place on the screen of a label that stands still; "": the first."""
    label = page.wait_for_function(_LABEL_AT_REST, arg=name).json_value()
    return label["name"], label["x"], label["y"]


@contextmanager
def serving(folder: Path | None, log: Path) -> Iterator[str]:
    """Serve the district of `folder` (None: the demonstration) and yield the address."""
    with served(folder, log) as (address, _):
        yield f"http://{address}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip where there is none and nobody insists."""
    if not Path(CHROMIUM).exists() and not os.environ.get("LITONG_REQUIRE_BROWSER"):
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the demonstration district and give its address."""
    with serving(None, tmp_path_factory.mktemp("server") / "log") as address:
        yield address


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Open fresh, watched pages; afterwards nothing foreign may have been asked for."""
    opened: list[Watched] = []

    def new(address: str, **options: object) -> Watched:
        size = {"width": 1440, "height": 900}
        context = browser.new_context(**{"viewport": size, **options})  # type: ignore[arg-type]
        context.set_default_timeout(_PATIENCE_MS)
        watched = Watched(context.new_page())
        context.add_init_script(_SENTINEL)
        context.route("**/*", lambda route: _guard(route, watched))
        _watch(watched)
        opened.append(watched)
        watched.open(address)
        return watched

    yield new
    for watched in opened:
        watched.page.context.close()
        assert watched.foreign == []


def _guard(route: Route, watched: Watched) -> None:
    if route.request.url.startswith(OWN):
        route.continue_()
    else:
        watched.foreign.append(route.request.url)
        route.abort()


def _watch(watched: Watched) -> None:
    page = watched.page

    def dismissed(dialog: object) -> None:
        watched.dialogs.append(dialog.message)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", dismissed)
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.on(
        "websocket",
        lambda socket: (
            socket.on("framesent", lambda frame: watched.sent.append(str(frame)[:40])),
            None if socket.url.startswith(OWN) else watched.foreign.append(socket.url),
        ),
    )
