"""
What the pipes were held against: as a workbook, as plain JSON values and as a GeoPackage.

All hold the same: every pipe with its answer and reasons, and every check that is not kept or has
to be looked at, with what was measured, what is required and the clause; sums by kind and estate,
and the works of every body, stand in the first two.
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
from exports.geopackage import write_styled
from exports.json_table import records
from exports.snapshot import date_of
from exports.table_sheet import write_table
from geo.crs import STORAGE_CRS, to_crs
from layers import pipelines
from layers.column import Column, DType, Geometry
from layers.findings import COLUMNS
from layers.spec import LayerSpec
from services.pipe_works import WORK_NAMES
from services.pipes import CHECK_NAMES, VERDICTS, DistrictPipes
from store.geopackage import Table
from wording import Language, Text, listing, say, text

_FINDING = {column.name: column for column in COLUMNS}
_UNITS = {"m": Text("米", "m"), "a": Text("年", "years"), "": Text("", "")}
_CODES = {"verdict": VERDICTS, "due": VERDICTS, "check": CHECK_NAMES, "unit": _UNITS}


def _column(
    name: str, dtype: DType, label: str, unit: str = "", codes: Mapping[str, Text] | None = None
) -> Column:
    words = text(f"pipes.{label}")
    return Column(name, dtype, words.zh, words.en, unit, codes=codes or _CODES.get(name))


def _sided(name: str, label: str, language: Language) -> Column:
    """Return a text column that is there in two languages."""
    words = text(f"pipes.{label}")
    return Column(f"{name}_{language}", "str", words.zh, words.en)


_ESTATE = _FINDING["estate"]
_SAID = tuple(_FINDING[name] for name in ("source_id", "clause", "verified"))
_OF_PIPE = {column.name: column for column in pipelines.SPEC.columns}
_SURVEYED = (
    "kind",
    "sub_kind",
    "pressure",
    "laid",
    "diameter_mm",
    "material",
    "year",
    "depth_m",
)
_TABLES = ("summary", "estates", "works", "pieces", "open")
_COUNTS = tuple(f"rows_{one}" for one in VERDICTS)


def _tables(language: Language) -> dict[str, tuple[Column, ...]]:
    """Return the tables and the columns that people get, by their name in `DistrictPipes`."""
    return {"summary": _summary(language), **_sums(language), **_each(language)}


def _summary(language: Language) -> tuple[Column, ...]:
    return (
        _column("check", "str", "check"),
        _sided("subject", "subject", language),
        *(_column(name, "int", name) for name in _COUNTS),
        _column("nearest", "float", "nearest"),
        _column("required", "float", "required"),
        _column("unit", "str", "unit"),
        *_SAID,
    )


def _sums(language: Language) -> dict[str, tuple[Column, ...]]:
    """Return the tables by estate and by body."""
    return {
        "estates": (
            _sided("estate", "estate", language),
            _column("pipe_count", "int", "pipe_count"),
            _column("length_m", "float", "length", "m"),
            _column("due_length", "float", "due_length", "m"),
            *(_column(f"rows_{one}", "int", f"pieces_{one}") for one in VERDICTS),
        ),
        "works": (
            _sided("lead", "lead", language),
            _sided("assist", "assist", language),
            _column("work", "str", "work", codes=WORK_NAMES),
            *(_OF_PIPE[name] for name in ("kind", "sub_kind", "diameter_mm", "material")),
            _column("pieces", "int", "count"),
            _column("length_m", "float", "length", "m"),
            _sided("grounds", "grounds", language),
        ),
    }


def _each(language: Language) -> dict[str, tuple[Column, ...]]:
    """Return the tables of every pipe and of every check."""
    return {
        "pieces": (
            _OF_PIPE["pipe_id"],
            _ESTATE,
            *(_OF_PIPE[name] for name in _SURVEYED),
            _column("length_m", "float", "length", "m"),
            _column("verdict", "str", "verdict"),
            _column("due", "str", "check_age"),
            *(_column(name, "int", name) for name in _COUNTS[:-1]),
            _sided("reasons", "reasons", language),
        ),
        "open": (
            _ESTATE,
            _OF_PIPE["pipe_id"],
            _sided("subject", "subject", language),
            _column("check", "str", "check"),
            _column("verdict", "str", "verdict"),
            _sided("says", "says", language),
            _column("object_id", "str", "object_id"),
            _column("measured", "float", "measured"),
            _column("least", "float", "least"),
            _column("required", "float", "required"),
            _column("unit", "str", "unit"),
            _column("length_m", "float", "length_near", "m"),
            *_SAID,
        ),
    }


_SHEETS = {"open": "checks"}
"""Names of tables that are no keys of the catalogue."""
_SUMS = {
    "summary": _COUNTS,
    "pieces": ("length_m",),
    "estates": ("pipe_count", "length_m", "due_length", *_COUNTS),
}


def pipes_document(found: DistrictPipes) -> dict[str, Any]:
    """Return the answers as plain JSON values; distances in metres, unknown ones null."""
    district = found.assessment.workspace.district
    plain = {name: records(_plain(getattr(found, name))) for name in _TABLES}
    return {
        "district": district.label["zh"],
        "is_synthetic": district.is_synthetic,
        "version": district.version,
        "as_of": found.assessment.as_of.isoformat(),
        "counts": found.counts(),
        "unsurveyed": found.unsurveyed,
        **plain,
    }


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    hidden = ["geometry", "pipe", "other", "first", "second", "place", "at"]
    return pd.DataFrame(table.drop(columns=hidden, errors="ignore"))


def pipes_workbook(found: DistrictPipes, language: Language = "zh") -> bytes:
    """
    Return the answers as the bytes of an .xlsx workbook, the same for the same answers.

    Parameters
    ----------
    found : DistrictPipes
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
        (say("pipes.verdict", language), summed_up(found, language)),
        (say("pipes.note_column", language), say("pipes.note", language)),
    ]
    write_cover(cover, say("pipes.title", language), facts, language, marked=district.is_synthetic)
    for name, columns in _tables(language).items():
        sheet = workbook.create_sheet(say(f"pipes.{_SHEETS.get(name, name)}", language))
        own = pd.DataFrame(getattr(found, name))[[c.name for c in columns]]
        write_table(sheet, own, columns, language=language, sums=_SUMS.get(name, ()))
    out = io.BytesIO()
    workbook.save(out)
    return dated(out.getvalue(), found.assessment.as_of.isoformat())


