"""
The server under load: what a warm run of every page costs, and how many people it holds at once.

    python -m benchmarks.bench_server                        # processor time of a warm run, by page
    python -m benchmarks.bench_server --users 50 --minutes 3
    python -m benchmarks.bench_server --users 10 --minutes 3 --estates 2000

Visitors speak the page's websocket protocol without a browser, so all that is measured is the
server's. A visitor acts, thinks 2 to 8 seconds and acts again: picks estates and fetches what the
browser would, filters, opens tables, changes page, language and, now and then, the day.
"""

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import demo
from benchmarks.web_client import Server, Visitor, get, serving, visiting
from demo.tiling import tiled
from layers.findings import CLASSES
from store import write_district

PAGES = {
    "map": "",
    "scenario": "scenario",
    "siting": "siting",
    "greening": "greening",
    "booklet": "atlas",
    "rules": "rules",
    "data": "data",
}
ROUNDS = 30
THINKS_S = (2.0, 8.0)
ESTATES_A_TILE = 20
DAYS = [f"2026/{month:02d}/15" for month in range(1, 13)]


async def warm_runs(server: Server) -> None:
    """Print the processor time of a warm run of every page, and its wait."""
    print(f"{'page':10} {'CPU s':>7} {'wait s':>7}")
    async with visiting(server) as visitor:
        for name, page in PAGES.items():
            await visitor.go(page)
            await visitor.run()
            before = server.cpu_s
            waits = [await visitor.run() for _ in range(ROUNDS)]
            cost = (server.cpu_s - before) / ROUNDS
            print(f"{name:10} {cost:7.3f} {statistics.median(waits):7.3f}", flush=True)


@dataclass
class Tally:
    """What happened: the wait of every act by its name, and what went wrong."""

    waits: list[tuple[str, float]] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    def show(self, server: Server, begun_cpu_s: float, seconds: float) -> None:
        """Print waits, errors and the cost."""
        waits = sorted(wait for _, wait in self.waits)
        p50, p95 = (waits[int(len(waits) * share)] for share in (0.5, 0.95))
        load = (server.cpu_s - begun_cpu_s) / seconds
        print(f"acts {len(waits)}  errors {self.errors.total()}  p50 {p50:.2f} s  p95 {p95:.2f} s")
        print(f"processors {load:.2f}  resident {server.resident_mb:.0f} MB")
        for name in sorted({name for name, _ in self.waits}):
            own = sorted(wait for kind, wait in self.waits if kind == name)
            print(f"  {name:10} {len(own):5} {own[len(own) // 2]:6.2f} {own[-1]:6.2f}")
        for error, count in self.errors.most_common(5):
            print(f"  {count} x {error}")


async def user(server: Server, until: float, tally: Tally, dice: random.Random) -> None:
    """Open the page and act until the time is over."""
    await asyncio.sleep(dice.uniform(0, THINKS_S[1]))
    begun = time.perf_counter()
    async with visiting(server) as visitor:
        tally.waits.append(("open", time.perf_counter() - begun))
        while time.monotonic() < until:
            await asyncio.sleep(dice.uniform(*THINKS_S))
            name, act = dice.choices(*zip(*acts(), strict=True), k=1)[0]
            try:
                tally.waits.append((name, await act(server, visitor, dice)))
            except (OSError, KeyError, ValueError) as error:
                tally.errors[f"{name}: {error!r}"] += 1
            tally.errors.update(f"{name}: {error[:200]}" for error in visitor.errors)


Act = Callable[[Server, Visitor, random.Random], Awaitable[float]]


def acts() -> list[tuple[tuple[str, Act], int]]:
    """Return every act with its name and how often it happens."""
    return [
        (("pick", _pick), 40),
        (("filter", _filter), 20),
        (("table", _table), 15),
        (("page", _page), 15),
        (("language", _language), 5),
        (("day", _day), 5),
    ]


async def _on_map(visitor: Visitor) -> None:
    if visitor.page:
        await visitor.go("")


async def _pick(server: Server, visitor: Visitor, dice: random.Random) -> float:
    await _on_map(visitor)
    begun = time.perf_counter()
    answer = await get(server, f"{visitor.data['dossiers']}{dice.randrange(ESTATES_A_TILE)}")
    if not answer.startswith(b"HTTP/1.1 200"):
        raise ValueError(answer[:80].decode())
    await visitor.pick(f"E{dice.randrange(1, ESTATES_A_TILE + 1):02d}")
    return time.perf_counter() - begun


async def _filter(_server: Server, visitor: Visitor, dice: random.Random) -> float:
    await _on_map(visitor)
    language = dice.choice(("zh", "en"))
    chosen = [dice.choice(list(CLASSES.values()))[language]]
    return await visitor.set("item_class", "string_array_value", dice.choice([[], chosen]))


async def _table(_server: Server, visitor: Visitor, dice: random.Random) -> float:
    await _on_map(visitor)
    rows = {"rows": [dice.randrange(ESTATES_A_TILE)], "columns": [], "cells": []}
    return await visitor.set("estate_table", "string_value", json.dumps({"selection": rows}))


async def _page(_server: Server, visitor: Visitor, dice: random.Random) -> float:
    return await visitor.go(dice.choice(list(PAGES.values())))


async def _language(_server: Server, visitor: Visitor, dice: random.Random) -> float:
    return await visitor.set("lang", "string_array_value", [dice.choice(["中文", "English"])])


async def _day(_server: Server, visitor: Visitor, dice: random.Random) -> float:
    await _on_map(visitor)
    return await visitor.set("as_of_input", "string_array_value", [dice.choice(DAYS)])


async def crowd(server: Server, users: int, minutes: float) -> None:
    """Let many use the server at once, and print what they waited for."""
    async with visiting(server):
        pass  # the district is open, as it is on every morning but the first
    tally, before, begun = Tally(), server.cpu_s, time.monotonic()
    until = begun + 60 * minutes
    await asyncio.gather(
        *(user(server, until, tally, random.Random(number)) for number in range(users))  # noqa: S311
    )
    tally.show(server, before, time.monotonic() - begun)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--estates", type=int, default=ESTATES_A_TILE)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        district = Path(folder)
        write_district(tiled(demo.district(), asked.estates // ESTATES_A_TILE), district)
        with serving(district) as server:
            if asked.users:
                asyncio.run(crowd(server, asked.users, asked.minutes))
            else:
                asyncio.run(warm_runs(server))


if __name__ == "__main__":
    main()
