"""
Declared: the CRS that a .prj or a header names, recognised by words, never passed to PROJ.

A projection string from outside could name grids and files; only its datum, ellipsoid, unit and the
numbers of its projection are looked at, and the answer is a reference of ours or nothing. A zone of
the national series is its code; any other that is wholly defined is a local grid.
"""

import re
from collections.abc import Mapping

from geo.errors import CrsError
from intake.local_grid import LocalGrid
from intake.reading import STATED
from intake.references import CoordinateReference, parse

_EPSG = re.compile(
    r"(?i)^(?:urn:ogc:def:crs:)?EPSG:{1,2}(?:[\d.]*:)?(\d{4,6})$|^https?://www\.opengis\.net/def/crs/EPSG/0/(\d{4,6})$"
)
_CRS84 = re.compile(r"(?i)^(urn:ogc:def:crs:OGC:(1\.3)?:CRS84|OGC:CRS84|GEOJSON|KML)$")
_AUTHORITY = re.compile(r'(?i)(?:AUTHORITY|ID)\["EPSG",\s*"?(\d{4,6})"?\]\s*\]\s*$')
_PARAMETERS = {
    "meridian": r"central_meridian|longitude_of_center|longitude of natural origin",
    "easting": r"false_easting|false easting",
    "northing": r"false_northing|false northing",
    "scale": r"scale_factor|scale factor at natural origin",
    "latitude": r"latitude_of_origin|latitude_of_center|latitude of natural origin",
}
_VALUE = r'"\s*,\s*"?([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)'
_METHOD = re.compile(r'(?i)\b(?:PROJECTION|METHOD)\["([^"]*)"')
_TRANSVERSE = re.compile(r"(?i)^(gauss.*|transverse[_ ]mercator)$")
_SPHEROID = re.compile(
    r'(?i)(?:SPHEROID|ELLIPSOID)\["[^"]*"\s*,\s*(\d+(?:\.\d*)?)\s*,\s*(\d+(?:\.\d*)?)'
)
_UNIT = re.compile(r'(?i)(?<![A-Z])(?:LENGTHUNIT|UNIT)\["([^"]*)"\s*,\s*([-+\d.eE]+)')
_METRE = re.compile(r"1(\.0*)?")
_PARAMETER = re.compile(r'(?i)PARAMETER\["([^"]*)"')
_HEIGHTS = re.compile(r"(?i),\s*VERT(?:_?CS|CRS)\[")
_INSIDE = re.compile(r"(?i)(?:PROJ|GEOG|GEOD)(?:CS|CRS)\[")
_PRIME = re.compile(r'(?i)PRIMEM\["[^"]*"\s*,\s*"?([-+\d.eE]+)')
_SHIFT = re.compile(
    r"(?i)TOWGS84\[([^\]]*)\]"
    r'|(?:-axis (?:translation|rotation)|scale difference)"\s*,([-+\s\d.eE]*)'
)
_ANGLES = ("degree", "radian", "grad", "gon", "arc")
_AROUND = " \t\r\n\ufeff\x00"
_BRACKETS = {ord("("): "[", ord(")"): "]"}  # both are WKT
_LONGEST_NAME = 100
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
_ELLIPSOIDS = {
    "CGCS2000": (6378137, 298.257222101),
    "WGS 84": (6378137, 298.257223563),
    "Xian 1980": (6378140, 298.257),
    "Beijing 1954": (6378245, 298.3),
}
_FLATTENING = 5e-6  # programs write 298.257 and 298.25722 for the same ellipsoid


def recognise(text: str) -> CoordinateReference | None:
    """
    Return the reference a file declares, None if it declares none that we know.

    Parameters
    ----------
    text : str
        Content of a .prj, an authority code or URN, a WKT of either version, or what a person
        wrote.
    """
    text = text.strip(_AROUND).removeprefix(STATED).strip()
    if _CRS84.match(text):
        return CoordinateReference("EPSG:4326")
    code = _EPSG.match(text)
    if code:
        return _known(code.group(1) or code.group(2))
    if len(text) <= _LONGEST_NAME and (named := _named(text)):
        return named
    if not re.match(r"(?i)^\s*(PROJ|GEOG|GEOD|COMPD|COMPOUND|BOUND)", text):
        return None
    text = text if "[" in text else text.translate(_BRACKETS)
    return _by_parameters(_horizontal(text)) or _by_authority(text)


