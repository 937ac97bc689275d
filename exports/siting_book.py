"""
A siting: as a workbook, as plain JSON values and as a GeoPackage.

All hold the same: what was asked, the sites chosen, who is covered by which along which walk, who
stays uncovered and why, and which candidate sites were out of the question.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from openpyxl import Workbook

from exports.archive import dated
from exports.cover_sheet import write_cover
from exports.json_table import json_value, records
from exports.snapshot import date_of
from exports.table_sheet import write_table
from geo.crs import STORAGE_CRS, to_crs
from layers.column import Column, DType, Geometry
from layers.facilities import KINDS
from layers.findings import COLUMNS
from services.siting import DistrictSiting, obstacles
from store import geopackage
from store.atomic import replacing
from store.geopackage import Table
from wording import LANGUAGES, Language, say, text

REASONS = {
    code: text(f"siting.{code}")
    for code in (
        "cut_off", "no_candidate", "never", "not_chosen", "full",
        "state", "other_kind", "unknown_kind", "too_small",
    )
}  # fmt: skip
"""Why doors stay uncovered, and why candidate sites are left out, in words."""


def _column(name: str, dtype: DType, label: str, unit: str = "") -> Column:
    codes = REASONS if name == "reason" else None
    words = text(f"siting.{label}")
    return Column(name, dtype, words.zh, words.en, unit, codes=codes)


_FINDING = {column.name: column for column in COLUMNS}
_ESTATE = (_FINDING["estate_id"], _FINDING["estate"])
_SITE = _column("candidate_id", "str", "site")
_NAME = _column("name", "str", "name")
_REASON = _column("reason", "str", "reason")
_HOUSEHOLDS = _column("households", "float", "households")
_DOORS = _column("doors", "int", "doors")
_LONGEST = _column("longest_m", "float", "longest")
_IS_CHOSEN = _column("is_chosen", "bool", "is_chosen")

TABLES: Mapping[str, tuple[Column, ...]] = {
    "chosen": (
        _SITE,
        _NAME,
        _column("is_generated", "bool", "generated"),
        _column("price_yuan", "float", "price"),
        _column("estates", "int", "estates"),
        _DOORS,
        _HOUSEHOLDS,
        _LONGEST,
    ),
    "served": (*_ESTATE, _SITE, _DOORS, _HOUSEHOLDS, _LONGEST),
    "left": (
        *_ESTATE,
        _DOORS,
        _column("households", "float", "uncovered"),
        _REASON,
        _column("candidate_id", "str", "nearest_site"),
        _column("walk_m", "float", "walk"),
    ),
    "left_out": (_SITE, _NAME, _REASON),
}
"""Tables of a siting, by their name in `DistrictSiting`, and the columns that people get."""


def why_none(found: DistrictSiting, language: Language) -> list[str]:
    """Return why there is no answer, estates that cannot be reached apart, [] if there is one."""
    if found.solved.status == "unknown":
        return [say("siting.unknown", language)]
    keys = found.sites["candidate_id"].tolist()
    return [
        say(
            f"siting.{reason.code}",
            language,
            found=reason.found,
            needed=reason.needed,
            site="" if reason.candidate is None else keys[reason.candidate],
        )
        for reason in obstacles(found)
    ]


def siting_document(found: DistrictSiting) -> dict[str, Any]:
    """
    Return a siting as plain JSON values; walks in metres, money in yuan, places in degrees.

    What nobody knows is null, and where no walk leads the text ``"unreachable"``.
    """
    standard, solved = found.standard, found.solved
    district = found.assessment.workspace.district
    chosen = to_crs(found.chosen, STORAGE_CRS, "sites")
    return {
        "district": district.label["zh"],
        "is_synthetic": district.is_synthetic,
        "version": district.version,
        "as_of": found.assessment.as_of.isoformat(),
        "asked": {
            **asdict(found.wish),
            "kind": standard.kind,
            "limit_m": standard.limit_m,
            "rule": standard.rule.id if standard.rule else None,
        },
        "status": solved.status,
        "chosen": chosen["candidate_id"].tolist(),
        "objective": json_value(found.objective),
        "bound": json_value(found.bound),
        "gap": json_value(solved.gap),
        "households": {"all": found.households, "before": found.before, "after": found.after},
        "unknown_doors": found.unknown_doors,
        "is_unsurveyed": found.is_unsurveyed,
        "reasons": [{side: why_none(found, side) for side in LANGUAGES}],
        "sites": [
            {**row, "at": at}
            for row, at in zip(
                records(pd.DataFrame(chosen.drop(columns="geometry"))),
                shapely.get_coordinates(chosen.geometry.to_numpy()).tolist(),
                strict=True,
            )
        ],
        "served": records(pd.DataFrame(found.served.drop(columns="geometry"))),
        "left": records(found.left, infinite="unreachable"),
        "left_out": records(found.left_out),
    }


def siting_workbook(found: DistrictSiting, language: Language = "zh") -> bytes:
    """
    Return a siting as the bytes of an .xlsx workbook, the same for the same siting.

    Parameters
    ----------
    found : DistrictSiting
        The answer.
    language : {"zh", "en"}, default "zh"
        Of everything.
    """
    workbook = Workbook(write_only=True)
    district = found.assessment.workspace.district
    kind = KINDS[found.standard.kind][language]
    cover = workbook.create_sheet(say("workbook.cover", language))
    title = say("siting.title", language, kind=kind)
    write_cover(cover, title, list(_facts(found, language)), language, marked=district.is_synthetic)
    for name, columns in TABLES.items():
        sums = [c.name for c in columns if c.name in {"doors", "households"}]
        sheet = workbook.create_sheet(say(f"siting.{name}", language))
        own = pd.DataFrame(getattr(found, name))[[c.name for c in columns]]
        write_table(sheet, own, columns, language=language, sums=sums)
    out = io.BytesIO()
    workbook.save(out)
    return dated(out.getvalue(), found.assessment.as_of.isoformat())


def _facts(found: DistrictSiting, language: Language) -> Iterator[tuple[str, object]]:
    """Yield what the cover says."""
    district, wish = found.assessment.workspace.district, found.wish
    yield say("workbook.district", language), district.label[language]
    yield say("workbook.version", language), district.version
    yield say("workbook.as_of", language), found.assessment.as_of.isoformat()
    yield say("siting.limit", language), f"{found.standard.limit_m:g}"
    yield say("siting.objective", language), say(f"siting.{wish.objective}", language)
    if wish.count is not None:
        yield say("siting.count", language), wish.count
    if wish.budget_yuan is not None:
        yield say("siting.budget_yuan", language), f"{wish.budget_yuan:,.0f}"
    for reason in why_none(found, language):
        yield say("siting.infeasible", language), reason
    if found.has_answer:
        yield say("siting.value", language), f"{found.objective:,.1f}"
        yield say("siting.bound", language), f"{found.bound:,.1f}"
    for name in ("before", "after"):
        yield say(f"siting.{name}", language), round(getattr(found, name))
    yield say("siting.all", language), round(found.households)


def siting_package(found: DistrictSiting, path: Path) -> None:
    """
    Write a siting as a GeoPackage in EPSG:4490.

    Parameters
    ----------
    found : DistrictSiting
        The answer.
    path : pathlib.Path
        The .gpkg, replaced in one step: points `sites` (every candidate), lines `walks` (the
        longest of each estate to each site) and outlines `uncovered` (a row a reason).

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    district = found.assessment.workspace.district
    estates = district["estates"]
    place = pd.Index(estates["estate_id"]).get_indexer(found.left["estate_id"])
    left = gpd.GeoDataFrame(found.left, geometry=estates.geometry.array[place], crs=district.crs)
    tables = [
        _table("sites", "chosen", "Point", found.sites, _IS_CHOSEN),
        _table("walks", "served", "LineString", found.served),
        _table("uncovered", "left", "Polygon", left),
    ]
    with replacing(path) as scratch:
        geopackage.write(scratch, tables, date=date_of(district))


def _table(name: str, of: str, geometry: Geometry, frame: gpd.GeoDataFrame, *more: Column) -> Table:
    columns = (*TABLES[of], *more)
    finite = {c.name: frame[c.name].replace(float("inf"), float("nan")) for c in columns}
    own = gpd.GeoDataFrame(finite, geometry=frame.geometry, crs=frame.crs)
    label = say(f"siting.{of}", "zh")
    return Table(name, label, columns, geometry, to_crs(own, STORAGE_CRS, name))
