"""Gates: where walkways are cut, and how doors and places are joined to what is left of them."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import networkx as nx
import shapely
from shapely.ops import substring

from tests.second.logic import Row
from tests.second.walking import Streets, Way, corner

_ALONG_M = 0.01  # nearer to the outline a walkway runs along it
_CUT_M = 0.001  # half of what is cut out of a walkway


@dataclass(frozen=True)
class Enclosure:
    """An estate of which gates were surveyed: its outline, its gates, and all gates of the town."""

    outline: shapely.Polygon
    gates: Sequence[Row]
    all_gates: Sequence[Row]
    gate_m: float

    @cached_property
    def opened(self) -> list[Row]:
        """The gates that are not closed."""
        return [gate for gate in self.gates if gate["state"] != "closed"]

    @cached_property
    def borders(self) -> list[shapely.Geometry]:
        """Where a walkway comes inside, and where it comes well inside."""
        return [self.outline.buffer(-m).boundary for m in (_ALONG_M, self.gate_m)]

    def depth(self, point: shapely.Point) -> float:
        """Return how far inside the outline a point is [m], below 0 outside."""
        away = self.outline.boundary.distance(point)
        return away if self.outline.intersects(point) else -away

    def is_well_inside(self, point: shapely.Point) -> bool:
        """Return whether a point is farther inside than the outline may be off."""
        return self.depth(point) > self.gate_m

    def gate_near(self, point: shapely.Point, within_m: float) -> Row | None:
        """Return the nearest gate, one of its own before any other, that explains a way through."""
        for gates in (self.gates, self.all_gates):
            near = [
                (gate["geometry"].distance(point), gate["state"] == "closed", number)
                for number, gate in enumerate(gates)
                if gate["geometry"].distance(point) <= within_m
            ]
            if near:
                return gates[min(near)[2]]
        return None

    def lets_through(self, point: shapely.Point, within_m: float) -> bool:
        """Return whether people pass at a point, as the gate near it says."""
        gate = self.gate_near(point, within_m)
        return gate is not None and gate["state"] != "closed"


class _Stretch(NamedTuple):
    """A piece of a walkway that is outside (0), just inside (1) or well inside (2) an outline."""

    line: int
    begin: float
    end: float
    depth: int
    nodes: tuple[Hashable, Hashable]


class Opened(NamedTuple):
    """A piece of a walkway, and the enclosures whose walls it is behind."""

    line: shapely.LineString
    inside: frozenset[str]


def open_walkways(
    lines: Sequence[shapely.LineString], enclosures: Mapping[str, Enclosure]
) -> list[Opened]:
    """Return walkways in pieces, cut where an outline is crossed and no gate lets through."""
    stops: dict[int, set[float]] = defaultdict(set)
    cuts: dict[int, set[float]] = defaultdict(set)
    behind: dict[int, list[tuple[float, float, str]]] = defaultdict(list)
    for key, enclosure in enclosures.items():
        stretches = list(_stretches(lines, enclosure))
        streets, shut = _judged(lines, stretches, enclosure)
        for one in stretches:
            stops[one.line] |= {one.begin, one.end}
            if one.depth and one not in streets:
                behind[one.line].append((one.begin, one.end, key))
        for line, at in shut:
            cuts[line].add(at)
    return [
        piece
        for number, line in enumerate(lines)
        for piece in _pieces(line, stops[number], cuts[number], behind[number])
    ]


def _pieces(
    line: shapely.LineString,
    stops: set[float],
    cuts: set[float],
    behind: Sequence[tuple[float, float, str]],
) -> Iterator[Opened]:
    for begin, end in pairwise(sorted({0.0, line.length, *stops})):
        middle = (begin + end) / 2
        inside = frozenset(key for low, high, key in behind if low < middle < high)
        low = begin + _CUT_M if begin in cuts else begin
        high = end - _CUT_M if end in cuts else end
        if low < high:
            yield Opened(substring(line, low, high), inside)


def _stretches(lines: Sequence[shapely.LineString], enclosure: Enclosure) -> Iterator[_Stretch]:
    ground = enclosure.outline.buffer(-_ALONG_M)
    for number, line in enumerate(lines):
        if not line.intersects(ground):
            continue
        at = {
            round(line.project(shapely.Point(xy)), 6)
            for border in enclosure.borders
            for xy in shapely.get_coordinates(line.intersection(border))
        }
        between = sorted(one for one in at if 0 < one < line.length - 1e-6)
        nodes: list[Hashable] = [
            corner(line.coords[0]),
            *((number, one) for one in between),
            corner(line.coords[-1]),
        ]
        stops = [0.0, *between, line.length]
        for (begin, end), ends in zip(pairwise(stops), pairwise(nodes), strict=True):
            metres = enclosure.depth(line.interpolate((begin + end) / 2))
            depth = (metres >= _ALONG_M) + (metres >= enclosure.gate_m - _ALONG_M)
            yield _Stretch(number, begin, end, depth, ends)


def _judged(
    lines: Sequence[shapely.LineString], stretches: Sequence[_Stretch], enclosure: Enclosure
) -> tuple[set[_Stretch], set[tuple[int, float]]]:
    """Return the stretches of streets that stray inside, and where walkways are cut."""
    graph = nx.Graph(one.nodes for one in stretches if one.depth == 1)
    streets, shut = set(), set()
    for part in nx.connected_components(graph):
        ways_out = list(_ends(stretches, part, 0))
        ways_in = list(_ends(stretches, part, 2))
        ungated = [
            way for way in ways_out if not enclosure.gate_near(_at(lines, way), enclosure.gate_m)
        ]
        is_led_through = len(ungated) < len(ways_out) and bool(ways_in)
        if len(ways_out) > 1 and ungated and not is_led_through:
            streets |= {one for one in stretches if one.depth == 1 and one.nodes[0] in part}
            walls, within_m = ways_in, 2 * enclosure.gate_m
        else:
            walls, within_m = ways_out, enclosure.gate_m
        shut |= {way for way in walls if not enclosure.lets_through(_at(lines, way), within_m)}
    return streets, shut


def _ends(
    stretches: Sequence[_Stretch], part: set[Hashable], depth: int
) -> Iterator[tuple[int, float]]:
    for one in stretches:
        if one.depth == depth:
            for node, at in zip(one.nodes, (one.begin, one.end), strict=True):
                if node in part:
                    yield one.line, at


def _at(lines: Sequence[shapely.LineString], way: tuple[int, float]) -> shapely.Point:
    return lines[way[0]].interpolate(way[1])


def ways_of(
    streets: Streets, point: shapely.Point, owner: str | None, enclosures: Mapping[str, Enclosure]
) -> list[Way]:
    """
    Return how a door or place is joined to the walkways.

    The nearest is taken, if need be through an open gate; where a wall is between, the nearest on
    the same side; where there is none inside, the way is straight to every open gate.
    """
    nearest = streets.nearest_line(point)
    if nearest is None:
        return []
    direct = Way(point, nearest)
    crossings = list(_crossings(streets, direct, owner, enclosures))
    if not crossings:
        return [direct]
    ways = [direct] if all(wall.lets_through(at, wall.gate_m) for wall, at in crossings) else []
    own = enclosures.get(owner or "")
    same_side = [
        number
        for number, inside in enumerate(streets.inside)
        if (owner in inside if own else not inside)
    ]
    if same_side:
        line = streets.nearest_line(point, same_side)
        assert line is not None
        return [*ways, Way(point, line)]
    gates = [gate["geometry"] for gate in own.opened] if own else []
    lines = [(gate, streets.nearest_line(gate)) for gate in gates]
    return ways + [
        Way(gate, line, gate.distance(point)) for gate, line in lines if line is not None
    ]


def _crossings(
    streets: Streets, way: Way, owner: str | None, enclosures: Mapping[str, Enclosure]
) -> Iterator[tuple[Enclosure, shapely.Point]]:
    """Yield the walls between a point and its walkway, and where the leg meets each."""
    foot, inside = streets.foot(way), streets.inside[way.line]
    own = enclosures.get(owner or "")
    if own and owner not in inside:
        is_off = own.outline.distance(foot) > own.gate_m
        if is_off or own.is_well_inside(way.point):
            yield own, _last_inside(own, way.point, foot)
    for key in inside - {owner}:
        if enclosures[key].depth(way.point) < 0:
            yield enclosures[key], _last_inside(enclosures[key], foot, way.point)


def _last_inside(enclosure: Enclosure, inner: shapely.Point, outer: shapely.Point) -> shapely.Point:
    leg = shapely.LineString([inner, outer])
    return leg.interpolate(leg.intersection(enclosure.outline).length)
