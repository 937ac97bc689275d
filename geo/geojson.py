"""GeoJSON geometries for display: longitude and latitude, rounded, whole columns at a time."""

import json
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import STORAGE_CRS, to_crs

_DECIMALS = 6  # of a degree: about 0.1 m


def display_geometries(shapes: gpd.GeoSeries, where: str) -> list[dict[str, Any] | None]:
    """
    Return each shape as a GeoJSON geometry in longitude and latitude, to about 0.1 m.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        In any CRS with an exact path to CGCS2000.
    where : str
        The layer, for the message.

    Returns
    -------
    list of dict or None
        In the order of `shapes`; None where there is no geometry.

    Raises
    ------
    CrsError
        If there is no CRS, or no exact transformation exists.
    """
    degrees = to_crs(gpd.GeoDataFrame(geometry=shapes), STORAGE_CRS, where).geometry
    rounded = shapely.transform(
        np.asarray(degrees.array, dtype=object), lambda xy: np.round(xy, _DECIMALS)
    )
    return [json.loads(text) if text else None for text in shapely.to_geojson(rounded)]
