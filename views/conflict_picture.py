"""
A picture of the whole district: where plantings do not pass, and how many in each estate.

The figures written into it are those of the table by estate.
"""

from collections.abc import Iterator, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from clearances.verdict import ClearanceVerdict
from greening.review import Review
from views.site_picture import COLOURS
from views.svg import WIDTH_PX, PictureWindow, label, path, picture, round_length, scale_bar

_MARGIN, _FLATTEST, _LEAST_M = 0.1, 0.6, 50.0
_LABEL_PX, _LINE_PX = 170, 15  # the room of a label
_MOST_LABELS = 60  # beyond so many estates only the worst are named
_TOWN, _ESTATE = ("#ffffff", "#c3c9d1"), ("#e9edf2", "#6d7785")


def conflict_picture(review: Review, town: str = "") -> str:
    """
    Return the SVG: estates, a dot a planting that does not pass, its estate's count.

    Parameters
    ----------
    review : Review
        What is shown.
    town : str, default ""
        Name of the town to look at closely, all of them if empty.
    """
    estates = review.by_estate["estate"]
    if town:
        estates = estates[review.by_estate["town"] == town]
    listed = review.district["estates"]
    listed = listed[listed["name"].isin(estates)]
    view = _view([listed] if town and len(listed) else [review.district["estates"], _own(review)])
    parts = [
        *_areas(view, review, "towns", *_TOWN),
        *_areas(view, review, "estates", *_ESTATE),
        *_dots(view, review),
        *_counts(view, listed, review.by_estate),
        *scale_bar(view, round_length(view, 1 / 4)),
    ]
    return picture(view, parts)


def _own(review: Review) -> gpd.GeoDataFrame:
    plants = review.found.plants
    return plants[plants["plant_layer"] == "plantings"]


def _view(shown: Sequence[gpd.GeoDataFrame]) -> PictureWindow:
    """Return the window of what is shown, never a mere strip."""
    boxes = np.array([one.total_bounds for one in shown if len(one)])
    (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    half_wide = max(east - west, (north - south) / _FLATTEST, _LEAST_M) * (0.5 + _MARGIN)
    x, y = (west + east) / 2, (south + north) / 2
    tall = half_wide * _FLATTEST
    return PictureWindow(
        *(float(one) for one in (x - half_wide, y - tall, x + half_wide, y + tall))
    )


def _areas(view: PictureWindow, review: Review, layer: str, fill: str, line: str) -> Iterator[str]:
    for shape in view.see(review.district[layer]).geometry:
        yield f'<path d="{path(view, shape)}" fill="{fill}" stroke="{line}"/>'


def _dots(view: PictureWindow, review: Review) -> Iterator[str]:
    own = view.see(_own(review))
    for verdict in (ClearanceVerdict.VERIFY, ClearanceVerdict.SHORT):  # the worse on top
        points = own[own["verdict"] == verdict].geometry
        for east, north in zip(points.x, points.y, strict=True):
            x, y = view.at(east, north)
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{COLOURS[verdict]}"/>'


def _counts(view: PictureWindow, estates: gpd.GeoDataFrame, table: pd.DataFrame) -> Iterator[str]:
    """Write each estate's plantings too close and to be probed, tied to it by a line."""
    failing = table.set_index("estate")[["short", "verify"]]
    failing = failing[failing.sum(axis=1) > 0].sort_values("short", ascending=False)
    failing = failing[failing.index.isin(estates["name"])].head(_MOST_LABELS)
    edges = estates.set_index("name").geometry.bounds
    edges = edges[~edges.index.duplicated()]
    taken: list[tuple[float, float]] = []
    for name, short, verify in failing.itertuples(name=None):
        edge = edges.loc[name]
        x0, y0 = view.at(edge["maxx"], (edge["miny"] + edge["maxy"]) / 2)
        x, y = _free(min(x0 + 6, WIDTH_PX - _LABEL_PX), y0, taken)
        taken.append((x, y))
        yield f'<path d="M{x0:.1f} {y0:.1f}L{x:.1f} {y - 4:.1f}" stroke="#6d7785"/>'
        yield label(x, y, f"{name} {short}/{verify}", "#111111")


def _free(x: float, y: float, taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the place nearest above or below free of other labels."""
    for step in range(2 * _MOST_LABELS):
        down = (step + 1) // 2 * (1 if step % 2 else -1) * _LINE_PX
        if all(abs(y + down - b) >= _LINE_PX or abs(x - a) >= _LABEL_PX for a, b in taken):
            return x, y + down
    return x, y
