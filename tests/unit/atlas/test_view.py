import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.canvas import Box
from atlas.furniture import layout_of
from atlas.view import BETWEEN, MapView, fit
from geo.errors import DataError

FRAME = Box(30, 20, 200, 150)


def test_a_hundred_metres_measure_a_hundred_millimetres_at_one_to_a_thousand():
    view = MapView(FRAME, 605000.0, 4206000.0, 1000)
    (a, b) = view.project(np.array([[605000.0, 4206000.0], [605100.0, 4206000.0]]))
    assert b[0] - a[0] == pytest.approx(100.0)
    assert tuple(a) == (30.0, 20.0)


def test_the_largest_round_scale_that_fits_is_chosen():
    # 200 mm less two margins of 6 leave 188 mm: 90 m need 1:500 (180 mm), 95 m need 1:1000
    assert fit(FRAME, (0, 0, 90, 10)).scale == 500
    assert fit(FRAME, (0, 0, 95, 10)).scale == 1000


def test_the_ground_shown_is_centred_on_what_was_asked():
    west, south, east, north = fit(FRAME, (100, 200, 160, 240)).bounds
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx((130, 220), abs=0.001)
    assert (east - west, north - south) == pytest.approx((100, 75))


def test_ground_that_fits_no_scale_is_refused_with_its_size():
    with pytest.raises(DataError, match="5000 x 10 m"):
        fit(FRAME, (0, 0, 5000, 10), scales=(200, 500))


@pytest.mark.parametrize(("scale", "step"), [(500, 25), (1000, 50), (2000, 100), (25000, 1000)])
def test_grid_crosses_stand_on_round_coordinates(scale, step):
    view = MapView(FRAME, 605003.2, 4206001.7, scale)
    eastings, northings = view.grid()
    assert view.grid_step == step
    assert not np.any(eastings % step)
    assert not np.any(northings % step)


def test_ground_lost_in_its_frame_takes_a_scale_between():
    # 50 m at 1:500 are 100 of 200 mm, too little; 1:250 would be 200 mm, 1:300 is 166.7 mm
    assert fit(Box(0, 0, 200, 200), (0, 0, 50, 20)).scale == 500
    assert fit(Box(0, 0, 200, 200), (0, 0, 50, 20), between=BETWEEN).scale == 300
    # 80 m at 1:500 are 160 mm, 80 % of the frame: the usual scale stays
    assert fit(Box(0, 0, 200, 200), (0, 0, 80, 20), between=BETWEEN).scale == 500


@given(st.floats(30, 1200), st.floats(30, 1200))
def test_an_estate_fills_more_than_half_of_its_frame(wide, high):
    frame = layout_of("A3").map_box
    view = fit(frame, (0, 0, wide, high), margin=9.0, between=BETWEEN)
    on_paper = np.array((wide, high)) * view.mm_per_m / (frame.w, frame.h)
    assert 0.55 <= on_paper.max() <= 1
