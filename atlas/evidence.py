"""
Evidence: the numbered gaps of an estate, from its findings.

One list drives the callouts of the map, the rows of the table, the links between them and the file
attached to the PDF.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isnan, nan
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.text import clean
from layers.findings import (
    CLASSES,
    COLUMNS,
    OUTDATED,
    STATEMENT_LABELS,
    VERIFIED_LABELS,
    WORK_CLASSES,
    Degree,
    Statement,
    cited,
    is_gap,
    named_column,
)
from rules.degree import degree_text, demand_text
from rules.rounding import quantity
from wording import Language, listing, say

CLASS_ORDER = WORK_CLASSES
_STANDARD = re.compile(r"(GB|JGJ|CJJ|JB|DB|TD)")
_REMARK = re.compile("[（；]")
_FORMULA = ("=", "+", "-", "@")
_LINES = {"pipelines": "pipe", "walls": "wall", "overhead_lines": "wall"}


@dataclass(frozen=True)
class Evidence:
    """
    One gap of one estate, as printed.

    Attributes
    ----------
    number : int
        From 1, in the order of the table: gaps with a place before those of the whole estate, each
        by class, the worst first.
    title, value, threshold, basis, department : str
        Words of the table.
    source, lead : str
        Basis and department, shortened for a narrow table.
    row : SimpleNamespace
        The finding itself, its columns as attributes, None where unknown.
    """

    number: int
    title: str
    value: str
    threshold: str
    basis: str
    source: str
    department: str
    lead: str
    row: SimpleNamespace

    @property
    def finding_id(self) -> str:
        """The finding's key."""
        return str(self.row.finding_id)

    @property
    def item_class(self) -> str:
        """基础类, 完善类 or 提升类."""
        return str(self.row.item_class)

    @property
    def shape(self) -> BaseGeometry | None:
        """Geometry of the gap in the working CRS [m], None if it concerns the whole estate."""
        shape = self.row.geometry
        return None if _is_whole(shape, self.row.witness_layer) else shape

    @property
    def line(self) -> str:
        """Kind of its lines: "route" walked, or what fails: "pipe", "path", "wall"; "" if none."""
        shape = self.shape
        if shape is None or shapely.get_dimensions(shape) != 1:
            return ""
        if shape.geom_type == "LineString":
            return "route"
        return _LINES.get(self.row.witness_layer, "path")

    @property
    def destination(self) -> str:
        """Name of the link destination at its row of the table."""
        return f"gap:{self.finding_id}"


def concerns(findings: pd.DataFrame, department: str) -> pd.Series:
    """
    Return which findings `department` is responsible for, leading or assisting.

    Parameters
    ----------
    findings : pandas.DataFrame
        With `department_ids`, ids joined by "、", missing where no department is known.
    department : str
        Id of a department.

    Returns
    -------
    pandas.Series of bool
        Index of `findings`.
    """
    marked = "、" + findings["department_ids"].fillna("").astype(str) + "、"
    return marked.str.contains(f"、{department}、", regex=False)


def all_evidence(
    findings: gpd.GeoDataFrame,
    language: Language,
    department: str = "",
    *,
    with_remarks: bool = True,
) -> dict[str, list[Evidence]]:
    """
    Return the numbered gaps of every estate.

    Parameters
    ----------
    findings : geopandas.GeoDataFrame
        Findings with `layers.findings.COLUMNS` and facts of the rules, working CRS.
    language : {"zh", "en"}
        Of the texts.
    department : str, default ""
        Return only the gaps this department is responsible for, numbered as in the whole table,
        with every body that answers for them by its name.
    with_remarks : bool, default True
        Whether titles have the reservations that are for the offices alone.

    Returns
    -------
    dict of str to list of Evidence
        By estate id; an estate without gaps has no key.
    """
    rows = findings[is_gap(findings)]
    ordered = rows.assign(
        _whole=list(map(_is_whole, rows.geometry, rows["witness_layer"])),
        _rank=rows["item_class"].map(CLASS_ORDER.index),
        _worst=-rows["severity"].fillna(0.0),
    ).sort_values(["estate_id", "_whole", "_rank", "_worst", "rule_id"], kind="stable")
    keep = concerns(ordered, department).tolist() if department else [True] * len(ordered)
    listed: dict[str, list[Evidence]] = {}
    counted: dict[str, int] = {}
    for row, kept in zip(records(ordered), keep, strict=True):
        estate = row.estate_id
        counted[estate] = counted.get(estate, 0) + 1
        if kept:
            notes = remark(row, language) if with_remarks else ""
            item = _evidence(counted[estate], row, language, notes)
            listed.setdefault(estate, []).append(
                replace(item, lead=item.department) if department else item
            )
    return listed


