"""
The distances of pipes once more, written plainly: rows of the tables one by one, segments by hand.

Nothing of `pipework`, `clearances` or shapely is used here; only the rulebook's TOML is read.
"""

import math
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Line = list[Point]
Pipe = dict[str, Any]

_TABLES = tomllib.loads(
    (Path(__file__).parents[2] / "rules/rulebook/national/clearance.toml").read_text("utf-8")
)["clearance"]
_NEAR = 5e-5
_LOOK = _TABLES["measuring"]["look_m"]
_TIMES = 2.0


def figures(table: str, one: Pipe, other: Pipe) -> tuple[float, float, bool] | None:
    """Return the least and the most that may be asked of two pipes, and whether more may be."""
    rows = _TABLES[table]["rows"]
    turned = [{"subject": r["object"], "object": r["subject"], "m": r["m"]} for r in rows]
    own = _of(_of([*rows, *turned], "object", other), "subject", one)
    unsure = False
    for side, pipe in (("object", other), ("subject", one)):
        for name in ("pressure", "diameter_mm", "laid", "voltage_kv"):
            limits = [row[side][name] for row in own if name in row[side]]
            if not limits:
                continue
            value = pipe.get(name)
            fit = [row for row in own if name not in row[side] or _fits(row[side][name], value)]
            if value is not None and fit:
                own = fit
            elif name == "voltage_kv":
                unsure = True  # the table ends at 35 kV
    if not own:
        return None
    asked = [row["m"] for row in own]
    nobody_knows = one["kind"] == "BM" or other["kind"] == "BM"
    return (0.0 if nobody_knows else min(asked)), max(asked), unsure


def _of(rows: list[dict[str, Any]], side: str, pipe: Pipe) -> list[dict[str, Any]]:
    """Keep the rows about a pipe: of its sub-kind, else of its kind, else of any sub-kind of it."""
    kind, sub = pipe["kind"], pipe.get("sub_kind")
    if kind == "BM":
        return rows
    families = [(sub,), (kind,), ("WS", "YS") if kind == "PS" else ()]
    for codes in families:
        found = [row for row in rows if row[side]["kind"] in codes]
        if found:
            return found
    return []


def _fits(limit: object, value: object) -> bool:
    if value is None:
        return False
    if isinstance(limit, dict):
        low, high = limit.get("above", -math.inf), limit.get("up_to", math.inf)
        return low < value <= high and value < limit.get("below", math.inf)
    return value in limit if isinstance(limit, list) else value == limit


def beside(one: Pipe, other: Pipe) -> tuple[str, float] | None:
    """Return verdict and distance of two pipes beside each other, None where nothing is asked."""
    asked = figures("pipe_pipe", one, other)
    if asked is None:
        return None
    least, most, unsure = asked
    radii = sum((pipe.get("diameter_mm") or 0.0) / 2000 for pipe in (one, other))
    has_size = all(pipe.get("diameter_mm") for pipe in (one, other))
    doubt = _doubt(one, other)
    wide = _distance(one, other, _TIMES * (least + radii)) - radii
    sure = _distance(one, other, _TIMES * (most + radii + (0 if has_size else _LOOK))) - radii
    wide, sure = max(wide, 0.0), max(sure, 0.0)
    if wide > most + max(_LOOK, 0.0 if math.isnan(doubt) else doubt) + _NEAR:
        return None
    if sure < least - _NEAR:
        return "short", wide
    hidden = math.isnan(doubt) or not has_size or unsure or wide - doubt < most - _NEAR
    return ("verify" if hidden else "met"), wide


