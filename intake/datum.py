"""
Datum: seven parameters from the surveying office, used for one import and kept nowhere.

They are a state secret in some offices: they are never part of a choice, a receipt, a message, a
log or a file, and their `repr` does not show them.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from pyproj import CRS, Transformer

from geo.arrays import FloatArray
from geo.errors import CrsError, DataError

_ELLIPSOIDS = {"Xian": "IAU76", "Beijing": "krass"}
_LIMITS = {
    "dx": 1000.0, "dy": 1000.0, "dz": 1000.0, "rx": 60.0, "ry": 60.0, "rz": 60.0, "scale": 100.0,
}  # fmt: skip
"""What each number may be at most: beyond, it is in another unit than asked for."""
_CONVENTIONS: tuple[Literal["coordinate_frame", "position_vector"], ...] = (
    "coordinate_frame",
    "position_vector",
)
_EXPECTED_EN = (
    "expected TOML with dx, dy, dz [m], rx, ry, rz [arc second], scale [ppm] "
    "and convention = coordinate_frame or position_vector"
)
_EXPECTED_ZH = (
    "应为 TOML 文件，含 dx、dy、dz（米），rx、ry、rz（角秒），scale（百万分率）"
    "及 convention = coordinate_frame 或 position_vector"
)


@dataclass(frozen=True, slots=True)
class SevenParameters:
    """
    A similarity transformation from an old datum to CGCS2000.

    Attributes
    ----------
    dx, dy, dz : float
        Shift [m].
    rx, ry, rz : float
        Rotation [arc second].
    scale : float
        Scale difference [parts per million].
    convention : {"coordinate_frame", "position_vector"}
        Sense of the rotations; the two differ in sign. The office that issues the parameters says
        which; most Chinese software uses the coordinate frame.
    """

    dx: float = field(repr=False)
    dy: float = field(repr=False)
    dz: float = field(repr=False)
    rx: float = field(repr=False)
    ry: float = field(repr=False)
    rz: float = field(repr=False)
    scale: float = field(repr=False)
    convention: Literal["coordinate_frame", "position_vector"] = field(repr=False)

    def to_cgcs2000(self, crs: CRS, x: FloatArray, y: FloatArray) -> FloatArray:
        """
        Return positions of an old datum as longitude and latitude on CGCS2000.

        Parameters
        ----------
        crs : pyproj.CRS
            Xi'an 80 or Beijing 54, geographic or projected.
        x, y : ndarray of float64, shape (n,)
            Easting and northing [m], or longitude and latitude [degree]; heights are taken as zero.

        Returns
        -------
        ndarray of float64, shape (n, 2)
            Longitude, latitude [degree], EPSG:4490.

        Raises
        ------
        CrsError
            If the datum is neither of the two.
        """
        base = crs.geodetic_crs or crs
        ellipsoid = next((e for name, e in _ELLIPSOIDS.items() if name in base.name), "")
        if not ellipsoid:
            raise CrsError(
                f"seven parameters are for Xi'an 80 and Beijing 54, not for {crs.name}",
                f"七参数只用于西安80和北京54坐标系，不用于 {crs.name}",
            )
        if not crs.is_geographic:
            x, y = Transformer.from_crs(crs, base, always_xy=True).transform(x, y)
        lon, lat, _ = self._pipeline(ellipsoid).transform(x, y, np.zeros_like(x))
        return np.column_stack([lon, lat])

    def _pipeline(self, ellipsoid: str) -> Transformer:
        helmert = (
            f"+proj=helmert +x={self.dx!r} +y={self.dy!r} +z={self.dz!r} +rx={self.rx!r}"
            f" +ry={self.ry!r} +rz={self.rz!r} +s={self.scale!r} +convention={self.convention}"
        )
        return Transformer.from_pipeline(
            "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad"
            f" +step +proj=cart +ellps={ellipsoid} +step {helmert}"
            " +step +inv +proj=cart +ellps=GRS80"
            " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
        )


def read_parameters(path: Path) -> SevenParameters:
    """
    Read seven parameters from a file of the office's own.

    Parameters
    ----------
    path : pathlib.Path
        TOML with the attributes of `SevenParameters` as keys.

    Raises
    ------
    DataError
        If the file cannot be read, or a key is absent, unknown or out of range. The message names
        keys, never a value, and no cause is attached that would.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _unusable(path, str(error.strerror), str(error.strerror)) from None
    except ValueError:  # the decoder's message quotes the text
        raise _unusable(path, "it is not TOML", "不是 TOML 格式") from None
    wanted = {*_LIMITS, "convention"}
    wrong = sorted(wanted.symmetric_difference(found))
    wrong += [name for name, most in _LIMITS.items() if not _is_number(found.get(name), most)]
    convention = next((one for one in _CONVENTIONS if one == found.get("convention")), None)
    if wrong or convention is None:
        names = ", ".join(dict.fromkeys([*wrong, *([] if convention else ["convention"])]))
        raise _unusable(path, f"look at {names}", f"请检查 {names}")
    numbers = {name: float(found[name]) for name in _LIMITS}
    return SevenParameters(**numbers, convention=convention)


def _is_number(value: object, most: float) -> bool:
    is_plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_plain and abs(float(value)) <= most  # type: ignore[arg-type]


def _unusable(path: Path, en: str, zh: str) -> DataError:
    return DataError(
        f"{path.name}: the seven parameters cannot be used: {en}; {_EXPECTED_EN}",
        f"{path.name}：七参数无法使用：{zh}；{_EXPECTED_ZH}",
    )
