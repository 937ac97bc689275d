"""Avenues along the lanes of the estates, with the spacing that a rule must judge."""

from collections.abc import Sequence

import numpy as np

from answer_key.grades import Grade, Planted, plant
from demonstration.compound import Compound
from demonstration.frame import Frame
from demonstration.ground import Ground
from geo.arrays import FloatArray, IntArray

SPACING = Grade("green.spacing", (-1.6, -0.4), (0.5, 2), (0.01, -0.01))
_ROW_TREES, _ROW_START_M, _ROW_ASIDE_M = 4, 6.0, 2.2


def lane_trees(
    rng: np.random.Generator, ground: Ground
) -> tuple[tuple[FloatArray, IntArray], Planted]:
    """Return trees along the lanes with their estates, and the spacing planted in each estate."""
    with_lanes = [compound.estate for compound in ground.compounds if compound.links]
    spacing = plant(rng, SPACING, len(ground.ids), with_lanes)
    return _lane_rows(rng, spacing, ground.frame, ground.compounds), spacing


def _lane_rows(
    rng: np.random.Generator, spacing: Planted, frame: Frame, compounds: Sequence[Compound]
) -> tuple[FloatArray, IntArray]:
    """Plant an avenue along one row lane of each estate that was dealt a spacing."""
    points, owner = [np.empty((0, 2))], []
    for compound in compounds:
        least = spacing.values[compound.estate]
        start, y, end, _ = compound.rows[0]
        if np.isnan(least):
            continue
        steps = np.full(_ROW_TREES - 1, max(least, SPACING.good[0]))
        steps[int(rng.integers(len(steps)))] = least
        x = start + np.sign(end - start) * (_ROW_START_M + np.concatenate([[0], np.cumsum(steps)]))
        local = np.stack([x, np.full_like(x, y + _ROW_ASIDE_M)], axis=1)
        points.append(frame.to_world(compound.block, local))
        owner += [compound.estate] * len(x)
    return np.concatenate(points), np.array(owner, dtype=np.int64)
