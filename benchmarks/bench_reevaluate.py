"""
One added facility: what re-evaluation costs beside evaluation, in CPU seconds of one run.

Run: ``python benchmarks/bench_reevaluate.py [demo] [stress] [FOLDER ...]``. Every figure is the
least of several runs; believe the ratio.
"""

import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

import demo
from edits import Edit
from edits.named import add_facility
from layers.district import District
from rules.context import EvaluationContext
from rules.evaluate import Evaluation, evaluation
from rules.reevaluate import reevaluate
from services.assessment import Workspace
from store import open_store

DAY = date(2026, 11, 23)
KINDS = ("kindergarten", "market", "elder_day_care")
_RUNS = 3
_T = TypeVar("_T")


def least(run: Callable[[], _T]) -> tuple[float, _T]:
    """Return the least CPU seconds of several runs [s], and what the last one returned."""
    seconds = []
    for _ in range(_RUNS):
        start = time.process_time()
        found = run()
        seconds.append(time.process_time() - start)
    return min(seconds), found


def new_facility(district: District, kind: str) -> Edit:
    """Return the edit that adds a facility of a kind on the land of the estate in the middle."""
    estates = district["estates"]
    place = estates.geometry.iloc[len(estates) // 2].representative_point()
    said = {"provenance": "synthetic", "source": "benchmark", "source_date": DAY.isoformat()}
    return add_facility(district, "new", kind, place, {**said, "floor_area_m2": 400.0})


def evaluated(workspace: Workspace) -> Evaluation:
    """Return the findings of a district of which nothing but the network is known."""
    len(workspace.district.network.nodes)
    return evaluation(EvaluationContext(workspace.district, workspace.book, DAY))


def compare(name: str) -> None:
    """Print a line for evaluation and one for each kind of facility added."""
    is_size = name in ("tiny", "demo", "stress")
    district = demo.district(name) if is_size else open_store(Path(name), "").read()
    workspace = Workspace.of(district)
    len(district.network.nodes)  # part of neither figure
    whole, found = least(partial(evaluated, workspace))
    print(f"{name}: {len(district['estates'])} estates, evaluate {whole:.3f} s CPU")
    for kind in KINDS:
        edit = new_facility(district, kind)
        part, after = least(partial(reevaluate, found, edit, assumed=True))
        fresh = evaluated(Workspace(after.context.district, workspace.book)).findings
        columns = [column for column in fresh if column != "geometry"]
        pd.testing.assert_frame_equal(after.findings[columns], fresh[columns])
        print(f"    one {kind}: {part:.3f} s CPU, 1/{whole / part:.1f} of evaluate")


if __name__ == "__main__":
    for size_or_folder in sys.argv[1:] or ["demo", "stress"]:
        compare(size_or_folder)
