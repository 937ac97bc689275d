"""
Remedies: what can be done to places on the map, the row that a place means, and the move to try.

Places are where somebody clicked: hostile until they are inside the district. A row is meant by a
place if it is the nearest one that the remedy would change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import geopandas as gpd
import shapely
from pyproj import CRS

from edits.rows import in_working_crs
from geo.crs import STORAGE_CRS
from geo.errors import DataError
from layers.district import District
from layers.facilities import KINDS
from rules.measures import MEASURES
from rules.model import Book
from rules.reads import SIZES

Move: TypeAlias = dict[str, Any]
"""A move as `edits.moves.edit_of` reads it."""

_MARGIN_M = 500.0  # a remedy may stand a little beyond what is drawn of the district
_FRAME = ("towns", "estates", "walkways")
_LONGEST_WALKWAY_M = 5_000.0


@dataclass(frozen=True, slots=True)
class _Target:
    """Rows that a move is for: those of a layer whose column has a value, or may have it."""

    layer: str
    column: str
    value: str | bool
    or_unknown: bool = True


_TARGETS: Final[Mapping[str, _Target]] = {
    "close_facility": _Target("facilities", "state", "open"),
    "move_facility": _Target("facilities", "state", "open"),
    "open_gate": _Target("entrances", "state", "closed", or_unknown=False),
    "close_gate": _Target("entrances", "state", "open"),
    "fit_elevator": _Target("units", "has_lift", value=False),
}


@dataclass(frozen=True, slots=True)
class Remedy:
    """
    Something that can be done by places on the map.

    Attributes
    ----------
    least, most : int
        How many places it takes.
    changes : sequence of str
        What it may do to the row nearest to the first place, one of `candidates`; none where it
        adds a row.
    """

    least: int = 1
    most: int = 1
    changes: Sequence[str] = ()


REMEDIES: Final[Mapping[str, Remedy]] = {
    "add_facility": Remedy(),
    "close_facility": Remedy(changes=("close_facility",)),
    "move_facility": Remedy(2, 2, ("move_facility",)),
    "turn_gate": Remedy(changes=("open_gate", "close_gate")),
    "fit_elevator": Remedy(changes=("fit_elevator",)),
    "add_walkway": Remedy(2, 200),
}
"""Remedies by name, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class Placed:
    """
    A remedy and the places it was given.

    Attributes
    ----------
    remedy : str
        One of `REMEDIES`.
    places : sequence of tuple of float
        Longitude and latitude [degree], or easting and northing [m], of `crs`.
    within_m : float
        How far from a place the row may be that is meant, or the walkway that a line joins [m].
    kind : str, default ""
        Of a new facility, one of `layers.facilities.KINDS`.
    sizes : mapping of str to float
        Of a new facility: ``floor_area_m2`` [m2] and ``capacity``; what is not named is unknown.
    crs : pyproj.CRS, default EPSG:4490
        Of the places.
    """

    remedy: str
    places: Sequence[tuple[float, float]]
    within_m: float
    kind: str = ""
    sizes: Mapping[str, float] = field(default_factory=dict)
    crs: CRS = STORAGE_CRS


def layer_of(change: str) -> str:
    """Return the layer whose rows a change is for, e.g. ``"units"`` for ``"fit_elevator"``."""
    return _TARGETS[change].layer


def candidates(district: District, change: str) -> gpd.GeoDataFrame:
    """
    Return the rows that a change is for.

    Parameters
    ----------
    district : District
        With the rows, in its working CRS.
    change : str
        ``close_facility``, ``move_facility``, ``open_gate``, ``close_gate`` or ``fit_elevator``.
    """
    target = _TARGETS[change]
    frame = district[target.layer]
    values = frame[target.column]
    return frame[values.eq(target.value).where(values.notna(), target.or_unknown).astype(bool)]


def free_key(district: District, layer: str, head: str) -> str:
    """Return a key that no row of the layer has: `head`, a hyphen and the least number."""
    taken = set(district[layer][district.spec(layer).key])
    return next(key for n in range(1, len(taken) + 2) if (key := f"{head}-{n}") not in taken)


def remedies_for(rule_id: str, book: Book) -> list[tuple[str, str]]:
    """
    Return the remedies that may close a gap of a rule: those that change what the rule reads.

    Returns
    -------
    list of tuple of str
        Name and kind of a new facility, "" for other remedies. An open gate and a new path shorten
        walks, so both are remedies of rules that look for facilities.
    """
    rule = book.by_id[rule_id]
    reads = MEASURES[rule.measure.by].reads(rule, book)
    kinds = {kind for read in reads if read.layer == "facilities" for kind in read.kinds}
    found = [("add_facility", kind) for kind in KINDS if kind in kinds]
    if found and any(read.layer == "walkways" for read in reads):
        found += [("turn_gate", ""), ("add_walkway", "")]
    if any(read.layer == "units" and "has_lift" in read.columns for read in reads):
        found.append(("fit_elevator", ""))
    return found


