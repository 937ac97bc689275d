"""
Curves: WKB with arcs made straight, because layers hold straight edges and GEOS reads no arcs.

An arc is given by three positions and becomes pieces that stray from it by at most `TOLERANCE_M`;
the three positions stay. Heights are dropped on the way: the layers are flat.
"""

import math
import struct
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]  # not of `geo`, which the fences keep from the child

TOLERANCE_M = 0.01
_M_A_DEGREE = 111_320.0  # along a meridian; along a parallel it is less, so pieces only get shorter
_LARGEST_DEGREE = 360.0  # numbers up to here are taken for degrees
_SAME = 1e-9  # of its width by which the ends of a full circle may be apart
_CURVED = range(8, 13)
_COLLECTION = 7
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x80000000, 0x40000000, 0x20000000
_DEEPEST = 32
_MOST_PIECES = 2_000  # of an arc
_MOST_POSITIONS = 2_000_000  # of a geometry


def is_curved(blob: bytes) -> bool:
    """Return whether WKB may hold arcs: it is a curve, or a collection that may have one in it."""
    if len(blob) < 5:  # noqa: PLR2004 - byte order and type
        return False
    kind = _kind(struct.unpack_from("<I" if blob[0] else ">I", blob, 1)[0])[0]
    return kind in _CURVED or kind == _COLLECTION


def straight(blob: bytes) -> tuple[bytes, int]:
    """
    Return WKB with every arc made straight, and how many arcs there were.

    Parameters
    ----------
    blob : bytes
        Any WKB, ISO or extended, with or without heights.

    Returns
    -------
    tuple of (bytes, int)
        Flat WKB without curves: a curve becomes a line, a surface a polygon.

    Raises
    ------
    ValueError
        If the bytes are no geometry, or the arcs would become more positions than allowed.
    """
    reader = _Reader(blob)
    try:
        return bytes(shapely.to_wkb(reader.geometry(0))), reader.arcs
    except (struct.error, shapely.errors.GEOSException, IndexError) as error:
        raise ValueError(str(error)) from error


def flattened_arc(arc: FloatArray, tolerance: float) -> FloatArray:
    """
    Return an arc as straight pieces.

    Parameters
    ----------
    arc : ndarray of float64, shape (3, 2)
        Beginning, a position on the arc, end. Where beginning and end are one, the position is the
        opposite one of a full circle.
    tolerance : float
        How far a piece may stray from the arc, in the unit of the positions.

    Returns
    -------
    ndarray of float64, shape (n, 2)
        From the beginning to the end, the three positions among them.
    """
    first, middle, last = arc
    centre = _centre(arc)
    if centre is None:
        return arc
    radius = math.dist(first, centre)
    start, through, end = (math.atan2(*(xy - centre)[::-1]) for xy in arc)
    turn = 1.0 if _is_left(arc) else -1.0
    legs = [
        _between(centre, radius, start, turn * _sweep(turn, start, through), tolerance),
        _between(centre, radius, through, turn * _sweep(turn, through, end), tolerance),
    ]
    return np.vstack([first, legs[0], middle, legs[1], last])


def _centre(arc: FloatArray) -> FloatArray | None:
    """Return the centre of the circle through three positions, None if they are on a line."""
    first, middle, last = arc
    if math.dist(first, last) <= _SAME * math.dist(first, middle):
        return None if (first == middle).all() else (first + middle) / 2
    a, b = middle - first, last - first
    twice = 2.0 * (a[0] * b[1] - a[1] * b[0])
    lengths = np.array([a @ a, b @ b])
    if abs(twice) <= 1e-12 * lengths.max():
        return None
    offset = np.array(
        [b[1] * lengths[0] - a[1] * lengths[1], a[0] * lengths[1] - b[0] * lengths[0]]
    )
    return np.asarray(first + offset / twice, dtype=np.float64)


def _is_left(arc: FloatArray) -> bool:
    """Return whether the arc turns left; a full circle does."""
    a, b = arc[1] - arc[0], arc[2] - arc[0]
    return bool(a[0] * b[1] - a[1] * b[0] >= 0)


def _sweep(turn: float, start: float, end: float) -> float:
    """Return the angle [rad] from one direction to another, turning one way."""
    return (turn * (end - start)) % (2 * math.pi)


def _between(
    centre: FloatArray, radius: float, start: float, sweep: float, tolerance: float
) -> FloatArray:
    """Return the positions between the ends of an arc, shape (n, 2)."""
    step = 2 * math.acos(max(1 - tolerance / radius, math.cos(math.pi / 8)))
    pieces = min(max(math.ceil(abs(sweep) / step), 1), _MOST_PIECES)
    angles = start + sweep * np.arange(1, pieces) / pieces
    return np.asarray(centre + radius * np.column_stack([np.cos(angles), np.sin(angles)]))


