"""
Doors: where walks begin, and who lives behind.

An estate's doors are those of its stair units; without units its buildings', at the point of the
outline nearest to the nearest walkway; without buildings its gates.
"""

from dataclasses import dataclass

import numpy as np

from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from geo.doorsteps import doorsteps
from rules.grouping import counted
from rules.people import behind_doors
from rules.rows import Rows

DEMANDS = ("households", "persons", "elders")


@dataclass(frozen=True, eq=False)
class Doors:
    """
    All origins of walks, k of them.

    Attributes
    ----------
    points : ndarray of float64, shape (k, 2)
        Easting and northing [m].
    estate : ndarray of int64, shape (k,)
        Position of the estate.
    layer, ids : ndarray of object, shape (k,)
        The feature that the door belongs to.
    households, persons, elders : ndarray of float64, shape (k,)
        Who lives behind, NaN unknown.
    """

    points: FloatArray
    estate: IntArray
    layer: ObjectArray
    ids: ObjectArray
    households: FloatArray
    persons: FloatArray
    elders: FloatArray


@dataclass(frozen=True, eq=False)
class Dwellings:
    """The layers in which doors are looked for, and the estates with their people."""

    estates: Rows
    units: Rows
    buildings: Rows
    gates: Rows
    walkways: ObjectArray
    persons_per_household: float
    share_60plus: float


def find_doors(town: Dwellings) -> Doors:
    """Find the doors of every estate."""
    size = len(town.estates)
    homes = town.buildings.keep(~town.buildings.has_code("use", "other"))
    has_units = counted(town.units.estate, size) > 0
    has_homes = counted(homes.estate, size) > 0
    closed = town.gates.has_code("state", "closed")
    chosen = (
        town.units.keep(town.units.estate >= 0),
        homes.keep(_lacks(homes.estate, has_units)),
        town.gates.keep(~closed & _lacks(town.gates.estate, has_units | has_homes)),
    )
    points = [
        rows.points if rows.layer != "buildings" else doorsteps(rows.shapes, town.walkways)
        for rows in chosen
    ]
    estate = np.concatenate([rows.estate for rows in chosen])
    known = np.concatenate(
        [
            rows.numbers("households")
            if "households" in rows.source
            else np.full(len(rows), np.nan)
            for rows in chosen
        ]
    )
    households, persons, elders = _people(town, estate, known)
    return Doors(
        points=np.concatenate(points),
        estate=estate,
        layer=np.repeat(np.array([r.layer for r in chosen], dtype=object), [*map(len, chosen)]),
        ids=np.concatenate([rows.ids for rows in chosen]),
        households=households,
        persons=persons,
        elders=elders,
    )


def _lacks(estate: IntArray, have: BoolArray) -> BoolArray:
    """Return the rows of estates that do not have something better."""
    mine = estate >= 0
    return mine & ~np.where(mine, have[np.where(mine, estate, 0)], True) if len(have) else mine


def _people(
    town: Dwellings, estate: IntArray, known: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return households, persons and elders behind each door."""
    total = {name: town.estates.numbers(name) for name in DEMANDS}
    households = behind_doors(estate, known, total["households"])
    persons = households * town.persons_per_household
    elders = persons * town.share_60plus
    with np.errstate(divide="ignore", invalid="ignore"):
        per_household = total["persons"] / total["households"]
        per_person = total["elders"] / total["households"]
    persons = _rated(households, per_household[estate], persons)
    elders = _rated(households, per_person[estate], elders)
    return households, persons, elders


def _rated(households: FloatArray, rate: FloatArray, otherwise: FloatArray) -> FloatArray:
    return np.where(np.isfinite(rate), households * rate, otherwise)
