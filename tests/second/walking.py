"""Walks: a networkx graph of the walkways, split where doors and places are nearest to them."""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import networkx as nx
import shapely

_DECIMALS = 4  # coordinates come on a grid of 0.1 mm


class Way(NamedTuple):
    """
    How a door or place is joined to the walkways.

    `point` is where it is left, itself or a gate `straight_m` away, and `line` the walkway that a
    straight leg leads to from there.
    """

    point: shapely.Point
    line: int
    straight_m: float = 0.0


class Streets:
    """Walkways in metres; they meet at equal end points only."""

    def __init__(
        self,
        lines: Iterable[shapely.LineString],
        inside: Sequence[frozenset[str]] | None = None,
    ) -> None:
        self.lines = [line for line in lines if line.length > 0]
        self.inside = [frozenset[str]()] * len(self.lines) if inside is None else inside
        self.tree = shapely.STRtree(self.lines)

    def nearest_line(self, shape: shapely.Geometry, among: Sequence[int] = ()) -> int | None:
        """Return the position of the walkway nearest to a shape, of equally near ones the west."""
        if not self.lines:
            return None
        near = among or self.tree.query_nearest(shape, all_matches=True).tolist()
        least = min(self.lines[line].distance(shape) for line in near)
        nearest = [line for line in near if self.lines[line].distance(shape) == least]
        feet = {line: shapely.shortest_line(self.lines[line], shape).coords[0] for line in nearest}
        return min(nearest, key=lambda line: (feet[line], line))

    def entrance(self, shape: shapely.Geometry) -> shapely.Point:
        """Return where people enter: a point as it is, an outline where a walkway is nearest."""
        if not shape.area or not self.lines:
            return shapely.centroid(shape)
        wall = shape.boundary
        least = min(wall.distance(line) for line in self.lines)
        corners = [shapely.Point(xy) for xy in shapely.get_coordinates(wall)]
        level = [one for one in corners if self.distance(one) <= least + 0.01]
        feet = [
            shapely.Point(xy)
            for line in self.lines
            if wall.distance(line) <= least + 1e-6
            for xy in shapely.get_coordinates(wall.intersection(line)).tolist()
            or [shapely.shortest_line(wall, line).coords[0]]
        ]
        return min(level or feet, key=lambda point: (point.x, point.y))

    def distance(self, shape: shapely.Geometry) -> float:
        """Return how far a shape is from every walkway [m]."""
        return min(shape.distance(line) for line in self.lines)

    def foot(self, way: Way) -> shapely.Point:
        """Return where the leg of a way meets its walkway."""
        return self.lines[way.line].interpolate(self.lines[way.line].project(way.point))

    def is_connected(self, way: Way, *, cut_off_m: float, leg_m: float) -> bool:
        """Return whether a way leads, by a leg not too long, to a part that is not cut off."""
        part = self._part[corner(self.lines[way.line].coords[0])]
        if self._joined_to_streets and part not in self._joined_to_streets:
            return False
        is_cut_off = len(self._metres) > 1 and self._metres[part] < cut_off_m
        return not is_cut_off and self.foot(way).distance(way.point) <= leg_m

    @cached_property
    def _part(self) -> dict[Hashable, int]:
        """The connected part of every corner."""
        graph = nx.Graph((corner(line.coords[0]), corner(line.coords[-1])) for line in self.lines)
        numbered = enumerate(nx.connected_components(graph))
        return {corner: part for part, corners in numbered for corner in corners}

    @cached_property
    def _joined_to_streets(self) -> set[int]:
        """The parts that lead out of every enclosure."""
        return {
            self._part[corner(line.coords[0])]
            for line, inside in zip(self.lines, self.inside, strict=True)
            if not inside
        }

    @cached_property
    def _metres(self) -> dict[int, float]:
        """The length of every connected part."""
        metres: dict[int, float] = defaultdict(float)
        for line in self.lines:
            metres[self._part[corner(line.coords[0])]] += line.length
        return metres


class Walks:
    """
    The walks between places, each joined to the walkways by one way or several.

    Nobody walks through a place: it is left by arcs of its own and entered by others.
    """

    def __init__(self, streets: Streets, ways: Mapping[Hashable, Sequence[Way]]) -> None:
        self.graph = nx.DiGraph()
        spots: dict[int, list[float]] = defaultdict(list)
        for key, several in ways.items():
            for way in several:
                line = streets.lines[way.line]
                offset = line.project(way.point)
                spots[way.line].append(offset)
                spot, metres = ("spot", way.line, offset), line.distance(way.point) + way.straight_m
                self._arc(("from", key), spot, metres)
                self._arc(spot, ("to", key), metres)
        for number, line in enumerate(streets.lines):
            self._lay(number, line, spots[number])

    def walks_from(self, key: Hashable) -> dict[Hashable, float]:
        """Return the walk from a place to every place that can be walked to [m]."""
        start = ("from", key)
        if start not in self.graph:
            return {}
        lengths = nx.single_source_dijkstra_path_length(self.graph, start, weight="m")
        return {node[1]: metres for node, metres in lengths.items() if node[0] == "to"}

    def _lay(self, number: int, line: shapely.LineString, offsets: Iterable[float]) -> None:
        along = {offset: ("spot", number, offset) for offset in offsets}
        steps = [
            (0.0, corner(line.coords[0])),
            *sorted(along.items()),
            (line.length, corner(line.coords[-1])),
        ]
        for (start, one), (end, other) in pairwise(steps):
            self._arc(one, other, end - start)
            self._arc(other, one, end - start)

    def _arc(self, one: Hashable, other: Hashable, metres: float) -> None:
        known = self.graph.get_edge_data(one, other, {"m": math.inf})
        self.graph.add_edge(one, other, m=min(metres, known["m"]))


def corner(xy: tuple[float, ...]) -> tuple[str, float, float]:
    """Return what walkways share that meet at a point."""
    return ("corner", round(xy[0], _DECIMALS), round(xy[1], _DECIMALS))
