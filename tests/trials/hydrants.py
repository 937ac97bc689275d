"""
Trial of a layer called `hydrants`: import, store, check, export, draw and document it.

Run by `tests/unit/test_layer_trial.py` in a folder where the layer exists; writes ``found.json``.
"""

import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from pyproj import CRS

from jobs.cli import main
from jobs.dictionary import data_dictionary
from layers.district import District
from store import read_district, write_district
from views.map.compiled import compile_layer, drawn_layers
from views.map.looks import map_legend

FOLDER, EAST, NORTH = Path("district"), 600_000.0, 4_200_000.0
WORKING = CRS.from_epsg(4544)
ORIGIN = {"provenance": ["surveyed"], "source": ["trial"], "source_date": ["2026-01-01"]}
DELIVERY = {
    "hydrant_id": ["H1", "H2"],
    "kind": ["ground", "sea"],  # no such kind
    "name": ["东门栓", "坏栓"],
    "estate_id": ["E1", "E1"],
    "pressure_mpa": [0.2, 0.3],
}


def litong(command: str) -> int:
    """Run the command and return its exit code."""
    try:
        main(command.split())
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def prepare() -> None:
    """Write a district of one estate and a file of two hydrants."""
    estate = shapely.box(EAST, NORTH, EAST + 100, NORTH + 80)
    street = shapely.LineString([(EAST - 50, NORTH - 10), (EAST + 200, NORTH - 10)])
    rows = {
        "estates": ({"estate_id": ["E1"], "name": ["试验小区"]}, estate),
        "walkways": ({"walkway_id": ["W1"]}, street),
    }
    frames = {
        layer: gpd.GeoDataFrame({**columns, **ORIGIN}, geometry=[shape], crs=WORKING)
        for layer, (columns, shape) in rows.items()
    }
    district = District.from_frames(frames, crs=WORKING, name="试验区", district_id="trial")
    write_district(district, FOLDER)
    points = [shapely.Point(EAST + x, NORTH + 40) for x in (30, 60)]
    delivery = gpd.GeoDataFrame(DELIVERY, geometry=points, crs=WORKING).to_crs(4326)
    Path("hydrants.geojson").write_text(delivery.to_json(), encoding="utf-8")


def trial() -> dict[str, Any]:
    """Do everything that is done with a layer; return what came of it."""
    prepare()
    found: dict[str, Any] = {
        "import": litong(
            f"import {FOLDER} hydrants.geojson --layer hydrants --crs EPSG:4326 --yes --by t"
        )
    }
    district = read_district(FOLDER)
    found["check"] = litong(f"check {FOLDER} --as-of 2026-01-01 --map map.html")
    found["export"] = litong(f"export {FOLDER} --to gpkg --to template --out .")
    found["atlas"] = litong(f"atlas {FOLDER} --as-of 2026-01-01 --sheets present --out book.pdf")
    legend = map_legend(district, "zh")
    (package,), (template,) = Path().glob("*.gpkg"), Path().glob("*.xlsx")
    query = "SELECT styleQML FROM layer_styles WHERE f_table_name = 'hydrants'"
    with closing(sqlite3.connect(package)) as base:
        (found["qml"],) = base.execute(query).fetchone()
    with zipfile.ZipFile(template) as book:
        found["template"] = book.read("xl/workbook.xml").decode()
    return found | {
        "kinds": district["hydrants"]["kind"].tolist(),
        "drawn": "hydrants" in drawn_layers(district),
        "module": compile_layer(district, "hydrants").decode("ascii"),
        "legend": [layer for layer in legend if layer["name"] == "hydrants"],
        "documented": "| `pressure_mpa` | 水压 pressure | float | MPa |" in data_dictionary(),
    }


if __name__ == "__main__":
    Path("found.json").write_text(json.dumps(trial()), encoding="utf-8")
