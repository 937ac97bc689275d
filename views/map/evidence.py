"""What is drawn over the map for a finding or a service area, as small JSON of lat, lon pairs."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.geojson import display_geometries
from rules.reach import Reach

LatLon = list[float]
_SPOTS = 400


def route_evidence(finding: gpd.GeoDataFrame, texts: dict[str, str]) -> dict[str, Any]:
    """
    Return the walked route of a finding, its tick at the threshold and the straight line.

    Parameters
    ----------
    finding : geopandas.GeoDataFrame
        One row of the findings.
    texts : dict
        ``length``, ``straight`` and ``tick``: what stands at the route's end, on the straight line
        and at the threshold; ``{m}`` is filled with metres.

    Returns
    -------
    dict
        Empty where the finding has no route; ``spots`` alone where it names places instead.
    """
    shape = gpd.GeoSeries(finding.geometry.to_list(), crs=finding.crs)
    kinds = shape.geom_type.iloc[0] if len(shape) and shape.notna().iloc[0] else ""
    if kinds != "LineString":
        return {"spots": _spots(shape)} if kinds else {}
    ends = shape.get_coordinates().iloc[[0, -1]]
    straight_m = float(np.hypot(*ends.diff().iloc[1]))
    length_m = float(shape.length.iloc[0])
    line = _latlon(shape)
    route: dict[str, Any] = {
        "line": line,
        "straight": [line[0], line[-1]],
        "text": texts["length"].format(m=f"{length_m:,.0f}"),
        "straightText": texts["straight"].format(m=f"{straight_m:,.0f}"),
        "tick": None,
    }
    threshold = finding["threshold"].iloc[0]
    if pd.notna(threshold) and 0 < threshold < length_m and finding["unit"].iloc[0] == "m":
        route["tick"] = _latlon(gpd.GeoSeries(shape.interpolate(threshold)))[0]
        route["tickText"] = texts["tick"].format(m=f"{threshold:,.0f}")
    return {"route": route}


def area_evidence(reach: Reach) -> dict[str, Any]:
    """Return the ground within reach as rings of lat, lon pairs; empty where nothing is reached."""
    geometry = display_geometries(reach.area, "service area")[0]
    if geometry is None or not geometry["coordinates"]:
        return {}
    many = geometry["coordinates"]
    parts = [many] if geometry["type"] == "Polygon" else many
    return {"area": {"rings": [[[_flip(xy) for xy in ring] for ring in part] for part in parts]}}


def _spots(shape: gpd.GeoSeries) -> list[LatLon]:
    """Return the places a finding names, each by one point, at most 400."""
    parts = shape.explode(ignore_index=True)
    return _latlon(gpd.GeoSeries(parts.head(_SPOTS).representative_point()))


def _latlon(shapes: gpd.GeoSeries) -> list[LatLon]:
    """Return all vertices of points or lines in order."""
    found: list[LatLon] = []
    for geometry in display_geometries(shapes, "evidence"):
        if geometry is None:
            continue
        xy = geometry["coordinates"]
        found += [_flip(xy)] if geometry["type"] == "Point" else [_flip(pair) for pair in xy]
    return found


def _flip(xy: list[float]) -> LatLon:
    return [xy[1], xy[0]]
