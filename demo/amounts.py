"""
Amounts: floor areas, land, places and classes of the facilities, some planted at what a rule asks for.

Where a facility can be walked to from one estate only, and that estate reaches no other of its kind,
what the estate is given per head is the facility's whole supply over the estate's heads: there the
supply is planted just above and just below the rule's figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from demo.estates import Estates
from demo.siting import Sites
from layers.facilities import Facility

if TYPE_CHECKING:
    from demo.facilities import Sited

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_F = Facility
_FLOOR_M2: Mapping[Facility, tuple[float, float]] = {
    _F.COMMUNITY_SERVICE: (30, 500),
    _F.HEALTH_STATION: (60, 110),
    _F.HEALTH_CENTRE: (900, 2200),
    _F.PHARMACY: (40, 200),
    _F.KINDERGARTEN: (900, 2100),
    _F.SCHOOL: (5000, 14000),
    _F.NURSERY: (80, 180),
    _F.ELDER_DAY_CARE: (120, 330),
    _F.ELDER_STATION: (40, 200),
    _F.ELDER_HOME: (1200, 5200),
    _F.MEAL: (40, 180),
    _F.HOME_HELP: (15, 60),
    _F.MARKET: (400, 2600),
    _F.SHOP: (25, 160),
    _F.PARCEL_STATION: (16, 70),
    _F.CULTURE: (120, 600),
}
_LAND_M2: Mapping[Facility, tuple[float, float]] = {
    _F.KINDERGARTEN: (1500, 3300),
    _F.SCHOOL: (9000, 26000),
    _F.ELDER_DAY_CARE: (80, 260),
    _F.ELDER_STATION: (20, 120),
    _F.ELDER_HOME: (1000, 4000),
    _F.FITNESS: (160, 900),
}
_PLACES: Mapping[Facility, tuple[float, float]] = {
    _F.KINDERGARTEN: (90, 330),
    _F.SCHOOL: (500, 1600),
    _F.NURSERY: (15, 60),
    _F.ELDER_DAY_CARE: (10, 40),
    _F.ELDER_STATION: (4, 12),
    _F.ELDER_HOME: (20, 60),
    _F.MEAL: (20, 80),
}
# The largest of a kind in walking reach decides: clearly large enough, just so, just not, in turn;
# the others keep the ordinary size above, which is too small.
_SIZES: Mapping[Facility, tuple[float, ...]] = {
    _F.ELDER_DAY_CARE: (420.0, 350.5, 349.5),
    _F.COMMUNITY_SERVICE: (860.0, 800.5, 799.5),
    _F.HEALTH_STATION: (180.0, 120.5, 119.5),
    _F.NURSERY: (260.0, 200.5, 199.5),
    _F.KINDERGARTEN: (2400.0, 2200.5, 2199.5),
}
_TOO_SMALL: Mapping[Facility, float] = {_F.PARCEL_STATION: 10.0, _F.FITNESS: 90.0}
_CELLS = (0.3, 0.8, 1.05, 1.3)  # a day's parcels: clearly too few cells, clearly enough
_REACH_M, _FAR_M = 300.0, 1000.0
_MOST_LOOKED_AT = 60  # estates, for planting; a larger town is drawn alike without


@dataclass(frozen=True)
class Amounts:
    """Columns of the facilities layer, one value for each facility."""

    floor_m2: Floats
    land_m2: Floats
    capacity: Floats
    classes: Floats
    in_basement: NDArray[np.object_]
    is_too_small: NDArray[np.bool_]


def draw_amounts(
    rng: np.random.Generator, sites: Sites, estates: Estates, sited: Sequence["Sited"]
) -> Amounts:
    """
    Draw the amounts of every facility.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    sites : Sites
        The streets with the doors in place.
    estates : Estates
        The estates as drawn.
    sited : sequence of Sited
        The facilities.
    """
    kinds = [each.kind for each in sited]
    floor, land = _drawn(rng, kinds, _FLOOR_M2), _drawn(rng, kinds, _LAND_M2)
    capacity = _drawn(rng, kinds, _PLACES)
    shared_out = _plant_supply(sites, estates, sited, floor_m2=floor, land_m2=land)
    _grow(floor, sited, shared_out)
    is_kindergarten = np.array([kind is _F.KINDERGARTEN for kind in kinds])
    big = is_kindergarten & (floor > 2150)  # noqa: PLR2004 - the ordinary ones end at 2,100
    land = np.where(big, np.round(floor * 1.7), land)
    small = np.array([each.is_decoy and each.kind in _TOO_SMALL for each in sited])
    shrunk = np.array([_TOO_SMALL.get(kind, np.nan) for kind in kinds])
    _plant_beds(sites, estates, sited, capacity)
    _plant_cells(rng, estates, sited, capacity)
    return Amounts(
        floor_m2=np.where(small & ~np.isnan(floor), shrunk, floor),
        land_m2=np.where(small & np.isnan(floor), shrunk, land),
        capacity=capacity,
        classes=np.where(is_kindergarten, np.maximum(3, floor // 340), np.nan),
        in_basement=_basements(rng, kinds),
        is_too_small=small,
    )


def _drawn(
    rng: np.random.Generator,
    kinds: Sequence[Facility],
    ranges: Mapping[Facility, tuple[float, float]],
) -> Floats:
    """Whole numbers within each kind's range, NaN where it has none."""
    low, high = np.array([ranges.get(kind, (np.nan, np.nan)) for kind in kinds]).T
    return np.round(low + (high - low) * rng.random(len(kinds)))


