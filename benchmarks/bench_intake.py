"""
Import of a large file beside geopandas' read, reprojection and write of the same: CPU seconds.

``python -m benchmarks.bench_intake [ROWS]``: buildings of an invented grid in a GeoPackage in
longitude and latitude, taken in as new buildings: read in the child, every step proposed, one
answer (the coordinate system), every row checked, the edit made.
"""

import multiprocessing
import resource
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from geo.arrays import FloatArray
from intake import sandbox
from intake.delivery import Delivery
from layers.district import District

_CRS = 4544


class Cost(NamedTuple):
    """CPU seconds, and the most memory held [MB]."""

    cpu_s: float
    peak_mb: float


def _grid(rows: int) -> gpd.GeoDataFrame:
    """Return buildings of 12 m x 10 m, 20 m apart."""
    side = int(np.ceil(np.sqrt(rows)))
    x = 600_000 + 20.0 * (np.arange(rows) % side)
    y = 4_200_000 + 20.0 * (np.arange(rows) // side)
    data = {
        "楼栋编号": [f"N{i:07d}" for i in range(rows)],
        "楼栋名称": [f"{i % 60 + 1}号楼" for i in range(rows)],
        "层数": np.arange(rows) % 6 + 1,
        "户数": 2 * (np.arange(rows) % 6 + 1),
        "建筑面积": 120.0 * (np.arange(rows) % 6 + 1),
        "建成年份": 1980 + np.arange(rows) % 40,
    }
    return gpd.GeoDataFrame(data, geometry=shapely.box(x, y, x + 12, y + 10), crs=_CRS)


def _district(bounds: FloatArray) -> District:
    """Return a district of one estate within bounds [m], without buildings."""
    estate = gpd.GeoDataFrame(
        {
            "estate_id": ["E1"],
            "name": ["甲"],
            "provenance": "surveyed",
            "source": "x",
            "source_date": "2023-01-01",
        },
        geometry=[shapely.box(*bounds)],
        crs=_CRS,
    )
    return District.from_frames({"estates": estate}, crs=CRS.from_epsg(_CRS), name="x")


def _cpu() -> float:
    """Return the CPU seconds of this process and of its children."""
    spent = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _by_geopandas(path: Path) -> Cost:
    """Read, reproject and write the file."""
    start = _cpu()
    gpd.read_file(path).to_crs(_CRS).to_file(path.with_name("out.gpkg"))
    return _cost(start)


def _by_intake(path: Path, bounds: FloatArray) -> Cost:
    """Take the file in: one answer, every row checked, the edit made."""
    district, start = _district(bounds), _cpu()
    delivery = Delivery.of(sandbox.read(path), district, "2023-05-01", wanted={0: "buildings"})
    delivery = delivery.with_draft(0, delivery.parts[0].draft.choose("crs", "EPSG:4490"))
    assert delivery.edit
    return _cost(start)


def _cost(start: float) -> Cost:
    """Return what this process spent since `start`, and the most memory that it held."""
    return Cost(_cpu() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Print both and their ratio, each measured in a process of its own."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    frame = _grid(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "楼栋.gpkg"
        frame.to_crs(4490).to_file(path)
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as alone:
            theirs = alone.submit(_by_geopandas, path).result()
            ours = alone.submit(_by_intake, path, frame.total_bounds).result()
    print(
        f"{rows:,} rows: geopandas {theirs.cpu_s:.2f} s, {theirs.peak_mb:,.0f} MB; "
        f"intake {ours.cpu_s:.2f} s ({ours.cpu_s / theirs.cpu_s:.1f} times), {ours.peak_mb:,.0f} MB"
    )


if __name__ == "__main__":
    main()
