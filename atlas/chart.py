"""Charts: horizontal bars, distinguished by hatching as well as by colour."""

from collections.abc import Sequence
from dataclasses import dataclass

from atlas.canvas import Box, Canvas
from atlas.fitting import print_within
from atlas.ink import BLACK, RGB, WHITE, Hatch, Ink, TextStyle

_GREY: RGB = (104, 112, 126)
_LABEL = TextStyle(6.5)
SERIES: tuple[Ink, ...] = (
    Ink(fill=(24, 78, 140)),
    Ink(fill=(120, 190, 160), hatch=Hatch(45, 1.1, (18, 122, 84), 0.25)),
    Ink(fill=(246, 222, 180), hatch=Hatch(-45, 1.6, (170, 104, 16), 0.25)),
    Ink(fill=WHITE, stroke=_GREY, width=0.2),
)


@dataclass(frozen=True)
class Bar:
    """One bar: its label and the value of each series, not negative."""

    label: str
    values: tuple[float, ...]


def draw_bars(
    canvas: Canvas,
    box: Box,
    bars: Sequence[Bar],
    series: Sequence[str],
    *,
    label_share: float = 0.3,
    most: float = 0.0,
) -> None:
    """
    Draw stacked bars from the top of `box`, with a key of the series above them.

    Parameters
    ----------
    canvas : Canvas
        The page.
    box : Box
        Space for key and bars [mm].
    bars : sequence of Bar
        From the top.
    series : sequence of str
        Labels of the key, at most four.
    label_share : float, default 0.3
        Share of the width for the words.
    most : float, default 0
        Value that fills the width; 0 takes the greatest total of `bars`.
    """
    x = box.x
    for name, ink in zip(series, SERIES, strict=False):
        canvas.box(Box(x, box.y + 0.6, 5, 2.8), ink)
        x += 6.4 + canvas.text(x + 6.2, box.y + 3.0, name, TextStyle(6.5)) + 5
    top, left = box.y + 6.0, box.x + box.w * label_share
    long = box.w * (1 - label_share) - 10
    most = most or max((sum(bar.values) for bar in bars), default=0) or 1
    step = min(8.0, (box.bottom - top) / max(len(bars), 1))
    for n, bar in enumerate(bars):
        y = top + n * step
        room = box.w * label_share - 2
        print_within(
            canvas,
            (left - 2, y + step / 2 + 0.8),
            bar.label,
            _LABEL,
            room=room,
            align="right",
            high=step,
        )
        start = left
        for value, ink in zip(bar.values, SERIES, strict=False):
            wide = long * value / most
            if wide > 0:
                canvas.box(Box(start, y + step * 0.14, wide, step * 0.72), ink)
            start += wide
        shown = f"{sum(bar.values):g}"
        canvas.text(start + 1, y + step / 2 + 0.8, shown, TextStyle(6.5, "bold", BLACK))
    bottom = top + len(bars) * step
    canvas.line([(left, top), (left, bottom)], Ink(stroke=_GREY, width=0.2))
