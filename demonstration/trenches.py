"""
Trenches: where the pipes lie - mains along the streets, branches along the rows, house connections.

Each kind keeps its own distance from the north wall of a row, as in an old estate where one trench
followed another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from demonstration.compound import DOOR_TO_LANE_M, EAST, NORTH, SOUTH, WEST, Compound
from demonstration.frame import Frame
from demonstration.units import Units
from geo.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Trench:
    """
    One kind of pipe as it is laid in an estate.

    `aside_m` is its distance from the north wall of a row, `centre_m` from the centre line of a
    street, to the east or north; `branch_mm` and `house_mm` are outer diameters, the latter 0
    without connections.
    """

    kind: str
    sub_kind: str
    aside_m: float
    centre_m: float
    branch_mm: float
    house_mm: float
    depth_m: tuple[float, float]
    materials: tuple[str, str]
    laid: str = "direct"
    pressure: str | None = None


TRENCHES = (
    Trench("RQ", "TR", 1.4, -5.2, 63, 32, (0.8, 1.1), ("PE", "钢"), pressure="low"),
    Trench("JS", "JP", 2.6, -3.8, 110, 50, (1.2, 1.6), ("PE", "球墨铸铁")),
    Trench("PS", "WS", 4.0, -1.6, 225, 160, (0.9, 1.6), ("HDPE", "钢筋混凝土")),
    Trench("PS", "YS", 5.2, 0.4, 315, 0, (0.9, 1.5), ("HDPE", "钢筋混凝土")),
    Trench("RL", "RS", 6.3, 2.4, 133, 0, (1.2, 1.6), ("钢", "钢")),
    Trench("RL", "RS", 6.8, 3.0, 133, 0, (1.2, 1.6), ("钢", "钢")),
    Trench("DL", "GD", 7.6, 4.6, 100, 0, (0.7, 0.9), ("铜芯电缆", "铝芯电缆")),
    Trench("TX", "XX", 8.3, 5.8, 110, 0, (0.7, 0.9), ("PVC", "PVC"), "duct"),
)
_LATERAL_M = 150.0  # at most, from an estate to the main in the street
_STEPS = {SOUTH: (0, -1), EAST: (1, 0), NORTH: (0, 1), WEST: (-1, 0)}


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
    parts = []
    for at in range(len(TRENCHES)):
        main = _main(frame, at)
        mains = shapely.MultiLineString(list(main))
        parts.append(_part(main, at, -1, is_house=False))
        for compound in compounds:
            branches = frame.to_world(compound.block, _branches(compound, at))
            led = np.concatenate([branches, _laterals(frame, compound, at, mains)])
            parts.append(_part(led, at, compound.estate, is_house=False))
            houses = _houses(frame, compound, at, units)
            parts.append(_part(houses, at, compound.estate, is_house=True))
    return Pipes(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _houses(frame: Frame, compound: Compound, number: int, units: Units) -> FloatArray:
    """Connect every unit of an estate to the branch before its door, shape (n, 2, 2)."""
    trench = TRENCHES[number]
    if not trench.house_mm:
        return np.empty((0, 2, 2))
    low, high = np.searchsorted(units.estate, [compound.estate, compound.estate + 1])
    doors = frame.to_plot(compound.block, units.door[low:high])
    wall = doors + np.array([0.8 + 0.5 * number, 0.0])
    local = np.stack([wall, wall + np.array([0.0, trench.aside_m])], axis=1)
    return frame.to_world(compound.block, local)


def _collector(compound: Compound, number: int) -> tuple[float, list[float]]:
    """Where the collector runs beside the spine, and the height of the branch along each row."""
    start, _, end, _ = compound.rows[0]
    x = start + (1.0 if end > start else -1.0) * (0.35 * number + 0.6)
    return x, [y - DOOR_TO_LANE_M + TRENCHES[number].aside_m for _, y, _, _ in compound.rows]


def _branches(compound: Compound, number: int) -> FloatArray:
    """One branch along each row and a collector beside the spine that joins the rows."""
    x, heights = _collector(compound, number)
    start = x if compound.links else compound.rows[0][0]  # a guest's go on from its host's
    rows = [[[start, y], [row[2], y]] for row, y in zip(compound.rows, heights, strict=True)]
    return np.array(rows + [[[x, one], [x, other]] for one, other in pairwise(heights)])


def _laterals(
    frame: Frame, compound: Compound, number: int, mains: shapely.MultiLineString
) -> FloatArray:
    """Lead a pipe from the collector to the first main it meets, by a gate's side if it can."""
    if not compound.links:
        return np.empty((0, 2, 2))
    x, heights = _collector(compound, number)
    for side in (*(side for _, side in compound.links), *_STEPS):
        y = heights[-1] if side == NORTH else heights[0]
        ray = np.array([x, y]) + np.outer([0.0, _LATERAL_M], _STEPS[side])
        ends = frame.to_world(compound.block, ray)
        met = shapely.get_coordinates(shapely.intersection(shapely.LineString(ends), mains))
        if len(met):
            nearest = met[np.hypot(*(met - ends[0]).T).argmin()]
            return np.round(np.array([[ends[0], nearest]]), 4)
    return np.empty((0, 2, 2))


def _main(frame: Frame, number: int) -> FloatArray:
    """Return the mains of a trench along every street, joined at the junctions, shape (s, 2, 2)."""
    lines = frame.junction + frame.aside * TRENCHES[number].centre_m
    return np.round(lines[frame.is_bridge], 4)


def _part(
    lines: FloatArray, trench: int, estate: int, *, is_house: bool
) -> tuple[FloatArray, IntArray, IntArray, BoolArray]:
    count = len(lines)
    return lines, np.full(count, trench), np.full(count, estate), np.full(count, is_house)
