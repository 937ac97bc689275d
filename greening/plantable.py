"""
Plantable ground: the part of a site on which a plant of some kind passes the check.

A keep-out zone is a polygon drawn around an obstacle; it always contains the exact zone, so ground
outside it always passes. It is wider than the exact one by about one part in ninety: that covers
the arcs (chords, drawn outside) and the shallow bends that GEOS straightens before it buffers.
Zones only propose ground: what decides is `greening.check`, which measures.
"""

import math
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from geo.clearance import FloatArray, ShapeArray
from layers.district import District

_ARC_SEGMENTS = 16  # chords of a quarter circle
_STRAIGHTENED = 0.01  # of the distance: how far GEOS may cut a shallow bend
_GRID_M = 1e-3  # ten times the grid of working coordinates


@dataclass(frozen=True, slots=True)
class Habit:
    """
    What of a plant decides where it may stand.

    Attributes
    ----------
    kind : {"tree", "shrub"}
        Which column of the clearance tables applies.
    crown_m, height_m : float
        Mature crown width and height [m], NaN unknown.
    """

    kind: str
    crown_m: float = math.nan
    height_m: float = math.nan


def keep_out_m(around: gpd.GeoDataFrame, habit: Habit, look_m: float) -> FloatArray:
    """
    Return how far from each obstacle's geometry a plant must stand to pass without a doubt.

    Parameters
    ----------
    around : geopandas.GeoDataFrame
        k obstacles.
    habit : Habit
        The plant.
    look_m : float
        What an unsure obstacle keeps clear beyond its requirement [m].

    Returns
    -------
    ndarray of float64, shape (k,)
        Half width, requirement, crown and survey accuracy [m]; NaN where nothing is required.
    """
    required = around[f"{habit.kind}_m"].to_numpy(dtype=np.float64)
    counts_crown = around["counts_crown"].to_numpy(dtype=bool)
    crown = np.where(counts_crown, np.nan_to_num(habit.crown_m) / 2.0, 0.0)
    doubtful = around["is_unsure"].to_numpy(dtype=bool) | (counts_crown & math.isnan(habit.crown_m))
    accuracy = around["accuracy_m"].to_numpy(dtype=np.float64)
    doubt = np.where(doubtful, np.fmax(accuracy, look_m), np.nan_to_num(accuracy))
    below = (around["height_m"] - habit.height_m - around["vertical_m"] >= 0).to_numpy()
    distance = around["half_width_m"].to_numpy() + required + crown + doubt
    return np.where(below & ~doubtful, np.nan, distance)


def zones(around: gpd.GeoDataFrame, habit: Habit, look_m: float) -> ShapeArray:
    """Return each obstacle's keep-out zone, shape (k,): a polygon, empty where none is required."""
    distance = keep_out_m(around, habit, look_m)
    wider = (distance * (1.0 + _STRAIGHTENED) + _GRID_M) / math.cos(math.pi / 4 / _ARC_SEGMENTS)
    shapes = np.asarray(around.geometry.array, dtype=object)
    drawn = shapely.buffer(shapes, np.nan_to_num(wider), quad_segs=_ARC_SEGMENTS)
    drawn[np.isnan(distance)] = shapely.Polygon()
    return np.asarray(drawn, dtype=object)


def covered(district: District) -> ShapeArray:
    """Return what covers the ground: buildings, paving (else walkways by width), fire ground."""
    paths = district["walkways"]
    paths = paths[paths["width_m"].notna()]
    strips = shapely.buffer(
        np.asarray(paths.geometry.array, dtype=object), paths["width_m"].to_numpy() / 2.0
    )
    surfaces = [
        np.asarray(district[layer].geometry.array, dtype=object)
        for layer in ("buildings", "paving", "fire_lanes")
    ]
    return np.concatenate([*surfaces, *(() if district.has("paving") else (strips,))])


class Ground:
    """The sites of a district and what takes ground from them; looked up site by site."""

    def __init__(self, district: District, around: gpd.GeoDataFrame, look_m: float) -> None:
        self._sites = district["greening_sites"].set_index("site_id").geometry
        self.around, self.look_m = around, look_m
        self._tree = shapely.STRtree(np.asarray(around.geometry.array, dtype=object))
        self._covered = covered(district)
        self._over = shapely.STRtree(self._covered)
        self._zones: dict[Habit, tuple[ShapeArray, shapely.STRtree]] = {}
        self._found: dict[tuple[str, Habit], shapely.Geometry] = {}

    def has(self, site_id: object) -> bool:
        """Return whether the site is known."""
        return site_id in self._sites.index

    def plantable(self, site_id: str, habit: Habit) -> shapely.Geometry:
        """Return where in the site a plant of `habit` passes: a MultiPolygon, may be empty."""
        key = (site_id, habit)
        if key not in self._found:
            self._found[key] = self._cut(self._sites.loc[site_id], habit)
        return self._found[key]

    def _near(self, habit: Habit) -> gpd.GeoDataFrame:
        """Return the obstacles whose zones may reach a site."""
        widest = float(np.nanmax(keep_out_m(self.around, habit, self.look_m), initial=0.0))
        found = self._tree.query(
            np.asarray(self._sites.array, dtype=object), predicate="dwithin", distance=2 * widest
        )
        return self.around.iloc[np.unique(found[1])]

    def _cut(self, site: shapely.Geometry, habit: Habit) -> shapely.Geometry:
        if habit not in self._zones:
            drawn = zones(self._near(habit), habit, self.look_m)
            self._zones[habit] = (drawn, shapely.STRtree(drawn))
        drawn, tree = self._zones[habit]
        takers = np.concatenate([drawn[tree.query(site)], self._covered[self._over.query(site)]])
        return polygons_of(shapely.difference(site, shapely.union_all(takers)))


def polygons_of(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the surfaces of `shape` alone, dropping stray lines and points."""
    parts = shapely.get_parts(shape)
    surfaces = parts[shapely.get_dimensions(parts) == 2]  # noqa: PLR2004 - surfaces
    found: shapely.Geometry = shapely.multipolygons(surfaces)
    return found


def plantable_sites(district: District, ground: Ground, habit: Habit) -> gpd.GeoDataFrame:
    """
    Return the plantable ground of every site.

    Parameters
    ----------
    district : District
        Its `greening_sites`.
    ground : Ground
        Of the same district.
    habit : Habit
        The plant.

    Returns
    -------
    geopandas.GeoDataFrame
        `site_id`, `estate_id`, `area_m2`, `plantable_m2`, `plantable_share`; the ground as
        geometry, empty where nothing may stand.
    """
    sites = district["greening_sites"]
    shapes = [ground.plantable(site_id, habit) for site_id in sites["site_id"]]
    area = sites.geometry.area
    found = gpd.GeoDataFrame(
        sites[["site_id", "estate_id"]].assign(area_m2=area),
        geometry=gpd.GeoSeries(shapes, index=sites.index, crs=district.crs, dtype=object),
        crs=district.crs,
    )
    found["plantable_m2"] = found.geometry.area
    found["plantable_share"] = found["plantable_m2"] / found["area_m2"]
    return found
