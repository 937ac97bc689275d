"""
Infill: the ordinary buildings, parks and alleys between the estates.

The ground an estate leaves free in its block, and every block without an estate, is packed with
rows of buildings that belong to no estate; half of every ninth empty block is a park.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demonstration.compound import EAST, NORTH, SOUTH, WEST, Compound, Point, Rect, Segment
from demonstration.frame import Frame
from geo.arrays import FloatArray, IntArray

_APART_M = 6.0  # between an estate's wall and its neighbours
_SMALLEST_M = 16.0
_PARK_EVERY = 9
_ALLEYS, _THROUGH, _HALVED = (
    0.85,
    0.75,
    0.5,
)  # grounds with an alley, those it crosses, blocks with one across


@dataclass(frozen=True)
class Infill:
    """
    What fills the ground between the estates; all in plot coordinates of `block`.

    Attributes
    ----------
    block : ndarray of int, shape (n,)
    rects : ndarray, shape (n, 4)
        Footprints.
    lanes : list of (int, Segment)
        Alleys with their block.
    links : list of (int, Point, int)
        Block, lane end and side to be joined to the sidewalk.
    parks : list of (int, Rect)
        Blocks, or parts of blocks, that are parks.
    """

    block: IntArray
    rects: FloatArray
    lanes: list[tuple[int, Segment]]
    links: list[tuple[int, Point, int]]
    parks: list[tuple[int, Rect]]


def fill_in(rng: np.random.Generator, frame: Frame, compounds: list[Compound]) -> Infill:
    """
    Pack every block's free ground.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    frame : Frame
        The town's blocks.
    compounds : list of Compound
        The estates, whose ground stays free.
    """
    hosts = {c.block: c for c in compounds if c.links}
    blocks, rects = [], []
    lanes: list[tuple[int, Segment]] = []
    links: list[tuple[int, Point, int]] = []
    parks: list[tuple[int, Rect]] = []
    empty = 0
    for block, half in enumerate(frame.half):
        plot = (-half[0], -half[1], half[0], half[1])
        host = hosts.get(block)
        empty += host is None
        grounds = _rests(plot, host.bounds) if host else [plot]
        if host is None and (empty % _PARK_EVERY == _PARK_EVERY // 2 or rng.random() < _HALVED):
            lanes.append((block, (0.0, -half[1], 0.0, half[1])))
            links += [(block, (0.0, -half[1]), SOUTH), (block, (0.0, half[1]), NORTH)]
            grounds = [(-half[0], -half[1], -_APART_M, half[1]), (_APART_M, *plot[1:])]
            if empty % _PARK_EVERY == _PARK_EVERY // 2:
                parks.append((block, grounds.pop(0)))
        for rest in grounds:
            packed, gaps = _pack(rng, rest)
            blocks += [block] * len(packed)
            rects.append(packed)
            for lane, ends in _alleys(rng, rest, plot, gaps):
                lanes.append((block, lane))
                links += [(block, point, side) for point, side in ends]
    return Infill(np.array(blocks, dtype=np.int64), np.concatenate(rects), lanes, links, parks)


def _rests(plot: Rect, taken: Rect) -> list[Rect]:
    """Return the ground beside the estate and the ground before or behind both."""
    west, south, east, north = plot
    beside_west = taken[0] - west > east - taken[2]
    beside = (
        (west, taken[1], taken[0] - _APART_M, taken[3])
        if beside_west
        else (taken[2] + _APART_M, taken[1], east, taken[3])
    )
    below = taken[1] - south > north - taken[3]
    strip = (
        (west, south, east, taken[1] - _APART_M)
        if below
        else (west, taken[3] + _APART_M, east, north)
    )
    return [
        rect for rect in (beside, strip) if min(rect[2] - rect[0], rect[3] - rect[1]) > _SMALLEST_M
    ]


def _pack(rng: np.random.Generator, ground: Rect) -> tuple[FloatArray, list[float]]:
    """Rows of buildings from south to north, and the heights of the gaps between rows."""
    west, south, east, north = ground
    y, rows, gaps = south + 2 * rng.random(), [], []
    while y + 10 < north:
        depth = min(10 + 5 * rng.random(), north - y)
        rows.append(_row(rng, west, east, y=y, depth=depth))
        spacing = 13 + 9 * rng.random()
        gaps.append(y + depth + spacing / 2)
        y += depth + spacing
    packed = np.concatenate(rows) if rows else np.empty((0, 4))
    return np.round(packed, 2), gaps[:-1]


def _row(
    rng: np.random.Generator, west: float, east: float, *, y: float, depth: float
) -> FloatArray:
    """Put buildings side by side from west to east, one in ten left out."""
    count = int((east - west) / 24) + 1
    length, gap = 18 + 34 * rng.random(count), 5 + 6 * rng.random(count)
    ends = west + np.cumsum(length + gap) - gap
    starts = ends - length
    kept = (starts + 12 <= east) & (rng.random(count) > 0.1)  # noqa: PLR2004
    starts, ends = starts[kept], np.minimum(ends, east)[kept]
    shallower = depth - 2.5 * rng.random(len(starts))
    return np.stack([starts, np.full_like(starts, y), ends, y + shallower], axis=1)


def _alleys(
    rng: np.random.Generator, ground: Rect, plot: Rect, gaps: list[float]
) -> Iterator[tuple[Segment, list[tuple[Point, int]]]]:
    """Lead an alley from the street into a gap between rows: through if it can, else dead."""
    west, _, east, _ = ground
    is_open = (west == plot[0], east == plot[2])
    if not gaps or rng.random() > _ALLEYS:
        return
    y = gaps[int(rng.integers(len(gaps)))]
    reach = (0.55 + 0.35 * rng.random()) * (east - west)
    if all(is_open) and rng.random() < _THROUGH:
        yield (west, y, east, y), [((west, y), WEST), ((east, y), EAST)]
    elif is_open[0]:
        yield (west, y, west + reach, y), [((west, y), WEST)]
    elif is_open[1]:
        yield (east, y, east - reach, y), [((east, y), EAST)]
