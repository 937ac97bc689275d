"""Outlines brought onto the grid of a district: valid where they were, or set apart."""

import hypothesis.strategies as st
import numpy as np
import shapely
from hypothesis import given

from geo.crs import GRID_M, is_on_grid, round_to_grid
from intake.placing import on_grid

_near = st.floats(-3e-4, 3e-4)
_far = st.floats(-50, 50)


@st.composite
def outlines(draw):
    """Draw a ring whose corners are metres or fractions of the grid apart, made valid."""
    count = draw(st.integers(3, 9))
    at = np.array([604_500.0, 4_206_000.0])
    corners = []
    for _ in range(count):
        step = draw(st.tuples(_far, _far) | st.tuples(_near, _near))
        at = at + step
        corners.append(at)
    whole = shapely.make_valid(shapely.Polygon(corners), method="structure", keep_collapsed=False)
    is_outline = isinstance(whole, (shapely.Polygon, shapely.MultiPolygon)) and whole.is_valid
    return whole if is_outline else None  # make_valid leaves a spike now and then


@given(st.lists(outlines(), min_size=1, max_size=4))
def test_what_is_kept_is_valid_on_the_grid_and_what_is_not_is_as_it_was(shapes):
    before = np.array([*shapes, None], dtype=object)
    after = on_grid(before)
    for old, new, is_lost in zip(before, after, ~is_on_grid(after), strict=True):
        if old is None or is_lost:
            assert new == old
            continue
        xy = shapely.get_coordinates(new)
        assert (round_to_grid(xy) == xy).all()
        assert new.is_valid
        assert new.is_empty == old.is_empty
        # A corner moves by at most the diagonal of half a cell, snapping by a cell more.
        assert abs(new.area - old.area) <= max(old.length * 2 * GRID_M, 0.011 * old.area)
