"""
Evidence: the geometry that shows why a finding says what it says.

A walk is shown by its route from the deciding door; anything else by the members that fail.
"""

import numpy as np
import shapely

from geo.arrays import BoolArray, IntArray, ObjectArray
from rules import walking
from rules.context import EvaluationContext
from rules.grammar import Measure, OrWalk, Ratio, Walk
from rules.judged import Judged
from rules.measured import Witnesses
from rules.selection import Shared
from rules.verdict import MET, SHORT

_SLACK_M = 1.0  # a search up to the known walk and a little more finds it again


def evidence(context: EvaluationContext, judged: Judged) -> ObjectArray:
    """
    Return one geometry for each estate in the working CRS, None where nothing can be drawn.

    Parameters
    ----------
    context : EvaluationContext
        A district of n estates, a book and a day.
    judged : Judged
        What a rule found in them.

    Returns
    -------
    ndarray of object, shape (n,)
    """
    measured, folded = judged.measured, judged.folded
    if measured.doors is not None:
        return _routes(context, judged)
    failing = judged.verdict.code >= SHORT
    if measured.members is not None and not measured.is_best:
        owner, shapes = measured.estate[failing], measured.members.shapes[failing]
    elif isinstance(judged.rule.measure, Ratio):
        owner, shapes = _failing_rows(context, judged.rule.measure)
    else:
        return np.full(context.size, None, dtype=object)
    wanted = folded.code[owner] >= SHORT
    return gathered(owner[wanted], shapes[wanted], context.size)


def _failing_rows(context: EvaluationContext, measure: Ratio) -> tuple[IntArray, ObjectArray]:
    """Return the rows that do not have what the ratio counts, with their estates."""
    owners, shapes = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=object)]
    for quantity in measure.of:
        rows = context.rows(quantity.layer, quantity.kinds)
        lacks = rows.holds(quantity.where).no & (rows.estate >= 0)
        owners.append(rows.estate[lacks])
        shapes.append(rows.shapes[lacks])
    return np.concatenate(owners), np.concatenate(shapes)


def gathered(owner: IntArray, shapes: ObjectArray, size: int) -> ObjectArray:
    """
    Return one multi-part geometry for each of `size` owners, None for those without shapes.

    Parameters
    ----------
    owner : ndarray of int64, shape (m,)
        Owner of each shape, 0 to size - 1.
    shapes : ndarray of geometry, shape (m,)
        All points, all lines or all polygons; polygons of one owner that overlap become one.
    """
    together = np.full(size, None, dtype=object)
    parts, index = shapely.get_parts(shapes, return_index=True)
    if len(parts) == 0:
        return together
    order = np.argsort(owner[index], kind="stable")
    who, place = np.unique(owner[index][order], return_inverse=True)
    make = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)
    dimension = int(shapely.get_dimensions(parts[0]))
    found = np.asarray(make[dimension](parts[order], indices=place), dtype=object)
    for at in np.flatnonzero(~shapely.is_valid(found)):
        whole = shapely.union_all(shapely.get_parts(found[at]))
        found[at] = shapely.multipolygons(shapely.get_parts(whole))
    together[who] = found
    return together


def _routes(context: EvaluationContext, judged: Judged) -> ObjectArray:
    """Return the walk from each estate's deciding door to the place that decided."""
    folded, measured = judged.folded, judged.measured
    drawn = np.full(context.size, None, dtype=object)
    for met, witnesses in ((True, measured.witness_met), (False, measured.witness)):
        chosen = (folded.code == MET) if met else (folded.code >= SHORT)
        _draw(context, judged, chosen, witnesses, drawn)
    return drawn


def _draw(
    context: EvaluationContext,
    judged: Judged,
    chosen: BoolArray,
    witnesses: Witnesses | None,
    drawn: ObjectArray,
) -> None:
    """Draw the routes of the `chosen` estates into `drawn`."""
    measured, pick = judged.measured, judged.folded.pick
    assert witnesses is not None  # noqa: S101 - where walks begin at doors, they end at witnesses
    assert measured.doors is not None  # noqa: S101 - guaranteed by the caller
    estates = np.flatnonzero(chosen & (pick >= 0))
    row = witnesses.row[pick[estates]]
    estates, row = estates[row >= 0], row[row >= 0]
    if len(estates) == 0:
        return
    doors = measured.doors[pick[estates]]
    places = _walked_to(judged.rule.measure)
    access = walking.access(context, places.layer, places.kinds)
    targets, wanted = np.unique(row, return_inverse=True)
    name = (judged.rule.id, bool(judged.folded.code[estates[0]] == MET))
    ends, routes = walking.routes(context, name, doors, access.take(targets))
    drawn[estates] = routes
    # A neighbour's place may be nearer than the one the estate may use: those walks one by one.
    for at in np.flatnonzero(ends != wanted):
        limit = _walked(judged, int(pick[estates[at]])) + _SLACK_M
        drawn[estates[at]] = walking.walk(context, int(doors[at]), access.take(row[[at]]), limit)


def _walked_to(measure: Measure) -> Shared:
    """Return what the walks of a rule end at."""
    places = measure.or_walk if isinstance(measure, Ratio) else measure
    assert isinstance(places, (OrWalk, Walk))  # noqa: S101 - other rules have no doors
    return places


def _walked(judged: Judged, member: int) -> float:
    """Return the walk of one member [m]."""
    fields = judged.measured.fields
    name = "distance_high" if "distance_high" in fields else "value_high"
    return float(fields[name].iloc[member])
