"""
The district's features by layer and theme as plain arrays, built once a booklet.

A booklet asks for the same few themes on a hundred pages; slicing data frames each time would cost
more than drawing them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.paths import path_of
from atlas.view import Bounds, MapView
from geo.arrays import ObjectArray
from layers.district import District
from layers.style import Theme

_VIEWS_KEPT = 6
"""Views kept in the cache: the sheets of an estate share two."""

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
        """Return the geometries and the printable columns of a frame, None for missing values."""
        columns = {
            name: frame[name].astype(object).where(frame[name].notna(), None).to_numpy(object)
            for name in _SHOWN
            if name in frame
        }
        return cls(np.asarray(frame.geometry.array, dtype=object), columns)

    def __len__(self) -> int:
        """Return the number of features."""
        return len(self.shapes)

    @cached_property
    def path(self) -> str:
        """PDF path operators of the shapes, which must be in millimetres on paper."""
        return path_of(self.shapes)

    def take(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> "Features":
        """Return the features at `which`, a mask of shape (n,) or positions of shape (m,)."""
        return Features(self.shapes[which], {name: v[which] for name, v in self.columns.items()})

    def placed(self, shapes: ObjectArray) -> "Features":
        """Return the features with other geometries, shape (n,)."""
        return Features(shapes, self.columns)

    def numbers(self, column: str) -> NDArray[np.float64]:
        """Return a column as numbers, shape (n,), NaN where missing."""
        return np.array([np.nan if v is None else float(v) for v in self.columns[column]], float)


@dataclass
class ViewFeatures:
    """What one view shows: rows and paper shapes by layer, features by theme and estate."""

    layers: dict[str, tuple[NDArray[np.intp], ObjectArray]] = field(default_factory=dict)
    themes: dict[tuple[str, str], Features] = field(default_factory=dict)


@dataclass(frozen=True)
class FeatureSource:
    """
    The features of a district by layer and theme.

    What a view shows is clipped and put on paper once: the sheets of an estate share their view.
    """

    district: District

    @cached_property
    def _layers(self) -> dict[str, tuple[Features, shapely.STRtree]]:
        return {}

    @cached_property
    def _wanted(self) -> dict[str, NDArray[np.bool_]]:
        return {}

    @cached_property
    def _views(self) -> dict[MapView, ViewFeatures]:
        return {}

    def layer(self, name: str) -> tuple[Features, shapely.STRtree]:
        """Return all features of a layer [m, working CRS] and a spatial index of their shapes."""
        if name not in self._layers:
            features = Features.of(self.district[name])
            self._layers[name] = features, shapely.STRtree(features.shapes)
        return self._layers[name]

    def near(self, theme: Theme, estate_id: str, bounds: Bounds) -> Features:
        """
        Return the features of a theme near a sheet.

        Parameters
        ----------
        theme : Theme
            Its `scope` says which estates count.
        estate_id : str
            Estate of the sheet, "" on general sheets.
        bounds : tuple of float
            West, south, east, north [m], working CRS.

        Returns
        -------
        Features
            Whole geometries [m] whose bounds meet `bounds`.
        """
        features, tree = self.layer(theme.layer)
        found = np.sort(tree.query(shapely.box(*bounds)))
        return features.take(found[self._belongs(theme, estate_id, found)])

    def seen(self, theme: Theme, estate_id: str, view: MapView) -> Features:
        """Return the features of a theme inside `view`, clipped, on paper [mm]; see `near`."""
        shown = self._features_in(view)
        if (theme.key, estate_id) not in shown.themes:
            features, _ = self.layer(theme.layer)
            rows, paper = self._on_paper(theme.layer, view, shown.layers)
            own = self._belongs(theme, estate_id, rows)
            shown.themes[theme.key, estate_id] = features.take(rows[own]).placed(paper[own])
        return shown.themes[theme.key, estate_id]

    def _features_in(self, view: MapView) -> ViewFeatures:
        while len(self._views) >= _VIEWS_KEPT and view not in self._views:
            del self._views[next(iter(self._views))]
        return self._views.setdefault(view, ViewFeatures())

    def _on_paper(
        self, name: str, view: MapView, known: dict[str, tuple[NDArray[np.intp], ObjectArray]]
    ) -> tuple[NDArray[np.intp], ObjectArray]:
        """Return which rows of a layer a view shows, and their shapes, cut to it, on paper."""
        if name not in known:
            features, tree = self.layer(name)
            rows = np.sort(tree.query(view.window))
            cut = shapely.clip_by_rect(features.shapes[rows], *view.bounds)
            kept = ~(shapely.is_missing(cut) | shapely.is_empty(cut))
            known[name] = rows[kept], view.to_paper(cut[kept])
        return known[name]

    def _belongs(self, theme: Theme, estate_id: str, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return which rows are the theme's and of the estates its scope takes in."""
        if theme.key not in self._wanted:
            self._wanted[theme.key] = theme.rows(self.district[theme.layer])
        wanted = self._wanted[theme.key][rows]
        estates = self.layer(theme.layer)[0].columns.get("estate_id")
        if theme.scope == "all" or estates is None:
            return wanted
        own = estates[rows] == estate_id
        return np.asarray(wanted & (own if theme.scope == "estate" else ~own), dtype=bool)
