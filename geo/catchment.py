"""
Catchments: how far it is on foot to the nearest facility, and which way.

A walk is the straight access leg from the origin to the nearest edge, the way along the network,
and the straight access leg to the facility. A place is unreachable (inf, -1) when no way exists or
it is farther than the limit. All facilities are searched from at once, never one origin at a time.
"""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from geo.arrays import FloatArray, IntArray, ObjectArray
from geo.errors import CrsError, DataError
from geo.network import Snap, WalkNetwork
from geo.pairs import Pairs, pairs_between
from geo.route_set import RouteSet
from geo.runs import equal_entries
from geo.search import Reach, Tree, search
from geo.service_area import ServiceArea, area_of

__all__ = [
    "Nearest",
    "Pairs",
    "Places",
    "ServiceArea",
    "nearest_routes",
    "pairs_within",
    "route",
    "service_area",
    "walking_distance",
]

Places = FloatArray | ObjectArray | gpd.GeoDataFrame | gpd.GeoSeries | Snap
"""Coordinates of shape (n, 2), points, or points snapped before, in the network's CRS."""


@dataclass(frozen=True, eq=False)
class Nearest:
    """
    The nearest facility of every origin.

    Attributes
    ----------
    distance : ndarray of float64, shape (n,)
        Walk with both access legs [m]; inf where unreachable.
    witness : ndarray of int64, shape (n,)
        Index of the facility; -1 where unreachable.
    """

    distance: FloatArray
    witness: IntArray


def walking_distance(
    network: WalkNetwork, origins: Places, facilities: Places, limit_m: float | None = None
) -> Nearest:
    """
    Measure each origin's walk along the network to its nearest facility.

    Parameters
    ----------
    network : WalkNetwork
        The walkways.
    origins : Places, n of them
        Where walks begin.
    facilities : Places, k of them
        Where they may end.
    limit_m : float, optional
        Walks longer than this count as unreachable [m], which shortens the search.

    Returns
    -------
    Nearest
        Distance and facility; of several equally near the same one is named every time.

    Raises
    ------
    DataError
        If a point has no finite coordinates or is none, or the limit is negative.
    CrsError
        If a frame or series of points is not in the network's CRS.
    """
    return _nearest(network, origins, facilities, limit_m)[0]


def nearest_routes(
    network: WalkNetwork, origins: Places, facilities: Places, limit_m: float | None = None
) -> tuple[Nearest, ObjectArray]:
    """
    Measure as `walking_distance` does, and return every route from the same one search.

    Parameters
    ----------
    network, origins, facilities, limit_m
        As for `walking_distance`: n origins, k facilities, limit [m].

    Returns
    -------
    nearest : Nearest
        Distance and facility of every origin.
    routes : ndarray of LineString or None, shape (n,)
        From origin to facility, as long as the distance; None where unreachable.

    Raises
    ------
    DataError, CrsError
        As from `walking_distance`.
    """
    nearest, routes = route_set(network, origins, facilities, limit_m)
    none = np.full(len(nearest.distance), None, dtype=object)
    return nearest, none if routes is None else routes.lines


def route_set(
    network: WalkNetwork,
    origins: Places,
    facilities: Places,
    limit_m: float | None = None,
    *,
    former: RouteSet | None = None,
    same: IntArray | None = None,
) -> tuple[Nearest, RouteSet | None]:
    """
    Return as `nearest_routes` does, with what a later search needs to draw only what differs.

    Parameters
    ----------
    network, origins, facilities, limit_m
        As for `walking_distance`: n origins, k facilities, limit [m].
    former : RouteSet, optional
        Routes of another search on the same network; those that are the same are not drawn again.
    same : ndarray of int64, shape (n,), optional
        Position of each origin among those of `former`, -1 for one that it does not have.

    Returns
    -------
    nearest : Nearest
        Distance and facility of every origin.
    routes : RouteSet or None
        None where nothing can be reached at all.
    """
    nearest, walk = _nearest(network, origins, facilities, limit_m)
    if walk is None:
        return nearest, None
    tree, start, reach = walk
    found = np.flatnonzero(nearest.witness >= 0)
    return nearest, RouteSet.drawn(tree, start, reach, found, former, same)


def route(
    network: WalkNetwork, origin: FloatArray, facility: FloatArray
) -> shapely.LineString | None:
    """
    Return the shortest walk from one point to another, access legs included.

    Parameters
    ----------
    network : WalkNetwork
        The walkways.
    origin, facility : ndarray of float64, shape (2,)
        Easting and northing [m], in the network's CRS.

    Returns
    -------
    shapely.LineString or None
        From origin to facility, in the network's CRS; None where there is no way.

    Raises
    ------
    DataError
        If a point has no finite coordinates.
    """
    line: shapely.LineString | None = nearest_routes(network, origin, facility)[1][0]
    return line


def pairs_within(
    network: WalkNetwork, origins: Places, facilities: Places, limit_m: float
) -> Pairs:
    """
    Return every origin and facility whose walk is no longer than `limit_m`.

    Parameters
    ----------
    network : WalkNetwork
        The walkways.
    origins, facilities : Places
        Where walks begin and may end.
    limit_m : float
        The catchment [m].

    Returns
    -------
    Pairs
        In ascending order of origin, then facility.

    Raises
    ------
    DataError
        If a point has no finite coordinates or is none, or the limit is negative.
    CrsError
        If a frame or series of points is not in the network's CRS.
    """
    limit_m = _checked_limit(limit_m)
    start, goal = _snapped(network, origins), _snapped(network, facilities)
    return pairs_between(network, start, goal, limit_m)


