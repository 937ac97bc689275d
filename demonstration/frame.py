"""
The frame of the town: a jittered street grid, its blocks, sidewalks, crossings and one canal.

A block is a quadrilateral between four streets with a ring of sidewalk inside it; crossings join
the rings at junctions and nowhere else, two bridges cross the canal. All coordinates are EPSG:4544
metres. The grid is turned and displaced so that it cannot be read as a survey of a real street.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from demonstration.roster import JINJI, JINXING, SHENGLI
from geo.arrays import BoolArray, FloatArray, IntArray

MAIN_ANCHOR = np.array([606000.0, 4205000.0])
JINJI_ANCHOR = np.array([599500.0, 4199000.0])
TURN = np.radians(3.0)
BLOCKS_PER_ESTATE = 2.2
CANAL_HALF_M = 24.0
_BROAD_HALF_M = 12.0  # half the width from which a street is an arterial
_STACKED = ("ring", "names", "is_arterial", "origin", "axis", "half", "town_id", "roads", "canal")
WALL_GAP_M = 4.5  # from the sidewalk's centre line to the walls of the block
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Frame:
    """
    Blocks and what joins them; arrays of blocks share their first axis.

    Attributes
    ----------
    ring : ndarray, shape (b, 4, 2)
        Corners of each block's sidewalk, SW, SE, NE, NW.
    names : ndarray of str, shape (b, 4)
        The street along each side, S, E, N, W.
    is_arterial : ndarray of bool, shape (b, 4)
        Whether that street is an arterial.
    origin, axis : ndarray, shape (b, 2)
        Centre of the block's plot and the unit vector along its rows of buildings.
    half : ndarray, shape (b, 2)
        Half width and half depth of the plot, the rectangle in which the block is built up.
    town_id : ndarray of str, shape (b,)
        The town the block lies in.
    joins : ndarray, shape (c, 2, 2)
        Crossings, bridges and roads outside the blocks, as segments.
    join_kind, join_name : ndarray of str, shape (c,)
        Kind of walkway and street name of each.
    roads : ndarray, shape (r, 4, 2)
        Carriageways between neighbouring blocks, from sidewalk to sidewalk, and junctions.
    canal : ndarray, shape (k, 2)
        Centre line of the canal.
    """

    ring: FloatArray
    names: NDArray[np.str_]
    is_arterial: BoolArray
    origin: FloatArray
    axis: FloatArray
    half: FloatArray
    town_id: NDArray[np.str_]
    joins: FloatArray
    join_kind: NDArray[np.str_]
    join_name: NDArray[np.str_]
    roads: FloatArray
    canal: FloatArray

    def to_world(self, block: int | IntArray, local: FloatArray) -> FloatArray:
        """Return world coordinates [m], rounded to 0.1 mm, of plot coordinates shape (..., 2)."""
        axis, origin = self.axis[block], self.origin[block]
        if local.ndim > axis.ndim and axis.ndim > 1:
            extra = (1,) * (local.ndim - axis.ndim)
            axis = axis.reshape(axis.shape[0], *extra, 2)
            origin = origin.reshape(axis.shape)
        east = local[..., 0] * axis[..., 0] - local[..., 1] * axis[..., 1]
        north = local[..., 0] * axis[..., 1] + local[..., 1] * axis[..., 0]
        return np.round(np.stack([east, north], axis=-1) + origin, 4)

    def to_plot(self, block: int, world: FloatArray) -> FloatArray:
        """Return plot coordinates [m] of world coordinates, shape (..., 2)."""
        axis, moved = self.axis[block], world - self.origin[block]
        along = moved[..., 0] * axis[0] + moved[..., 1] * axis[1]
        across = moved[..., 1] * axis[0] - moved[..., 0] * axis[1]
        return np.stack([along, across], axis=-1)


@dataclass(frozen=True, slots=True)
class _Grid:
    """A cluster of blocks: how many, where, and which street lines are broad."""

    columns: int
    rows: int
    anchor: FloatArray
    canal_row: int  # the street line that is a canal, -1 if none
    town_ids: tuple[str, str]  # west and east of the middle line
    prefix: str


def lay_frame(rng: np.random.Generator, estates_by_town: dict[str, int]) -> Frame:
    """
    Lay out the streets of a town big enough for its estates.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    estates_by_town : dict of str to int
        How many estates each town has.
    """
    main = _size(estates_by_town.get(JINXING, 0) + estates_by_town.get(SHENGLI, 0))
    jinji = _size(estates_by_town.get(JINJI, 0))
    grids = [_Grid(*main, MAIN_ANCHOR, max(1, main[1] // 4), (JINXING, SHENGLI), "")]
    if estates_by_town.get(JINJI, 0):
        grids.append(_Grid(*jinji, JINJI_ANCHOR, -1, (JINJI, JINJI), "金积"))
    parts = [_lay_grid(rng, grid) for grid in grids]
    return _join(rng, parts)


def _size(estates: int) -> tuple[int, int]:
    """Columns (even, so that a street divides the towns) and rows for so many estates."""
    blocks = max(4.0, estates * BLOCKS_PER_ESTATE)
    columns = 2 * int(np.ceil(np.sqrt(blocks * 1.3) / 2))
    return columns, max(3, int(np.ceil(blocks / columns)))


def _lay_grid(rng: np.random.Generator, grid: _Grid) -> Frame:
    nodes = _nodes(rng, grid)
    vertical, horizontal = _half_widths(rng, grid)
    kept = _kept(rng, grid)
    i, j = np.nonzero(kept)
    corners = np.stack([nodes[i, j], nodes[i + 1, j], nodes[i + 1, j + 1], nodes[i, j + 1]], axis=1)
    offsets = np.stack([horizontal[j], vertical[i + 1], horizontal[j + 1], vertical[i]], axis=1)
    ring = np.round(_inset(corners, offsets), 4)
    origin, axis, half = _plots(ring)
    west, east = grid.town_ids
    joins, kinds, names = _crossings(rng, grid, kept, ring)
    column, row = _street_names(grid)
    return Frame(
        ring=ring,
        names=np.stack([row[j], column[i + 1], row[j + 1], column[i]], axis=1),
        is_arterial=np.stack(
            [horizontal[j], vertical[i + 1], horizontal[j + 1], vertical[i]], axis=1
        )
        > _BROAD_HALF_M,
        origin=origin,
        axis=axis,
        half=half,
        town_id=np.where(i < grid.columns // 2, west, east),
        joins=joins,
        join_kind=kinds,
        join_name=names,
        roads=_roads(grid, kept, ring),
        canal=nodes[:, grid.canal_row] if grid.canal_row >= 0 else np.empty((0, 2)),
    )


def _nodes(rng: np.random.Generator, grid: _Grid) -> FloatArray:
    """Street junctions, shape (columns + 1, rows + 1, 2): uneven, bent, jittered, turned."""
    steps_x = 205 + 60 * rng.random(grid.columns)
    steps_y = 215 + 70 * rng.random(grid.rows)
    x = np.concatenate([[0.0], np.cumsum(steps_x)])
    y = np.concatenate([[0.0], np.cumsum(steps_y)])
    x, y = np.meshgrid(x - x[grid.columns // 2], y - y[-1] / 2, indexing="ij")
    phase = 2 * np.pi * rng.random(2)
    bent_x = x + 11 * np.sin(y / 260 + phase[0])
    bent_y = y + 13 * np.sin(x / 310 + phase[1])
    jitter = 7 * (rng.random((*x.shape, 2)) - 0.5)
    flat = np.round(np.stack([bent_x, bent_y], axis=-1) + jitter, 3)
    cos, sin = np.cos(TURN), np.sin(TURN)
    # written out: a matrix product may differ in its last digit from machine to machine
    east = flat[..., 0] * cos - flat[..., 1] * sin
    north = flat[..., 0] * sin + flat[..., 1] * cos
    nodes: FloatArray = np.round(np.stack([east, north], axis=-1) + grid.anchor, 4)
    return nodes


def _half_widths(rng: np.random.Generator, grid: _Grid) -> tuple[FloatArray, FloatArray]:
    """Half the width of every street line [m]: arterials every third line, the canal broadest."""
    lines = []
    for count in (grid.columns, grid.rows):
        broad = (np.arange(count + 1) - count // 2) % 3 == 0
        draw = rng.random(count + 1)
        lines.append(np.where(broad, 15 + 3 * draw, 7 + 2.5 * draw))
    vertical, horizontal = lines
    if grid.canal_row >= 0:
        horizontal[grid.canal_row] = CANAL_HALF_M
    return vertical, horizontal


def _kept(rng: np.random.Generator, grid: _Grid) -> BoolArray:
    """Leave out some corners of the grid, so that the town's edge is not a rectangle."""
    kept = np.ones((grid.columns, grid.rows), dtype=bool)
    if min(grid.columns, grid.rows) > 3:  # noqa: PLR2004
        drop = rng.random(4) < 0.7  # noqa: PLR2004
        kept[0, 0], kept[-1, 0], kept[0, -1], kept[-1, -1] = ~drop
    return kept


