"""
Answers on walks and on what is shared within a walk, by the second method of `answer_key.walks`.

Every door, facility and parking place is put into one explicitly split graph; the distances in it
answer the rules on walking. What a place supplies is divided by the heads of all who reach it and
added up at each door (two-step floating catchment), here with dense tables and no shared code.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from answer_key.answers import Answer, is_enough
from answer_key.siting import exits_of
from answer_key.town import Town
from answer_key.walks import SplitGraph, split
from geo.arrays import BoolArray, FloatArray, IntArray

_TILE_M = 3000.0
_HOW = "Dijkstra on an explicitly split graph"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A walk a rule asks for: how far is near enough, how far is as good as none."""

    rule_id: str
    kinds: tuple[str, ...]
    near_m: float
    far_m: float
    at_least: tuple[str, float] | None = None


_WALKS = (
    _Asked("elder.access", ("elder_day_care", "elder_station"), 300, 1000),
    _Asked("service.access", ("community_service",), 300, 1000),
    _Asked("health.access", ("health_station", "health_centre"), 300, 1000),
    _Asked("kindergarten.access", ("kindergarten",), 300, 1000),
    _Asked("nursery.access", ("nursery",), 300, 1000),
    _Asked("meal.access", ("meal",), 500, 1000),
    _Asked("homehelp.access", ("home_help",), 500, 1000),
    _Asked("market.access", ("market",), 500, 1000),
    _Asked("shop.access", ("shop",), 300, 500),
    _Asked("parcel.station", ("parcel_station",), 300, 500, ("floor_area_m2", 15)),
    _Asked("fitness.access", ("fitness",), 300, 500, ("land_area_m2", 150)),
    _Asked("culture.access", ("culture",), 500, 1000),
    _Asked("waste.distance", ("waste",), 70, 200),
)


@dataclass(frozen=True, slots=True)
class _Pooled:
    """A supply shared within a walk: what, among whom, and how much each head is to have."""

    rule_id: str
    kinds: tuple[str, ...]
    supply: str
    heads: str
    scale: float
    within_m: float
    at_least: float
    near: float = 0.002


_ELDER = ("elder_day_care", "elder_station")
_POOLED = (
    _Pooled("elder.area100.2020", _ELDER, "floor_area_m2", "households", 100, 300, 20),
    _Pooled("elder.area100.old", _ELDER, "floor_area_m2", "households", 100, 300, 20),
    _Pooled("elder.land_per_person", _ELDER, "land_area_m2", "persons", 1, 300, 0.1),
    _Pooled("elder.beds", ("elder_home",), "capacity", "elders", 1000, 1000, 40, near=0.1),
    _Pooled(
        "service.area100",
        ("community_service",),
        "floor_area_m2",
        "households",
        100,
        300,
        30,
    ),
)


@dataclass(frozen=True, slots=True)
class _Largest:
    """The largest facility that can be walked to, and how large it is to be."""

    rule_id: str
    kind: str
    at_least: float


# national/walking.toml, litong/demography.toml, wuzhong/demography.toml, most_without of the rules
_ROOMS = ("elder_day_care", "elder_station", "community_service", "health_station", "nursery")
_LEAST_ROOM_M2, _MOST_WITHOUT = 20.0, 0.1
_LEAST_HOME_M2, _MOST_HOME_M2 = 60.0, 130.0
_HEADS = {"households": 1.0, "persons": 2.79, "elders": 2.79 * 0.1283}
_CLASSES, _KINDERGARTEN_M2, _KINDERGARTEN_LAND_M2 = 6, 2200, 3500
_FAR_M, _BEYOND_M, _CLOSE_M = 1000.0, 200.0, 0.02
_SIZES = (
    _Largest("elder.centre_size", "elder_day_care", 350),
    _Largest("service.station_size", "community_service", 800),
    _Largest("service.complex_size", "community_service", 600),
    _Largest("health.size", "health_station", 120),
    _Largest("nursery.size", "nursery", 200),
)