def pairs_again(
    network: WalkNetwork,
    origins: Snap,
    facilities: Snap,
    limit_m: float,
    former_facilities: Snap,
    former: Pairs,
) -> Pairs:
    """
    Return what `pairs_within` does, searching only from facilities that are new.

    Parameters
    ----------
    network : WalkNetwork
        The walkways.
    origins : Snap
        The same as when `former` was searched.
    facilities, former_facilities : Snap, k and j points
        Where walks may end, now and when `former` was searched.
    limit_m : float
        The catchment [m], the same as then.
    former : Pairs
        What `pairs_within` returned then.
    """
    if max(len(facilities), len(former_facilities)) > len(origins):
        return pairs_within(network, origins, facilities, limit_m)  # searched from the other side
    at = {end: place for place, end in enumerate(former_facilities.ends())}
    known = np.array([at.get(end, -1) for end in facilities.ends()], dtype=np.int64)
    new = np.flatnonzero(known < 0)
    found = pairs_within(network, origins, facilities.take(new), limit_m)
    # The pairs of each known facility stand together once they are sorted by facility.
    order = np.argsort(former.facility, kind="stable")
    still, entry = equal_entries(former.facility[order], known)
    old = order[entry]
    origin = np.concatenate([former.origin[old], found.origin])
    facility = np.concatenate([still, new[found.facility]])
    distance = np.concatenate([former.distance[old], found.distance])
    order = np.lexsort((facility, origin))
    return Pairs(origin[order], facility[order], distance[order])


def service_area(
    network: WalkNetwork, facilities: Places, limit_m: float, *, width_m: float = 20.0
) -> ServiceArea:
    """
    Return the ground from which the nearest facility is no farther than `limit_m` on foot.

    Parameters
    ----------
    network : WalkNetwork
        The walkways.
    facilities : Places
        Where walks end.
    limit_m : float
        The catchment [m], the facility's access leg included.
    width_m : float, default 20.0
        How far ground may lie from a reached walkway [m].

    Returns
    -------
    ServiceArea
        The reached pieces of edges, cut exactly where the walk reaches the limit, and the ground
        within `width_m` of them that has no unreached walkway nearer: from nowhere in it is the
        walk longer than ``limit_m + width_m``.

    Raises
    ------
    DataError
        If the limit is negative, the width is not above zero, or a point has no finite coordinates.
    CrsError
        If a frame or series of points is not in the network's CRS.
    """
    limit_m = _checked_limit(limit_m)
    if not 0 < width_m < np.inf:
        raise DataError(
            f"service area: width {width_m} m; expected a width above 0",
            f"服务区：宽度 {width_m} 米；应大于 0",
        )
    return area_of(network, _snapped(network, facilities), limit_m, width_m)


def _nearest(
    network: WalkNetwork, origins: Places, facilities: Places, limit_m: float | None
) -> tuple[Nearest, tuple[Tree, Snap, Reach] | None]:
    """Return the answer and, unless nothing is reachable at all, the search behind it."""
    limit_m = _checked_limit(limit_m)
    start, goal = _snapped(network, origins), _snapped(network, facilities)
    if len(network.lines) == 0 or len(goal) == 0:
        return Nearest(np.full(len(start), np.inf), np.full(len(start), -1, dtype=np.int64)), None
    tree = search(network, goal, limit_m)
    reach = tree.reach(start.edge, start.offset)
    distance = reach.distance + start.gap
    reached = np.isfinite(distance) & (distance <= limit_m)
    nearest = Nearest(np.where(reached, distance, np.inf), np.where(reached, reach.witness, -1))
    return nearest, (tree, start, reach)


def _snapped(network: WalkNetwork, places: Places) -> Snap:
    if isinstance(places, Snap):
        return places
    if isinstance(places, (gpd.GeoDataFrame, gpd.GeoSeries)):
        _require_same_crs(places.crs, network)
        places = np.asarray(places.geometry.array, dtype=object)
    points = _coordinates(np.asarray(places))
    broken = ~np.isfinite(points).all(axis=1)
    if broken.any():
        row = int(np.flatnonzero(broken)[0])
        raise DataError(
            f"point {row} has no finite coordinates; expected easting and northing in metres",
            f"第 {row} 个点没有有效坐标；应为以米为单位的东、北坐标",
        )
    return network.snap(points)


def _coordinates(places: npt.NDArray[Any]) -> FloatArray:
    """Return points as rows of easting and northing; what is no point has none (NaN)."""
    if places.dtype == object:
        places = np.stack([shapely.get_x(places), shapely.get_y(places)], axis=-1)
    if places.size and places.shape != (2,) and (places.ndim, places.shape[-1]) != (2, 2):
        raise DataError(
            f"points of shape {places.shape}; expected (n, 2), easting and northing in metres",
            f"点坐标的形状为 {places.shape}；应为 (n, 2)，即以米为单位的东、北坐标",
        )
    return places.astype(np.float64).reshape(-1, 2)


def _require_same_crs(crs: CRS | None, network: WalkNetwork) -> None:
    """Refuse points of another CRS; a series that declares none is taken at its word."""
    if crs is not None and crs != network.crs:
        raise CrsError(
            f"points in {crs.name}; expected {network.crs.name} as the walkways",
            f"点的坐标系为 {crs.name}；应与步行道相同，为 {network.crs.name}",
        )


def _checked_limit(limit_m: float | None) -> float:
    limit = np.inf if limit_m is None else float(limit_m)
    if not limit >= 0:
        raise DataError(
            f"walking limit {limit} m; expected 0 or more", f"步行距离限值 {limit} 米；应不小于 0"
        )
    return limit
