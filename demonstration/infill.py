"""
Infill: the ordinary buildings, parks and alleys between the estates.

The ground an estate leaves free in its block, and every block without an estate, is packed with
rows of buildings that belong to no estate, all of one form; half of every ninth empty block is a
park. Of some grounds the households are known, of the others only the storeys.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import shapely

from demonstration.compound import (
    EAST,
    NORTH,
    SOUTH,
    WEST,
    Compound,
    Point,
    Rect,
    Segment,
    corners,
)
from demonstration.frame import Frame
from demonstration.rows import CRS, note
from geo.arrays import BoolArray, FloatArray, IntArray

_APART_M = 6.0  # between an estate's wall and its neighbours
_SMALLEST_M = 16.0
_PARK_EVERY = 9
_HOME_M2 = 95.0  # of floor area for one household
_COUNTED = 0.45  # of the grounds, those whose households are known
_ALLEYS, _THROUGH, _HALVED = (
    0.85,
    0.75,
    0.5,
)  # grounds with an alley, those it crosses, blocks with one across


@dataclass(frozen=True, slots=True)
class Form:
    """
    How a ground is built up; lengths in metres, each from and to.

    `storeys` are drawn evenly from what is listed, `homes` is the share of buildings lived in.
    """

    depth: tuple[float, float]
    length: tuple[float, float]
    gap: tuple[float, float]
    spacing: tuple[float, float]
    storeys: tuple[int, ...]
    homes: float
    share: float


_COURTYARDS = Form((8, 11), (14, 30), (3, 5), (7, 10), (1, 1, 1, 2), 0.85, 0.12)
_WALK_UPS = Form((10.5, 13.5), (28, 62), (6, 9), (15, 23), (4, 5, 6, 6), 0.92, 0.5)
_OFFICES = Form((11, 17), (18, 52), (6, 12), (14, 24), (1, 2, 3, 4, 5), 0.35, 0.23)
_TOWERS = Form((14, 16), (30, 44), (14, 20), (34, 42), (11, 11, 15), 0.95, 0.15)
_FORMS = (_COURTYARDS, _WALK_UPS, _OFFICES, _TOWERS)


@dataclass(frozen=True)
class Infill:
    """
    What fills the ground between the estates; all in plot coordinates of `block`.

    Attributes
    ----------
    block : ndarray of int, shape (n,)
    rects : ndarray, shape (n, 4)
        Footprints.
    storeys : ndarray of int, shape (n,)
    is_home : ndarray of bool, shape (n,)
        Whether it is lived in.
    households : ndarray, shape (n,)
        NaN where nobody counted them.
    lanes : list of (int, Segment)
        Alleys with their block.
    links : list of (int, Point, int)
        Block, lane end and side to be joined to the sidewalk.
    parks : list of (int, Rect)
        Blocks, or parts of blocks, that are parks.
    """

    block: IntArray
    rects: FloatArray
    storeys: IntArray
    is_home: BoolArray
    households: FloatArray
    lanes: list[tuple[int, Segment]]
    links: list[tuple[int, Point, int]]
    parks: list[tuple[int, Rect]]


_Built: TypeAlias = tuple[FloatArray, IntArray, BoolArray, FloatArray]


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
    blocks: list[int] = []
    built: list[_Built] = []
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
            blocks += [block] * len(packed[0])
            built.append(packed)
            for lane, ends in _alleys(rng, rest, plot, gaps):
                lanes.append((block, lane))
                links += [(block, point, side) for point, side in ends]
    rects, storeys, is_home, households = (
        np.concatenate(column) for column in zip(*built, strict=True)
    )
    return Infill(
        block=np.array(blocks, dtype=np.int64),
        rects=rects,
        storeys=storeys,
        is_home=is_home,
        households=households,
        lanes=lanes,
        links=links,
        parks=parks,
    )


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


_NONE: FloatArray = np.empty((0, 4))


def _pack(rng: np.random.Generator, ground: Rect) -> tuple[_Built, list[float]]:
    """Rows of buildings of one form from south to north, and the heights of the gaps between."""
    form = _FORMS[int(rng.choice(len(_FORMS), p=[form.share for form in _FORMS]))]
    west, south, east, north = ground
    y, rows, gaps = south + 2 * rng.random(), [_NONE], []
    while y + form.depth[0] < north:
        depth = min(_between(form.depth, rng.random()), north - y)
        rows.append(_row(rng, form, (west, east), y=y, depth=depth))
        spacing = _between(form.spacing, rng.random())
        gaps.append(y + depth + spacing / 2)
        y += depth + spacing
    rects = np.concatenate(rows).round(2)
    storeys = rng.choice(form.storeys, len(rects))
    is_home = rng.random(len(rects)) < form.homes
    floors_m2 = (rects[:, 2] - rects[:, 0]) * (rects[:, 3] - rects[:, 1]) * storeys
    homes = np.maximum(1, np.round(floors_m2 / _HOME_M2))
    is_known = is_home & bool(rng.random() < _COUNTED)
    return (rects, storeys, is_home, np.where(is_known, homes, np.nan)), gaps[:-1]


def _between(limits: tuple[float, float], draw: float) -> float:
    return limits[0] + (limits[1] - limits[0]) * draw


def _row(
    rng: np.random.Generator, form: Form, ends: tuple[float, float], *, y: float, depth: float
) -> FloatArray:
    """Put buildings side by side from west to east, one in ten left out."""
    west, east = ends
    count = int((east - west) / form.length[0]) + 1
    low, high = form.length
    length = low + (high - low) * rng.random(count)
    gap = form.gap[0] + (form.gap[1] - form.gap[0]) * rng.random(count)
    stop = west + np.cumsum(length + gap) - gap
    start = stop - length
    kept = (start + 12 <= east) & (rng.random(count) > 0.1)  # noqa: PLR2004
    start, stop = start[kept], np.minimum(stop, east)[kept]
    shallower = depth - 0.15 * depth * rng.random(len(start))
    return np.stack([start, np.full_like(start, y), stop, y + shallower], axis=1)


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


def infill_frame(frame: Frame, infill: Infill) -> gpd.GeoDataFrame:
    """Return the infill as rows of the buildings layer, in no estate."""
    west, south, east, north = infill.rects.T
    table = {
        "building_id": [f"X{number + 1:06d}" for number in range(len(infill.rects))],
        "use": np.where(infill.is_home, "residential", "other"),
        "storeys": infill.storeys,
        "height_m": np.round(infill.storeys * np.where(infill.is_home, 2.9, 3.6) + 0.6, 1),
        "households": infill.households,
        "floor_area_m2": np.round((east - west) * (north - south) * infill.storeys, 1),
        **note(),
    }
    shapes = shapely.polygons(frame.to_world(infill.block, corners(infill.rects)))
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


def park_gates(frame: Frame, infill: Infill) -> FloatArray:
    """Return the west entrance of every park [m], shape (n, 2)."""
    gates = [
        frame.to_world(block, np.array([west, (south + north) / 2]))
        for block, (west, south, _, north) in infill.parks
    ]
    return np.array(gates).reshape(-1, 2)
