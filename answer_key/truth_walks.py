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

from answer_key.answers import Answer, is_enough
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


_CLASSES, _KINDERGARTEN_M2, _KINDERGARTEN_LAND_M2 = 6, 2200, 3500
_FAR_M, _BEYOND_M, _CLOSE_M = 1000.0, 200.0, 0.02
_SIZES = (
    _Largest("elder.centre_size", "elder_day_care", 350),
    _Largest("service.station_size", "community_service", 800),
    _Largest("service.complex_size", "community_service", 600),
    _Largest("health.size", "health_station", 120),
    _Largest("nursery.size", "nursery", 200),
)


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
        The layers, in the order of their nodes.
    """

    graph: SplitGraph
    owner: IntArray
    households: IntArray
    facilities: gpd.GeoDataFrame
    parking: gpd.GeoDataFrame

    def from_places(self, places: IntArray, limit_m: float) -> FloatArray:
        """Return walks from places (facilities first, then parking) to doors, shape (k, doors)."""
        doors = len(self.owner)
        walks = np.full((len(places), doors), np.inf)
        tile = np.floor(self.graph.xy[places + doors] / _TILE_M).astype(np.int64)
        _, group = np.unique(tile, axis=0, return_inverse=True)
        order = np.argsort(group, kind="stable")
        for together in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
            if len(together):
                nodes, found = self.graph.around(places[together] + doors, limit_m)
                is_door = nodes < doors
                walks[np.ix_(together, nodes[is_door])] = found[:, is_door]
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
    graph = split(town.ground.streets.lines, np.concatenate([units.door, *places]))
    return Measured(graph, units.estate, units.households, facilities, parking)


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
    return frame["kind"].isin(kinds) & (frame["state"] == "open")


def _shares(town: Town, measured: Measured, pooled: _Pooled) -> Iterator[Answer]:
    places = np.flatnonzero(_open(measured.facilities, pooled.kinds))
    within = measured.from_places(places, pooled.within_m) <= pooled.within_m
    supply = measured.facilities[pooled.supply].to_numpy(dtype=float)[places]
    given = share_out(town, measured, within, supply, heads=pooled.heads)
    yield from graded(pooled.rule_id, pooled.scale * given, pooled.at_least, pooled.near)


def share_out(
    town: Town, measured: Measured, uses: BoolArray, supply: FloatArray, *, heads: str
) -> FloatArray:
    """
    Return what each estate is given per head, `uses` telling who uses which place, (k, doors).

    Persons and elders of an estate are spread over its doors by households.
    """
    total = np.asarray(getattr(town.estates, heads), dtype=float)
    share = measured.households / town.estates.households[measured.owner]
    people = total[measured.owner] * share
    users = uses @ people
    rate = np.divide(supply, users, out=np.zeros(len(supply)), where=users > 0)
    given = (uses * rate[:, None]).sum(axis=0) * people
    shared: FloatArray = np.bincount(measured.owner, weights=given, minlength=len(total)) / total
    return shared


def graded(rule_id: str, values: FloatArray, at_least: float, near: float) -> Iterator[Answer]:
    """Answer for values that must be at least so much; near is within that part of it."""
    for estate, value in enumerate(values):
        met = is_enough(value, at_least)
        expect = "met" if met else ("missing" if value <= 0 else "short")
        is_near = abs(value / at_least - 1) <= near
        case = "near" if is_near else ("negative" if met else "positive")
        yield Answer(
            estate, rule_id, case, expect, float(value), f"{_HOW}, shared out", tolerance=1e-3
        )


def _largest(measured: Measured, asked: _Largest) -> Iterator[Answer]:
    """Answer by the largest place that any door reaches; who reaches none is not asked."""
    places = np.flatnonzero(_open(measured.facilities, (asked.kind,)))
    within = measured.from_places(places, _FAR_M) <= _FAR_M
    size = measured.facilities["floor_area_m2"].to_numpy(dtype=float)[places]
    for estate, mine in enumerate(measured.by_estate(within).T):
        value = float(size[mine].max()) if mine.any() else np.nan
        expect = (
            "not_applicable" if not mine.any() else "met" if value >= asked.at_least else "short"
        )
        case = "positive" if expect == "short" else "negative"
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
    """Answer for what the best place in reach must be all of; who reaches none is not asked."""
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
        expect = "not_applicable" if not mine.any() else "met" if good[mine].any() else "short"
        case = "positive" if expect == "short" else "negative"
        is_near = bool(near[mine].any()) and not (good & ~near)[mine].any()
        how = f"{_HOW}; the best in reach"
        yield Answer(estate, rule_id, "near" if is_near else case, expect, np.nan, how)
