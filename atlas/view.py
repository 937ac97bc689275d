"""View: the piece of ground a map frame shows, at a true scale."""

from dataclasses import dataclass
from math import log
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.canvas import Box, GeoFrame
from geo.errors import DataError

Bounds: TypeAlias = tuple[float, float, float, float]
"""Least easting, least northing, greatest easting, greatest northing [m]."""

_SMALL = (100000, 200000, 500000, 1000000, 2000000, 5000000)
SCALES = (200, 500, 1000, 2000, 5000, 10000, 25000, 50000, *_SMALL)
"""Scales a planning sheet usually has, largest first."""
GENERAL_SCALES = (4000, 5000, 10000, 15000, 20000, 25000, 50000, *_SMALL)
"""Scales of maps that show a town or the district."""
BETWEEN = (250, 300, 400, 600, 800, 1500, 2500, 3000, 4000, 15000, 20000)
"""Scales admitted beside the usual ones, for ground that would be lost in its frame."""
LEAST_SHARE = 0.65
"""Of the frame's longer or wider side that the ground should fill."""

_GRID_STEP_MM = 45.0


@dataclass(frozen=True)
class MapView:
    """
    A frame on paper and the ground it shows.

    Attributes
    ----------
    box : Box
        On paper [mm].
    west, north : float
        Ground coordinates of the frame's upper left corner [m], working CRS.
    scale : int
        Denominator: 1 mm on paper is `scale` mm on the ground.
    """

    box: Box
    west: float
    north: float
    scale: int

    @property
    def mm_per_m(self) -> float:
        """Millimetres on paper for a metre on the ground."""
        return 1000.0 / self.scale

    @property
    def bounds(self) -> Bounds:
        """Least easting, least northing, greatest easting, greatest northing [m]."""
        k = self.mm_per_m
        return (
            self.west,
            self.north - self.box.h / k,
            self.west + self.box.w / k,
            self.north,
        )

    @property
    def window(self) -> shapely.Polygon:
        """The ground shown, a rectangle [m] in the working CRS."""
        return shapely.box(*self.bounds)

    def to_paper(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return geometries [m], shape (n,), transformed to millimetres on paper."""
        return np.asarray(shapely.transform(np.asarray(shapes, dtype=object), self.project))

    def project(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ground coordinates [m], shape (n, 2), as (x, y) on paper [mm], shape (n, 2)."""
        k = self.mm_per_m
        return np.column_stack(
            [
                self.box.x + (coordinates[:, 0] - self.west) * k,
                self.box.y + (self.north - coordinates[:, 1]) * k,
            ]
        )

    def georeference(self, name: str) -> GeoFrame:
        """Return the frame with its ground coordinates, named `name` in PDF readers."""
        return GeoFrame(self.box, self.bounds, name)

    @property
    def grid_step(self) -> int:
        """Ground distance between grid crosses [m]: a round number, some 45 mm on paper."""
        wanted = _GRID_STEP_MM * self.scale / 1000
        steps = [m * 10**e for e in range(6) for m in (1, 2, 5)]
        steps += [25, 250]
        return int(min(steps, key=lambda step: abs(log(step / wanted))))

    def grid(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the eastings and northings of the grid inside the frame [m]."""
        west, south, east, north = self.bounds
        step = self.grid_step
        return (
            np.arange(np.ceil(west / step), np.floor(east / step) + 1) * step,
            np.arange(np.ceil(south / step), np.floor(north / step) + 1) * step,
        )


def fit(
    box: Box,
    bounds: Bounds,
    *,
    margin: float = 6.0,
    scales: tuple[int, ...] = SCALES,
    between: tuple[int, ...] = (),
) -> MapView:
    """
    Return the view of `bounds` at the largest of `scales` at which it fits, centred.

    Parameters
    ----------
    box : Box
        Frame on paper [mm].
    bounds : tuple of float
        Ground to show [m]: least easting, least northing, greatest easting, greatest northing.
    margin : float, default 6.0
        Paper kept free around it [mm].
    scales : tuple of int
        Denominators to choose from, largest scale first.
    between : tuple of int
        Further denominators, tried where less than `LEAST_SHARE` of the frame would be filled.

    Raises
    ------
    DataError
        If the ground does not fit at the smallest scale.
    """
    west, south, east, north = bounds
    wide, high = (east - west) * 1000, (north - south) * 1000
    least = max(wide / (box.w - 2 * margin), high / (box.h - 2 * margin))
    fitting = [scale for scale in scales if scale >= least]
    if not fitting:
        raise DataError(
            f"{east - west:.0f} x {north - south:.0f} m do not fit a frame of "
            f"{box.w:.0f} x {box.h:.0f} mm",
            f"{box.w:.0f}×{box.h:.0f} mm 的图框放不下 "
            f"{east - west:.0f}×{north - south:.0f} m 的范围",
        )
    scale = fitting[0]
    if max(wide / box.w, high / box.h) < LEAST_SHARE * scale:
        scale = min([scale, *(s for s in between if s >= least)])
    middle = ((west + east) / 2, (south + north) / 2)
    # Corners on whole millimetres of ground: what is printed can be written down exactly.
    return MapView(
        box,
        round(middle[0] - box.w * scale / 2000, 3),
        round(middle[1] + box.h * scale / 2000, 3),
        scale,
    )
