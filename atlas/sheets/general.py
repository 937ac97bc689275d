"""General maps: what those of the district, of a part of it and of a town have in common."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.evidence import records
from atlas.feature_source import Features
from atlas.ink import RGB, TextStyle
from atlas.labels import wrapped
from atlas.mapframe import Callout, MapFrame
from atlas.placement import around, within
from atlas.sheet import AtlasContext
from atlas.text import clean
from atlas.view import MapView
from geo.arrays import FloatArray
from rules.ranking import rank_classes, rank_text
from wording import LANGUAGES

_SPREAD = 6  # letters: a longer name is not spaced out
_TOWN: RGB = (70, 84, 110)


@dataclass(frozen=True)
class Mark:
    """Mark of a general map: text, point [m, working CRS], link target, words beside the text."""

    text: str
    at: tuple[float, float]
    target: str
    words: str = ""


def centres_of(context: AtlasContext) -> FloatArray:
    """Return the centroid of each estate of the booklet [m, working CRS], shape (n, 2)."""
    shapes = np.asarray(context.estates.geometry.array, dtype=object)
    return shapely.get_coordinates(shapely.centroid(shapes))


def draw_estates(frame: MapFrame, context: AtlasContext, own: NDArray[np.intp]) -> None:
    """Draw the estates at positions `own`, shape (n,), by class, the others as outlines."""
    estates, ids = context.district["estates"], context.estates["estate_id"].iloc[own]
    is_own = estates["estate_id"].isin(list(ids)).to_numpy()
    shapes = np.asarray(estates.geometry.array, dtype=object)
    frame.draw_shapes("estate_around", shapes[~is_own])
    ranked = context.ranked.reindex(estates["estate_id"])
    for one in rank_classes(context.ranked):
        alike = (ranked["tier"] == one.tier) & (ranked["step"] == one.step)
        key = f"rank_{one.code}"
        frame.draw_shapes(key, shapes[is_own & alike.to_numpy()])
        if key in frame.drawn:  # the legend says which household-gaps occur in the booklet
            zh, en = (one.short_label(language) for language in LANGUAGES)
            frame.drawn[key] = replace(frame.drawn[key], zh=zh, en=en)


def rank_texts(context: AtlasContext) -> dict[str, str]:
    """Return the rank of each estate of the booklet as it is printed, by estate id."""
    ranked = context.ranked
    return {
        str(estate_id): rank_text(rank, context.language, is_tied=is_tied)
        for estate_id, rank, is_tied in zip(
            ranked.index, ranked["rank"], ranked["is_tied"], strict=True
        )
    }


def estate_marks(
    context: AtlasContext, places: NDArray[np.intp], *, names: bool = False
) -> list[Mark]:
    """Return the marks of the estates at positions `places`, shape (n,), with `names` named."""
    centres, listed = centres_of(context), records(context.estates)
    return [
        Mark(
            str(place + 1),
            (float(centres[place, 0]), float(centres[place, 1])),
            f"estate:{listed[place].estate_id}",
            clean(listed[place].name) if names else "",
        )
        for place in places.tolist()
    ]


def set_marks(
    frame: MapFrame, key: str, marks: Sequence[Mark], *, but: MapView | None = None
) -> None:
    """Draw the marks inside the frame, except those inside the view `but`, each on a leader."""
    theme = frame.style.themes[key]
    points = shapely.points([mark.at for mark in marks])
    inside = shapely.intersects(points, frame.view.window)
    if but is not None:
        inside &= ~shapely.intersects(points, but.window)
    anchors = frame.view.project(shapely.get_coordinates(points))
    for mark, seen, (x, y) in zip(marks, inside, anchors.tolist(), strict=True):
        if seen:
            words = "\n".join(frame.canvas.fonts.wrap(mark.words, "bold", 7.0, 40))
            frame.callout(theme, Callout((mark.text,), (mark.target,), (x, y), words), colour=_TOWN)


def label_towns(frame: MapFrame, rows: Features, context: AtlasContext) -> None:
    """Write each town's name once, beside the town if there is no room inside."""
    with frame.canvas.layer("map", "labels"):
        for shape, own in zip(rows.shapes, rows.columns["name"], strict=True):
            name = context.town_label(own)
            polygon = max(shapely.get_parts(shape), key=lambda part: part.area)
            looks = _town_looks(frame, name)
            sizes = [frame.block_size(lines) for lines in looks]
            inside = [within(polygon, *size, grid=15) for size in sizes]
            beside = [around(polygon.centroid.coords[0], *size) for size in sizes]
            for lines, places in zip(looks * 2, inside + beside, strict=True):
                last = places is beside[-1]
                if frame.label(name, lines, places, halo=0.5, required=last):
                    break


def _town_looks(frame: MapFrame, name: str) -> list[list[tuple[str, TextStyle]]]:
    """Return ways of writing a town's name, each smaller than the one before."""
    large, small = TextStyle(14.0, "serif", _TOWN), TextStyle(8.0, "serif", _TOWN)
    spread = "  ".join(name) if len(name) <= _SPREAD and not name.isascii() else name
    return [[(spread, large)], [(name, small)], wrapped(frame, name, small, 12)]
