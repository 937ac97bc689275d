"""
Gates: the surveyed entrances of estates, and where they let people through.

An estate of which any gate was surveyed is enclosed: people cross its outline at an open gate only.
A gate of unknown state counts as open; `rules.walkway_report` and the findings whose walk passes it
say so. An estate of which no gate was surveyed is as open as its walkways are drawn.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from geo.runs import least_of_groups, members_of_groups
from rules.rows import Rows


@dataclass(frozen=True, eq=False)
class Gates:
    """
    The g surveyed entrances of n estates.

    Attributes
    ----------
    points : ndarray of float64, shape (g, 2)
        Easting and northing [m].
    estate : ndarray of int64, shape (g,)
        Position of the estate of each.
    is_open : ndarray of bool, shape (g,)
        False where closed; one of unknown state is open.
    outlines : ndarray of geometry, shape (n,)
        Of all estates.
    gate_m : float
        How far from a gate a walkway leads through it, and how far an outline may be off [m].
    """

    points: FloatArray
    estate: IntArray
    is_open: BoolArray
    outlines: ObjectArray
    gate_m: float

    @classmethod
    def of(cls, entrances: Rows, gate_m: float) -> "Gates":
        """
        Return the entrances that belong to an estate.

        Parameters
        ----------
        entrances : Rows
            Of the layer of that name.
        gate_m : float
            As above [m].
        """
        rows = entrances.keep(entrances.estate >= 0)
        is_open = ~rows.has_code("state", "closed")
        return cls(rows.points, rows.estate, is_open, entrances.estates, gate_m)

    def are_passed_by(self, routes: ObjectArray) -> BoolArray:
        """
        Return which routes cross the outline of an estate at any of its entrances.

        Parameters
        ----------
        routes : ndarray of LineString, shape (r,)
            In the CRS of the gates.

        Returns
        -------
        ndarray of bool, shape (r,)
        """
        around = shapely.buffer(shapely.points(self.points), self.gate_m)
        at_gate = shapely.intersection(shapely.boundary(self.outlines[self.estate]), around)
        route, _ = shapely.STRtree(at_gate).query(routes, predicate="intersects")
        passed = np.zeros(len(routes), dtype=bool)
        passed[route] = True
        return passed

    @cached_property
    def enclosed(self) -> IntArray:
        """The estates that have any, ascending."""
        return np.unique(self.estate)

    def are_enclosed(self, estate: IntArray) -> BoolArray:
        """Return which of some estates are enclosed; -1 is none."""
        return np.isin(estate, self.enclosed)

    def open_points(self, estate: int) -> FloatArray:
        """Return easting and northing of the open gates of an enclosed estate [m], shape (o, 2)."""
        here = self._places_of[estate]
        return self.points[here[self.is_open[here]]]

    @cached_property
    def _places_of(self) -> dict[int, IntArray]:
        """Where those of each enclosed estate are."""
        return members_of_groups(self.estate)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(np.asarray(shapely.points(self.points)))

    @cached_property
    def _inner(self) -> shapely.STRtree:
        """The ground of the enclosed estates that is well inside the outline."""
        return shapely.STRtree(shapely.buffer(self.outlines[self.enclosed], -self.gate_m))

    def well_inside(self, points: FloatArray) -> IntArray:
        """
        Return the enclosed estate that points are well inside.

        Parameters
        ----------
        points : ndarray of float64, shape (k, 2)
            Easting and northing [m].

        Returns
        -------
        ndarray of int64, shape (k,)
            Its position, of several the lowest; -1 where a point is outside all, or nearer to the
            outline than `gate_m`.
        """
        point, place = self._inner.query(shapely.points(points), predicate="intersects")
        lowest = least_of_groups(point, place)
        estate = np.full(len(points), -1, dtype=np.int64)
        estate[point[lowest]] = self.enclosed[place[lowest]]
        return estate

    def nearest(self, estate: IntArray, at: FloatArray, within_m: float) -> IntArray:
        """
        Return the gate that explains why people cross an outline at some points.

        Parameters
        ----------
        estate : ndarray of int64, shape (c,)
            Whose outline.
        at : ndarray of float64, shape (c, 2)
            Where [m].
        within_m : float
            How far away a gate may be [m].

        Returns
        -------
        ndarray of int64, shape (c,)
            The nearest gate of that estate, else of a neighbour (a gate between two is recorded
            with one of them), an open one of two as near; -1 where none is in reach.
        """
        found = np.full(len(at), -1, dtype=np.int64)
        shapes = np.asarray(shapely.points(at))
        one, other = self._tree.query(shapes, "dwithin", within_m)
        away_m = shapely.distance(shapes[one], self._tree.geometries[other])
        is_other = estate[one] != self.estate[other]
        best = least_of_groups(one, is_other, away_m, ~self.is_open[other])
        found[one[best]] = other[best]
        return found

    def lets_through(self, estate: IntArray, at: FloatArray, within_m: float) -> BoolArray:
        """
        Return whether people can cross outlines, as the nearest gate says.

        Parameters
        ----------
        estate, at, within_m
            As for `nearest`.

        Returns
        -------
        ndarray of bool, shape (c,)
            False where no gate is in reach.
        """
        return self.are_open(self.nearest(estate, at, within_m))

    def are_open(self, gate: IntArray) -> BoolArray:
        """Return which of some gates are open; -1 is none."""
        is_open: BoolArray = np.append(self.is_open, False)[gate]
        return is_open
