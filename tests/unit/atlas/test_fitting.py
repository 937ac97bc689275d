"""Texts in the room they have: shrunk first, then broken into lines, never taller than allowed."""

import pytest

from atlas.canvas import Canvas
from atlas.fitting import fitted, pitch_of
from atlas.ink import TextStyle
from atlas.text import Fonts

FONTS = Fonts()
TITLE = "Location and index map (continued)"
STYLE = TextStyle(20.0, "serif")
WIDE = FONTS.width(TITLE, "serif", 20.0)


def fit(room, high):
    canvas = Canvas(297, 210, FONTS)
    lines, style = fitted(canvas, TITLE, STYLE, room, high)
    assert canvas.cut == []
    return lines, style


def test_a_text_is_made_a_quarter_smaller_before_it_is_broken_into_lines():
    lines, style = fit(WIDE * 0.78, 100)
    assert lines == [TITLE]
    assert 15.0 <= style.size <= 15.6


def test_a_text_too_long_for_that_is_broken_in_its_full_size_where_the_height_allows():
    lines, style = fit(WIDE * 0.7, 100)
    assert (len(lines), style.size) == (2, 20.0)


@pytest.mark.parametrize(("high", "count"), [(20, 2), (13, 2), (8, 1)])
def test_lines_are_no_taller_than_their_room_and_as_large_as_it_allows(high, count):
    lines, style = fit(WIDE * 0.6, high)
    assert len(lines) == count
    assert count * pitch_of(style) <= high
    assert style.size >= 12 * 0.93
