"""
A cluster of blocks: street junctions on a bent grid, which streets are broad, which are left out.

Some pairs of blocks are one, so that a street ends at a T-junction; beyond the middle the streets
run obliquely, and a canal winds along one of the lines. The grid is turned and displaced so that
it cannot be read as a survey of a real street.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geo.arrays import BoolArray, FloatArray, IntArray

CANAL_HALF_M = 24.0
BROAD_HALF_M = 12.0  # half the width from which a street is an arterial
_MEANDER_M, _MEANDER_LENGTH_M = 26.0, 175.0
_OBLIQUE = 0.2  # slope of the streets in the west, beyond the middle
_MERGED = 0.3  # of the pairs of blocks that could be one
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Grid:
    """
    How many blocks a cluster has, where it is, and how its streets run.

    `canal_row` is the street line that is a canal, -1 if none; `town_ids` are west and east of the
    middle line; `turn` is the angle of the whole [rad].
    """

    columns: int
    rows: int
    anchor: FloatArray
    canal_row: int
    town_ids: tuple[str, str]
    prefix: str
    turn: float

    @property
    def street_names(self) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
        """Fictional names of the north-south and east-west street lines."""
        column = [f"{self.prefix}样例{_numeral(i + 1)}路" for i in range(self.columns + 1)]
        row = [f"{self.prefix}样图{_numeral(j + 1)}街" for j in range(self.rows + 1)]
        if self.canal_row >= 0:
            row[self.canal_row] = "样例渠"
        return np.array(column), np.array(row)

    @property
    def bridges(self) -> set[int]:
        """The two north-south street lines that cross the canal."""
        spread = max(1, self.columns // 4)
        return {self.columns // 2 - spread, self.columns // 2 + spread}


@dataclass(frozen=True)
class Blocks:
    """
    The blocks of a grid; arrays of blocks share their first axis.

    Attributes
    ----------
    west, east, south : ndarray of int, shape (b,)
        The street lines around each block; the northern one follows the southern.
    cell : ndarray of int, shape (columns + 2, rows + 2)
        The block in each cell, -1 for none, with an empty margin.
    """

    west: IntArray
    east: IntArray
    south: IntArray
    cell: IntArray

    @property
    def corners(self) -> IntArray:
        """Column and row of each block's corners, SW, SE, NE, NW, shape (b, 4, 2)."""
        west, east, south, north = self.west, self.east, self.south, self.south + 1
        columns = np.stack([west, east, east, west], axis=1)
        return np.stack([columns, np.stack([south, south, north, north], axis=1)], axis=2)


def lay_blocks(rng: np.random.Generator, grid: Grid, vertical: FloatArray) -> Blocks:
    """Choose which cells are built up, and which two of them are one block."""
    kept = _kept(rng, grid)
    joined = _joined(rng, grid, kept, vertical)
    west, south = np.nonzero(kept & ~np.roll(joined, 1, axis=0))
    east = west + 1 + joined[west, south]
    cell = np.full((grid.columns + 2, grid.rows + 2), -1)
    cell[west + 1, south + 1] = np.arange(len(west))
    cell[east, south + 1] = np.arange(len(west))
    return Blocks(west, east, south, cell)


