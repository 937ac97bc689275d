"""
Declared: the CRS that a .prj or a header names, recognised by words, never passed to PROJ.

A projection string from outside could name grids and files; only its name, central meridian, false
easting and datum are looked at, and the answer is a reference of ours or nothing.
"""

import re

from geo.errors import CrsError
from intake.reading import STATED
from intake.references import CoordinateReference, parse

_EPSG = re.compile(
    r"(?i)^(?:urn:ogc:def:crs:)?EPSG:{1,2}(?:[\d.]*:)?(\d{4,6})$|^https?://www\.opengis\.net/def/crs/EPSG/0/(\d{4,6})$"
)
_CRS84 = re.compile(r"(?i)^(urn:ogc:def:crs:OGC:(1\.3)?:CRS84|OGC:CRS84|GEOJSON|KML)$")
_AUTHORITY = re.compile(r'(?i)(?:AUTHORITY|ID)\["EPSG",\s*"?(\d{4,6})"?\]\s*\]\s*$')
_NUMBER = r'[^\]]*?"?,\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)'
_MERIDIAN = re.compile(
    r'(?i)"(?:central_meridian|longitude_of_center|longitude of natural origin)"\s*,\s*([-+\d.eE]+)'
)
_EASTING = re.compile(r'(?i)"(?:false_easting|false easting)"\s*,\s*([-+\d.eE]+)')
_SCALE = re.compile(r'(?i)"(?:scale_factor|scale factor at natural origin)"\s*,\s*([-+\d.eE]+)')
_LONGEST_NAME = 20
_DATUMS = (
    (
        "CGCS2000",
        r"CGCS[ _]?2000|China[ _]2000|China Geodetic Coordinate System 2000|国家2000|2000国家大地",
    ),
    ("WGS 84", r"WGS[ _]?(19)?84|World Geodetic System 1984"),
    ("Xian 1980", r"Xian[ _]?(19)?80|西安"),
    ("Beijing 1954", r"Beijing[ _]?(19)?54|北京"),
)
_FIRST = {
    "CGCS2000": (4534, 4513, 4491),
    "Xian 1980": (2370, 2349, 2327),
    "Beijing 1954": (2422, 2401, 21413),
}
_GEOGRAPHIC = {"CGCS2000": 4490, "WGS 84": 4326, "Xian 1980": 4610, "Beijing 1954": 4214}


def recognise(text: str) -> CoordinateReference | None:
    """
    Return the reference a file declares, None if it declares none that we know.

    Parameters
    ----------
    text : str
        Content of a .prj, an authority code or URN, a WKT of either version, or what a person
        wrote.
    """
    text = text.strip().removeprefix(STATED).strip()
    if _CRS84.match(text):
        return CoordinateReference("EPSG:4326")
    code = _EPSG.match(text)
    if code:
        return _known(code.group(1) or code.group(2))
    if len(text) <= _LONGEST_NAME and (named := _named(text)):
        return named
    if not re.match(r"(?i)^\s*(PROJ|GEOG|GEOD|COMPD|COMPOUND|BOUND)", text):
        return None
    authority = _AUTHORITY.search(text)
    found = _known(authority.group(1)) if authority else None
    return found or _by_parameters(text)


def is_weak(text: str) -> bool:
    """Return whether it is weak evidence: JSON and KML claim WGS 84 whatever they hold."""
    return bool(_CRS84.match(text.strip()))


def is_stated(text: str) -> bool:
    """Return whether a surveyor chose it in our template, rather than a program wrote it."""
    return text.startswith(STATED)


def _known(code: str) -> CoordinateReference | None:
    try:
        return parse(f"EPSG:{code}")
    except CrsError:
        return None


def _named(text: str) -> CoordinateReference | None:
    """Return a reference written our own way, as our quarantine workbook does."""
    try:
        return parse(text)
    except CrsError:
        return None


def _by_parameters(text: str) -> CoordinateReference | None:
    datum = next((name for name, words in _DATUMS if re.search(words, text, re.IGNORECASE)), "")
    if not datum:
        return None
    if not re.match(r"(?i)^\s*PROJ", text):
        return _known(str(_GEOGRAPHIC[datum]))
    if re.search(r"(?i)pseudo.?mercator|mercator_auxiliary_sphere|popular_visualisation", text):
        return _known("3857")
    meridian, easting, scale = (_first(pattern, text) for pattern in (_MERIDIAN, _EASTING, _SCALE))
    if meridian is None or easting is None:
        return None
    if datum == "WGS 84":
        zone = (meridian + 183) / 6
        is_utm = scale is not None and abs(scale - 0.9996) < 1e-6 and zone == int(zone)  # noqa: PLR2004
        return _known(str(32600 + int(zone))) if is_utm else None
    return _gauss_kruger(datum, meridian, easting)


def _first(pattern: re.Pattern[str], text: str) -> float | None:
    found = pattern.search(text)
    try:
        return float(found.group(1)) if found else None
    except ValueError:
        return None


def _gauss_kruger(datum: str, meridian: float, easting: float) -> CoordinateReference | None:
    """Return the national zone with this central meridian and false easting."""
    plain, three, six = _FIRST[datum]
    if easting == 500_000 and meridian % 3 == 0:  # noqa: PLR2004 - the series' false easting
        return _known(str(int(plain + (meridian - 75) / 3)))
    prefix, rest = divmod(easting, 1_000_000)
    if rest != 500_000:  # noqa: PLR2004
        return None
    if prefix * 3 == meridian:
        return _known(str(int(three + prefix - 25)))
    if prefix * 6 - 3 == meridian:
        return _known(str(int(six + prefix - 13)))
    return None
