"""
Trials of the live store, the bounded half of them in CI (`tests/unit/store/test_trials.py`).

The full figures::

    python -m tests.trials.store_trials kill --count 200
    python -m tests.trials.store_trials update --processes 8 --count 200
"""

import argparse
import os
import random
import signal
import sqlite3
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

import store
from edits import difference
from edits.rows import set_values
from layers.district import District
from store import ConflictError, EntryKind, JournalEntry, Signature, Store, open_store
from store.postgis import engine_of

WHO = Signature("试验", "2026-11-25T09:00:00+08:00", "trial")
FACTS = {"provenance": "synthetic", "source": "trial", "source_date": "2026-01-01"}
ROWS = 300  # trees an import adds: enough for a kill to fall between its statements
ESTATES = 8
_DECISIONS = 0.5  # share of writes that are events of a site


def district() -> District:
    """Return a district of some estates, and trees surveyed but none there."""
    corners = np.arange(ESTATES) * 200.0 + 600_000
    table = pd.DataFrame({"estate_id": [f"E{n}" for n in range(ESTATES)], "households": 0, **FACTS})
    table["name"] = table["estate_id"]
    outlines = [shapely.box(x, 4_200_000, x + 100, 4_200_100) for x in corners]
    estates = gpd.GeoDataFrame(table, geometry=outlines, crs=4544)
    frames = {"estates": estates, "trees": _trees(0, 1)}
    return District.from_frames(frames, crs=CRS.from_epsg(4544), name="试验", district_id="trial")


