"""Pieces: the pipes of a district, as the clearance tables tell them apart."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from clearances.features import FeatureClass
from clearances.lines import pipes_of
from clearances.obstacle import ObstacleClass
from geo.arrays import BoolArray, FloatArray, IndexArray, IntArray, ShapeArray
from layers.pipelines import KINDS
from rules.context import EvaluationContext
from wording import Text

NO_KIND = "BM"
"""Pipes of unknown kind: any row of a table may be about them, or none."""


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """
    The n pipes of a district.

    Attributes
    ----------
    table : pandas.DataFrame
        The layer's columns.
    geometry : ndarray of LineString or MultiLineString, shape (n,)
        Centre lines, working CRS [m].
    estate : ndarray of int64, shape (n,)
        Position of each one's estate, -1 for none.
    is_buried : ndarray of bool, shape (n,)
        All but those known to hang: the tables are for buried pipes.
    classes : tuple of FeatureClass
        What the tables tell apart; of a pipe of unknown kind without a kind.
    names : tuple of Text
        What people call each class.
    class_of : ndarray of intp, shape (n,)
        Position of each one's class.
    radius_m, depth_m, accuracy_m : ndarray of float64, shape (n,)
        Outer radius, cover above the top, accuracy of the survey [m], NaN unknown.
    """

    table: pd.DataFrame
    geometry: ShapeArray
    estate: IntArray
    is_buried: BoolArray
    classes: tuple[FeatureClass, ...]
    names: tuple[Text, ...]
    class_of: IndexArray
    radius_m: FloatArray
    depth_m: FloatArray
    accuracy_m: FloatArray

    def __len__(self) -> int:
        """Return the number of pipes."""
        return len(self.class_of)

    @property
    def buried(self) -> ShapeArray:
        """The centre lines of buried pipes, None in place of the others, shape (n,)."""
        lines: ShapeArray = np.array(self.geometry, dtype=object)
        lines[~self.is_buried] = None
        return lines


def pieces_of(context: EvaluationContext) -> Pieces:
    """
    Return the pipes of a district; none where nobody looked for them.

    Parameters
    ----------
    context : EvaluationContext
        The district on a day.
    """
    rows = context.rows("pipelines")
    lines = context.district["pipelines"]
    found = pipes_of(lines)
    diameter = lines["diameter_mm"].to_numpy(dtype=np.float64)
    return Pieces(
        pd.DataFrame(lines.drop(columns="geometry")).reset_index(drop=True),
        np.asarray(lines.geometry.array, dtype=object),
        rows.estate,
        (lines["laid"] != "overhead").fillna(value=True).to_numpy(dtype=bool),
        tuple(_known(one.feature) for one in found.classes),
        tuple(map(_named, found.classes)),
        found.class_of,
        np.where(diameter > 0, diameter, np.nan) / 2000.0,
        lines["depth_m"].to_numpy(dtype=np.float64),
        lines["accuracy_m"].to_numpy(dtype=np.float64),
    )


def _known(feature: FeatureClass) -> FeatureClass:
    """Return a class without a kind where the kind says that nobody knows it."""
    if feature.value("kind") != NO_KIND:
        return feature
    return replace(feature, attributes=tuple(a for a in feature.attributes if a[0] != "kind"))


def _named(one: ObstacleClass) -> Text:
    return one.name if one.name.zh else KINDS[NO_KIND]
