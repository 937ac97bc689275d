"""Walks: a networkx graph of the walkways, split where doors and places are nearest to them."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import pairwise

import networkx as nx
import shapely

_DECIMALS = 4  # coordinates come on a grid of 0.1 mm


class Streets:
    """
    Walkways with the places that stand beside them.

    Parameters
    ----------
    lines : iterable of LineString
        Walkways in metres; they meet at equal end points only.
    places : mapping of hashable to Point
        Doors and facilities, each reached by a straight leg from the nearest spot of the nearest
        walkway (of several equally near, the first).
    """

    def __init__(
        self, lines: Iterable[shapely.LineString], places: Mapping[Hashable, shapely.Point]
    ) -> None:
        self.graph = nx.Graph()
        self.lines = [line for line in lines if line.length > 0]
        self.tree = shapely.STRtree(self.lines)
        spots: dict[int, list[float]] = defaultdict(list)
        for key, point in places.items():
            nearest = self.nearest_line(point)
            if nearest is not None:
                offset = self.lines[nearest].project(point)
                spots[nearest].append(offset)
                self._join(
                    ("place", key), ("spot", nearest, offset), self.lines[nearest].distance(point)
                )
        for number, line in enumerate(self.lines):
            self._lay(number, line, spots[number])

    def nearest_line(self, shape: shapely.Geometry) -> int | None:
        """Return the position of the walkway nearest to a shape, None without walkways."""
        if not self.lines:
            return None
        return int(self.tree.query_nearest(shape, all_matches=True).min())

    def entrance(self, shape: shapely.Geometry) -> shapely.Point:
        """Return where people enter: a point as it is, an outline where a walkway is nearest."""
        nearest = self.nearest_line(shape.boundary if shape.area else shape)
        if not shape.area or nearest is None:
            return shapely.centroid(shape)
        return shapely.Point(shapely.shortest_line(shape.boundary, self.lines[nearest]).coords[0])

    def walks_from(self, key: Hashable) -> dict[Hashable, float]:
        """Return the walk from a place to every place that can be walked to [m]."""
        start = ("place", key)
        if start not in self.graph:
            return {}
        lengths = nx.single_source_dijkstra_path_length(self.graph, start, weight="m")
        return {node[1]: metres for node, metres in lengths.items() if node[0] == "place"}

    def _lay(self, number: int, line: shapely.LineString, offsets: Iterable[float]) -> None:
        along = {offset: ("spot", number, offset) for offset in offsets}
        steps = [
            (0.0, _corner(line.coords[0])),
            *sorted(along.items()),
            (line.length, _corner(line.coords[-1])),
        ]
        for (start, one), (end, other) in pairwise(steps):
            self._join(one, other, end - start)

    def _join(self, one: Hashable, other: Hashable, metres: float) -> None:
        known = self.graph.get_edge_data(one, other, {"m": float("inf")})
        self.graph.add_edge(one, other, m=min(metres, known["m"]))


def _corner(xy: tuple[float, ...]) -> tuple[str, float, float]:
    return ("corner", round(xy[0], _DECIMALS), round(xy[1], _DECIMALS))
