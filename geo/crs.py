"""
Coordinate reference systems: what is stored, what is measured in, and what is refused.

Layers are stored in longitude and latitude (EPSG:4490, CGCS2000, unless a district says otherwise)
and measured in the district's own projected working CRS. In frames x is easting and y is northing,
always: every transformation here is made with ``always_xy=True``, although EPSG:4544 itself is
declared northing first.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Proj, Transformer
from pyproj.exceptions import ProjError
from pyproj.transformer import TransformerGroup

from geo.arrays import BoolArray, FloatArray, ShapeArray
from geo.errors import CrsError

Coordinate = TypeVar("Coordinate", float, FloatArray)

STORAGE_CRS = CRS.from_epsg(4490)
"""CGCS2000 longitude and latitude [degree]."""

# WGS 84 and CGCS2000 agree within centimetres; PROJ knows no exact operation between them and would
# report "ballpark", which is refused below. The pair is therefore declared an identity, here only.
_SAME_DATUM = {(4326, 4490), (4490, 4326)}
# Beijing 54, New Beijing, Xi'an 80. For some PROJ lists shifts made for a single oil field or bay;
# inland they are as wrong as none.
_NEED_PARAMETERS = {4214, 4555, 4610}
_KNOWN = (4326, 4490, *sorted(_NEED_PARAMETERS))
_NATIONAL = re.compile(
    r"(CGCS2000|Xian 1980|Beijing 1954) / (3-degree )?Gauss-Kruger (?:zone (\d+)|CM (\d+)E)"
)
_DATUMS = {
    "CGCS2000": "2000国家大地坐标系",
    "Xian 1980": "1980西安坐标系",
    "Beijing 1954": "1954北京坐标系",
}
_DECIMALS = 4  # of a metre kept in working coordinates
_BLOCK = 65_536  # geometries whose positions are looked at together
GRID_M = 10.0**-_DECIMALS
"""Grid of working coordinates [m]."""


def require_working_crs(crs: CRS | str | int | None, where: str) -> CRS:
    """
    Return `crs` if lengths and areas may be measured in it.

    Parameters
    ----------
    crs : pyproj.CRS, str, int or None
        The reference system of the coordinates at hand, or its name or EPSG code.
    where : str
        The layer or file, for the message.

    Returns
    -------
    pyproj.CRS
        The same CRS.

    Raises
    ------
    CrsError
        If `crs` is None, unknown, geographic, not in metres, or Web Mercator, whose lengths are a
        quarter too long at 38 degrees north.
    """
    if crs is None:
        raise CrsError(f"{where}: no CRS is declared", f"{where}：没有坐标系说明")
    try:
        crs = CRS.from_user_input(crs)
    except ProjError as error:
        raise CrsError(
            f"{where}: unknown CRS {crs!r}; expected an EPSG code such as 4544",
            f"{where}：不认识的坐标系 {crs!r}；应为 EPSG 代码，如 4544",
        ) from error
    in_metres = crs.is_projected and all(axis.unit_name == "metre" for axis in crs.axis_info)
    if not in_metres or crs.to_epsg() == 3857 or "Pseudo-Mercator" in crs.name:  # noqa: PLR2004
        raise CrsError(
            f"{where}: lengths cannot be measured in {crs.name}; expected a projected CRS "
            "in metres",
            f"{where}：不能在 {crs.name} 中量算长度；应为以米为单位的投影坐标系",
        )
    return crs


def chinese_name(crs: CRS) -> str:
    """
    Name a zone of the national series as Chinese maps do; any other system keeps its own name.

    Said are datum, width of the zone, central meridian, and whether the easting begins with the
    number of the zone: `EPSG:4544` and `EPSG:4523` differ in nothing else.

    Parameters
    ----------
    crs : pyproj.CRS
        Any.

    Returns
    -------
    str
        In Chinese for the national series, else the CRS's own name.
    """
    named = _NATIONAL.fullmatch(crs.name)
    if named is None:
        return crs.name
    datum, three, zone, meridian = named.groups()
    width = 3 if three else 6
    degrees = int(meridian) if meridian else int(zone) * width - (0 if three else 3)
    prefix = f"加带号{zone}" if zone else "不加带号"
    return f"{_DATUMS[datum]}，高斯-克吕格{width}°带，中央经线{degrees}°，横坐标{prefix}"


@dataclass(frozen=True)
class Passage:
    """
    An exact way from one CRS to another.

    Attributes
    ----------
    steps : tuple of pyproj.Transformer
        Applied one after the other, each without a ballpark datum shift.
    """

    steps: tuple[Transformer, ...]

    def transform(self, x: Coordinate, y: Coordinate) -> tuple[Coordinate, Coordinate]:
        """
        Bring coordinates into the target CRS.

        Parameters
        ----------
        x, y : float or ndarray of float64, of one shape
            Easting [m] or longitude [degree], northing or latitude, in the source CRS.

        Returns
        -------
        tuple of float or ndarray of float64
            The same two in the target CRS; inf where the projection has no such place.
        """
        for step in self.steps:
            x, y = step.transform(x, y)
        return x, y


@lru_cache(maxsize=64)
def transformer(source: CRS, target: CRS) -> Passage | None:
    """
    Return the exact transformation between two CRSs.

    Parameters
    ----------
    source, target : pyproj.CRS
        From where and to where.

    Returns
    -------
    Passage or None
        None where coordinates stay as they are.

    Raises
    ------
    CrsError
        If PROJ knows only a ballpark (datum shift ignored) or no operation at all: Xi'an 80,
        Beijing 54 and local grids need parameters that this project never guesses.
    """
    one, other = _geographic(source), _geographic(target)
    if one != other and not _NEED_PARAMETERS.isdisjoint((one, other)):
        raise _no_operation(source, target)
    legs = [(source, target)]
    if (one, other) in _SAME_DATUM:
        legs = [(source, CRS.from_epsg(one)), (CRS.from_epsg(other), target)]
    steps = tuple(_exact(*leg) for leg in legs if leg[0] != leg[1])
    return Passage(steps) if steps else None


def _geographic(crs: CRS) -> int:
    """EPSG code of the longitude and latitude behind `crs`, 0 if none of the `_KNOWN`."""
    base = crs.geodetic_crs
    if base is None:
        return 0
    # a .prj file names no code and turns the axes round: compare what they mean
    same = (code for code in _KNOWN if base.equals(CRS.from_epsg(code), ignore_axis_order=True))
    return next(same, 0)


def _exact(source: CRS, target: CRS) -> Transformer:
    """Return the best operation of PROJ that is no ballpark."""
    try:
        group = TransformerGroup(source, target, always_xy=True, allow_ballpark=False)
    except ProjError as error:
        raise _no_operation(source, target) from error
    if not group.transformers:
        raise _no_operation(source, target)
    return group.transformers[0]


def _no_operation(source: CRS, target: CRS) -> CrsError:
    return CrsError(
        f"no exact transformation from {source.name} to {target.name}: its parameters are needed",
        f"{source.name} 到 {target.name} 没有严密转换方法：需要转换参数",
    )


def to_crs(frame: gpd.GeoDataFrame, target: CRS, where: str) -> gpd.GeoDataFrame:
    """
    Return `frame` with its geometry in `target`, refusing ballpark datum shifts.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Any frame with a declared CRS.
    target : pyproj.CRS
        Where to.
    where : str
        The layer, for the message.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows and columns; geometries that are missing stay missing.

    Raises
    ------
    CrsError
        If the frame has no CRS, or no exact transformation exists.
    """
    if frame.crs is None:
        raise CrsError(f"{where}: no CRS is declared", f"{where}：没有坐标系说明")
    if frame.crs is target:
        return frame
    change = transformer(frame.crs, target)
    if change is None:
        return frame.set_crs(target, allow_override=True)

    def move(xy: FloatArray) -> FloatArray:
        return np.column_stack(change.transform(*xy.T))

    moved = shapely.transform(np.asarray(frame.geometry.array, dtype=object), move)
    return frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=target))


def round_to_grid(xy: FloatArray) -> FloatArray:
    """
    Return working coordinates rounded to the grid of 0.1 mm.

    Parameters
    ----------
    xy : ndarray of float64, shape (n, 2)
        Easting and northing [m].

    Returns
    -------
    ndarray of float64, shape (n, 2)
        -0.0 becomes 0.0; numbers larger than any place become infinite.
    """
    with np.errstate(over="ignore"):
        return np.round(xy, _DECIMALS) + 0.0


def is_on_grid(shapes: ShapeArray) -> BoolArray:
    """
    Return which geometries have all their positions on the grid of 0.1 mm.

    Parameters
    ----------
    shapes : ndarray of geometry, shape (n,)
        In a projected CRS, in metres; None and empty ones are on it, -0.0 and NaN are not.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    is_on = np.ones(len(shapes), dtype=bool)
    for start in range(0, len(shapes), _BLOCK):
        xy, owner = shapely.get_coordinates(shapes[start : start + _BLOCK], return_index=True)
        is_same = (round_to_grid(xy).view(np.int64) == xy.view(np.int64)) & ~np.isnan(xy)
        is_on[start + owner[~is_same.all(axis=1)]] = False
    return is_on


