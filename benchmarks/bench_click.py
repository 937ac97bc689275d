"""
Click to panel: our page against a stock streamlit-folium page, in one interleaved run.

Both show the same squares in the same view; what is timed is the wait from the mouse click until
the name of the clicked estate stands on the page; ours writes it together with all its findings.
Needs Chromium and ``pip install streamlit-folium``, which nothing else here uses. Its page gets
Leaflet from our vendored copy and empty files in place of everything else that it would load.

    python benchmarks/bench_click.py --sizes 1000 10000 --rounds 7

Believe the ratios: targets are at most 1/4 at 1,000 polygons and 1/20 at 10,000.
"""

import argparse
import json
import math
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from playwright.sync_api import Page, Route, sync_playwright
from pyproj import CRS

from geo.crs import STORAGE_CRS, to_crs
from layers.district import District
from store import write_district
from views.map.vendored import vendored

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
CORNER = (597_000.0, 4_209_000.0)
SPACING, SIDE, ZOOM = 100.0, 60.0, 17
STOCK_PX = (900, 600)
CRS_M = CRS.from_epsg(4544)
STOCK = """
import json, sys
import folium, streamlit as st
from streamlit_folium import st_folium

st.set_page_config(layout="wide")

@st.cache_data
def squares():
    return json.load(open({path!r}))

base = folium.Map(location={centre!r}, zoom_start={zoom}, tiles=None, prefer_canvas=True)
look = {{"fillColor": "#e07b32", "weight": 1}}
folium.GeoJson(squares(), style_function=lambda feature: look).add_to(base)
seen = st_folium(base, width=900, height=600, returned_objects=["last_active_drawing"])
picked = (seen or {{}}).get("last_active_drawing")
st.header(picked["properties"]["name"] if picked else "nothing yet", anchor=False)
"""


def squares(count: int) -> gpd.GeoDataFrame:
    """Return `count` estates, squares of 60 m on a grid of 100 m."""
    side = math.ceil(math.sqrt(count))
    row, column = np.divmod(np.arange(count), side)
    x, y = CORNER[0] + column * SPACING, CORNER[1] + row * SPACING
    names = [f"estate-{n:05d}" for n in range(count)]
    facts = {
        "estate_id": [f"S{n:05d}" for n in range(count)],
        "name": names,
        "provenance": "synthetic",
        "source": "benchmark",
        "source_date": "2026-01-01",
    }
    shapes = shapely.box(x, y, x + SIDE, y + SIDE)
    return gpd.GeoDataFrame(facts, geometry=gpd.GeoSeries(shapes, crs=CRS_M))


def district(estates: gpd.GeoDataFrame) -> District:
    """Return a district of these estates and one walkway."""
    line = shapely.LineString([CORNER, (CORNER[0] + 900, CORNER[1])])
    known = estates.drop(columns=["estate_id", "name", "geometry"]).head(1)
    facts = known.assign(walkway_id="w")
    walkways = gpd.GeoDataFrame(facts, geometry=gpd.GeoSeries([line], crs=CRS_M))
    return District.from_frames(
        {"estates": estates, "walkways": walkways}, crs=CRS_M, name="Squares", district_id="squares"
    )


