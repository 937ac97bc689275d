"""
Placement of labels and callouts without overlap, clear of important lines.

All on paper, in millimetres. Candidates are scored against boxes that are taken (never overlapped),
lines to keep clear (covered only by what must be printed and has no other place) and points of
important lines (avoided); the first of the best wins, so equal input gives an equal map. Where
every candidate is taken the result is None, and the caller reports the label.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.canvas import Box
from geo.arrays import FloatArray
from geo.runs import places_in_runs

_STEP = 0.8  # spacing of the points that represent an important line [mm]
_RINGS = np.array([7.0, 10.0, 14.0, 19.0, 25.0, 32.0, 40.0, 50.0])
_LATTICE_MM = 6.0
_COVERING = 1000.0  # price of a cell with a line to be kept clear: more than any way aside [mm]
_FULL = 3000  # boxes taken: a leader across so many could not be followed
_ANGLES = np.radians(np.arange(0, 360, 15))


@dataclass(frozen=True)
class PlacedBox:
    """A box placed: centre and size [mm]; `choice` is the index of the candidate."""

    x: float
    y: float
    w: float
    h: float
    choice: int


@dataclass
class Placer:
    """
    The occupied ground of one map frame.

    Attributes
    ----------
    frame : Box
        Nothing is placed outside.
    """

    frame: Box
    _boxes: list[FloatArray] = field(default_factory=list)
    _avoided: "_Lines" = field(init=False)
    _clear: "_Lines" = field(init=False)
    _leaders: list[shapely.LineString] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start without lines."""
        self._avoided, self._clear = _Lines(self.frame), _Lines(self.frame)

    def take(self, boxes: FloatArray) -> None:
        """Forbid the boxes (left, top, right, bottom) [mm], shape (n, 4)."""
        self._boxes.append(np.asarray(boxes, dtype=float).reshape(-1, 4))

    def take_points(self, points: FloatArray, size: float) -> None:
        """Forbid squares of `size` [mm] around points [mm], shape (n, 2)."""
        r = size / 2
        self.take(np.column_stack([points - r, points + r]))

    def avoid(self, lines: NDArray[np.object_]) -> None:
        """Make places on `lines` [mm] costly."""
        self._avoided.add(lines)

    def keep_clear(self, lines: NDArray[np.object_]) -> None:
        """Leave places on `lines` [mm] to what must be printed and has no other place."""
        self._clear.add(lines)

    def place(
        self,
        centres: FloatArray,
        w: float | FloatArray,
        h: float | FloatArray,
        cost: FloatArray,
        *,
        required: bool = True,
    ) -> PlacedBox | None:
        """
        Take the best of the candidate places for a box.

        Parameters
        ----------
        centres : ndarray, shape (n, 2)
            Candidate centres.
        w, h : float or ndarray, shape (n,)
            Size of the box, of each candidate's where they differ.
        cost : ndarray, shape (n,)
            Penalty of each candidate, in the unit of distance [mm].
        required : bool, default True
            Whether it may cover a line to be kept clear, if there is no other place.

        Returns
        -------
        PlacedBox or None
            None where every candidate is taken or outside the frame.
        """
        if not len(centres):
            return None
        boxes = boxes_at(centres, w, h)
        free, covering = self._inside(boxes) & ~self._blocked(boxes), self._clear.under(boxes)
        free &= required | (covering == 0)
        if not free.any():
            return None
        price = cost + 2.0 * self._avoided.under(boxes) + _COVERING * covering
        total = np.where(free, price, np.inf)
        best = int(np.argmin(total))
        self.take(boxes[best])
        left, top, right, bottom = boxes[best].tolist()
        return PlacedBox(
            float(centres[best, 0]), float(centres[best, 1]), right - left, bottom - top, best
        )

    def place_callout(self, anchor: tuple[float, float], w: float, h: float) -> PlacedBox | None:
        """
        Take the best place for a callout near `anchor`, else anywhere in the frame.

        Parameters
        ----------
        anchor : tuple of float
            The point meant [mm].
        w, h : float
            Size of the callout [mm].

        Returns
        -------
        PlacedBox or None
            None where no candidate is free.
        """
        reach = np.array([r + np.hypot(w, h) / 2 - h / 2 for r in _RINGS])
        ring = np.array([(r * np.cos(a), r * np.sin(a)) for r in reach for a in _ANGLES])
        near = self._callout_at(np.asarray(anchor) + ring, anchor, w, h)
        if near is not None or sum(map(len, self._boxes)) > _FULL:
            return near
        return self._callout_at(self._everywhere(), anchor, w, h)

    def _everywhere(self) -> FloatArray:
        """Return candidate centres [mm] on a lattice over the whole frame, shape (n, 2)."""
        left, top, right, bottom = self.frame.bounds
        lattice = np.meshgrid(
            np.arange(left, right, _LATTICE_MM), np.arange(top, bottom, _LATTICE_MM)
        )
        return np.array(lattice).reshape(2, -1).T

    def _callout_at(
        self, centres: FloatArray, anchor: tuple[float, float], w: float, h: float
    ) -> PlacedBox | None:
        boxes = boxes_at(centres, w + 0.8, h + 0.8)
        free = self._inside(boxes) & ~self._blocked(boxes)
        if not free.any():
            return None
        away = np.hypot(*(centres[free] - anchor).T)
        nearest = np.flatnonzero(free)[
            np.argsort(away, kind="stable")[: len(_ANGLES) * len(_RINGS)]
        ]
        centres, boxes, away = centres[nearest], boxes[nearest], np.sort(away, kind="stable")
        starts = np.broadcast_to(np.asarray(anchor), centres.shape)
        leaders = np.asarray(shapely.linestrings(np.stack([starts, centres], axis=1)))
        price = away[: len(centres)] + self._avoided.under(boxes) + self._crossings(leaders, anchor)
        price += _COVERING * self._clear.under(boxes)
        best = int(np.argmin(price))
        self.take(boxes[best])
        self._take_leader(leaders[best])
        return PlacedBox(float(centres[best, 0]), float(centres[best, 1]), w, h, best)

    def quietest(self, candidates: Sequence[Box]) -> Box:
        """Take and return the box over the fewest important points, the first of equals."""
        boxes = np.array([box.bounds for box in candidates])
        lines = self._avoided.under(boxes) + self._clear.under(boxes)
        best = candidates[int(np.argmin(lines + 1e6 * self._blocked(boxes)))]
        self.take(np.array(best.bounds))
        return best

    def _take_leader(self, leader: shapely.LineString) -> None:
        self._leaders.append(leader)
        points = shapely.get_coordinates(shapely.segmentize(leader, 1.2))
        self.take_points(points, 0.5)

    def _inside(self, boxes: FloatArray) -> NDArray[np.bool_]:
        x0, y0, x1, y1 = self.frame.bounds
        return (boxes[:, 0] >= x0) & (boxes[:, 1] >= y0) & (boxes[:, 2] <= x1) & (boxes[:, 3] <= y1)

    def _blocked(self, boxes: FloatArray) -> NDArray[np.bool_]:
        if not self._boxes:
            return np.zeros(len(boxes), dtype=bool)
        if len(self._boxes) > 1:
            self._boxes = [np.concatenate(self._boxes)]
        taken = self._boxes[0]
        hit = (
            (boxes[:, None, 0] < taken[None, :, 2])
            & (boxes[:, None, 2] > taken[None, :, 0])
            & (boxes[:, None, 1] < taken[None, :, 3])
            & (boxes[:, None, 3] > taken[None, :, 1])
        )
        return np.asarray(hit.any(axis=1))

    def _crossings(self, leaders: NDArray[np.object_], anchor: tuple[float, float]) -> FloatArray:
        """Return the cost of leaders: 60 a leader crossed, 15 a taken box, shape (n,)."""
        price = np.zeros(len(leaders))
        if self._leaders:
            crossing, _ = shapely.STRtree(self._leaders).query(leaders, predicate="intersects")
            price += 60.0 * np.bincount(crossing, minlength=len(leaders))
        if self._boxes:
            taken = np.concatenate(self._boxes)
            x, y = anchor
            own = (taken[:, 0] <= x) & (taken[:, 2] >= x) & (taken[:, 1] <= y) & (taken[:, 3] >= y)
            tree = shapely.STRtree(np.asarray(shapely.box(*taken[~own].T)))
            crossed, _ = tree.query(leaders, predicate="intersects")
            price += 15.0 * np.bincount(crossed, minlength=len(leaders))
        return price


