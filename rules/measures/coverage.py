"""
Coverage: the share of an estate's paths that lies near something, such as a working lamp.

Paths are cut at the estate's outline and count once; whatever stands near enough covers them,
whosever it is.
"""

import numpy as np
import pandas as pd
import shapely

from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from geo.runs import members_of_groups
from geo.spans import lengths_within
from rules.context import EvaluationContext
from rules.grammar import Coverage
from rules.lacking import Lacking
from rules.measured import Measured, all_unknown, bounds
from rules.model import Book, Rule
from rules.reads import Reads, rows_read
from rules.rows import Rows
from rules.selection import columns_of
from rules.verdict import MemberVerdicts, by_threshold


def reads(rule: Rule, book: Book) -> Reads:  # noqa: ARG001 - as every way is asked
    """Return what the covered share depends on."""
    spec = rule.measure
    assert isinstance(spec, Coverage)  # noqa: S101 - guaranteed by the MEASURES registry
    return rows_read(spec.layer, spec.kinds, columns_of(spec.where)) | rows_read(
        spec.by_what.layer, spec.by_what.kinds, columns_of(spec.by_what.where)
    )


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Measure the least and the most of every estate's paths that can be covered."""
    spec = rule.measure
    assert isinstance(spec, Coverage)  # noqa: S101 - guaranteed by the MEASURES registry
    lacking, size = Lacking(context), context.size
    points = context.rows(spec.by_what.layer, spec.by_what.kinds)
    suits = points.holds(spec.by_what.where)
    unseen = lacking.unsurveyed(spec.by_what.layer, spec.by_what.kinds)
    paths = _paths(context, context.rows(spec.layer, spec.kinds))
    length = np.asarray(shapely.length(paths))
    low = _covered(paths, points, suits.yes, spec.within_m)
    high = _covered(paths, points, suits.maybe, spec.within_m)
    lacking.columns(points, columns_of(spec.by_what.where), suits.open)
    without = length == 0
    lacking.rows(spec.layer, without)
    with np.errstate(invalid="ignore"):
        low, high = low / length, high / length
    unseen_or_none = without | unseen
    return Measured(
        fields=pd.DataFrame(
            {
                "value_low": np.where(unseen_or_none, 0.0, low),
                "value_high": np.where(unseen_or_none, 1.0, high),
            }
        ),
        estate=np.arange(size),
        empty=all_unknown(size),
        lacking=lacking,
    )


def _paths(context: EvaluationContext, rows: Rows) -> ObjectArray:
    """Return every estate's paths as one geometry, cut at its outline; empty without any."""
    paths = np.full(context.size, shapely.MultiLineString(), dtype=object)
    if len(rows) == 0:
        return paths
    estate, path = shapely.STRtree(rows.shapes).query(context.outlines, predicate="intersects")
    inside = shapely.intersection(rows.shapes[path], context.outlines[estate])
    parts, owner = _lines(inside)
    # Two paths may run over the same ground, which counts once.
    once = [shapely.union_all(parts[part]) for part in members_of_groups(estate[owner]).values()]
    stretches, place = shapely.get_parts(np.array(once, dtype=object), return_index=True)
    shapely.multilinestrings(stretches, indices=np.unique(estate[owner])[place], out=paths)
    return paths


def _lines(shapes: ObjectArray) -> tuple[ObjectArray, IntArray]:
    """
    Return the single lines among shapes, and the position of the shape that each belongs to.

    A path that only touches an outline leaves a point.
    """
    some, shape = shapely.get_parts(shapes, return_index=True)
    parts, one = shapely.get_parts(some, return_index=True)
    is_line = shapely.get_type_id(parts) == 1
    return parts[is_line], shape[one[is_line]]


def _covered(paths: ObjectArray, rows: Rows, chosen: BoolArray, within_m: float) -> FloatArray:
    """Return the length of each estate's paths within reach of the chosen points [m]."""
    centres = rows.points[chosen]
    if len(centres) == 0:
        return np.zeros(len(paths))
    points = np.asarray(shapely.points(centres), dtype=object)
    estate, near = shapely.STRtree(points).query(paths, predicate="dwithin", distance=within_m)
    return lengths_within(paths, centres[near], np.full(len(near), within_m), estate)


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Hold the share against the rule."""
    return by_threshold(rule, *bounds(fields, "value"))
