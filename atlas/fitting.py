"""
Fitting: text measured before it is printed.

It shrinks to three quarters, then wraps, then shrinks again, and is never cut unsaid.
"""

from collections.abc import Iterator
from dataclasses import replace

from atlas.canvas import Canvas
from atlas.ink import TextStyle
from atlas.text import MM_PER_PT, Fonts

LEAST_PT = 6.0
"""Least type printed [pt]."""

_LEADING = 1.2
_SHRUNK = 0.75  # of its size, before a text is broken into lines
_STEP = 0.93  # from one size of type to the next smaller one tried
_CLEAR = 1 - 1e-9  # lest rounding breaks a word that just fits
_RAISED = 0.35  # of the size saved, so that smaller type keeps the middle of the line


def print_within(  # noqa: PLR0913 - as `Canvas.text`, and how much room there is
    canvas: Canvas,
    at: tuple[float, float],
    text: str,
    style: TextStyle,
    *,
    room: float,
    high: float = 0.0,
    align: str = "left",
) -> float:
    """
    Print a text in a width and, broken into lines, in a height.

    Parameters
    ----------
    canvas : Canvas
        The page; what has no room even in the least type is noted in its `cut`.
    at : tuple of float
        Where a single line's baseline starts, ends or has its middle, by `align` [mm].
    text : str
        One line; it is broken into lines around `at` where it must be.
    style : TextStyle
        At most of this size.
    room : float
        Greatest width [mm].
    high : float, default 0
        Greatest height of several lines [mm]; a single line is printed whatever it is.
    align : {"left", "centre", "right"}
        Part of each line that is at `at`.

    Returns
    -------
    float
        Width of the longest line [mm].
    """
    shown, own = fitted(canvas, text, style, room, high)
    pitch = pitch_of(own)
    top = at[1] - pitch * (len(shown) - 1) / 2 - (style.size - own.size) * MM_PER_PT * _RAISED
    return max(
        canvas.text(at[0], top + n * pitch, line, own, align=align) for n, line in enumerate(shown)
    )


def pitch_of(style: TextStyle) -> float:
    """Return the distance [mm] between the baselines of a fitted text."""
    return style.size * MM_PER_PT * _LEADING


def fitted(
    canvas: Canvas, text: str, style: TextStyle, room: float, high: float
) -> tuple[list[str], TextStyle]:
    """Return a text as lines no wider than `room`, together no higher than `high` [mm]; a style."""
    fonts = canvas.fonts
    for own, most in _trials(style, high):
        shown = fonts.wrap(text, own.face, own.size, room)
        if len(shown) <= most and fonts.widest_word(text, own.face, own.size) <= room:
            return shown, own
    if len(shown) > most:
        canvas.cut.append(text)
        rest = fonts.fit("".join(shown[most - 1 :]) + "…", own.face, own.size, room)
        shown = [*shown[: most - 1], rest]
    return shown, own


def _trials(style: TextStyle, high: float) -> Iterator[tuple[TextStyle, int]]:
    """Yield the styles to be tried, the best looking first, and how many lines each may have."""
    for size in _sizes(style.size, max(LEAST_PT, style.size * _SHRUNK)):
        yield replace(style, size=size), 1
    for size in _sizes(style.size, LEAST_PT):
        own = replace(style, size=size)
        yield own, max(1, int(high / pitch_of(own)))


def _sizes(largest: float, least: float) -> Iterator[float]:
    """Yield sizes of type from `largest` down to `least` [pt]."""
    while largest > least:
        yield largest
        largest *= _STEP
    yield least


def narrowed(fonts: Fonts, text: str, style: TextStyle, room: float) -> TextStyle:
    """Return `style`, smaller where the longest word of `text` is wider than `room` [mm]."""
    wide = fonts.widest_word(text, style.face, style.size)
    if wide <= room:
        return style
    return replace(style, size=max(LEAST_PT, style.size * room / wide * _CLEAR))
