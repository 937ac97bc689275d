"""
The mix: storeys, units and households of every building, drawn so that the totals come out exact.

Households are two to a landing, an even number; the plan's 1,845 is odd, so that one to four
ground-floor flats have become a shop or a property room. Floor area is made exact by scaling the
width of the units, never by a row that takes up the difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from demonstration.roster import PlannedEstate, Targets
from geo.arrays import BoolArray, FloatArray, IntArray

PLINTH_M, PARAPET_M = 0.6, 0.6
_STOREYS, _STOREY_SHARE = np.array([3, 4, 5, 6]), np.array([0.05, 0.10, 0.28, 0.57])
_UNITS, _UNIT_SHARE = np.array([1, 2, 3, 4, 5]), np.array([0.04, 0.22, 0.42, 0.25, 0.07])
_FLATS_TO_A_LANDING = 2
_MOST_UNITS_IN_A_PAIR = 4  # where two buildings share a row


@dataclass(frozen=True, slots=True)
class Special:
    """
    A building planned on purpose: dwelling floors and the height of the highest entrance floor.

    `shop_m` is the height of a shop floor below the dwellings, 0 where there is none; `every` says
    whether all buildings of the estate are so; `lifts` whether all its units have one.
    """

    floors: int
    shop_m: float = 0.0
    every: bool = False
    lifts: bool = False


@dataclass(frozen=True)
class Mix:
    """
    Every building of the estates before it has a place; arrays share their first axis.

    Attributes
    ----------
    estate : ndarray of int
        Position of the estate in the roster.
    floors : ndarray of int
        Floors of dwellings; `storeys` counts a shop floor below them too.
    units, flats, households : ndarray of int
        Stair units, flats as built, flats still lived in.
    depth_m, length_m, storey_m, shop_m : ndarray of float
        Depth, length, height of a storey and of the shop floor (0 if none).
    has_lifts : ndarray of bool
        Whether every unit was fitted with a lift.
    floor_area_m2 : ndarray of float
        To 0.1 m2; adds up to the target.
    """

    estate: IntArray
    floors: IntArray
    units: IntArray
    flats: IntArray
    households: IntArray
    depth_m: FloatArray
    length_m: FloatArray
    storey_m: FloatArray
    shop_m: FloatArray
    has_lifts: BoolArray
    floor_area_m2: FloatArray

    @property
    def storeys(self) -> IntArray:
        """Storeys above ground, the shop floor included."""
        return self.floors + (self.shop_m > 0)

    @property
    def entrance_m(self) -> FloatArray:
        """Height of the highest entrance floor above outdoor ground [m], to 0.1 m."""
        ground = np.where(self.shop_m > 0, self.shop_m, PLINTH_M)
        return np.round(ground + (self.floors - 1) * self.storey_m, 1)

    @property
    def height_m(self) -> FloatArray:
        """Height of the building to its parapet [m]."""
        return np.round(self.entrance_m + self.storey_m + PARAPET_M, 1)


def draw_mix(
    rng: np.random.Generator,
    entries: Sequence[PlannedEstate],
    target: Targets,
    specials: Mapping[int, Special],
) -> Mix:
    """
    Draw the buildings of every estate so that households and floor area are exactly the target.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    entries : sequence of PlannedEstate
        The roster.
    target : Targets
        What the buildings add up to.
    specials : mapping of int to Special
        Buildings planned on purpose, by place in the plan's list.
    """
    counts = np.array([entry.buildings for entry in entries])
    estate = np.repeat(np.arange(len(entries)), counts)
    floors = rng.choice(_STOREYS, len(estate), p=_STOREY_SHARE)
    units = rng.choice(_UNITS, len(estate), p=_UNIT_SHARE)
    floors, shop, lifts, planned = _plan_specials(entries, counts, floors, specials)
    most = np.where(counts[estate] > 3, _MOST_UNITS_IN_A_PAIR, _UNITS[-1])  # noqa: PLR2004
    units = np.minimum(units, most)
    converted = _converted(rng, target.households)
    _settle(rng, floors, units, most, planned, target.households + converted)
    flats = _FLATS_TO_A_LANDING * floors * units
    households = flats.copy()
    np.subtract.at(households, rng.choice(len(flats), converted, replace=False), 1)
    depth = np.round(10.8 + 1.8 * rng.random(len(estate)), 2)
    width = 12.6 + 3.6 * rng.random(len(estate))
    storeys = floors + (shop > 0)
    built = units * width * depth * storeys
    length = np.round(units * width * (target.floor_area_m2 / built.sum()), 4)
    return Mix(
        estate=estate,
        floors=floors,
        units=units,
        flats=flats,
        households=households,
        depth_m=depth,
        length_m=length,
        storey_m=np.where(shop > 0, 2.85, np.round(2.8 + 0.1 * rng.random(len(estate)), 2)),
        shop_m=shop,
        has_lifts=lifts,
        floor_area_m2=apportion(length * depth * storeys, target.floor_area_m2 * 10) / 10,
    )


def apportion(weights: FloatArray, total: int) -> IntArray:
    """
    Share a whole number out in proportion to `weights`, exactly, by largest remainder.

    Parameters
    ----------
    weights : ndarray of float, shape (n,)
        Not negative, not all zero.
    total : int
        What the shares add up to.
    """
    ideal = weights * (total / weights.sum())
    share: IntArray = np.floor(ideal).astype(np.int64)
    order = np.argsort(-(ideal - share), kind="stable")
    share[order[: total - int(share.sum())]] += 1
    return share


def _plan_specials(
    entries: Sequence[PlannedEstate],
    counts: IntArray,
    floors: IntArray,
    specials: Mapping[int, Special],
) -> tuple[IntArray, FloatArray, BoolArray, BoolArray]:
    """Put the planned buildings first: floors, shop floors, lifts, and which they are."""
    first = np.cumsum(counts) - counts
    shop = np.zeros(len(floors))
    lifts = np.zeros(len(floors), dtype=bool)
    planned = np.zeros(len(floors), dtype=bool)
    for number, entry in enumerate(entries):
        special = specials.get(entry.place)
        if special is None:
            continue
        own = slice(first[number], first[number] + (counts[number] if special.every else 1))
        floors[own], shop[own], lifts[own] = special.floors, special.shop_m, special.lifts
        planned[own] = True
    return floors, shop, lifts, planned


def _converted(rng: np.random.Generator, households: int) -> int:
    """How many flats became shops or rooms: what the parity of the households asks for."""
    return 2 * int(rng.integers(1, 3)) - households % 2


def _settle(
    rng: np.random.Generator,
    floors: IntArray,
    units: IntArray,
    most: IntArray,
    planned: BoolArray,
    flats: int,
) -> None:
    """Add or take floors and units at random, in place, until the flats are exactly so many."""
    missing = flats - _FLATS_TO_A_LANDING * int((floors * units).sum())
    while missing:
        at, by_unit = int(rng.integers(len(floors))), bool(rng.random() < 0.5)  # noqa: PLR2004
        step = 1 if missing > 0 else -1
        if rng.random() < 0.2:  # noqa: PLR2004 - a step back, or the last two flats may never come
            step = -step
        if by_unit and 1 <= units[at] + step <= most[at]:
            units[at] += step
            missing -= step * _FLATS_TO_A_LANDING * int(floors[at])
        elif not by_unit and not planned[at] and _STOREYS[0] <= floors[at] + step <= _STOREYS[-1]:
            floors[at] += step
            missing -= step * _FLATS_TO_A_LANDING * int(units[at])
