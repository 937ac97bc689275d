"""Fire lanes: how wide a lane stays beside a shaft, across its whole width."""

import geopandas as gpd
import numpy as np
import shapely
from shapely.ops import substring

from geo.arrays import ObjectArray
from geo.crs import GRID_M
from geo.passage import axes_on, clear_widths
from layers.fire_lanes import KINDS
from lifts.conditions import Effect, conditions, length_of
from lifts.placing import Candidates
from rules.context import EvaluationContext
from rules.grammar import ClearWidth
from rules.model import Rule

_DRAWN = "fire.lane.drawn"
_LEAST_M2 = 0.01  # an overlap below this is the survey's
_BEYOND_M = 0.5  # so far before and behind a shaft the lane is cut out; half of it is looked at


def lanes_left(context: EvaluationContext, rule: Rule, places: Candidates) -> gpd.GeoDataFrame:
    """
    Return the lanes that shafts or bridges reach into, and how wide each stays there.

    A bridge is lower than a fire engine is high: it takes ground like its shaft. A lane that is
    narrower elsewhere is not the shaft's doing.

    Parameters
    ----------
    context : EvaluationContext
        The district on a day.
    rule : Rule
        ``lift.siting.fire_lane``.
    places : Candidates
        k places.
    """
    drawn = context.book.by_id[_DRAWN].measure
    assert isinstance(drawn, ClearWidth)  # noqa: S101 - the rule is one
    rows = context.rows("fire_lanes", ("lane",))
    envelope = places.envelope
    place, lane = shapely.STRtree(rows.shapes).query(envelope, predicate="intersects")
    met = shapely.area(shapely.intersection(envelope[place], rows.shapes[lane])) > _LEAST_M2
    place, lane = place[met].astype(np.int64), lane[met]
    used, which = np.unique(lane, return_inverse=True)
    axis, owner = axes_on(context.walkways, rows.shapes[used], 2 * drawn.ends_m)
    things = [context.rows(thing.layer, thing.kinds).shapes for thing in drawn.things]
    standing = _Standing(np.concatenate(things))
    left = [
        _left(rows.shapes[on], axis[owner == of], envelope[at], standing)
        for at, on, of in zip(place, lane, which, strict=True)
    ]
    width = length_of(np.array(left, dtype=np.float64))
    is_narrow = width < rule.threshold - GRID_M
    return conditions(
        "fire_lane",
        np.where(is_narrow, Effect.BLOCKS, Effect.ASKS).astype(object),
        place,
        shapely.intersection(envelope[place], rows.shapes[lane]),
        rule,
        layer="fire_lanes",
        object_id=rows.column("lane_id").to_numpy(dtype=object)[lane],
        object_zh=KINDS["lane"].zh,
        object_en=KINDS["lane"].en,
        measured=width,
        required=rule.threshold,
    )


class _Standing:
    """What narrows lanes already, found by place."""

    def __init__(self, shapes: ObjectArray) -> None:
        self._shapes = shapes
        self._tree = shapely.STRtree(shapes)

    def on(self, ground: shapely.Geometry) -> ObjectArray:
        """Return what stands on a piece of ground."""
        found: ObjectArray = self._shapes[self._tree.query(ground, predicate="intersects")]
        return found


def _left(
    lane: shapely.Polygon, axes: ObjectArray, envelope: shapely.Polygon, standing: _Standing
) -> float:
    """Return the least clear width of a lane beside an envelope that reaches into it [m]."""
    axis = axes[int(np.argmin(shapely.distance(axes, envelope)))]
    piece = _along(axis, envelope)
    across = float(np.hypot(*np.diff(np.reshape(lane.bounds, (2, 2)), axis=0)[0]))
    ground = shapely.intersection(lane, shapely.buffer(piece, across, cap_style="flat"))
    things = np.array([envelope, *standing.on(ground)], dtype=object)
    one: ObjectArray = np.array([None, None], dtype=object)
    one[:] = ground, piece
    width = clear_widths(
        one[:1], one[1:], np.zeros(1, dtype=np.int64), things, ends_m=_BEYOND_M / 2
    )
    return float(width[0])


def _along(axis: shapely.LineString, envelope: shapely.Polygon) -> shapely.LineString:
    """Return the part of an axis beside an envelope, and `_BEYOND_M` at either end of it."""
    corners = np.asarray(shapely.points(shapely.get_coordinates(envelope)), dtype=object)
    at = shapely.line_locate_point(axis, corners)
    low, high = max(at.min() - _BEYOND_M, 0.0), min(at.max() + _BEYOND_M, axis.length)
    low, high = min(low, high - _BEYOND_M), max(high, low + _BEYOND_M)
    found = substring(axis, max(low, 0.0), min(high, axis.length))
    assert isinstance(found, shapely.LineString)  # noqa: S101 - it is as long as `_BEYOND_M`
    return found