@dataclass(frozen=True, slots=True)
class Users:
    """
    Who may use k places.

    Attributes
    ----------
    doors, outside : ndarray of bool, shapes (k, doors) and (k, homes)
        Doors of the estates, and homes outside them.
    """

    doors: BoolArray
    outside: BoolArray


@dataclass(frozen=True)
class Measured:
    """
    The split graph with doors, facilities and parking in place.

    Attributes
    ----------
    graph : SplitGraph
        Its first nodes are the doors, then the facilities, then the parking places.
    owner, households : ndarray of int
        Estate and households of each door.
    facilities, parking : geopandas.GeoDataFrame
        The layers, in the order of their nodes; homes outside the estates come after.
    floor_m2 : ndarray of float64
        Floor area of those homes.
    """

    graph: SplitGraph
    owner: IntArray
    households: IntArray
    facilities: gpd.GeoDataFrame
    parking: gpd.GeoDataFrame
    floor_m2: FloatArray

    def from_places(self, places: IntArray, limit_m: float) -> FloatArray:
        """Return walks from places (facilities first, then parking) to doors, shape (k, doors)."""
        return self._walks(places, limit_m, 0, len(self.owner))

    def users(self, places: IntArray, limit_m: float) -> Users:
        """Return who is within a walk of places."""
        first = len(self.owner) + len(self.facilities) + len(self.parking)
        outside = self._walks(places, limit_m, first, first + len(self.floor_m2))
        return Users(self.from_places(places, limit_m) <= limit_m, outside <= limit_m)

    def _walks(self, places: IntArray, limit_m: float, first: int, end: int) -> FloatArray:
        """Return walks from places to the nodes from `first` to before `end`."""
        doors = len(self.owner)
        walks = np.full((len(places), end - first), np.inf)
        tile = np.floor(self.graph.xy[places + doors] / _TILE_M).astype(np.int64)
        _, group = np.unique(tile, axis=0, return_inverse=True)
        order = np.argsort(group, kind="stable")
        for together in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
            if len(together):
                nodes, found = self.graph.around(places[together] + doors, limit_m)
                wanted = (nodes >= first) & (nodes < end)
                walks[np.ix_(together, nodes[wanted] - first)] = found[:, wanted]
        return walks

    def by_estate(self, within: BoolArray) -> BoolArray:
        """Return whether any door of each estate is within, (k, doors) to (k, estates)."""
        start = np.searchsorted(self.owner, np.arange(int(self.owner[-1]) + 1))
        return np.logical_or.reduceat(within, start, axis=1)

    def nearest(self, places: IntArray, limit_m: float) -> FloatArray:
        """Return the walk from every door to the nearest of places, inf beyond the limit."""
        doors = len(self.owner)
        return self.graph.nearest(places + doors, limit_m)[:doors]

    def worst(self, walks: FloatArray, count: int) -> FloatArray:
        """Return the farthest of every estate's doors."""
        farthest = np.zeros(count)
        np.maximum.at(farthest, self.owner, walks)
        return farthest


def measure(town: Town) -> Measured:
    """Put everything into one split graph."""
    facilities, parking = town.frames["facilities"], town.frames["parking"]
    units = town.ground.units
    places = [
        np.column_stack([frame.geometry.x, frame.geometry.y]) for frame in (facilities, parking)
    ]
    buildings = town.frames["buildings"]
    homes = buildings[buildings["estate_id"].isna() & (buildings["use"] == "residential")]
    lines = town.ground.streets.lines
    others = [*places, _steps(homes, lines)]
    graph = split(
        lines,
        np.concatenate([units.door, *others]),
        np.concatenate([exits_of(town.ground), *others]),
    )
    floor_m2 = homes["floor_area_m2"].to_numpy(dtype=float)
    return Measured(graph, units.estate, units.households, facilities, parking, floor_m2)