def _is_whole(shape: BaseGeometry | None, witness_layer: str | None) -> bool:
    """Return whether a gap has no place within its estate: no geometry, or the outline itself."""
    return shape is None or shape.is_empty or witness_layer == "estates"


def records(table: pd.DataFrame) -> list[SimpleNamespace]:
    """Return the rows as records with the columns as attributes, None for missing values."""
    names = list(table.columns)
    columns = [_plain(table[name]) for name in names]
    return [
        SimpleNamespace(**dict(zip(names, cells, strict=True)))
        for cells in zip(*columns, strict=True)
    ]


def _plain(column: pd.Series) -> list[object]:
    """Return the values of a column, None for missing ones."""
    values, unknowns = column.tolist(), column.isna().to_numpy()
    if not unknowns.any():
        return values
    return [None if lost else value for value, lost in zip(values, unknowns, strict=True)]


def _evidence(number: int, row: SimpleNamespace, language: Language, notes: str) -> Evidence:
    item, metric = getattr(row, f"item_{language}"), getattr(row, f"metric_{language}")
    title = clean(say("sheet.item_and_metric", language, item=item, metric=metric))
    lead, assisting = (named(row, name, language) for name in ("department", "assisting"))
    return Evidence(
        number=number,
        title=say("common.with_detail", language, text=title, detail=notes) if notes else title,
        value=found(row, language),
        threshold=required(row, language),
        basis=_basis(row),
        source=_source(row),
        department=listing(filter(None, (lead, assisting)), language),
        lead=_lead(lead, assisting, language),
        row=row,
    )


def named(row: SimpleNamespace, name: str, language: Language) -> str:
    """Return what is in a column of names, such as "department", in a language."""
    return clean(getattr(row, named_column(name, language)))


def _source(row: SimpleNamespace) -> str:
    """Return number or, without one, title of the source, and the clause without remarks."""
    number, title = clean(row.source_id), clean(row.source_title)
    name = number if _STANDARD.match(number) else title
    return cited(name, _REMARK.split(clean(row.clause), maxsplit=1)[0])


def _basis(row: SimpleNamespace) -> str:
    """Return title and, for a standard, number of the source, and the whole clause."""
    number, title, clause = clean(row.source_id), clean(row.source_title), clean(row.clause)
    return cited(f"{title} {number}" if _STANDARD.match(number) else title, clause)


def _lead(department: str, assisting: str, language: Language) -> str:
    """Return the leading department, marked if others assist it."""
    return say("sheet.others", language, body=department) if assisting else department


def found(row: SimpleNamespace, language: Language) -> str:
    """Return the word for a finding, its value with unit, and how many of its members fail."""
    word = degree_text(row.degree, language, is_marginal=row.is_marginal)
    value = measured(row, language)
    if value and row.degree == Degree.NONE_ALLOWED:
        word = ""  # what should be 0 is said beside the value anyway
    parts = [" ".join(filter(None, (word, value)))]
    members, bad = row.members, row.failing_members
    if members is not None and bad is not None and int(members) > 1:
        shown = say("sheet.part_of", language, part=int(bad), whole=int(members))
        parts.append(shown)
    return "".join(parts)


def required(row: SimpleNamespace, language: Language) -> str:
    """Return comparison, threshold and unit of a finding, "—" without a threshold."""
    if is_unknown(row.threshold):
        return "—"
    return clean(demand_text(_text(row.op), row.threshold, _text(row.unit), language))


