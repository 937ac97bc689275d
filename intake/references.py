"""
References: the ways in which a pair of numbers can be a place, each as plain text.

``EPSG:4544`` is the pair as easting, northing (or longitude, latitude); ``EPSG:4544/yx`` the same
with the axes swapped; ``CGCS2000:TM:106.25:500000`` a local grid; ``GCJ-02`` and ``BD-09`` the
shifted coordinates of map services, ``GCJ-02@3857`` those in Web Mercator. CGCS2000 and WGS 84 are
one here. References on Xi'an 80 and Beijing 54 are known by name so that they can be recognised,
and refused without parameters.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo import gcj02
from geo.arrays import FloatArray
from geo.crs import STORAGE_CRS, chinese_name, transformer
from geo.errors import CrsError
from intake import local_grid
from intake.datum import SevenParameters
from intake.local_grid import LocalGrid
from intake.sentences import explained
from wording import Text

_SWAP = "/yx"
_SHIFTS: dict[str, Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]] = {
    "GCJ-02": gcj02.gcj02_to_wgs84,
    "BD-09": gcj02.bd09_to_wgs84,
}
# EPSG codes of the national series: datum, first code, its meridian, step, prefix in the easting
_SERIES = (
    ("CGCS2000", 4534, 75, 3, False),
    ("CGCS2000", 4513, 75, 3, True),
    ("CGCS2000", 4491, 75, 6, True),
    ("Xian 1980", 2370, 75, 3, False),
    ("Xian 1980", 2349, 75, 3, True),
    ("Xian 1980", 2327, 75, 6, True),
    ("Beijing 1954", 2422, 75, 3, False),
    ("Beijing 1954", 2401, 75, 3, True),
    ("Beijing 1954", 21413, 75, 6, True),
)
_LAST_MERIDIAN = 135
_OLD_DATUMS = ("Xian 1980", "Beijing 1954", "New Beijing", "Xian_1980", "Beijing_1954")


@dataclass(frozen=True)
class CoordinateReference:
    """
    One way to read a pair of numbers.

    Attributes
    ----------
    value : str
        As written above; `parse` makes it.
    """

    value: str

    @property
    def is_swapped(self) -> bool:
        """Whether the first number is the northing or latitude."""
        return self.value.endswith(_SWAP)

    @property
    def base(self) -> str:
        """The value without the mark of swapped axes."""
        return self.value.removesuffix(_SWAP)

    @cached_property
    def crs(self) -> CRS:
        """The CRS of the numbers, before the shift of a map service is undone."""
        if "@" in self.base:
            return CRS.from_epsg(int(self.base.split("@")[1]))
        if self.base in _SHIFTS:
            return STORAGE_CRS
        return self.grid.crs if self.grid else CRS.from_user_input(self.base)

    @cached_property
    def grid(self) -> LocalGrid | None:
        """The local grid, None for a national or worldwide reference."""
        return local_grid.parse(self.base)

    @property
    def shift(self) -> str:
        """``"GCJ-02"``, ``"BD-09"``, or "" for true positions."""
        return self.base.split("@")[0] if self.base.split("@")[0] in _SHIFTS else ""

    @cached_property
    def needs_parameters(self) -> bool:
        """Whether the datum's shift to CGCS2000 is not public."""
        base = self.crs.geodetic_crs or self.crs
        return any(word in f"{self.crs.name} {base.name}" for word in _OLD_DATUMS)

    @property
    def label(self) -> Text:
        """What people read."""
        en, zh = self.crs.name, chinese_name(self.crs)
        if self.shift:
            en = zh = self.base
        elif self.grid:
            en, zh = self.grid.label.en, self.grid.label.zh
        elif self.base in ("EPSG:4490", "EPSG:4326"):
            en, zh = "CGCS2000 / WGS 84 longitude, latitude", "CGCS2000 / WGS 84 经纬度"
        if self.is_swapped:
            return Text(f"{zh}（两轴颠倒）", f"{en}, axes swapped")
        return Text(zh, en)

    def to_lonlat(self, xy: FloatArray, parameters: SevenParameters | None = None) -> FloatArray:
        """
        Return positions as longitude and latitude.

        Parameters
        ----------
        xy : ndarray of float64, shape (n, 2)
            The file's numbers, first and second.
        parameters : SevenParameters, optional
            For an old datum; used and forgotten.

        Returns
        -------
        ndarray of float64, shape (n, 2)
            Longitude, latitude [degree], EPSG:4490; inf where a number is beyond the projection.

        Raises
        ------
        CrsError
            If the datum needs parameters and there are none.
        """
        x, y = (xy[:, 1], xy[:, 0]) if self.is_swapped else (xy[:, 0], xy[:, 1])
        if self.needs_parameters and parameters is not None:
            return parameters.to_cgcs2000(self.crs, x, y)
        if self.needs_parameters:
            words = explained("crs.needs_parameters", self.crs.name)
            raise CrsError(words.en, words.zh)
        if not self.crs.is_geographic:
            change = transformer(self.crs, STORAGE_CRS)
            x, y = (x, y) if change is None else change.transform(x, y)
        if self.shift:
            good = np.isfinite(x) & np.isfinite(y)
            lon, lat = _SHIFTS[self.shift](np.where(good, x, 0.0), np.where(good, y, 0.0))
            x, y = np.where(good, lon, np.inf), np.where(good, lat, np.inf)
        return np.column_stack([x, y])

    def to_working(
        self, xy: FloatArray, crs: CRS, parameters: SevenParameters | None = None
    ) -> FloatArray:
        """Return positions in the working `crs` [m]; exact where the file is in it already."""
        if not self.shift and self.crs == crs:
            return xy[:, ::-1].copy() if self.is_swapped else xy
        lonlat = self.to_lonlat(xy, parameters)
        change = transformer(STORAGE_CRS, crs)
        if change is None:
            return lonlat
        return np.column_stack(change.transform(lonlat[:, 0], lonlat[:, 1]))


