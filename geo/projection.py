"""Transverse Mercator (Gauss-Krüger) by its parameters, for whoever computes it without PROJ."""

from dataclasses import dataclass

from pyproj import CRS
from pyproj.exceptions import ProjError

from geo.crs import STORAGE_CRS, transformer
from geo.errors import CrsError

_METHOD = "9807"  # EPSG's code of the method
_CODES = {
    "8801": "latitude",
    "8802": "longitude",
    "8805": "scale",
    "8806": "east_m",
    "8807": "north_m",
}


@dataclass(frozen=True, slots=True)
class TransverseMercator:
    """
    Parameters of a transverse Mercator projection.

    Attributes
    ----------
    radius_m, flattening : float
        Semi-major axis [m] and flattening of the ellipsoid.
    latitude, longitude : float
        Natural origin [degree].
    scale : float
        On the central meridian.
    east_m, north_m : float
        False easting and northing [m].
    """

    radius_m: float
    flattening: float
    latitude: float
    longitude: float
    scale: float
    east_m: float
    north_m: float


def transverse_mercator(crs: CRS) -> TransverseMercator | None:
    """
    Return the parameters that lead from CGCS2000 longitude and latitude to `crs`.

    Parameters
    ----------
    crs : pyproj.CRS
        A projected CRS in metres.

    Returns
    -------
    TransverseMercator or None
        None where `crs` is projected otherwise, or its datum is neither CGCS2000 nor WGS 84.
    """
    operation, ellipsoid = crs.coordinate_operation, crs.ellipsoid
    if operation is None or ellipsoid is None or operation.method_code != _METHOD:
        return None
    try:
        transformer(STORAGE_CRS, crs)
    except (CrsError, ProjError):
        return None
    found = ((_CODES.get(str(one.code)), one.value) for one in operation.params)
    said = {name: float(value) for name, value in found if name}
    flattening = 1.0 / ellipsoid.inverse_flattening if ellipsoid.inverse_flattening else 0.0
    return TransverseMercator(float(ellipsoid.semi_major_metre), flattening, **said)
