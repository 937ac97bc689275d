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
from numpy.typing import NDArray

from layers.district import District

_NEAR_M = 15.0  # half the widest crown looked for beyond an estate's edge


def shade(district: District, growing: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Measure the shade of every estate.

    Parameters
    ----------
    district : District
        Its walkways, trees and estates.
    growing : geopandas.GeoDataFrame
        Of `greening.plants.plants`: the crowns of the plantings [m].

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
        now, then = _Crowns(standing), _Crowns(coming)
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

    def __init__(self, plants: gpd.GeoDataFrame) -> None:
        self._trunks = np.asarray(plants.geometry.array, dtype=object)
        self._radius = plants["crown_m"].to_numpy(dtype=np.float64, na_value=math.nan) / 2.0
        self._tree = shapely.STRtree(self._trunks)

    def over(self, path: shapely.Geometry) -> tuple[NDArray[np.object_], int]:
        """Return the known crowns near a path, and how many are unknown."""
        near = self._tree.query(path, predicate="dwithin", distance=_NEAR_M)
        is_known = ~np.isnan(self._radius[near])
        known = near[is_known]
        return shapely.buffer(self._trunks[known], self._radius[known]), int((~is_known).sum())


def _shaded(
    path: shapely.Geometry, now: _Crowns, then: _Crowns
) -> tuple[float, float, float, float]:
    crowns, unseen = now.over(path)
    coming, unnamed = then.over(path)
    every = np.concatenate([crowns, coming])
    before = _under(path, crowns, is_blind=bool(unseen))
    return (
        float(shapely.length(path)),
        before,
        _under(path, every, is_blind=bool(unseen + unnamed)),
        unseen + unnamed,
    )


def _under(path: shapely.Geometry, crowns: NDArray[np.object_], *, is_blind: bool) -> float:
    """Return how much of a path lies under crowns [m]; NaN where there are some, none known."""
    if is_blind and not len(crowns):
        return math.nan
    return float(shapely.length(shapely.intersection(path, shapely.union_all(crowns))))
