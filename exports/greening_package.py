"""
The greening review as a GeoPackage: dimension lines, suggested positions, plantable ground, design.

Stored in EPSG:4490, columns with their Chinese labels.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import layers
from clearances.verdict import VERDICT_LABELS
from geo.crs import STORAGE_CRS, to_crs
from greening.check import COLUMNS as PAIR_COLUMNS
from greening.review import Review
from greening.suggest import ACTION_LABELS
from layers.spec import Column
from store import geopackage
from store.geopackage import Table

_MOVE_COLUMNS = (
    Column("planting_id", "str", "栽植编号", "planting id", required=True),
    Column("site_id", "str", "绿化点", "site"),
    Column("verdict", "str", "结论", "verdict", codes=VERDICT_LABELS),
    Column("action", "str", "建议", "suggestion", codes=ACTION_LABELS),
    Column("species_id", "str", "树种编号", "species id"),
    Column("moved_m", "float", "移动距离", "moved", "m"),
)
_GROUND_COLUMNS = (
    Column("site_id", "str", "绿化点", "site", required=True),
    Column("estate_id", "str", "小区编号", "estate id"),
    Column("area_m2", "float", "面积", "area", "m²"),
    Column("plantable_m2", "float", "可栽植面积", "plantable", "m²"),
    Column("plantable_share", "float", "可栽植比例", "plantable share", "比例"),
)


def greening_package(review: Review, path: Path) -> None:
    """
    Write a review.

    Parameters
    ----------
    review : Review
        What was checked.
    path : pathlib.Path
        The .gpkg, replaced in one step: `greening_clearances` (lines from plant to foot),
        `greening_suggestions` (lines from old to new place), `greening_ground`, `greening_sites`,
        `plantings`.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    district = review.district
    ground = review.ground[~review.ground.geometry.is_empty]
    tables = [
        _table("greening_clearances", "净距核查", PAIR_COLUMNS, review.found.pairs),
        _table("greening_suggestions", "调整建议", _MOVE_COLUMNS, _moves(review)),
        _table("greening_ground", "可栽植地", _GROUND_COLUMNS, ground),
        *(
            Table.of_layer(layers.ALL[name], to_crs(district[name], STORAGE_CRS, name))
            for name in ("greening_sites", "plantings")
        ),
    ]
    geopackage.write(path, tables, date=review.as_of.isoformat())


def _table(name: str, label: str, columns: tuple[Column, ...], frame: gpd.GeoDataFrame) -> Table:
    kept = frame[[*(c.name for c in columns), "geometry"]]
    return Table(name, label, columns, "Geometry", to_crs(kept, STORAGE_CRS, name))


def _moves(review: Review) -> gpd.GeoDataFrame:
    """Return a line from each planting to its suggested position."""
    ends = np.array([[one.here, one.there] for one in review.suggested]).reshape(-1, 2, 2)
    rows = [
        (
            one.planting_id,
            one.site_id,
            one.verdict,
            str(one.action),
            one.species_id,
            one.moved_m,
        )
        for one in review.suggested
    ]
    table = pd.DataFrame(rows, columns=[c.name for c in _MOVE_COLUMNS])
    return gpd.GeoDataFrame(table, geometry=shapely.linestrings(ends), crs=review.district.crs)
