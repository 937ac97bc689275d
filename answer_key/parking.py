"""
Parking and charging: an estate's own bays and e-bike sheds, public lots and charging stations.

Bays are planned around half a bay and one bay a household; where half a bay is just reached or just
missed, part of the bays stand on a public lot that no other estate can walk to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import geopandas as gpd
import numpy as np
import shapely

from answer_key.asked import EXACT, asked, beside
from answer_key.estates import Estates
from answer_key.grades import Grade, Planted, plant
from answer_key.siting import PlannedWalk, Sites, Spot
from demonstration.roster import PlannedEstate
from demonstration.rows import CRS, note
from geo.arrays import BoolArray, IntArray


class Level(IntEnum):
    """How many bays an estate has, its share of a public lot included."""

    NONE = 0
    FEW = 1
    JUST_SHORT = 2  # of half a bay a household
    JUST_ENOUGH = 3
    SOME = 4
    ALMOST_FULL = 5  # one bay short of one a household
    FULL = 6
    PLENTY = 7


class Sheds(IntEnum):
    """What e-bike charging an estate has."""

    NONE = 0
    FEW = 1
    JUST_SHORT = 2
    JUST_ENOUGH = 3
    PLENTY = 4
    NEAR_WALK = 5  # planned to the decimetre


_LEVELS = (
    "FEW JUST_ENOUGH JUST_SHORT PLENTY FULL ALMOST_FULL NONE SOME FEW FEW PLENTY NONE SOME FEW"
)
_SHEDS = "FEW PLENTY JUST_SHORT JUST_ENOUGH NONE PLENTY FEW FEW PLENTY FEW NONE PLENTY PLENTY FEW"
_YARDS = {17: 200, 18: 201}  # by place: bays of a former vehicle yard, one of them accessible
_PLANNED_M = 0.1  # from what a rule asks for to a planned walk
_OUT_OF_REACH_M = 312.0

AISLE = Grade("parking.accessible_aisle", (-0.5, -0.1), (0.05, 0.4), (0.01, -0.01))
EXIT = Grade("ebike.separation", (-4, -0.5), (0.5, 6), (0.01, -0.01))


@dataclass(frozen=True)
class Bays:
    """
    What was planned for parking and charging; arrays over the estates.

    Attributes
    ----------
    level, shed : ndarray of int
        `Level` and `Sheds` of each estate.
    own, shared : ndarray of int
        Bays of its own, and on a public lot that it alone can walk to.
    accessible, ev, ev_ready, ports : ndarray of int
        Accessible bays, bays with a charger, bays ready for one, e-bike ports.
    aisle, exit_m : Planted
        Side aisle of the accessible bays; distance of the shed to a safety exit.
    shed_walks, charger_walks : list of PlannedWalk
        Walks planned to the decimetre.
    """

    level: IntArray
    shed: IntArray
    own: IntArray
    shared: IntArray
    accessible: IntArray
    ev: IntArray
    ev_ready: IntArray
    ports: IntArray
    aisle: Planted
    exit_m: Planted
    shed_walks: list[PlannedWalk]
    charger_walks: list[PlannedWalk]


@dataclass(frozen=True, slots=True)
class _Place:
    """One row of the layer before its columns are filled."""

    kind: str
    spot: Spot
    estate: int = -1
    spaces: float = np.nan
    is_public: bool = False


def plan_parking(
    rng: np.random.Generator, entries: Sequence[PlannedEstate], estates: Estates, sites: Sites
) -> tuple[Bays, gpd.GeoDataFrame]:
    """
    Plan and site parking and charging.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    entries : sequence of PlannedEstate
        The roster.
    estates : Estates
        The estates as drawn.
    sites : Sites
        The streets with the doors in place.

    Returns
    -------
    Bays
        What was planned.
    geopandas.GeoDataFrame
        The parking layer.
    """
    count = len(entries)
    has_lanes = np.array([len(sites.own_pieces(estate)) > 0 for estate in range(count)])
    level = _dealt(rng, _LEVELS, Level, has_lanes)
    shed = _dealt(rng, _SHEDS, Sheds, has_lanes)
    yards = {n: _YARDS[e.place] for n, e in enumerate(entries) if e.place in _YARDS}
    level[list(yards)] = Level.PLENTY
    total = _total_bays(rng, level, estates.households)
    total[list(yards)] = list(yards.values())
    lots, shared = _shared_lots(rng, sites, level, total)
    own = total - shared
    accessible = np.where(rng.random(count) < 0.55, 1 + (own > 60), 0) * (own > 0)  # noqa: PLR2004
    accessible[list(yards)] = 1
    ev, ev_ready = _chargers(rng, own)
    near = np.isin(level, [Level.JUST_SHORT, Level.JUST_ENOUGH])
    lots += _public_lots(rng, sites, count, np.flatnonzero(near))
    stations, charger_walks = _stations(rng, sites, np.flatnonzero(ev == 0))
    sheds, shed_walks = _sheds(rng, sites, shed)
    shed[[walk.estate for walk in shed_walks]] = Sheds.NEAR_WALK
    bays = Bays(
        level=level,
        shed=shed,
        own=own,
        shared=shared,
        accessible=accessible,
        ev=ev,
        ev_ready=ev_ready,
        ports=_ports(rng, shed, estates.households),
        aisle=plant(rng, AISLE, count, np.flatnonzero(accessible > 0)),
        exit_m=plant(rng, EXIT, count, np.flatnonzero(shed != Sheds.NONE)),
        shed_walks=shed_walks,
        charger_walks=charger_walks,
    )
    own_lots = [
        _Place("lot", sites.lane_spot(rng, int(estate)), int(estate), float(own[estate]))
        for estate in np.flatnonzero(own > 0)
    ]
    return bays, _layer(rng, estates, bays, [*own_lots, *sheds, *lots, *stations])


def _dealt(
    rng: np.random.Generator, deck: str, code: type[IntEnum], has_lanes: BoolArray
) -> IntArray:
    """Deal the deck to the estates in random order; without lanes there is nothing."""
    values = np.array([code[name] for name in deck.split()], dtype=np.int64)
    dealt = rng.permutation(np.resize(values, len(has_lanes)))
    return np.where(has_lanes, dealt, 0)


def _enough(of: IntArray, rule_id: str) -> IntArray:
    """Return the least whole number that is the share of `of` that a rule asks for."""
    return np.ceil(np.round(of * asked(rule_id), EXACT)).astype(np.int64)


def _total_bays(rng: np.random.Generator, level: IntArray, households: IntArray) -> IntArray:
    draw = rng.random(len(level))
    half = _enough(households, "parking.ratio.old")
    few = np.maximum(1, np.floor((0.15 + 0.25 * draw) * households))
    some = np.ceil((0.55 + 0.3 * draw) * households)
    plenty = np.ceil((1.04 + 0.3 * draw) * households)
    choices = [0 * half, few, half - 1, half, some, households - 1, households, plenty]
    return np.choose(level, choices).astype(np.int64)


def _chargers(rng: np.random.Generator, own: IntArray) -> tuple[IntArray, IntArray]:
    """Bays with a charger - none, just a tenth, or more - and bays made ready for one."""
    draw = rng.random(len(own))
    tenth = -(-own // 10)
    ev = np.select([draw < 0.6, draw < 0.75], [0, tenth], tenth + own // 20)  # noqa: PLR2004
    rest = own - ev
    part = (rest * 0.3 * rng.random(len(own))).astype(np.int64)
    ready = rng.permutation(np.resize([0, 1, 2, 2, 0, 2, 2], len(own)))
    return ev, np.choose(ready, [rest, np.maximum(rest - 1, 0), part])  # all, all but one, some


def _ports(rng: np.random.Generator, shed: IntArray, households: IntArray) -> IntArray:
    draw = rng.random(len(shed))
    enough = _enough(households, "ebike.ports")
    few = np.maximum(1, np.floor((0.05 + 0.2 * draw) * households))
    plenty = np.ceil((0.35 + 0.3 * draw) * households)
    choices = [0 * enough, few, enough - 1, enough, plenty, plenty]
    return np.choose(shed, choices).astype(np.int64)


def _shared_lots(
    rng: np.random.Generator, sites: Sites, level: IntArray, total: IntArray
) -> tuple[list[_Place], IntArray]:
    """Give each estate at half a bay a household a public lot that it alone can walk to."""
    lots, shared = [], np.zeros(len(level), dtype=np.int64)
    for estate in np.flatnonzero(np.isin(level, [Level.JUST_SHORT, Level.JUST_ENOUGH])):
        spot = sites.lonely_spot(rng, int(estate), _OUT_OF_REACH_M)
        if spot:
            shared[estate] = max(1, total[estate] // 3)
            lots.append(_Place("lot", spot, -1, float(shared[estate]), is_public=True))
    return lots, shared


def _public_lots(
    rng: np.random.Generator, sites: Sites, count: int, near: IntArray
) -> list[_Place]:
    """Other public lots, out of reach of the estates planned at half a bay a household."""
    spots = sites.sidewalk_spots(rng, int(np.ceil(0.4 * count)))
    kinds = rng.choice(["lot", "street"], len(spots), p=[0.6, 0.4])
    sizes = rng.integers(12, 90, len(spots))
    return [
        _Place(str(kind), spot, -1, float(size), is_public=True)
        for spot, kind, size in zip(spots, kinds, sizes, strict=True)
        if sites.keeps_off(spot, near, _OUT_OF_REACH_M)
    ]


def _stations(
    rng: np.random.Generator, sites: Sites, without: IntArray
) -> tuple[list[_Place], list[PlannedWalk]]:
    """Public charging stations: two at a planned walk, one for every twelve estates besides."""
    spots, walks = sites.plan_walks(rng, without, beside("ev.old", _PLANNED_M, "within_m"))
    more = sites.sidewalk_spots(rng, int(np.ceil(len(sites.units.door) / 100)))
    spots += [spot for spot in more if sites.keeps_clear(spot, walks)]
    return [_Place("charging_station", spot, -1, is_public=True) for spot in spots], walks


def _sheds(
    rng: np.random.Generator, sites: Sites, shed: IntArray
) -> tuple[list[_Place], list[PlannedWalk]]:
    """E-bike sheds in the estates: two at a planned walk, the rest anywhere on the lanes."""
    generous = np.flatnonzero(shed == Sheds.PLENTY)
    spots, walks = sites.plan_walks(
        rng, generous, beside("ebike.distance", _PLANNED_M), in_estate=True
    )
    planned = [walk.estate for walk in walks]
    placed = [_Place("ebike_shed", s, e) for s, e in zip(spots, planned, strict=True)]
    others = np.setdiff1d(np.flatnonzero(shed != Sheds.NONE), planned)
    placed += [_Place("ebike_shed", sites.lane_spot(rng, int(e)), int(e)) for e in others]
    return placed, walks


def _layer(
    rng: np.random.Generator, estates: Estates, bays: Bays, places: Sequence[_Place]
) -> gpd.GeoDataFrame:
    """Fill the columns of every place."""
    count = len(places)
    kind = np.array([place.kind for place in places])
    owner = np.array([place.estate for place in places])
    spaces = np.array([place.spaces for place in places])
    is_lot = np.isin(kind, ["lot", "street"])
    is_own, is_shed = (owner >= 0) & is_lot, kind == "ebike_shed"
    public = rng.integers(0, 2, count)
    wall = np.round(3.2 + 3 * rng.random(count), 1)
    station_bays = rng.integers(4, 16, count)
    ids = np.array([*estates.ids, None], dtype=object)
    labels = {
        "lot": "停车场",
        "street": "路内停车",
        "charging_station": "公共充电站",
        "ebike_shed": "充电车棚",
    }
    accessible = np.where(is_own, bays.accessible[owner], public)
    aisle = np.where(is_own, bays.aisle.values[owner], 1.3)
    ev = np.where(is_own, bays.ev[owner], 0)
    table = {
        "parking_id": [f"K{number + 1:05d}" for number in range(count)],
        "kind": kind,
        "name": [f"示例{labels[k]}{number + 1}" for number, k in enumerate(kind)],
        "state": "open",
        "estate_id": ids[owner],
        "is_public": [place.is_public for place in places],
        "spaces": np.where(is_lot, spaces, np.nan),
        "accessible_spaces": np.where(is_lot, accessible, np.nan),
        "aisle_m": np.where(is_lot & (accessible > 0), aisle, np.nan),
        "ev_spaces": np.where(
            kind == "charging_station", station_bays, np.where(is_lot, ev, np.nan)
        ),
        "ev_ready_spaces": np.where(is_lot, np.where(is_own, bays.ev_ready[owner], 0), np.nan),
        "ebike_ports": np.where(is_shed, bays.ports[owner], np.nan),
        "exit_m": np.where(is_shed, bays.exit_m.values[owner], np.nan),
        "wall_m": np.where(is_shed, wall, np.nan),
        **note(),
    }
    points = shapely.points(np.array([place.spot.xy for place in places]))
    return gpd.GeoDataFrame(table, geometry=points, crs=CRS)
