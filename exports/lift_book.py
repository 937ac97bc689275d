"""
Where lifts fit: as a workbook, as plain JSON values and as a GeoPackage.

All hold the same: every stair unit with its answer, every place that was tried, every condition
with what was measured, what is required and the clause, and what each utility would have to move.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from openpyxl import Workbook

from exports.archive import dated
from exports.cover_sheet import write_cover
from exports.json_table import records
from exports.snapshot import date_of
from exports.table_sheet import write_table
from geo.crs import STORAGE_CRS, to_crs
from layers.column import Column, DType, Geometry
from layers.findings import COLUMNS
from services.lifts import EFFECTS, OUTCOMES, POSITIONS, STATES, DistrictLifts
from store import geopackage
from store.atomic import replacing
from store.geopackage import Table
from wording import Language, Text, numbered, say, text

_FINDING = {column.name: column for column in COLUMNS}
_CODES = {
    "state": STATES,
    "outcome": OUTCOMES,
    "position": POSITIONS,
    "effect": EFFECTS,
}


def _column(
    name: str, dtype: DType, label: str, unit: str = "", codes: Mapping[str, Text] | None = None
) -> Column:
    words = text(f"lifts.{label}")
    return Column(name, dtype, words.zh, words.en, unit, codes=codes or _CODES.get(name))


_ESTATE = _FINDING["estate"]
_BUILDING = _column("building", "str", "building")
_POSITION = _column("position", "str", "position")
_LOAD = _column("load_kg", "float", "load", "kg")
_UNIT_ID = Column("unit_id", "str", "单元编号", "unit id")


def _sided(name: str, label: str, language: Language) -> Column:
    """Return a text column that is there in two languages."""
    words = text(f"lifts.{label}")
    return Column(f"{name}_{language}", "str", words.zh, words.en)


def _tables(language: Language) -> dict[str, tuple[Column, ...]]:
    """Return the tables and the columns that people get, by their name in `DistrictLifts`."""
    return {
        "units": (
            _column("first", "int", "first"),
            _ESTATE,
            _BUILDING,
            _UNIT_ID,
            _column("name", "str", "unit"),
            _column("state", "str", "state"),
            _column("outcome", "str", "outcome"),
            _POSITION,
            _LOAD,
            _column("households_above", "float", "households_above", "户"),
            _column("moved_m", "float", "moved_m", "m"),
            _column("moved", "int", "moved"),
            _column("taken_m2", "float", "taken_m2", "m²"),
            _sided("reasons", "reasons", language),
        ),
        "estates": (
            _ESTATE,
            _column("asked", "int", "asked_count"),
            *(_column(name, "int", name) for name in OUTCOMES),
            _column("households_above", "float", "households_above", "户"),
            _column("moved_m", "float", "moved_m", "m"),
        ),
        "works": (
            _sided("body", "body", language),
            _sided("object", "object", language),
            _column("pieces", "int", "pieces"),
            _column("length_m", "float", "length", "m"),
        ),
        "conditions": _conditions(language),
    }


def _conditions(language: Language) -> tuple[Column, ...]:
    return (
        _ESTATE,
        _BUILDING,
        _UNIT_ID,
        _POSITION,
        _LOAD,
        _column("is_best", "bool", "is_best"),
        _column("effect", "str", "effect"),
        _sided("says", "check", language),
        _column("object_id", "str", "object_id"),
        _column("measured", "float", "measured", "m"),
        _column("required", "float", "required", "m"),
        _column("amount", "float", "amount"),
        _column("unit", "str", "amount_unit"),
        _FINDING["source_id"],
        _FINDING["clause"],
        _FINDING["verified"],
    )


_SUMS = {
    "estates": ("asked", *OUTCOMES, "households_above", "moved_m"),
    "works": ("pieces", "length_m"),
}


def lifts_document(found: DistrictLifts) -> dict[str, Any]:
    """Return where lifts fit as plain JSON values; distances in metres, unknown ones null."""
    district = found.assessment.workspace.district
    plain = {
        name: records(pd.DataFrame(_flat(getattr(found, name))))
        for name in ("units", "estates", "works", "conditions")
    }
    return {
        "district": district.label["zh"],
        "is_synthetic": district.is_synthetic,
        "version": district.version,
        "as_of": found.assessment.as_of.isoformat(),
        "counts": found.counts(),
        **plain,
    }


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(table.drop(columns=["geometry", "place"], errors="ignore"))


def lifts_workbook(found: DistrictLifts, language: Language = "zh") -> bytes:
    """
    Return where lifts fit as the bytes of an .xlsx workbook, the same for the same answers.

    Parameters
    ----------
    found : DistrictLifts
        The answers.
    language : {"zh", "en"}, default "zh"
        Of everything.
    """
    workbook = Workbook(write_only=True)
    district = found.assessment.workspace.district
    cover = workbook.create_sheet(say("workbook.cover", language))
    facts = [
        (say("workbook.district", language), district.label[language]),
        (say("workbook.version", language), district.version),
        (say("workbook.as_of", language), found.assessment.as_of.isoformat()),
        (say("lifts.outcome", language), say("lifts.line", language, **found.counts())),
        (say("lifts.note_column", language), say("lifts.note", language)),
    ]
    write_cover(cover, say("lifts.title", language), facts, language, marked=district.is_synthetic)
    for name, columns in _tables(language).items():
        sheet = workbook.create_sheet(say(f"lifts.{name}", language))
        own = pd.DataFrame(getattr(found, name))[[c.name for c in columns]]
        write_table(
            sheet, _named(own, language), columns, language=language, sums=_SUMS.get(name, ())
        )
    out = io.BytesIO()
    workbook.save(out)
    return dated(out.getvalue(), found.assessment.as_of.isoformat())


def _named(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return rows with the names of numbered buildings and units in a language."""
    names = [name for name in ("building", "name") if name in rows]
    told = {
        name: rows[name].map(lambda own: numbered(own, language), na_action="ignore")
        for name in names
    }
    return rows.assign(**told)


