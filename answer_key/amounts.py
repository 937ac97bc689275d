"""
Amounts: floor areas, land, places and classes of the facilities, some at what a rule asks for.

Where one estate alone can walk to a facility, and to no other of its kind, what it is given per
head is the facility's whole supply over its own heads: there the supply is planted just above and
just below the rule's figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from answer_key.asked import asked, beside, circle_m
from answer_key.estates import Estates
from answer_key.siting import Sited, Sites
from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from layers.facilities import Facility

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
# The largest of a kind in walking reach decides: one that is just too small, just large enough, or
# clearly so; the others keep the ordinary size above, which is too small.
_SIZES: Mapping[Facility, tuple[str, str, float]] = {  # rule, its figure, how much larger is clear
    _F.ELDER_DAY_CARE: ("elder.centre_size", "value", 70.0),
    _F.COMMUNITY_SERVICE: ("service.station_size", "value", 60.0),
    _F.HEALTH_STATION: ("health.size", "value", 60.0),
    _F.NURSERY: ("nursery.size", "value", 60.0),
    _F.KINDERGARTEN: ("kindergarten.size", "floor_area_m2", 200.0),
}
_YINCHUAN_NEW_M2 = (30.01, 29.99)  # a 100 households: beside what that city asks of new estates
_NEAR_M2 = 0.5  # from what a rule asks for to a size just too small or just large enough
_ORDINARY, _JUST_FAILED, _JUST_MET, _LARGE = range(4)
_TRIES = 1500
_TOO_SMALL: Mapping[Facility, tuple[str, str, float]] = {  # rule, its figure, how much smaller
    _F.PARCEL_STATION: ("parcel.station", "floor_area_m2", 5.0),
    _F.FITNESS: ("fitness.access", "land_area_m2", 60.0),
}
_CELLS = (0.3, 0.8, 1.05, 1.3)  # a day's parcels: clearly too few cells, clearly enough


@dataclass(frozen=True)
class Amounts:
    """Columns of the facilities layer, one value for each facility."""

    floor_m2: FloatArray
    land_m2: FloatArray
    capacity: FloatArray
    classes: FloatArray
    in_basement: ObjectArray
    is_too_small: BoolArray


def draw_amounts(
    rng: np.random.Generator, sites: Sites, estates: Estates, sited: Sequence[Sited]
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
    _grow(rng, sites, sited, floor, shared_out)
    is_kindergarten = np.array([kind is _F.KINDERGARTEN for kind in kinds])
    big = is_kindergarten & (floor > 2150)  # noqa: PLR2004 - the ordinary ones end at 2,100
    land = np.where(big, np.round(floor * 1.7), land)
    small = np.array([each.is_decoy and each.kind in _TOO_SMALL for each in sited])
    sizes = {
        kind: asked(rule_id, part) - less for kind, (rule_id, part, less) in _TOO_SMALL.items()
    }
    shrunk = np.array([sizes.get(kind, np.nan) for kind in kinds])
    _plant_beds(sites, estates, sited, capacity)
    _plant_cells(rng, estates, sited, capacity)
    return Amounts(
        floor_m2=np.where(small & ~np.isnan(floor), shrunk, floor),
        land_m2=np.where(small & np.isnan(floor), shrunk, land),
        capacity=capacity,
        classes=np.where(is_kindergarten, np.maximum(3, floor // 340), np.nan),
        in_basement=_basements(rng, sites, sited),
        is_too_small=small,
    )


def _drawn(
    rng: np.random.Generator,
    kinds: Sequence[Facility],
    ranges: Mapping[Facility, tuple[float, float]],
) -> FloatArray:
    """Whole numbers within each kind's range, NaN where it has none."""
    low, high = np.array([ranges.get(kind, (np.nan, np.nan)) for kind in kinds]).T
    drawn: FloatArray = np.round(low + (high - low) * rng.random(len(kinds)))
    return drawn


def _grow(
    rng: np.random.Generator,
    sites: Sites,
    sited: Sequence[Sited],
    floor: FloatArray,
    taken: set[int],
) -> None:
    """Give facilities the sizes around which the rules turn, in place, but not those `taken`."""
    for kind, (rule_id, part, more) in _SIZES.items():
        sizes = (*beside(rule_id, _NEAR_M2, part), asked(rule_id, part) + more)
        own = [n for n in _counting(sited, (kind,)) if n not in taken]
        grade = _graded_sizes(rng, _reach(sites, sited, own, circle_m("life15")), len(own))
        for number, code in zip(own, grade, strict=True):
            if code:
                floor[number] = sizes[code - 1]


def _graded_sizes(rng: np.random.Generator, reach: BoolArray, count: int) -> IntArray:
    """
    Draw a size for each facility until estates of every case come about, or take the best draw.

    `reach` tells which estate walks to which facility, shape (estates, count).
    """
    best, best_score = np.zeros(count, dtype=np.int64), -1
    for _ in range(_TRIES):
        grade = rng.choice(4, count, p=[0.4, 0.2, 0.2, 0.2])
        largest = np.where(reach, grade, -1).max(axis=1, initial=-1)
        found = np.bincount(largest + 1, minlength=5)[1:]
        wanted = [
            min(found[_ORDINARY], 3),
            min(found[_JUST_FAILED] + found[_JUST_MET], 2),
            min(found[_LARGE], 3),
        ]
        if sum(wanted) > best_score:
            best, best_score = grade, sum(wanted)
    return best


