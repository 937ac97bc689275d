"""
Situation: a district on the day it is judged, and what measures ask of it again and again.

Rows of a layer with the estate they belong to, the unit doors where walks begin, who lives behind
them, and walks and pairs searched once for each set of facility kinds.
"""

from collections.abc import Hashable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import layers
from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from geo.catchment import Nearest, Pairs, nearest_routes, pairs_within, walking_distance
from geo.network import Snap
from layers.district import District
from layers.standalone import doorsteps
from rules.doors import Doors, Dwellings, find_doors
from rules.model import Book
from rules.people import settled
from rules.rows import Rows

_NOT_SERVING = ("closed", "planned")
_WITH_KINDS = ("facilities", "parking")


class Situation:
    """A district, a book and a day, with everything that more than one rule asks for."""

    def __init__(self, district: District, book: Book, as_of: date) -> None:
        self.district = district
        self.book = book
        self.as_of = as_of
        self._cache: dict[Any, Any] = {}

    @cached_property
    def size(self) -> int:
        """The number of estates."""
        return len(self.district["estates"])

    @cached_property
    def outlines(self) -> ObjectArray:
        """The estates' outlines."""
        return np.asarray(self.district["estates"].geometry.array, dtype=object)

    def rows(self, layer: str, kinds: tuple[str, ...] = ()) -> Rows:
        """Return the rows of a layer, of some kinds; closed and planned facilities are left out."""
        key = ("rows", layer, kinds)
        if key not in self._cache:
            self._cache[key] = self._rows(layer, kinds)
        rows: Rows = self._cache[key]
        return rows

    def _rows(self, layer: str, kinds: tuple[str, ...]) -> Rows:
        if kinds:
            rows = self.rows(layer)
            return rows.keep(rows.frame["kind"].isin(kinds).to_numpy(dtype=bool))
        if layer == "estates":
            return Rows(layer, self._settled[0], np.arange(self.size), self.outlines)
        frame = self.district[layer]
        rows = Rows(layer, frame, self._membership(frame), self.outlines)
        if layer not in _WITH_KINDS:
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

    @cached_property
    def _outline_tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.outlines)

    @cached_property
    def doors(self) -> Doors:
        """Where walks begin, and who lives behind."""
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

    @cached_property
    def _settled(self) -> tuple[gpd.GeoDataFrame, dict[str, BoolArray]]:
        dwellings = [self.rows("units"), self.rows("buildings")]
        counts = tuple((rows.estate, rows.numbers("households")) for rows in dwellings)
        return settled(self.district["estates"], counts, self.book.demography)

    @property
    def estimated(self) -> dict[str, BoolArray]:
        """Whether each estate's persons, and its elders, are estimated, not counted."""
        return self._settled[1]

    @cached_property
    def door_snaps(self) -> Snap:
        """The doors brought onto the walking network, once."""
        return self.district.network.snap(self.doors.points)

    @property
    def can_walk(self) -> bool:
        """Whether there are walkways to walk on."""
        return self.district.has("walkways") and len(self.district["walkways"]) > 0

    def unsurveyed(self, layer: str, kinds: Sequence[str] = ()) -> list[str]:
        """Return what of a layer nobody has looked for: ``layer`` itself, or ``layer/kind``."""
        if not self.district.has(layer):
            return [layer]
        if layer not in _WITH_KINDS:
            return []
        return [f"{layer}/{kind}" for kind in kinds if not self.district.has_kind(kind)]

    def nearest(self, key: Hashable, targets: FloatArray) -> Nearest:
        """Return every door's walk to the nearest of `targets`, searched once for each key."""
        if ("nearest", key) not in self._cache:
            self._cache["nearest", key] = walking_distance(
                self.district.network, self.door_snaps, targets
            )
        found: Nearest = self._cache["nearest", key]
        return found

    def routes(
        self, doors: IntArray, targets: FloatArray, limit_m: float | None = None
    ) -> tuple[Nearest, ObjectArray]:
        """Return the walks from chosen doors to the nearest of `targets`."""
        snaps = some(self.door_snaps, doors)
        return nearest_routes(self.district.network, snaps, targets, limit_m)

    def pairs(self, layer: str, kinds: tuple[str, ...], limit_m: float) -> Pairs:
        """Return every door and every row of some kinds within a walk of `limit_m`."""
        key = ("pairs", layer, kinds, limit_m)
        if key not in self._cache:
            self._cache[key] = pairs_within(
                self.district.network, self.door_snaps, self.places(layer, kinds), limit_m
            )
        pairs: Pairs = self._cache[key]
        return pairs

    def places(self, layer: str, kinds: tuple[str, ...]) -> FloatArray:
        """Return where people enter the rows of some kinds [m], shape (k, 2)."""
        key = ("places", layer, kinds)
        if key not in self._cache:
            self._cache[key] = self.places_of(self.rows(layer, kinds))
        places: FloatArray = self._cache[key]
        return places

    def places_of(self, rows: Rows) -> FloatArray:
        """Return where people enter: points as they are, areas beside the nearest walkway."""
        if layers.ALL[rows.layer].geometry == "Point":
            return rows.points
        walkways = np.asarray(self.district["walkways"].geometry.array, dtype=object)
        return doorsteps(rows.shapes, walkways)


def some(snaps: Snap, chosen: IntArray) -> Snap:
    """Return the snapped points at the positions `chosen`."""
    return Snap(
        snaps.edge[chosen],
        snaps.offset[chosen],
        snaps.gap[chosen],
        snaps.foot[chosen],
        snaps.point[chosen],
    )
