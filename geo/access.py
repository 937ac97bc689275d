"""
Access: places that are entered, and walks that begin, at one of several points.

A park has four gates, an estate is left by either of its entrances: the walk is the shortest by any
of them. Searches run over all points; what they find is brought back to places and origins here.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.arrays import FloatArray, IntArray, ObjectArray
from geo.network import Snap
from geo.pairs import Pairs
from geo.runs import equal_entries, least_of_groups


@dataclass(frozen=True, eq=False)
class Access:
    """
    The n ways by which k places are entered from a network.

    Attributes
    ----------
    point : ndarray of float64, shape (n, 2)
        Entrance of the place, easting and northing [m].
    snap : Snap, n points
        Where the way to it leaves the network; the access leg counts the straight way from there.
    place : ndarray of int64, shape (n,)
        The place that each way belongs to, ascending.
    """

    point: FloatArray
    snap: Snap
    place: IntArray

    def take(self, places: IntArray) -> "Access":
        """Return the points of some places, each place named once, numbered as they are given."""
        number = np.full(max(int(self.place.max(initial=-1)), int(places.max(initial=-1))) + 1, -1)
        number[places] = np.arange(len(places))
        mine = number[self.place]
        order = np.argsort(mine, kind="stable")
        order = order[mine[order] >= 0]
        return Access(self.point[order], self.snap.take(order), mine[order])


def points_of(shapes: ObjectArray) -> tuple[FloatArray, IntArray]:
    """
    Return every point of shapes, and the position of the shape that each belongs to.

    Parameters
    ----------
    shapes : ndarray of Point or MultiPoint, shape (k,)
        A missing or empty one has no point.

    Returns
    -------
    point : ndarray of float64, shape (n, 2)
        Easting and northing [m].
    place : ndarray of int64, shape (n,)
        Ascending.
    """
    point, place = shapely.get_coordinates(shapes, return_index=True)
    return point, place.astype(np.int64)


@dataclass(frozen=True, eq=False)
class Starts:
    """
    The points at which the walks of k origins begin, on a network.

    Attributes
    ----------
    snap : Snap, n points
        On the network; the access leg counts the straight way from the origin to the point too.
    origin : ndarray of int64, shape (n,)
        The origin that each point belongs to, ascending; every origin has one at least.
    """

    snap: Snap
    origin: IntArray

    def of(self, origins: IntArray) -> tuple["Starts", IntArray]:
        """Return the starts of some origins, numbered as given, and their positions in these."""
        origin, chosen = equal_entries(self.origin, origins)
        return Starts(self.snap.take(chosen), origin), chosen

    def shortest(self, distance: FloatArray, witness: IntArray) -> IntArray:
        """
        Return for each origin the position of the point from which its walk is the shortest.

        Parameters
        ----------
        distance : ndarray of float64, shape (n,)
            The walk from every point [m], inf where there is none.
        witness : ndarray of int64, shape (n,)
            Where it ends; of walks as long the one to the lowest is taken.
        """
        return least_of_groups(self.origin, distance, witness)


def shortest_pairs(pairs: Pairs, origin: IntArray, place: IntArray) -> Pairs:
    """
    Return pairs of points as pairs of the origins and places that they belong to.

    Parameters
    ----------
    pairs : Pairs
        Of points.
    origin, place : ndarray of int64
        The origin of each starting point, and the place of each point of access.

    Returns
    -------
    Pairs
        In ascending order of origin, then place, each with its shortest walk [m].
    """
    origin, place = origin[pairs.origin], place[pairs.facility]
    order = np.lexsort((pairs.distance, place, origin))
    origin, place = origin[order], place[order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(origin) != 0) | (np.diff(place) != 0)
    return Pairs(origin[first], place[first], pairs.distance[order][first])
