"""
Canvas: one page, drawn in millimetres from its upper left corner, y downwards.

Drawing appends PDF operators; `Canvas.page` returns them as an immutable `Page` that knows what it
needs from the booklet: glyphs, layers, links, named destinations and georeferenced frames.
"""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.ink import WHITE, Hatch, Ink, TextStyle, colour_operator
from atlas.paths import path_of
from atlas.text import MM_PER_PT, Fonts

CAP_HEIGHT = 0.73
"""Height of a capital or of a digit [em]; a Chinese character is about 0.88."""


_EFFORT = 4  # of deflating: 6 takes twice as long for a twentieth less
_K = 0.5522847  # reach of the handles of a quarter circle, in radii
_HALF_ROUND = np.array([(1, 0), (1, _K), (_K, 1), (0, 1), (-_K, 1), (-1, _K), (-1, 0)])
_ROUND = np.concatenate([_HALF_ROUND, -_HALF_ROUND[1:]])
_CIRCLE = "%.3f %.3f m\n" + "%.3f %.3f %.3f %.3f %.3f %.3f c\n" * 4 + "h\n"
_STRING = 50  # glyphs; some readers refuse a token of more than 255 letters


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on paper [mm]: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.h

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return self.x, self.y, self.right, self.bottom

    def holds(self, x: float, y: float) -> bool:
        """Return whether the point (x, y) [mm] is inside the box or on its edge."""
        return self.x <= x <= self.right and self.y <= y <= self.bottom

    def inset(self, by: float) -> "Box":
        """Return the box with every edge moved inwards by `by` [mm]; outwards if negative."""
        return Box(self.x + by, self.y + by, self.w - 2 * by, self.h - 2 * by)

    def top(self, height: float) -> "Box":
        """Return the part of the box from its top down to `height` [mm] below it."""
        return Box(self.x, self.y, self.w, height)

    def below(self, height: float) -> "Box":
        """Return the part of the box more than `height` [mm] below its top."""
        return Box(self.x, self.y + height, self.w, self.h - height)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A clickable rectangle, with the name of its destination."""

    box: Box
    target: str


@dataclass(frozen=True, slots=True)
class GeoFrame:
    """
    A map frame that GIS software reads.

    Attributes
    ----------
    box : Box
        On paper.
    bounds : tuple of float
        Least easting, least northing, greatest easting, greatest northing [m] in the working CRS.
    name : str
        Shown by viewers.
    """

    box: Box
    bounds: tuple[float, float, float, float]
    name: str


@dataclass(frozen=True)
class Page:
    """One finished page; `content` holds its operators, deflated."""

    width: float
    height: float
    content: bytes
    glyphs: dict[str, dict[int, str]]
    layers: tuple[tuple[str, ...], ...]
    alphas: tuple[float, ...]
    dashes: tuple[tuple[float, ...], ...]
    links: tuple[PageLink, ...]
    destinations: tuple[tuple[str, float], ...]
    frames: tuple[GeoFrame, ...]


@dataclass
class Canvas:
    """
    A page being drawn.

    Attributes
    ----------
    width, height : float
        Of the paper [mm].
    fonts : Fonts
        The faces of the booklet.
    cut : list of str
        Texts that found no room even in the least type, whole: a formal issue is refused for them.
    unprintable : dict of str to None
        Texts with a character that no font has, in the order printed.
    """

    width: float
    height: float
    fonts: Fonts
    cut: list[str] = field(default_factory=list)
    unprintable: dict[str, None] = field(default_factory=dict)
    _ops: list[str] = field(default_factory=list)
    _printed: dict[tuple[str, str], None] = field(default_factory=dict)
    _layers: dict[tuple[str, ...], None] = field(default_factory=dict)
    _alphas: dict[float, None] = field(default_factory=dict)
    _dashes: dict[tuple[float, ...], None] = field(default_factory=dict)
    _links: list[PageLink] = field(default_factory=list)
    _destinations: dict[str, float] = field(default_factory=dict)
    _frames: list[GeoFrame] = field(default_factory=list)

    def page(self) -> Page:
        """Return what was drawn so far as an immutable page."""
        scale = 72 / 25.4
        head = f"{scale:.8f} 0 0 {-scale:.8f} 0 {self.height * scale:.6f} cm\n1 j 1 J\n"
        return Page(
            width=self.width,
            height=self.height,
            content=zlib.compress((head + "".join(self._ops)).encode("ascii"), _EFFORT),
            glyphs=self._glyphs(),
            layers=tuple(self._layers),
            alphas=tuple(self._alphas),
            dashes=tuple(self._dashes),
            links=tuple(self._links),
            destinations=tuple(self._destinations.items()),
            frames=tuple(self._frames),
        )

    @contextmanager
    def layer(self, *path: str) -> Iterator[None]:
        """Draw the body of the `with` statement on the PDF layer `path`, outermost layer first."""
        for depth in range(len(path)):
            self._layers.setdefault(path[: depth + 1])
            self._ops.append(f"/OC /{'-'.join(path[: depth + 1])} BDC\n")
        yield
        self._ops.append("EMC\n" * len(path))

    @contextmanager
    def clip(self, box: Box) -> Iterator[None]:
        """Clip what the body of the `with` statement draws to `box` [mm]."""
        self._ops.append(f"q {_rectangle(box)} W n\n")
        yield
        self._ops.append("Q\n")

    @contextmanager
    def turned(self, x: float, y: float, degrees: float, alpha: float = 1.0) -> Iterator[None]:
        """
        Draw the body of the `with` statement in a moved and rotated coordinate system.

        Parameters
        ----------
        x, y : float
            New origin [mm].
        degrees : float
            Rotation, counter-clockwise [degrees].
        alpha : float, default 1.0
            Opacity, 0 to 1.
        """
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        self._ops.append(f"q {c:.6f} {-s:.6f} {s:.6f} {c:.6f} {x:.3f} {y:.3f} cm\n")
        if alpha < 1:
            self._alphas.setdefault(alpha)
            self._ops.append(f"/A{round(alpha * 100)} gs\n")
        yield
        self._ops.append("Q\n")

    def draw(self, shapes: NDArray[np.object_] | Sequence[shapely.Geometry], ink: Ink) -> None:
        """
        Draw lines and polygons.

        Parameters
        ----------
        shapes : ndarray or sequence of shapely.Geometry, shape (n,)
            Lines and polygons [mm on paper]; empty ones and points are skipped.
        ink : Ink
            Stroke, fill and hatch.
        """
        array = np.asarray(shapes, dtype=object)
        self.draw_path(path_of(array), ink, array)

    def draw_path(self, path: str, ink: Ink, shapes: NDArray[np.object_]) -> None:
        """Draw `path`, the operators that `path_of` returned for `shapes` [mm on paper]."""
        if path:
            self._paint(path, ink)
            if ink.hatch is not None:
                self._hatch(path, shapely.total_bounds(shapes).tolist(), ink.hatch)

    def box(self, box: Box, ink: Ink) -> None:
        """Draw a rectangle."""
        self._paint(_rectangle(box) + "\n", ink)
        if ink.hatch is not None:
            self._hatch(_rectangle(box) + "\n", box.bounds, ink.hatch)

    def line(self, points: Sequence[tuple[float, float]], ink: Ink) -> None:
        """Draw a line through `points`, (x, y) pairs [mm]."""
        pairs = [f"{x:.3f} {y:.3f} {'l' if n else 'm'}\n" for n, (x, y) in enumerate(points)]
        self._paint("".join(pairs), ink)

    def polygon(self, points: Sequence[tuple[float, float]], ink: Ink) -> None:
        """Draw the closed polygon through `points`, (x, y) pairs [mm]."""
        pairs = [f"{x:.3f} {y:.3f} {'l' if n else 'm'}\n" for n, (x, y) in enumerate(points)]
        self._paint("".join(pairs) + "h\n", ink)

    def circle(self, x: float, y: float, radius: float, ink: Ink) -> None:
        """Draw a circle of `radius` [mm] around (x, y) [mm]."""
        self.circles(np.array([[x, y]]), np.array([radius]), ink)

    def circles(self, centres: NDArray[np.float64], radii: NDArray[np.float64], ink: Ink) -> None:
        """
        Draw circles of one look, all as one path.

        Parameters
        ----------
        centres : ndarray of float, shape (n, 2)
            [mm].
        radii : ndarray of float, shape (n,)
            [mm].
        ink : Ink
            Stroke and fill; a hatch is ignored.
        """
        if len(centres):
            around = centres[:, None] + np.asarray(radii)[:, None, None] * _ROUND
            self._paint(_CIRCLE * len(centres) % tuple(around.ravel().tolist()), ink)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        style: TextStyle,
        *,
        align: str = "left",
        halo: float = 0,
    ) -> float:
        """
        Print one line, its baseline at `y`.

        Parameters
        ----------
        x, y : float
            [mm].
        text : str
            One line.
        style : TextStyle
            Face, size and colour.
        align : {"left", "centre", "right"}
            Part of the line that is at `x`.
        halo : float, default 0
            Width of a white rim around the letters [mm].

        Returns
        -------
        float
            Width of the line [mm].
        """
        if not self.fonts.can_print(text):
            self.unprintable.setdefault(text)
        width = self.fonts.width(text, style.face, style.size)
        start = x - {"left": 0.0, "centre": width / 2, "right": width}[align]
        if halo:
            rim = f"1 Tr {2 * halo:.3f} w {colour_operator(WHITE, 'RG')}"
            # The rim is the same text once more: ActualText keeps it out of searches and copies.
            self._ops.append("/Span <</ActualText ()>> BDC\n")
            self._show(start, y, text, style, rim)
            self._ops.append("EMC\n")
        self._show(start, y, text, style, "0 Tr " + colour_operator(style.colour, "rg"))
        return width

    def link(self, box: Box, target: str) -> None:
        """Link `box` [mm] to the destination named `target`; no link if the booklet has none."""
        self._links.append(PageLink(box, target))

    def add_destination(self, name: str, y: float) -> None:
        """Add the destination `name` at height `y` [mm]; the first of a name is kept."""
        self._destinations.setdefault(name, y)

    def georeference(self, frame: GeoFrame) -> None:
        """Add a map frame whose ground coordinates PDF readers can show."""
        self._frames.append(frame)

    def _show(self, x: float, y: float, text: str, style: TextStyle, state: str) -> None:
        size = style.size * MM_PER_PT
        self._printed.setdefault((text, style.face))
        shown = "".join(
            f"/{run.face} {size:.4f} Tf\n{run.operators}"
            for run in _runs(self.fonts, text, style.face)
        )
        self._ops.append(f"BT {state}1 0 0 -1 {x:.3f} {y:.3f} Tm\n{shown}ET\n")

    def _glyphs(self) -> dict[str, dict[int, str]]:
        """Return the glyphs printed, by face: glyph index to character."""
        glyphs: dict[str, dict[int, str]] = {}
        for text, face in self._printed:
            for run in _runs(self.fonts, text, face):
                glyphs.setdefault(run.face, {}).update(run.glyphs)
        return glyphs

    def _paint(self, path: str, ink: Ink) -> None:
        state = ""
        if ink.fill is not None:
            state += colour_operator(ink.fill, "rg")
        if ink.stroke is not None:
            state += colour_operator(ink.stroke, "RG") + f"{ink.width:.3f} w {self._dash(ink)}\n"
        paint = {(True, True): "B", (True, False): "f", (False, True): "S", (False, False): "n"}
        self._ops.append(state + path + paint[ink.fill is not None, ink.stroke is not None] + "\n")

    def _dash(self, ink: Ink) -> str:
        """Return the operator that sets the dashes by a named state: GDAL fails to parse arrays."""
        if not ink.dash:
            return "[] 0 d"
        self._dashes.setdefault(ink.dash)
        return f"/{dash_name(ink.dash)} gs"

    def _hatch(self, path: str, bounds: Sequence[float], hatch: Hatch) -> None:
        left, top, right, bottom = bounds
        middle, reach = (
            ((left + right) / 2, (top + bottom) / 2),
            np.hypot(right - left, bottom - top) / 2,
        )
        c, s = np.cos(np.radians(hatch.angle)), -np.sin(np.radians(hatch.angle))
        lines = [
            f"{middle[0] - s * d - c * reach:.3f} {middle[1] + c * d - s * reach:.3f} m "
            f"{middle[0] - s * d + c * reach:.3f} {middle[1] + c * d + s * reach:.3f} l\n"
            for d in np.arange(-reach, reach, hatch.gap)
        ]
        state = colour_operator(hatch.stroke, "RG") + f"{hatch.width:.3f} w [] 0 d\n"
        self._ops.append(f"q {path}W n\n{state}{''.join(lines)}S\nQ\n")


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters of one face: its key, the operators that show them, (glyph, character) pairs."""

    face: str
    operators: str
    glyphs: tuple[tuple[int, str], ...]


@lru_cache(maxsize=65536)
def _runs(fonts: Fonts, text: str, face: str) -> tuple[_Run, ...]:
    """Return the runs of a line; sheets print the same words many times."""
    runs, rest = [], iter(text)
    for owner, glyphs in fonts.runs(text, face):
        codes = "".join(f"{glyph:04X}" for glyph in glyphs)
        pieces = (codes[start : start + 4 * _STRING] for start in range(0, len(codes), 4 * _STRING))
        shown = "".join(f"<{piece}> Tj\n" for piece in pieces)
        runs.append(_Run(owner.key, shown, tuple((glyph, next(rest)) for glyph in glyphs)))
    return tuple(runs)


def dash_name(dash: tuple[float, ...]) -> str:
    """Return the name of the state that sets `dash`."""
    return "D" + "-".join(f"{length:g}" for length in dash)


def _rectangle(box: Box) -> str:
    return f"{box.x:.3f} {box.y:.3f} {box.w:.3f} {box.h:.3f} re"
