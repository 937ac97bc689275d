"""A section through pipes: ground, circles at their true depth, dimension lines between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan

from atlas.canvas import Box, Canvas
from atlas.ink import BLACK, Ink, TextStyle
from atlas.symbols import RED
from clearances.verdict import ClearanceVerdict
from services.pipe_sections import CutPipe
from wording import Language, say

SCALES = (20, 25, 50, 75, 100, 150, 200, 250, 300, 500, 1000)
_ABOVE_MM = 24.0  # for the numbers and three rows of dimensions above the ground
_RIM_M = 0.6  # ground shown beyond the outermost pipes, and below the deepest
_LEAST_MM = 0.5  # a cable is no smaller on paper
_ROWS = 3
_ROW_MM = 4.6
_THIN = Ink(stroke=BLACK, width=0.12)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a section stands on paper: ground level and the left end [mm], mm to a metre."""

    left: float
    ground: float
    begin_m: float
    unit: float

    def x(self, at_m: float) -> float:
        return self.left + (at_m - self.begin_m) * self.unit

    def y(self, depth_m: float) -> float:
        return self.ground + depth_m * self.unit


def deepest_m(cut: Sequence[CutPipe]) -> float:
    """Return how deep the lowest pipe of known depth reaches [m], 1 at least."""
    bottoms = [
        one.depth_m + (0.0 if isnan(one.radius_m) else 2 * one.radius_m)
        for one in cut
        if not isnan(one.depth_m)
    ]
    return max([1.0, *bottoms])


def draw_section(canvas: Canvas, box: Box, cut: Sequence[CutPipe], language: Language) -> int:
    """
    Draw a section as large as a usual scale allows, widths and depths alike.

    Parameters
    ----------
    canvas : Canvas
        The page.
    box : Box
        The room [mm].
    cut : sequence of CutPipe
        From left to right, at least one.
    language : {"zh", "en"}
        Of what is written.

    Returns
    -------
    int
        n of the scale 1:n.
    """
    wide = cut[-1].at_m - cut[0].at_m + 2 * _RIM_M
    deep = deepest_m(cut) + _RIM_M
    room = box.w - 14.0, box.h - _ABOVE_MM
    scale = next(
        (n for n in SCALES if wide * 1000 / n <= room[0] and deep * 1000 / n <= room[1]), SCALES[-1]
    )
    unit = 1000 / scale
    left = box.x + 10.0 + (room[0] - wide * unit) / 2
    frame = _Frame(left, box.y + _ABOVE_MM, cut[0].at_m - _RIM_M, unit)
    _draw_ground(canvas, frame, wide, deep)
    for number, one in enumerate(cut, start=1):
        _draw_pipe(canvas, frame, one, number, deep, language)
    for place, (one, following) in enumerate(pairwise(cut)):
        _draw_gap(canvas, frame, one, following, place % _ROWS)
    return scale


def _draw_ground(canvas: Canvas, frame: _Frame, wide: float, deep: float) -> None:
    right = frame.left + wide * frame.unit
    canvas.line([(frame.left, frame.ground), (right, frame.ground)], Ink(stroke=BLACK, width=0.5))
    x = frame.left
    while x < right - 1.5:  # the hatch of ground that was cut
        canvas.line([(x + 1.5, frame.ground), (x, frame.ground + 1.5)], _THIN)
        x += 3.0
    axis = frame.left - 3.0
    canvas.line([(axis, frame.ground), (axis, frame.y(deep))], _THIN)
    for half in range(int(deep * 2) + 1):
        y = frame.y(half / 2)
        canvas.line([(axis - 1.0, y), (axis, y)], _THIN)
        canvas.text(axis - 1.5, y + 0.8, f"{half / 2:.1f}", TextStyle(5.5), align="right")


def _draw_pipe(
    canvas: Canvas, frame: _Frame, one: CutPipe, number: int, deep: float, language: Language
) -> None:
    x = frame.x(one.at_m)
    canvas.line([(x, frame.ground), (x, frame.ground - 2.0)], _THIN)
    canvas.text(x, frame.ground - 2.6, str(number), TextStyle(6.5, "bold"), align="centre")
    ink = Ink(stroke=one.colour, width=0.35)
    if isnan(one.depth_m):  # its place is known, its depth is not
        dashed = Ink(stroke=one.colour, width=0.3, dash=(1.6, 1.0))
        canvas.line([(x, frame.ground), (x, frame.y(deep))], dashed)
        said = say("pipes.section_depth", language)
        canvas.text(x + 0.8, frame.y(deep) - 1.0, said, TextStyle(5.5, colour=one.colour))
        return
    radius = _LEAST_MM if isnan(one.radius_m) else max(one.radius_m * frame.unit, _LEAST_MM)
    top = frame.y(one.depth_m)
    canvas.line([(x, frame.ground), (x, top)], Ink(stroke=one.colour, width=0.12, dash=(0.8, 0.8)))
    canvas.circle(x, top + radius, radius, ink)
    below = top + 2 * radius + 2.4
    canvas.text(x, below, f"{one.depth_m:.2f}", TextStyle(5.5), align="centre", halo=0.3)


def _draw_gap(canvas: Canvas, frame: _Frame, one: CutPipe, following: CutPipe, row: int) -> None:
    """Draw the dimension line between two pipes, on one of the rows so that figures part."""
    if isnan(one.gap_m):
        return
    begin = frame.x(one.at_m + one.radius_m)
    end = frame.x(following.at_m - following.radius_m)
    y = frame.ground - 7.0 - row * _ROW_MM
    colour = RED if one.verdict == ClearanceVerdict.SHORT else BLACK
    ink = Ink(stroke=colour, width=0.15)
    canvas.line([(begin, y), (end, y)], ink)
    for x in (begin, end):
        canvas.line([(x - 0.6, y + 0.6), (x + 0.6, y - 0.6)], ink)  # an engineer's oblique stroke
        canvas.line([(x, frame.ground - 4.8), (x, y - 0.8)], Ink(stroke=colour, width=0.08))
    said = f"{one.gap_m:.2f}"
    if one.verdict == ClearanceVerdict.SHORT:
        said += f" < {one.required_m:g}"
    middle = (begin + end) / 2
    canvas.text(middle, y - 0.8, said, TextStyle(5.8, "bold", colour), align="centre", halo=0.3)
