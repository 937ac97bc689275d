# ruff: noqa: E501, C901 - a fuzz runner is one long story
"""
Mutated files from a fixed seed, read and taken through every step; nothing may bring the app down.

Run it by itself for the long test::

    python -m tests.fuzz.intake_mutations --count 20000 --seconds 3000

Each file is read by a fork with the real fences and limits; the steps behind it run in this process,
which stands for the app. A dead child must come back as a refusal with a sentence, a read table must
be accounted for to the last row, and the same seed makes the same files.
"""

import argparse
import contextlib
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import ezdxf
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

import layers
from intake import quarantine, sandbox
from intake.acceptance import accept
from intake.draft import ImportDraft
from intake.origin import TableOrigin
from intake.reading import DeliveredTable, DeliveryReading
from tests.unit.intake import delivery, dgn
from tests.unit.intake.resident import Resident

LIMITS = sandbox.Limits(memory_mb=1536, cpu_s=10, wall_s=20, output_mb=128)
SEED = 2023


def originals(folder: Path) -> dict[str, dict[str, bytes]]:
    """Write one sound delivery a format; return its files by name."""
    rows = delivery.estates(6)
    shp = delivery.shapefile(folder, rows, prj="", cpg="GBK")
    parts = {
        shp.with_suffix(e).name: shp.with_suffix(e).read_bytes()
        for e in (".shp", ".shx", ".dbf", ".prj", ".cpg")
    }
    gpkg = delivery.geopackage(folder / "a.gpkg", rows, delivery.written("EPSG:4490", rows))
    json = delivery.geojson(folder / "a.geojson", rows)
    grid = [
        ["编号", "小区名称", "户数", "经度", "纬度"],
        *[[r.key, r.name, r.households, 106.2, 37.98] for r in rows],
    ]
    book = delivery.workbook(folder / "a.xlsx", [["普查表", *[None] * 4], *grid], ["A1:E1"])
    frame = gpd.GeoDataFrame(
        {"name": [r.name for r in rows]}, geometry=[r.outline for r in rows], crs="EPSG:4544"
    )
    pyogrio.write_dataframe(frame, folder / "a.fgb", driver="FlatGeobuf")
    pyogrio.write_dataframe(frame, folder / "a.gdb", driver="OpenFileGDB")
    gdb = {f"a.gdb/{file.name}": file.read_bytes() for file in (folder / "a.gdb").iterdir()}
    csv = "\r\n".join(",".join(map(str, line)) for line in grid).encode("gb18030")
    return {
        "shapefile": parts,
        "geopackage": {"a.gpkg": gpkg.read_bytes()},
        "geojson": {"a.geojson": json.read_bytes()},
        "workbook": {"a.xlsx": book.read_bytes()},
        "flatgeobuf": {"a.fgb": (folder / "a.fgb").read_bytes()},
        "geodatabase": {"a.gdb.zip": delivery.zipped(folder / "b.zip", gdb).read_bytes()},
        "drawing": {"a.dxf": drawing(folder / "a.dxf", rows, "R2000")},
        "drawing in UTF-8": {"a.dxf": drawing(folder / "b.dxf", rows, "R2018")},
        "drawing of R12 in GBK": {"a.dxf": drawing(folder / "c.dxf", rows, "R12")},
        "kml": {"a.kml": delivery.kml(rows).encode()},
        "table": {"a.csv": csv},
        "sequence": {"a.geojsonl": delivery.sequence(json.read_bytes())},
        "archive": {"a.zip": delivery.zipped(folder / "c.zip", parts).read_bytes()},
        **rarer(folder, rows, grid),
    }


def rarer(
    folder: Path, rows: Sequence[delivery.Estate], grid: Sequence[Sequence[object]]
) -> dict[str, dict[str, bytes]]:
    """Write one sound delivery of each rarer format; return its files by name."""
    delivery.by_gdal(folder / "m.gml", rows, "GML")
    delivery.by_gdal(folder / "m.tab", rows, "MapInfo File", ENCODING="CP936")
    delivery.by_gdal(folder / "t.mif", rows, "MapInfo File", FORMAT="MIF", ENCODING="CP936")
    delivery.esri_json(folder / "e.json", rows)
    delivery.topojson(folder / "t.topojson", rows)
    delivery.parquet(folder / "p.parquet", rows)
    delivery.xls(folder / "x.xls", grid, [(1, 2, 0, 0)])
    points = [f"{n},{r.name},{604_500 + n}.25,4206000.5,1115" for n, r in enumerate(rows)]
    (folder / "c.dat").write_bytes("\r\n".join(points).encode("gb18030"))
    frame = pd.DataFrame(grid[1:], columns=grid[0])
    pyogrio.write_dataframe(frame, folder / "o.ods", driver="ODS", layer="小区")
    marks = [
        f'<wpt lat="37.98" lon="106.2{n}"><name>{r.name}</name></wpt>' for n, r in enumerate(rows)
    ]
    (folder / "w.gpx").write_text(f'<gpx version="1.1">{"".join(marks)}</gpx>', encoding="utf-8")
    levels = [(r.outline, 3, None) for r in rows]
    levels += [(r.outline.centroid, 7, r.name.encode("gb18030")) for r in rows]
    dgn.drawing(folder / "l.dgn", levels)
    names = {
        "drawing of levels": ("l.dgn",),
        "open document": ("o.ods",),
        "gpx": ("w.gpx",),
        "gml": ("m.gml",),
        "mapinfo": ("m.tab", "m.dat", "m.map", "m.id"),
        "mapinfo as text": ("t.mif", "t.mid"),
        "esri json": ("e.json",),
        "topojson": ("t.topojson",),
        "parquet": ("p.parquet",),
        "old workbook": ("x.xls",),
        "cass": ("c.dat",),
    }
    return {
        kind: {name: (folder / name).read_bytes() for name in files}
        for kind, files in names.items()
    }


