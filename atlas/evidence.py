"""
Evidence: the numbered gaps of an estate, from its findings.

One list drives the callouts of the map, the rows of the table, the links between them and the file
attached to the PDF.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isnan
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
    OUTCOME_LABELS,
    STATEMENT_LABELS,
    UNIT_LABELS,
    VERIFIED_LABELS,
    Outcome,
    Statement,
    is_gap,
)
from wording import Language, say

CLASS_ORDER = tuple(CLASSES)
_OPS = {">=": "≥", "<=": "≤", "==": "="}
_STANDARD = re.compile(r"(GB|JGJ|CJJ|JB|DB|TD)")
_REMARK = re.compile("[（；]")
_SHARES = ("", "1", "share", "比例")
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Evidence:
    """
    One gap of one estate, as printed.

    Attributes
    ----------
    number : int
        From 1, in the order of the table: by class, the worst first.
    title, value, threshold, basis, department : str
        Words of the table.
    source, lead : str
        Basis and department, shortened for a narrow table.
    remark : str
        待核, 对照 and the like.
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
    remark: str
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
        """Where it falls short, in the working CRS."""
        shape = self.row.geometry
        return None if shape is None or shape.is_empty else shape

    @property
    def line(self) -> str:
        """What its lines are: a "route" walked, a "pipe" or "path" that fails; "" for no lines."""
        shape = self.shape
        if shape is None or shapely.get_dimensions(shape) != 1:
            return ""
        if shape.geom_type == "LineString":
            return "route"
        return "pipe" if self.row.witness_layer == "pipelines" else "path"

    @property
    def destination(self) -> str:
        """The name links use for its row."""
        return f"gap:{self.finding_id}"


def concerns(findings: pd.DataFrame, department: str) -> pd.Series:
    """Return which findings `department` answers for, leading or supporting."""
    marked = "、" + findings["department_ids"].fillna("").astype(str) + "、"
    return marked.str.contains(f"、{department}、", regex=False)


def all_evidence(
    findings: gpd.GeoDataFrame, language: Language, department: str = ""
) -> dict[str, list[Evidence]]:
    """
    Return the numbered gaps of every estate.

    In an extract (`department`) only those it answers for, under the numbers of the whole table.
    """
    rows = findings[is_gap(findings)]
    rank = rows["item_class"].map(CLASS_ORDER.index)
    ordered = rows.assign(_rank=rank, _worst=-rows["severity"].fillna(0.0)).sort_values(
        ["estate_id", "_rank", "_worst", "rule_id"], kind="stable"
    )
    keep = concerns(ordered, department).tolist() if department else [True] * len(ordered)
    listed: dict[str, list[Evidence]] = {}
    counted: dict[str, int] = {}
    for row, kept in zip(records(ordered), keep, strict=True):
        estate = row.estate_id
        counted[estate] = counted.get(estate, 0) + 1
        if kept:
            listed.setdefault(estate, []).append(_evidence(counted[estate], row, language))
    return listed


def records(table: pd.DataFrame) -> list[SimpleNamespace]:
    """Return rows as plain records, columns as attributes, None for what is unknown."""
    names = list(table.columns)
    columns = [_plain(table[name]) for name in names]
    return [
        SimpleNamespace(**dict(zip(names, cells, strict=True)))
        for cells in zip(*columns, strict=True)
    ]


def _plain(column: pd.Series) -> list[object]:
    """Return the values of a column, None for what is unknown."""
    values, unknowns = column.tolist(), column.isna().to_numpy()
    if not unknowns.any():
        return values
    return [None if lost else value for value, lost in zip(values, unknowns, strict=True)]


