"""
Free ground: the part of an area in which a subject of some size passes the check.

A keep-out zone is a polygon drawn around an obstacle; it always contains the exact zone, so ground
outside it always passes. It is wider than the exact one by about one part in ninety: that covers
the arcs (chords, drawn outside) and the shallow bends that GEOS straightens before it buffers.
Zones only propose ground: what decides is `clearances.check`, which measures.
"""

import math

import geopandas as gpd
import numpy as np
import shapely

from clearances.features import Subject
from clearances.surroundings import Surroundings
from geo.arrays import IndexArray, ShapeArray
from geo.crs import GRID_M
from layers.district import District

_ARC_SEGMENTS = 16  # chords of a quarter circle
_STRAIGHTENED = 0.01  # of the distance: how far GEOS may cut a shallow bend
_ROUNDED_M = 10 * GRID_M  # more than coordinates move when they are rounded to the grid


def zones(around: Surroundings, subject: Subject, at: IndexArray) -> ShapeArray:
    """
    Return the keep-out zones of some obstacles for a subject.

    Parameters
    ----------
    around : Surroundings
        Obstacles.
    subject : Subject
        Of one of the classes `around` was gathered for.
    at : ndarray of intp, shape (z,)
        Positions of obstacles.

    Returns
    -------
    ndarray of Polygon or MultiPolygon, shape (z,)
        In the working CRS [m]; empty where nothing is required.
    """
    distance = around.keep_out_m(subject)[at]
    wider = (distance * (1.0 + _STRAIGHTENED) + _ROUNDED_M) / math.cos(math.pi / 4 / _ARC_SEGMENTS)
    drawn = shapely.buffer(around.geometry[at], np.nan_to_num(wider), quad_segs=_ARC_SEGMENTS)
    drawn[np.isnan(distance)] = shapely.Polygon()
    return np.asarray(drawn, dtype=object)


def covered(district: District) -> ShapeArray:
    """
    Return what covers the ground: buildings, paving (else walkways by width), fire ground.

    Parameters
    ----------
    district : District
        Its layers; the ones never surveyed cover nothing, nor do walkways of unknown width.

    Returns
    -------
    ndarray of Polygon or MultiPolygon, shape (m,)
        In the working CRS [m].
    """
    paths = district["walkways"]
    paths = paths[paths["width_m"].notna()]
    strips = shapely.buffer(
        np.asarray(paths.geometry.array, dtype=object), paths["width_m"].to_numpy() / 2.0
    )
    surfaces = [
        np.asarray(district[layer].geometry.array, dtype=object)
        for layer in ("buildings", "paving", "fire_lanes")
    ]
    return np.concatenate([*surfaces, *(() if district.has("paving") else (strips,))])


class FreeGround:
    """
    The free ground of named areas, found when first asked for.

    Parameters
    ----------
    areas : geopandas.GeoSeries
        Polygons by id, in the working CRS [m].
    around : Surroundings
        What subjects must keep clear of.
    taken : ndarray of geometry, shape (m,)
        Polygons that are occupied, such as `covered`.
    """

    def __init__(self, areas: gpd.GeoSeries, around: Surroundings, taken: ShapeArray) -> None:
        self.areas, self.around, self._taken = areas, around, taken
        self._near = shapely.STRtree(around.geometry)
        self._over = shapely.STRtree(taken)
        self._zones: dict[Subject, tuple[ShapeArray, shapely.STRtree]] = {}
        self._found: dict[tuple[str, Subject], shapely.Geometry] = {}

    def has(self, area_id: object) -> bool:
        """
        Return whether an area is known.

        Parameters
        ----------
        area_id : object
            An id; a missing one is not known.

        Returns
        -------
        bool
            Whether `free` answers for it.
        """
        return area_id in self.areas.index

    def free(self, area_id: str, subject: Subject) -> shapely.Geometry:
        """
        Return where in an area a subject passes.

        Parameters
        ----------
        area_id : str
            A known area.
        subject : Subject
            Of one of the classes the surroundings were gathered for.

        Returns
        -------
        shapely.MultiPolygon
            Places for the subject's geometry, in the working CRS [m]; empty where there is none.
        """
        key = (area_id, subject)
        if key not in self._found:
            self._found[key] = self._cut(self.areas.loc[area_id], subject)
        return self._found[key]

    def _cut(self, area: shapely.Geometry, subject: Subject) -> shapely.Geometry:
        if subject not in self._zones:
            drawn = self._drawn(subject)
            self._zones[subject] = (drawn, shapely.STRtree(drawn))
        drawn, tree = self._zones[subject]
        takers = np.concatenate([drawn[tree.query(area)], self._taken[self._over.query(area)]])
        return polygons_of(shapely.difference(area, shapely.union_all(takers)))

    def _drawn(self, subject: Subject) -> ShapeArray:
        """Return the zones that may reach an area."""
        widest = float(np.nanmax(self.around.keep_out_m(subject), initial=0.0))
        found = self._near.query(
            np.asarray(self.areas.array, dtype=object), predicate="dwithin", distance=2 * widest
        )
        return zones(self.around, subject, np.unique(found[1]))


def polygons_of(shape: shapely.Geometry) -> shapely.Geometry:
    """
    Return the surfaces of a shape alone, dropping stray lines and points.

    Parameters
    ----------
    shape : shapely.Geometry
        Any.

    Returns
    -------
    shapely.MultiPolygon
        Empty where it has no surface.
    """
    parts = shapely.get_parts(shape)
    surfaces = parts[shapely.get_dimensions(parts) == 2]  # noqa: PLR2004 - surfaces
    found: shapely.Geometry = shapely.multipolygons(surfaces)
    return found
