"""
The booklet beside QGIS's own atlas: the same layers, labels and legend, in turn, each in a process.

CPU seconds of all threads count (and wall seconds beside them): loading of programs and data is not
counted, the export is. QGIS prints one map a page; ours prints the pipeline-and-green sheets of the
estates, with more on them: figures, table of buildings, notes, title block, layers, georeference.
Needs Debian's python3-qgis. Run: ``python -m benchmarks.bench_atlas [--rounds 3] [--growth]``.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import demo
from atlas.compose import compose, material_of
from atlas.request import Request
from layers.district import District
from plan import load_plan
from rules.book import load_book
from rules.evaluate import evaluate

HERE = Path(__file__).parent
QGIS_PYTHON = "/usr/bin/python3"


def material(district: District, **wanted: object):  # noqa: ANN201 - a script
    """Return what our booklet is drawn from."""
    book = load_book(overlays=district.overlays)
    findings = evaluate(district, book, date(2023, 4, 1))
    plan = load_plan(district.plan) if district.plan else None
    return material_of(district, findings, book, plan, Request("2023-03-15", "V0.3", **wanted))


def ours(sheets: tuple[str, ...], folder: Path) -> None:
    """Compose once and print the times."""
    start = time.perf_counter()
    stuff = material(demo.build("demo").district, **({"sheets": sheets} if sheets else {}))
    began, cpu = time.perf_counter(), time.process_time()
    booklet = compose(stuff)
    done, used = time.perf_counter(), time.process_time() - cpu
    (folder / "ours.pdf").write_bytes(booklet.pdf)
    facts = {"start": began - start, "export": done - began, "cpu": used}
    print(json.dumps(facts | {"bytes": len(booklet.pdf), "pages": len(booklet.leaves)}))


def write_for_qgis(path: Path) -> None:
    """Write the demonstration's layers in the working CRS."""
    district = demo.build("demo").district
    for name, frame in district.frames.items():
        if len(frame):
            frame.to_file(path, layer=name, driver="GPKG")


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
    """Let the contestants take turns and print the best of each, and the ratios."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_for_qgis(folder / "demo.gpkg")
        qgis = [QGIS_PYTHON, str(HERE / "qgis_atlas.py"), str(folder / "demo.gpkg"), scratch]
        me = [sys.executable, "-m", "benchmarks.bench_atlas", "--folder", scratch, "--ours"]
        contestants = {
            "ours, 20 sheets": [*me, "pipes_green"],
            "QGIS atlas, 20 pages": [*qgis, "plain"],
            "QGIS GeoPDF, 20 files": [*qgis, "geo"],
            "ours, whole booklet": [*me, "all"],
        }
        best: dict[str, dict[str, float]] = {}
        for _ in range(rounds):
            for name, command in contestants.items():
                facts = run(command)
                if name not in best or facts["cpu"] < best[name]["cpu"]:
                    best[name] = facts
        for name, facts in best.items():
            print(
                f"{name:32} cpu {facts['cpu']:6.2f} s  wall {facts['export']:6.2f} s  "
                f"{facts['bytes'] / 1e6:5.2f} MB  {int(facts['pages'])} pages"
            )
        base = best["ours, 20 sheets"]["cpu"]
        print(f"QGIS atlas  / ours: {best['QGIS atlas, 20 pages']['cpu'] / base:.1f}")
        print(f"QGIS GeoPDF / ours: {best['QGIS GeoPDF, 20 files']['cpu'] / base:.1f}")


def growth() -> None:
    """Print the CPU seconds of booklets of 20 and of 200 estates of the stress district."""
    district = demo.build("stress").district
    everyone = tuple(district["estates"]["estate_id"])
    stuff = material(district, estates=everyone[:200])
    for count in (20, 200):
        part = material_of(
            district,
            stuff.findings,
            stuff.book,
            None,
            Request("2023-03-15", "V0.3", estates=everyone[:count]),
        )
        began = time.process_time()
        booklet = compose(part)
        used = time.process_time() - began
        size = len(booklet.pdf) / 1e6
        print(f"{count:4} estates: cpu {used:6.1f} s, {len(booklet.leaves)} pages, {size:.1f} MB")


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--growth", action="store_true")
    options.add_argument("--ours", choices=["present", "pipes_green", "all"])
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    if asked.ours:
        ours(() if asked.ours == "all" else (asked.ours,), asked.folder)
    elif asked.growth:
        growth()
    else:
        compare(asked.rounds)