def remark(row: SimpleNamespace, language: Language) -> str:
    """Return the reservations on a finding: not binding, unverified, of old data; "" for none."""
    notes = []
    if row.statement != Statement.GAP:
        notes.append(STATEMENT_LABELS[row.statement][language])
    if row.verified == "recall":
        notes.append(VERIFIED_LABELS["recall"][language])
    if row.is_outdated:
        notes.append(OUTDATED[language])
    return listing(notes, language)


def measured(row: SimpleNamespace, language: Language) -> str:
    """Return the value of a finding with its unit, "" where nothing was measured."""
    if is_unknown(row.value):
        return ""
    beside = nan if is_unknown(row.threshold) else row.threshold
    return clean(quantity(row.value, _text(row.unit), language, beside))


def anchor_of(shape: BaseGeometry | None, window: BaseGeometry) -> shapely.Point | None:
    """
    Return the point inside `window` at which a gap is marked.

    Parameters
    ----------
    shape : shapely.Geometry or None
        Geometry of the gap [m], working CRS.
    window : shapely.Geometry
        Ground of the map frame [m], same CRS.

    Returns
    -------
    shapely.Point or None
        Start of a route, else a point on the part nearest the middle of the parts; None if the gap
        has no geometry or no such point is inside.
    """
    if shape is None or shape.is_empty:
        return None
    if isinstance(shape, shapely.LineString):
        start = shapely.Point(shape.coords[0])
        return start if window.intersects(start) else None
    parts = shapely.get_parts(shape)
    points = shapely.point_on_surface(parts)
    kept = points[shapely.intersects(points, window)]
    if not len(kept):
        return None
    middle = shapely.centroid(shapely.multipoints(kept))
    return shapely.Point(kept[int(np.argmin(shapely.distance(kept, middle)))])


def lines_of(evidence: Sequence[Evidence], line: str) -> list[BaseGeometry]:
    """Return the geometries [m] whose `Evidence.line` is `line`."""
    return [item.shape for item in evidence if item.shape is not None and item.line == line]


def areas_of(evidence: Sequence[Evidence]) -> list[BaseGeometry]:
    """Return the polygons [m] that fail: fire lanes, buildings, greens."""
    shapes = [item.shape for item in evidence if item.shape is not None]
    return [shape for shape in shapes if shapely.get_dimensions(shape) == 2]  # noqa: PLR2004


def places_of(evidence: Sequence[Evidence]) -> NDArray[np.object_]:
    """Return a point [m] on each part of the gaps that are no lines, shape (n,)."""
    shapes = [item.shape for item in evidence if item.shape is not None and not item.line]
    parts = shapely.get_parts(np.array(shapes, dtype=object))
    return np.asarray(shapely.point_on_surface(parts))


def is_unknown(value: object) -> bool:
    """Return whether a value was never surveyed (None, NaN, NA)."""
    return bool(pd.isna(value))  # type: ignore[call-overload]


def _text(value: object) -> str:
    return "" if is_unknown(value) else str(value)


def findings_csv(findings: gpd.GeoDataFrame, language: Language) -> bytes:
    """
    Return findings as CSV with headings in `language`.

    A text that a spreadsheet would run as a formula is kept as text by a leading apostrophe.
    """
    rows = findings.sort_values(["estate_id", "rule_id"])
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.label(language) for column in COLUMNS])
    cell = lru_cache(maxsize=None)(_cell)  # most texts occur in many rows
    columns = [map(cell, rows[column.name].tolist()) for column in COLUMNS]
    writer.writerows(zip(*columns, strict=True))
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", "replace")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if isnan(value) else f"{value:.10g}"
    if value is None or value is pd.NA:
        return ""
    text = clean(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def class_labels(language: Language) -> tuple[str, ...]:
    """Return what the classes are called, in their order."""
    return tuple(CLASSES[name][language] for name in CLASS_ORDER)


def count_by_class(evidence: Sequence[Evidence]) -> dict[str, int]:
    """Return how many gaps fall into each class."""
    return {name: sum(item.item_class == name for item in evidence) for name in CLASS_ORDER}