def summed_up(found: DistrictPipes, language: Language) -> str:
    """Return how many pipes have which answer, and where nobody looked for any."""
    length = float(found.pieces["length_m"].sum())
    said = [say("pipes.line", language, length=length, **found.counts())]
    if found.unsurveyed:
        names = listing(found.unsurveyed, language)
        said.append(say("pipes.unsurveyed", language, names=names))
    return "\n".join(said)


def pipes_package(found: DistrictPipes, path: Path) -> None:
    """
    Write the answers as a GeoPackage in EPSG:4490 that QGIS opens with pipes in their colours.

    Parameters
    ----------
    found : DistrictPipes
        The answers.
    path : pathlib.Path
        The .gpkg, replaced in one step: lines `pipelines`, lines `distances` (dimension lines to
        what is too near or nearly met, pipes with too little cover, due or mixed) and points
        `places` (crossings and ends in nothing); of the last two, what is not kept or to be
        verified.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    columns, every = _tables("zh"), found.open
    is_place = every.geometry.geom_type == "Point"
    pieces = _table("pipelines", "pieces", found.pieces, columns["pieces"], "LineString")
    write_styled(
        path,
        [
            pieces,
            _table("distances", "distances", every[~is_place], columns["open"], "LineString"),
            _table("places", "places", every[is_place], columns["open"], "Point"),
        ],
        [LayerSpec("pipelines", pieces.label, "pipes", "LineString", columns["pieces"])],
        date_of(found.assessment.workspace.district),
    )


def _table(
    name: str, label: str, frame: gpd.GeoDataFrame, columns: tuple[Column, ...], geometry: Geometry
) -> Table:
    own = gpd.GeoDataFrame(frame[[c.name for c in columns]], geometry=frame.geometry, crs=frame.crs)
    said = say(f"pipes.{label}", "zh")
    return Table(name, said, columns, geometry, to_crs(own, STORAGE_CRS, name))
