"""How much memory tables take, for caches that are bounded by bytes."""

from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from layers.district import District

_BYTES_A_VERTEX: Final = 16


def frame_bytes(frame: pd.DataFrame) -> int:
    """Return the memory of a table [bytes]: its columns, their texts and its vertices."""
    own = int(frame.memory_usage(deep=True).sum())
    if isinstance(frame, gpd.GeoDataFrame):
        own += _BYTES_A_VERTEX * int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum())
    return own


def district_bytes(district: District) -> int:
    """Return the memory of a district's layers [bytes]."""
    return sum(frame_bytes(district[name]) for name in district.frames)
