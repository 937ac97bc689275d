"""
Small vector pictures: a window in metres, shapes as paths, escaped labels.

An SVG shown as an image carries no script, and every text in it is escaped.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import geopandas as gpd

WIDTH_PX = 900.0
_ROUND_M = (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20)


@dataclass(frozen=True)
class PictureWindow:
    """The window of the picture: metres to pixels, north up."""

    west: float
    south: float
    east: float
    north: float

    @property
    def scale(self) -> float:
        """Pixels a metre."""
        return WIDTH_PX / (self.east - self.west)

    @property
    def height(self) -> float:
        """Height of the picture in pixels."""
        return (self.north - self.south) * self.scale

    def at(self, east: float, north: float) -> tuple[float, float]:
        """Return the pixel of a position [m]."""
        return (east - self.west) * self.scale, (self.north - north) * self.scale

    def see(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return the rows that reach into the window."""
        return frame.cx[self.west : self.east, self.south : self.north]


def picture(view: PictureWindow, parts: Iterable[str], text_px: int = 13) -> str:
    """Return the SVG of `parts` on white, in the window of `view`."""
    size = f'viewBox="0 0 {WIDTH_PX:.0f} {view.height:.0f}"'
    style = f'font-family="sans-serif" font-size="{text_px}"'
    white = f'<rect width="{WIDTH_PX:.0f}" height="{view.height:.0f}" fill="#ffffff"/>'
    body = "".join([white, *parts])
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>{body}</svg>'


def label(x: float, y: float, text: str, colour: str, *, large: bool = False) -> str:
    """Return a text with a white edge; signs that cannot be printed become a question mark."""
    size = ' font-size="22" font-weight="bold"' if large else ""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" stroke="#ffffff" stroke-width="4" '
        f'paint-order="stroke"{size}>{escape(text)}</text>'
    )


def round_length(view: PictureWindow, share: float) -> int:
    """Return the longest round length [m] below a share of the window's width, 20 m at least."""
    return next((m for m in _ROUND_M if m < share * (view.east - view.west)), _ROUND_M[-1])


def scale_bar(view: PictureWindow, metres: int) -> Iterator[str]:
    """Draw a bar of a length, and the north arrow."""
    length, y = metres * view.scale, view.height - 16
    yield (
        f'<path d="M16 {y:.1f}h{length:.1f}" stroke="#111111" stroke-width="3"/>'
        f'<text x="16" y="{y - 6:.1f}">{metres:,} m</text>'
        f'<path d="M{WIDTH_PX - 24:.0f} 40v-26m-5 9l5 -9l5 9" stroke="#111111" fill="none"/>'
        f'<text x="{WIDTH_PX - 29:.0f}" y="54">N</text>'
    )


def path(view: PictureWindow, shape: Any) -> str:  # noqa: ANN401  (any geometry)
    """Return a geometry as SVG path data."""
    geometry = shape.__geo_interface__
    closed = "Z" if "Polygon" in geometry["type"] else ""
    return "".join(
        "M" + "L".join("{:.1f} {:.1f}".format(*view.at(*point[:2])) for point in ring) + closed
        for ring in rings(geometry)
    )


def rings(geometry: Mapping[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    """Yield every line or ring of a GeoJSON geometry."""
    inside = geometry["coordinates"]
    if geometry["type"] == "LineString":
        yield inside
    elif geometry["type"] in ("Polygon", "MultiLineString"):
        yield from inside
    else:
        for polygon in inside:
            yield from polygon
