"""
Contradictions: figures of a booklet that cannot both be right.

Nothing is settled here: which figure holds is for the body that answers for it; until it is mended
no formal issue prints either.
"""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import SimpleNamespace

import numpy as np
import shapely

from atlas.evidence import is_unknown, measured, records, required
from atlas.problem import Field, Problem
from atlas.sheet import AtlasContext
from atlas.text import clean
from layers.findings import FAILING, Outcome

OVERLAP_M2 = 1.0
"""Estates that share more ground than this overlap: less is how exactly outlines are drawn."""

_TOTALS = {
    "households": ("户数", "households", 0.0),
    "floor_area_m2": ("建筑面积", "floor area", 1.0),
}
"""Column of the estate and of its buildings -> its name, and by how much the sums may differ."""

_HOLDS: Mapping[str, Callable[[float, float], bool]] = {"<=": operator.le, ">=": operator.ge}


def contradictions(context: AtlasContext) -> list[Problem]:
    """Return every contradiction of a booklet, each with the field in which it is mended."""
    return [*_totals(context), *_verdicts(context), *_overlaps(context)]


def _totals(context: AtlasContext) -> Iterator[Problem]:
    """Yield the estates whose own figure is not the total of the table of their buildings."""
    for estate in records(context.estates.drop(columns="geometry")):
        for column, (zh, en, slack) in _TOTALS.items():
            own = getattr(estate, column)
            rows = context.members("buildings", estate.estate_id)
            stated = [getattr(row, column) for row in rows]
            known = [value for value in stated if value is not None]
            if is_unknown(own) or not known or not _differ(own, known, len(stated), slack):
                continue
            name, total = clean(estate.name), sum(known)
            yield Problem(
                "total",
                f"{name}: {en} {own:,.0f}, but its table of buildings adds up to {total:,.0f}",
                f"{name}：{zh}为 {own:,.0f}，而楼栋表合计 {total:,.0f}",
                Field("estates", estate.estate_id, column),
            )


def _differ(own: float, known: Sequence[float], rows: int, slack: float) -> bool:
    """Return whether a figure cannot be the sum of rows of which some may be unknown."""
    total = sum(known)
    return total > own + slack or (len(known) == rows and total < own - slack)


def _verdicts(context: AtlasContext) -> Iterator[Problem]:
    """Yield the findings whose value and threshold say otherwise than their verdict."""
    for estate_id in context.estates["estate_id"]:
        for row in context.findings_of(estate_id):
            if _contradicts(row):
                name = clean(row.estate)
                figures = [f"{measured(row, side)} {required(row, side)}" for side in ("en", "zh")]
                yield Problem(
                    "verdict",
                    f"{name}: {clean(row.metric_en)} {figures[0]}, but judged {row.outcome}",
                    f"{name}：{clean(row.metric_zh)} {figures[1]}，却判为 {row.outcome}",
                    Field("rules", row.rule_id),
                )


def _contradicts(row: SimpleNamespace) -> bool:
    holds = _HOLDS.get(row.op or "")
    if holds is None or is_unknown(row.value) or is_unknown(row.threshold):
        return False
    if row.outcome == Outcome.MET:
        return not holds(row.value, row.threshold)
    return row.outcome in FAILING and holds(row.value, row.threshold)


def _overlaps(context: AtlasContext) -> Iterator[Problem]:
    """Yield the pairs of estates that share ground, one of them in the booklet."""
    estates = context.district["estates"]
    shapes = np.asarray(estates.geometry.array, dtype=object)
    keys, names = estates["estate_id"].tolist(), [clean(name) for name in estates["name"]]
    shown = set(context.estates["estate_id"])
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects").T
    for a, b in pairs[pairs[:, 0] < pairs[:, 1]].tolist():
        shared = float(shapely.area(shapely.intersection(shapes[a], shapes[b])))
        if shared > OVERLAP_M2 and {keys[a], keys[b]} & shown:
            yield Problem(
                "overlap",
                f"{names[a]} and {names[b]} overlap by {shared:,.0f} m2: "
                "what is in both counts twice",
                f"{names[a]}与{names[b]}重叠 {shared:,.0f} m²，其中的内容重复计算",
                Field("estates", keys[a]),
            )
