"""
Clearances 净距: exact distances between features, and the two points they are measured between.

Nothing is ever buffered: candidates come from an STRtree by `dwithin`, their distances from
`shapely.distance`. All coordinates are easting and northing [m] of one projected CRS.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.arrays import BoolArray, FloatArray, IndexArray, ShapeArray

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

    def where(self, keep: BoolArray) -> "Clearances":
        """
        Return some of the pairs.

        Parameters
        ----------
        keep : ndarray of bool, shape (p,)
            Which ones.

        Returns
        -------
        Clearances
            The pairs at which `keep` is true, in their order.
        """
        return Clearances(self.subject[keep], self.object[keep], self.distance[keep])


def clearances(
    subjects: ShapeArray,
    objects: ShapeArray,
    reach_m: float | FloatArray,
    half_width_m: float | FloatArray = 0.0,
    radius_m: float | FloatArray = 0.0,
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
        Half the width of what a centre line represents, a pipe's outer radius [m]; it is taken off
        the distance.
    radius_m : float or ndarray of float64, shape (n,), default 0.0
        From a subject's geometry to its edge, a lamp post's radius [m]; it is taken off as well.

    Returns
    -------
    Clearances
        Sorted by subject, then by object; empty when nothing is near.
    """
    half_width = np.broadcast_to(np.asarray(half_width_m, dtype=np.float64), len(objects))
    reach = np.broadcast_to(np.asarray(reach_m, dtype=np.float64), len(objects))
    radius = np.broadcast_to(np.asarray(radius_m, dtype=np.float64), len(subjects))
    within = reach + half_width + radius.max(initial=0.0) + TOLERANCE_M
    found = shapely.STRtree(subjects).query(objects, predicate="dwithin", distance=within)
    obj, subject = found[:, np.lexsort((found[0], found[1]))]
    distance = shapely.distance(subjects[subject], objects[obj]) - half_width[obj]
    if not radius.any():
        return Clearances(subject, obj, np.maximum(distance, 0.0))
    pairs = Clearances(subject, obj, np.maximum(distance - radius[subject], 0.0))
    return pairs.where(pairs.distance <= reach[obj] + TOLERANCE_M)


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
    radius_m: float | FloatArray = 0.0,
) -> ShapeArray:
    """
    Draw the measured distance of each pair.

    Parameters
    ----------
    subjects, objects, half_width_m, radius_m
        As given to `clearances`.
    pairs : Clearances
        p pairs of them.

    Returns
    -------
    ndarray of LineString, shape (p,)
        From the subject's edge to the foot on the object's outer edge; a point where they touch.
    """
    half_width = np.broadcast_to(np.asarray(half_width_m, dtype=np.float64), len(objects))
    radius = np.broadcast_to(np.asarray(radius_m, dtype=np.float64), len(subjects))
    lines = shapely.shortest_line(subjects[pairs.subject], objects[pairs.object])
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    to_axis = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    # Each end moves along the line to the edge of its body; bodies that overlap meet in one point.
    length = np.where(to_axis > 0, to_axis, 1.0)
    begin = np.clip(radius[pairs.subject] / length, 0.0, 1.0)
    stop = np.maximum(np.clip(1.0 - half_width[pairs.object] / length, 0.0, 1.0), begin)
    along = ends[:, 1] - ends[:, 0]
    edges = ends[:, :1] + along[:, None] * np.stack([begin, stop], axis=1)[..., None]
    return np.asarray(shapely.linestrings(edges), dtype=object)
