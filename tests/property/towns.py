"""Invented little towns: random lines, some with bends, loops and parallels, and points."""

import hypothesis.strategies as st
import numpy as np
import shapely
from hypothesis import assume
from pyproj import CRS

from geo.network import WalkNetwork

GRID = CRS.from_epsg(4544)
decimetres = st.integers(0, 3_000).map(lambda value: value / 10)
place = st.tuples(decimetres, decimetres)


@st.composite
def lines(draw):
    """Return an array of LineStrings that share some of their end points."""
    corners = draw(st.lists(place, min_size=2, max_size=7, unique=True))
    corner = st.sampled_from(corners)
    ways = draw(
        st.lists(st.tuples(corner, st.lists(place, max_size=2), corner), min_size=1, max_size=9)
    )
    coordinates = [[start, *bends, end] for start, bends, end in ways]
    made = np.array([shapely.LineString(line) for line in coordinates], dtype=object)
    made = made[shapely.length(made) > 0]
    assume(len(made) > 0)
    return made


def points(least=1, most=6):
    """Return a strategy for arrays of points, shape (n, 2)."""
    several = st.lists(place, min_size=least, max_size=most)
    return several.map(lambda some: np.array(some, dtype=np.float64).reshape(-1, 2))


def network(some_lines):
    """Return the walking network of an array of lines."""
    return WalkNetwork.from_walkways(some_lines, GRID)


def have_one_foot(some_lines, places, within_m=1e-6) -> bool:
    """
    Return whether every place has one nearest spot on the network.

    Lines that are equally near, within `within_m`, agree on it only where they end there, and so
    are joined.
    """
    ends = [shapely.MultiPoint([line.coords[0], line.coords[-1]]) for line in some_lines]
    for spot in shapely.points(places):
        gaps = shapely.distance(some_lines, spot)
        tied = np.flatnonzero(gaps <= gaps.min() + within_m)
        foot = shapely.get_point(shapely.shortest_line(some_lines[tied[0]], spot), 0)
        if len(tied) > 1 and any(ends[one].distance(foot) > within_m for one in tied):
            return False
    return True
