"""
GCJ-02 and BD-09 to and from CGCS2000 (WGS 84), in longitude and latitude [degree], vectorised.

Map services on the mainland shift every position: GCJ-02 by some 300-600 m, BD-09 by about a
kilometre. Nobody has published the shift officially. The formulas here are the ones that open
software has used since 2010. With x = lon - 105, y = lat - 35, s(t, ...) = sums of sines and
r = sqrt(|x|)::

    dlat = -100 + 2x + 3y + 0.2y^2 + 0.1xy + 0.2r
           + 2/3 [20 sin(6 pi x) + 20 sin(2 pi x)] + 2/3 [20 sin(pi y) + 40 sin(pi y / 3)]
           + 2/3 [160 sin(pi y / 12) + 320 sin(pi y / 30)]
    dlon =  300 + x + 2y + 0.1x^2 + 0.1xy + 0.1r
           + 2/3 [20 sin(6 pi x) + 20 sin(2 pi x)] + 2/3 [20 sin(pi x) + 40 sin(pi x / 3)]
           + 2/3 [150 sin(pi x / 12) + 300 sin(pi x / 30)]

both in metres, divided by the metres of a degree on an ellipsoid with a = 6,378,245 m and
e^2 = 0.00669342162296594323. BD-09 turns and stretches GCJ-02 about the origin by
1 + 2e-5 sin(3000 lat) / rho and 3e-6 cos(3000 lon), then adds 0.0065 and 0.006 degrees
(the arguments of sine and cosine in degrees).

Accuracy: against these formulas the inverses, found by fixed-point iteration, err by less than
1e-6 m (1e-9 m is usual). Against what a map service really does the formulas are believed to
hold to a metre or two: what is recovered this way is a proposal to look at, not a survey.

Outside the box 72.004-137.8347 E, 0.8293-55.8271 N the shift is zero by definition; within a
kilometre of the edge of that box the inverse is undefined.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from geo.arrays import FloatArray

Pair = tuple[FloatArray, FloatArray]

_A = 6378245.0  # semi-major axis [m] of the formulas' ellipsoid
_E2 = 0.00669342162296594323
_BOX = (72.004, 0.8293, 137.8347, 55.8271)
_BD_TURN = np.pi * 3000.0 / 180.0
_BD_SHIFT = (0.0065, 0.006)
_TOLERANCE = 1e-13  # degrees: 1e-8 m, the spacing of float64 near 106 is 1.4e-14
_ROUNDS = 30


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """
    Shift CGCS2000 (WGS 84) positions to GCJ-02.

    Parameters
    ----------
    lon, lat : array_like of float
        Longitude and latitude [degree], EPSG:4490 or EPSG:4326, any common shape. NaN stays NaN.

    Returns
    -------
    tuple of ndarray
        Longitude and latitude [degree] in GCJ-02.
    """
    x, y = _arrays(lon, lat)
    dlon, dlat = _shift(x, y)
    return x + dlon, y + dlat


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """
    Recover CGCS2000 (WGS 84) positions from GCJ-02, to less than 1e-6 m of the public formula.

    Parameters
    ----------
    lon, lat : array_like of float
        Longitude and latitude [degree] in GCJ-02.

    Returns
    -------
    tuple of ndarray
        Longitude and latitude [degree], EPSG:4490.
    """
    return _invert(wgs84_to_gcj02, *_arrays(lon, lat))


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """
    Shift GCJ-02 positions to BD-09.

    Parameters
    ----------
    lon, lat : array_like of float
        Longitude and latitude [degree] in GCJ-02, any common shape. NaN stays NaN.

    Returns
    -------
    tuple of ndarray
        Longitude and latitude [degree] in BD-09.
    """
    x, y = _arrays(lon, lat)
    radius = np.hypot(x, y) + 2e-5 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 3e-6 * np.cos(x * _BD_TURN)
    return radius * np.cos(angle) + _BD_SHIFT[0], radius * np.sin(angle) + _BD_SHIFT[1]


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """
    Recover GCJ-02 positions from BD-09, to less than 1e-6 m of the public formula.

    Parameters
    ----------
    lon, lat : array_like of float
        Longitude and latitude [degree] in BD-09, any common shape. NaN stays NaN.

    Returns
    -------
    tuple of ndarray
        Longitude and latitude [degree] in GCJ-02.
    """
    return _invert(gcj02_to_bd09, *_arrays(lon, lat))


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """
    Shift CGCS2000 (WGS 84) positions to BD-09.

    Parameters
    ----------
    lon, lat : array_like of float
        Longitude and latitude [degree] in CGCS2000 (WGS 84), any common shape. NaN stays NaN.

    Returns
    -------
    tuple of ndarray
        Longitude and latitude [degree] in BD-09.
    """
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """
    Recover CGCS2000 (WGS 84) positions from BD-09.

    Parameters
    ----------
    lon, lat : array_like of float
        Longitude and latitude [degree] in BD-09, any common shape. NaN stays NaN.

    Returns
    -------
    tuple of ndarray
        Longitude and latitude [degree], EPSG:4490.
    """
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def _arrays(lon: ArrayLike, lat: ArrayLike) -> Pair:
    x, y = np.broadcast_arrays(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    return x, y


def _shift(lon: FloatArray, lat: FloatArray) -> Pair:
    """Return the GCJ-02 shift of positions [degree], zero outside the box."""
    x, y = lon - 105.0, lat - 35.0
    waves = _sines(x, (6, 20), (2, 20))
    north = (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
        + waves + _sines(y, (1, 20), (1 / 3, 40)) + _sines(y, (1 / 12, 160), (1 / 30, 320))
    )  # fmt: skip
    east = (
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
        + waves + _sines(x, (1, 20), (1 / 3, 40)) + _sines(x, (1 / 12, 150), (1 / 30, 300))
    )  # fmt: skip
    phi = np.radians(lat)
    w2 = 1.0 - _E2 * np.sin(phi) ** 2
    meridian = np.radians(_A * (1.0 - _E2) / (w2 * np.sqrt(w2)))  # metres of a degree of latitude
    parallel = np.radians(_A / np.sqrt(w2) * np.cos(phi))  # metres of a degree of longitude
    west, south, far_east, far_north = _BOX
    inside = (lon >= west) & (lon <= far_east) & (lat >= south) & (lat <= far_north)
    return np.where(inside, east / parallel, 0.0), np.where(inside, north / meridian, 0.0)


def _sines(t: FloatArray, *terms: tuple[float, float]) -> FloatArray:
    total = np.zeros_like(t)
    for frequency, amplitude in terms:
        total += amplitude * np.sin(frequency * np.pi * t)
    return total * (2.0 / 3.0)


def _invert(forward: Callable[[Any, Any], Pair], lon: FloatArray, lat: FloatArray) -> Pair:
    """Solve ``forward(x, y) = (lon, lat)``: the shift is slow, so adding the miss contracts."""
    x, y = lon.copy(), lat.copy()
    for _ in range(_ROUNDS):
        moved_x, moved_y = forward(x, y)
        miss_x, miss_y = lon - moved_x, lat - moved_y
        x, y = x + miss_x, y + miss_y
        if not (np.maximum(np.abs(miss_x), np.abs(miss_y)) > _TOLERANCE).any():
            break
    return x, y
