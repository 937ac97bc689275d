"""
Facilities: every kind the plan names, on streets and in estates, with deserts left between them.

For each kind judged by a walk, estates are given a walk just inside and just outside what the rule
asks for; the rest are put where a town would have them, `KindPlan.per_estate` of them. A few
near by are closed, only planned, or too small to count, and must not be taken for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from answer_key.amounts import Amounts
from answer_key.asked import beside
from answer_key.estates import Estates
from answer_key.siting import PlannedWalk, Sited, Sites, Spot
from demonstration.rows import CRS, note
from layers.facilities import KINDS, Facility

_PLANNED_M = 0.1  # from what a rule asks for to a planned walk
_LOCKERS = 0.8  # share of the estates with parcel lockers
_OUT_OF_REACH_M = 310.0
_NEAR_BY = 0.6  # share of the facilities judged by a walk that stand close to an estate
_TOWN_SHORT = {"640302106": "金星", "640302107": "胜利", "640302100": "金积"}


@dataclass(frozen=True, slots=True)
class KindPlan:
    """
    How a kind of facility is spread over the town.

    Attributes
    ----------
    kinds : tuple of Facility
        What is put there, in turn.
    per_estate : float
        How many for each estate, those at a planned walk not counted.
    rule_id : str
        The rule that measures the walk, "" if none does; for it one estate each is given a walk
        just inside and just outside what it asks for.
    is_far_planned : bool
        Whether two more walks are just inside and just outside what counts as missing.
    in_estate : bool
        Whether they stand in the estates.
    lonely : int
        How many more only one estate can walk to, in case a supply is planted there.
    decoys : int
        How many stand near by and do not count.
    """

    kinds: tuple[Facility, ...]
    per_estate: float
    rule_id: str = ""
    is_far_planned: bool = False
    in_estate: bool = False
    lonely: int = 0
    decoys: int = 0

    @property
    def walks_m(self) -> tuple[float, ...]:
        """Walks planned to the decimetre [m], one estate each."""
        if not self.rule_id:
            return ()
        far = beside(self.rule_id, _PLANNED_M, "missing_beyond") if self.is_far_planned else ()
        return (*reversed(far), *beside(self.rule_id, _PLANNED_M))


_F = Facility
SPREAD: tuple[KindPlan, ...] = (
    KindPlan(
        (_F.ELDER_STATION, _F.ELDER_DAY_CARE),
        0.5,
        "elder.access",
        is_far_planned=True,
        lonely=4,
        decoys=2,
    ),
    KindPlan((_F.COMMUNITY_SERVICE,), 0.7, "service.access", lonely=2, decoys=1),
    KindPlan(
        (_F.HEALTH_STATION, _F.HEALTH_STATION, _F.HEALTH_CENTRE),
        0.45,
        "health.access",
        decoys=1,
    ),
    KindPlan((_F.KINDERGARTEN,), 0.5, "kindergarten.access", decoys=1),
    KindPlan((_F.NURSERY,), 0.35, "nursery.access", decoys=1),
    KindPlan((_F.MEAL,), 0.2, "meal.access", decoys=1),
    KindPlan((_F.HOME_HELP,), 0.2, "homehelp.access", decoys=1),
    KindPlan((_F.MARKET,), 0.2, "market.access", decoys=1),
    KindPlan((_F.SHOP,), 0.6, "shop.access", decoys=2),
    KindPlan((_F.PARCEL_STATION,), 0.5, "parcel.station", decoys=2),
    KindPlan((_F.FITNESS,), 0.6, "fitness.access", decoys=2),
    KindPlan((_F.CULTURE,), 0.2, "culture.access", decoys=1),
    KindPlan((_F.WASTE,), 1.8, "waste.distance", in_estate=True),
    KindPlan((_F.PHARMACY,), 0.4),
    KindPlan((_F.SCHOOL,), 0.1),
    KindPlan((_F.ELDER_HOME,), 0.15),
    KindPlan((_F.BUS_STOP,), 0.9),
)


def site_facilities(
    rng: np.random.Generator,
    sites: Sites,
    estates: Estates,
    *,
    parks: Sequence[tuple[float, float]],
) -> tuple[list[Sited], Mapping[str, list[PlannedWalk]]]:
    """
    Put the facilities of every kind on the streets and lanes.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    sites : Sites
        The streets with the doors in place.
    estates : Estates
        The estates as drawn.
    parks : sequence of (float, float)
        Entrances of the parks [m].

    Returns
    -------
    list of Sited
    mapping of str to list of PlannedWalk
        By rule, the walks that were planned to the decimetre.
    """
    count = len(estates.ids)
    sited: list[Sited] = []
    planned: dict[str, list[PlannedWalk]] = {}
    for kind in SPREAD:
        if kind.in_estate:
            found, walks = _in_estates(rng, sites, count, kind)
        else:
            found, walks = _on_streets(rng, sites, count, kind)
        sited += found
        if kind.rule_id:
            planned[kind.rule_id] = walks
    lockers = [e for e in range(count) if len(sites.own_pieces(e)) and rng.random() < _LOCKERS]
    sited += [Sited(_F.PARCEL_LOCKER, sites.lane_spot(rng, e), e) for e in lockers]
    sited += [Sited(_F.PARK, Spot(-1, 0.0, xy)) for xy in parks]
    return sited, planned


def _in_estates(
    rng: np.random.Generator, sites: Sites, count: int, kind: KindPlan
) -> tuple[list[Sited], list[PlannedWalk]]:
    """Put a kind on the lanes of the estates, those with a planned walk first."""
    spots, walks = sites.plan_walks(rng, np.arange(count), kind.walks_m, in_estate=True)
    found = [
        Sited(kind.kinds[0], spot, walk.estate) for spot, walk in zip(spots, walks, strict=True)
    ]
    for estate in np.resize(rng.permutation(count), int(np.ceil(kind.per_estate * count))):
        if len(sites.own_pieces(int(estate))):
            spot = sites.lane_spot(rng, int(estate))
            if sites.keeps_clear(spot, walks):
                found.append(Sited(kind.kinds[0], spot, int(estate)))
    return found, walks


def _on_streets(
    rng: np.random.Generator, sites: Sites, count: int, kind: KindPlan
) -> tuple[list[Sited], list[PlannedWalk]]:
    """Put a kind on the sidewalks: at planned walks, for one estate alone, anywhere, decoys."""
    spots, walks = sites.plan_walks(rng, np.arange(count), kind.walks_m)
    found = [Sited(kind.kinds[turn % len(kind.kinds)], spot) for turn, spot in enumerate(spots)]
    alone = _lonely(rng, sites, kind, walks, spots)
    found += [Sited(kind.kinds[0], spot) for spot in alone.values()]
    wanted = int(np.ceil(kind.per_estate * count))
    served = int(_NEAR_BY * wanted) if kind.rule_id else 0
    near = rng.permutation(count)[:served]
    tried = [spot for e in near for spot in sites.sidewalk_spots(rng, 1, near=int(e))]
    tried += sites.sidewalk_spots(rng, wanted - len(tried))
    kept = [
        spot
        for spot in tried
        if sites.keeps_clear(spot, walks) and sites.keeps_off(spot, alone, _OUT_OF_REACH_M)
    ]
    found += [Sited(kind.kinds[-turn % len(kind.kinds)], spot) for turn, spot in enumerate(kept, 1)]
    decoys = sites.sidewalk_spots(rng, kind.decoys)
    return found + [Sited(kind.kinds[0], spot, is_decoy=True) for spot in decoys], walks


def _lonely(
    rng: np.random.Generator,
    sites: Sites,
    kind: KindPlan,
    walks: Sequence[PlannedWalk],
    others: Sequence[Spot],
) -> dict[int, Spot]:
    """Spots, by estate, that it alone can walk to, and no other of the kind."""
    found: dict[int, Spot] = {}
    for each in rng.permutation(sites.estates) if kind.lonely else []:
        estate = int(each)
        if not all(sites.keeps_off(spot, [estate], _OUT_OF_REACH_M) for spot in others):
            continue
        spot = sites.lonely_spot(rng, estate, _OUT_OF_REACH_M, clear_of=walks)
        if spot:
            found[estate] = spot
        if len(found) == kind.lonely:
            break
    return found


def facilities_frame(
    rng: np.random.Generator,
    estates: Estates,
    sited: Sequence[Sited],
    *,
    towns: Sequence[str],
    amounts: Amounts,
) -> gpd.GeoDataFrame:
    """Return the facilities layer; `towns` is the town each facility stands in."""
    ids = [*estates.ids, None]
    shut = rng.choice(["closed", "planned"], len(sited))
    table = {
        "facility_id": [f"F{number + 1:05d}" for number in range(len(sited))],
        "kind": [each.kind.value for each in sited],
        "name": [
            f"{_TOWN_SHORT[town]}示例{KINDS[each.kind.value].zh}{number + 1}"
            for number, (each, town) in enumerate(zip(sited, towns, strict=True))
        ],
        "state": [
            shut[number] if each.is_decoy and not amounts.is_too_small[number] else "open"
            for number, each in enumerate(sited)
        ],
        "estate_id": [ids[each.estate] for each in sited],
        "capacity": amounts.capacity,
        "classes": amounts.classes,
        "floor_area_m2": amounts.floor_m2,
        "land_area_m2": amounts.land_m2,
        "in_basement": amounts.in_basement,
        **note(),
    }
    shapes = shapely.points(np.array([each.spot.xy for each in sited]))
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)
