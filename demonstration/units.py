"""The stair units' doors, and where every building of the estates stands."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demonstration.compound import Compound
from demonstration.frame import Frame
from demonstration.mix import Mix
from geo.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True)
class Units:
    """
    Stair units of the estates; arrays share their first axis, in the order of the mix.

    Attributes
    ----------
    building, estate : ndarray of int
        Position in the mix and in the roster.
    number : ndarray of int
        Position along the building, from 0.
    door : ndarray, shape (n, 2)
        The door, on the north wall [m].
    households : ndarray of int
        Flats still lived in; those turned into shops were in the first unit.
    has_lift : ndarray of bool
    """

    building: IntArray
    estate: IntArray
    number: IntArray
    door: FloatArray
    households: IntArray
    has_lift: BoolArray


def place_units(mix: Mix, frame: Frame, compounds: Sequence[Compound]) -> Units:
    """Put one door to each unit, evenly along the north wall of its building."""
    building = np.repeat(np.arange(len(mix.units)), mix.units)
    first = np.cumsum(mix.units) - mix.units
    number = np.arange(len(building)) - first[building]
    slot, block = slots(mix, compounds)
    west, _, east, north = slot[building].T
    x = west + (east - west) * (number + 0.5) / mix.units[building]
    door = frame.to_world(block[building], np.stack([x, north], axis=1))
    full = mix.flats[building] // mix.units[building]
    gone = np.where(number == 0, (mix.flats - mix.households)[building], 0)
    return Units(
        building=building,
        estate=mix.estate[building],
        number=number,
        door=door,
        households=full - gone,
        has_lift=mix.has_lifts[building],
    )


def slots(mix: Mix, compounds: Sequence[Compound]) -> tuple[FloatArray, IntArray]:
    """Return every building's footprint in plot coordinates, shape (n, 4), and its block."""
    rects, blocks = np.zeros((len(mix.estate), 4)), np.zeros(len(mix.estate), dtype=np.int64)
    for compound in compounds:
        for building, rect in compound.slots.items():
            rects[building], blocks[building] = rect, compound.block
    return rects, blocks
