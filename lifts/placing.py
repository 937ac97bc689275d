"""Placing: where shafts of the rulebook's sizes could stand beside a stair unit."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lifts.stair_units import StairUnits, Wall, behind, is_known
from rules.conventions import Lifts, ShaftSize

POSITIONS = ("front", "left", "right", "balcony")
"""In front of the door, to its left or right seen from outside, on the balcony side."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """
    The k places tried.

    Attributes
    ----------
    unit : ndarray of int64, shape (k,)
        Position of each one's stair unit.
    position : ndarray of str, shape (k,)
        One of `POSITIONS`.
    size : ndarray of int64, shape (k,)
        Which of the rulebook's sizes of shaft.
    shaft : ndarray of Polygon, shape (k,)
        The shaft's outer edge, working CRS [m].
    bridge : ndarray of Polygon, shape (k,)
        Bridge or gallery between wall and shaft.
    """

    unit: IntArray
    position: ObjectArray
    size: IntArray
    shaft: ObjectArray
    bridge: ObjectArray

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.unit)

    @property
    def envelope(self) -> ObjectArray:
        """Shaft and bridge together, shape (k,)."""
        both: ObjectArray = shapely.union(self.shaft, self.bridge)
        return both

    def where(self, keep: BoolArray | IntArray) -> "Candidates":
        """Return some of the places, in the order of `keep`."""
        return Candidates(
            self.unit[keep],
            self.position[keep],
            self.size[keep],
            self.shaft[keep],
            self.bridge[keep],
        )


def candidates(
    units: StairUnits, buildings: ObjectArray, asked: IntArray, figures: Lifts
) -> Candidates:
    """
    Return every place to try.

    Parameters
    ----------
    units : StairUnits
        n stair units.
    buildings : ndarray of Polygon or MultiPolygon, shape (b,)
        The district's.
    asked : ndarray of int64, shape (a,)
        Units that ask for a lift.
    figures : Lifts
        Sizes (rulebook table `lifts`).

    Returns
    -------
    Candidates
        By unit, position and size; none for a unit whose door is in no known wall.
    """
    asked = asked[(units.building[asked] >= 0) & is_known(units.door)[asked]]
    front = _taken(units.door, asked)
    balcony = behind(front, buildings[units.building[asked]], figures.reach_m)
    parts = [
        part
        for size in range(len(figures.shafts))
        for part in _of_size(asked, front, balcony, figures, size)
    ]
    joined = Candidates(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Candidates.__slots__)
    )
    place = np.array([POSITIONS.index(one) for one in joined.position], dtype=np.int64)
    return joined.where(np.lexsort((joined.size, place, joined.unit)))


def _taken(wall: Wall, keep: IntArray) -> Wall:
    return Wall(wall.at[keep], wall.along[keep], wall.out[keep])


def _of_size(
    asked: IntArray, front: Wall, balcony: Wall, figures: Lifts, size: int
) -> Iterator[Candidates]:
    """Yield the places of shafts of one size, a position at a time."""
    shaft = figures.shafts[size]
    for position in POSITIONS:
        wall = balcony if position == "balcony" else front
        there = np.flatnonzero(is_known(wall))
        box, link = _boxes(position, shaft, figures)
        yield Candidates(
            asked[there],
            np.full(len(there), position, dtype=object),
            np.full(len(there), size, dtype=np.int64),
            _placed(_taken(wall, there), box),
            _placed(_taken(wall, there), link),
        )


def _boxes(position: str, shaft: ShaftSize, figures: Lifts) -> tuple[FloatArray, FloatArray]:
    """
    Return shaft and bridge as (from, to) along the wall and (from, to) off it, shape (4,) [m].

    Along the wall counts to the right, seen from outside.
    """
    half, aside = shaft.width_m / 2, figures.aside_m
    if position == "front":
        off, half_bridge = figures.bridge_length_m, figures.bridge_width_m / 2
        box, link = (-half, half, off, off + shaft.depth_m), (-half_bridge, half_bridge, 0.0, off)
    else:
        off = figures.bridge_width_m
        begin, end = (-half, half) if position == "balcony" else (aside, aside + shaft.width_m)
        start = begin if position == "balcony" else 0.0
        box, link = (begin, end, off, off + shaft.depth_m), (start, end, 0.0, off)
    if position == "left":
        box, link = (-box[1], -box[0], *box[2:]), (-link[1], -link[0], *link[2:])
    return np.array(box), np.array(link)


def _placed(wall: Wall, box: FloatArray) -> ObjectArray:
    """Return a box at every place of a wall."""
    right = np.stack([-wall.out[:, 1], wall.out[:, 0]], axis=1)
    corners = np.array([[box[i], box[j]] for i, j in ((0, 2), (1, 2), (1, 3), (0, 3))])
    xy = (
        wall.at[:, None]
        + corners[None, :, :1] * right[:, None]
        + corners[None, :, 1:] * wall.out[:, None]
    )
    return np.asarray(shapely.polygons(xy), dtype=object)
