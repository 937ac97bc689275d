"""Obstacles as one table, and the classes of obstacles with equal survey attributes."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from clearances.features import Attribute, FeatureClass
from geo.arrays import BoolArray, FloatArray, IndexArray
from wording import Text


@dataclass(frozen=True, slots=True)
class ObstacleClass:
    """
    Class of obstacles with equal survey attributes.

    Attributes
    ----------
    feature : FeatureClass
        What the tables distinguish of them.
    name : Text
        What people read, in Chinese and in English.
    notes : tuple of Text
        What the survey left open.
    is_unsure : bool
        Whether no subject passes near them: depth, accuracy or width is unknown.
    """

    feature: FeatureClass
    name: Text
    notes: tuple[Text, ...] = ()
    is_unsure: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Obstacles:
    """
    Obstacles at their positions.

    Attributes
    ----------
    table : geopandas.GeoDataFrame
        One row an obstacle, k rows, in the working CRS: `layer`, `object_id`; `half_width_m` of
        what a centre line represents; `accuracy_m` of the survey (NaN unknown); `height_m` of a
        conductor (NaN unknown) [m]; `surveyed` spells what the survey says of it.
    classes : tuple of ObstacleClass
        The c classes that occur.
    class_of : ndarray of intp, shape (k,)
        Position of each obstacle's class in `classes`.
    """

    table: gpd.GeoDataFrame
    classes: tuple[ObstacleClass, ...]
    class_of: IndexArray

    def __len__(self) -> int:
        """Return the number of obstacles."""
        return len(self.class_of)

    def where(self, keep: BoolArray) -> "Obstacles":
        """
        Return some of the obstacles.

        Parameters
        ----------
        keep : ndarray of bool, shape (k,)
            Which ones.

        Returns
        -------
        Obstacles
            Those at which `keep` is true, in their order; all classes stay.
        """
        table = self.table[keep].reset_index(drop=True)
        return replace(self, table=table, class_of=self.class_of[keep])


def classified(
    layer: str,
    frame: gpd.GeoDataFrame,
    traits: pd.DataFrame,
    describe: Callable[..., ObstacleClass],
    sizes: pd.DataFrame | None = None,
) -> Obstacles:
    """
    Return the obstacles of one layer.

    Parameters
    ----------
    layer : str
        Its name.
    frame : geopandas.GeoDataFrame
        k features, their ids in the first column.
    traits : pandas.DataFrame
        What the survey says of each, k rows; each distinct row is described once.
    describe : callable
        Takes a row of `traits`, then of `sizes`, as positional arguments.
    sizes : pandas.DataFrame or None, default None
        Surveyed numbers that the tables distinguish and that another column holds already.

    Returns
    -------
    Obstacles
        Half width and accuracy 0, height NaN.
    """
    if not len(frame):
        return _none(frame.crs)
    every = traits if sizes is None else pd.concat([traits, sizes], axis=1)
    distinct = every.drop_duplicates()
    classes = tuple(describe(*row) for row in distinct.itertuples(index=False, name=None))
    class_of = every.groupby(list(every), sort=False, dropna=False).ngroup().to_numpy()
    spelled = distinct[list(traits)].to_numpy(dtype=object)
    said = np.array(["|".join(map(str, row)) for row in spelled] or [""])
    columns = {
        "layer": layer,
        "object_id": frame.iloc[:, 0].astype("str").to_numpy(),
        "surveyed": said[class_of],
        "half_width_m": 0.0,
        "accuracy_m": 0.0,
        "height_m": math.nan,
    }
    table = gpd.GeoDataFrame(columns, geometry=frame.geometry.to_numpy(), crs=frame.crs)
    return Obstacles(table, classes, class_of.astype(np.intp))


@lru_cache(maxsize=8)
def _none(crs: CRS) -> Obstacles:
    """Return no obstacles; shared, as most districts have layers without rows."""
    texts = dict.fromkeys(("layer", "object_id", "surveyed"), pd.Series(dtype="str"))
    figures = ("half_width_m", "accuracy_m", "height_m")
    numbers = dict.fromkeys(figures, pd.Series(dtype="float64"))
    table = gpd.GeoDataFrame(texts | numbers, geometry=gpd.GeoSeries([], crs=crs))
    return Obstacles(table, (), np.empty(0, dtype=np.intp))


def with_figures(obstacles: Obstacles, **columns: FloatArray) -> Obstacles:
    """
    Return obstacles with figures of their own.

    Parameters
    ----------
    obstacles : Obstacles
        k obstacles.
    **columns : ndarray of float64, shape (k,)
        `half_width_m`, `accuracy_m` or `height_m` [m], NaN unknown.

    Returns
    -------
    Obstacles
        The same ones with these columns.
    """
    return replace(obstacles, table=obstacles.table.assign(**columns))


def concatenated(parts: Sequence[Obstacles]) -> Obstacles:
    """
    Return the obstacles of all parts.

    Parameters
    ----------
    parts : sequence of Obstacles
        At least one, in one CRS.

    Returns
    -------
    Obstacles
        In the order of the parts.
    """
    filled = [part for part in parts if len(part)] or parts[:1]
    table = pd.concat([part.table for part in filled], ignore_index=True)
    floats = dict.fromkeys(("half_width_m", "accuracy_m", "height_m"), "float64")
    before = np.cumsum([0, *(len(part.classes) for part in filled)])
    return Obstacles(
        gpd.GeoDataFrame(table.astype(floats), crs=filled[0].table.crs),
        tuple(one for part in filled for one in part.classes),
        np.concatenate([p.class_of + n for p, n in zip(filled, before, strict=False)]),
    )


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """
    Return codes as Python strings.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns of text.

    Returns
    -------
    pandas.DataFrame
        Of objects, ``""`` where missing.
    """
    return frame.astype(object).where(frame.notna(), "")


def filled_in(**attributes: Attribute) -> tuple[tuple[str, Attribute], ...]:
    """
    Return the attributes that a survey filled in.

    Parameters
    ----------
    **attributes : str, float or bool
        By name; ``""`` is one it left open.

    Returns
    -------
    tuple of (str, value)
        As `FeatureClass` takes them.
    """
    return tuple((name, value) for name, value in attributes.items() if value != "")