def lifts_package(found: DistrictLifts, path: Path) -> None:
    """
    Write where lifts fit as a GeoPackage in EPSG:4490.

    Parameters
    ----------
    found : DistrictLifts
        The answers.
    path : pathlib.Path
        The .gpkg, replaced in one step: points `units`, outlines `places` (shaft and bridge of
        every place tried) and lines `pipes` (dimension lines to what is too near).

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    columns = _tables("zh")
    tables = [
        _table("units", "units", "Point", found.units, columns["units"]),
        _table("places", "places", "Polygon", *_places(found)),
        _table("pipes", "conditions", "LineString", _dimensions(found), columns["conditions"]),
    ]
    with replacing(path) as scratch:
        geopackage.write(scratch, tables, date=date_of(found.assessment.workspace.district))


def _places(found: DistrictLifts) -> tuple[gpd.GeoDataFrame, tuple[Column, ...]]:
    places, units = found.sited.places, found.sited.units
    unit = places["unit"].to_numpy()
    best = units["place"].to_numpy()[unit] == places.index.to_numpy()
    table = places.assign(unit_id=units["unit_id"].to_numpy()[unit], is_best=best)
    return table, (
        _UNIT_ID,
        _POSITION,
        _LOAD,
        _column("outcome", "str", "outcome"),
        _column("is_best", "bool", "is_best"),
        _column("moved_m", "float", "moved_m", "m"),
        _column("taken_m2", "float", "taken_m2", "m²"),
    )


def _dimensions(found: DistrictLifts) -> gpd.GeoDataFrame:
    met = found.conditions
    return met[met.geometry.geom_type == "LineString"]


def _table(
    name: str,
    label: str,
    geometry: Geometry,
    frame: gpd.GeoDataFrame,
    columns: tuple[Column, ...],
) -> Table:
    own = gpd.GeoDataFrame(frame[[c.name for c in columns]], geometry=frame.geometry, crs=frame.crs)
    return Table(
        name, say(f"lifts.{label}", "zh"), columns, geometry, to_crs(own, STORAGE_CRS, name)
    )
