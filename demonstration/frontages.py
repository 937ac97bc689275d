"""Frontages: the street sides of ordinary buildings, where shops and offices have their doors."""

from dataclasses import dataclass

import numpy as np

from demonstration.frame import Frame
from demonstration.infill import Infill
from geo.arrays import BoolArray, FloatArray, IntArray

_NEAR_M = 8.0  # from the edge of the plot: beyond it a building has no door to the street


@dataclass(frozen=True)
class Frontages:
    """
    Doors to the street; arrays share their first axis.

    Attributes
    ----------
    building : ndarray of int, shape (n,)
        Position in the infill.
    door : ndarray, shape (n, 2)
        Easting and northing [m].
    footprint_m2, floor_m2 : ndarray, shape (n,)
        Of the building.
    is_home : ndarray of bool, shape (n,)
    """

    building: IntArray
    door: FloatArray
    footprint_m2: FloatArray
    floor_m2: FloatArray
    is_home: BoolArray

    def take(self, which: IntArray | BoolArray) -> "Frontages":
        """Return some of the frontages."""
        return Frontages(
            self.building[which],
            self.door[which],
            self.footprint_m2[which],
            self.floor_m2[which],
            self.is_home[which],
        )


def find_frontages(rng: np.random.Generator, frame: Frame, infill: Infill) -> Frontages:
    """Return one door for every building of the infill that stands beside a street."""
    west, south, east, north = infill.rects.T
    half = frame.half[infill.block]
    gaps = np.stack([south + half[:, 1], half[:, 0] - east, half[:, 1] - north, west + half[:, 0]])
    side, nearest = gaps.argmin(axis=0), gaps.min(axis=0)
    share = 0.2 + 0.6 * rng.random(len(side))
    along_x, along_y = west + share * (east - west), south + share * (north - south)
    x = np.choose(side, [along_x, east, along_x, west])
    y = np.choose(side, [south, along_y, north, along_y])
    door = frame.to_world(infill.block, np.stack([x, y], axis=1))
    footprint = (east - west) * (north - south)
    every = Frontages(
        np.arange(len(side)), door, footprint, footprint * infill.storeys, infill.is_home
    )
    return every.take(nearest < _NEAR_M)
