"""Features of the clearance check: class, extent and position."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from geo.arrays import FloatArray, IndexArray, ShapeArray

Attribute: TypeAlias = str | float | bool


@dataclass(frozen=True, slots=True)
class FeatureClass:
    """
    What the clearance tables distinguish of a feature.

    Attributes
    ----------
    code : str
        Its class: ``"tree"``, ``"pipe"``, ``"building_wall"``, ...
    attributes : tuple of (str, str or float or bool)
        What was surveyed of it, such as ``("laid", "duct")`` or ``("diameter_mm", 315.0)``; an
        attribute that is not listed is unknown.
    also : tuple of str
        Wider classes it belongs to as well: a lift shaft is a building.
    """

    code: str
    attributes: tuple[tuple[str, Attribute], ...] = ()
    also: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Its class and the wider ones, the narrowest first."""
        return (self.code, *self.also)

    def value(self, attribute: str) -> Attribute | None:
        """
        Return what was surveyed of an attribute.

        Parameters
        ----------
        attribute : str
            Its name.

        Returns
        -------
        str, float, bool or None
            None where it is unknown.
        """
        return dict(self.attributes).get(attribute)


@dataclass(frozen=True, slots=True)
class Subject:
    """
    One kind of subject: its class and its size about its place.

    Attributes
    ----------
    feature : FeatureClass
        Its class.
    radius_m : float, default 0.0
        From its geometry to its edge [m]; 0 for a plant, which counts from the centre of its stem,
        and for a subject whose geometry is its outline.
    crown_m, height_m : float, default NaN
        Mature crown width and height [m], NaN unknown.
    """

    feature: FeatureClass
    radius_m: float = 0.0
    crown_m: float = float("nan")
    height_m: float = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Subjects:
    """
    Subjects at their positions.

    Attributes
    ----------
    geometry : ndarray of geometry, shape (n,)
        Points, lines or polygons in the working CRS [m].
    classes : tuple of FeatureClass
        The s classes that occur.
    class_of : ndarray of intp, shape (n,)
        Position of each subject's class in `classes`.
    radius_m, crown_m, height_m : ndarray of float64, shape (n,)
        As of `Subject` [m].
    """

    geometry: ShapeArray
    classes: tuple[FeatureClass, ...]
    class_of: IndexArray
    radius_m: FloatArray
    crown_m: FloatArray
    height_m: FloatArray

    def __len__(self) -> int:
        """Return the number of subjects."""
        return len(self.geometry)

    @classmethod
    def standing(cls, subjects: Sequence[Subject], geometry: ShapeArray) -> "Subjects":
        """
        Return subjects at their places.

        Parameters
        ----------
        subjects : sequence of Subject
            n of them.
        geometry : ndarray of geometry, shape (n,)
            Where each is, in the working CRS [m].

        Returns
        -------
        Subjects
            In their order.
        """
        classes = tuple(dict.fromkeys(one.feature for one in subjects))
        return cls(
            geometry,
            classes,
            np.array([classes.index(one.feature) for one in subjects], dtype=np.intp),
            *(
                np.array([getattr(one, name) for one in subjects], dtype=np.float64)
                for name in ("radius_m", "crown_m", "height_m")
            ),
        )
