"""Fitting: text measured before it is printed; it shrinks, then wraps, and is never cut unsaid."""

from collections.abc import Iterator
from dataclasses import replace

from atlas.canvas import Canvas
from atlas.ink import TextStyle
from atlas.text import MM_PER_PT, Fonts

LEAST_PT = 6.0
"""Least type printed [pt]."""

_LEADING = 1.2
_STEP = 0.93  # from one size of type to the next smaller one tried
_RAISED = 0.35  # of the size saved, so that smaller type keeps the middle of the line


def print_within(  # noqa: PLR0913 - as `Canvas.text`, and how much room there is
    canvas: Canvas,
    at: tuple[float, float],
    text: str,
    style: TextStyle,
    *,
    room: float,
    lines: int = 1,
    align: str = "left",
) -> float:
    """
    Print a text in a width.

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
    lines : int, default 1
        Most lines.
    align : {"left", "centre", "right"}
        Part of each line that is at `at`.

    Returns
    -------
    float
        Width of the longest line [mm].
    """
    shown, own = fitted(canvas, text, style, room, lines)
    pitch = own.size * MM_PER_PT * _LEADING
    top = at[1] - pitch * (len(shown) - 1) / 2 - (style.size - own.size) * MM_PER_PT * _RAISED
    return max(
        canvas.text(at[0], top + n * pitch, line, own, align=align) for n, line in enumerate(shown)
    )


def fitted(
    canvas: Canvas, text: str, style: TextStyle, room: float, lines: int
) -> tuple[list[str], TextStyle]:
    """Return a text as at most `lines` lines no wider than `room` [mm], and their style."""
    fonts = canvas.fonts
    for size in _sizes(style.size):
        shown, own = fonts.wrap(text, style.face, size, room), replace(style, size=size)
        if len(shown) <= lines and fonts.widest_word(text, style.face, size) <= room:
            return shown, own
    if len(shown) > lines:
        canvas.cut.append(text)
        rest = fonts.fit("".join(shown[lines - 1 :]) + "…", own.face, own.size, room)
        shown = [*shown[: lines - 1], rest]
    return shown, own


def _sizes(largest: float) -> Iterator[float]:
    """Yield sizes of type from `largest` down to the least [pt]."""
    while largest > LEAST_PT:
        yield largest
        largest *= _STEP
    yield LEAST_PT


def narrowed(fonts: Fonts, text: str, style: TextStyle, room: float) -> TextStyle:
    """Return `style`, smaller where the longest word of `text` is wider than `room` [mm]."""
    wide = fonts.widest_word(text, style.face, style.size)
    if wide <= room:
        return style
    return replace(style, size=max(LEAST_PT, style.size * room / wide))
