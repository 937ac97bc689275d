"""GCJ-02 and BD-09: there and back over the whole mainland."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from pyproj import Geod

from geo import gcj02

GEOD = Geod(ellps="GRS80")
lon = st.floats(73.6, 134.7)
lat = st.floats(18.2, 53.5)
PAIRS = [
    (gcj02.wgs84_to_gcj02, gcj02.gcj02_to_wgs84),
    (gcj02.gcj02_to_bd09, gcj02.bd09_to_gcj02),
    (gcj02.wgs84_to_bd09, gcj02.bd09_to_wgs84),
]


@pytest.mark.parametrize(("there", "back"), PAIRS)
@given(x=lon, y=lat)
def test_there_and_back_is_the_same_place_to_a_micrometre(there, back, x, y):
    home = back(*there(x, y))
    assert GEOD.inv(x, y, float(home[0]), float(home[1]))[2] < 1e-6


@pytest.mark.parametrize(("there", "back"), PAIRS)
@given(x=lon, y=lat)
def test_back_and_there_meets_the_formula_to_a_micrometre(there, back, x, y):
    again = there(*back(x, y))
    assert GEOD.inv(x, y, float(again[0]), float(again[1]))[2] < 1e-6


@given(x=lon, y=lat, dx=st.floats(-1e-4, 1e-4), dy=st.floats(-1e-4, 1e-4))
def test_neighbours_stay_neighbours(x, y, dx, dy):
    moved = gcj02.wgs84_to_gcj02(np.array([x, x + dx]), np.array([y, y + dy]))
    before = GEOD.inv(x, y, x + dx, y + dy)[2]
    after = GEOD.inv(moved[0][0], moved[1][0], moved[0][1], moved[1][1])[2]
    assert after == pytest.approx(before, rel=0.02, abs=0.05)
