"""Rows: a layer's rows, the estate each belongs to, and what is measured on their geometry."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import layers
from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from layers.pipelines import PIPES
from rules.selection import Clause, columns_of
from rules.truth import Truth
from rules.verdict import holds
from wording import Language, in_language, numbered

UNDATED = np.iinfo(np.int64).min
"""Stands for no date, as NaT does."""

_CHINESE = re.compile("[一-鿿]")
_WIDTH_M = 1e-3  # to which clear widths are searched; they are then rounded to the centimetre


def names_of(layer: str, rows: gpd.GeoDataFrame, language: Language) -> ObjectArray:
    """
    Return what people call rows of a layer; their kind and key where they have no name.

    English says of what kind a thing is whose name is Chinese.

    Parameters
    ----------
    layer : str
        Name of the layer.
    rows : geopandas.GeoDataFrame, n rows
        Rows of that layer.
    language : {"zh", "en"}
        Of the kind, and of names that are mere numbers (`wording.numbered`).

    Returns
    -------
    ndarray of object, shape (n,)
    """
    spec = layers.ALL[layer]
    unnamed = rows[spec.key].to_numpy(dtype=object)
    codes = {column.name: column.codes for column in spec.columns}.get("kind")
    kinds = np.full(len(rows), "", dtype=object)
    if codes:
        called = in_language(PIPES if layer == "pipelines" else codes, language)
        kinds = (rows["kind"].astype(object).map(called).fillna("") + " ").to_numpy(dtype=object)
    name = rows["name"] if "name" in rows else pd.Series(None, index=rows.index, dtype=object)
    told = [
        _of_kind(numbered(own, language), kind, language) if known else kind + key
        for own, known, kind, key in zip(name, name.notna(), kinds, unnamed, strict=True)
    ]
    return np.array(told, dtype=object)


def _of_kind(name: str, kind: str, language: Language) -> str:
    """Return a name, in English after what it is the name of where it cannot be read."""
    return kind + name if language == "en" and _CHINESE.search(name) else name


@lru_cache(maxsize=4096)
def _day(text: str) -> int:
    """Return a date in ISO 8601 in days since 1970; `UNDATED` for any other text."""
    try:
        return (date.fromisoformat(text) - date(1970, 1, 1)).days
    except ValueError:
        return UNDATED


@dataclass(frozen=True, eq=False)
class Rows:
    """
    Rows of a layer and the estate each belongs to.

    Attributes
    ----------
    layer : str
        Name of the layer.
    source : geopandas.GeoDataFrame, m rows
        The layer, or a part of it.
    estate : ndarray of int64, shape (n,)
        Position of the estate, -1 for none.
    estates : ndarray of geometry
        Outlines of all estates.
    place : ndarray of int64, shape (n,), or None
        Positions of the rows in `source`; None for all of it. Only the columns that are asked for
        are taken there.
    whole : Rows or None
        All rows of `source`, of which these are some; None where these are all.
    """

    layer: str
    source: gpd.GeoDataFrame
    estate: IntArray
    estates: ObjectArray
    place: IntArray | None = None
    whole: "Rows | None" = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.estate)

    def keep(self, mask: BoolArray) -> "Rows":
        """Return the rows at which `mask`, shape (n,), is true."""
        return self.at(np.flatnonzero(mask), self.estate[mask])

    def at(self, places: IntArray, estate: IntArray) -> "Rows":
        """Return the rows at positions `places`, each for the estate that it serves."""
        place = places if self.place is None else self.place[places]
        whole = self if self.whole is None else self.whole
        return Rows(self.layer, self.source, estate, self.estates, place, whole)

    @cached_property
    def ids(self) -> ObjectArray:
        """Keys of the rows."""
        return self.column(layers.ALL[self.layer].key).to_numpy(dtype=object)

    @cached_property
    def shapes(self) -> ObjectArray:
        """Geometries of the rows."""
        shapes: ObjectArray = np.asarray(self.source.geometry.array, dtype=object)
        return shapes if self.place is None else shapes[self.place]

    @cached_property
    def points(self) -> FloatArray:
        """Easting and northing of the rows of a point layer [m], shape (n, 2): one point each."""
        return shapely.get_coordinates(shapely.point_on_surface(self.shapes)).reshape(-1, 2)

    @cached_property
    def days(self) -> IntArray:
        """Dates of the data, in days since 1970, shape (n,); `UNDATED` where nobody wrote one."""
        if self.whole is not None:  # texts are read once for all selections of rows
            return self.whole.days[self.place]
        codes, dates = pd.factorize(self.column("source_date").array)
        days = [_day(text) for text in dates.tolist()]
        return np.array([*days, UNDATED], dtype=np.int64)[codes]

    @cached_property
    def is_private(self) -> BoolArray:
        """Which rows serve their own estate alone for sure, shape (n,); none where nobody says."""
        if "is_public" not in self.source:
            return np.zeros(len(self), dtype=np.bool_)
        return Truth.flags(self.column("is_public")).no

    def column(self, name: str) -> pd.Series:
        """
        Return a column, measured on the geometry where the layer has none of that name.

        It is read once and shared, as all frames are: do not write to it.

        Raises
        ------
        KeyError
            If it is neither a column nor ``length_m``, ``perimeter_m``, ``width_m``, ``area_m2``.
        """
        if name not in self._columns:
            self._columns[name] = self._read(name)
        return self._columns[name]

    @cached_property
    def _columns(self) -> dict[str, pd.Series]:
        return {}

    def _read(self, name: str) -> pd.Series:
        if name not in self.source:
            return pd.Series(self._measured(name))
        cells = self.source[name].array
        return pd.Series(cells if self.place is None else cells.take(self.place), name=name)

    def numbers(self, name: str) -> FloatArray:
        """Return a numeric column, NaN where unknown."""
        return self.column(name).to_numpy(dtype=np.float64, na_value=np.nan)

    def has_code(self, name: str, code: str) -> BoolArray:
        """Return which rows are known to have a code in a column, shape (n,)."""
        return (self.column(name) == code).to_numpy(dtype=bool, na_value=False)

    def table(self, names: Sequence[str]) -> pd.DataFrame:
        """Return several columns, rows numbered from 0."""
        columns = {name: self.column(name) for name in names}
        return pd.DataFrame(columns, index=pd.RangeIndex(len(self)))

    def holds(self, clauses: Sequence[Clause]) -> Truth:
        """Ask of every row whether all clauses hold."""
        return holds(self.table(columns_of(tuple(clauses))), clauses)

    def _measured(self, name: str) -> FloatArray:
        if name == "length_m":
            return np.asarray(shapely.length(self.shapes))
        if name == "perimeter_m":
            return np.asarray(shapely.length(shapely.boundary(self.shapes)))
        if name == "width_m":
            radius = shapely.length(shapely.maximum_inscribed_circle(self.shapes, _WIDTH_M))
            return np.round(2 * radius, 2)
        if name != "area_m2":
            raise KeyError(f"{self.layer} has no column {name}")
        ground = self.shapes.copy()
        inside = self.estate >= 0
        if self.layer != "estates":
            ground[inside] = shapely.intersection(ground[inside], self.estates[self.estate[inside]])
        return np.asarray(shapely.area(ground))
