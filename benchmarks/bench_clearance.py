"""
How much the clearance check costs beyond bare shapely: 100,000 trees against 5,000 pipes.

Both sides run alternately in one process on the same data; the ratio of the medians counts, the
seconds do not. Run: ``python benchmarks/bench_clearance.py``.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).parent.parent))

from geo.clearance import TOLERANCE_M, clearances, shortfall

TREES, PIPES, ROUNDS = 100_000, 5_000, 9


def scene(seed: int = 2023) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return trees, pipes of three vertices, their half widths and required distances."""
    rng = np.random.default_rng(seed)
    side = 4_000.0
    trees = shapely.points(rng.uniform(0, side, (TREES, 2)))
    start = rng.uniform(0, side, (PIPES, 1, 2))
    bends = start + np.cumsum(rng.uniform(-30, 30, (PIPES, 3, 2)), axis=1)
    half_width = rng.uniform(0.025, 0.25, PIPES)
    required = rng.choice([0.7, 1.0, 1.2, 1.5], PIPES)
    return trees, shapely.linestrings(bends), half_width, required


def ours(trees: np.ndarray, pipes: np.ndarray, half: np.ndarray, need: np.ndarray) -> int:
    """Count the conflicts as `geo.clearance` finds them."""
    pairs = clearances(trees, pipes, need, half)
    return int((shortfall(pairs, need[pairs.object]) > 0).sum())


def bare(trees: np.ndarray, pipes: np.ndarray, half: np.ndarray, need: np.ndarray) -> int:
    """Count them with nothing but dwithin and distance."""
    pipe, tree = shapely.STRtree(trees).query(pipes, predicate="dwithin", distance=need + half)
    gap = shapely.distance(trees[tree], pipes[pipe]) - half[pipe]
    return int((gap < need[pipe] - TOLERANCE_M).sum())


def timed(run: Callable[..., int], *scenery: np.ndarray) -> tuple[float, int]:
    """Return seconds and the number of conflicts."""
    start = perf_counter()
    conflicts = run(*scenery)
    return perf_counter() - start, conflicts


def main() -> None:
    """Print both medians and their ratio."""
    scenery = scene()
    seconds: dict[str, list[float]] = {"bare": [], "ours": []}
    for _ in range(ROUNDS):
        (a, counted), (b, found) = timed(bare, *scenery), timed(ours, *scenery)
        assert counted == found
        seconds["bare"].append(a)
        seconds["ours"].append(b)
    low, high = median(seconds["bare"]), median(seconds["ours"])
    print(f"{TREES:,} trees x {PIPES:,} pipes, {found:,} conflicts")
    print(f"bare {low * 1000:.0f} ms, ours {high * 1000:.0f} ms, ratio {high / low:.2f}")


if __name__ == "__main__":
    main()
