"""
Stock: the district's features sorted by theme, once a booklet, as plain arrays.

A booklet asks for the same few themes on a hundred pages; slicing data frames each time would cost
more than drawing them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.themes import Theme
from atlas.view import Bounds
from layers.district import District

ObjectArray = NDArray[np.object_]

_SHOWN = (
    "estate_id",
    "building_id",
    "name",
    "kind",
    "storeys",
    "households",
    "structure",
    "built_year",
    "diameter_mm",
    "material",
    "depth_m",
    "width_m",
    "crown_m",
    "spaces",
)
"""Columns that a map or its labels may show."""


@dataclass(frozen=True)
class Features:
    """
    Some features of one layer.

    Attributes
    ----------
    shapes : ndarray of shapely.Geometry
        Their geometry.
    columns : mapping of str to ndarray of object
        Columns; None where a value was never surveyed.
    """

    shapes: ObjectArray
    columns: Mapping[str, ObjectArray]

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame) -> "Features":
        """Take the columns that may be shown out of a frame."""
        columns = {
            name: frame[name].astype(object).where(frame[name].notna(), None).to_numpy(object)
            for name in _SHOWN
            if name in frame
        }
        return cls(np.asarray(frame.geometry.array, dtype=object), columns)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.shapes)

    def take(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> "Features":
        """Return some of them."""
        return Features(self.shapes[which], {name: v[which] for name, v in self.columns.items()})

    def placed(self, shapes: ObjectArray) -> "Features":
        """Return them with other geometries."""
        return Features(shapes, self.columns)

    def numbers(self, column: str) -> NDArray[np.float64]:
        """Return a column as numbers, NaN where unknown."""
        return np.array([np.nan if v is None else float(v) for v in self.columns[column]], float)


@dataclass(frozen=True)
class Stock:
    """The features of a district by theme."""

    district: District

    @cached_property
    def _themed(self) -> dict[str, tuple[Features, shapely.STRtree]]:
        return {}

    def of(self, theme: Theme) -> tuple[Features, shapely.STRtree]:
        """Return all features of a theme and a tree to find them by place."""
        if theme.key not in self._themed:
            features = Features.of(theme.rows(self.district[theme.layer]))
            self._themed[theme.key] = features, shapely.STRtree(features.shapes)
        return self._themed[theme.key]

    def near(self, theme: Theme, estate_id: str, bounds: Bounds) -> Features:
        """Return a theme's features that meet `bounds` and belong on the sheet of `estate_id`."""
        features, tree = self.of(theme)
        found = features.take(np.sort(tree.query(shapely.box(*bounds))))
        if theme.scope == "all" or "estate_id" not in found.columns:
            return found
        own = found.columns["estate_id"] == estate_id
        return found.take(own if theme.scope == "estate" else ~own)
