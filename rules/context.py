"""
Evaluation context: a district on the day it is judged, and what measures ask of it again and again.

Rows of a layer with the estate they belong to, the unit doors where walks begin, who lives behind
them and who lives outside the estates; `rules.walking` searches in it. What was found is found once
and survives an edit that touches nothing it was found from.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.arrays import BoolArray, IntArray, ObjectArray
from layers.district import District
from layers.estates import SURVEYED_WITH
from rules.doors import Doors, Dwellings, find_doors
from rules.gates import Gates
from rules.model import Book
from rules.outside import Outside, find_outside
from rules.people import settled
from rules.places import serving_places
from rules.reads import (
    DOORS,
    ESTATES,
    NETWORK,
    OUTSIDE,
    WITH_STATE,
    Reads,
    Touched,
    every_column,
    rows_read,
)
from rules.rows import Rows
from rules.truth import Truth

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Found:
    """Something found in a district, and what it was found from."""

    value: Any
    reads: Reads


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

    def once(self, key: Hashable, reads: Reads, find: Callable[[], _T]) -> _T:
        """Return what `find` finds by `reads`; it is called once for each key."""
        if key not in self._found:
            self.keep(key, reads, find())
        value: _T = self._found[key].value
        return value

    def keep(self, key: Hashable, reads: Reads, value: object) -> None:
        """Keep under `key` what was found by `reads`, in place of what was kept before."""
        self._found[key] = _Found(value, reads)

    def kept(self, key: Hashable) -> Any | None:  # noqa: ANN401 - whatever was kept
        """Return what is kept under `key`, None if there is nothing."""
        found = self._found.get(key)
        return None if found is None else found.value

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
        return self.once(("rows", layer, kinds), reads, lambda: self._rows(layer, kinds))

    def _rows(self, layer: str, kinds: tuple[str, ...]) -> Rows:
        if kinds:
            rows = self.rows(layer)
            return rows.keep(rows.column("kind").isin(kinds).to_numpy(dtype=bool))
        if layer == "estates":
            return Rows(layer, self._settled[0], np.arange(self.size), self.outlines)
        frame = self.district[layer]
        estate = self.once(("estate", layer), rows_read(layer), lambda: self._membership(frame))
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
        return self.once(("outline tree",), ESTATES, lambda: shapely.STRtree(self.outlines))

    @property
    def doors(self) -> Doors:
        """Where walks begin, and who lives behind."""
        return self.once(("doors",), DOORS, self._find_doors)

    def _find_doors(self) -> Doors:
        return find_doors(
            Dwellings(
                estates=self.rows("estates"),
                units=self.rows("units"),
                buildings=self.rows("buildings"),
                gates=self.rows("entrances"),
                walkways=self.walkways,
                persons_per_household=self.book.demography["persons_per_household"].value,
                share_60plus=self.book.demography["share_60plus"].value,
            )
        )

    @property
    def _settled(self) -> tuple[gpd.GeoDataFrame, dict[str, BoolArray]]:
        return self.once(("people",), every_column("estates"), self._settle)

    def _settle(self) -> tuple[gpd.GeoDataFrame, dict[str, BoolArray]]:
        dwellings = [self.rows("units"), self.rows("buildings")]
        counts = tuple((rows.estate, rows.numbers("households")) for rows in dwellings)
        return settled(self.district["estates"], counts, self.book.demography)

    @property
    def estimated(self) -> dict[str, BoolArray]:
        """Whether each estate's persons, and its elders, are estimated, not counted."""
        return self._settled[1]

    @property
    def walkways(self) -> ObjectArray:
        """The lines of the walkways, shape (w,)."""
        return np.asarray(self.district["walkways"].geometry.array, dtype=object)

    @property
    def gates(self) -> Gates:
        """The surveyed entrances of the estates; none where nobody surveyed entrances."""
        return self.once(("gates",), NETWORK, self._find_gates)

    def _find_gates(self) -> Gates:
        rows = self.rows("entrances")
        known = rows.keep(np.full(len(rows), self.district.has("entrances"), dtype=bool))
        return Gates.of(known, self.book.walking.gate_m)

    @property
    def outside(self) -> Outside:
        """Who lives outside every estate."""
        return self.once(
            ("outside",),
            OUTSIDE,
            lambda: find_outside(self.district, self.rows("buildings"), self.book.demography),
        )

    def heads_per_household(self, demand: str) -> float:
        """Return how many ``households``, ``persons`` or ``elders`` a household has."""
        persons = self.book.demography["persons_per_household"].value
        elders = persons * self.book.demography["share_60plus"].value
        return {"households": 1.0, "persons": persons, "elders": elders}[demand]

    def left_out(self, layer: str) -> BoolArray:
        """Return the estates in which nobody looked for a layer, shape (n,)."""
        column = SURVEYED_WITH.get(layer)
        if column is None:
            return np.zeros(self.size, dtype=np.bool_)
        return Truth.flags(self.district["estates"][column]).no

    def unsurveyed(self, layer: str, kinds: Sequence[str] = ()) -> list[str]:
        """Return what of a layer is not surveyed anywhere: ``layer``, or ``layer/kind``."""
        if not self.district.has(layer):
            return [layer]
        if layer not in WITH_STATE:
            return []
        return [f"{layer}/{kind}" for kind in kinds if not self.district.has_kind(kind)]