def _steps(homes: gpd.GeoDataFrame, lines: FloatArray) -> FloatArray:
    """Return where people step out of homes: the place of the outline nearest to a street."""
    streets = np.asarray(shapely.linestrings(lines), dtype=object)
    outlines = homes.geometry.to_numpy()
    nearest = streets[shapely.STRtree(streets).nearest(outlines)]
    legs = shapely.shortest_line(shapely.boundary(outlines), nearest)
    return shapely.get_coordinates(shapely.get_point(legs, 0))


def walk_answers(town: Town) -> Iterator[Answer]:
    """Answer every rule on walks, pooled supply and the largest place in reach."""
    measured = measure(town)
    for asked in _WALKS:
        yield from _walks(town, measured, asked)
    for pooled in _POOLED:
        yield from _shares(town, measured, pooled)
    for largest in _SIZES:
        yield from _largest(measured, largest)
    yield from _checklists(measured)


def _walks(town: Town, measured: Measured, asked: _Asked) -> Iterator[Answer]:
    places = _open(measured.facilities, asked.kinds)
    if asked.at_least:
        column, least = asked.at_least
        places = places & (measured.facilities[column] >= least)
    nearest = measured.nearest(np.flatnonzero(places), asked.far_m + _BEYOND_M)
    planned = {walk.estate: walk.distance_m for walk in town.walks.get(asked.rule_id, [])}
    for estate, walk in enumerate(measured.worst(nearest, len(town.estates.ids))):
        expect = _reached(float(walk), asked)
        case = "negative" if expect == "met" else "positive"
        is_planned = abs(planned.get(estate, -1.0) - walk) < _CLOSE_M
        value = float(walk) if np.isfinite(walk) else np.nan
        yield Answer(
            estate,
            asked.rule_id,
            "near" if is_planned else case,
            expect,
            value if walk <= asked.far_m or is_planned else np.nan,
            _HOW,
            tolerance=0.01,
        )


def _reached(walk: float, asked: _Asked) -> str:
    return "met" if walk <= asked.near_m else "short" if walk <= asked.far_m else "missing"


def _open(frame: gpd.GeoDataFrame, kinds: Sequence[str]) -> pd.Series:
    small = frame["kind"].isin(_ROOMS) & (frame["floor_area_m2"] < _LEAST_ROOM_M2)
    return frame["kind"].isin(kinds) & (frame["state"] == "open") & ~small


def _shares(town: Town, measured: Measured, pooled: _Pooled) -> Iterator[Answer]:
    places = np.flatnonzero(_open(measured.facilities, pooled.kinds))
    supply = measured.facilities[pooled.supply].to_numpy(dtype=float)[places]
    users = measured.users(places, pooled.within_m)
    yield from graded(
        pooled.rule_id,
        share_out(town, measured, users, supply, heads=pooled.heads),
        pooled.at_least,
        pooled.near,
        scale=pooled.scale,
    )


@dataclass(frozen=True, slots=True)
class Shared:
    """
    What each estate is given per head, at least and at most, and the share of it given nothing.

    Attributes
    ----------
    low, high, without : ndarray of float64, shape (estates,)
    """

    low: FloatArray
    high: FloatArray
    without: FloatArray

    def __add__(self, own: FloatArray) -> "Shared":
        """Return the same with something of an estate's own for all of it."""
        without = np.where(own > 0, 0.0, self.without)
        return Shared(self.low + own, self.high + own, without)


def share_out(
    town: Town, measured: Measured, users: Users, supply: FloatArray, *, heads: str
) -> Shared:
    """
    Share what places supply among all who may use them.

    Persons and elders of an estate are spread over its doors by households, of a home outside the
    estates by those of the city.
    """
    uses, count = users.doors, len(town.estates.ids)
    total = np.asarray(getattr(town.estates, heads), dtype=float)
    share = measured.households / town.estates.households[measured.owner]
    people = total[measured.owner] * share
    given = []
    for square_metres in (_LEAST_HOME_M2, _MOST_HOME_M2):
        others = users.outside @ (measured.floor_m2 / square_metres) * _HEADS[heads]
        sharing = uses @ people + others
        rate = np.divide(supply, sharing, out=np.zeros(len(supply)), where=sharing > 0)
        each = (uses * rate[:, None]).sum(axis=0) * people
        given.append(np.bincount(measured.owner, weights=each, minlength=count) / total)
    served = (uses & (supply > 0)[:, None]).any(axis=0)
    lost = np.bincount(measured.owner, weights=np.where(served, 0.0, people), minlength=count)
    return Shared(given[0], given[1], lost / total)


