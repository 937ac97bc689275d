"""
How much the distances of pipes cost beyond bare shapely: 4,000 pipes of a town, every pair near.

Both sides run alternately in one process on the same data; the ratio of the medians counts, the
seconds do not. Run: ``python benchmarks/bench_pipes.py``.
"""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

sys.path.insert(0, str(Path(__file__).parent.parent))

from clearances.verdict import ClearanceVerdict
from geo.clearance import TOLERANCE_M
from layers.district import District
from pipework.neighbours import near_pipes, neighbours
from pipework.pieces import Pieces, pieces_of
from rules.book import load_book
from rules.context import EvaluationContext

PIPES, ROUNDS, SIDE_M = 4_000, 5, 2_000.0
BOOK = load_book()
KINDS = ("JS", "RQ", "RL", "TX")


def scene(seed: int = 2023) -> Pieces:
    """Return pipes of two vertices, all known."""
    rng = np.random.default_rng(seed)
    start = rng.uniform(0, SIDE_M, (PIPES, 1, 2)) + np.array([600_000, 4_200_000])
    run = rng.uniform(-60, 60, (PIPES, 1, 2))
    table = pd.DataFrame(
        {
            "pipe_id": [f"P{n:05}" for n in range(PIPES)],
            "kind": rng.choice(KINDS, PIPES),
            "pressure": "low",
            "laid": "duct",
            "diameter_mm": 100.0,
            "accuracy_m": 0.1,
            "depth_m": 1.0,
            "provenance": "synthetic",
            "source": "bench",
            "source_date": "2026-01-01",
        }
    )
    lines = shapely.linestrings(np.concatenate([start, start + run], axis=1))
    frame = gpd.GeoDataFrame(table, geometry=lines, crs=4544)
    district = District.from_frames(
        {"pipelines": frame}, crs=frame.crs, name="b", name_en="b", district_id="b"
    )
    return pieces_of(EvaluationContext(district, BOOK, date(2026, 1, 1)))


def ours(pieces: Pieces) -> int:
    """Count the pairs that are too near, what crosses left out near the crossing."""
    found = near_pipes(pieces, BOOK, neighbours(pieces, BOOK))
    return int((found["verdict"] == ClearanceVerdict.SHORT).sum())


def bare(pieces: Pieces) -> int:
    """Count the pairs of centre lines nearer than the largest figure, crossings and all."""
    lines = pieces.geometry
    first, second = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=4.1)
    first, second = first[first < second], second[first < second]
    return int((shapely.distance(lines[first], lines[second]) < 4.1 - TOLERANCE_M).sum())


def timed(run: Callable[[Pieces], int], pieces: Pieces) -> tuple[float, int]:
    """Return seconds and a number of pairs."""
    start = perf_counter()
    pairs = run(pieces)
    return perf_counter() - start, pairs


def main() -> None:
    """Print both medians and their ratio."""
    pieces = scene()
    seconds: dict[str, list[float]] = {"bare": [], "ours": []}
    for _ in range(ROUNDS):
        for name, run in (("bare", bare), ("ours", ours)):
            taken, pairs = timed(run, pieces)
            seconds[name].append(taken)
            print(f"{name}: {pairs} pairs")
    low, high = (median(seconds[name]) for name in ("bare", "ours"))
    print(f"bare shapely {low:.3f} s, ours {high:.3f} s: {high / low:.1f} times")


if __name__ == "__main__":
    main()