def move_at(district: District, placed: Placed) -> Move:
    """
    Return the move that a remedy at places means.

    Parameters
    ----------
    district : District
        As it is when the remedy is tried.
    placed : Placed
        The remedy and its places.

    Raises
    ------
    DataError
        If there is no such remedy or kind, the number of places is wrong, a place is outside the
        district, no row that the remedy would change is near enough, or a line crosses itself or is
        too long.
    CrsError
        If no exact transformation leads to the working CRS.
    """
    remedy = REMEDIES.get(placed.remedy)
    if remedy is None or (placed.remedy == "add_facility" and placed.kind not in KINDS):
        raise DataError("no such remedy", "没有这种措施")
    if not remedy.least <= len(placed.places) <= remedy.most:
        raise DataError(
            f"{len(placed.places)} places given; {remedy.least} to {remedy.most} expected",
            f"给出 {len(placed.places)} 个位置，应为 {remedy.least} 至 {remedy.most} 个",
        )
    places = _inside(district, placed)
    here = {"crs": district.crs.to_string()}
    if placed.remedy == "add_facility":
        return _new_facility(district, placed, places[0]) | here
    if placed.remedy == "add_walkway":
        return _new_walkway(district, places, placed.within_m) | here
    change, key = _nearest(district, remedy, places[0], placed.within_m)
    if change == "move_facility":
        to = {"type": "Point", "coordinates": [places[1].x, places[1].y]}
        return {"do": "move", "layer": layer_of(change), "key": key, "geometry": to} | here
    return {"do": change, "key": key}


def _inside(district: District, placed: Placed) -> list[shapely.Point]:
    """Return the places in the working CRS; raise DataError if one is outside the district."""
    together = in_working_crs(district, shapely.MultiPoint(placed.places), placed.crs)
    places = [shapely.Point(x, y) for x, y in shapely.get_coordinates(together)]
    drawn = [shapely.box(*district[name].total_bounds) for name in _FRAME if len(district[name])]
    if drawn:
        ground = shapely.box(*shapely.total_bounds(drawn)).buffer(_MARGIN_M)
        if not shapely.contains(ground, places).all():
            raise DataError("the place is outside the district", "该位置不在本区范围内")
    return places


def _new_facility(district: District, placed: Placed, place: shapely.Point) -> Move:
    return {
        "do": "add_facility",
        "key": free_key(district, "facilities", "NEW"),
        "kind": placed.kind,
        "at": [place.x, place.y],
        "cells": {name: placed.sizes[name] for name in SIZES if name in placed.sizes},
    }


def _new_walkway(district: District, places: Sequence[shapely.Point], within_m: float) -> Move:
    """Return the move of a walkway whose ends join the walkways that they are near."""
    ends = [_on_walkway(district, place, within_m) for place in (places[0], places[-1])]
    line = shapely.LineString([ends[0], *places[1:-1], ends[1]])
    if not line.is_simple or shapely.is_closed(line):
        raise DataError("the line crosses or meets itself", "所画的线自相交或首尾相接")
    if not 0 < line.length <= _LONGEST_WALKWAY_M:
        raise DataError(
            f"the line is {line.length:,.0f} m long; at most {_LONGEST_WALKWAY_M:,.0f} m expected",
            f"所画的线长 {line.length:,.0f} m，应不超过 {_LONGEST_WALKWAY_M:,.0f} m",
        )
    key = free_key(district, "walkways", "NEW")
    return {"do": "add_walkway", "key": key, "line": [list(xy) for xy in line.coords]}


def _on_walkway(district: District, place: shapely.Point, within_m: float) -> shapely.Point:
    """Return the nearest place of a walkway within reach, else the place itself."""
    ways = district["walkways"].geometry
    _, near = ways.sindex.nearest(place, max_distance=within_m)
    if not len(near):
        return place
    nearest = ways.iloc[near.min()]
    return shapely.Point(shapely.get_coordinates(shapely.shortest_line(place, nearest))[1])


def _nearest(
    district: District, remedy: Remedy, place: shapely.Point, within_m: float
) -> tuple[str, str]:
    """Return what is done to which row: the nearest that one of the remedy's changes is for."""
    found: list[tuple[float, str, str]] = []
    for change in remedy.changes:
        rows = candidates(district, change)
        distance_m = rows.distance(place).to_numpy()
        if len(rows) and distance_m.min() <= within_m:
            key = rows[district.spec(layer_of(change)).key].iloc[int(distance_m.argmin())]
            found.append((float(distance_m.min()), change, str(key)))
    if not found:
        spec = district.spec(layer_of(remedy.changes[0]))
        raise DataError(
            f"none of the {spec.label_en} within {within_m:.0f} m can be changed so",
            f"{within_m:.0f} m 内没有可作此调整的{spec.label_zh}",
        )
    _, change, key = min(found)
    return change, key