def _grow(floor: Floats, sited: Sequence["Sited"], taken: set[int]) -> None:
    """Give facilities of some kinds the sizes around which the rules turn, in place."""
    for kind, sizes in _SIZES.items():
        own = [
            number
            for number, each in enumerate(sited)
            if each.kind is kind and not each.is_decoy and number not in taken
        ]
        for number, size in zip(own, sizes, strict=False):
            floor[number] = size


def _plant_supply(
    sites: Sites,
    estates: Estates,
    sited: Sequence["Sited"],
    *,
    floor_m2: Floats,
    land_m2: Floats,
) -> set[int]:
    """Plant floor area per 100 households and land per person, in place; returns at which."""
    elder = (_F.ELDER_STATION, _F.ELDER_DAY_CARE)
    pairs = _exclusive(sites, sited, elder)
    for per_hundred, (number, estate) in zip((20.01, 19.99, 30.01, 29.99), pairs, strict=False):
        floor_m2[number] = np.round(per_hundred * estates.households[estate] / 100, 4)
    for per_person, (number, estate) in zip((0.1001, 0.0999), pairs, strict=False):
        land_m2[number] = np.round(per_person * estates.persons[estate], 4)
    service = _exclusive(sites, sited, (_F.COMMUNITY_SERVICE,))
    for per_hundred, (number, estate) in zip((30.01, 29.99), service, strict=False):
        floor_m2[number] = np.round(per_hundred * estates.households[estate] / 100, 4)
    return {number for number, _ in [*pairs[:4], *service[:2]]}


def _exclusive(
    sites: Sites, sited: Sequence["Sited"], kinds: tuple[Facility, ...]
) -> list[tuple[int, int]]:
    """Facilities and estates that reach each other and no other of the kinds."""
    own = [n for n, each in enumerate(sited) if each.kind in kinds and not each.is_decoy]
    reached = np.array(
        [
            [sites.walks_to(e, sited[n].spot).min() <= _REACH_M for n in own]
            for e in range(min(sites.estates, _MOST_LOOKED_AT))
        ]
    )
    if not reached.size:
        return []
    alone = reached & (reached.sum(axis=0) == 1) & (reached.sum(axis=1) == 1)[:, None]
    return [(own[column], int(row)) for row, column in np.argwhere(alone)]



def _plant_beds(
    sites: Sites, estates: Estates, sited: Sequence["Sited"], capacity: Floats
) -> None:
    """Give nursing homes just enough, just too few or plenty of beds for those who reach them."""
    homes = [n for n, each in enumerate(sited) if each.kind is _F.ELDER_HOME]
    if sites.estates > _MOST_LOOKED_AT:
        return
    for turn, number in enumerate(homes[:6]):
        reach = np.concatenate(
            [sites.walks_to(e, sited[number].spot) <= _FAR_M for e in range(sites.estates)]
        )
        share = sites.units.households / estates.households[sites.units.estate]
        elders = float((share * estates.elders[sites.units.estate])[reach].sum())
        enough = int(np.ceil(0.04 * elders))
        capacity[number] = max(1, (enough, enough - 1, 2 * enough)[turn % 3])


def _plant_cells(
    rng: np.random.Generator, estates: Estates, sited: Sequence["Sited"], capacity: Floats
) -> None:
    """Parcel locker cells: just a day's parcels, one less, clearly too few or enough, in place."""
    own = [n for n, each in enumerate(sited) if each.kind is _F.PARCEL_LOCKER]
    for turn, number in enumerate(own):
        parcels = int(estates.parcels[sited[number].estate])
        low, high = (_CELLS[:2], _CELLS[2:])[turn % 2]
        drawn = int(np.ceil((low + (high - low) * rng.random()) * parcels))
        capacity[number] = {0: parcels, 1: parcels - 1}.get(turn, drawn)


def _basements(
    rng: np.random.Generator, kinds: Sequence[Facility]
) -> NDArray[np.object_]:
    """Some elder stations are in a basement; of other kinds nobody has asked."""
    elder = np.isin([kind.value for kind in kinds], [_F.ELDER_STATION.value, _F.ELDER_DAY_CARE.value])
    below = rng.random(len(kinds)) < 0.35  # noqa: PLR2004
    return np.where(elder, below.astype(object), None)
