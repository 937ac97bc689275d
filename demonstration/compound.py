"""A compound: one estate's ground, buildings, lanes and gates, in plot coordinates [m]."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from geo.arrays import FloatArray

Rect: TypeAlias = tuple[float, float, float, float]
Segment: TypeAlias = tuple[float, float, float, float]
Point: TypeAlias = tuple[float, float]
SOUTH, EAST, NORTH, WEST = range(4)
DOOR_TO_LANE_M = 4.2


@dataclass(frozen=True)
class Compound:
    """
    One estate's ground; everything in plot coordinates.

    Attributes
    ----------
    estate, block : int
        Position in the roster and in the frame.
    parts : list of Rect
        Ground as (west, south, east, north); several where a lane splits it.
    hole : Rect or None
        Ground of the estate that lies inside.
    slots : dict of int to Rect
        Footprint of each building, by its position in the mix.
    lanes, paths, public : list of Segment
        Spines, row lanes and public lane, cut where they meet.
    gates : list of (Point, is_open)
        Where a wall opens, or once did.
    links : list of (Point, side)
        Ends of lanes to be joined to the sidewalk on that side of the block.
    rows : list of Segment
        The line along each row of buildings, from the spine, uncut.
    """

    estate: int
    block: int
    parts: list[Rect]
    slots: dict[int, Rect]
    lanes: list[Segment]
    paths: list[Segment]
    public: list[Segment]
    gates: list[tuple[Point, bool]]
    links: list[tuple[Point, int]]
    rows: list[Segment]
    hole: Rect | None = None

    @property
    def bounds(self) -> Rect:
        """West, south, east and north limit of all parts."""
        west, south, east, north = np.array(self.parts).T
        return float(west.min()), float(south.min()), float(east.max()), float(north.max())

    @property
    def land_m2(self) -> float:
        """Area of the ground, without the estate inside it."""
        area = sum((r[2] - r[0]) * (r[3] - r[1]) for r in self.parts)
        return area - (
            (self.hole[2] - self.hole[0]) * (self.hole[3] - self.hole[1]) if self.hole else 0
        )


def corners(rects: FloatArray) -> FloatArray:
    """Return the corners of rectangles, shape (n, 4) to (n, 4, 2), counter-clockwise."""
    west, south, east, north = rects.T
    return np.stack(
        [
            np.stack([west, south], axis=-1),
            np.stack([east, south], axis=-1),
            np.stack([east, north], axis=-1),
            np.stack([west, north], axis=-1),
        ],
        axis=1,
    )
