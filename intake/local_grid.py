"""
Local grids: Gauss-Krueger on a national datum with a meridian and an origin of a city's own.

Wholly defined by six plain values, ``CGCS2000:TM:106.25:500000`` (datum, central meridian, false
easting, then false northing, scale and latitude of origin where they are not 0, 1 and 0), so that a
file that states them needs no code and no parameters. A grid that is turned, or on an ellipsoid
raised to the height of a city, is none of these.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from pyproj import CRS
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import TransverseMercatorConversion

from wording import Text

_DATUMS = {
    "CGCS2000": (4490, Text("2000国家大地坐标系", "CGCS2000")),
    "WGS84": (4326, Text("WGS 84", "WGS 84")),
    "XIAN1980": (4610, Text("1980西安坐标系", "Xian 1980")),
    "BEIJING1954": (4214, Text("1954北京坐标系", "Beijing 1954")),
}
_METHOD = "TM"
_PLAIN = (0.0, 1.0, 0.0)  # false northing, scale, latitude of origin where they are not written
_NUMBER = re.compile(r"[-+]?\d{1,9}(\.\d{1,12})?")


@dataclass(frozen=True)
class LocalGrid:
    """
    A transverse Mercator projection.

    Attributes
    ----------
    datum : str
        ``CGCS2000``, ``WGS84``, ``XIAN1980`` or ``BEIJING1954``.
    meridian : float
        Central meridian [degree east].
    easting, northing : float
        False easting and northing [m].
    scale : float
        Scale at the central meridian.
    latitude : float
        Latitude of origin [degree north].
    """

    datum: str
    meridian: float
    easting: float
    northing: float = 0.0
    scale: float = 1.0
    latitude: float = 0.0

    @property
    def is_plausible(self) -> bool:
        """Whether the numbers are those of a place on earth and of lengths near the true ones."""
        on_earth = abs(self.meridian) <= 180 and abs(self.latitude) <= 90  # noqa: PLR2004 - degrees
        shifted = max(abs(self.easting), abs(self.northing)) < 1e8  # noqa: PLR2004 - metres, with prefix
        return on_earth and shifted and abs(self.scale - 1) < 0.01  # noqa: PLR2004

    @property
    def value(self) -> str:
        """The grid as text: what `parse` reads."""
        more = [self.northing, self.scale, self.latitude]
        while more and more[-1] == _PLAIN[len(more) - 1]:
            more.pop()
        numbers = [self.meridian, self.easting, *more]
        return ":".join(
            [self.datum, _METHOD, *(f"{one:.12f}".rstrip("0").rstrip(".") for one in numbers)]
        )

    @cached_property
    def crs(self) -> CRS:
        """The projection, on the datum's own longitude and latitude."""
        conversion = TransverseMercatorConversion(
            latitude_natural_origin=self.latitude,
            longitude_natural_origin=self.meridian,
            false_easting=self.easting,
            false_northing=self.northing,
            scale_factor_natural_origin=self.scale,
        )
        base = CRS.from_epsg(_DATUMS[self.datum][0])
        return ProjectedCRS(conversion=conversion, name=self.label.en, geodetic_crs=base)

    @property
    def label(self) -> Text:
        """What people read."""
        datum = _DATUMS[self.datum][1]
        zh = f"{datum.zh}，地方格网，中央经线{self.meridian:g}°，东移 {self.easting:,.0f} m"
        en = f"{datum.en} / local grid CM {self.meridian:g}E, false easting {self.easting:,.0f} m"
        if self.northing:
            zh += f"，北移 {self.northing:,.0f} m"
            en += f", false northing {self.northing:,.0f} m"
        return Text(zh, en)


def parse(text: str) -> LocalGrid | None:
    """Return the grid that a text says, None if it says none."""
    datum, *rest = text.upper().split(":")
    numbers = rest[1:]
    if datum not in _DATUMS or rest[:1] != [_METHOD] or not 2 <= len(numbers) <= 5:  # noqa: PLR2004
        return None
    if not all(map(_NUMBER.fullmatch, numbers)):
        return None
    found = LocalGrid(datum, *map(float, numbers))
    return found if found.is_plausible else None
