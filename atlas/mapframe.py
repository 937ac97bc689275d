"""
Map frame: one view of the ground with its themes, grid, labels and callouts.

`drawn` collects the themes drawn: the legend of the sheet shows these and no others. `unplaced`
collects the labels for which there was no free place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import hypot

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.canvas import CAP_HEIGHT, Box, Canvas
from atlas.feature_source import Features, FeatureSource
from atlas.ink import BLACK, RGB, WHITE, Ink, TextStyle
from atlas.placement import PlacedBox, Placer
from atlas.symbols import RED, draw_symbol, symbol_width
from atlas.text import MM_PER_PT
from atlas.themes import Style
from atlas.view import MapView
from geo.arrays import FloatArray
from layers.style import Theme

_COMPASS = ((1, 0), (0, -1), (-1, 0), (0, 1), (1, -1), (-1, -1), (-1, 1), (1, 1))
_KEPT_CLEAR = ("estate", "route")  # what a label never covers if it has another place
_LEADING = 1.32
_LEAST_LINE_MM = 0.25
_LETTERS_MM = 14.0
_STEPS_ASIDE = ((0.0, 0.0), *((r * a, r * b) for r in (1.15, 2.3) for a, b in _COMPASS))
_CAPTION = TextStyle(7.0, "bold", BLACK)
_CAPTION_MM = 3.2  # from line to line
_TIE = Ink(stroke=BLACK, width=0.15)
_TICK = Ink(stroke=BLACK, width=0.15)
_GRID_TYPE = TextStyle(6.0, "sans", (88, 96, 110))


@dataclass(frozen=True, slots=True)
class Callout:
    """
    Numbers at one place of the map.

    Attributes
    ----------
    numbers : tuple of str
        Text of each circle.
    targets : tuple of str
        Link destination of each circle.
    anchor : tuple of float
        The point meant [mm on paper].
    caption : str
        Text to the right of the circles, its lines parted by newlines.
    """

    numbers: tuple[str, ...]
    targets: tuple[str, ...]
    anchor: tuple[float, float]
    caption: str = ""


@dataclass
class MapFrame:
    """
    A map being drawn.

    Attributes
    ----------
    canvas : Canvas
        The page.
    view : MapView
        Frame, ground and scale.
    style : Style
        All themes.
    estate_id : str
        The estate the sheet is about, "" on a general map.
    """

    canvas: Canvas
    view: MapView
    style: Style
    estate_id: str = ""
    drawn: dict[str, Theme] = field(default_factory=dict)
    unplaced: list[str] = field(default_factory=list)
    _plates: list[tuple[float, float]] = field(default_factory=list)

    @cached_property
    def placer(self) -> Placer:
        """The occupied ground of the frame."""
        return Placer(self.view.box.inset(0.6))

    def draw(self, key: str, feature_source: FeatureSource) -> Features:
        """Draw the theme `key` of the district; return the features inside the frame [mm]."""
        theme = self.style.themes[key]
        return self._draw(theme, feature_source.seen(theme, self.estate_id, self.view))

    def draw_shapes(
        self, key: str, shapes: Sequence[shapely.Geometry] | NDArray[np.object_]
    ) -> None:
        """
        Draw geometries without attributes, clipped to the frame.

        Parameters
        ----------
        key : str
            Theme whose look they get.
        shapes : sequence of shapely.Geometry, shape (n,)
            [m], working CRS; missing and empty ones are skipped.
        """
        cut = shapely.clip_by_rect(np.array(list(shapes), dtype=object), *self.view.bounds)
        seen = cut[~(shapely.is_missing(cut) | shapely.is_empty(cut))]
        self._draw(self.style.themes[key], Features(self.view.to_paper(seen), {}))

    def _draw(self, theme: Theme, paper: Features) -> Features:
        """Draw what the frame shows of a theme; return it, symbols only where they fit in whole."""
        if theme.shape == "symbol":
            paper = self._whole(theme, paper)
        if len(paper):
            self.drawn[theme.key] = theme
            with self.canvas.layer(*theme.path), self.canvas.clip(self.view.box):
                moved = getattr(self, f"_draw_{theme.shape}")(theme, paper)
                return paper if moved is None else paper.placed(moved)
        return paper

    def _whole(self, theme: Theme, paper: Features) -> Features:
        """Return the symbols that are wholly inside the frame, each at one point [mm]."""
        points = shapely.point_on_surface(paper.shapes)
        x, y = shapely.get_x(points), shapely.get_y(points)
        left, top, right, bottom = self.view.box.inset(theme.size / 2).bounds
        kept = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
        return paper.take(kept).placed(points[kept])

    def _draw_area(self, theme: Theme, paper: Features) -> None:
        self.canvas.draw_path(paper.path, theme.ink, paper.shapes)
        if theme.key in _KEPT_CLEAR:
            self.placer.keep_clear(shapely.boundary(paper.shapes))
        elif theme.ink.width > _LEAST_LINE_MM:
            self.placer.avoid(shapely.boundary(paper.shapes))

    def _draw_line(self, theme: Theme, paper: Features) -> None:
        if not theme.measure_column:
            self.canvas.draw_path(paper.path, theme.ink, paper.shapes)
            hold = self.placer.keep_clear if theme.key in _KEPT_CLEAR else self.placer.avoid
            hold(paper.shapes)
            return
        widths = self._true_size(theme, paper, theme.ink.width)
        for width in np.unique(widths):
            ink = Ink(stroke=theme.ink.stroke, width=float(width))
            self.canvas.draw(paper.shapes[widths == width], ink)

    def _draw_disc(self, theme: Theme, paper: Features) -> None:
        points = shapely.get_coordinates(paper.shapes)
        radii = self._true_size(theme, paper, theme.size / self.view.mm_per_m) / 2
        self.canvas.circles(points, np.maximum(radii, 0.5), theme.ink)
        self.canvas.circles(points, np.full(len(points), 0.22), Ink(fill=(82, 62, 38)))
        self.placer.take_points(points, 1.2)

    def _draw_symbol(self, theme: Theme, paper: Features) -> NDArray[np.object_]:
        """Draw symbols and return their centres; a plate over another is moved and tied."""
        spots = []
        for x, y in shapely.get_coordinates(paper.shapes):
            spot = self._aside(theme, x, y) if theme.symbol == "plate" else (x, y)
            if spot != (x, y):
                self.canvas.line([(x, y), spot], _TIE)
                self.canvas.circle(x, y, 0.4, Ink(fill=theme.ink.fill))
            draw_symbol(self.canvas, theme, *spot)
            spots.append(spot)
        self.placer.take_points(np.array(spots), theme.size)
        return np.asarray(shapely.points(np.array(spots)))

    def _aside(self, theme: Theme, x: float, y: float) -> tuple[float, float]:
        """Return the nearest candidate centre [mm] where a plate covers no other, else the last."""
        size, room = theme.size, self.view.box.inset(theme.size / 2)
        spots = [(x + a * size, y + b * size) for a, b in _STEPS_ASIDE]
        inside = [s for s in spots[1:] if room.holds(*s)]
        for spot in (spots[0], *inside):
            if all(max(abs(spot[0] - a), abs(spot[1] - b)) >= size for a, b in self._plates):
                break
        self._plates.append(spot)
        return spot

    def _true_size(self, theme: Theme, paper: Features, default_m: float) -> FloatArray:
        """Return surveyed sizes on paper [mm], `default_m` where none was surveyed."""
        metres = paper.numbers(theme.measure_column)
        sizes = np.where(np.isfinite(metres), metres, default_m) * self.view.mm_per_m
        return np.asarray(np.round(np.maximum(sizes, _LEAST_LINE_MM), 2))

    def label(
        self,
        name: str,
        lines: Sequence[tuple[str, TextStyle]],
        candidates: tuple[FloatArray, FloatArray],
        *,
        halo: float = 0.35,
        required: bool = True,
    ) -> bool:
        """
        Print a block of centred lines at the best candidate place.

        Parameters
        ----------
        name : str
            Name under which an omitted label is reported.
        lines : sequence of (str, TextStyle)
            From the top.
        candidates : tuple of ndarray
            Centres [mm], shape (n, 2), and what each costs.
        halo : float, default 0.35
            White rim [mm].
        required : bool, default True
            Whether to report the label if it is omitted.

        Returns
        -------
        bool
            Whether it was printed.
        """
        w, h = self.block_size(lines)
        spot = self.placer.place(candidates[0], w + 0.6, h + 0.6, candidates[1], required=required)
        if spot is None:
            if required:
                self.unplaced.append(name)
            return False
        y = spot.y - h / 2
        for text, style in lines:
            size = style.size * MM_PER_PT
            self.canvas.text(
                spot.x,
                y + size * (0.5 + CAP_HEIGHT / 2) + 0.15,
                text,
                style,
                align="centre",
                halo=halo,
            )
            y += size * _LEADING
        return True

    def block_size(self, lines: Sequence[tuple[str, TextStyle]]) -> tuple[float, float]:
        """Return width and height of a block of lines [mm]."""
        fonts = self.canvas.fonts
        width = max(fonts.width(text, style.face, style.size) for text, style in lines)
        return width, sum(style.size * MM_PER_PT * _LEADING for _, style in lines)

    def label_along(
        self,
        name: str,
        text: str,
        style: TextStyle,
        where: Sequence[FloatArray],
        *,
        required: bool = True,
        halo: float = 0.0,
    ) -> bool:
        """
        Print a text rotated along a line at the best candidate place.

        Parameters
        ----------
        name : str
            Name under which an omitted label is reported.
        text : str
            One line.
        style : TextStyle
            Of the text.
        where : sequence of ndarray
            Centres [mm], shape (n, 2), angles [degrees] and costs, shape (n,); from `along`.
        required : bool, default True
            Whether to report the label if it is omitted.
        halo : float, default 0
            White rim [mm]; 0 prints on a white rectangle.

        Returns
        -------
        bool
            Whether it was printed.
        """
        points, angles, cost = where
        w = self.canvas.fonts.width(text, style.face, style.size) + 0.8
        h = style.size * MM_PER_PT * 1.1
        turned = np.abs(np.radians(angles))
        wide = w * np.cos(turned) + h * np.sin(turned)
        high = w * np.sin(turned) + h * np.cos(turned)
        spot = self.placer.place(points, wide, high, cost, required=required)
        if spot is None:
            if required:
                self.unplaced.append(name)
            return False
        with self.canvas.turned(spot.x, spot.y, float(angles[spot.choice])):
            if not halo:
                self.canvas.box(Box(-w / 2, -h / 2, w, h), Ink(fill=WHITE))
            base = style.size * MM_PER_PT * CAP_HEIGHT / 2
            self.canvas.text(0, base, text, style, align="centre", halo=halo)
        return True

    def callout(
        self, theme: Theme, call: Callout, *, columns: int = 6, colour: RGB = RED
    ) -> PlacedBox | None:
        """
        Draw the circles of a callout near its anchor, with a leader.

        Parameters
        ----------
        theme : Theme
            Look of the circles.
        call : Callout
            Texts, link targets and anchor.
        columns : int, default 6
            Circles in a row, at most.
        colour : RGB
            Of leader and anchor.

        Returns
        -------
        PlacedBox or None
            The box of the circles [mm]; None, and the callout is reported, if there is no room.
        """
        high = theme.size + 0.5
        step = max(symbol_width(self.canvas, theme, number) for number in call.numbers) + 0.5
        wide = min(len(call.numbers), columns)
        rows = -(-len(call.numbers) // columns)
        captions = call.caption.split("\n") if call.caption else []
        widths = [self.canvas.fonts.width(line, _CAPTION.face, _CAPTION.size) for line in captions]
        beside = max(widths) + 0.8 if captions else 0.0
        tall = max(rows * high, len(captions) * _CAPTION_MM)
        spot = self.placer.place_callout(call.anchor, wide * step + beside, tall)
        if spot is None:
            self.unplaced.append("、".join(call.numbers))
            return None
        self.drawn[theme.key] = theme
        places = [
            (
                spot.x - beside / 2 + (column - (wide - 1) / 2) * step,
                spot.y + (row - (rows - 1) / 2) * high,
            )
            for row, column in (divmod(n, wide) for n in range(len(call.numbers)))
        ]
        end = _edge(spot, call.anchor) if call.caption else _nearest(places, call.anchor)
        with self.canvas.layer(*theme.path):
            self.canvas.line([call.anchor, end], Ink(stroke=colour, width=0.3))
            self.canvas.circle(*call.anchor, 0.55, Ink(fill=colour, stroke=WHITE, width=0.15))
            for (x, y), number, target in zip(places, call.numbers, call.targets, strict=True):
                draw_symbol(self.canvas, theme, x, y, number)
                self.canvas.link(Box(x - step / 2, y - high / 2, step, high), target)
                self.canvas.add_destination(f"{target}@map", y - 20)
            right, base = spot.x + spot.w / 2, spot.y + 0.9 - (len(captions) - 1) / 2 * _CAPTION_MM
            for n, line in enumerate(captions):
                at = right, base + n * _CAPTION_MM
                self.canvas.text(*at, line, _CAPTION, align="right", halo=0.35)
        return spot

    def grid(self) -> None:
        """Draw grid crosses inside the frame and write their coordinates along its edges."""
        theme = self.style.themes["grid"]
        eastings, northings = self.view.grid()
        crosses = np.array(np.meshgrid(eastings, northings), dtype=float).reshape(2, -1).T
        if not len(crosses):
            return
        self.drawn["grid"] = theme
        paper = self.view.project(crosses)
        with self.canvas.layer(*theme.path):
            with self.canvas.clip(self.view.box):
                for x, y in paper:
                    draw_symbol(self.canvas, theme, x, y)
            for easting, x in zip(eastings, paper[: len(eastings), 0], strict=True):
                self._letter_easting(f"{easting:.0f}", float(x))
            for northing, y in zip(northings, paper[:: len(eastings), 1], strict=True):
                self._letter_northing(f"{northing:.0f}", float(y))

    def _letter_easting(self, text: str, x: float) -> None:
        box = self.view.box
        for y, tick, base in ((box.y, -1.5, -0.9), (box.bottom, 1.5, 2.6)):
            self.canvas.line([(x, y), (x, y + tick)], _TICK)
            if x + _LETTERS_MM < box.right:
                self.canvas.text(x + 0.6, y + base, text, _GRID_TYPE)

    def _letter_northing(self, text: str, y: float) -> None:
        box = self.view.box
        for x, tick, base in ((box.x, -1.5, -0.9), (box.right, 1.5, 2.6)):
            self.canvas.line([(x, y), (x + tick, y)], _TICK)
            if y - _LETTERS_MM > box.y:
                with self.canvas.turned(x + base, y - 0.6, 90):
                    self.canvas.text(0, 0, text, _GRID_TYPE)


def _nearest(places: Sequence[tuple[float, float]], to: tuple[float, float]) -> tuple[float, float]:
    return min(places, key=lambda place: hypot(place[0] - to[0], place[1] - to[1]))


def _edge(spot: PlacedBox, anchor: tuple[float, float]) -> tuple[float, float]:
    """Return the point [mm] at which the leader meets the callout's box."""
    dx, dy = anchor[0] - spot.x, anchor[1] - spot.y
    stretch = max(abs(dx) / (spot.w / 2), abs(dy) / (spot.h / 2), 1e-9)
    return spot.x + dx / stretch * 0.98, spot.y + dy / stretch * 0.98
