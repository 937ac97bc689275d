"""
Who is within reach: the service area of gates or of a kind of facility, and who is inside.

A household is inside if the walk from its door is within the limit, as the rules measure it; the
ground drawn is the service area of the same walks.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

import layers
from geo.arrays import IntArray
from geo.catchment import service_area, walking_distance
from geo.network import Snap
from rules import walking
from rules.context import EvaluationContext


@dataclass(frozen=True, eq=False)
class WithinReach:
    """
    The ground within a walk, and the estates and households on it.

    Attributes
    ----------
    area : geopandas.GeoSeries
        One polygon in the working CRS, empty where nothing is reached.
    inside : pandas.DataFrame
        One row an estate with a door inside: ``estate_id``, ``name``, ``households`` (of the whole
        estate) and ``households_inside`` (NaN where nobody counted), ``nearest_m`` (the shortest
        walk); nearest first.
    limit_m : float
        As asked for [m].
    """

    area: gpd.GeoSeries
    inside: pd.DataFrame
    limit_m: float

    @property
    def households(self) -> float:
        """Households inside, over all estates that were counted."""
        return float(self.inside["households_inside"].sum())


def reach_of_estate(context: EvaluationContext, estate_id: str, limit_m: float) -> WithinReach:
    """
    Return what is within `limit_m` [m] of an estate's open gates; of its doors if it has none.

    Parameters
    ----------
    context : EvaluationContext
        The district.
    estate_id : str
        One of its estates; any other reaches nothing.
    limit_m : float
        The walk [m].
    """
    ids = context.district["estates"]["estate_id"].to_numpy(dtype=object)
    mine = np.flatnonzero(ids == estate_id)
    gates = context.rows("entrances")
    closed = gates.has_code("state", "closed")
    points = gates.keep(np.isin(gates.estate, mine) & ~closed).points
    if not len(points):
        points = context.doors.points[np.isin(context.doors.estate, mine)]
    return _reach(context, walking.network(context).snap(points), limit_m)


def reach_of_kind(context: EvaluationContext, kind: str, limit_m: float) -> WithinReach:
    """
    Return what is within `limit_m` [m] of the facilities, or the parking, of a kind.

    Parameters
    ----------
    context : EvaluationContext
        The district; what is closed or planned serves nobody, and what serves its own estate alone
        is left out.
    kind : str
        A kind of `layers.facilities` or `layers.parking`; any other reaches nothing.
    limit_m : float
        The walk [m].
    """
    ends = [
        walking.access(context, layer, (kind,)).take(_for_everyone(context, layer, kind)).snap
        for layer in ("facilities", "parking")
        if kind in (layers.ALL[layer].column("kind").codes or {})
    ]
    nowhere = walking.network(context).snap(np.empty((0, 2)))
    return _reach(context, Snap.joined([nowhere, *ends]), limit_m)


def _for_everyone(context: EvaluationContext, layer: str, kind: str) -> IntArray:
    """Return the positions of the places that are not known to be private."""
    return np.flatnonzero(~context.rows(layer, (kind,)).is_private)


def _reach(context: EvaluationContext, ends: Snap, limit_m: float) -> WithinReach:
    network, starts = walking.network(context), walking.starts(context)
    doors = context.doors
    walks = walking_distance(network, starts.snap, ends, limit_m)
    distance = walks.distance[starts.shortest(walks.distance, walks.witness)]
    within = np.isfinite(distance) & (doors.estate >= 0)
    reached = pd.DataFrame(
        {
            "row": doors.estate[within],
            "households_inside": doors.households[within],
            "nearest_m": distance[within],
        }
    ).groupby("row")
    inside = pd.DataFrame(
        {
            "households_inside": reached["households_inside"].sum(min_count=1),
            "nearest_m": reached["nearest_m"].min(),
        }
    )
    estates = context.district["estates"][["estate_id", "name", "households"]]
    area = service_area(network, ends, limit_m).area
    return WithinReach(
        area=gpd.GeoSeries([area], crs=context.district.crs),
        inside=estates.join(inside, how="inner").sort_values("nearest_m", ignore_index=True),
        limit_m=limit_m,
    )