@contextmanager
def server(command: list[str], settings: dict[str, str]) -> Iterator[str]:
    """Start a server, yield its address, stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [part.replace("PORT", port) for part in command]
    environment = os.environ | settings | {"STREAMLIT_SERVER_PORT": port, "LITONG_PORT": port}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            if _answers(f"{address}/_stcore/health"):
                break
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _answers(health: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(health, timeout=2) as reply:  # noqa: S310
        return bool(reply.status == 200)
    return False


def offline(route: Route) -> None:
    """Answer from this machine: the page itself, Leaflet from our copy, nothing for the rest."""
    address = route.request.url
    if address.startswith(("http://127.0.0.1", "data:", "blob:")):
        route.continue_()
    elif "leaflet@" in address and address.endswith(("leaflet.js", "leaflet.css")):
        name = address.rsplit("/", 1)[1]
        kind = "text/javascript" if name.endswith("js") else "text/css"
        route.fulfill(body=vendored(f"leaflet-1.9.4/{name}"), content_type=kind)
    else:
        kind = "text/javascript" if address.endswith("js") else "text/css"
        route.fulfill(body="", content_type=kind)


def click_times(
    page: Page, middle: tuple[float, float], names: list[str], gap: float
) -> list[float]:
    """Click the estates left and right of the middle in turn; return each wait in milliseconds."""
    waits = []
    for turn, name in enumerate(names):
        begun = time.perf_counter()
        page.mouse.click(middle[0] + (turn % 3 - 1) * gap, middle[1])
        page.wait_for_function(
            "name => [...document.querySelectorAll('h2, h4')].some(\n"
            "    e => e.textContent.includes(name))",
            arg=name,
            polling="raf",
            timeout=120_000,
        )
        waits.append((time.perf_counter() - begun) * 1000)
        page.wait_for_timeout(1500)
    return waits


def centre_of(page: Page, selector: str) -> tuple[float, float]:
    """Return the middle of a map on the screen; the stock one stands in the corner of its frame."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    width = min(box["width"], STOCK_PX[0]) if selector == "iframe" else box["width"]
    height = min(box["height"], STOCK_PX[1]) if selector == "iframe" else box["height"]
    return box["x"] + width / 2, box["y"] + height / 2


def measure(count: int, rounds: int, folder: Path) -> None:
    """Print the medians of both pages at `count` polygons, and their ratio."""
    estates = squares(count)
    side = math.ceil(math.sqrt(count))
    middle = (side // 2) * side + side // 2
    degrees = to_crs(estates, STORAGE_CRS, "squares")
    centre = degrees.geometry.iloc[middle].centroid
    names = [estates["name"].iloc[middle + turn % 3 - 1] for turn in range(3)]
    write_district(district(estates), folder / "district")
    (folder / "squares.json").write_text(degrees[["name", "geometry"]].to_json())
    (folder / "stock.py").write_text(
        STOCK.format(path=str(folder / "squares.json"), centre=[centre.y, centre.x], zoom=ZOOM)
    )
    stock = [sys.executable, "-m", "streamlit", "run", str(folder / "stock.py")]
    stock += ["--server.port", "PORT", "--server.headless", "true"]
    ours = [sys.executable, "app.py"]
    with (
        server(ours, {"LITONG_DISTRICT": str(folder / "district")}) as our_address,
        server(stock, {}) as their_address,
    ):
        camera = f"view={ZOOM}/{centre.y:.7f}/{centre.x:.7f}"
        addresses = (f"{our_address}/?{camera}", their_address)
        waits = interleaved(addresses, names, SPACING / metres_per_pixel(centre.y), rounds)
    ours_ms, theirs_ms = (statistics.median(kept[1:]) for kept in waits)
    result = {
        "polygons": count,
        "ours_ms": round(ours_ms),
        "stock_ms": round(theirs_ms),
        "ratio": round(theirs_ms / ours_ms, 1),
        "clicks_each": len(waits[0]),
    }
    print(json.dumps(result), flush=True)


def metres_per_pixel(latitude: float) -> float:
    """Return the ground length of a pixel at our zoom."""
    return 156_543.034 * math.cos(math.radians(latitude)) / 2**ZOOM


def interleaved(
    addresses: tuple[str, str], names: list[str], gap: float, rounds: int
) -> tuple[list[float], list[float]]:
    """Click both pages in turn; return the waits of ours and of theirs [ms]."""
    waits: tuple[list[float], list[float]] = ([], [])
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        pages = [browser.new_page(viewport={"width": 1440, "height": 900}) for _ in addresses]
        for page, address in zip(pages, addresses, strict=True):
            page.route("**/*", offline)
            page.goto(address)
        pages[0].locator(".gap-map-root[data-drawn]").wait_for(timeout=900_000)
        pages[1].frame_locator("iframe").locator(".leaflet-container").wait_for(timeout=120_000)
        pages[0].wait_for_timeout(5000)
        for _ in range(rounds):
            for page, kept, map_of in zip(pages, waits, (".map-canvas", "iframe"), strict=True):
                page.bring_to_front()
                kept.extend(click_times(page, centre_of(page, map_of), names, gap))
        browser.close()
    return waits


def main() -> None:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    for count in asked.sizes:
        with tempfile.TemporaryDirectory() as folder:
            measure(count, asked.rounds, Path(folder))


if __name__ == "__main__":
    main()
