"""
Symbols: small drawings around (0, 0) that differ in shape as well as in colour.

`draw_symbol` draws them on the map and in the legend alike, so that the legend shows what the map
shows; the client draws the same shapes on the screen (`views/map/static/marks.js`).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from atlas.canvas import Box, Canvas
from atlas.ink import BLACK, RGB, WHITE, Ink, TextStyle
from atlas.text import MM_PER_PT
from layers.style import Theme

RED: RGB = (193, 18, 47)
GREEN: RGB = (18, 122, 84)
BROWN: RGB = (82, 62, 38)
CROSS: RGB = (60, 110, 170)
_DIGITS = TextStyle(7.0, "bold", BLACK)
_AROUND_DIGITS_MM = 1.4


def draw_symbol(canvas: Canvas, theme: Theme, x: float, y: float, text: str = "") -> None:
    """Draw the symbol of `theme` at (x, y) [mm]; `text` is the number or letter it carries."""
    _SYMBOLS[theme.symbol](canvas, theme, x, y, text or theme.mark)


def symbol_width(canvas: Canvas, theme: Theme, text: str) -> float:
    """Return the width [mm] of the symbol of `theme` with `text` in it; numbers widen theirs."""
    if theme.symbol not in ("callout", "number", "tab"):
        return theme.size
    words = canvas.fonts.width(text, _DIGITS.face, _DIGITS.size)
    return max(theme.size, words + _AROUND_DIGITS_MM)


def letter(canvas: Canvas, text: str, x: float, y: float, style: TextStyle) -> None:
    """Print `text` centred on (x, y) [mm]."""
    drop = style.size * MM_PER_PT * (0.37 if text.isascii() else 0.36)
    canvas.text(x, y + drop, text, style, align="centre")


def _plate(canvas: Canvas, theme: Theme, x: float, y: float, text: str) -> None:
    r = theme.size / 2
    corners = [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]
    canvas.polygon(corners, Ink(stroke=WHITE, fill=theme.ink.fill, width=0.3))
    letter(canvas, text, x, y, TextStyle(theme.size * 1.95, "bold", WHITE))


def _measure(canvas: Canvas, theme: Theme, x: float, y: float, text: str) -> None:
    r = theme.size / 2
    cut = r * 0.42
    octagon = [
        (x - cut, y - r),
        (x + cut, y - r),
        (x + r, y - cut),
        (x + r, y + cut),
        (x + cut, y + r),
        (x - cut, y + r),
        (x - r, y + cut),
        (x - r, y - cut),
    ]
    canvas.polygon(octagon, Ink(stroke=WHITE, fill=theme.ink.fill, width=0.35))
    letter(canvas, text, x, y, TextStyle(6.0 if len(text) > 1 else 7.0, "bold", WHITE))


def _callout(canvas: Canvas, theme: Theme, x: float, y: float, text: str) -> None:
    _disc(canvas, theme, (x, y), text or "1", Ink(stroke=WHITE, fill=RED, width=0.35))
    letter(canvas, text or "1", x, y, replace(_DIGITS, colour=WHITE))


def _number(canvas: Canvas, theme: Theme, x: float, y: float, text: str) -> None:
    _disc(canvas, theme, (x, y), text or "1", Ink(stroke=BLACK, fill=WHITE, width=0.35))
    letter(canvas, text or "1", x, y, _DIGITS)


def _disc(canvas: Canvas, theme: Theme, at: tuple[float, float], text: str, ink: Ink) -> None:
    """Draw a disc, drawn out sideways where `text` is wider: two thick lines with round ends."""
    (x, y), half = at, (symbol_width(canvas, theme, text) - theme.size) / 2
    if not half:
        canvas.circle(x, y, theme.size / 2, ink)
        return
    for colour, width in ((ink.stroke, theme.size + ink.width), (ink.fill, theme.size - ink.width)):
        canvas.line([(x - half, y), (x + half, y)], Ink(stroke=colour, width=width))


def _tab(canvas: Canvas, theme: Theme, x: float, y: float, text: str) -> None:
    half, r = symbol_width(canvas, theme, text or "1") / 2, theme.size / 2
    canvas.box(Box(x - half, y - r, 2 * half, 2 * r), Ink(stroke=BLACK, fill=WHITE, width=0.35))
    letter(canvas, text or "1", x, y, _DIGITS)


def _gap(canvas: Canvas, theme: Theme, x: float, y: float, _: str) -> None:
    r = theme.size / 2
    ink = Ink(stroke=theme.ink.stroke, width=0.35)
    canvas.circle(x, y, r, ink)
    s = r * 0.55
    for points in (((x - s, y - s), (x + s, y + s)), ((x - s, y + s), (x + s, y - s))):
        canvas.line(points, ink)


def _square(canvas: Canvas, theme: Theme, x: float, y: float, _: str) -> None:
    r = theme.size / 2
    canvas.box(Box(x - r, y - r, 2 * r, 2 * r), Ink(stroke=WHITE, fill=theme.ink.fill, width=0.2))


def _diamond(canvas: Canvas, theme: Theme, x: float, y: float, _: str) -> None:
    r = theme.size / 2
    corners = [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
    canvas.polygon(corners, Ink(stroke=WHITE, fill=theme.ink.fill, width=0.2))


def _dot(canvas: Canvas, theme: Theme, x: float, y: float, _: str) -> None:
    canvas.circle(x, y, theme.size / 2, theme.ink)


def _ring(canvas: Canvas, theme: Theme, x: float, y: float, _: str) -> None:
    canvas.circle(x, y, theme.size / 2 - 0.3, Ink(stroke=theme.ink.stroke, fill=WHITE, width=0.6))


def _trunk(canvas: Canvas, theme: Theme, x: float, y: float, _: str) -> None:
    canvas.circle(x, y, theme.size / 2, theme.ink)
    canvas.circle(x, y, 0.25, Ink(fill=BROWN))


def _gate(canvas: Canvas, theme: Theme, x: float, y: float, _: str) -> None:
    r = theme.size / 2
    points = [(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)]
    canvas.polygon(points, theme.ink)


def _gate_closed(canvas: Canvas, theme: Theme, x: float, y: float, _: str) -> None:
    r = theme.size / 2
    points = [(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)]
    canvas.polygon(points, theme.ink)
    canvas.line([(x - r, y - r), (x + r, y + r)], Ink(theme.ink.stroke, width=theme.ink.width))


def _door(canvas: Canvas, theme: Theme, x: float, y: float, _: str) -> None:
    r = theme.size / 2
    points = [(x - r, y - r * 0.6), (x + r, y - r * 0.6), (x, y + r * 0.8)]
    canvas.polygon(points, theme.ink)


def _lift(canvas: Canvas, theme: Theme, x: float, y: float, _: str) -> None:
    r = theme.size / 2
    corners = [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]
    canvas.polygon(corners, theme.ink)
    canvas.line([corners[0], corners[2]], theme.ink)
    canvas.line([corners[1], corners[3]], theme.ink)


def _cross(canvas: Canvas, theme: Theme, x: float, y: float, _: str) -> None:
    r = theme.size / 2
    canvas.line([(x - r, y), (x + r, y)], Ink(stroke=CROSS, width=0.15))
    canvas.line([(x, y - r), (x, y + r)], Ink(stroke=CROSS, width=0.15))


_SYMBOLS: Mapping[str, Callable[[Canvas, Theme, float, float, str], None]] = {
    "plate": _plate,
    "measure": _measure,
    "callout": _callout,
    "number": _number,
    "tab": _tab,
    "gap": _gap,
    "square": _square,
    "diamond": _diamond,
    "ring": _ring,
    "shrub": _dot,
    "disc": _dot,
    "trunk": _trunk,
    "gate": _gate,
    "gate_closed": _gate_closed,
    "door": _door,
    "lift": _lift,
    "cross": _cross,
}
