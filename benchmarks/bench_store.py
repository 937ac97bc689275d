"""
Write and read 100,000 buildings: both live stores beside plain geopandas, interleaved in one run.

A live store does more than the plain call: every row is checked, brought to a grid and a common
reference, kept in a trail with its digest, and on the disk before it is acknowledged. The PostGIS
half needs the server's programs (Debian: postgresql-15-postgis-3), else it is left out; to_postgis
needs GeoAlchemy2 (MIT), which is no dependency.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

sys.path.insert(0, str(Path(__file__).parent.parent))

import store
from edits import difference
from layers.district import District
from store import Signature, open_store
from store.postgis import engine_of
from tests.unit.store import cluster

COUNT, ROUNDS = 100_000, 3
WHO = Signature("bench", "2026-11-25T09:00:00+08:00")


def buildings(count: int) -> gpd.GeoDataFrame:
    """Return invented buildings on a grid, every column of a survey filled."""
    number = np.arange(count)
    east, north = 590_000 + number % 400 * 30.0, 4_200_000 + number // 400 * 30.0
    table = pd.DataFrame(
        {
            "building_id": [f"B{n:06}" for n in number],
            "name": [f"{n % 40 + 1}号楼" for n in number],
            "storeys": number % 12 + 1,
            "households": number % 60 + 4,
            "provenance": "synthetic",
            "source": "bench",
            "source_date": "2026-01-01",
        }
    )
    return gpd.GeoDataFrame(
        table, geometry=shapely.box(east, north, east + 20, north + 12), crs=4544
    )


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _district(frame: gpd.GeoDataFrame) -> District:
    return District.from_frames(
        {"buildings": frame}, crs=CRS.from_epsg(4544), name="bench", district_id="bench"
    )


def _live(folder: Path, address: str, empty: District, full: District) -> dict[str, float]:
    """Time one import of everything into an empty live store, a fresh read, and one row."""
    folder.mkdir()
    store.write_district(empty, folder)
    live = open_store(folder, address)
    live.name("empty", entry=WHO)
    wrote = _timed(lambda: live.apply(difference(empty, full), base=empty.version, entry=WHO))
    read = _timed(lambda: open_store(folder, address).read())
    row = live.row("buildings", "B000007")
    one = _timed(lambda: live.update(row, {"storeys": 3}, entry=WHO))
    return {"write": wrote, "read": read, "one row": one}


def main() -> None:
    """Print the medians and their ratios."""
    frame = buildings(COUNT)
    prepared = _timed(lambda: _district(frame))
    full, empty = _district(frame), _district(frame.iloc[:0])
    assert full.version  # the digest belongs to the District, as the checks do: not timed below
    stored = frame.to_crs(4490)
    place = cluster.programs()
    with tempfile.TemporaryDirectory() as scratch:
        if place is None:
            _run(Path(scratch), "", full, empty, stored)
        else:
            with cluster.running(place) as address:
                _run(Path(scratch), address, full, empty, stored)
    print(f"checks, grid and common reference of {COUNT:,} rows, in both: {prepared:.2f} s")


def _plain_file(file: Path, stored: gpd.GeoDataFrame) -> dict[str, float]:
    wrote = _timed(lambda: stored.to_file(file, layer="buildings"))
    return {"write": wrote, "read": _timed(lambda: gpd.read_file(file))}


def _plain_server(address: str, stored: gpd.GeoDataFrame) -> dict[str, float]:
    engine, query = engine_of(address), "SELECT * FROM plain"
    wrote = _timed(lambda: stored.to_postgis("plain", engine, if_exists="replace"))
    read = _timed(lambda: gpd.read_postgis(query, engine, geom_col="geometry"))
    return {"write": wrote, "read": read}


def _emptied(address: str) -> None:
    with engine_of(address).begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS litong_bench CASCADE")


def _run(
    scratch: Path, address: str, full: District, empty: District, stored: gpd.GeoDataFrame
) -> None:
    times: dict[tuple[str, str], list[float]] = {}
    for number in range(ROUNDS):
        found = {
            "geopackage": _live(scratch / f"g{number}", "", empty, full),
            "to_file": _plain_file(scratch / f"plain{number}.gpkg", stored),
        }
        if address:
            _emptied(address)
            found["postgis"] = _live(scratch / f"p{number}", address, empty, full)
        if address and find_spec("geoalchemy2"):
            found["to_postgis"] = _plain_server(address, stored)
        for way, steps in found.items():
            for step, seconds in steps.items():
                times.setdefault((way, step), []).append(seconds)
    medians = {key: statistics.median(values) for key, values in times.items()}
    rivals = {"geopackage": "to_file", "postgis": "to_postgis"}
    for (way, step), seconds in medians.items():
        plain = medians.get((rivals.get(way, ""), step))
        ratio = f"  {seconds / plain:.2f} x plain" if plain else ""
        if step == "one row":
            ratio = f"  {seconds / medians[way, 'read']:.3f} x reading the layer"
        print(f"{way:11} {step:8} {seconds:7.2f} s{ratio}")


if __name__ == "__main__":
    main()