def _evidence(number: int, row: SimpleNamespace, language: Language) -> Evidence:
    item, metric = getattr(row, f"item_{language}"), getattr(row, f"metric_{language}")
    return Evidence(
        number=number,
        title=clean(say("sheet.item_and_metric", language, item=item, metric=metric)),
        value=found(row, language),
        threshold=required(row, language),
        basis=_basis(row),
        source=_source(row),
        department="、".join(filter(None, (clean(row.department), clean(row.assisting)))),
        lead=_lead(clean(row.department), clean(row.assisting), language),
        remark=remark(row, language),
        row=row,
    )


def _source(row: SimpleNamespace) -> str:
    """Return a standard by its number, a paper by its title, and the clause without remarks."""
    number, title = clean(row.source_id), clean(row.source_title)
    name = number if _STANDARD.match(number) else title
    clause = _REMARK.split(clean(row.clause), maxsplit=1)[0]
    return name if clause == name else f"{name} {clause}"


def _basis(row: SimpleNamespace) -> str:
    """Return a standard's title and number, or a paper's title, and the whole clause."""
    number, title, clause = clean(row.source_id), clean(row.source_title), clean(row.clause)
    name = f"{title} {number}" if _STANDARD.match(number) else title
    return name if clause == name else f"{name} {clause}"


def _lead(department: str, assisting: str, language: Language) -> str:
    """Return the leading body, and that there are others."""
    return say("sheet.others", language, body=department) if assisting else department


def found(row: SimpleNamespace, language: Language) -> str:
    """Return what was found, in words: the value with its unit, and how many members fail."""
    outcome = OUTCOME_LABELS[row.outcome][language]
    parts = [quantity(row.value, _text(row.unit), language) or outcome]
    members, bad = row.members, row.failing_members
    if members is not None and bad is not None and int(members) > 1:
        shown = say("sheet.failing_of", language, failing=int(bad), members=int(members))
        parts.append(shown)
    return "".join(parts)


def required(row: SimpleNamespace, language: Language) -> str:
    """Return the threshold in words."""
    amount = quantity(row.threshold, _text(row.unit), language)
    return f"{_OPS.get(_text(row.op), '')} {amount}".strip() if amount else "—"


def remark(row: SimpleNamespace, language: Language) -> str:
    """Return what weakens a finding: what does not bind, a figure still to be verified."""
    notes = []
    if row.statement != Statement.GAP:
        notes.append(STATEMENT_LABELS[row.statement][language])
    if row.verified == "recall":
        notes.append(VERIFIED_LABELS["recall"][language])
    return "、".join(notes)


def quantity(value: float | None, unit: str, language: Language) -> str:
    """Return a number with its unit, "" for none; three significant digits, shares in per cent."""
    if value is None or pd.isna(value):
        return ""
    if unit in _SHARES:
        return f"{value * 100:.3g}%"
    digits = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004
    labels = UNIT_LABELS.get(unit)
    word = labels[language] if labels else unit
    return f"{digits} {clean(word)}".strip()


def anchor_of(shape: BaseGeometry | None, window: BaseGeometry) -> shapely.Point | None:
    """Return a gap's place inside `window`: a route's start, else its most central part."""
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
    """Return the geometries [m] that are a "route", a "pipe" or a "path"."""
    return [item.shape for item in evidence if item.shape is not None and item.line == line]


def places_of(evidence: Sequence[Evidence]) -> NDArray[np.object_]:
    """Return a point in each door, tree, building or ground that falls short [m]."""
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
    cell = lru_cache(maxsize=None)(_cell)  # most words stand in many rows
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


def count_by_class(evidence: Sequence[Evidence]) -> dict[str, int]:
    """Return how many gaps fall into each class."""
    return {name: sum(item.item_class == name for item in evidence) for name in CLASS_ORDER}


def unknown(findings: gpd.GeoDataFrame, estates: Sequence[str]) -> gpd.GeoDataFrame:
    """Return the findings of `estates` that lack data."""
    wanted = (findings["outcome"] == Outcome.UNKNOWN) & findings["estate_id"].isin(list(estates))
    return findings[wanted]
