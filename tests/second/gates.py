"""Gates: where walkways are cut, and how doors and places are joined to what is left of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import shapely
from shapely.ops import substring

from tests.second.logic import Row
from tests.second.walking import Streets, Way

_CUT_M = 0.01  # half of what is cut out of a walkway


@dataclass(frozen=True)
class Enclosure:
    """An estate of which gates were surveyed: its outline, its gates, and how near is at a gate."""

    outline: shapely.Polygon
    gates: Sequence[Row]
    gate_m: float

    @cached_property
    def opened(self) -> list[Row]:
        """The gates that are not closed."""
        return [gate for gate in self.gates if gate["state"] != "closed"]

    @cached_property
    def _inner(self) -> shapely.Polygon:
        return self.outline.buffer(-self.gate_m)

    def is_led_into(self, line: shapely.LineString) -> bool:
        """Return whether a walkway leads well into the estate."""
        return bool(line.intersects(self._inner))

    def holds(self, point: shapely.Point) -> bool:
        """Return whether a point is well inside the estate."""
        return bool(point.intersects(self._inner))

    def lets_through(self, point: shapely.Point, gates: Sequence[Row]) -> bool:
        """Return whether people cross the outline at a point: as the nearest gate near it says."""
        near = [
            (gate["geometry"].distance(point), gate["state"] == "closed")
            for gate in gates
            if gate["geometry"].distance(point) <= self.gate_m
        ]
        return not min(near)[1] if near else not self.opened

    def shut_at(self, line: shapely.LineString) -> list[float]:
        """Return where along a walkway nobody can cross the outline [m]."""
        if not self.is_led_into(line):
            return []
        crossings = shapely.get_parts(line.intersection(self.outline.boundary))
        return [
            line.project(point)
            for point in crossings
            if point.geom_type == "Point" and not self.lets_through(point, self.gates)
        ]


def open_walkways(
    lines: Sequence[shapely.LineString], enclosures: Mapping[str, Enclosure]
) -> list[shapely.LineString]:
    """Return walkways cut where an outline is crossed and no gate lets through."""
    pieces = []
    for line in lines:
        shut = sorted({at for one in enclosures.values() for at in one.shut_at(line)})
        begins = [0.0, *(at + _CUT_M for at in shut)]
        ends = [*(at - _CUT_M for at in shut), line.length]
        pieces += [
            substring(line, begin, end)
            for begin, end in zip(begins, ends, strict=True)
            if begin < end
        ]
    return pieces


def ways_of(streets: Streets, point: shapely.Point, enclosure: Enclosure | None) -> list[Way]:
    """
    Return how a door or place is joined to the walkways.

    The nearest is taken; where it is beyond the outline, the nearest that leads inside; where none
    does, the way is straight to every open gate.
    """
    nearest = streets.nearest_line(point)
    if nearest is None:
        return []
    direct = Way(point, nearest)
    if enclosure is None or not enclosure.opened or not _is_beyond(streets, direct, enclosure):
        return [direct]
    inside = [i for i, line in enumerate(streets.lines) if enclosure.is_led_into(line)]
    if inside:
        line = streets.nearest_line(point, inside)
        assert line is not None
        return [Way(point, line)]
    gates = [gate["geometry"] for gate in enclosure.opened]
    lines = [(gate, streets.nearest_line(gate)) for gate in gates]
    return [Way(gate, line, gate.distance(point)) for gate, line in lines if line is not None]


def _is_beyond(streets: Streets, way: Way, enclosure: Enclosure) -> bool:
    """Return whether the leg of a way leads across the outline where no open gate is."""
    foot = streets.foot(way)
    leg = shapely.LineString([way.point, foot])
    crossing = leg.interpolate(leg.intersection(enclosure.outline).length)
    is_off = enclosure.outline.distance(foot) > enclosure.gate_m
    return is_off and not enclosure.lets_through(crossing, enclosure.opened)
