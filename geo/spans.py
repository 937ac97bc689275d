"""Spans: stretches of edges, from one place along an edge to another, joined and added up."""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.arrays import FloatArray, IndexArray, ShapeArray
from geo.runs import equal_entries


@dataclass(frozen=True, slots=True)
class Spans:
    """
    Stretches of edges.

    Attributes
    ----------
    edge : ndarray of intp, shape (s,)
        Which edge.
    low, high : ndarray of float64, shape (s,)
        From where to where, measured from the start of the edge [m]; low is below high.
    """

    edge: IndexArray
    low: FloatArray
    high: FloatArray

    def __len__(self) -> int:
        """Return the number of stretches."""
        return len(self.edge)

    def joined(self, gap_m: float = 0.0) -> "Spans":
        """
        Join stretches of an edge that overlap or leave no more than a gap between them.

        Parameters
        ----------
        gap_m : float, default 0.0
            The longest gap that is closed [m].

        Returns
        -------
        Spans
            In ascending order of edge and place, apart from one another.
        """
        if not len(self):
            return self
        order = np.lexsort((self.low, self.edge))
        edge, low, high = self.edge[order], self.low[order], self.high[order]
        # One axis for all edges, each far beyond the last: a running maximum never crosses over.
        apart = edge * (high.max() - low.min() + 2.0 * gap_m + 1.0)
        farthest = np.maximum.accumulate(high + apart)
        begins = np.flatnonzero(np.r_[True, (low + apart)[1:] > farthest[:-1] + gap_m])
        return Spans(edge[begins], low[begins], np.maximum.reduceat(high, begins))


def segments_of(shapes: ShapeArray) -> tuple[FloatArray, FloatArray, IndexArray]:
    """
    Return the segments of lines.

    Parameters
    ----------
    shapes : ndarray of LineString, LinearRing or MultiLineString, shape (n,)
        None and empty ones have no segment.

    Returns
    -------
    start, end : ndarray of float64, shape (m, 2)
        Easting and northing of the ends [m].
    owner : ndarray of intp, shape (m,)
        Position of the line each belongs to, ascending.
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    joined = part[1:] == part[:-1]
    return points[:-1][joined], points[1:][joined], owner[part[:-1][joined]]


def length_within(line: shapely.Geometry, centre: FloatArray, radius_m: FloatArray) -> float:
    """
    Measure how much of a line lies within circles, exactly.

    Parameters
    ----------
    line : LineString or MultiLineString
        In a projected CRS [m]; its parts overlap nowhere.
    centre : ndarray of float64, shape (c, 2)
        Easting and northing of the circles' centres [m].
    radius_m : ndarray of float64, shape (c,)
        Their radii [m].

    Returns
    -------
    float
        Length within at least one circle [m]; what several cover counts once.
    """
    lines = np.array([line], dtype=object)
    return float(lengths_within(lines, centre, radius_m, np.zeros(len(centre), dtype=np.intp))[0])


def lengths_within(
    lines: ShapeArray, centre: FloatArray, radius_m: FloatArray, line_of: IndexArray
) -> FloatArray:
    """
    Measure how much of each line lies within its own circles, exactly.

    Parameters
    ----------
    lines : ndarray of LineString or MultiLineString, shape (n,)
        In a projected CRS [m]; the parts of one overlap nowhere.
    centre : ndarray of float64, shape (c, 2)
        Easting and northing of the circles' centres [m].
    radius_m : ndarray of float64, shape (c,)
        Their radii [m].
    line_of : ndarray of intp, shape (c,)
        Position of the line that each circle belongs to, ascending.

    Returns
    -------
    ndarray of float64, shape (n,)
        Length within at least one of its circles [m]; what several cover counts once.
    """
    start, end, owner = segments_of(lines)
    length = np.hypot(*(end - start).T)
    unit = (end - start) / np.where(length > 0, length, 1.0)[:, None]
    # Every segment with every circle of its line: the foot of the centre, and half the chord.
    edge, circle = equal_entries(line_of, owner)
    to_centre, along = centre[circle] - start[edge], unit[edge]
    foot = (to_centre * along).sum(axis=1)
    off = to_centre[:, 1] * along[:, 0] - to_centre[:, 0] * along[:, 1]
    half = np.sqrt(np.maximum(radius_m[circle] ** 2 - off**2, 0.0))
    low, high = np.maximum(foot - half, 0.0), np.minimum(foot + half, length[edge])
    cut = np.flatnonzero((high > low) & (np.abs(off) < radius_m[circle]))
    found = Spans(edge[cut], low[cut], high[cut]).joined()
    within = np.bincount(owner[found.edge], found.high - found.low, minlength=len(lines))
    return within.astype(np.float64)  # of nothing at all, bincount returns integers
