"""Rounding: figures keep to their own side of a threshold and read as people write them."""

from math import inf, nan

import pytest

from rules.rounding import exact, figure, limit, quantity


@pytest.mark.parametrize(
    ("value", "unit", "beside", "text"),
    [
        (742.3, "m", 300.0, "742"),
        (300.1, "m", 300.0, "300.1"),
        (300.04, "m", 300.0, "300.04"),
        (299.9999999999, "m", 300.0, "300"),
        (12.45, "m", 12.4, "12.45"),
        (4.32, "m", 4.0, "4.32"),
        (1234.0, "m", nan, "1,234"),
        (0.2, "bay/hh", 0.5, "0.2"),
        (0.4999, "bay/hh", 0.5, "0.4999"),
        (0.25, "", 0.5, "25%"),
        (2 / 9, "", 1.0, "22.2%"),
        (0.9997, "", nan, "99.97%"),
        (1.0, "", 1.0, "100%"),
        (0.00004, "", nan, "0.004%"),
        (3, "place", 0.0, "3"),
        (0.0, "m", 0.0, "0"),
        (0.004, "m", 0.0, "0.004"),
        (-0.0, "m", 5.0, "0"),
    ],
)
def test_a_figure_has_the_digits_that_keep_it_on_its_side(value, unit, beside, text):
    assert figure(value, unit, beside) == text


@pytest.mark.parametrize(
    ("threshold", "unit", "text"),
    [(12.5, "m", "12.5"), (0.07, "", "7%"), (1000.0, "m", "1,000"), (0.002, "", "0.2%")],
)
def test_a_threshold_is_written_as_it_is(threshold, unit, text):
    assert exact(threshold, unit) == text


def test_quantities_have_their_unit_and_none_has_no_text():
    assert quantity(300.1, "m", "zh", 300.0) == "300.1 m"
    assert quantity(0.5, "bay/hh", "en") == "0.5 bays/household"
    assert quantity(1, "bed/1000", "en") == "1 bed/1,000 elders"
    assert quantity(1, "seat/1000", "en") == "1 place/1,000 persons"
    assert quantity(0.35, "", "en", 0.4) == "35%"
    assert quantity(nan, "m", "zh") == quantity(inf, "m", "zh") == limit(nan, "m", "zh") == ""
    assert limit(0.9, "", "zh") == "90%"
