"""
How long a review of the 20 estates takes, part by part, beside the evaluation behind the map page.

Run: ``python benchmarks/bench_greening.py [tiny|demo]``. CPU seconds of one process; what counts is
that the check takes no longer than a page view, not the seconds.
"""

import sys
from datetime import date
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parent.parent))

import demo
from greening.review import review
from greening.species import read_species
from rules.book import load_book
from rules.evaluate import evaluate

AS_OF = date(2023, 4, 1)
PARTS = ("around", "found", "suggested", "ground", "versions", "seedlings", "survival", "areas")


def main(size: str) -> None:
    """Print the seconds of every part, of the page with all of them, and of the evaluation."""
    place = demo.district(size)  # type: ignore[arg-type]
    book = load_book(overlays=place.overlays)
    start = process_time()
    evaluate(place, book, AS_OF)
    evaluated = process_time() - start
    found, total = review(place, book, read_species(), AS_OF), 0.0
    for part in PARTS:
        start = process_time()
        getattr(found, part)
        seconds = process_time() - start
        total += seconds
        print(f"{part:10} {seconds:6.2f} s")
    start = process_time()
    again = found.with_events([])
    counted = len(again.suggested) + len(again.survival)
    print(f"all parts {total:.2f} s, evaluation of all rules {evaluated:.2f} s")
    print(f"after a count or a move: {process_time() - start:.3f} s ({counted:,} rows)")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "demo")
