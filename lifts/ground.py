"""Ground: what stands or lies where a shaft, its foundation and its bridge would be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import geopandas as gpd
import numpy as np
import shapely

from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from geo.crs import GRID_M
from geo.runs import least_of_groups
from layers.district import District
from lifts.conditions import Effect, conditions, length_of
from lifts.placing import Candidates
from rules.conventions import Lifts
from rules.model import Book, Rule
from rules.rows import names_of

Extent: TypeAlias = Literal["shaft", "foundation", "envelope"]
Amount: TypeAlias = Literal["m2", "m", "count"]

_ABUTS_M = 0.02  # a bridge ends at its wall: surveys of walls differ by so much
_LEAST_M2 = 0.01  # an overlap below this is the survey's
_LEAST_M = 0.01


@dataclass(frozen=True, slots=True)
class _Check:
    """
    One kind of object that may be in the way.

    Attributes
    ----------
    name : str
        Of the check.
    layer : str
        Where the objects are.
    kinds : tuple of str
        Which of them; all where empty.
    extent : {"shaft", "foundation", "envelope"}
        What it may be in the way of: the shaft, the shaft with the strip of its foundation, or
        shaft and bridge.
    effect : Effect
        What it means.
    amount : {"m2", "m", "count"}
        What is counted of it.
    """

    name: str
    layer: str
    kinds: tuple[str, ...]
    extent: Extent
    effect: Effect
    amount: Amount


CHECKS = (
    _Check("building", "buildings", (), "envelope", Effect.BLOCKS, "m2"),
    _Check("climbing", "fire_lanes", ("climbing",), "envelope", Effect.BLOCKS, "m2"),
    _Check("tree", "trees", (), "foundation", Effect.MOVES, "count"),
    _Check("pole", "poles", (), "foundation", Effect.MOVES, "count"),
    _Check("wall", "walls", ("enclosure", "retaining"), "foundation", Effect.MOVES, "m"),
    _Check("gate", "entrances", (), "foundation", Effect.MOVES, "count"),
    _Check("walkway", "walkways", (), "shaft", Effect.TAKES, "m"),
    _Check("road", "paving", ("road",), "shaft", Effect.TAKES, "m2"),
    _Check("parking", "paving", ("parking",), "shaft", Effect.TAKES, "m2"),
    _Check("green", "green_space", (), "shaft", Effect.TAKES, "m2"),
)
"""Everything looked for under a shaft but fire lanes and pipes, which are measured."""

_FIRE_DUTY = "fire.duty"


def on_the_ground(district: District, book: Book, places: Candidates) -> Iterator[gpd.GeoDataFrame]:
    """
    Yield the conditions of every check of `CHECKS`.

    Parameters
    ----------
    district : District
        The layers of `CHECKS`; those never surveyed have no rows.
    book : Book
        Whose clauses ask it.
    places : Candidates
        k places.
    """
    extents = _extents(places, book.lifts)
    for check in CHECKS:
        frame = district[check.layer]
        if check.kinds:
            frame = frame[frame["kind"].isin(check.kinds)]
        if check.layer == "trees":
            frame = frame[frame["is_alive"].fillna(value=True).astype(bool)]
        yield from _met_by(check, frame, extents[check.extent], book)


def _extents(places: Candidates, figures: Lifts) -> dict[Extent, ObjectArray]:
    return {
        "shaft": places.shaft,
        "foundation": shapely.buffer(places.shaft, figures.strip_m, join_style="mitre"),
        "envelope": shapely.buffer(places.envelope, -_ABUTS_M, join_style="mitre"),
    }


def _met_by(
    check: _Check, frame: gpd.GeoDataFrame, extent: ObjectArray, book: Book
) -> Iterator[gpd.GeoDataFrame]:
    """Yield a condition for every place whose extent meets an object of a check."""
    shapes = np.asarray(frame.geometry.array, dtype=object)
    place, row = _pairs(extent, shapes)
    inside = shapely.intersection(extent[place], shapes[row])
    amount = _measured(check.amount, inside)
    least = {"m2": _LEAST_M2, "m": _LEAST_M, "count": 0.0}[check.amount]
    met = amount > least
    if not met.any():
        return
    place, row, inside, amount = place[met], row[met], inside[met], amount[met]
    said = book.by_id[_FIRE_DUTY] if check.name == "climbing" else book.lifts
    yield conditions(
        check.name,
        check.effect,
        place,
        inside,
        said,
        **_named(check.layer, frame, row),
        amount=length_of(amount),
        unit=check.amount,
    )


def _measured(amount: Amount, parts: ObjectArray) -> FloatArray:
    if amount == "count":
        return np.ones(len(parts))
    return np.asarray((shapely.area if amount == "m2" else shapely.length)(parts))


def _pairs(extent: ObjectArray, shapes: ObjectArray) -> tuple[IntArray, IntArray]:
    if not len(shapes) or not len(extent):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    place, row = shapely.STRtree(shapes).query(extent, predicate="intersects")
    return place.astype(np.int64), row.astype(np.int64)


def _named(layer: str, frame: gpd.GeoDataFrame, row: IntArray) -> dict[str, object]:
    """Return what identifies rows of a layer."""
    chosen = frame.iloc[row]
    return {
        "layer": layer,
        "object_id": chosen.iloc[:, 0].to_numpy(dtype=object),
        "object_zh": names_of(layer, chosen, "zh"),
        "object_en": names_of(layer, chosen, "en"),
    }


def off_the_estate(
    estates: gpd.GeoDataFrame, estate: IntArray, book: Book, places: Candidates
) -> gpd.GeoDataFrame:
    """
    Return the conditions of places that reach beyond the outline of their estate.

    Parameters
    ----------
    estates : geopandas.GeoDataFrame
        The n estates.
    estate : ndarray of int64, shape (k,)
        Position of each place's estate.
    book : Book
        Whose clause asks it.
    places : Candidates
        k places.
    """
    outline = np.asarray(estates.geometry.array, dtype=object)[estate]
    beyond = shapely.difference(places.envelope, outline)
    area = shapely.area(beyond)
    out = np.flatnonzero(area > _LEAST_M2)
    return conditions(
        "boundary",
        Effect.BLOCKS,
        out.astype(np.int64),
        beyond[out],
        book.lifts,
        **_named("estates", estates, estate[out]),
        amount=length_of(area[out]),
        unit="m2",
    )


def through_a_balcony(book: Book, places: Candidates) -> gpd.GeoDataFrame:
    """
    Return the places from which flats are entered by their balconies: their owners are asked.

    Parameters
    ----------
    book : Book
        Whose clause asks it.
    places : Candidates
        k places.
    """
    found = np.flatnonzero(places.position == "balcony").astype(np.int64)
    return conditions("balcony", Effect.ASKS, found, places.bridge[found], book.lifts)


def opposite(
    buildings: gpd.GeoDataFrame, own: IntArray, rule: Rule, places: Candidates
) -> gpd.GeoDataFrame:
    """
    Return the nearest other building of every place nearer than the rule asks.

    Parameters
    ----------
    buildings : geopandas.GeoDataFrame
        The district's.
    own : ndarray of int64, shape (k,)
        Position of each place's own building.
    rule : Rule
        ``lift.siting.opposite_building``: a shaft is part of its building.
    places : Candidates
        k places.
    """
    shapes = np.asarray(buildings.geometry.array, dtype=object)
    if not len(shapes) or not len(places):
        return conditions("opposite", Effect.ASKS, *_nothing(), rule)
    required = rule.threshold
    found, row = shapely.STRtree(shapes).query(
        places.shaft, predicate="dwithin", distance=required - GRID_M
    )
    other = row != own[found]
    found, row = found[other], row[other]
    gap = shapely.distance(places.shaft[found], shapes[row])
    first = least_of_groups(found, gap)
    found, row, gap = found[first].astype(np.int64), row[first].astype(np.int64), gap[first]
    keep: BoolArray = gap > 0  # a building that it stands in blocks it already
    found, row, gap = found[keep], row[keep], gap[keep]
    return conditions(
        "opposite",
        Effect.ASKS,
        found,
        shapely.shortest_line(places.shaft[found], shapes[row]),
        rule,
        **_named("buildings", buildings, row),
        measured=length_of(gap),
        required=required,
    )


def _nothing() -> tuple[IntArray, ObjectArray]:
    return np.empty(0, dtype=np.int64), np.empty(0, dtype=object)
