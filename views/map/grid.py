"""The district's working CRS for the browser, which shows coordinates in it."""

from typing import Any

from geo.crs import chinese_name
from geo.projection import transverse_mercator
from layers.district import District
from wording import Language, Text


def grid_of(district: District, language: Language) -> dict[str, Any] | None:
    """
    Return the projection that leads from the map's degrees to the working CRS.

    Returns
    -------
    dict or None
        ``radius`` and ``flattening`` of the ellipsoid [m, 1]; ``latitude`` and ``longitude`` of the
        origin [degree]; ``scale`` there; ``east`` and ``north``, the false coordinates [m];
        ``name`` in the user's language and ``code``, such as ``"EPSG:4544"``. None where the
        working CRS is no transverse Mercator projection of CGCS2000 or WGS 84: the browser then
        shows degrees alone and measures nothing.
    """
    found = transverse_mercator(district.crs)
    if found is None:
        return None
    code = district.crs.to_epsg()
    return {
        "radius": found.radius_m,
        "flattening": found.flattening,
        "latitude": found.latitude,
        "longitude": found.longitude,
        "scale": found.scale,
        "east": found.east_m,
        "north": found.north_m,
        "code": f"EPSG:{code}" if code else district.crs.name,
        "name": Text(chinese_name(district.crs), district.crs.name)[language],
    }
