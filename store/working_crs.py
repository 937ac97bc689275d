"""Which CRS to measure in when nobody said so: the data's own, else one whose middle is near."""

from collections.abc import Mapping

import geopandas as gpd
from pyproj import CRS

from geo.crs import STORAGE_CRS, require_working_crs, to_crs
from geo.errors import CrsError

_CHINA = (73.5, 17.5, 135.1, 53.6)  # west, south, east, north [degree]
_CGCS2000_GK_CM75 = 4534  # EPSG code of the 3-degree Gauss-Krueger zone at 75 E; one code a zone
_UTM_NORTH, _UTM_SOUTH = 32600, 32700  # EPSG codes of WGS 84 / UTM, plus the zone


def working_crs(frames: Mapping[str, gpd.GeoDataFrame]) -> CRS:
    """
    Return the CRS to measure `frames` in.

    A projected CRS in metres is kept. Longitude and latitude give CGCS2000 / 3-degree Gauss-Krueger
    in China (never UTM, in which no Chinese office works) and WGS 84 / UTM elsewhere.

    Parameters
    ----------
    frames : mapping of str to geopandas.GeoDataFrame
        Layers by name; the first with a CRS and a geometry decides.

    Raises
    ------
    CrsError
        If no frame has both a CRS and a geometry.
    """
    name, frame = _first_placed(frames)
    try:
        return require_working_crs(CRS(frame.crs), name)
    except CrsError:
        west, south, east, north = to_crs(frame, STORAGE_CRS, name).total_bounds.tolist()
        return _zone((west + east) / 2, (south + north) / 2)


def _first_placed(frames: Mapping[str, gpd.GeoDataFrame]) -> tuple[str, gpd.GeoDataFrame]:
    for name, frame in frames.items():
        if frame.crs is not None and not frame.geometry.isna().all():
            return name, frame
    raise CrsError("no table has a CRS and a geometry", "没有任何数据表带有坐标系和几何图形")


def _zone(longitude: float, latitude: float) -> CRS:
    west, south, east, north = _CHINA
    if west <= longitude <= east and south <= latitude <= north:
        return CRS.from_epsg(_CGCS2000_GK_CM75 + round(longitude / 3) - 75 // 3)
    base = _UTM_NORTH if latitude >= 0 else _UTM_SOUTH
    return CRS.from_epsg(base + int((longitude + 180) // 6) % 60 + 1)
