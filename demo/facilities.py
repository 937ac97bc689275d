"""
Facilities: every kind the plan names, on streets and in estates, with deserts left between them.

For each kind judged by a walk, estates are given a walk just inside and just outside what the rule
asks for; the rest stand where a town would have them, as many as `Kind.per_estate` says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from demo.estates import Estates
from demo.rows import CRS, note
from demo.siting import PlannedWalk, Sites, Spot
from layers.facilities import KINDS, Facility

Floats = NDArray[np.float64]

_TOWN_SHORT = {"640302106": "金星", "640302107": "胜利", "640302100": "金积"}


@dataclass(frozen=True, slots=True)
class Kind:
    """
    How a kind of facility is spread over the town.

    Attributes
    ----------
    kinds : tuple of Facility
        What is put there, in turn.
    per_estate : float
        How many for each estate.
    walks_m : tuple of float
        Walks planned to the decimetre, one estate each.
    rule_id : str
        The rule that measures the walk, "" if none does.
    in_estate : bool
        Whether they stand in the estates.
    capacity, floor_m2, land_m2 : (float, float)
        Ranges; (0, 0) where it does not apply.
    """

    kinds: tuple[Facility, ...]
    per_estate: float
    walks_m: tuple[float, ...] = ()
    rule_id: str = ""
    in_estate: bool = False
    capacity: tuple[float, float] = (0, 0)
    floor_m2: tuple[float, float] = (0, 0)
    land_m2: tuple[float, float] = (0, 0)


_F = Facility
SPREAD: tuple[Kind, ...] = (
    Kind(
        (_F.ELDER_STATION, _F.ELDER_DAY_CARE),
        0.2,
        (1000.1, 999.9, 299.9, 300.1),
        "elder.access",
        capacity=(8, 40),
        floor_m2=(60, 420),
        land_m2=(40, 300),
    ),
    Kind((_F.COMMUNITY_SERVICE,), 0.3, (299.9, 300.1), "service.access", floor_m2=(180, 950)),
    Kind(
        (_F.HEALTH_STATION, _F.HEALTH_STATION, _F.HEALTH_CENTRE),
        0.3,
        (299.9, 300.1),
        "health.access",
        floor_m2=(70, 260),
    ),
    Kind(
        (_F.KINDERGARTEN,),
        0.25,
        (299.9, 300.1),
        "kindergarten.access",
        capacity=(90, 330),
        floor_m2=(900, 3200),
        land_m2=(1500, 5200),
    ),
    Kind((_F.NURSERY,), 0.25, (299.9, 300.1), "nursery.access", capacity=(15, 60), floor_m2=(90, 360)),
    Kind((_F.MEAL,), 0.15, (499.9, 500.1), "meal.access", capacity=(20, 80), floor_m2=(40, 180)),
    Kind((_F.HOME_HELP,), 0.15, (499.9, 500.1), "homehelp.access", floor_m2=(15, 60)),
    Kind((_F.MARKET,), 0.15, (499.9, 500.1), "market.access", floor_m2=(400, 2600)),
    Kind((_F.SHOP,), 0.5, (299.9, 300.1), "shop.access", floor_m2=(25, 160)),
    Kind((_F.PARCEL_STATION,), 0.35, (299.9, 300.1), "parcel.station", floor_m2=(16, 70)),
    Kind((_F.FITNESS,), 0.3, (299.9, 300.1), "fitness.access", land_m2=(160, 900)),
    Kind((_F.CULTURE,), 0.15, (499.9, 500.1), "culture.access", floor_m2=(120, 600)),
    Kind((_F.WASTE,), 1.3, (69.9, 70.1), "waste.distance", in_estate=True),
    Kind((_F.PARCEL_LOCKER,), 0.0, in_estate=True, capacity=(24, 120)),
    Kind((_F.PHARMACY,), 0.4, floor_m2=(40, 200)),
    Kind((_F.SCHOOL,), 0.1, capacity=(500, 1600), floor_m2=(5000, 14000), land_m2=(9000, 26000)),
    Kind((_F.ELDER_HOME,), 0.06, capacity=(40, 160), floor_m2=(1200, 5200), land_m2=(1000, 4000)),
    Kind((_F.PARK,), 0.2),
    Kind((_F.BUS_STOP,), 0.9),
)


@dataclass(frozen=True, slots=True)
class Sited:
    """One facility: its kind, spot and estate (-1 on the street)."""

    kind: Facility
    spread: int
    spot: Spot
    estate: int = -1
    state: str = "open"


def site_facilities(
    rng: np.random.Generator, sites: Sites, estates: Estates
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

    Returns
    -------
    list of Sited
    mapping of str to list of PlannedWalk
        By rule, the walks that were planned to the decimetre.
    """
    count = len(estates.ids)
    sited: list[Sited] = []
    planned: dict[str, list[PlannedWalk]] = {}
    for number, kind in enumerate(SPREAD):
        spots, walks = sites.plan_walks(
            rng, np.arange(count), kind.walks_m, in_estate=kind.in_estate
        )
        if kind.rule_id:
            planned[kind.rule_id] = walks
        owners = [w.estate if kind.in_estate else -1 for w in walks]
        for spot, owner in [*zip(spots, owners, strict=True), *_others(rng, sites, count, kind, walks)]:
            sited.append(Sited(kind.kinds[len(sited) % len(kind.kinds)], number, spot, owner))
    return sited, planned


