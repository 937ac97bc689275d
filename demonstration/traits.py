"""
Traits of the estates: what makes some of them fail in many ways at once and others in hardly any.

Who looks after an estate and how old it is decide its upkeep; the upkeep decides, with some luck,
whether it was insulated or given new pipes since. Every part of the survey is drawn from these, so
that faults come together as they do in life.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from demonstration.roster import JINJI, SHENGLI, PlannedEstate
from geo.arrays import BoolArray, FloatArray, IntArray

# Who looks after each estate of the plan's list, in its order: a property company (P), the office
# or school it was built for (O), the housing office (H), nobody since the enterprise closed (E).
_OWNERS = "PEOPHHPOPEOOOPEOOOEO"
_UPKEEP = {"P": 0.66, "O": 0.50, "H": 0.36, "E": 0.14}
_PER_YEAR, _LUCK = 0.016, 0.10  # of upkeep: a year younger, and the spread between like estates
_NEVER_SURVEYED = 18  # by place: 商业车队家属楼, whose residents let no surveyor in
_RETROFITTED, _REPIPED = 0.66, 0.60  # upkeep from which an estate was likely chosen for the works
_WORKS_YEARS = (2013, 2021)


@dataclass(frozen=True)
class Traits:
    """
    The estates as they are, in the roster's order; arrays have shape (estates,).

    Attributes
    ----------
    built : ndarray of int
        Year.
    upkeep : ndarray of float
        0 for nobody, 1 for the best.
    is_managed, is_abandoned : ndarray of bool
        Whether a property company looks after it, or nobody.
    is_surveyed : ndarray of bool
        False where no surveyor was let in.
    is_insulated : ndarray of bool
        Whether walls, roofs and windows were done in a programme before.
    repiped : ndarray of float
        Year in which its pipes were renewed, NaN if never.
    is_central, is_outlying : ndarray of bool
        Whether its town is the one with services near by, or the one far away.
    """

    built: IntArray
    upkeep: FloatArray
    is_managed: BoolArray
    is_abandoned: BoolArray
    is_surveyed: BoolArray
    is_insulated: BoolArray
    repiped: FloatArray
    is_central: BoolArray
    is_outlying: BoolArray

    @property
    def neglect(self) -> FloatArray:
        """What upkeep leaves undone, 0 to 1."""
        return 1 - self.upkeep


def draw_traits(rng: np.random.Generator, entries: Sequence[PlannedEstate]) -> Traits:
    """
    Draw the traits of every estate.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    entries : sequence of PlannedEstate
        The roster.
    """
    count = len(entries)
    owner = np.array([_OWNERS[entry.place] for entry in entries])
    built = np.array([entry.built_year for entry in entries])
    town = np.array([entry.town_id for entry in entries])
    draw = rng.normal(0, 1, (3, count))
    base = np.array([_UPKEEP[each] for each in owner])
    upkeep = np.round(np.clip(base + _PER_YEAR * (built - 1991) + _LUCK * draw[0], 0.03, 0.97), 2)
    years = rng.integers(*_WORKS_YEARS, count)
    return Traits(
        built=built,
        upkeep=upkeep,
        is_managed=owner == "P",
        is_abandoned=owner == "E",
        is_surveyed=np.array([entry.place != _NEVER_SURVEYED for entry in entries]),
        is_insulated=upkeep + 0.1 * draw[1] > _RETROFITTED,
        repiped=np.where(upkeep + 0.1 * draw[2] > _REPIPED, years, np.nan),
        is_central=town == SHENGLI,
        is_outlying=town == JINJI,
    )


def stepped(values: ArrayLike, step: float) -> FloatArray:
    """Return values as people write them down: to whole steps."""
    steps = np.asarray(values, dtype=np.float64) / step
    found: FloatArray = np.round(np.round(steps) * step, 6)
    return found
