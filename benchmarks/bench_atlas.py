"""
The booklet beside QGIS's own atlas, in turn, each in its own process; medians of all rounds.

Like with like: 20 A3 pages, one an estate, the same ground at the same scale, the same ten layers,
labels on, title, legend and scale bar. Ours is printed into one file with CRS, named layers and
bookmarks, QGIS's plain atlas into one without them, its GeoPDFs into 20 files. Beside it our real
sheets of pipes and green (tables, figures, notes and title block as well) and the whole booklet.
CPU seconds of all threads of the export count, wall seconds beside them; loading of programs and
data does not. Needs Debian's python3-qgis.

Run: ``python -m benchmarks.bench_atlas [--rounds 7] [--growth]``.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import demo
from atlas.compose import compose, context_of
from atlas.request import Request, Volume
from atlas.sheets.estate_map import estate_view
from benchmarks.map_sheets import print_maps
from layers.district import District
from plan import load_plan
from rules.book import load_book
from rules.evaluate import evaluate

HERE = Path(__file__).parent
QGIS_PYTHON = "/usr/bin/python3"


def context(district: District, **wanted: object):  # noqa: ANN201 - a script
    """Return what our booklet is drawn from."""
    book = load_book(overlays=district.overlays)
    findings = evaluate(district, book, date(2023, 4, 1))
    plan = load_plan(district.plan) if district.plan else None
    return context_of(
        district, findings, book, plan, Request("2023-03-15", "V0.3", volume=Volume.FULL, **wanted)
    )


def ours(what: str, folder: Path) -> None:
    """Print once and tell the times."""
    start = time.perf_counter()
    district = demo.district("demo")
    sheets = {} if what in ("all", "maps") else {"sheets": (what,)}
    stuff, _ = context(district, **sheets), district.version  # a district comes with its version
    began, cpu = time.perf_counter(), time.process_time()
    if what == "maps":
        pdf, pages = print_maps(stuff)
    else:
        booklet = compose(stuff)
        pdf, pages = booklet.pdf, len(booklet.page_plans)
    done, used = time.perf_counter(), time.process_time() - cpu
    (folder / f"ours-{what}.pdf").write_bytes(pdf)
    facts = {"start": began - start, "export": done - began, "cpu": used}
    print(json.dumps(facts | {"bytes": len(pdf), "pages": pages}))


def write_for_qgis(path: Path) -> None:
    """Write the demonstration's layers in the working CRS, and the ground of each of our sheets."""
    district = demo.district("demo")
    stuff = context(district)
    for name, frame in district.frames.items():
        if len(frame):
            frame.to_file(path, layer=name, driver="GPKG")
    estates = district["estates"]
    windows = [estate_view(stuff, key).window for key in estates["estate_id"]]
    estates[["name"]].set_geometry(windows, crs=district.crs).to_file(
        path, layer="sheets", driver="GPKG"
    )


def run(command: list[str]) -> dict[str, float]:
    """Run one contestant and return its figures."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(HERE.parent)}
    if command[0] == QGIS_PYTHON:
        environment.pop("PYTHONPATH")
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)  # noqa: S603
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return json.loads(lines[-1])


def compare(rounds: int) -> None:
    """Let all take turns and print medians and their ratios."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "demo.gpkg"
        write_for_qgis(file)
        qgis = [QGIS_PYTHON, str(HERE / "qgis_atlas.py"), str(file), scratch]
        me = [sys.executable, "-m", "benchmarks.bench_atlas", "--folder", scratch, "--ours"]
        contestants = {
            "ours, 20 map sheets": [*me, "maps"],
            "QGIS atlas, 20 pages": [*qgis, "plain"],
            "QGIS GeoPDF, 20 files": [*qgis, "geo"],
            "ours, 20 full sheets": [*me, "pipes_green"],
            "ours, whole booklet": [*me, "all"],
        }
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in contestants}
        for _ in range(rounds):
            for name, command in contestants.items():
                runs[name].append(run(command))
    middle = {
        name: {key: statistics.median(each[key] for each in found) for key in found[0]}
        for name, found in runs.items()
    }
    for name, facts in middle.items():
        print(
            f"{name:24} cpu {facts['cpu']:5.2f} s  wall {facts['export']:5.2f} s  "
            f"{facts['bytes'] / 1e6:5.2f} MB  {facts['pages']:.0f} pages"
        )
    for name in ("ours, 20 map sheets", "ours, 20 full sheets"):
        for other in ("QGIS atlas, 20 pages", "QGIS GeoPDF, 20 files"):
            for key in ("cpu", "export"):
                ratio = middle[other][key] / middle[name][key]
                print(f"{other} / {name}, {'wall' if key == 'export' else key}: {ratio:.2f}")


def growth() -> None:
    """Print the CPU seconds of booklets of 20 and of 200 estates of the stress district."""
    district = demo.district("stress")
    everyone = tuple(district["estates"]["estate_id"])
    stuff = context(district, estates=everyone[:200])
    for count in (20, 200):
        part = context_of(
            district,
            stuff.findings,
            stuff.book,
            None,
            Request("2023-03-15", "V0.3", volume=Volume.FULL, estates=everyone[:count]),
        )
        began = time.process_time()
        booklet = compose(part)
        used = time.process_time() - began
        size = len(booklet.pdf) / 1e6
        print(
            f"{count:4} estates: cpu {used:6.1f} s, {len(booklet.page_plans)} pages, {size:.1f} MB"
        )


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--growth", action="store_true")
    options.add_argument("--ours", choices=["maps", "pipes_green", "all"])
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    if asked.ours:
        ours(asked.ours, asked.folder)
    elif asked.growth:
        growth()
    else:
        compare(asked.rounds)
