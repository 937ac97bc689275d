"""
Facilities: behind the doors of ordinary buildings along the streets, and in the estates.

They crowd round the middle of each town, so that estates there have most of what the plan names
within a walk and those at its edge little.
"""

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from demonstration.compound import Compound
from demonstration.frontages import Frontages, find_frontages
from demonstration.ground import Ground
from demonstration.infill import park_gates
from demonstration.roster import JINJI, JINXING, SHENGLI
from demonstration.rows import CRS, blank, note
from demonstration.traits import Traits, stepped
from geo.arrays import FloatArray
from layers.facilities import KINDS, Facility

_TOWN_SHORT = {JINXING: "金星", SHENGLI: "胜利", JINJI: "金积"}
_PULL_M = 650.0  # over which the crowding round the middle falls to a third
_EDGE = 0.06  # of the crowding that is left at the edge
_SHUT, _UNMEASURED = 0.05, 0.1  # shares of the facilities
_HOUSEHOLDS_PER_WASTE_POINT = 55
_BESIDE_M = 2.3  # from a lane to what stands beside it
_BUS_STOP_ASIDE_M = 2.0


@dataclass(frozen=True, slots=True)
class KindPlan:
    """
    How a kind of facility is spread: how many for each estate, and its floor area [m2] from and to.

    `whole` kinds take a building of their own that nobody lives in, others part of a ground floor;
    `m2_per_place` is the floor area for one place or bed, 0 where none are counted.
    """

    kind: Facility
    per_estate: float
    floor_m2: tuple[float, float]
    whole: bool = False
    m2_per_place: float = 0.0


_F = Facility
SPREAD = (
    KindPlan(_F.HEALTH_CENTRE, 0.1, (900, 2600), whole=True),
    KindPlan(_F.ELDER_HOME, 0.1, (1000, 4500), whole=True, m2_per_place=38),
    KindPlan(_F.SCHOOL, 0.2, (2500, 9000), whole=True, m2_per_place=9),
    KindPlan(_F.KINDERGARTEN, 0.6, (1200, 4800), whole=True, m2_per_place=12),
    KindPlan(_F.MARKET, 0.3, (500, 2600), whole=True),
    KindPlan(_F.COMMUNITY_SERVICE, 0.5, (150, 1200), whole=True),
    KindPlan(_F.CULTURE, 0.35, (150, 800), whole=True),
    KindPlan(_F.ELDER_DAY_CARE, 0.4, (300, 900), whole=True, m2_per_place=15),
    KindPlan(_F.ELDER_STATION, 0.6, (60, 350), m2_per_place=20),
    KindPlan(_F.HEALTH_STATION, 0.6, (90, 260)),
    KindPlan(_F.NURSERY, 0.35, (120, 320), m2_per_place=8),
    KindPlan(_F.MEAL, 0.35, (60, 200), m2_per_place=3),
    KindPlan(_F.HOME_HELP, 0.4, (20, 70)),
    KindPlan(_F.PHARMACY, 1.2, (40, 180)),
    KindPlan(_F.PARCEL_STATION, 1.0, (15, 80)),
    KindPlan(_F.TOILET, 0.7, (25, 70)),
    KindPlan(_F.SHOP, 3.0, (30, 320)),
)
_BUS_STOPS = 1.5  # for each estate


def facilities_frame(rng: np.random.Generator, ground: Ground, traits: Traits) -> gpd.GeoDataFrame:
    """
    Return the facilities layer.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    ground : Ground
    traits : Traits
    """
    town = _nearest_towns(ground)
    parts = [
        _behind_doors(rng, ground),
        _bus_stops(rng, ground),
        _places(_F.PARK, park_gates(ground.frame, ground.infill)),
        _in_estates(ground, traits),
    ]
    rows = pd.concat(parts, ignore_index=True)
    points = np.array(rows["xy"].tolist())
    count = len(rows)
    indoors = rows["floor_area_m2"].notna().to_numpy()
    shut = indoors & (rng.random(count) < _SHUT)
    names = [
        f"{_TOWN_SHORT[town(xy)]}示例{KINDS[kind].zh}{number + 1}"
        for number, (kind, xy) in enumerate(zip(rows["kind"], points, strict=True))
    ]
    table = rows.drop(columns="xy").assign(
        facility_id=[f"F{number + 1:05d}" for number in range(count)],
        name=names,
        state=np.where(shut, rng.choice(["closed", "planned"], count), "open"),
        in_basement=blank(rng.random(count) < 0.04, ~indoors),  # noqa: PLR2004
        **note(),
    )
    return gpd.GeoDataFrame(table, geometry=shapely.points(points), crs=CRS)


def _behind_doors(rng: np.random.Generator, ground: Ground) -> pd.DataFrame:
    """Give every kind its doors, the large ones first; no door is given twice."""
    free = find_frontages(rng, ground.frame, ground.infill)
    crowding = _crowding(ground, free.door)
    taken = np.zeros(len(free.building), dtype=bool)
    parts = []
    for plan in SPREAD:
        low, high = plan.floor_m2
        fits = (
            ~free.is_home & (free.floor_m2 >= low) & (free.floor_m2 <= high)
            if plan.whole
            else free.footprint_m2 >= 2 * low
        )
        weight = np.where(fits & ~taken, crowding, 0)
        if not weight.any():  # in a small town it makes do with what comes nearest
            weight[np.where(taken, np.inf, abs(free.floor_m2 - low)).argmin()] = 1.0
        wanted = min(max(1, round(plan.per_estate * len(ground.ids))), int((weight > 0).sum()))
        chosen = rng.choice(len(weight), wanted, replace=False, p=weight / weight.sum())
        taken[chosen] = True
        parts.append(_fitted_out(rng, plan, free.take(chosen)))
    return pd.concat(parts, ignore_index=True)


