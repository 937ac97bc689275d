"""Section: what pipes lie side by side, and how deep, along a line straight across them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.arrays import FloatArray, IntArray
from pipework.pieces import Pieces

_STEP_M = 0.01  # by which the direction of a pipe is taken


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """
    The pipes that a line cuts, in their order along it; k of them.

    Attributes
    ----------
    line : shapely.LineString
        From left to right, working CRS [m].
    pipe : ndarray of int64, shape (k,)
        Position of each; a pipe that is cut twice is there twice.
    at_m : ndarray of float64, shape (k,)
        Where its centre line is cut [m] from the left.
    """

    line: shapely.LineString
    pipe: IntArray
    at_m: FloatArray

    def __len__(self) -> int:
        """Return the number of cuts."""
        return len(self.pipe)


def section_along(pieces: Pieces, line: shapely.LineString) -> Section:
    """
    Return the pipes that a line cuts.

    Parameters
    ----------
    pieces : Pieces
        The pipes of a district; those that hang are left out.
    line : shapely.LineString
        Working CRS [m].

    Returns
    -------
    Section
        Without stretches that run along the line.
    """
    near = np.sort(shapely.STRtree(pieces.buried).query(line, predicate="intersects"))
    cuts, of = shapely.get_parts(
        shapely.intersection(pieces.geometry[near], line), return_index=True
    )
    is_place = shapely.get_type_id(cuts) == shapely.GeometryType.POINT
    at = shapely.line_locate_point(line, cuts[is_place])
    pipe = near[of[is_place]].astype(np.int64)
    order = np.lexsort((pipe, at))
    return Section(line, pipe[order], at[order])


def fullest_section(pieces: Pieces, own: Sequence[int], half_m: float) -> Section:
    """
    Return the section that cuts most pipes, of those across the middle of some pipes.

    Parameters
    ----------
    pieces : Pieces
        The pipes of a district.
    own : sequence of int
        Positions of the pipes that it may be laid across; of equals the first decides.
    half_m : float
        How far it reaches to either side [m].

    Returns
    -------
    Section
        Empty where `own` is.
    """
    places = np.asarray(own, dtype=np.int64)
    lines = pieces.geometry[places]
    if not len(lines):
        return Section(shapely.LineString(), places, np.empty(0))
    whole = shapely.length(lines)
    middle, ahead = (
        shapely.get_coordinates(shapely.line_interpolate_point(lines, at))
        for at in (whole / 2, np.minimum(whole / 2 + _STEP_M, whole))
    )
    run = ahead - middle
    across = np.stack([-run[:, 1], run[:, 0]], axis=1)
    across /= np.maximum(np.hypot(*across.T), 1e-12)[:, None]
    ends = np.stack([middle - half_m * across, middle + half_m * across], axis=1)
    candidates = np.asarray(shapely.linestrings(ends), dtype=object)
    cut = shapely.STRtree(pieces.buried).query(candidates, predicate="intersects")[0]
    most = int(np.argmax(np.bincount(cut, minlength=len(lines))))
    return section_along(pieces, candidates[most])
