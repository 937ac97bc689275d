"""
Datum: seven parameters from the surveying office, used for one import and kept nowhere.

They are a state secret in some offices: they are never part of a choice, a receipt, a message, a
log or a file, and their `repr` does not show them.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geo.errors import CrsError

FloatArray = NDArray[np.float64]

_ELLIPSOIDS = {"Xian": "IAU76", "Beijing": "krass"}


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
