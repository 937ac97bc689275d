"""
The frame of the town: streets, their blocks, sidewalks, crossings and one canal.

A block is a quadrilateral between four streets with a ring of sidewalk inside it; crossings join
the rings at junctions and nowhere else, two bridges cross the canal. All coordinates are EPSG:4544
metres.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demonstration.grid import (
    BROAD_HALF_M,
    Grid,
    crossings,
    half_widths,
    lay_blocks,
    lay_nodes,
    straightened,
    streets_between,
)
from demonstration.roster import JINJI, JINXING, SHENGLI
from geo.arrays import BoolArray, FloatArray, IntArray

MAIN_ANCHOR = np.array([606000.0, 4205000.0])
JINJI_ANCHOR = np.array([599500.0, 4199000.0])
_MAIN_TURN, _JINJI_TURN = np.radians(3.0), np.radians(-12.0)
BLOCKS_PER_ESTATE = 2.4
WALL_GAP_M = 4.5  # from the sidewalk's centre line to the walls of the block
_STACKED = (
    "ring",
    "names",
    "is_arterial",
    "origin",
    "axis",
    "half",
    "town_id",
    "junction",
    "aside",
    "street_half",
    "is_bridge",
    "canal",
)


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
    junction : ndarray, shape (s, 2, 2)
        Both ends of every piece of street, on its centre line.
    aside : ndarray, shape (s, 2, 2)
        At both ends, by how much a line one metre beside the centre line is moved there, the same
        for every street of a junction.
    street_half : ndarray, shape (s,)
        Half the width of each piece [m].
    is_bridge : ndarray of bool, shape (s,)
        Whether the piece reaches the canal where a bridge crosses it, or not the canal at all.
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
    junction: FloatArray
    aside: FloatArray
    street_half: FloatArray
    is_bridge: BoolArray
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
    grids = [Grid(*main, MAIN_ANCHOR, max(1, main[1] // 4), (JINXING, SHENGLI), "", _MAIN_TURN)]
    if estates_by_town.get(JINJI, 0):
        grids.append(Grid(*jinji, JINJI_ANCHOR, -1, (JINJI, JINJI), "金积", _JINJI_TURN))
    parts = [_lay_grid(rng, grid) for grid in grids]
    return _join(rng, parts)


def _size(estates: int) -> tuple[int, int]:
    """Columns (even, so that a street divides the towns) and rows for so many estates."""
    blocks = max(4.0, estates * BLOCKS_PER_ESTATE)
    columns = 2 * int(np.ceil(np.sqrt(blocks * 1.3) / 2))
    return columns, max(3, int(np.ceil(blocks / columns)))


def _lay_grid(rng: np.random.Generator, grid: Grid) -> Frame:
    nodes = lay_nodes(rng, grid)
    vertical, horizontal = half_widths(rng, grid)
    blocks = lay_blocks(rng, grid, vertical)
    nodes = straightened(nodes, blocks)
    west, east, south, north = blocks.west, blocks.east, blocks.south, blocks.south + 1
    offsets = np.stack([horizontal[south], vertical[east], horizontal[north], vertical[west]], 1)
    at = blocks.corners
    ring = np.round(_inset(nodes[at[..., 0], at[..., 1]], offsets), 4)
    origin, axis, half = _plots(ring)
    joins, kinds, names = crossings(rng, grid, blocks, ring)
    column, row = grid.street_names
    ends = np.array(list(streets_between(grid, blocks))).reshape(-1, 2, 2)
    columns, rows = ends[..., 0], ends[..., 1]
    is_vertical = columns[:, 0] == columns[:, 1]
    at_canal = (rows == grid.canal_row).any(axis=1) & (grid.canal_row >= 0)
    return Frame(
        ring=ring,
        names=np.stack([row[south], column[east], row[north], column[west]], axis=1),
        is_arterial=offsets > BROAD_HALF_M,
        origin=origin,
        axis=axis,
        half=half,
        town_id=np.where(west < grid.columns // 2, *grid.town_ids),
        joins=joins,
        join_kind=kinds,
        join_name=names,
        canal=nodes[:, grid.canal_row] if grid.canal_row >= 0 else np.empty((0, 2)),
        junction=nodes[columns, rows],
        aside=_aside(nodes)[columns, rows],
        street_half=np.where(is_vertical, vertical[columns[:, 0]], horizontal[rows[:, 0]]),
        is_bridge=~at_canal | np.isin(columns[:, 0], list(grid.bridges)),
    )


def _aside(nodes: FloatArray) -> FloatArray:
    """Return, for every junction, where a line one metre east and north of both streets passes."""
    moves = []
    for axis, (turn_x, turn_y) in ((1, (1, -1)), (0, (-1, 1))):
        ahead = np.gradient(nodes, axis=axis)
        along = ahead / np.hypot(ahead[..., 0], ahead[..., 1])[..., None]
        moves.append(np.stack([turn_x * along[..., 1], turn_y * along[..., 0]], axis=-1))
    aside: FloatArray = np.round(moves[0] + moves[1], 6)
    return aside


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