def _joined(
    rng: np.random.Generator, grid: Grid, kept: BoolArray, vertical: FloatArray
) -> BoolArray:
    """
    Return which cells are one block with their eastern neighbour.

    Pairs begin at even columns alone, so that the junctions they swallow are no corner of another.
    """
    joined = rng.random(kept.shape) < _MERGED
    joined[1::2] = False
    joined[-1] = False
    joined[:-1] &= kept[:-1] & kept[1:]
    inner = np.arange(1, grid.columns + 1)
    joined &= ((inner != grid.columns // 2) & (vertical[1:] < BROAD_HALF_M))[:, None]
    return joined


def lay_nodes(rng: np.random.Generator, grid: Grid) -> FloatArray:
    """Return street junctions, shape (columns + 1, rows + 1, 2): uneven, bent, oblique, turned."""
    steps_x = 210 + 60 * rng.random(grid.columns)
    steps_y = 225 + 70 * rng.random(grid.rows)
    x = np.concatenate([[0.0], np.cumsum(steps_x)])
    y = np.concatenate([[0.0], np.cumsum(steps_y)])
    x, y = np.meshgrid(x - x[grid.columns // 2], y - y[-1] / 2, indexing="ij")
    phase = 2 * np.pi * rng.random(3)
    jitter = 7 * (rng.random((*x.shape, 2)) - 0.5)
    bent_x = x + 30 * np.sin(y / 250 + phase[0]) + 0.08 * np.maximum(y - 150, 0)
    bent_y = y + 34 * np.sin(x / 300 + phase[1]) + _OBLIQUE * np.maximum(-200 - x, 0)
    if grid.canal_row >= 0:
        near = np.maximum(0, 1 - np.abs(np.arange(grid.rows + 1) - grid.canal_row) / 2)
        bent_y = bent_y + _MEANDER_M * near * np.sin(x / _MEANDER_LENGTH_M + phase[2])
    flat = np.round(np.stack([bent_x, bent_y], axis=-1) + jitter, 3)
    cos, sin = np.cos(grid.turn), np.sin(grid.turn)
    # written out: a matrix product may differ in its last digit from machine to machine
    east = flat[..., 0] * cos - flat[..., 1] * sin
    north = flat[..., 0] * sin + flat[..., 1] * cos
    nodes: FloatArray = np.round(np.stack([east, north], axis=-1) + grid.anchor, 4)
    return nodes


def straightened(nodes: FloatArray, blocks: Blocks) -> FloatArray:
    """Return the junctions with those beside a block of two cells on the line of its side."""
    moved = nodes.copy()
    for at in np.flatnonzero(blocks.east - blocks.west > 1):
        west, east, middle = blocks.west[at], blocks.east[at], blocks.west[at] + 1
        for row in (blocks.south[at], blocks.south[at] + 1):
            moved[middle, row] = (nodes[west, row] + nodes[east, row]) / 2
    return np.round(moved, 4)


def half_widths(rng: np.random.Generator, grid: Grid) -> tuple[FloatArray, FloatArray]:
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


def _kept(rng: np.random.Generator, grid: Grid) -> BoolArray:
    """Leave out some corners of the grid, so that the town's edge is not a rectangle."""
    kept = np.ones((grid.columns, grid.rows), dtype=bool)
    if min(grid.columns, grid.rows) > 3:  # noqa: PLR2004
        drop = rng.random(4) < 0.7  # noqa: PLR2004
        kept[0, 0], kept[-1, 0], kept[0, -1], kept[-1, -1] = ~drop
    return kept


def crossings(
    rng: np.random.Generator, grid: Grid, blocks: Blocks, ring: FloatArray
) -> tuple[FloatArray, NDArray[np.str_], NDArray[np.str_]]:
    """Join neighbouring rings at the junctions; across the canal only at the bridges."""
    column, row = grid.street_names
    segments, kinds, names = [], [], []
    for i in range(grid.columns + 1):
        for j in range(grid.rows + 1):
            legs = list(_legs(blocks, i, j))
            for (block, corner), (other, facing) in legs:
                over = corner in {1, 3}  # a leg between blocks south and north of the line
                over_canal = over and j == grid.canal_row
                if over_canal and i not in grid.bridges:
                    continue
                if len(legs) == 4 and not over_canal and rng.random() < 0.04:  # noqa: PLR2004
                    continue  # a junction with one leg unmarked
                segments.append([ring[block, corner], ring[other, facing]])
                kinds.append("bridge" if over_canal else "crossing")
                names.append(row[j] if over else column[i])
    return np.array(segments).reshape(-1, 2, 2), np.array(kinds), np.array(names)


def _legs(blocks: Blocks, i: int, j: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield two blocks at a time that have a corner at the junction, with the corners' numbers."""
    cell, corners = blocks.cell, blocks.corners
    around = ((cell[i, j], 2), (cell[i + 1, j], 3), (cell[i + 1, j + 1], 0), (cell[i, j + 1], 1))
    has_corner = [b >= 0 and tuple(corners[b, c]) == (i, j) for b, c in around]
    ring = [*zip(around, has_corner, strict=True), (around[0], has_corner[0])]
    for (leg, here), (other, there) in pairwise(ring):
        if here and there:
            yield (int(leg[0]), leg[1]), (int(other[0]), other[1])


def streets_between(grid: Grid, blocks: Blocks) -> Iterator[tuple[int, int, int, int]]:
    """Yield the pieces of street between junctions: columns and rows of both ends; no canal."""
    cell = blocks.cell
    for i in range(grid.columns + 1):
        for j in range(grid.rows):
            west, east = cell[i, j + 1], cell[i + 1, j + 1]
            if max(west, east) >= 0 and west != east:
                yield i, j, i, j + 1
    for i in range(grid.columns):
        for j in range(grid.rows + 1):
            if j != grid.canal_row and max(cell[i + 1, j], cell[i + 1, j + 1]) >= 0:
                yield i, j, i + 1, j


def _numeral(number: int) -> str:
    """Write a small number in Chinese numerals, a large one in digits."""
    tens, ones = divmod(number, 10)
    if tens > 1:
        return str(number)
    return ("十" if tens else "") + (_NUMERALS[ones - 1] if ones else "")
