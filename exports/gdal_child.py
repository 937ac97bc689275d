"""
The only part of the hand-over room that loads GDAL: a process of its own writes with fiona.

GDAL brings a second SQLite, which would break the locks of a live store in the process that serves
the map. The parent hands over a GeoPackage made for this purpose; the child copies it, row by row,
into fields of exact width. fiona is used because it keeps widths and decimals as declared where
other writers widen them.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from geo.errors import StoreError

_ROOT = Path(__file__).parents[1]
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from exports.gdal_child import main; main()"
_LONGEST_S = 1800


def write(job: Mapping[str, Any]) -> None:
    """
    Write tables in a child process.

    Parameters
    ----------
    job : mapping
        `source`, a GeoPackage; `driver` and `options` for fiona; and `tables`, each with `table`
        (its name in the source), `path`, `layer`, `geometry`, `crs` (WKT), `encoding`, `fields`
        (column to field name and type, in order) and perhaps `options`.

    Raises
    ------
    StoreError
        If the child ends before everything is written.
    """
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own code
        [sys.executable, "-I", "-B", "-c", _BOOT, str(_ROOT)],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_LONGEST_S,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise StoreError(f"{job['driver']}: {last}", f"{job['driver']}：写入失败（{last}）")


def main() -> None:
    """Do the job on standard input."""
    import fiona  # noqa: PLC0415 - never outside the child

    from store.geopackage import read  # noqa: PLC0415 - the child alone needs it

    job = json.load(sys.stdin)
    stored = read(Path(job["source"]))
    for table in job["tables"]:
        fields = table["fields"]
        schema = {"geometry": table["geometry"], "properties": dict(fields.values())}
        with fiona.open(
            table["path"],
            "w",
            driver=job["driver"],
            layer=table["layer"],
            schema=schema,
            crs_wkt=table["crs"],
            encoding=table["encoding"],
            **job["options"],
            **table.get("options", {}),
        ) as file:
            file.writerecords(_records(stored[table["table"]].frame, fields, table["geometry"]))


def _records(
    frame: Any,  # noqa: ANN401 - a GeoDataFrame, loaded in the child only
    fields: Mapping[str, tuple[str, str]],
    geometry: str,
) -> Iterator[dict[str, Any]]:
    cells = {field: _cells(frame[column], kind) for column, (field, kind) in fields.items()}
    for row, shape in enumerate(frame.geometry):
        properties = {field: values[row] for field, values in cells.items()}
        yield {"geometry": _drawn(shape, geometry), "properties": properties}


def _cells(values: Any, kind: str) -> list[Any]:  # noqa: ANN401 - a Series
    """Return plain cells; a day where the field wants an hour begins at midnight."""
    cells = values.astype(object).tolist()
    if kind == "datetime":
        return [None if cell is None else f"{cell}T00:00:00" for cell in cells]
    return list(cells)


def _drawn(shape: Any, geometry: str) -> Any:  # noqa: ANN401 - any geometry
    """Return a shape as fiona takes it; a single one as a multi-part one where all must be."""
    drawn = shape.__geo_interface__
    if geometry.startswith("Multi") and not shape.geom_type.startswith("Multi"):
        return {"type": geometry, "coordinates": [drawn["coordinates"]]}
    return drawn