def _inset(corners: FloatArray, offsets: FloatArray) -> FloatArray:
    """Move each side of the quadrilaterals inwards by its offset and intersect neighbours."""
    ahead = np.roll(corners, -1, axis=1)
    along = ahead - corners
    along /= np.hypot(along[..., 0], along[..., 1])[..., None]
    inward = np.stack([-along[..., 1], along[..., 0]], axis=-1)
    foot = corners + inward * offsets[..., None]
    before, step = np.roll(foot, 1, axis=1), np.roll(along, 1, axis=1)
    gap = foot - before
    cross = step[..., 0] * along[..., 1] - step[..., 1] * along[..., 0]
    reach = (gap[..., 0] * along[..., 1] - gap[..., 1] * along[..., 0]) / cross
    return before + step * reach[..., None]


def _plots(ring: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Centre, axis and half sizes of the upright rectangle inside each ring, walls excluded."""
    base = (ring[:, 1] - ring[:, 0]) + (ring[:, 2] - ring[:, 3])
    axis = base / np.hypot(base[:, 0], base[:, 1])[:, None]
    moved = ring - ring.mean(axis=1, keepdims=True)
    u = moved[..., 0] * axis[:, None, 0] + moved[..., 1] * axis[:, None, 1]
    v = moved[..., 1] * axis[:, None, 0] - moved[..., 0] * axis[:, None, 1]
    low = np.stack([np.maximum(u[:, 0], u[:, 3]), np.maximum(v[:, 0], v[:, 1])], axis=1)
    high = np.stack([np.minimum(u[:, 1], u[:, 2]), np.minimum(v[:, 2], v[:, 3])], axis=1)
    low, high = low + WALL_GAP_M, high - WALL_GAP_M
    middle = (low + high) / 2
    east = middle[:, 0] * axis[:, 0] - middle[:, 1] * axis[:, 1]
    north = middle[:, 0] * axis[:, 1] + middle[:, 1] * axis[:, 0]
    origin = ring.mean(axis=1) + np.stack([east, north], axis=1)
    return np.round(origin, 3), np.round(axis, 9), np.round((high - low) / 2, 3)


def _crossings(
    rng: np.random.Generator, grid: _Grid, kept: BoolArray, ring: FloatArray
) -> tuple[FloatArray, NDArray[np.str_], NDArray[np.str_]]:
    """Join neighbouring rings at the junctions; across the canal only at two columns."""
    number = np.full((grid.columns + 2, grid.rows + 2), -1)
    number[1:-1, 1:-1][kept] = np.arange(len(ring))
    column, row = _street_names(grid)
    spread = max(1, grid.columns // 4)
    bridges = {grid.columns // 2 - spread, grid.columns // 2 + spread}
    segments, kinds, names = [], [], []
    for i in range(grid.columns + 1):
        for j in range(grid.rows + 1):
            # blocks around the junction, each with the corner of its ring that faces it
            around = (
                (number[i, j], 2),
                (number[i + 1, j], 3),
                (number[i + 1, j + 1], 0),
                (number[i, j + 1], 1),
            )
            legs = [leg for leg in pairwise((*around, around[0])) if _is_leg(leg)]
            for (block, corner), (other, facing) in legs:
                over = corner in {1, 3}  # a leg between blocks south and north of the line
                over_canal = over and j == grid.canal_row
                if over_canal and i not in bridges:
                    continue
                if len(legs) == 4 and not over_canal and rng.random() < 0.04:  # noqa: PLR2004
                    continue  # a junction with one leg unmarked
                segments.append([ring[block, corner], ring[other, facing]])
                kinds.append("bridge" if over_canal else "crossing")
                names.append(row[j] if over else column[i])
    return np.array(segments).reshape(-1, 2, 2), np.array(kinds), np.array(names)


def _roads(grid: _Grid, kept: BoolArray, ring: FloatArray) -> FloatArray:
    """Return carriageways and junctions between the sidewalks, but for the canal."""
    number = np.full(kept.shape, -1)
    number[kept] = np.arange(len(ring))
    west, east = number[:-1].ravel(), number[1:].ravel()
    south, north = number[:, :-1], number[:, 1:]
    over_canal = np.arange(1, grid.rows) == grid.canal_row
    south, north = south[:, ~over_canal].ravel(), north[:, ~over_canal].ravel()
    beside, above = (west >= 0) & (east >= 0), (south >= 0) & (north >= 0)
    west, east, south, north = west[beside], east[beside], south[above], north[above]
    quads = [
        np.stack([ring[west, 1], ring[east, 0], ring[east, 3], ring[west, 2]], axis=1),
        np.stack([ring[south, 3], ring[south, 2], ring[north, 1], ring[north, 0]], axis=1),
    ]
    around = [number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]]
    four = np.stack([each[:, ~over_canal].ravel() for each in around], axis=1)
    four = four[(four >= 0).all(axis=1)]
    quads.append(ring[four, [2, 3, 0, 1]])
    return np.concatenate(quads)


def _is_leg(leg: tuple[tuple[int, int], tuple[int, int]]) -> bool:
    return leg[0][0] >= 0 and leg[1][0] >= 0


def _street_names(grid: _Grid) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """Fictional names of the north-south and east-west street lines."""
    column = [f"{grid.prefix}样例{_numeral(i + 1)}路" for i in range(grid.columns + 1)]
    row = [f"{grid.prefix}样图{_numeral(j + 1)}街" for j in range(grid.rows + 1)]
    if grid.canal_row >= 0:
        row[grid.canal_row] = "样例渠"
    return np.array(column), np.array(row)


def _numeral(number: int) -> str:
    """Write a small number in Chinese numerals, a large one in digits."""
    tens, ones = divmod(number, 10)
    if tens > 1:
        return str(number)
    return ("十" if tens else "") + (_NUMERALS[ones - 1] if ones else "")


def _join(rng: np.random.Generator, parts: Sequence[Frame]) -> Frame:
    """Put the clusters together and join each to the first by a country road."""
    roads = [_road(rng, parts[0], part) for part in parts[1:]]
    joins = [part.joins for part in parts] + roads
    kinds = [part.join_kind for part in parts] + [np.full(len(road), "sidewalk") for road in roads]
    names = [part.join_name for part in parts] + [
        np.full(len(road), "样例连接路") for road in roads
    ]
    stacked = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _STACKED}
    return Frame(
        **stacked,
        joins=np.concatenate(joins),
        join_kind=np.concatenate(kinds),
        join_name=np.concatenate(names),
    )


def _road(rng: np.random.Generator, one: Frame, other: Frame) -> FloatArray:
    """Segments of a winding road between the two ring corners that are nearest to each other."""
    target = other.ring.mean(axis=(0, 1))
    start = _nearest_corner(one.ring, target)
    end = _nearest_corner(other.ring, start)
    share = np.linspace(0, 1, 25)[:, None]
    run = end - start
    aside = np.array([-run[1], run[0]]) / np.hypot(*run)
    swing = 160 * np.sin(np.pi * share) * np.sin(3 * np.pi * share + rng.random())
    points = np.round(start + run * share + aside * swing, 3)
    points[0], points[-1] = start, end
    return np.stack([points[:-1], points[1:]], axis=1)


def _nearest_corner(ring: FloatArray, target: FloatArray) -> FloatArray:
    flat = ring.reshape(-1, 2)
    nearest: FloatArray = flat[np.argmin(((flat - target) ** 2).sum(axis=1))]
    return nearest