@dataclass
class _Lines:
    """Lines of a map frame as cells of a grid, counted under boxes by a summed-area table."""

    frame: Box
    _points: list[FloatArray] = field(default_factory=list)
    _cells: NDArray[np.int32] | None = None

    def add(self, lines: NDArray[np.object_]) -> None:
        """Add lines [mm]."""
        parts = shapely.get_parts(np.asarray(lines, dtype=object))
        parts = parts[shapely.length(parts) > 0]
        if len(parts):
            self._points.append(shapely.get_coordinates(shapely.segmentize(parts, _STEP)))
            self._cells = None

    def under(self, boxes: FloatArray) -> FloatArray:
        """Return how many cells with a line are under each box [mm], shape (n,)."""
        if not self._points:
            return np.zeros(len(boxes))
        if self._cells is None:
            self._cells = self._sum_table()
        table = self._cells
        columns, rows = np.array(table.shape) - 1
        corner = np.array((self.frame.x, self.frame.y, self.frame.x, self.frame.y))
        cells = np.rint((boxes - corner) / _STEP).astype(np.intp)
        cells = np.minimum(np.maximum(cells, 0), (columns, rows, columns, rows))
        left, top, right, bottom = cells.T
        counts = table[right, bottom] - table[left, bottom] - table[right, top] + table[left, top]
        return np.asarray(counts, dtype=float)

    def _sum_table(self) -> NDArray[np.int32]:
        columns, rows = int(self.frame.w / _STEP) + 2, int(self.frame.h / _STEP) + 2
        points = np.concatenate(self._points) - (self.frame.x, self.frame.y)
        cells = np.floor(points / _STEP).astype(int)
        inside = (cells >= 0).all(axis=1) & (cells[:, 0] < columns) & (cells[:, 1] < rows)
        flat = np.bincount(
            cells[inside, 0] * rows + cells[inside, 1], minlength=columns * rows
        ).reshape(columns, rows)
        table = np.zeros((columns + 1, rows + 1), dtype=np.int32)
        np.minimum(flat, 1, out=flat).cumsum(axis=0, dtype=np.int32).cumsum(
            axis=1, out=table[1:, 1:]
        )
        return table


