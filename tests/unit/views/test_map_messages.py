"""What a browser sends is taken only in the form that is stated, whatever else it may be."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from views.map.messages import Gesture, gestures_from_browser

GOOD = {"number": 1, "do": "add_facility", "kind": "park", "places": [[106.2, 38]], "within_m": 9}


def test_a_gesture_is_read_as_it_was_made():
    sizes = {"floor_area_m2": 300, "capacity": -1, "name": "x"}
    read = Gesture.from_browser(GOOD | {"sizes": sizes})
    assert read == Gesture(1, "add_facility", "park", ((106.2, 38.0),), {"floor_area_m2": 300}, 9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": True},
        {"number": 1.5},
        {"do": None},
        {"kind": 3},
        {"places": [[106.2]]},
        {"places": ["12"]},
        {"places": [[106.2, math.nan]]},
        {"places": [[106.2, 10**400]]},
        {"places": [[0, 0]] * 201},
    ],
)
def test_a_message_of_another_form_is_no_gesture(wrong):
    assert Gesture.from_browser(GOOD | wrong) is None


@pytest.mark.parametrize(("said", "taken"), [(1e9, 60), (0.001, 1), (None, 1), (math.inf, 1)])
def test_how_far_a_row_may_be_has_limits(said, taken):
    assert Gesture.from_browser(GOOD | {"within_m": said}).within_m == taken


def test_gestures_are_taken_in_the_order_of_their_numbers_and_not_without_end():
    several = [GOOD | {"number": number} for number in range(30, 0, -1)]
    numbers = [one.number for one in gestures_from_browser(several)]
    assert numbers == list(range(11, 31))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(list(GOOD)), inner),
    max_leaves=20,
)


@given(_JSON)
def test_whatever_is_sent_is_a_gesture_with_finite_places_or_none(message):
    for gesture in gestures_from_browser([message]):
        assert all(math.isfinite(number) for place in gesture.places for number in place)
        assert 1 <= gesture.within_m <= 60
