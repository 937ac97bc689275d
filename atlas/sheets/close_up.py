"""Close-up: where most estates of a general map crowd in a small part of it, that part enlarged."""

from collections.abc import Callable

import numpy as np

from atlas import furniture
from atlas.canvas import Box
from atlas.ink import BLACK, WHITE, Ink, TextStyle
from atlas.mapframe import MapFrame
from atlas.view import BETWEEN, SCALES, MapView
from geo.arrays import FloatArray
from wording import Language, say

_SHARE_OF_FRAME = 0.52
_WORTH = 2.0  # times larger than the general map
_MOST = 0.75  # of the estates
_LEAST = 5000
_OUTLINE = Ink(stroke=BLACK, width=0.3, dash=(1.6, 0.8))


def crowded(places: FloatArray, view: MapView) -> MapView | None:
    """
    Return an enlarged view of the ground that holds most of some places.

    Parameters
    ----------
    places : ndarray of float, shape (n, 2)
        Eastings and northings [m], working CRS.
    view : MapView
        The general map.

    Returns
    -------
    MapView or None
        At least twice as large as `view`, with three quarters of the places; None if there is none.
    """
    wide, high = view.box.w * _SHARE_OF_FRAME, view.box.h * _SHARE_OF_FRAME
    for scale in sorted({*SCALES, *BETWEEN}):
        if _LEAST <= scale <= view.scale / _WORTH:
            reach = np.array((wide, high)) * scale / 2000
            inside = _within(places, reach * 0.8)
            best = int(np.argmax(inside.sum(axis=1)))
            if inside[best].sum() >= _MOST * len(places):
                own = places[inside[best]]
                west, north = (own.min(axis=0) + own.max(axis=0)) / 2 + reach * (-1, 1)
                box = Box(view.box.x, view.box.y, wide, high)
                return MapView(box, round(float(west), 3), round(float(north), 3), scale)
    return None


def _within(places: FloatArray, reach: FloatArray) -> np.ndarray:
    """Return which places are within `reach` [m] of each other on both axes, shape (n, n)."""
    apart = np.abs(places[:, None] - places[None])
    return np.asarray((apart <= reach).all(axis=2))


def draw_close_up(
    frame: MapFrame, view: MapView, draw_ground: Callable[[MapFrame], object], language: Language
) -> MapFrame:
    """Draw the close-up in the quietest corner of `frame`; return its frame, without marks."""
    ground, canvas, size = frame.view.box.inset(2.5), frame.canvas, view.box
    west, south, east, north = view.bounds
    corners = frame.view.project(np.array([[west, north], [east, south]]))
    outline = Box(*corners[0], *(corners[1] - corners[0]))
    frame.placer.take(np.array(outline.bounds))
    rights, lows = ground.right - size.w, ground.bottom - size.h
    box = frame.placer.quietest(
        [
            Box(x, y, size.w, size.h)
            for x, y in ((rights, lows), (ground.x, ground.y), (rights, ground.y), (ground.x, lows))
        ]
    )
    with canvas.layer("furniture"):
        canvas.box(outline, _OUTLINE)
        canvas.box(box, Ink(fill=WHITE))
    inset = MapFrame(canvas, MapView(box, view.west, view.north, view.scale), frame.style)
    draw_ground(inset)
    inset.grid()
    words = f"{say('sheet.close_up', language)} 1:{view.scale:,}"
    style = TextStyle(8.0, "bold", BLACK)
    with canvas.layer("furniture"):
        tag = Box(box.x, box.y, canvas.fonts.width(words, "bold", 8.0) + 4, 5.4)
        canvas.box(tag, Ink(fill=WHITE, stroke=BLACK, width=0.2))
        canvas.text(tag.x + 2, tag.y + 3.8, words, style)
        left = canvas.fonts.width(words, "sans", 6.0) / 2
        canvas.text(
            outline.x + left,
            outline.y - 1.2,
            words,
            TextStyle(6.0, "sans", furniture.GREY),
            align="centre",
        )
    inset.placer.take(np.array(tag.bounds))
    return inset