def above(one: Pipe, other: Pipe) -> str | None:
    """Return the verdict on two pipes of different kinds that cross in the middle of both."""
    asked = figures("pipe_vertical", one, other)
    tops = [pipe.get("depth_m") for pipe in (one, other)]
    sizes = [pipe.get("diameter_mm") for pipe in (one, other)]
    gaps = []
    if None not in tops:
        for size in (0.0, 5000.0):  # the thinnest and the thickest that there may be
            (a, b), (c, d) = (
                (top, top + (known or size) / 1000) for top, known in zip(tops, sizes, strict=True)
            )
            gaps.append(max(c - b, a - d))
    if asked is None:
        return "verify" if gaps and max(gaps) < -_NEAR else None
    least, most, unsure = asked
    if not gaps:
        return "verify"
    if max(gaps) < least - _NEAR:
        return "short"
    doubt = _doubt(one, other)
    hidden = math.isnan(doubt) or unsure or min(gaps) - doubt < most - _NEAR
    return "verify" if hidden else "met"


def _doubt(one: Pipe, other: Pipe) -> float:
    both = [pipe.get("accuracy_m") for pipe in (one, other)]
    return math.nan if None in both else sum(both)


def crossings(one: Pipe, other: Pipe) -> list[Point]:
    """Return where the lines of two pipes cross or touch."""
    return [place for a in _segments(one) for b in _segments(other) for place in _crossing(*a, *b)]


def _segments(pipe: Pipe) -> list[tuple[Point, Point]]:
    return [both for part in pipe["parts"] for both in pairwise(part)]


def _crossing(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    (px, py), (qx, qy) = (b[0] - a[0], b[1] - a[1]), (d[0] - c[0], d[1] - c[1])
    cross = px * qy - py * qx
    if abs(cross) < 1e-9:
        return []
    s = ((c[0] - a[0]) * qy - (c[1] - a[1]) * qx) / cross
    t = ((c[0] - a[0]) * py - (c[1] - a[1]) * px) / cross
    if not (-1e-12 <= s <= 1 + 1e-12 and -1e-12 <= t <= 1 + 1e-12):
        return []
    return [(a[0] + s * px, a[1] + s * py)]


def _distance(one: Pipe, other: Pipe, reach: float) -> float:
    """Return how near the lines come, without what is nearer along them to where they cross."""
    places = crossings(one, other)
    parts = [_left(pipe, places, reach) for pipe in (one, other)]
    gaps = [
        _apart(*a, *b) for p in parts[0] for q in parts[1] for a in pairwise(p) for b in pairwise(q)
    ]
    return min(gaps, default=math.inf)


def _left(pipe: Pipe, places: list[Point], reach: float) -> list[Line]:
    """Return what is left of a pipe's parts beyond a reach along them from some places."""
    left = []
    for part in pipe["parts"]:
        at = []
        run = 0.0
        for a, b in pairwise(part):
            at += [run + math.dist(a, p) for p in places if _to_point(p, a, b) < _NEAR]
            run += math.dist(a, b)
        begin = 0.0
        for where in sorted(at):
            if where - reach > begin + _NEAR:
                left.append(_cut(part, begin, where - reach))
            begin = max(begin, where + reach)
        if run > begin + _NEAR:
            left.append(_cut(part, begin, run))
    return left


def _cut(part: Line, begin: float, end: float) -> Line:
    kept, run = [], 0.0
    for a, b in pairwise(part):
        length = math.dist(a, b)
        low, high = max(begin - run, 0.0), min(end - run, length)
        if low < high:
            shares = (low / length, high / length)
            kept += [(a[0] + s * (b[0] - a[0]), a[1] + s * (b[1] - a[1])) for s in shares]
        run += length
    return kept


def _apart(a: Point, b: Point, c: Point, d: Point) -> float:
    if a != b and c != d and _crossing(a, b, c, d):
        return 0.0
    ends = ((a, c, d), (b, c, d), (c, a, b), (d, a, b))
    return min(_to_point(p, q, r) for p, q, r in ends)


def _to_point(p: Point, a: Point, b: Point) -> float:
    run = (b[0] - a[0], b[1] - a[1])
    square = run[0] ** 2 + run[1] ** 2
    if not square:
        return math.dist(p, a)
    share = ((p[0] - a[0]) * run[0] + (p[1] - a[1]) * run[1]) / square
    share = min(max(share, 0.0), 1.0)
    return math.dist(p, (a[0] + share * run[0], a[1] + share * run[1]))
