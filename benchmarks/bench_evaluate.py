"""
Evaluation of the demonstration and the stress district: time by stage, and how it grows.

Run: ``python benchmarks/bench_evaluate.py [demo] [stress]``. Seconds depend on the machine and on
what else runs there; believe the last two columns, time an estate and its growth.
"""

import sys
import time
from collections import defaultdict
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import demo
from layers.district import District
from rules.book import Book, load_book
from rules.evaluate import evaluate

DAY = date(2026, 11, 23)


def stages(district: District, book: Book) -> tuple[float, float, dict[str, float]]:
    """Return CPU and wall seconds of one evaluation, and wall seconds by way of measuring."""
    spent: dict[str, float] = defaultdict(float)
    last = [time.perf_counter()]

    def note(_share: float, rule: str) -> None:
        now = time.perf_counter()
        spent[book.by_id[rule].measure.by] += now - last[0]
        last[0] = now

    cpu, wall = time.process_time(), time.perf_counter()
    findings = evaluate(district, book, DAY, note)
    end = time.perf_counter()
    spent["table"] = end - last[0]
    assert len(findings)
    return time.process_time() - cpu, end - wall, spent


def main(sizes: list[str]) -> None:
    """Print a line for each size."""
    first: float | None = None
    for size in sizes:
        district = demo.district(size)
        book = load_book(district.overlays)
        start = time.perf_counter()
        nodes = len(district.network.nodes)
        network = time.perf_counter() - start
        cpu, wall, spent = stages(district, book)
        estates = len(district["estates"])
        each = 1000 * cpu / estates
        first = first or each
        print(
            f"{size}: {estates} estates, {nodes} nodes, network {network:.2f} s, "
            f"evaluate {wall:.2f} s wall, {cpu:.2f} s CPU, "
            f"{each:.1f} ms CPU an estate ({each / first:.2f}x the first)"
        )
        for way, seconds in sorted(spent.items(), key=lambda item: -item[1]):
            print(f"    {way:10} {seconds:7.2f} s")


if __name__ == "__main__":
    main(sys.argv[1:] or ["demo", "stress"])