def _counting(sited: Sequence[Sited], kinds: Sequence[Facility]) -> list[int]:
    """Positions of the facilities of some kinds that are open to all."""
    return [n for n, each in enumerate(sited) if each.kind in kinds and not each.is_decoy]


def _reach(sites: Sites, sited: Sequence[Sited], own: Sequence[int], within_m: float) -> BoolArray:
    """Whether any door of an estate walks to a facility."""
    estates = range(sites.estates)
    rows = [[sites.walks_to(e, sited[n].spot).min() <= within_m for n in own] for e in estates]
    return np.array(rows, dtype=bool).reshape(len(estates), len(own))


def _plant_supply(
    sites: Sites,
    estates: Estates,
    sited: Sequence[Sited],
    *,
    floor_m2: FloatArray,
    land_m2: FloatArray,
) -> set[int]:
    """Plant floor area per 100 households and land per person, in place; returns at which."""
    elder = (_F.ELDER_STATION, _F.ELDER_DAY_CARE)
    pairs = _exclusive(sites, sited, elder)
    # stations first: the size of a day-care centre is planted for another rule
    pairs.sort(key=lambda pair: sited[pair[0]].kind is _F.ELDER_DAY_CARE)
    by_floor = [*_around("elder.area100.old", 0.01), *_YINCHUAN_NEW_M2]
    for per_hundred, (number, estate) in zip(by_floor, pairs, strict=False):
        floor_m2[number] = np.round(per_hundred * estates.households[estate] / 100, 4)
    by_land = _around("elder.land_per_person", 0.0001)
    for per_person, (number, estate) in zip(by_land, pairs, strict=False):
        land_m2[number] = np.round(per_person * estates.persons[estate], 4)
    service = _exclusive(sites, sited, (_F.COMMUNITY_SERVICE,))
    by_service = _around("service.area100", 0.01)
    for per_hundred, (number, estate) in zip(by_service, service, strict=False):
        floor_m2[number] = np.round(per_hundred * estates.households[estate] / 100, 4)
    return {number for number, _ in [*pairs[:4], *service[:2]]}


def _around(rule_id: str, difference: float) -> tuple[float, float]:
    """Return a supply per head that is just enough, and one that is just too little."""
    less, more = beside(rule_id, difference)
    return more, less


def _exclusive(
    sites: Sites, sited: Sequence[Sited], kinds: tuple[Facility, ...]
) -> list[tuple[int, int]]:
    """Facilities and estates that reach each other and no other of the kinds."""
    own = _counting(sited, kinds)
    reached = _reach(sites, sited, own, circle_m("life5"))
    alone = reached & (reached.sum(axis=0) == 1) & (reached.sum(axis=1) == 1)[:, None]
    return [(own[column], int(row)) for row, column in np.argwhere(alone)]


def _plant_beds(
    sites: Sites, estates: Estates, sited: Sequence[Sited], capacity: FloatArray
) -> None:
    """Give nursing homes just enough, just too few or plenty of beds for those who reach them."""
    homes = [n for n, each in enumerate(sited) if each.kind is _F.ELDER_HOME]
    far_m, per_thousand = circle_m("life15"), asked("elder.beds")
    for turn, number in enumerate(homes[:6]):
        reach = np.concatenate(
            [sites.walks_to(e, sited[number].spot) <= far_m for e in range(sites.estates)]
        )
        share = sites.units.households / estates.households[sites.units.estate]
        elders = float((share * estates.elders[sites.units.estate])[reach].sum())
        enough = int(np.ceil(per_thousand / 1000 * elders))
        capacity[number] = max(1, (enough, enough - 1, 2 * enough)[turn % 3])


def _plant_cells(
    rng: np.random.Generator, estates: Estates, sited: Sequence[Sited], capacity: FloatArray
) -> None:
    """Parcel locker cells: just a day's parcels, one less, clearly too few or enough, in place."""
    own = [n for n, each in enumerate(sited) if each.kind is _F.PARCEL_LOCKER]
    for turn, number in enumerate(own):
        parcels = int(estates.parcels[sited[number].estate])
        low, high = (_CELLS[:2], _CELLS[2:])[turn % 2]
        drawn = int(np.ceil((low + (high - low) * rng.random()) * parcels))
        capacity[number] = {0: parcels, 1: parcels - 1}.get(turn, drawn)


def _basements(rng: np.random.Generator, sites: Sites, sited: Sequence[Sited]) -> ObjectArray:
    """Put elder stations below ground so that some estates reach no other; elsewhere unknown."""
    found = np.full(len(sited), None, dtype=object)
    own = _counting(sited, (_F.ELDER_STATION, _F.ELDER_DAY_CARE))
    reach = _reach(sites, sited, own, circle_m("life15"))
    below, best = np.zeros(len(own), dtype=bool), -1
    for _ in range(_TRIES):
        draw = rng.random(len(own)) < 0.5  # noqa: PLR2004
        good = (reach & ~draw).any(axis=1)
        bad = reach.any(axis=1) & ~good
        score = min(int(good.sum()), 3) + min(int(bad.sum()), 3)
        if score > best:
            below, best = draw, score
    found[own] = below.astype(object)
    return found
