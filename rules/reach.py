"""
Who is within reach: the service area of an estate's gates or of a kind of facility, and who is inside.

A household is inside if the walk from its door is within the limit, as the rules measure it; the
ground drawn is the service area of the same walks.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.catchment import service_area, walking_distance
from layers.district import District

_OPEN = ("open",)


@dataclass(frozen=True, eq=False)
class Reach:
    """
    The ground within a walk, and the estates and households on it.

    Attributes
    ----------
    area : geopandas.GeoSeries
        One polygon in the working CRS, empty where nothing is reached.
    inside : pandas.DataFrame
        One row an estate with at least one door inside: estate_id, name, households (all of them),
        households_inside, nearest_m (shortest walk [m]); nearest first.
    limit_m : float
        As asked for [m].
    """

    area: gpd.GeoSeries
    inside: pd.DataFrame
    limit_m: float

    @property
    def households(self) -> float:
        """Households inside, over all estates."""
        return float(self.inside["households_inside"].sum())


def reach_of_estate(district: District, estate_id: str, limit_m: float) -> Reach:
    """Return what is within `limit_m` [m] of an estate's open gates; its doors if it has no gate."""
    gates = district["entrances"]
    mine = gates["estate_id"] == estate_id
    shut = gates["state"].fillna("open") != "open"
    places = gates[mine & ~shut].geometry
    if not len(places):
        own = doors(district)
        places = own[own["estate_id"] == estate_id].geometry
    return _reach(district, places, limit_m)


def reach_of_kind(district: District, kind: str, limit_m: float) -> Reach:
    """Return what is within `limit_m` [m] of the open facilities, or parking, of `kind`."""
    places = [
        frame[(frame["kind"] == kind) & frame["state"].fillna("open").isin(_OPEN)].geometry
        for frame in (district["facilities"], district["parking"])
    ]
    return _reach(district, gpd.GeoSeries(pd.concat(places), crs=district.crs), limit_m)


def doors(district: District) -> gpd.GeoDataFrame:
    """
    Return where each estate's walks begin: unit doors, else buildings, else gates.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns estate_id, households (NaN where not surveyed) and point geometry.
    """
    found: list[gpd.GeoDataFrame] = []
    rest = pd.Index(district["estates"]["estate_id"])
    for layer in ("units", "buildings", "entrances"):
        frame = district[layer]
        here = frame[frame["estate_id"].isin(rest)]
        count = here["households"].astype("float64") if "households" in here else np.nan
        shapes = np.asarray(here.geometry.array, dtype=object)
        points = gpd.GeoSeries(
            shapes if layer != "buildings" else shapely.centroid(shapes),
            here.index,
            crs=district.crs,
        )
        found.append(
            gpd.GeoDataFrame({"estate_id": here["estate_id"], "households": count}, geometry=points)
        )
        rest = rest.difference(here["estate_id"])
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True), crs=district.crs)


def _reach(district: District, places: gpd.GeoSeries, limit_m: float) -> Reach:
    origins = doors(district)
    nearest = walking_distance(district.network, origins.geometry, places, limit_m)
    within = np.isfinite(nearest.distance)
    reached = origins[within].assign(nearest_m=nearest.distance[within])
    inside = reached.groupby("estate_id", as_index=False).agg(
        households_inside=("households", "sum"), nearest_m=("nearest_m", "min")
    )
    estates = district["estates"][["estate_id", "name", "households"]]
    area = service_area(district.network, places, limit_m).area
    return Reach(
        area=gpd.GeoSeries([area], crs=district.crs),
        inside=estates.merge(inside, on="estate_id").sort_values("nearest_m", ignore_index=True),
        limit_m=limit_m,
    )