def _others(
    rng: np.random.Generator, sites: Sites, count: int, kind: Kind, walks: Sequence[PlannedWalk]
) -> list[tuple[Spot, int]]:
    """The rest of the kind, clear of the doors with a planned walk."""
    wanted = int(np.ceil(kind.per_estate * count))
    if kind.in_estate:
        estates = np.resize(rng.permutation(count), wanted) if wanted else []
        tried = [(sites.lane_spot(rng, int(estate)), int(estate)) for estate in estates if len(sites.own_pieces(int(estate)))]
    else:
        tried = [(spot, -1) for spot in sites.sidewalk_spots(rng, wanted)]
    return [(spot, owner) for spot, owner in tried if sites.keeps_clear(spot, walks)]


def facilities_frame(
    rng: np.random.Generator,
    estates: Estates,
    sited: Sequence[Sited],
    towns: Sequence[str],
) -> gpd.GeoDataFrame:
    """Return the facilities layer; `towns` is the town each facility stands in."""
    count = len(sited)
    spreads = [SPREAD[each.spread] for each in sited]
    ids = [*estates.ids, None]
    floor = _drawn(rng, [s.floor_m2 for s in spreads])
    land = _drawn(rng, [s.land_m2 for s in spreads])
    classes = np.array([each.kind is Facility.KINDERGARTEN for each in sited])
    table = {
        "facility_id": [f"F{number + 1:05d}" for number in range(count)],
        "kind": [each.kind.value for each in sited],
        "name": [
            f"{_TOWN_SHORT[town]}示例{KINDS[each.kind.value][0]}{number + 1}"
            for number, (each, town) in enumerate(zip(sited, towns, strict=True))
        ],
        "state": [each.state for each in sited],
        "estate_id": [ids[each.estate] for each in sited],
        "capacity": _drawn(rng, [s.capacity for s in spreads]),
        "classes": np.where(classes, np.maximum(3, floor // 330), np.nan),
        "floor_area_m2": floor,
        "land_area_m2": land,
        "in_basement": [False if s.floor_m2[1] else None for s in spreads],
        **note(),
    }
    shapes = shapely.points(np.array([each.spot.xy for each in sited]))
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


def _drawn(rng: np.random.Generator, ranges: Sequence[tuple[float, float]]) -> Floats:
    """Whole numbers within each range, NaN where it does not apply."""
    low, high = np.array(ranges).reshape(-1, 2).T
    values = np.round(low + (high - low) * rng.random(len(low)))
    return np.where(high > 0, values, np.nan)
