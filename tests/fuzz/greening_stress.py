# ruff: noqa: T201 - a script that reports
"""
The check of 2,000 estates against plain shapely, pair by pair: too long for every run.

Run: ``python -m tests.fuzz.greening_stress [tiny|demo|stress]``; it raises where they differ.
"""

import sys
import tomllib
from time import process_time

import demo
from clearances.requirements import read_requirements
from tests.unit.greening.by_hand import conflicts_by_hand, conflicts_found
from tests.unit.greening.conftest import RULEBOOK


def main(size: str) -> None:
    """Build the district, ask both, compare."""
    clearance, pipes = (
        tomllib.loads((RULEBOOK / f"{name}.toml").read_text("utf-8"))[name]
        for name in ("clearance", "pipes")
    )
    requirements = read_requirements(clearance, pipes)
    place = demo.district(size)  # type: ignore[arg-type]
    start = process_time()
    found = conflicts_found(place, requirements)
    asked = process_time()
    by_hand = conflicts_by_hand(place, requirements)
    counts = [len(place[name]) for name in ("estates", "plantings", "pipelines")]
    print("estates, plantings, pipes:", *(f"{count:,}" for count in counts))
    print(f"check {asked - start:.1f} s CPU, by hand {process_time() - asked:.1f} s CPU")
    print(f"{len(found):,} conflicts; only in one: {len(found ^ by_hand)}")
    assert found == by_hand


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "stress")
