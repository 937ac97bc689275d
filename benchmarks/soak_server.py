"""
The server over a long time: whether memory stays flat, and what ended sessions leave behind.

    python -m benchmarks.soak_server                      # 2,000 iterations
    python -m benchmarks.soak_server --iterations 500 --cache-mb 40

An iteration is one act: a page, a day, a filter, a pick with its dossier, a language, and every
fiftieth a booklet. A visitor leaves after twenty and another comes. The shared caches are small, so
that they are full after warm-up; the slope is fitted to what comes after it. The server runs as
`benchmarks.probed_app`, which tells its memory when it is asked.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import demo
from benchmarks.bench_server import PAGES, Act, acts
from benchmarks.web_client import Server, Visitor, serving, visiting
from store import write_district

ACTS_A_VISITOR = 20
BOOKLET_EVERY = 50
MEASURE_EVERY = 50
WARM_UP_SHARE = 0.4
PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Measured:
    """
    The server's memory after so many iterations.

    Attributes
    ----------
    iterations : int
        Done before.
    resident_mb : float
        Resident memory of the process.
    objects : int
        Objects that the collector knows, after a full collection.
    heap_mb : float
        What the C library has handed out.
    blocks : int
        Blocks that Python has allocated.
    cached_mb : float
        What the shared caches count.
    sessions, uploads : int
        Sessions, and files that visitors brought.
    """

    iterations: int
    resident_mb: float
    objects: int
    heap_mb: float
    blocks: int
    cached_mb: float
    sessions: int
    uploads: int


async def measured(server: Server, iterations: int) -> Measured:
    """Ask the server's process for its memory (`benchmarks.probed_app`)."""
    begun = server.log.stat().st_size
    server.process.send_signal(signal.SIGUSR1)
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        for line in server.log.read_bytes()[begun:].decode(errors="replace").splitlines():
            if line.startswith("{") and line.endswith("}"):
                return Measured(iterations, server.resident_mb, **json.loads(line))
        await asyncio.sleep(0.1)
    raise TimeoutError("the server did not tell its memory")


async def soak(server: Server, iterations: int, dice: random.Random) -> list[Measured]:
    """Let visitors come, act and leave; return the memory along the way."""
    told: list[Measured] = []
    done = 0
    while done < iterations:
        async with visiting(server) as visitor:
            for _ in range(ACTS_A_VISITOR):
                await act(server, visitor, done, dice)
                done += 1
                if done % MEASURE_EVERY == 0:
                    told.append(await measured(server, done))
                    show(told[-1])
    return told


async def act(server: Server, visitor: Visitor, done: int, dice: random.Random) -> None:
    """Do what comes next, and raise if the page shows an error."""
    if done % BOOKLET_EVERY == BOOKLET_EVERY - 1:
        name, wanted = "booklet", _booklet
    elif done % 3 == 0:
        name, wanted = "page", _next_page(done // 3)
    else:
        name, wanted = dice.choices(*zip(*acts(), strict=True), k=1)[0]
    await wanted(server, visitor, dice)
    if visitor.errors:
        raise RuntimeError(f"iteration {done}, {name}: {visitor.errors[0][:400]}")


def _next_page(number: int) -> Act:
    async def go(_server: Server, visitor: Visitor, _dice: random.Random) -> float:
        return await visitor.go(list(PAGES.values())[number % len(PAGES)])

    return go


async def _booklet(_server: Server, visitor: Visitor, dice: random.Random) -> float:
    await visitor.go("atlas")
    edition = f"V{dice.randrange(10**6)}"
    await visitor.set("atlas_edition", "string_value", edition)
    return await visitor.press("atlas_make")


def slope(told: Sequence[Measured], name: str) -> float:
    """Return how much a measure grows in 100 iterations, fitted after warm-up."""
    later = told[int(len(told) * WARM_UP_SHARE) :]
    values = [getattr(one, name) for one in later]
    return float(np.polyfit([one.iterations for one in later], values, 1)[0]) * 100


def show(one: Measured) -> None:
    """Print one line."""
    print(
        f"{one.iterations:6} {one.resident_mb:9.1f} {one.heap_mb:8.1f} {one.objects:9} "
        f"{one.blocks:9} {one.cached_mb:9.1f} {one.sessions:8} {one.uploads:7}",
        flush=True,
    )


def main() -> None:
    """Soak and print the slopes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--iterations", type=int, default=2000)
    parser.add_argument("--cache-mb", type=int, default=40)
    asked = parser.parse_args()
    os.environ["LITONG_CACHE_MB"] = str(asked.cache_mb)
    print("  done  resident  heap MB   objects    blocks  cached MB sessions uploads")
    with tempfile.TemporaryDirectory() as folder:
        district = Path(folder) / "district"
        write_district(demo.district(), district)
        with serving(district, program=("-m", "benchmarks.probed_app")) as server:
            told = asyncio.run(soak(server, asked.iterations, random.Random(1)))  # noqa: S311
    for name in ("resident_mb", "heap_mb", "objects", "blocks"):
        print(f"{name}: {slope(told, name):+.3f} in 100 iterations after warm-up")


if __name__ == "__main__":
    main()
