"""A district as plain rows: whose each row is, where people live and what they can walk to."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from tests.second.book import Book
from tests.second.gates import Enclosure, open_walkways, ways_of
from tests.second.logic import Interval, Row
from tests.second.records import one_row_each
from tests.second.walking import Streets, Walks, Way

WALKED_TO = ("facilities", "parking", "green_space")
KEYED = {"facilities": "facility_id", "parking": "parking_id", "green_space": "green_id"}
RECORDED_TWICE = ("facilities", "parking")
LEFT_OUT = {
    "parking": "parking_surveyed",
    "green_space": "greenery_surveyed",
    "trees": "greenery_surveyed",
    "pipelines": "pipes_surveyed",
    **dict.fromkeys(
        ("paving", "walls", "poles", "overhead_lines", "fire_lanes"), "ground_surveyed"
    ),
}
NOT_SERVING = ("planned", "closed")


@dataclass(frozen=True, slots=True)
class Door:
    """Where walks begin, and who lives behind (None: nobody counted); `estate` is None outside."""

    key: tuple[str, str]
    estate: str | None
    point: shapely.Point
    people: Mapping[str, float | None]


class Home(NamedTuple):
    """A home outside every estate: where it is entered, and how many households are in it."""

    key: tuple[str, str]
    point: shapely.Point
    households: Interval


@dataclass(frozen=True)
class Town:
    """Layers as frames in metres, what was surveyed, the rulebook and the day of assessment."""

    frames: Mapping[str, gpd.GeoDataFrame]
    surveyed: Collection[str]
    surveyed_kinds: Collection[str]
    book: Book
    day: date

    @cached_property
    def estates(self) -> list[Row]:
        """The estates with their people: as counted, else added up, else estimated."""
        return [self._peopled(row) for row in _records(self.frames["estates"])]

    @cached_property
    def _all_rows(self) -> dict[str, list[Row]]:
        return {}

    def rows(self, layer: str, kinds: Collection[str] = ()) -> list[Row]:
        """Return the rows of a layer, each with its estate, without places that do not serve."""
        if layer not in self._all_rows:
            rows = [row for row in _records(self.frames[layer]) if not self._is_too_small(row)]
            placed = [self._placed(layer, row) for row in rows]
            if layer in RECORDED_TWICE:
                placed = one_row_each(placed, KEYED[layer], self._walking)
            self._all_rows[layer] = placed
        return [row for row in self._all_rows[layer] if not kinds or row["kind"] in kinds]

    def _is_too_small(self, row: Row) -> bool:
        """Return whether a facility is known to be smaller than the least size of its kind."""
        sizes = self.book.tables["least_size"].values() if "facility_id" in row else ()
        known = [(size, row[size["column"]]) for size in sizes if row["kind"] in size["kinds"]]
        return any(value is not None and value < size["least"] for size, value in known)

    def as_surveyed(self, layer: str) -> list[Row]:
        """Return the rows of a layer, the estates without what other layers know of them."""
        return self.rows(layer)

    def is_surveyed(
        self, layer: str, kinds: Collection[str] = (), estate: Row | None = None
    ) -> bool:
        """Return whether a layer, and every one of some kinds of it, was looked for (there)."""
        if estate is not None and estate.get(LEFT_OUT.get(layer, "")) is False:
            return False
        looked_for = layer not in ("facilities", "parking") or set(kinds) <= set(
            self.surveyed_kinds
        )
        return layer in self.surveyed and looked_for

    @cached_property
    def doors(self) -> list[Door]:
        """The doors of every estate: its units, else buildings, else open gates."""
        return [door for estate in self.estates for door in self._doors_of(estate)]

    @cached_property
    def homes_outside(self) -> list[Home]:
        """The homes outside every estate, and the households in them."""
        outside = [row for row in self._homes() if row["estate"] is None]
        return [
            Home(
                _key("buildings", row),
                self.bare_streets.entrance(row["geometry"]),
                self._lived_in(row),
            )
            for row in outside
        ]

    @cached_property
    def is_surveyed_outside(self) -> bool:
        """Whether anybody looked outside the estates: or each building is an estate."""
        rows = self.rows("buildings")
        estates = {row["estate_id"] for row in self.estates}
        are_estates = rows and all(row["building_id"] in estates for row in rows)
        return are_estates or any(row["estate"] is None for row in rows)

    def heads_per_household(self, demand: str) -> float:
        """Return the households, persons or elders of a household, where nobody counted."""
        persons = self._assumed("persons_per_household")
        elders = persons * self._assumed("share_60plus")
        return {"households": 1.0, "persons": persons, "elders": elders}[demand]

    @cached_property
    def streets(self) -> Streets:
        """The walkways, cut where no gate lets through."""
        opened = open_walkways(self.bare_streets.lines, self._enclosures)
        return Streets([one.line for one in opened], [one.inside for one in opened])

    @cached_property
    def bare_streets(self) -> Streets:
        """The walkways as they are drawn."""
        return Streets(self.frames["walkways"].geometry)

    @cached_property
    def can_walk(self) -> bool:
        """Whether there are walkways that somebody surveyed."""
        return self.is_surveyed("walkways") and len(self.frames["walkways"]) > 0

    def walks(self, layer: str, row: Row) -> dict[Any, float]:
        """Return the walk to a place from every door that reaches it [m], by the door's key."""
        key = layer, row[KEYED[layer]]
        if key not in self._known_walks:
            self._known_walks[key] = self._all_walks.walks_from(key)
        return self._known_walks[key]

    def is_cut_off(self, key: tuple[str, str]) -> bool:
        """Return whether no way joins a door or place to the walkways as a whole."""
        if key not in self._known_cut_off:
            cut_off_m, leg_m = self._walking["cut_off_m"], self._walking["access_leg_m"]
            self._known_cut_off[key] = not any(
                self.streets.is_connected(way, cut_off_m=cut_off_m, leg_m=leg_m)
                for way in self._ways[key]
            )
        return self._known_cut_off[key]

    def entrances(self, row: Row) -> list[shapely.Point]:
        """Return where a place is entered: at each of its points, or beside a walkway."""
        if row["geometry"].area:
            return [self._entrance(row)]
        return list(shapely.get_parts(row["geometry"]))

    @cached_property
    def _known_walks(self) -> dict[Any, dict[Any, float]]:
        return {}

    @cached_property
    def _known_cut_off(self) -> dict[tuple[str, str], bool]:
        return {}

    @cached_property
    def _all_walks(self) -> Walks:
        return Walks(self.streets, self._ways)

    @cached_property
    def _ways(self) -> dict[tuple[str, str], list[Way]]:
        """How every door, every home outside and every place is joined to the walkways."""
        ways = {
            door.key: ways_of(self.streets, door.point, door.estate, self._enclosures)
            for door in self.doors
        }
        for home in self.homes_outside:
            ways[home.key] = ways_of(self.streets, home.point, None, self._enclosures)
        for layer in WALKED_TO:
            for row in self.rows(layer):
                ways[layer, row[KEYED[layer]]] = [
                    way
                    for point in self.entrances(row)
                    for way in ways_of(
                        self.streets, point, self._enclosure_around(point), self._enclosures
                    )
                ]
        return ways

    def _enclosure_around(self, point: shapely.Point) -> str | None:
        """Return the estate with gates that a place is well inside, whosever it is."""
        around = (key for key, one in self._enclosures.items() if one.is_well_inside(point))
        return next(around, None)

    @cached_property
    def _enclosures(self) -> dict[str, Enclosure]:
        """The estates of which gates were surveyed, by their keys."""
        rows = self.rows("entrances") if self.is_surveyed("entrances") else []
        gates = [gate for gate in rows if gate["estate"] is not None]
        found = {}
        for name, outline in self._outlines.items():
            mine = [gate for gate in gates if gate["estate"] == name]
            if mine:
                found[name] = Enclosure(outline, mine, gates, self._walking["gate_m"])
        return found

    @property
    def _walking(self) -> Row:
        return self.book.tables["walking"]

    @cached_property
    def _outlines(self) -> dict[str, shapely.Polygon]:
        frame = self.frames["estates"]
        return dict(zip(frame["estate_id"], frame.geometry, strict=True))

    def _placed(self, layer: str, row: Row) -> Row:
        """Return a row with its estate and with what is measured on its shape."""
        shape, estate = row["geometry"], self._estate_of(row)
        ground = shape.intersection(self._outlines[estate]) if estate and shape.area else shape
        measured = {"area_m2": ground.area, "length_m": shape.length, "ground": ground}
        if layer == "green_space":
            measured["width_m"] = 2 * shapely.maximum_inscribed_circle(shape, 0.001).length
        return {**measured, **row, "estate": estate}

    def _estate_of(self, row: Row) -> str | None:
        if row.get("estate_id") is not None:
            return str(row["estate_id"])
        spot = shapely.point_on_surface(row["geometry"])
        return next((key for key, outline in self._outlines.items() if outline.covers(spot)), None)

    def _peopled(self, row: Row) -> Row:
        households = row["households"]
        for layer in ("units", "buildings"):
            if households is None:
                households = _total(self._households_in(layer, row["estate_id"]))
        persons = _first(row["persons"], _times(households, self._assumed("persons_per_household")))
        elders = _first(row["elders"], _times(persons, self._assumed("share_60plus")))
        people = {"households": households, "persons": persons, "elders": elders}
        measured = {"area_m2": row["geometry"].area, "perimeter_m": row["geometry"].length}
        return {**row, **people, **measured, "estate": row["estate_id"]}

    def _households_in(self, layer: str, estate: str) -> list[float | None]:
        rows = self.rows("units") if layer == "units" else self._homes()
        return [row["households"] for row in rows if row["estate"] == estate]

    def _assumed(self, name: str) -> float:
        return float(self.book.tables["demography"][name]["value"])

    def _homes(self) -> list[Row]:
        return [row for row in self.rows("buildings") if row["use"] in (None, "residential")]

    def _doors_of(self, estate: Row) -> list[Door]:
        name = estate["estate_id"]
        units = [row for row in self.rows("units") if row["estate"] == name]
        homes = [row for row in self._homes() if row["estate"] == name]
        gates = [row for row in self.rows("entrances") if row["estate"] == name]
        gates = [row for row in gates if row["state"] != "closed"]
        layer, rows = next(
            ((layer, rows) for layer, rows in (("units", units), ("buildings", homes)) if rows),
            ("entrances", gates),
        )
        counted = [row.get("households") for row in rows]
        left = _left(estate["households"], counted)
        return [self._door(estate, layer, row, _first(row.get("households"), left)) for row in rows]

    def _door(self, estate: Row, layer: str, row: Row, households: float | None) -> Door:
        rates = {"households": 1.0}
        for name in ("persons", "elders"):
            rate = _over(estate[name], estate["households"])
            rates[name] = self.heads_per_household(name) if rate is None else rate
        people = {name: _times(households, rate) for name, rate in rates.items()}
        return Door(_key(layer, row), estate["estate_id"], self._entrance(row), people)

    def _entrance(self, row: Row) -> shapely.Point:
        return self.bare_streets.entrance(row["geometry"])

    def _lived_in(self, home: Row) -> Interval:
        """Return the households of a home: as counted, else by its floor area, else any number."""
        if home["households"] is not None:
            return Interval(home["households"], home["households"])
        figure = self.book.tables["demography"]["floor_area_per_household"]
        storeys, area = home["storeys"], home["floor_area_m2"]
        if area is None and storeys is not None:
            area = home["geometry"].area * storeys
        if area is None:
            return Interval(0.0, math.inf)
        least = area / figure["most"] if home["use"] == "residential" else 0.0
        return Interval(least, area / figure["least"])


def _records(frame: gpd.GeoDataFrame) -> list[Row]:
    """Return rows as dictionaries, None where a cell is empty, without places that do not serve."""
    cells = pd.DataFrame(frame.drop(columns="geometry")).astype(object)
    cells = cells.where(cells.notna(), None).assign(geometry=list(frame.geometry))
    rows = cells.to_dict("records")
    return [row for row in rows if row.get("state") not in NOT_SERVING or "entrance_id" in row]


def _key(layer: str, row: Row) -> tuple[str, str]:
    return layer, row[
        {"units": "unit_id", "buildings": "building_id", "entrances": "entrance_id"}[layer]
    ]


def _first(one: float | None, other: float | None) -> float | None:
    return other if one is None else one


def _total(parts: list[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return math.fsum(known) if parts and len(known) == len(parts) else None


def _times(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one * other


def _over(one: float | None, other: float | None) -> float | None:
    return None if one is None or not other else one / other


def _left(total: float | None, counted: list[float | None]) -> float | None:
    """Return an even share of what an estate has beyond what was counted at its doors."""
    open_doors = counted.count(None)
    if total is None or not open_doors:
        return None
    rest = total - math.fsum(part for part in counted if part is not None)
    return max(rest, 0.0) / open_doors
