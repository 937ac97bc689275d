"""
Evaluation context: a district on the day it is judged, and what measures ask of it again and again.

Rows of a layer with the estate they belong to, the unit doors where walks begin, who lives behind
them, and walks and pairs searched once for each set of facility kinds. What was found survives an
edit that touches nothing it was found from.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import layers
from geo.access import Access, Starts, shortest_pairs
from geo.arrays import BoolArray, IntArray, ObjectArray
from geo.catchment import (
    Nearest,
    Pairs,
    nearest_routes,
    pairs_again,
    pairs_within,
    route_set,
    walking_distance,
)
from geo.network import WalkNetwork
from geo.route_set import RouteSet
from layers.district import District
from layers.standalone import doorsteps
from rules.doors import Doors, Dwellings, find_doors
from rules.gates import Gates, gated_network, starts_of
from rules.grammar import Clause, columns_of
from rules.model import Book
from rules.outside import Outside, find_outside
from rules.people import settled
from rules.places import serving_places
from rules.reads import (
    DOORS,
    ESTATES,
    NETWORK,
    OUTSIDE,
    WALKWAYS,
    WITH_STATE,
    Reads,
    Touched,
    every_column,
    rows_read,
)
from rules.rows import Rows

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Found:
    """Something found in a district, and what it was found from."""

    value: Any
    reads: Reads


@dataclass(frozen=True, slots=True)
class _Walked:
    """The routes from some starts of walks, and the positions of those starts."""

    starts: IntArray
    routes: RouteSet


class EvaluationContext:
    """
    A district of n estates, a book and a day, with everything that more than one rule asks for.

    Parameters
    ----------
    district : District
        What was surveyed.
    book : Book
        What it is held against.
    as_of : datetime.date
        The day of assessment.
    """

    def __init__(self, district: District, book: Book, as_of: date) -> None:
        self.district = district
        self.book = book
        self.as_of = as_of
        self._found: dict[Hashable, _Found] = {}

    def after(self, district: District, touched: Touched) -> "EvaluationContext":
        """
        Return the context of a district after an edit, with all that the edit leaves as it was.

        Parameters
        ----------
        district : District
            The district after the edit.
        touched : Touched
            What the edit touches.
        """
        context = EvaluationContext(district, self.book, self.as_of)
        context._found = {
            key: found
            for key, found in list(self._found.items())  # another thread may be adding to it
            if not touched.meets(found.reads)
        }
        return context

    def on(self, as_of: date) -> "EvaluationContext":
        """Return the same context on another day; what is found on one serves all."""
        context = EvaluationContext(self.district, self.book, as_of)
        context._found = self._found
        return context

    def _once(self, key: Hashable, reads: Reads, find: Callable[[], _T]) -> _T:
        """Return what `find` finds by `reads`; it is called once for each key."""
        if key not in self._found:
            self._found[key] = _Found(find(), reads)
        value: _T = self._found[key].value
        return value

    @property
    def size(self) -> int:
        """The number of estates."""
        return len(self.district["estates"])

    @property
    def outlines(self) -> ObjectArray:
        """The estates' outlines, shape (n,)."""
        return np.asarray(self.district["estates"].geometry.array, dtype=object)

    def rows(self, layer: str, kinds: tuple[str, ...] = ()) -> Rows:
        """Return the rows of a layer, of some kinds; of facilities and parking, the places."""
        reads = every_column(layer, kinds)
        return self._once(("rows", layer, kinds), reads, lambda: self._rows(layer, kinds))

    def _rows(self, layer: str, kinds: tuple[str, ...]) -> Rows:
        if kinds:
            rows = self.rows(layer)
            return rows.keep(rows.frame["kind"].isin(kinds).to_numpy(dtype=bool))
        if layer == "estates":
            return Rows(layer, self._settled[0], np.arange(self.size), self.outlines)
        frame = self.district[layer]
        estate = self._once(("estate", layer), rows_read(layer), lambda: self._membership(frame))
        rows = Rows(layer, frame, estate, self.outlines)
        if layer not in WITH_STATE:
            return rows
        places = serving_places(layer, frame, self.book.least_size, self.book.walking)
        if len(places) == len(frame):
            return rows
        return Rows(layer, places, estate[frame.index.get_indexer(places.index)], self.outlines)

    def _membership(self, frame: gpd.GeoDataFrame) -> IntArray:
        """Return the estate named, else the one in whose outline the row stands, else -1."""
        if "estate_id" not in frame:
            return np.full(len(frame), -1, dtype=np.int64)
        keys = pd.Index(self.district["estates"]["estate_id"])
        estate = np.asarray(keys.get_indexer(frame["estate_id"]), dtype=np.int64)
        unsaid = np.flatnonzero(frame["estate_id"].isna().to_numpy())
        if len(unsaid) and self.size:
            places = shapely.point_on_surface(
                np.asarray(frame.geometry.array, dtype=object)[unsaid]
            )
            found, where = self._outline_tree.query(places, predicate="within")
            estate[unsaid[found]] = where
        return estate

    @property
    def _outline_tree(self) -> shapely.STRtree:
        return self._once(("outline tree",), ESTATES, lambda: shapely.STRtree(self.outlines))

    @property
    def doors(self) -> Doors:
        """Where walks begin, and who lives behind."""
        return self._once(("doors",), DOORS, self._find_doors)

    def _find_doors(self) -> Doors:
        return find_doors(
            Dwellings(
                estates=self.rows("estates"),
                units=self.rows("units"),
                buildings=self.rows("buildings"),
                gates=self.rows("entrances"),
                walkways=self._walkways,
                persons_per_household=self.book.demography["persons_per_household"].value,
                share_60plus=self.book.demography["share_60plus"].value,
            )
        )

    @property
    def _settled(self) -> tuple[gpd.GeoDataFrame, dict[str, BoolArray]]:
        return self._once(("people",), every_column("estates"), self._settle)

    def _settle(self) -> tuple[gpd.GeoDataFrame, dict[str, BoolArray]]:
        dwellings = [self.rows("units"), self.rows("buildings")]
        counts = tuple((rows.estate, rows.numbers("households")) for rows in dwellings)
        return settled(self.district["estates"], counts, self.book.demography)

    @property
    def estimated(self) -> dict[str, BoolArray]:
        """Whether each estate's persons, and its elders, are estimated, not counted."""
        return self._settled[1]

    @property
    def gates(self) -> Gates:
        """The surveyed entrances of the estates; none where nobody surveyed entrances."""
        return self._once(("gates",), NETWORK, self._find_gates)

    def _find_gates(self) -> Gates:
        rows = self.rows("entrances")
        known = rows.keep(np.full(len(rows), self.district.has("entrances"), dtype=bool))
        return Gates.of(known, self.book.walking.gate_m)

    @property
    def network(self) -> WalkNetwork:
        """The walking network, cut where an outline is crossed without an open gate."""
        return self._once(
            ("network",),
            NETWORK,
            lambda: gated_network(self.district.network, self._walkways, self.gates),
        )

    @property
    def _walkways(self) -> ObjectArray:
        return np.asarray(self.district["walkways"].geometry.array, dtype=object)

    @property
    def starts(self) -> Starts:
        """Where the walks from the doors begin on the network."""
        return self._once(
            ("starts",),
            DOORS | NETWORK,
            lambda: starts_of(self.network, self.doors.points, self.doors.estate, self.gates),
        )

    @property
    def outside(self) -> Outside:
        """Who lives outside every estate."""
        return self._once(
            ("outside",),
            OUTSIDE,
            lambda: find_outside(self.district, self.rows("buildings"), self.book.demography),
        )

    def heads_per_household(self, demand: str) -> float:
        """Return how many ``households``, ``persons`` or ``elders`` a household has."""
        persons = self.book.demography["persons_per_household"].value
        elders = persons * self.book.demography["share_60plus"].value
        return {"households": 1.0, "persons": persons, "elders": elders}[demand]

    def connected(self, starts: Starts) -> BoolArray:
        """Return which origins are connected to the network at one of their starts, shape (k,)."""
        walking = self.book.walking
        reached = self.network.is_connected(
            starts.snap, cut_off_m=walking.cut_off_m, access_leg_m=walking.access_leg_m
        )
        return np.bincount(starts.origin, weights=reached) > 0

    def connected_places(self, layer: str, kinds: tuple[str, ...]) -> BoolArray:
        """Return which rows of some kinds are connected to the network, shape (r,)."""

        def find() -> BoolArray:
            access = self.access(layer, kinds)
            starts = Starts(self.network.snap(access.point), access.place)
            reached = np.zeros(len(self.rows(layer, kinds)), dtype=bool)
            reached[np.unique(access.place)] = self.connected(starts)[np.unique(access.place)]
            return reached

        return self._once(("connected", layer, kinds), NETWORK | rows_read(layer, kinds), find)

    @property
    def cut_off(self) -> BoolArray:
        """Which doors are not connected to the network, shape (k,)."""
        return self._once(("cut off",), DOORS | NETWORK, lambda: ~self.connected(self.starts))

    @property
    def can_walk(self) -> bool:
        """Whether there are walkways to walk on."""
        return self.district.has("walkways") and len(self.district["walkways"]) > 0

    def unsurveyed(self, layer: str, kinds: Sequence[str] = ()) -> list[str]:
        """Return what of a layer nobody has looked for: ``layer`` itself, or ``layer/kind``."""
        if not self.district.has(layer):
            return [layer]
        if layer not in WITH_STATE:
            return []
        return [f"{layer}/{kind}" for kind in kinds if not self.district.has_kind(kind)]

    def nearest(
        self,
        layer: str,
        kinds: tuple[str, ...],
        where: tuple[Clause, ...],
        chosen: IntArray,
        *,
        include_unknown: bool,
    ) -> Nearest:
        """
        Return every door's walk to the nearest of some rows, searched once for each choice.

        Parameters
        ----------
        layer, kinds, where
            Which rows are meant.
        chosen : ndarray of int64, shape (c,)
            Positions, among the rows of `kinds`, of those of which `where` holds.
        include_unknown : bool
            Whether `chosen` has the rows of which `where` may hold.
        """
        return self._once(
            ("nearest", layer, kinds, where, include_unknown),
            DOORS | NETWORK | rows_read(layer, kinds, columns_of(where)),
            lambda: self._nearest(self.access(layer, kinds).take(chosen)),
        )

    def _nearest(self, access: Access) -> Nearest:
        starts = self.starts
        found = walking_distance(self.network, starts.snap, access.point)
        witness = np.append(access.place, -1)[found.witness]
        best = starts.shortest(found.distance, witness)
        return Nearest(found.distance[best], witness[best])

    def routes(
        self, name: Hashable, doors: IntArray, access: Access
    ) -> tuple[IntArray, ObjectArray]:
        """
        Return the walks from chosen doors to the nearest of some places, those kept from before.

        Parameters
        ----------
        name : hashable
            What the walks are wanted for; under it they are remembered over an edit.
        doors : ndarray of int64, shape (d,)
            Positions in `doors`.
        access : Access
            How the places are entered.

        Returns
        -------
        places : ndarray of int64, shape (d,)
            The place at which each walk ends, -1 where there is none.
        routes : ndarray of LineString or None, shape (d,)
        """
        starts, chosen = self.starts.of(doors)
        former = self._found.get(("routes", name))
        place = np.full(len(self.starts.snap), -1, dtype=np.int64)
        if former is not None:
            place[former.value.starts] = np.arange(len(former.value.starts))
        nearest, routes = route_set(
            self.network,
            starts.snap,
            access.point,
            former=None if former is None else former.value.routes,
            same=place[chosen],
        )
        if routes is None:
            return np.full(len(doors), -1), np.full(len(doors), None, dtype=object)
        self._found["routes", name] = _Found(_Walked(chosen, routes), DOORS | NETWORK)
        witness = np.append(access.place, -1)[nearest.witness]
        best = starts.shortest(nearest.distance, witness)
        return witness[best], self._from_doors(doors, routes.lines[best])

    def _from_doors(self, doors: IntArray, lines: ObjectArray) -> ObjectArray:
        """Return routes with the way from the door before those that begin at a gate."""
        drawn = np.flatnonzero(~shapely.is_missing(lines))
        points = self.doors.points[doors[drawn]]
        first = shapely.get_coordinates(shapely.get_point(lines[drawn], 0))
        moved = (first != points).any(axis=1)
        whole = lines.copy()
        for at, point in zip(drawn[moved].tolist(), points[moved], strict=True):
            whole[at] = shapely.linestrings([point, *shapely.get_coordinates(lines[at])])
        return whole

    def walk(self, door: int, access: Access, limit_m: float) -> shapely.LineString | None:
        """
        Return the walk from a door to a place, None if it is longer than `limit_m`.

        Parameters
        ----------
        door : int
            Position in `doors`.
        access : Access
            How the place is entered.
        limit_m : float
            How far to look [m].
        """
        chosen = np.array([door])
        starts, _ = self.starts.of(chosen)
        nearest, lines = nearest_routes(self.network, starts.snap, access.point, limit_m)
        best = starts.shortest(nearest.distance, nearest.witness)
        line: shapely.LineString | None = self._from_doors(chosen, lines[best])[0]
        return line

    def pairs(self, layer: str, kinds: tuple[str, ...], limit_m: float) -> Pairs:
        """Return every door and every row of some kinds within a walk of `limit_m`."""
        return self._once(
            ("pairs", layer, kinds, limit_m),
            DOORS | NETWORK | rows_read(layer, kinds),
            lambda: self._pairs("doors", self.starts, layer, kinds, limit_m),
        )

    def pairs_outside(self, layer: str, kinds: tuple[str, ...], limit_m: float) -> Pairs:
        """Return every home outside the estates and every row of some kinds within `limit_m`."""
        return self._once(
            ("pairs outside", layer, kinds, limit_m),
            OUTSIDE | NETWORK | rows_read(layer, kinds),
            lambda: self._pairs("outside", self._outside_starts, layer, kinds, limit_m),
        )

    @property
    def _outside_starts(self) -> Starts:
        """Where the walks from the homes outside the estates begin."""

        def find() -> Starts:
            snap = self.network.snap_outlines(self.outside.homes.shapes)
            return Starts(snap, np.arange(len(snap)))

        return self._once(("outside starts",), OUTSIDE | NETWORK, find)

    def _pairs(
        self, name: str, starts: Starts, layer: str, kinds: tuple[str, ...], limit_m: float
    ) -> Pairs:
        """Search from the points that no search before an edit has started from."""
        access = self.access(layer, kinds)
        key = ("searched", name, layer, kinds, limit_m)
        former = self._found.get(key)
        if former is None:
            pairs = pairs_within(self.network, starts.snap, access.point, limit_m)
        else:
            pairs = pairs_again(self.network, starts.snap, access.point, limit_m, *former.value)
        reads = (DOORS if name == "doors" else OUTSIDE) | NETWORK
        self._found[key] = _Found((access.point, pairs), reads)
        return shortest_pairs(pairs, starts.origin, access.place)

    def access(self, layer: str, kinds: tuple[str, ...]) -> Access:
        """Return how people enter the rows of some kinds."""
        return self._once(
            ("access", layer, kinds),
            WALKWAYS | rows_read(layer, kinds),
            lambda: self.access_of(self.rows(layer, kinds)),
        )

    def access_of(self, rows: Rows) -> Access:
        """Return how people enter: at every point, or areas beside the nearest walkway."""
        if layers.ALL[rows.layer].geometry == "Point":
            return Access.of(rows.shapes)
        return Access(doorsteps(rows.shapes, self._walkways), np.arange(len(rows)))
