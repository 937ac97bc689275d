"""
Trenches: where the pipes lie - mains along the streets, branches along the rows, house connections.

Each kind keeps its own distance from the north wall of a row, as in an old estate where one trench
followed another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from demonstration.compound import DOOR_TO_LANE_M, EAST, NORTH, SOUTH, WEST, Compound
from demonstration.frame import Frame
from demonstration.units import Units
from geo.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Trench:
    """
    One kind of pipe as it is laid in an estate.

    `aside_m` is its distance from the north wall of a row, `street_m` from the sidewalk towards the
    carriageway; `branch_mm` and `house_mm` are outer diameters, the latter 0 without connections.
    """

    kind: str
    sub_kind: str
    aside_m: float
    street_m: float
    branch_mm: float
    house_mm: float
    depth_m: tuple[float, float]
    materials: tuple[str, str]
    laid: str = "direct"
    pressure: str | None = None


TRENCHES = (
    Trench("RQ", "TR", 1.4, 4.0, 63, 32, (0.8, 1.1), ("PE", "钢"), pressure="low"),
    Trench("JS", "JP", 2.6, 5.5, 110, 50, (1.2, 1.6), ("PE", "球墨铸铁")),
    Trench("PS", "WS", 4.0, 7.5, 225, 160, (0.9, 1.6), ("HDPE", "钢筋混凝土")),
    Trench("PS", "YS", 5.2, 9.0, 315, 0, (0.9, 1.5), ("HDPE", "钢筋混凝土")),
    Trench("RL", "RS", 6.3, 10.6, 133, 0, (1.2, 1.6), ("钢", "钢")),
    Trench("RL", "RS", 6.8, 11.2, 133, 0, (1.2, 1.6), ("钢", "钢")),
    Trench("DL", "GD", 7.6, 2.6, 100, 0, (0.7, 0.9), ("铜芯电缆", "铝芯电缆")),
    Trench("TX", "XX", 8.3, 1.8, 110, 0, (0.7, 0.9), ("PVC", "PVC"), "duct"),
)
_CORNER_M = 14.0  # mains end this far from the corner of a block


@dataclass(frozen=True)
class Pipes:
    """
    Pipes before the survey; arrays share their first axis.

    Attributes
    ----------
    lines : ndarray, shape (n, 2, 2)
        Centre lines, easting and northing [m].
    trench : ndarray of int
        Position in `TRENCHES`.
    estate : ndarray of int
        Position in the roster, -1 in the street.
    is_house : ndarray of bool
        Whether it is a house connection.
    """

    lines: FloatArray
    trench: IntArray
    estate: IntArray
    is_house: BoolArray


def lay_pipes(frame: Frame, compounds: Sequence[Compound], units: Units) -> Pipes:
    """Lay the pipes of every estate and the mains of every street."""
    parts = [_mains(frame, compounds)]
    for compound in compounds:
        low, high = np.searchsorted(units.estate, [compound.estate, compound.estate + 1])
        doors = frame.to_plot(compound.block, units.door[low:high])
        for at, trench in enumerate(TRENCHES):
            local = np.concatenate([_branches(compound, at), _laterals(frame, compound, at)])
            branches = frame.to_world(compound.block, local)
            parts.append(_part(branches, at, compound.estate, is_house=False))
            if trench.house_mm:
                aside = doors + np.array([0.8 + 0.5 * at, 0.0])
                local = np.stack([aside, aside + np.array([0.0, trench.aside_m])], axis=1)
                houses = frame.to_world(compound.block, local)
                parts.append(_part(houses, at, compound.estate, is_house=True))
    return Pipes(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _collector(compound: Compound, number: int) -> tuple[float, list[float]]:
    """Where the collector runs beside the spine, and the height of the branch along each row."""
    start, _, end, _ = compound.rows[0]
    x = start + (1.0 if end > start else -1.0) * (0.35 * number + 0.6)
    return x, [y - DOOR_TO_LANE_M + TRENCHES[number].aside_m for _, y, _, _ in compound.rows]


def _branches(compound: Compound, number: int) -> FloatArray:
    """One branch along each row and a collector beside the spine that joins the rows."""
    x, heights = _collector(compound, number)
    rows = [[[x, y], [row[2], y]] for row, y in zip(compound.rows, heights, strict=True)]
    return np.array(rows + [[[x, one], [x, other]] for one, other in pairwise(heights)])


def _laterals(frame: Frame, compound: Compound, number: int) -> FloatArray:
    """Lead a pipe from the collector to the main of the street the estate's lane leads to."""
    if not compound.links:
        return np.empty((0, 2, 2))
    side = compound.links[0][1]
    x, heights = _collector(compound, number)
    y = heights[-1] if side == NORTH else heights[0]
    start, end = frame.to_plot(compound.block, _main(frame.ring[[compound.block]], side, number)[0])
    along = int(side in {EAST, WEST})
    share = ((x, y)[along] - start[along]) / (end[along] - start[along])
    return np.array([[[x, y], start + (end - start) * share]])


def _mains(
    frame: Frame, compounds: Sequence[Compound]
) -> tuple[FloatArray, IntArray, IntArray, BoolArray]:
    """One main of each kind south and west of every block, and where an estate is connected."""
    laid = np.zeros((len(frame.ring), 4), dtype=bool)
    laid[:, [SOUTH, WEST]] = True
    for compound in compounds:
        if compound.links:
            laid[compound.block, compound.links[0][1]] = True
    parts = [
        _part(_main(frame.ring[laid[:, side]], side, at), at, -1, is_house=False)
        for at in range(len(TRENCHES))
        for side in range(4)
    ]
    lines, trench_of, estate, is_house = (np.concatenate(part) for part in zip(*parts, strict=True))
    return lines, trench_of, estate, is_house


def _main(ring: FloatArray, side: int, number: int) -> FloatArray:
    """Return the main of a trench along one side of each ring, shape (b, 2, 2)."""
    start, end = ring[:, side], ring[:, (side + 1) % 4]
    along = end - start
    along = along / np.hypot(along[:, 0], along[:, 1])[:, None]
    outward = np.stack([along[:, 1], -along[:, 0]], axis=1) * TRENCHES[number].street_m
    line = np.stack([start + along * _CORNER_M, end - along * _CORNER_M], axis=1)
    return np.round(line + outward[:, None], 4)


def _part(
    lines: FloatArray, trench: int, estate: int, *, is_house: bool
) -> tuple[FloatArray, IntArray, IntArray, BoolArray]:
    count = len(lines)
    return lines, np.full(count, trench), np.full(count, estate), np.full(count, is_house)