def _fitted_out(rng: np.random.Generator, plan: KindPlan, doors: Frontages) -> pd.DataFrame:
    """Return the rows of one kind behind the doors given to it."""
    count, (low, high) = len(doors.door), plan.floor_m2
    part = np.clip(doors.footprint_m2 * (0.2 + 0.5 * rng.random(count)), low, high)
    floor = stepped(doors.floor_m2 if plan.whole else part, 10 if plan.whole else 1)
    places = stepped(floor / plan.m2_per_place, 5) if plan.m2_per_place else np.full(count, np.nan)
    is_kindergarten = plan.kind is _F.KINDERGARTEN
    outdoors = plan.kind in {_F.KINDERGARTEN, _F.SCHOOL, _F.ELDER_HOME, _F.ELDER_DAY_CARE}
    lost = rng.random(count) < _UNMEASURED
    return _places(
        plan.kind,
        doors.door,
        floor_area_m2=np.where(lost, np.nan, floor),
        land_area_m2=stepped(doors.footprint_m2 * 1.8, 10) if outdoors else np.nan,
        capacity=np.where(lost, np.nan, places),
        classes=np.maximum(3, floor // 340) if is_kindergarten else np.nan,
    )


def _places(kind: Facility, xy: FloatArray, **columns: object) -> pd.DataFrame:
    """Return rows of one kind at points, shape (n, 2)."""
    given = {"floor_area_m2": np.nan, "land_area_m2": np.nan, "capacity": np.nan, "classes": np.nan}
    points = [tuple(each) for each in np.reshape(xy, (-1, 2)).tolist()]
    return pd.DataFrame({"kind": kind.value, "xy": points, "estate_id": None, **given, **columns})


def _crowding(ground: Ground, points: FloatArray) -> FloatArray:
    """Return how much each point draws, by how near it is to the middle of the nearest town."""
    frame = ground.frame
    is_jinji = frame.town_id == JINJI
    is_old_town = frame.town_id == SHENGLI
    middles = [frame.origin[each].mean(axis=0) for each in (is_old_town, is_jinji) if each.any()]
    apart = np.stack([np.hypot(*(points - middle).T) for middle in middles]).min(axis=0)
    crowding: FloatArray = np.round(np.exp(-apart / _PULL_M) + _EDGE, 6)
    return crowding


def _bus_stops(rng: np.random.Generator, ground: Ground) -> pd.DataFrame:
    """Put bus stops at the kerb of the arterials, on one side of a block at most once."""
    frame = ground.frame
    block, side = np.nonzero(frame.is_arterial)
    chosen = rng.permutation(len(block))[: max(1, round(_BUS_STOPS * len(ground.ids)))]
    start = frame.ring[block[chosen], side[chosen]]
    end = frame.ring[block[chosen], (side[chosen] + 1) % 4]
    run = end - start
    outward = np.stack([run[:, 1], -run[:, 0]], axis=1) / np.hypot(*run.T)[:, None]
    share = 0.2 + 0.6 * rng.random((len(chosen), 1))
    return _places(_F.BUS_STOP, np.round(start + run * share + outward * _BUS_STOP_ASIDE_M, 4))


def _in_estates(ground: Ground, traits: Traits) -> pd.DataFrame:
    """Waste points, parcel lockers and fitness places beside the lanes of the estates."""
    households = np.bincount(ground.mix.estate, weights=ground.mix.households)
    parts = []
    for compound in ground.compounds:
        at = compound.estate
        if not compound.links:
            continue
        waste = int(np.ceil(households[at] / _HOUSEHOLDS_PER_WASTE_POINT))
        waste = 0 if traits.is_abandoned[at] else waste
        parts.append(_places(_F.WASTE, _beside(ground, compound, 0.9, waste)))
        if traits.is_managed[at]:
            cells = stepped(households[at] * (0.3 + 0.6 * traits.upkeep[at]), 12)
            spot = _beside(ground, compound, 0.1, 1)
            parts.append(_places(_F.PARCEL_LOCKER, spot, capacity=cells))
        if traits.upkeep[at] > 0.45:  # noqa: PLR2004
            area = stepped(60 + 240 * traits.upkeep[at], 10)
            spot = _beside(ground, compound, 0.98, 1)
            parts.append(_places(_F.FITNESS, spot, land_area_m2=area))
        parts = [part.assign(estate_id=part["estate_id"].fillna(ground.ids[at])) for part in parts]
    return pd.concat(parts, ignore_index=True)


def _beside(ground: Ground, compound: Compound, share: float, count: int) -> FloatArray:
    """Return points beside the lanes along the rows, one row after the other, shape (n, 2)."""
    rows = [compound.rows[number % len(compound.rows)] for number in range(count)]
    local = np.array([(a + (b - a) * share, y - _BESIDE_M) for a, y, b, _ in rows]).reshape(-1, 2)
    return ground.frame.to_world(compound.block, local)


def _nearest_towns(ground: Ground) -> Callable[[FloatArray], str]:
    origin, towns = ground.frame.origin, ground.frame.town_id
    return lambda xy: str(towns[np.hypot(*(origin - xy).T).argmin()])
