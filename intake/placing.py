"""Placing: geometries brought from a file's numbers into the district, and those that miss it."""

from typing import Any

import numpy as np
import shapely

from geo.arrays import BoolArray, FloatArray, ShapeArray
from geo.crs import GRID_M, round_to_grid
from intake.datum import SevenParameters
from intake.place import PlacePrior
from intake.proposal import Candidate, Proposal
from intake.references import CoordinateReference
from wording import Text

_SAME_SHARE = 0.99  # of its area that an outline must keep on the grid to be the same outline
_FARTHEST = 1e15  # no reference has larger numbers, not even in millimetres; GEOS gives up on some


def propose_outside() -> Proposal:
    """Ask whether rows beyond the district's box are taken; settled as no."""
    question = Text("范围之外的行怎么办？", "What of rows outside the district?")
    offers = (
        Candidate("quarantine", Text("隔离", "quarantine them"), 1.0),
        Candidate("keep", Text("保留", "keep them"), 0.5),
    )
    return Proposal("outside", question, offers, "quarantine")


def centres(shapes: ShapeArray) -> FloatArray:
    """Return one position a row, shape (n, 2); NaN where the row has no geometry or no place."""
    points: Any = shapely.centroid(np.where(_is_somewhere(shapes), shapes, np.array([None])))
    found = np.full((len(shapes), 2), np.nan)
    there = np.flatnonzero(~(shapely.is_missing(points) | shapely.is_empty(points)))
    found[there] = shapely.get_coordinates(points[there])
    return found


def _is_somewhere(shapes: ShapeArray) -> BoolArray:
    """Return which geometries have no number that damage has made larger than any place."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    is_somewhere = np.ones(len(shapes), dtype=bool)
    is_somewhere[owner[~(np.abs(xy) < _FARTHEST).all(axis=1)]] = False
    return is_somewhere


def moved(
    shapes: ShapeArray,
    reference: CoordinateReference,
    place: PlacePrior,
    parameters: SevenParameters | None = None,
) -> ShapeArray:
    """Return geometries in the working CRS [m], flat, as `on_grid` leaves them."""
    with np.errstate(all="ignore"):
        there: Any = shapely.transform(
            shapes, lambda xy: reference.to_working(xy, place.crs, parameters)
        )
    return on_grid(np.asarray(there, dtype=object))


def on_grid(shapes: ShapeArray) -> ShapeArray:
    """
    Return geometries on the 0.1 mm grid of a district.

    Parameters
    ----------
    shapes : ndarray of geometry, shape (n,)
        In the working CRS [m]; None stays, and invalid ones stay invalid.

    Returns
    -------
    ndarray of geometry, shape (n,)
        A valid geometry stays valid, unless its numbers are larger than any place. A sliver thinner
        than the grid, of which nothing would be left, stays where it was: `is_on_grid` tells.
    """
    rounded = np.asarray(shapely.transform(shapes, round_to_grid), dtype=object)
    is_broken = ~shapely.is_missing(rounded) & ~shapely.is_valid(rounded)
    at = np.flatnonzero(is_broken & _is_somewhere(shapes))
    at = at[shapely.is_valid(shapes[at])]
    snapped = shapely.set_precision(shapes[at], GRID_M)
    is_thinner = shapely.area(snapped) < _SAME_SHARE * shapely.area(shapes[at])
    is_lost = np.asarray(shapely.is_empty(snapped), dtype=bool) | is_thinner
    rounded[at] = np.where(is_lost, shapes[at], snapped)
    return rounded


def is_outside(shapes: ShapeArray, place: PlacePrior) -> BoolArray:
    """Return which geometries have no part in the district's box, or no finite place at all."""
    west, south, east, north = place.bounds
    corners = np.array([[west, south], [west, north], [east, south], [east, north]])
    box = CoordinateReference("EPSG:4490").to_working(corners, place.crs)
    low, high = box.min(axis=0), box.max(axis=0)
    bounds = np.asarray(shapely.bounds(shapes), dtype=np.float64)
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    inside = (bounds[:, 2:] >= low).all(axis=1) & (bounds[:, :2] <= high).all(axis=1)
    return np.asarray(there & ~inside, dtype=bool)
