"""Passing: the clear width of drawn lanes, section by section."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import shapely

from tests.second.logic import Interval, Row, Verdict, by_threshold, where, worst_of
from tests.second.members import members, none_of
from tests.second.town import Town

_BESIDE_M = 0.001  # width may jump at a corner: it is looked at on either side
_AHEAD_M = 0.05


def clear_width(town: Town, rule: Row, estate: Row) -> Verdict:
    """Hold the clear width of the narrowest lane against the rule."""
    measure = rule["measure"]
    kinds = [(thing["layer"], thing.get("kinds", ())) for thing in measure["things"]]
    things = [row["geometry"] for layer, named in kinds for row in town.rows(layer, named)]
    is_seen = all(town.is_surveyed(layer, named, estate) for layer, named in kinds)
    verdicts = []
    for row, applies in members(town, measure, estate):
        width = _width(town, row["geometry"], things, measure["ends_m"])
        known = Interval(width if is_seen else 0.0, width)
        amount = Interval(0.0, math.inf) if math.isinf(width) else known
        verdicts.append(where(applies, by_threshold(rule, amount)))
    return worst_of(verdicts, otherwise=none_of(town, measure, estate))


def _width(
    town: Town, lane: shapely.Polygon, things: Sequence[shapely.Geometry], ends_m: float
) -> float:
    """Return the width of the narrowest section [m], to the centimetre; inf without any."""
    on_it = [thing for thing in things if thing.intersects(lane)]
    shapes = [lane, *(lane.intersection(thing) for thing in on_it)]
    corners = [shapely.Point(xy) for shape in shapes for xy in shapely.get_coordinates(shape)]
    widths = [
        _free(axis, at, lane, on_it)
        for axis in _axes(town, lane, 2 * ends_m)
        for at in (ends_m, axis.length - ends_m, *_beside(axis, corners))
        if ends_m <= at <= axis.length - ends_m
    ]
    return round(min(widths, default=math.inf), 2)


def _axes(town: Town, lane: shapely.Polygon, least_m: float) -> list[shapely.LineString]:
    """Return the walkways along a lane, or its middle."""
    ways = [row["geometry"] for row in town.rows("walkways") if row["geometry"].intersects(lane)]
    pieces = [part for way in ways for part in shapely.get_parts(way.intersection(lane))]
    along = [part for part in pieces if part.length > least_m]
    if along:
        return along
    corners = shapely.get_coordinates(lane.minimum_rotated_rectangle)
    middles = [(one + other) / 2 for one, other in pairwise(corners)]
    lines = [shapely.LineString([middles[i], middles[i + 2]]) for i in (0, 1)]
    return [max(lines, key=lambda line: line.length)]


def _beside(axis: shapely.LineString, corners: Sequence[shapely.Point]) -> Iterator[float]:
    """Yield where along an axis the width can change."""
    for corner in corners:
        at = axis.project(corner)
        yield from (at - _BESIDE_M, at, at + _BESIDE_M)


def _free(
    axis: shapely.LineString, at: float, lane: shapely.Polygon, things: Sequence[shapely.Geometry]
) -> float:
    """Return the widest stretch across a lane that is free of things [m]."""
    point = axis.interpolate(at)
    behind, ahead = axis.interpolate(max(at - _AHEAD_M, 0.0)), axis.interpolate(at + _AHEAD_M)
    run = math.dist(behind.coords[0], ahead.coords[0])
    x, y = (ahead.x - behind.x) / run, (ahead.y - behind.y) / run
    far = lane.length
    ends = [(point.x - y * far, point.y + x * far), (point.x + y * far, point.y - x * far)]
    pieces = shapely.get_parts(shapely.LineString(ends).intersection(lane))
    piece = min(pieces, key=lambda part: part.distance(point))
    taken = [
        sorted(shapely.line_locate_point(piece, shapely.points(shapely.get_coordinates(part))))
        for thing in things
        for part in shapely.get_parts(piece.intersection(thing))
    ]
    reached, widest = 0.0, 0.0
    for stretch in sorted((found for found in taken if found), key=lambda found: found[0]):
        widest = max(widest, stretch[0] - reached)
        reached = max(reached, stretch[-1])
    return float(max(widest, piece.length - reached))