def graded(
    rule_id: str, shared: Shared, at_least: float, near: float, scale: float = 1.0
) -> Iterator[Answer]:
    """Answer for values that must be at least so much; near is within that part of it."""
    low, high = scale * shared.low, scale * shared.high
    for estate, without in enumerate(shared.without):
        expect, value = _pooled(float(low[estate]), float(high[estate]), without, at_least)
        is_near = abs(value / at_least - 1) <= near
        case = "near" if is_near else ("positive" if expect in ("short", "missing") else "negative")
        yield Answer(estate, rule_id, case, expect, value, f"{_HOW}, shared out", tolerance=1e-3)


def _pooled(low: float, high: float, without: float, at_least: float) -> tuple[str, float]:
    """Return what is said of a share between two values, and the value that decides."""
    if not is_enough(high, at_least):
        return ("missing" if high <= 0 else "short"), high
    if without > _MOST_WITHOUT:
        return "short", low
    return ("met", low) if is_enough(low, at_least) else ("unknown", np.nan)


def _largest(measured: Measured, asked: _Largest) -> Iterator[Answer]:
    """Answer by the largest place that any door reaches; who reaches none lacks one."""
    places = np.flatnonzero(_open(measured.facilities, (asked.kind,)))
    within = measured.from_places(places, _FAR_M) <= _FAR_M
    size = measured.facilities["floor_area_m2"].to_numpy(dtype=float)[places]
    for estate, mine in enumerate(measured.by_estate(within).T):
        value = float(size[mine].max()) if mine.any() else np.nan
        expect = "missing" if not mine.any() else "met" if value >= asked.at_least else "short"
        case = "negative" if expect == "met" else "positive"
        is_near = abs(value - asked.at_least) < 1
        yield Answer(
            estate,
            asked.rule_id,
            "near" if is_near else case,
            expect,
            value,
            f"{_HOW}; sizes planted",
        )


def _checklists(measured: Measured) -> Iterator[Answer]:
    """Answer for what the best place in reach must be all of; who reaches none lacks one."""
    places = measured.facilities
    grown = (
        (places["classes"] >= _CLASSES)
        & (places["floor_area_m2"] >= _KINDERGARTEN_M2)
        & (places["land_area_m2"] >= _KINDERGARTEN_LAND_M2)
    )
    above_ground = places["in_basement"].eq(False)
    near = np.abs(places["floor_area_m2"] - _KINDERGARTEN_M2) < 1
    yield from _best(measured, "kindergarten.size", ("kindergarten",), [grown, near])
    yield from _best(measured, "elder.no_basement", _ELDER, [above_ground, near & ~near])


def _best(
    measured: Measured, rule_id: str, kinds: Sequence[str], marks: list[pd.Series]
) -> Iterator[Answer]:
    """Answer by whether any place in reach passes; near if those that decide were planted so."""
    chosen = np.flatnonzero(_open(measured.facilities, kinds))
    within = measured.from_places(chosen, _FAR_M) <= _FAR_M
    good, near = (mark.to_numpy(dtype=bool)[chosen] for mark in marks)
    for estate, mine in enumerate(measured.by_estate(within).T):
        expect = "missing" if not mine.any() else "met" if good[mine].any() else "short"
        case = "negative" if expect == "met" else "positive"
        is_near = bool(near[mine].any()) and not (good & ~near)[mine].any()
        how = f"{_HOW}; the best in reach"
        yield Answer(estate, rule_id, "near" if is_near else case, expect, np.nan, how)
