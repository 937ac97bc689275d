"""Place prior: where a delivery is expected, and the layers already known there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geo.crs import STORAGE_CRS, to_crs
from geo.errors import DataError
from layers.district import District

_MARGIN = 0.15  # of the box's width and height, and at least a hundredth of a degree


@dataclass(frozen=True)
class PlacePrior:
    """
    Where the rows of a delivery are expected: the district's bounds, CRS and known layers.

    Attributes
    ----------
    bounds : tuple of float
        West, south, east, north [degree], EPSG:4490, a margin included.
    crs : pyproj.CRS
        The district's working CRS.
    known : mapping of str to geopandas.GeoDataFrame
        Layers already there, in the working CRS; may be empty.
    """

    bounds: tuple[float, float, float, float]
    crs: CRS
    known: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)

    @classmethod
    def of(cls, district: District) -> "PlacePrior":
        """
        Return the prior of a district: the bounding box of its layers, and the layers.

        Raises
        ------
        DataError
            If the district has no features, so that its location is unknown.
        """
        known = {name: frame for name, frame in district.frames.items() if len(frame)}
        if not known:
            raise DataError(
                f"{district.district_id}: an empty district has no location; give its bounds",
                f"{district.name}：空的区划无法确定位置；请给出范围",
            )
        corners = pd.concat([frame.geometry for frame in known.values()]).total_bounds
        west, south, east, north = corners
        ring = gpd.GeoDataFrame(
            geometry=gpd.points_from_xy([west, west, east, east], [south, north, south, north]),
            crs=district.crs,
        )
        box = to_crs(ring, STORAGE_CRS, district.district_id).total_bounds
        margin = np.maximum((box[2:] - box[:2]) * _MARGIN, 0.01)
        low, high = box[:2] - margin, box[2:] + margin
        return cls((low[0], low[1], high[0], high[1]), district.crs, known)