def _kind(word: int) -> tuple[int, int, bool]:
    """Return the geometry type, the numbers of a position, and whether an SRID follows."""
    plain = word & 0x0FFFFFFF
    iso = plain // 1000
    extra = (iso in (1, 3) or bool(word & _EWKB_Z)) + (iso in (2, 3) or bool(word & _EWKB_M))
    return plain % 1000, 2 + extra, bool(word & _EWKB_SRID)


class _Reader:
    """A geometry read from WKB, from its first byte to its last."""

    def __init__(self, blob: bytes) -> None:
        self._blob, self._at, self._left = blob, 0, _MOST_POSITIONS
        self.arcs = 0

    def geometry(self, depth: int) -> Any:  # noqa: ANN401 - any geometry
        """Return the next geometry, made straight."""
        kind, width, order = self._head(depth)
        if kind == 1:
            return shapely.Point(self._positions(1, width, order)[0])
        if kind in (2, 8, 9):
            return shapely.LineString(self._line(kind, width, order, depth))
        if kind in (3, 10):
            rings = self._rings(kind, width, order, depth)
            return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()
        return self._parts(kind, [self.geometry(depth + 1) for _ in range(self._count(order))])

    def _head(self, depth: int) -> tuple[int, int, str]:
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")
        order = "<" if self._blob[self._at] else ">"
        kind, width, has_srid = _kind(struct.unpack_from(f"{order}I", self._blob, self._at + 1)[0])
        self._at += 9 if has_srid else 5
        return kind, width, order

    def _count(self, order: str) -> int:
        (count,) = struct.unpack_from(f"{order}I", self._blob, self._at)
        self._at += 4
        if count > len(self._blob):
            raise ValueError(f"{count} parts in {len(self._blob)} B")
        return int(count)

    def _positions(self, count: int, width: int, order: str) -> FloatArray:
        """Return the next positions, shape (count, 2), without heights and measures."""
        size = count * width
        raw = np.frombuffer(self._blob, f"{order}f8", size, self._at).reshape(count, width)
        self._at += 8 * size
        return np.ascontiguousarray(raw[:, :2], dtype=np.float64)

    def _line(self, kind: int, width: int, order: str, depth: int) -> FloatArray:
        """Return the positions of a line, a string of arcs or a curve made of both."""
        if kind != 9:  # noqa: PLR2004 - a compound curve
            found = self._positions(self._count(order), width, order)
            return self._flat(found) if kind == 8 else found  # noqa: PLR2004 - a string of arcs
        parts = [self._curve(depth + 1) for _ in range(self._count(order))]
        return np.vstack([parts[0], *(part[1:] for part in parts[1:])])

    def _curve(self, depth: int) -> FloatArray:
        """Return the positions of the next curve, which has a head of its own."""
        kind, width, order = self._head(depth)
        if kind not in (2, 8, 9):
            raise ValueError(f"type {kind} is no curve")
        return self._line(kind, width, order, depth)

    def _rings(self, kind: int, width: int, order: str, depth: int) -> list[FloatArray]:
        """Return the rings of a polygon, those of a curved one made straight."""
        count = self._count(order)
        if kind == 10:  # noqa: PLR2004 - a polygon of curves
            return [self._curve(depth + 1) for _ in range(count)]
        return [self._positions(self._count(order), width, order) for _ in range(count)]

    def _flat(self, string: FloatArray) -> FloatArray:
        """Return a string of arcs as straight pieces."""
        if len(string) < 3 or len(string) % 2 == 0 or not np.isfinite(string).all():  # noqa: PLR2004
            raise ValueError(f"{len(string)} positions make no arcs")
        in_degrees = np.abs(string).max() <= _LARGEST_DEGREE
        tolerance = TOLERANCE_M / _M_A_DEGREE if in_degrees else TOLERANCE_M
        found = [string[:1]]
        for at in range(0, len(string) - 2, 2):
            found.append(flattened_arc(string[at : at + 3], tolerance)[1:])
            self.arcs += 1
            self._left -= len(found[-1])
            if self._left < 0:
                raise ValueError(f"more than {_MOST_POSITIONS} positions")
        return np.vstack(found)

    @staticmethod
    def _parts(kind: int, parts: Sequence[Any]) -> Any:  # noqa: ANN401 - any geometry
        """Return parts as one geometry of several."""
        together: dict[int, Callable[[Sequence[Any]], Any]] = {
            4: shapely.MultiPoint,
            5: shapely.MultiLineString,
            6: shapely.MultiPolygon,
            7: shapely.GeometryCollection,
            11: shapely.MultiLineString,
            12: shapely.MultiPolygon,
        }
        if kind not in together:
            raise ValueError(f"type {kind} is no geometry of a layer")
        return together[kind](parts)