def snap_to_grid(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return `frame` with working coordinates [m] rounded to 0.1 mm.

    A round trip through longitude and latitude moves a point by some 1e-9 m; on this grid the point
    comes back to the very same coordinates, so content digests and shared end points survive it.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        In a projected CRS, in metres.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows, columns and CRS; -0.0 becomes 0.0.
    """
    shapes = np.asarray(frame.geometry.array, dtype=object)
    if is_on_grid(shapes).all():
        return frame
    there = shapely.set_coordinates(shapes.copy(), round_to_grid(shapely.get_coordinates(shapes)))
    return frame.set_geometry(gpd.GeoSeries(there, index=frame.index, crs=frame.crs))


def stretch(crs: CRS, easting: float, northing: float) -> float:
    """
    Return by how much lengths in `crs` differ from those on the ground at a place.

    Parameters
    ----------
    crs : pyproj.CRS
        Projected, in metres.
    easting, northing : float
        The place [m].

    Returns
    -------
    float
        0.01 is one percent; inf where the projection has no place on the ground.
    """
    try:
        plane = Proj(crs)
        scale = plane.get_factors(*plane(easting, northing, inverse=True, errcheck=True))
    except ProjError:
        return float("inf")
    error = max(abs(scale.meridional_scale - 1), abs(scale.parallel_scale - 1))
    return float(error) if np.isfinite(error) else float("inf")
