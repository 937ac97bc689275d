"""A picture of where delivered rows would be placed, beside known features."""

from collections.abc import Iterator, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from layers.district import District
from views.svg import PictureWindow, path, picture, round_length, scale_bar

_MOST = 600  # outlines drawn of what is known
_INSIDE = (0.05, 0.95)  # share of the rows that decides on the window: one stray must not
_MARGIN, _LEAST_M, _FLATTEST = 0.25, 400.0, 0.6
_TEXT_PX, _FAR = 30, 8  # pictures are shown small, side by side; known features this near are drawn


def common_view(placed: Sequence[gpd.GeoSeries], district: District) -> PictureWindow:
    """
    Return one window for several ways of placing the same rows, so that they can be compared.

    Parameters
    ----------
    placed : sequence of geopandas.GeoSeries
        The rows as each candidate puts them, in the working CRS.
    district : District
        What is shown where nothing can be placed.
    """
    boxes = [box for shapes in placed for box in [_middle(shapes)] if box is not None]
    known = [frame.total_bounds for frame in district.frames.values() if len(frame)]
    estates = [district["estates"].total_bounds] if len(district["estates"]) else []
    low, high = _around(boxes or known)
    least, most = _around([*(boxes or known), *estates])
    if (most - least <= _FAR * np.maximum(high - low, _LEAST_M / 2)).all():
        low, high = least, most
    centre = (low + high) / 2
    half = np.maximum((high - low) * (0.5 + _MARGIN), _LEAST_M / 2)
    half = np.maximum(half, half[::-1] * [1.0, _FLATTEST])
    west, south, east, north = (float(part) for part in (*(centre - half), *(centre + half)))
    return PictureWindow(west, south, east, north)


def _around(boxes: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    corners = np.array(boxes)
    return corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)


def _middle(shapes: gpd.GeoSeries) -> np.ndarray | None:
    """Return the box of most of the rows, None where none has a finite place."""
    bounds = shapes.bounds.to_numpy()  # NaN where there is no shape
    finite = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(finite):
        return None
    low = np.quantile(finite[:, :2], _INSIDE[0], axis=0)
    high = np.quantile(finite[:, 2:], _INSIDE[1], axis=0)
    return np.concatenate([low, high])


def place_picture(view: PictureWindow, district: District, shapes: gpd.GeoSeries) -> str:
    """Return the SVG: estates and towns of the district in grey, the delivered rows in blue."""
    bar = scale_bar(view, round_length(view, 1 / 3))
    parts = [*_known(view, district), *_delivered(view, shapes), *bar]
    return picture(view, parts, _TEXT_PX)


def _known(view: PictureWindow, district: District) -> Iterator[str]:
    for layer, fill, line in (
        ("towns", "#ffffff", "#8a94a3"),
        ("buildings", "#e3e6ea", "#c3c9d1"),
        ("estates", "#cfd5dc", "#6d7785"),
    ):
        seen = view.see(district[layer])
        for shape in seen.geometry.iloc[:: 1 + len(seen) // _MOST]:
            yield f'<path d="{path(view, shape)}" fill="{fill}" stroke="{line}"/>'


def _delivered(view: PictureWindow, shapes: gpd.GeoSeries) -> Iterator[str]:
    bounds = shapes.bounds
    finite = pd.Series(np.isfinite(bounds.to_numpy()).all(axis=1), index=shapes.index)
    there = shapes[shapes.notna().to_numpy() & finite.to_numpy()]
    points = there.geom_type.isin(["Point", "MultiPoint"]).to_numpy()
    for shape in there[~points]:
        fill = "#0b5cad" if "Polygon" in shape.geom_type else "none"
        yield (
            f'<path d="{path(view, shape)}" fill="{fill}" fill-opacity="0.35" stroke="#0b5cad" '
            'stroke-width="2"/>'
        )
    for x, y in zip(*(axis[points] for axis in _centres(there)), strict=True):
        left, top = view.at(x, y)
        yield f'<circle cx="{left:.1f}" cy="{top:.1f}" r="6" fill="#0b5cad" fill-opacity="0.7"/>'


def _centres(shapes: gpd.GeoSeries) -> tuple[np.ndarray, np.ndarray]:
    box = shapes.bounds.to_numpy().reshape(-1, 4)
    return (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
