"""Spans: stretches of edges, from one place along an edge to another, joined and added up."""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.arrays import FloatArray, IndexArray, ShapeArray


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
    start, end, _ = segments_of(np.array([line], dtype=object))
    length = np.hypot(*(end - start).T)
    unit = (end - start) / np.where(length > 0, length, 1.0)[:, None]
    # Every segment with every circle, shape (m, c): the foot of the centre, and half the chord.
    to_centre = centre[None] - start[:, None]
    foot = np.einsum("mcx,mx->mc", to_centre, unit)
    off = to_centre[..., 1] * unit[:, None, 0] - to_centre[..., 0] * unit[:, None, 1]
    half = np.sqrt(np.maximum(radius_m**2 - off**2, 0.0))
    low, high = np.maximum(foot - half, 0.0), np.minimum(foot + half, length[:, None])
    edge, circle = np.nonzero((high > low) & (np.abs(off) < radius_m))
    found = Spans(edge, low[edge, circle], high[edge, circle]).joined()
    return float((found.high - found.low).sum())