def boxes_at(centres: FloatArray, w: float | FloatArray, h: float | FloatArray) -> FloatArray:
    """Return boxes (left, top, right, bottom), shape (n, 4), of size `w` x `h` around `centres`."""
    half = np.stack(np.broadcast_arrays(w, h), axis=-1) / 2
    return np.concatenate([centres - half, centres + half], axis=1)


def around(
    point: tuple[float, float], w: float, h: float, *, gap: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    """
    Return candidate centres of a box beside a point symbol, and the cost of each.

    Right first, then left, above, below and the corners, near before far.

    Parameters
    ----------
    point : tuple of float
        Centre of the symbol [mm].
    w, h : float
        Size of the box [mm].
    gap : float, default 1.0
        Least distance of the box from the point [mm].

    Returns
    -------
    centres : ndarray of float, shape (24, 2)
        [mm].
    cost : ndarray of float, shape (24,)
        [mm].
    """
    sides = np.array([(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)], float)
    offsets, costs = [], []
    for step, far in enumerate((0.0, 2.0, 5.0)):
        offsets.append(sides * (w / 2 + gap + far, h / 2 + gap + far))
        costs.append(np.arange(8) * 0.6 + 10.0 * step)
    return np.asarray(point) + np.concatenate(offsets), np.concatenate(costs)


def within(
    polygon: shapely.Polygon, w: float, h: float, *, grid: int = 9
) -> tuple[FloatArray, FloatArray]:
    """
    Return candidate centres of a box wholly inside a polygon, and the cost of each.

    Parameters
    ----------
    polygon : shapely.Polygon
        [mm].
    w, h : float
        Size of the box [mm].
    grid : int, default 9
        Candidates tried along each axis.

    Returns
    -------
    centres : ndarray of float, shape (n, 2)
        [mm]; n is 0 where the box does not fit.
    cost : ndarray of float, shape (n,)
        Distance from the middle of the polygon's bounds [mm].
    """
    left, top, right, bottom = polygon.bounds
    xs = np.linspace(left + w / 2, right - w / 2, grid) if right - left >= w else np.empty(0)
    ys = np.linspace(top + h / 2, bottom - h / 2, grid) if bottom - top >= h else np.empty(0)
    centres = np.array(np.meshgrid(xs, ys)).reshape(2, -1).T
    if not len(centres):
        return centres, np.empty(0)
    boxes = shapely.box(*boxes_at(centres, w, h).T)
    shapely.prepare(polygon)
    centres = centres[shapely.covers(polygon, boxes)]
    middle = ((left + right) / 2, (top + bottom) / 2)
    return centres, np.hypot(*(centres - middle).T) if len(centres) else np.empty(0)


def along(
    lines: NDArray[np.object_], *, step: float = 6.0
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """
    Return candidate centres on lines, with the angle and the cost of each.

    Parameters
    ----------
    lines : ndarray of shapely.LineString, shape (n,)
        [mm], none empty.
    step : float, default 6.0
        Distance of the candidates along a line [mm].

    Returns
    -------
    centres : ndarray of float, shape (m, 2)
        [mm].
    angles : ndarray of float, shape (m,)
        Direction of the line, counter-clockwise, above -90 and at most 90 [degrees].
    cost : ndarray of float, shape (m,)
        A tenth of the distance from the middle of the line [mm].
    """
    lengths = shapely.length(lines)
    counts = np.maximum(np.ceil((lengths - 1.5 * step) / step).astype(int), 1)
    which = np.repeat(np.arange(len(lines)), counts)
    middle = lengths[which] / 2
    offsets = np.where(lengths[which] > 2 * step, step * (places_in_runs(counts) + 1), middle)
    at = np.stack([offsets, offsets + 0.5, offsets - 0.5])
    points = shapely.get_coordinates(shapely.line_interpolate_point(lines[which], at))
    here, ahead, behind = points.reshape(3, -1, 2)
    dx, dy = (ahead - behind).T
    angles = np.degrees(np.arctan2(-dy, dx))
    angles = np.where(angles > 90, angles - 180, np.where(angles <= -90, angles + 180, angles))  # noqa: PLR2004
    return here, angles, np.abs(offsets - middle) * 0.1
