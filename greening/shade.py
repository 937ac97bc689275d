"""
Shade over paths: how much of an estate's walkways lies under crowns, now and once all has grown.

Crowns are drawn as circles seen from above (in leaf): those of the trees as surveyed, those of the
plantings as the catalogue says they will be. It is a figure to compare designs by, not a sun study.
"""

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.arrays import FloatArray
from geo.spans import length_within
from layers.district import District


def shade(district: District, growing: gpd.GeoDataFrame, crown_look_m: float) -> pd.DataFrame:
    """
    Measure the shade of every estate.

    Parameters
    ----------
    district : District
        Its walkways, trees and estates.
    growing : geopandas.GeoDataFrame
        Of `greening.plants.plants`: the crowns of the plantings [m].
    crown_look_m : float
        How far from a path a plant is near it although its crown is unknown [m].

    Returns
    -------
    pandas.DataFrame
        `estate_id`; `path_m`, the walkways inside the estate [m]; `shaded_before_m` and
        `shaded_after_m`, what of them is shaded at least [m]; `crowns_unknown`, how many plants
        nearby have no known crown and so shade nothing. NaN where walkways or trees were never
        surveyed, and, for what is shaded, where no crown nearby is known.
    """
    estates = district["estates"]
    figures = pd.DataFrame({"estate_id": estates["estate_id"]})
    found = np.full((len(estates), 4), math.nan)
    if district.has("walkways") and district.has("trees"):
        trees = district["trees"]
        standing = trees[trees["is_alive"].fillna(value=True).astype(bool)]
        coming = growing[(growing["plant_layer"] == "plantings") & (growing["kind"] == "tree")]
        now, then = _Crowns(standing, crown_look_m), _Crowns(coming, crown_look_m)
        paths = np.asarray(district["walkways"].geometry.array, dtype=object)
        tree = shapely.STRtree(paths)
        found = np.array(
            [
                _shaded(shapely.intersection(shapely.union_all(paths[tree.query(e)]), e), now, then)
                for e in estates.geometry
            ]
        ).reshape(-1, 4)
    columns = ("path_m", "shaded_before_m", "shaded_after_m", "crowns_unknown")
    return figures.assign(**dict(zip(columns, found.T, strict=True)))


class _Crowns:
    """Crowns as circles, looked up by place."""

    def __init__(self, plants: gpd.GeoDataFrame, look_m: float) -> None:
        self._centre = np.column_stack([plants.geometry.x, plants.geometry.y])
        self._radius = plants["crown_m"].to_numpy(dtype=np.float64, na_value=math.nan) / 2.0
        self._reach_m = float(np.nan_to_num(self._radius).max(initial=look_m))
        self._tree = shapely.STRtree(np.asarray(plants.geometry.array, dtype=object))

    def near(self, path: shapely.Geometry) -> tuple[FloatArray, FloatArray]:
        """Return centres, shape (c, 2), and radii, shape (c,), near a path [m]; NaN unknown."""
        near = self._tree.query(path, predicate="dwithin", distance=self._reach_m)
        return self._centre[near], self._radius[near]


def _shaded(
    path: shapely.Geometry, now: _Crowns, then: _Crowns
) -> tuple[float, float, float, float]:
    standing, coming = now.near(path), then.near(path)
    every = np.concatenate([standing[0], coming[0]]), np.concatenate([standing[1], coming[1]])
    return (
        float(shapely.length(path)),
        _under(path, *standing),
        _under(path, *every),
        float(np.isnan(every[1]).sum()),
    )


def _under(path: shapely.Geometry, centre: FloatArray, radius: FloatArray) -> float:
    """Return how much of a path lies under crowns [m]; NaN where there are some, none known."""
    known = ~np.isnan(radius)
    if len(known) and not known.any():
        return math.nan
    return length_within(path, centre[known], radius[known])
