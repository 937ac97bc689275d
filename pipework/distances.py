"""Distances: pairs of a pipe and an object, measured between outer edges and held to a table."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clearances.tables import ClearanceTable
from clearances.verdict import ClearanceVerdict
from geo.arrays import BoolArray, FloatArray, IndexArray, ShapeArray
from geo.clearance import Clearances, dimension_lines
from pipework.checks import checks
from pipework.pieces import Pieces
from pipework.required import Survey, is_near, judged, said


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """
    p pairs of a pipe and an object.

    Attributes
    ----------
    pipe : ndarray of intp, shape (p,)
        Position of each pair's pipe.
    line, shape : ndarray of geometry, shape (p,)
        What of the pipe, and of the object, may have to keep it [m]; nothing is asked where either
        is empty.
    sure_line, sure_shape : ndarray of geometry, shape (p,)
        What of them has to, whatever applies: less, or the same.
    radius_m, object_radius_m : ndarray of float64, shape (p,)
        Outer radii, 0 where unknown or none [m].
    objects : pandas.DataFrame
        p rows: any of `checks.COLUMNS` that say what the object is.
    asked : pandas.DataFrame
        p rows of `required.COLUMNS`.
    survey : Survey
        Of the p pairs.
    """

    pipe: IndexArray
    line: ShapeArray
    shape: ShapeArray
    sure_line: ShapeArray
    sure_shape: ShapeArray
    radius_m: FloatArray
    object_radius_m: FloatArray
    objects: pd.DataFrame
    asked: pd.DataFrame
    survey: Survey

    @property
    def keep_m(self) -> FloatArray:
        """What line and shape have to keep at most, shape (p,) [m]."""
        keep: FloatArray = self.asked["most_m"].to_numpy() + self.radius_m + self.object_radius_m
        return keep

    def reaches_m(self, factor: float, look_m: float) -> tuple[FloatArray, FloatArray]:
        """
        Return how far from where both meet nothing is asked: at least, and at most.

        Parameters
        ----------
        factor : float
            Times the distance required between centre lines.
        look_m : float
            The radius of a pipe whose diameter nobody knows, at most [m].
        """
        radii = self.radius_m + self.object_radius_m
        most = self.keep_m + np.where(self.survey.has_size, 0.0, look_m)
        return factor * (self.asked["least_m"].to_numpy() + radii), factor * most

    @property
    def distance_m(self) -> FloatArray:
        """From edge to edge, 0 where they overlap, NaN where nothing is asked, shape (p,)."""
        return self._apart(self.line, self.shape)

    @property
    def sure_distance_m(self) -> FloatArray:
        """The same of what has to keep it whatever applies, shape (p,)."""
        return self._apart(self.sure_line, self.sure_shape)

    def _apart(self, line: ShapeArray, shape: ShapeArray) -> FloatArray:
        apart = shapely.distance(line, shape) - self.radius_m - self.object_radius_m
        return np.maximum(apart, 0.0)

    def where(self, keep: BoolArray) -> "Measured":
        """Return the pairs at which `keep`, shape (p,), is true."""
        shapes = ("line", "shape", "sure_line", "sure_shape")
        arrays = ("pipe", *shapes, "radius_m", "object_radius_m")
        return replace(
            self,
            **{name: getattr(self, name)[keep] for name in arrays},
            objects=self.objects[keep].reset_index(drop=True),
            asked=self.asked[keep].reset_index(drop=True),
            survey=self.survey.where(keep),
        )


def held(check: str, pairs: Measured, look_m: float) -> gpd.GeoDataFrame:
    """
    Return what is said of the pairs that matter.

    Parameters
    ----------
    check : str
        Its name.
    pairs : Measured
        p pairs of which something is asked.
    look_m : float
        How far beyond what is required a pair is still listed [m].

    Returns
    -------
    geopandas.GeoDataFrame
        Rows of `checks.COLUMNS`; the geometry is the dimension line, `length_m` how much of the
        pipe is too near.
    """
    pairs = pairs.where(is_near(pairs.distance_m, pairs.asked, pairs.survey, look_m))
    distance, asked = pairs.distance_m, pairs.asked
    verdict = judged(distance, pairs.sure_distance_m, asked, pairs.survey)
    near = shapely.intersection(pairs.line, shapely.buffer(pairs.shape, pairs.keep_m))
    is_short = verdict == ClearanceVerdict.SHORT
    each = np.arange(len(distance))
    return checks(
        check,
        pairs.pipe.astype(np.int64),
        verdict,
        dimension_lines(
            pairs.line,
            pairs.shape,
            Clearances(each, each, distance),
            pairs.object_radius_m,
            pairs.radius_m,
        ),
        **{str(name): column.to_numpy() for name, column in pairs.objects.items()},
        measured=distance,
        least=asked["least_m"].to_numpy(),
        required=asked["most_m"].to_numpy(),
        length_m=np.where(is_short, shapely.length(near), np.nan),
        unit="m",
        **{name: asked[name].to_numpy() for name in ("source_id", "clause", "verified")},
        **said(asked, pairs.survey.blanks),
    )


def farthest(tables: tuple[ClearanceTable, ...], code: str) -> float:
    """Return the largest figure that pipes have to keep from a class of object [m]."""
    own = (t for t in tables if t.object == code and "pipe" in t.subjects)
    figures = [row.metres(("pipe",)) for table in own for row in table.rows]
    return float(np.nanmax(figures, initial=0.0))


def doubt_m(pieces: Pieces, look_m: float) -> float:
    """Return how far beyond what is required a pair of pipes may matter at most [m]."""
    return max(2.0 * float(np.nan_to_num(pieces.accuracy_m).max(initial=0.0)), look_m)
