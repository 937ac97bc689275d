"""
Import of a large file beside geopandas' read, reprojection and write of the same: CPU seconds.

``python -m benchmarks.bench_intake [ROWS]``: buildings of an invented grid in a GeoPackage in
longitude and latitude, taken in as new buildings: read in the child, every step proposed, one
answer (the coordinate system), every row checked, the edit made.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from intake import sandbox
from intake.delivery import Delivery
from layers.district import District

_CRS = 4544


def _grid(rows: int) -> gpd.GeoDataFrame:
    """Return buildings of 12 m x 10 m, 20 m apart."""
    side = int(np.ceil(np.sqrt(rows)))
    x = 600_000 + 20.0 * (np.arange(rows) % side)
    y = 4_200_000 + 20.0 * (np.arange(rows) // side)
    data = {
        "楼栋编号": [f"N{i:07d}" for i in range(rows)],
        "楼栋名称": [f"{i % 60 + 1}号楼" for i in range(rows)],
        "层数": np.arange(rows) % 6 + 1,
        "户数": np.arange(rows) % 48 + 12,
        "建筑面积": 700.0 + np.arange(rows) % 900,
        "建成年份": 1980 + np.arange(rows) % 40,
    }
    return gpd.GeoDataFrame(data, geometry=shapely.box(x, y, x + 12, y + 10), crs=_CRS)


def _district(frame: gpd.GeoDataFrame) -> District:
    """Return a district around the buildings, of one estate and none of them."""
    west, south, east, north = frame.total_bounds
    estate = gpd.GeoDataFrame(
        {
            "estate_id": ["E1"],
            "name": ["甲"],
            "provenance": "surveyed",
            "source": "x",
            "source_date": "2023-01-01",
        },
        geometry=[shapely.box(west, south, east, north)],
        crs=frame.crs,
    )
    return District.from_frames({"estates": estate}, crs=frame.crs, name="x")


def _cpu() -> float:
    """Return the CPU seconds of this process and of its children."""
    spent = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def main() -> None:
    """Print both and their ratio."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    frame = _grid(rows)
    district = _district(frame)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "楼栋.gpkg"
        frame.to_crs(4490).to_file(path)
        start = _cpu()
        gpd.read_file(path).to_crs(_CRS).to_file(Path(folder) / "out.gpkg")
        theirs = _cpu() - start
        start, began = _cpu(), time.perf_counter()
        delivery = Delivery.of(sandbox.read(path), district, "2023-05-01", wanted={0: "buildings"})
        opened = _cpu() - start
        delivery = delivery.with_draft(0, delivery.parts[0].draft.choose("crs", "EPSG:4490"))
        edit = delivery.edit
        ours, wall = _cpu() - start, time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{rows:,} rows: geopandas {theirs:.2f} s, intake {ours:.2f} s ({ours / theirs:.1f} times),"
    )
    print(f"of which open {opened:.2f}; wall {wall:.1f} s, peak {peak:,.0f} MB, edit {bool(edit)}")


if __name__ == "__main__":
    main()
