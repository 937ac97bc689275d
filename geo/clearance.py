"""
Clearances 净距: exact distances between features, and the two points they are measured between.

Nothing is ever buffered: candidates come from an STRtree by `dwithin`, their distances from
`shapely.distance`. All coordinates are easting and northing [m] of one projected CRS.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

FloatArray: TypeAlias = npt.NDArray[np.float64]
IndexArray: TypeAlias = npt.NDArray[np.intp]
ShapeArray: TypeAlias = npt.NDArray[np.object_]

TOLERANCE_M = 5e-5
"""Half the 0.1 mm grid of working coordinates: distances nearer to each other are equal."""


@dataclass(frozen=True, slots=True)
class Clearances:
    """
    Every pair of a subject and an object that is near enough to matter.

    Attributes
    ----------
    subject, object : ndarray of intp, shape (p,)
        Positions in the arrays asked about, in the order of subjects, then of objects.
    distance : ndarray of float64, shape (p,)
        From the subject to the object's outer edge [m], 0 where they touch or overlap.
    """

    subject: IndexArray
    object: IndexArray
    distance: FloatArray

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.distance)

    def where(self, keep: npt.NDArray[np.bool_]) -> "Clearances":
        """Return the pairs at which `keep`, shape (p,), is true."""
        return Clearances(self.subject[keep], self.object[keep], self.distance[keep])


def clearances(
    subjects: ShapeArray,
    objects: ShapeArray,
    reach_m: float | FloatArray,
    half_width_m: float | FloatArray = 0.0,
) -> Clearances:
    """
    Measure every subject to every object within its reach.

    Parameters
    ----------
    subjects : ndarray of geometry, shape (n,)
        Trees, shafts, ...
    objects : ndarray of geometry, shape (k,)
        Centre lines, footprints, points; None and empty geometries pair with nothing.
    reach_m : float or ndarray of float64, shape (k,)
        How far from an object's outer edge a subject is still of interest [m].
    half_width_m : float or ndarray of float64, shape (k,), default 0.0
        Half the width of what a centre line stands for, a pipe's outer radius [m]; it is taken off
        the distance.

    Returns
    -------
    Clearances
        Sorted by subject, then by object; empty when nothing is near.
    """
    half_width = np.broadcast_to(np.asarray(half_width_m, dtype=np.float64), len(objects))
    reach = np.broadcast_to(np.asarray(reach_m, dtype=np.float64), len(objects))
    tree = shapely.STRtree(subjects)
    found = tree.query(objects, predicate="dwithin", distance=reach + half_width + TOLERANCE_M)
    obj, subject = found[:, np.lexsort((found[0], found[1]))]
    distance = shapely.distance(subjects[subject], objects[obj]) - half_width[obj]
    return Clearances(subject, obj, np.maximum(distance, 0.0))


def shortfall(pairs: Clearances, required_m: FloatArray) -> FloatArray:
    """
    Return what each pair lacks.

    Parameters
    ----------
    pairs : Clearances
        p pairs.
    required_m : ndarray of float64, shape (p,)
        The least distance allowed [m], NaN where nothing is required.

    Returns
    -------
    ndarray of float64, shape (p,)
        Required less measured [m]; exactly 0 within the grid's tolerance; NaN where nothing is
        required. Positive means too close.
    """
    lacking = required_m - pairs.distance
    return np.where(np.abs(lacking) <= TOLERANCE_M, 0.0, lacking)


def dimension_lines(
    subjects: ShapeArray,
    objects: ShapeArray,
    pairs: Clearances,
    half_width_m: float | FloatArray = 0.0,
) -> ShapeArray:
    """
    Draw the measured distance of each pair.

    Parameters
    ----------
    subjects, objects, half_width_m
        As given to `clearances`.
    pairs : Clearances
        p pairs of them.

    Returns
    -------
    ndarray of LineString, shape (p,)
        From the subject to the foot on the object's outer edge; a point where they touch.
    """
    half_width = np.broadcast_to(np.asarray(half_width_m, dtype=np.float64), len(objects))
    lines = shapely.shortest_line(subjects[pairs.subject], objects[pairs.object])
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    to_axis = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    inside = half_width[pairs.object] / np.where(to_axis > 0, to_axis, 1.0)
    share = np.clip(1.0 - inside, 0.0, 1.0)[:, None]
    ends[:, 1] = ends[:, 0] + (ends[:, 1] - ends[:, 0]) * share
    return np.asarray(shapely.linestrings(ends), dtype=object)