def parse(value: str) -> CoordinateReference:
    """
    Return the reference that a person or a file names.

    Raises
    ------
    CrsError
        If the name is not one of the forms above; free PROJ text is not accepted.
    """
    text = value.strip()
    base = re.sub(r"(?i)/yx$", "", text)
    swap = _SWAP if base != text else ""
    names = {"gcj02": "GCJ-02", "bd09": "BD-09", "cgcs2000": "EPSG:4490", "wgs84": "EPSG:4326"}
    plain = re.sub(r"[-_ ]", "", base).lower()
    base = names.get(plain, base.upper())
    if grid := local_grid.parse(base):
        return CoordinateReference(grid.value + swap)
    if not re.fullmatch(r"EPSG:\d{4,6}|(GCJ-02|BD-09)(@3857)?", base):
        raise _unknown(value)
    found = CoordinateReference(base + swap)
    try:
        found.crs  # noqa: B018 - an EPSG code that does not exist raises here
    except CRSError as error:
        raise _unknown(value) from error
    return found


def _unknown(value: str) -> CrsError:
    return CrsError(
        f"{value!r} is not a coordinate system: expected EPSG:<code>, GCJ-02, BD-09, or a"
        " local grid CGCS2000:TM:<central meridian>:<false easting>, with /yx for swapped axes",
        f"{value!r} 不是坐标系：应为 EPSG:代码、GCJ-02、BD-09，或地方格网"
        " CGCS2000:TM:中央经线:东移量，两轴颠倒时加 /yx",
    )


@lru_cache(maxsize=16)
def around(lon: float) -> tuple[CoordinateReference, ...]:
    """
    Return every reference that data near a longitude may be in, the commonest first.

    Geographic, the zones of 3 and 6 degrees within two zones with and without prefix, UTM, the map
    services, and Web Mercator; each also with its axes swapped.
    """
    values = ["EPSG:4490", "GCJ-02", "BD-09"]
    values += [f"EPSG:{code}" for code in _zone_codes("CGCS2000", lon)]
    zone = int((lon + 180) // 6) + 1
    values += [f"EPSG:{32600 + near}" for near in (zone, zone - 1, zone + 1) if 1 <= near <= 60]  # noqa: PLR2004
    values += ["EPSG:3857", "GCJ-02@3857"]
    values += [
        f"EPSG:{code}" for name in ("Xian 1980", "Beijing 1954") for code in _zone_codes(name, lon)
    ]
    swapped = [value + _SWAP for value in values]
    return tuple(CoordinateReference(value) for value in values + swapped)


def _zone_codes(datum: str, lon: float) -> Iterator[int]:
    """Yield the codes of the zones whose central meridian is within 7.5 degrees, nearest first."""
    for name, first, start, step, _ in _SERIES:
        if name == datum:
            meridians = range(start, _LAST_MERIDIAN + 1, step)
            near = [cm for cm in meridians if abs(cm - lon) <= 7.5]  # noqa: PLR2004
            for cm in sorted(near, key=lambda cm: abs(cm - lon)):
                yield first + (cm - start) // step


def twin(reference: CoordinateReference, datum: str) -> str:
    """Return the value of the same zone on another datum, "" if there is none."""
    code = int(reference.base.split(":")[1]) if reference.base.startswith("EPSG:") else 0
    for index, (name, first, start, step, _) in enumerate(_SERIES[:3]):
        number = code - first
        if name == "CGCS2000" and 0 <= number <= (_LAST_MERIDIAN - start) // step:
            other = _SERIES[index + (3 if datum == "Xian 1980" else 6)]
            return f"EPSG:{other[1] + number}" + (_SWAP if reference.is_swapped else "")
    return ""