def _trees(first: int, count: int) -> gpd.GeoDataFrame:
    numbers = np.arange(first, first + count)
    table = pd.DataFrame({"tree_id": [f"T{n:07}" for n in numbers], "kind": "tree", **FACTS})
    points = shapely.points(600_000 + numbers % 1_000, 4_200_000 + numbers // 1_000)
    return gpd.GeoDataFrame(table, geometry=points, crs=4544)


def imported(base: District) -> District:
    """Return the district after one more import: trees, and a number in every estate."""
    known = len(base["trees"])
    trees = pd.concat([base["trees"], _trees(known, ROWS)], ignore_index=True)
    estates = base["estates"].assign(households=known)
    return base.with_frames(trees=trees, estates=estates)


def decided(live: Store) -> JournalEntry:
    """Record an event of a site with a photo of its own and the row that it changes."""
    number = len(live.journal(EntryKind.GREENING))
    district = live.read()
    edit = set_values(district, "trees", {"T0000000": {"species": f"第{number}次"}})
    photo = number.to_bytes(4, "big") * 50_000
    payload = {"event": "count", "number": number}
    return live.record(
        EntryKind.GREENING, payload, entry=WHO, subject="GS1", edit=edit, blobs=[photo]
    )


@dataclass
class Killed:
    """What became of imports and decisions that were killed."""

    trials: int = 0
    acknowledged: int = 0
    committed: int = 0
    partial: int = 0
    lost: int = 0
    damaged: int = 0


def kill_trials(folder: Path, count: int, seed: int, address: str = "") -> Killed:
    """Import in another process, kill it with SIGKILL at a random moment, look; again."""
    _start_anew(folder, address)
    chance, told, takes = random.Random(seed), Killed(), 0.0  # noqa: S311 - moments, not secrets
    for number in range(count):
        before = len(open_store(folder, address).history())
        begun = time.perf_counter()
        # The first is killed after an import; the others anywhere in up to twice the time it took.
        wait = chance.uniform(0.1, 2) * takes if number else None
        acknowledged = _killed_import(folder, wait, address)
        takes = takes or time.perf_counter() - begun
        trail = open_store(folder, address).history()
        told.trials += 1
        told.acknowledged += len(acknowledged)
        told.committed += len(trail) - before
        told.lost += len(set(acknowledged) - {str(entry.seq) for entry in trail})
        told.partial += not _is_whole(open_store(folder, address))
        told.damaged += not address and not _is_sound(folder / "district.gpkg")
        if len(trail) > 6:  # a district that grows without end would only be slow
            _start_anew(folder, address)
    return told


def _is_sound(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as base:
        return base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def _start_anew(folder: Path, address: str) -> None:
    for file in folder.iterdir():
        file.unlink()
    if address:
        with engine_of(address).begin() as connection:  # waits for what a dead writer left behind
            connection.exec_driver_sql("DROP SCHEMA IF EXISTS litong_trial CASCADE")
    store.write_district(district(), folder)
    open_store(folder, address).name("begin", entry=WHO)


def _killed_import(folder: Path, seconds: float | None, address: str) -> list[str]:
    """Return the entries that a process acknowledged before it was killed; None waits for one."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        live = open_store(folder, address)
        while True:
            base = live.read()
            edit = difference(base, imported(base))
            entry = live.apply(edit, base=base.version, entry=WHO)
            os.write(writing, f"{entry.seq}\n".encode())
            os.write(writing, f"{decided(live).seq}\n".encode())
    os.close(writing)
    with os.fdopen(reading) as stream:
        first = [stream.readline().strip()] if seconds is None else []
        time.sleep(seconds or 0)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return [*first, *stream.read().split()]


def _is_whole(live: Store) -> bool:
    """Return whether the journal holds, and every import and decision is whole or not there."""
    live.verify()
    found = live.read()
    trees, seen = found["trees"], set(found["estates"]["households"])
    events = live.journal(EntryKind.GREENING)
    photos = [live.blob(digest)[:4] for event in events for digest in event.blobs]
    last = f"第{len(events) - 1}次" if events else None
    species = trees.set_index("tree_id")["species"].get("T0000000")
    return (
        (len(trees) - 1) % ROWS == 0
        and seen == {max(len(trees) - ROWS, 0)}
        and photos == [number.to_bytes(4, "big") for number in range(len(events))]
        and (species == last if events else species is None or species != species)  # noqa: PLR0124
    )


@dataclass
class Updated:
    """What became of optimistic writes about the same rows and sites by several processes."""

    writes: int
    conflicts: int
    lost: int
    entries: int


def update_trials(folder: Path, processes: int, count: int, address: str = "") -> Updated:
    """Let several processes write `count` times: one more in an estate, or about a site; add up."""
    store.write_district(district(), folder)
    open_store(folder, address).name("begin", entry=WHO)
    reading, writing = os.pipe()
    children = []
    for number in range(processes):
        child = os.fork()
        if child == 0:
            conflicts = _update(open_store(folder, address), count, number)
            os.write(writing, f"{conflicts}\n".encode())
            os._exit(0)
        children.append(child)
    os.close(writing)
    with os.fdopen(reading) as stream:
        conflicts = sum(map(int, stream.read().split()))
    ended_well = [os.waitpid(child, 0)[1] == 0 for child in children]
    live = open_store(folder, address)
    live.verify()
    counted = int(live.read()["estates"]["households"].sum())
    events = live.journal(EntryKind.GREENING)
    counted += sum(  # each event says how many its site had: none was written over another
        [e.payload["number"] for e in events if e.subject == site] == list(range(n)) and n
        for site, n in Counter(e.subject for e in events).items()
    )
    kinds = (EntryKind.UPDATE, EntryKind.GREENING)
    entries = sum(entry.kind in kinds for entry in live.history())
    return Updated(count * sum(ended_well), conflicts, processes * count - counted, entries)


def _update(live: Store, count: int, seed: int) -> int:
    chance, conflicts, done = random.Random(seed), 0, 0  # noqa: S311
    while done < count:
        place = chance.randrange(ESTATES)
        try:
            if chance.random() < _DECISIONS:
                _add_event(live, f"GS{place}")
            else:
                row = live.row("estates", f"E{place}")
                live.update(row, {"households": row.cells["households"] + 1}, entry=WHO)
            done += 1
        except ConflictError:
            conflicts += 1
    return conflicts


def _add_event(live: Store, site: str) -> None:
    events = live.journal(EntryKind.GREENING, site)
    seen = events[-1].seq if events else 0
    payload = {"event": "comment", "number": len(events)}
    live.record(EntryKind.GREENING, payload, entry=WHO, subject=site, seen=seen)


def main() -> None:
    """Run one of the trials and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trial", choices=["kill", "update"])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--seed", type=int, default=2023)
    parser.add_argument("--postgis", default="", help="address of an empty database, for a server")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        if given.trial == "kill":
            print(kill_trials(Path(folder), given.count, given.seed, given.postgis))  # noqa: T201
        else:
            told = update_trials(Path(folder), given.processes, given.count, given.postgis)
            print(told)  # noqa: T201
        print(f"{time.perf_counter() - begun:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main()