def is_weak(text: str) -> bool:
    """
    Return whether it is weak evidence.

    JSON and KML claim WGS 84 whatever they hold, an ellipsoid alone is no datum, and a code that is
    not what the numbers of its definition say was kept when somebody changed them.
    """
    text = text.strip(_AROUND)
    is_definition = not _EPSG.match(text) and len(text) > _LONGEST_NAME
    if _CRS84.match(text) or not is_definition:
        return bool(_CRS84.match(text))
    code, numbers = _by_authority(text), _by_parameters(_horizontal(text))
    differs = code is not None and numbers is not None and code.value != numbers.value
    return differs or _is_moved(text) or not _datum_named(text)


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


def _by_authority(text: str) -> CoordinateReference | None:
    """Return the reference of the code that a definition bears, None if it bears none we know."""
    found = _AUTHORITY.search(text)
    return _known(found.group(1)) if found else None


def _horizontal(text: str) -> str:
    """Return a definition without the heights that it is compounded with, or its bounds."""
    found = _INSIDE.search(text)
    whole = text if found is None else text[found.start() :]
    return _HEIGHTS.split(whole)[0]


def _is_moved(text: str) -> bool:
    """Return whether longitudes count from elsewhere than Greenwich, or the datum is shifted."""
    numbers = [number for pair in _SHIFT.findall(text) for number in ",".join(pair).split(",")]
    return any(number.strip(" 0.+-") for number in [*numbers, *_PRIME.findall(text)])


def _by_parameters(text: str) -> CoordinateReference | None:
    datum = _datum_named(text) or _datum_by_ellipsoid(text)
    if not datum or (_is_moved(text) and datum in {"CGCS2000", "WGS 84"}):
        return None
    if not re.match(r"(?i)^\s*PROJ", text):
        return _known(str(_GEOGRAPHIC[datum]))
    if re.search(r"(?i)pseudo.?mercator|mercator_auxiliary_sphere|popular_visualisation", text):
        return _known("3857")
    method = _METHOD.search(text)
    is_transverse = method is None or _TRANSVERSE.match(method.group(1))
    if not is_transverse or not all(map(_METRE.fullmatch, _lengths(text))):
        return None
    said = {name: _parameter(text, words) for name, words in _PARAMETERS.items()}
    return _zone(datum, said) or (_local(datum, said, text) if method else None)


def _datum_named(text: str) -> str:
    return next((name for name, words in _DATUMS if re.search(words, text, re.IGNORECASE)), "")


def _datum_by_ellipsoid(text: str) -> str:
    """Return the datum that is on the ellipsoid of a definition, "" where there is none."""
    spheroid = _spheroid(text)
    return next((name for name, known in _ELLIPSOIDS.items() if known == spheroid), "")


def _spheroid(text: str) -> tuple[float, float]:
    """Return axis [m] and inverse flattening of a definition's ellipsoid, 0 where it names none."""
    found = _SPHEROID.search(text)
    return (float(found.group(1)), float(found.group(2))) if found else (0.0, 0.0)


def _parameter(text: str, words: str) -> float | None:
    found = re.search(f'(?i)"(?:{words}){_VALUE}', text)
    return float(found.group(1)) if found else None


def _lengths(text: str) -> list[str]:
    """Return how many metres each unit of length is that a definition names."""
    units = _UNIT.findall(text)
    return [factor for name, factor in units if not name.lower().startswith(_ANGLES)]


def _zone(datum: str, said: Mapping[str, float | None]) -> CoordinateReference | None:
    """Return the zone of a series that the numbers define, None if they define no such zone."""
    meridian, easting, scale = said["meridian"], said["easting"], said["scale"]
    is_plain = not said["northing"] and not said["latitude"]
    if meridian is None or easting is None or not is_plain:
        return None
    if datum == "WGS 84":
        zone = (meridian + 183) / 6
        is_utm = scale is not None and abs(scale - 0.9996) < 1e-6 and zone == int(zone)  # noqa: PLR2004
        return _known(str(32600 + int(zone))) if is_utm and easting == 500_000 else None  # noqa: PLR2004
    return _gauss_kruger(datum, meridian, easting) if scale in {None, 1.0} else None


def _local(datum: str, said: Mapping[str, float | None], text: str) -> CoordinateReference | None:
    """Return the local grid of a definition that leaves nothing open, None for any other."""
    numbers = {name: value for name, value in said.items() if value is not None}
    (axis, flattening), (own_axis, own_flattening) = _ELLIPSOIDS[datum], _spheroid(text)
    is_its_own = own_axis == axis and abs(own_flattening / flattening - 1) <= _FLATTENING
    known = "|".join(_PARAMETERS.values())
    has_more = not all(re.fullmatch(f"(?i){known}", name) for name in _PARAMETER.findall(text))
    if len(numbers) < len(_PARAMETERS) or not is_its_own or not _lengths(text) or has_more:
        return None
    grid = LocalGrid(datum.replace(" ", "").upper(), **numbers)
    return CoordinateReference(grid.value) if grid.is_plausible else None


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
