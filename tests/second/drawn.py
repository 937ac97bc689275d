"""Ways of measuring what is drawn: lit paths, step-free ways, things on fire lanes."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

import networkx as nx
import shapely

from tests.second.logic import (
    UNKNOWN,
    Answer,
    Interval,
    Row,
    Verdict,
    by_checks,
    by_threshold,
    every,
    holds,
    where,
    worst_of,
)
from tests.second.members import members, none_of, shared_value
from tests.second.town import Town

XY = tuple[float, float]


def coverage(town: Town, rule: Row, estate: Row) -> Verdict:
    """Hold the share of the estate's paths within reach of points against the rule."""
    measure = rule["measure"]
    lines = [row["geometry"] for row in town.rows(measure["layer"])]
    paths = shapely.intersection(shapely.union_all(lines), estate["geometry"])
    if not paths.length:
        return UNKNOWN
    points = measure["by_what"]
    lamps = [(row["geometry"], holds(row, points["where"])) for row in town.rows(points["layer"])]
    sure = _length_within(paths, [lamp for lamp, is_one in lamps if is_one], measure["within_m"])
    maybe = _length_within(
        paths, [lamp for lamp, is_one in lamps if is_one is not False], measure["within_m"]
    )
    most = maybe if town.is_surveyed(points["layer"], (), estate) else paths.length
    return by_threshold(rule, Interval(sure / paths.length, most / paths.length))


def _length_within(paths: shapely.Geometry, points: Sequence[shapely.Point], m: float) -> float:
    """Return the length of lines within circles, stretch by stretch, without buffers."""
    tree = shapely.STRtree(points)
    return math.fsum(
        _stretch_within(
            start,
            end,
            [points[i] for i in tree.query(shapely.LineString([start, end]), "dwithin", m)],
            m,
        )
        for line in shapely.get_parts(paths)
        if line.length
        for start, end in pairwise(line.coords)
    )


def _stretch_within(start: XY, end: XY, points: Iterable[shapely.Point], m: float) -> float:
    """Return the length of a straight stretch within `m` of any point."""
    length = math.dist(start, end)
    along_x, along_y = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    chords = []
    for point in points:
        middle = (point.x - start[0]) * along_x + (point.y - start[1]) * along_y
        aside = (point.x - start[0]) * along_y - (point.y - start[1]) * along_x
        half = math.sqrt(max(m * m - aside * aside, 0.0))
        chords.append((max(middle - half, 0.0), min(middle + half, length)))
    covered = reached = 0.0
    for first, last in sorted(chords):
        covered += max(last - max(first, reached), 0.0)
        reached = max(reached, last)
    return covered


def step_free(town: Town, rule: Row, estate: Row) -> Verdict:  # noqa: ARG001 - as every way
    """Ask of every unit whether a way without steps joins it to an open gate of the estate."""
    name = estate["estate_id"]
    units = [row for row in town.rows("units") if row["estate"] == name]
    gates = [row for row in town.rows("entrances") if row["estate"] == name]
    verdicts = [
        by_checks([every([unit["is_step_free"], _joined(town, unit, gates)])]) for unit in units
    ]
    return shared_value(worst_of(verdicts), verdicts)


def _joined(town: Town, unit: Row, gates: Sequence[Row]) -> Answer:
    """Return whether step-free walkways lead from one of some gates to a unit's door."""
    if not gates:
        return None
    answers = {}
    for hope in (False, True):
        parts = _parts(town, hope=hope)
        mine = _part_of(town, unit, parts)
        usable = [gate for gate in gates if _is_usable(gate, hope=hope)]
        answers[hope] = mine is not None and mine in {
            _part_of(town, gate, parts) for gate in usable
        }
    return True if answers[False] else None if answers[True] else False


def _is_usable(gate: Row, *, hope: bool) -> bool:
    answer = every([gate["state"] != "closed", gate["is_step_free"]])
    return hope if answer is None else answer


def _parts(town: Town, *, hope: bool) -> dict[int, int]:
    """Return the connected part of every walkway without steps, by its position."""
    graph = nx.Graph()
    for number, row in enumerate(town.rows("walkways")):
        steps = False if row["kind"] == "stairs" else row["is_step_free"]
        if hope if steps is None else steps:
            for end in (row["geometry"].coords[0], row["geometry"].coords[-1]):
                graph.add_edge(number, tuple(round(value, 4) for value in end[:2]))
    components = enumerate(nx.connected_components(graph))
    return {node: part for part, nodes in components for node in nodes if isinstance(node, int)}


def _part_of(town: Town, row: Row, parts: dict[int, int]) -> int | None:
    nearest = town.bare_streets.nearest_line(row["geometry"])
    return None if nearest is None else parts.get(nearest)


def obstruction(town: Town, rule: Row, estate: Row) -> Verdict:
    """Hold the things that stand on ground that has to stay free against the rule."""
    measure = rule["measure"]
    verdicts = [
        where(applies, by_threshold(rule, _things_on(town, measure, row, estate)))
        for row, applies in members(town, measure, estate)
    ]
    return worst_of(verdicts, otherwise=none_of(town, measure, estate))


def _things_on(town: Town, measure: Row, ground: Row, estate: Row) -> Interval:
    """Return how many things reach further in than the slack, and one more if stated."""
    inner = ground["geometry"].buffer(-measure["slack_m"])
    drawn = sum(
        row["geometry"].intersects(inner)
        for thing in measure["things"]
        for row in town.rows(thing["layer"], thing.get("kinds", ()))
    )
    stated = ground[measure["column"]]
    low = drawn + bool(stated)
    is_open = stated is None or not all(
        town.is_surveyed(t["layer"], (), estate) for t in measure["things"]
    )
    return Interval(low, math.inf if is_open else low)