def drawing(path: Path, rows: Sequence[delivery.Estate], version: str) -> bytes:
    """Write a drawing of outlines with their names; before 2007 in GBK, as its header says."""
    document = ezdxf.new(version)
    document.header["$DWGCODEPAGE"] = "ANSI_936"
    document.encoding = "gbk"
    document.layers.add("建筑")
    block = document.blocks.new("路灯")
    block.add_circle((0, 0), 0.5)
    space = document.modelspace()
    for row in rows:
        ring = np.asarray(row.outline.exterior.coords).tolist()
        if version == "R12":
            space.add_polyline2d(ring, close=True, dxfattribs={"layer": "建筑"})
        else:
            space.add_lwpolyline(ring, close=True, dxfattribs={"layer": "建筑"})
        space.add_text(row.name, dxfattribs={"layer": "建筑"}).set_placement(ring[0][:2])
        space.add_blockref("路灯", ring[0][:2], dxfattribs={"layer": "照明"})
    document.saveas(path)
    return path.read_bytes()


def mutate(data: bytes, random: np.random.Generator) -> bytes:
    """Return `data` cut, flipped, doubled, blanked, swapped or salted with telling numbers."""
    raw = bytearray(data)
    for _ in range(int(random.integers(1, 6))):
        if not raw:
            break
        at = int(random.integers(len(raw)))
        span = int(min(len(raw) - at, 1 + random.integers(64)))
        how = int(random.integers(8))
        if how == 0:
            raw[at] ^= 1 << int(random.integers(8))
        elif how == 1:
            raw[at : at + span] = random.bytes(span)
        elif how == 2:
            del raw[at:]
        elif how == 3:
            raw[at:at] = raw[at : at + span]
        elif how == 4:
            raw[at : at + span] = bytes(span)
        elif how == 5:
            value = int(random.choice([0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFF]))
            raw[at : at + 4] = value.to_bytes(4, str(random.choice(["little", "big"])))
        elif how == 6:
            del raw[at : at + span]
        else:
            other = int(random.integers(len(raw)))
            raw[at : at + span] = raw[other : other + span]
    return bytes(raw)


def deliveries(
    count: int, seed: int, sound: dict[str, dict[str, bytes]]
) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Yield mutated deliveries; the same seed, the same bytes."""
    random = np.random.default_rng(seed)
    kinds = list(sound)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        files = dict(sound[kind])
        names = list(files)
        for name in random.choice(
            names, size=min(len(names), 1 + int(random.integers(2))), replace=False
        ):
            files[str(name)] = mutate(files[str(name)], random)
        yield kind, files


def take(reading: DeliveryReading) -> Counter[str]:
    """Take a reading through every step as the app does; return what happened, by name."""
    told: Counter[str] = Counter()
    for record in quarantine.of_refusals(reading):
        assert record.reasons[0].sentence.zh
        told[record.reasons[0].rule] += 1
    for table in reading.tables:
        told[_take(table)] += 1
    return told


def _take(table: DeliveredTable) -> str:
    draft = ImportDraft(
        table, layers.ALL["estates"], delivery.PLACE, TableOrigin("x", "0" * 64, "2023-04-01")
    )
    for question in draft.questions:
        if not question.candidates:
            return "asked"
        draft = draft.choose(question.step, question.candidates[0].value)
    if draft.questions:
        return "asked"
    receipt = accept(draft)
    assert receipt.read == len(receipt.accepted) + receipt.quarantined_rows == table.read
    return "quarantined rows" if receipt.quarantined else "accepted"


def run(count: int, *, seed: int = SEED, seconds: float = 3600.0, start: int = 0) -> Counter[str]:
    """Read and take the mutated files from `start` to `count`, at most for `seconds`."""
    told: Counter[str] = Counter()
    end = time.monotonic() + seconds
    with contextlib.closing(Resident()) as resident, tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "sound").mkdir()
        sound = originals(Path(scratch) / "sound")
        for number, (kind, files) in enumerate(deliveries(count, seed, sound)):
            if number < start:
                continue
            if time.monotonic() > end:
                break
            folder = Path(scratch) / f"m{number}"
            folder.mkdir()
            paths = []
            for name, data in files.items():
                (folder / name).write_bytes(data)
                paths.append(folder / name)
            try:
                told += take(sandbox.read(paths, runner=resident, limits=LIMITS))
            except Exception:
                print(f"file {number} ({kind}) of seed {seed}", file=sys.stderr)  # noqa: T201
                raise
            told["files"] += 1
            if told["files"] % 1000 == 0:
                print(f"... {number + 1}: no death of the app", file=sys.stderr, flush=True)  # noqa: T201
            for path in paths:
                path.unlink()
            folder.rmdir()
    return told


def main() -> None:
    """Run the long test and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--start", type=int, default=0, help="go on from this file")
    wanted = parser.parse_args()
    told = run(wanted.count, seed=wanted.seed, seconds=wanted.seconds, start=wanted.start)
    for name, number in told.most_common():
        print(f"{number:7d}  {name}")  # noqa: T201


if __name__ == "__main__":
    main()
