"""
Streets: every line people walk along, as two-point segments that meet at their end points.

Sidewalk rings are cut where a lane joins them, so that the walking network finds the junction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demonstration.compound import Compound, Point, Segment
from demonstration.frame import Frame
from demonstration.infill import Infill
from geo.arrays import FloatArray, IntArray


@dataclass(frozen=True)
class Streets:
    """
    Walkways as arrays that share their first axis.

    Attributes
    ----------
    lines : ndarray, shape (m, 2, 2)
        Segments, easting and northing [m].
    kind, name : ndarray of str, shape (m,)
        Kind of walkway, street name ("" if none).
    estate : ndarray of int, shape (m,)
        Position of the estate in the roster, -1 outside.
    block, side : ndarray of int, shape (m,)
        The block and side a sidewalk runs along, -1 for other lines.
    """

    lines: FloatArray
    kind: NDArray[np.str_]
    name: NDArray[np.str_]
    estate: IntArray
    block: IntArray
    side: IntArray


def lay_streets(frame: Frame, compounds: list[Compound], infill: Infill) -> Streets:
    """Return the walkways of the whole town."""
    joints = _Joints(frame)
    parts = [_segments(frame.joins, frame.join_kind, frame.join_name)]
    for compound in compounds:
        at = compound.block
        ends = np.array([joints.add(at, point, side) for point, side in compound.links])
        starts = frame.to_world(at, np.array([point for point, _ in compound.links]).reshape(-1, 2))
        links = np.stack([starts, ends.reshape(-1, 2)], axis=1)
        own = compound.estate
        parts.append(_segments(links, "lane", "", own))
        parts.append(_segments(_world(frame, at, compound.lanes), "lane", "", own))
        parts.append(_segments(_world(frame, at, compound.paths), "path", "", own))
        parts.append(_segments(_world(frame, at, compound.public), "lane", "样例巷"))
    for block, lane in infill.lanes:
        parts.append(_segments(_world(frame, block, [lane]), "lane", "样例巷"))
    for block, point, side in infill.links:
        start = frame.to_world(block, np.array(point))
        parts.append(
            _segments(np.array([[start, joints.add(block, point, side)]]), "lane", "样例巷")
        )
    parts.append(joints.sidewalks())
    return Streets(*(np.concatenate(column) for column in zip(*parts, strict=True)))


class _Joints:
    """Collects the points at which lanes meet the sidewalks."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.found: list[tuple[int, int, float, float, float]] = []

    def add(self, block: int, point: Point, side: int) -> FloatArray:
        """Return where a lane through `point`, square to `side`, meets the sidewalk there."""
        ring = self.frame.ring[block]
        corners = self.frame.to_plot(block, ring)
        one, other = corners[side], corners[(side + 1) % 4]
        along = 0 if side in {0, 2} else 1
        share = (point[along] - one[along]) / (other[along] - one[along])
        share = float(np.round(min(max(share, 0.02), 0.98), 9))
        world: FloatArray = np.round(ring[side] + (ring[(side + 1) % 4] - ring[side]) * share, 4)
        self.found.append((block, side, share, float(world[0]), float(world[1])))
        return world

    def sidewalks(self) -> tuple[NDArray[np.generic], ...]:
        """Return the rings of all blocks, cut at the joints."""
        ring = self.frame.ring
        count = len(ring)
        block, side = np.divmod(np.arange(4 * count), 4)
        corners = np.column_stack([block, side, np.zeros(4 * count), ring.reshape(-1, 2)])
        ends = np.column_stack(
            [block, side, np.ones(4 * count), np.roll(ring, -1, 1).reshape(-1, 2)]
        )
        points = np.concatenate([corners, ends, np.array(self.found).reshape(-1, 5)])
        points = points[np.lexsort((points[:, 2], points[:, 1], points[:, 0]))]
        same = (points[1:, :2] == points[:-1, :2]).all(axis=1) & (points[1:, 2] > points[:-1, 2])
        lines = np.stack([points[:-1, 3:], points[1:, 3:]], axis=1)[same]
        at, edge = points[:-1, 0][same].astype(np.int64), points[:-1, 1][same].astype(np.int64)
        names = self.frame.names[at, edge]
        kinds = np.full(len(lines), "sidewalk")
        return lines, kinds, names, np.full(len(lines), -1), at, edge


def _world(frame: Frame, block: int, segments: Sequence[Segment]) -> FloatArray:
    local = np.array(segments, dtype=np.float64).reshape(-1, 2, 2)
    return frame.to_world(block, local)


def _segments(
    lines: FloatArray, kind: str | NDArray[np.str_], name: str | NDArray[np.str_], estate: int = -1
) -> tuple[NDArray[np.generic], ...]:
    count = len(lines)
    none = np.full(count, -1)
    return (
        lines.reshape(-1, 2, 2),
        np.broadcast_to(np.asarray(kind, dtype="U16"), count),
        np.broadcast_to(np.asarray(name, dtype="U24"), count),
        np.full(count, estate),
        none,
        none,
    )
