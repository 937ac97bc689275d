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

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.text import clean
from layers.findings import (
    BEARING_LABELS,
    CLASSES,
    COLUMNS,
    FAILING,
    OUTCOME_LABELS,
    UNIT_LABELS,
    VERIFIED_LABELS,
    Outcome,
)

CLASS_ORDER = tuple(CLASSES)
_OPS = {">=": "≥", "<=": "≤", "==": "="}
_STANDARD = re.compile(r"(GB|JGJ|CJJ|JB|DB|TD)")
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Evidence:
    """
    One gap of one estate, as printed.

    Attributes
    ----------
    number : int
        From 1, in the order of the table.
    finding_id, estate_id : str
        Keys.
    item_class, outcome : str
        As in the findings.
    title, value, threshold, basis, department : str
        Words of the table.
    source, lead : str
        Basis and department, shortened for a narrow table.
    remark : str
        待核, 对照 and the like.
    shape : shapely.Geometry or None
        Where it falls short, in the working CRS.
    origin : tuple of str
        Layer and id of the place a walk starts from.
    """

    number: int
    finding_id: str
    estate_id: str
    item_class: str
    outcome: str
    title: str
    value: str
    threshold: str
    basis: str
    source: str
    department: str
    lead: str
    remark: str
    shape: shapely.Geometry | None
    origin: tuple[str, str]

    @property
    def place(self) -> str:
        """The name links use for its row."""
        return f"gap:{self.finding_id}"


def failing(findings: gpd.GeoDataFrame, estate_id: str, department: str = "") -> gpd.GeoDataFrame:
    """Return the gaps of an estate, by class, then the worst first; only `department`'s if given."""
    rows = findings[(findings["estate_id"] == estate_id) & findings["outcome"].isin(FAILING)]
    if department:
        rows = rows[concerns(rows, department)]
    rank = rows["item_class"].map(CLASS_ORDER.index)
    return rows.assign(_rank=rank, _worst=-rows["severity"].fillna(0.0)).sort_values(
        ["_rank", "_worst", "rule_id"], kind="stable"
    )


def concerns(findings: pd.DataFrame, department: str) -> pd.Series:
    """Return which findings `department` answers for, leading or supporting."""
    marked = "、" + findings["department_ids"].fillna("").astype(str) + "、"
    return marked.str.contains(f"、{department}、", regex=False)


def evidence_of(
    findings: gpd.GeoDataFrame, estate_id: str, language: str, department: str = ""
) -> list[Evidence]:
    """Return the numbered gaps of an estate; numbers stay those of the whole table in an extract."""
    rows = failing(findings, estate_id)
    listed = [
        _evidence(number, row, language) for number, row in enumerate(rows.itertuples(), start=1)
    ]
    if not department:
        return listed
    keep = set(rows["finding_id"][concerns(rows, department)])
    return [item for item in listed if item.finding_id in keep]


def _evidence(number: int, row: object, language: str) -> Evidence:
    get = lambda name: getattr(row, name)  # noqa: E731 - itertuples rows have no mapping access
    zh = language == "zh"
    title = get("metric_zh") if zh else get("metric_en")
    item = get("item_zh") if zh else get("item_en")
    return Evidence(
        number=number,
        finding_id=get("finding_id"),
        estate_id=get("estate_id"),
        item_class=get("item_class"),
        outcome=get("outcome"),
        title=clean(f"{item}：{title}" if zh else f"{item}: {title}"),
        value=found(row, language),
        threshold=required(row, language),
        basis=clean(f"{get('source_title')} {get('clause')}"),
        source=_source(row),
        department=clean(get("department")),
        lead=_lead(clean(get("department")), language),
        remark=remark(row, language),
        shape=get("geometry"),
        origin=(_text(get("origin_layer")), _text(get("origin_id"))),
    )


def _source(row: object) -> str:
    """Return a standard by its number, a paper by its title."""
    number = clean(getattr(row, "source_id"))
    name = number if _STANDARD.match(number) else clean(getattr(row, "source_title"))
    return f"{name} {clean(getattr(row, 'clause'))}"


