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
from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from geo.catchment import (
    Nearest,
    Pairs,
    nearest_routes,
    pairs_again,
    pairs_within,
    route_set,
    walking_distance,
)
from geo.network import Snap
from geo.route_set import RouteSet
from layers.district import District
from layers.standalone import doorsteps
from rules.doors import Doors, Dwellings, find_doors
from rules.grammar import Clause, columns_of
from rules.model import Book
from rules.people import settled
from rules.reads import (
    DOORS,
    ESTATES,
    WALKWAYS,
    WITH_STATE,
    Reads,
    Touched,
    every_column,
    rows_read,
)
from rules.rows import Rows

_NOT_SERVING = ("closed", "planned")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Found:
    """Something found in a district, and what it was found from."""

    value: Any
    reads: Reads


@dataclass(frozen=True, slots=True)
class _Walked:
    """The routes from some doors, and the positions of those doors."""

    doors: IntArray
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
        """Return the rows of a layer, of some kinds; closed and planned facilities are left out."""
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
        # A place whose state nobody wrote down is recorded because it is there: it counts as open.
        return rows.keep(~frame["state"].isin(_NOT_SERVING).to_numpy(dtype=bool))

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
                walkways=np.asarray(self.district["walkways"].geometry.array, dtype=object),
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
    def door_snaps(self) -> Snap:
        """The doors brought onto the walking network, once."""
        return self._once(
            ("door snaps",), DOORS, lambda: self.district.network.snap(self.doors.points)
        )

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
            DOORS | rows_read(layer, kinds, columns_of(where)),
            lambda: walking_distance(
                self.district.network, self.door_snaps, self.places(layer, kinds)[chosen]
            ),
        )

    def routes(
        self, name: Hashable, doors: IntArray, targets: FloatArray
    ) -> tuple[Nearest, ObjectArray]:
        """
        Return the walks from chosen doors to the nearest of `targets`, those it had before as such.

        Parameters
        ----------
        name : hashable
            What the walks are wanted for; under it they are remembered over an edit.
        doors : ndarray of int64, shape (d,)
            Positions in `doors`.
        targets : ndarray of float64, shape (t, 2)
            Easting and northing [m].
        """
        starts = self.door_snaps.take(doors)
        former = self._found.get(("routes", name))
        if former is None:
            nearest, routes = route_set(self.district.network, starts, targets)
        else:
            place = np.full(len(self.door_snaps), -1, dtype=np.int64)
            place[former.value.doors] = np.arange(len(former.value.doors))
            nearest, routes = route_set(
                self.district.network,
                starts,
                targets,
                former=former.value.routes,
                same=place[doors],
            )
        if routes is None:
            return nearest, np.full(len(doors), None, dtype=object)
        self._found["routes", name] = _Found(_Walked(doors, routes), DOORS)
        return nearest, routes.lines

    def walk(self, door: int, target: FloatArray, limit_m: float) -> shapely.LineString | None:
        """
        Return the walk from a door to a place, None if it is longer than `limit_m`.

        Parameters
        ----------
        door : int
            Position in `doors`.
        target : ndarray of float64, shape (2,)
            Easting and northing [m].
        limit_m : float
            How far to look [m].
        """
        start = self.door_snaps.take(np.array([door]))
        line: shapely.LineString | None = nearest_routes(
            self.district.network, start, target, limit_m
        )[1][0]
        return line

    def pairs(self, layer: str, kinds: tuple[str, ...], limit_m: float) -> Pairs:
        """Return every door and every row of some kinds within a walk of `limit_m`."""
        return self._once(
            ("pairs", layer, kinds, limit_m),
            DOORS | rows_read(layer, kinds),
            lambda: self._pairs(layer, kinds, limit_m),
        )

    def _pairs(self, layer: str, kinds: tuple[str, ...], limit_m: float) -> Pairs:
        """Search from the places that no search before an edit has started from."""
        network, places = self.district.network, self.places(layer, kinds)
        key = ("searched", layer, kinds, limit_m)
        former = self._found.get(key)
        if former is None:
            pairs = pairs_within(network, self.door_snaps, places, limit_m)
        else:
            pairs = pairs_again(network, self.door_snaps, places, limit_m, *former.value)
        self._found[key] = _Found((places, pairs), DOORS)
        return pairs

    def places(self, layer: str, kinds: tuple[str, ...]) -> FloatArray:
        """Return where people enter the rows of some kinds [m], shape (k, 2)."""
        return self._once(
            ("places", layer, kinds),
            WALKWAYS | rows_read(layer, kinds),
            lambda: self.places_of(self.rows(layer, kinds)),
        )

    def places_of(self, rows: Rows) -> FloatArray:
        """Return where people enter: points as they are, areas beside the nearest walkway."""
        if layers.ALL[rows.layer].geometry == "Point":
            return rows.points
        walkways = np.asarray(self.district["walkways"].geometry.array, dtype=object)
        return doorsteps(rows.shapes, walkways)