def _lead(department: str, language: str) -> str:
    """Return the leading body, and that there are others."""
    bodies = department.split("、")
    more = "等" if language == "zh" else " etc."
    return bodies[0] + (more if len(bodies) > 1 else "")


def found(row: object, language: str) -> str:
    """Return what was found, in words: the value with its unit, and how many members fail."""
    outcome = OUTCOME_LABELS[getattr(row, "outcome")][0 if language == "zh" else 1]
    parts = [quantity(getattr(row, "value"), _text(getattr(row, "unit")), language) or outcome]
    members, bad = getattr(row, "members"), getattr(row, "failing_members")
    if not pd.isna(members) and not pd.isna(bad) and int(members) > 1:
        parts.append(
            f"（{int(bad)}/{int(members)}）" if language == "zh" else f" ({bad}/{members})"
        )
    return "".join(parts)


def required(row: object, language: str) -> str:
    """Return the threshold in words."""
    amount = quantity(getattr(row, "threshold"), _text(getattr(row, "unit")), language)
    return f"{_OPS.get(_text(getattr(row, 'op')), '')} {amount}".strip() if amount else "—"


def remark(row: object, language: str) -> str:
    """Return what weakens a finding: a clause for new buildings, a figure still to be verified."""
    position = 0 if language == "zh" else 1
    notes = []
    if getattr(row, "bearing") == "reference_only":
        notes.append(BEARING_LABELS["reference_only"][position])
    if getattr(row, "verified") == "recall":
        notes.append(VERIFIED_LABELS["recall"][position])
    return "、".join(notes)


def quantity(value: float, unit: str, language: str) -> str:
    """Return a number with its unit, "" for none; three significant digits, shares in per cent."""
    if pd.isna(value):
        return ""
    if unit in ("1", "share", "比例"):
        return f"{value * 100:.3g}%"
    digits = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004
    labels = UNIT_LABELS.get(unit)
    word = (labels[0 if language == "zh" else 1] if labels else unit) or ""
    return f"{digits} {clean(word)}".strip()


def anchor_of(shape: shapely.Geometry | None, window: shapely.Geometry) -> shapely.Point | None:
    """Return the place of a gap inside `window`: a route's start, else the first part; None if outside."""
    if shape is None or shape.is_empty:
        return None
    if shape.geom_type == "LineString":
        return _inside(shapely.get_point(shape, 0), window)
    parts = shapely.get_parts(shape)
    points = shapely.point_on_surface(parts)
    kept = points[shapely.intersects(points, window)]
    if not len(kept):
        return None
    middle = shapely.centroid(shapely.multipoints(kept))
    return shapely.Point(kept[int(np.argmin(shapely.distance(kept, middle)))])


def _inside(point: shapely.Point, window: shapely.Geometry) -> shapely.Point | None:
    return point if window.intersects(point) else None


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def findings_csv(findings: gpd.GeoDataFrame, estates: Sequence[str], language: str) -> bytes:
    """
    Return the findings of `estates` as CSV with headings in `language`.

    A text that a spreadsheet would run as a formula is kept as text by a leading apostrophe.
    """
    rows = findings[findings["estate_id"].isin(list(estates))].sort_values(["estate_id", "rule_id"])
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.label(language) for column in COLUMNS])
    names = [column.name for column in COLUMNS]
    writer.writerows([_cell(value) for value in row] for row in rows[names].itertuples(index=False))
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", "replace")


def _cell(value: object) -> str:
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.10g}"
    text = clean(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def count_by_class(evidence: Sequence[Evidence]) -> dict[str, int]:
    """Return how many gaps fall into each class."""
    return {name: sum(item.item_class == name for item in evidence) for name in CLASS_ORDER}


def unknown(findings: gpd.GeoDataFrame, estates: Sequence[str]) -> gpd.GeoDataFrame:
    """Return the findings of `estates` that lack data."""
    wanted = (findings["outcome"] == Outcome.UNKNOWN) & findings["estate_id"].isin(list(estates))
    return findings[wanted]
