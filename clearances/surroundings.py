"""
Surroundings: obstacles, and what subjects of some classes are required to keep from each of them.

What is required depends on two classes alone, so it is found once for every pair of classes and
looked up for every pair of a subject and an obstacle.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from clearances.features import FeatureClass, Subject
from clearances.obstacle import Obstacles
from clearances.obstacles import lacking_layers, obstacles
from clearances.requirements import STRICTER, Requirement, Requirements
from clearances.tables import CountsFrom
from geo.arrays import BoolArray, FloatArray, ShapeArray
from layers.district import District
from wording import Text

_NOTHING = Requirement(math.nan, CountsFrom.EDGE, math.nan, "", "", "")


@dataclass(frozen=True)
class Surroundings:
    """
    Obstacles, and what s classes of subject must keep from each.

    Attributes
    ----------
    obstacles : Obstacles
        The k obstacles of which something is required of one of the classes.
    subject_classes : tuple of FeatureClass
        The s classes.
    required : tuple of tuple of Requirement
        For each of the s classes, for each of the c classes of obstacle.
    look_m : float
        How far beyond the required distance a pair is still listed [m].
    lacking : tuple of str
        Layers never surveyed without which no subject passes.
    """

    obstacles: Obstacles
    subject_classes: tuple[FeatureClass, ...]
    required: tuple[tuple[Requirement, ...], ...]
    look_m: float
    lacking: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of obstacles."""
        return len(self.obstacles)

    @cached_property
    def geometry(self) -> ShapeArray:
        """Centre lines, footprints, points; shape (k,), working CRS [m]."""
        return np.asarray(self.obstacles.table.geometry.array, dtype=object)

    @cached_property
    def half_width_m(self) -> FloatArray:
        """Half the width of what each centre line represents, shape (k,) [m]."""
        return self._column("half_width_m")

    @cached_property
    def accuracy_m(self) -> FloatArray:
        """Accuracy of each obstacle's survey, shape (k,) [m], NaN unknown."""
        return self._column("accuracy_m")

    @cached_property
    def height_m(self) -> FloatArray:
        """Height of each conductor, shape (k,) [m], NaN unknown or no conductor."""
        return self._column("height_m")

    def _column(self, name: str) -> FloatArray:
        return self.obstacles.table[name].to_numpy(dtype=np.float64)

    @cached_property
    def metres(self) -> FloatArray:
        """Required distances by class of subject and of obstacle, shape (s, c) [m], NaN none."""
        return self._by_class([one.metres for row in self.required for one in row])

    @cached_property
    def vertical_m(self) -> FloatArray:
        """Vertical distances that will do instead, shape (s, c) [m], NaN none."""
        return self._by_class([one.vertical_m for row in self.required for one in row])

    @cached_property
    def counts_crown(self) -> BoolArray:
        """Whether the distance counts from the mature crown, shape (s, c)."""
        crown = CountsFrom.CROWN
        return self._by_class(
            [one.counts_from is crown for row in self.required for one in row]
        ).astype(np.bool_)

    @cached_property
    def may_count_crown(self) -> BoolArray:
        """Whether the distance counts from the crown of any of the classes, shape (k,)."""
        of_any: BoolArray = np.logical_or.reduce(self.counts_crown, axis=0)
        return of_any[self.obstacles.class_of]

    @cached_property
    def is_unsure(self) -> BoolArray:
        """Whether the obstacle or what is required of it is unsure, shape (s, c)."""
        obstacle = [one.is_unsure for one in self.obstacles.classes]
        required = self._by_class([one.is_unsure for row in self.required for one in row])
        return required.astype(np.bool_) | np.array(obstacle, dtype=np.bool_)

    def _by_class(self, values: Sequence[float]) -> FloatArray:
        shape = len(self.subject_classes), len(self.obstacles.classes)
        return np.array(values, dtype=np.float64).reshape(shape)

    def notes(self, subject: int, obstacle: int) -> tuple[Text, ...]:
        """
        Return what was assumed of two classes, and what is unknown of the obstacle.

        Parameters
        ----------
        subject, obstacle : int
            Positions among the s and the c classes.

        Returns
        -------
        tuple of Text
            In Chinese and English.
        """
        return (*self.required[subject][obstacle].notes, *self.obstacles.classes[obstacle].notes)

    def reach_m(self, crown_m: float = 0.0) -> FloatArray:
        """
        Return how far from its outer edge each obstacle can matter to any of the classes.

        Parameters
        ----------
        crown_m : float, default 0.0
            The widest crown of the subjects [m].

        Returns
        -------
        ndarray of float64, shape (k,)
            Largest requirement, crown where it counts, and the survey's accuracy or the look,
            whichever is more [m].
        """
        crown = np.where(self.may_count_crown, crown_m / 2.0, 0.0)
        required: FloatArray = np.fmax.reduce(self.metres, axis=0)[self.obstacles.class_of]
        return required + crown + np.fmax(self.accuracy_m, self.look_m)

    def keep_out_m(self, subject: Subject) -> FloatArray:
        """
        Return how far from each obstacle's geometry a subject must be to pass for certain.

        Parameters
        ----------
        subject : Subject
            Of one of the classes.

        Returns
        -------
        ndarray of float64, shape (k,)
            Half width, requirement, the subject's radius or crown, and survey accuracy [m]; NaN
            where nothing is required.
        """
        row, of = self.subject_classes.index(subject.feature), self.obstacles.class_of
        counts_crown = self.counts_crown[row][of]
        crown = max(float(np.nan_to_num(subject.crown_m)) / 2.0, subject.radius_m)
        extent = np.where(counts_crown, crown, subject.radius_m)
        doubtful = self.is_unsure[row][of] | (counts_crown & math.isnan(subject.crown_m))
        doubt = np.where(
            doubtful, np.fmax(self.accuracy_m, self.look_m), np.nan_to_num(self.accuracy_m)
        )
        below = self.height_m - subject.height_m - self.vertical_m[row][of] >= 0
        distance = self.half_width_m + self.metres[row][of] + extent + doubt
        return np.where(below & ~doubtful, np.nan, distance)


def surroundings(
    district: District,
    requirements: Requirements,
    subject_classes: Iterable[FeatureClass],
    profile: str = STRICTER,
) -> Surroundings:
    """
    Gather what subjects of some classes must keep clear of in a district.

    Parameters
    ----------
    district : District
        Its layers, in the working CRS; the ones never surveyed contribute nothing.
    requirements : Requirements
        The rulebook's distances.
    subject_classes : iterable of FeatureClass
        The classes of subject.
    profile : str, default `STRICTER`
        One of the rulebook's clearance profiles.

    Returns
    -------
    Surroundings
        Without the obstacles of which nothing is required.

    Raises
    ------
    StandardError
        If the rulebook has no such profile.
    """
    classes = tuple(subject_classes)
    lacking = lacking_layers(
        district, frozenset[str]().union(*map(requirements.objects_of, classes))
    )
    return with_requirements(
        obstacles(district, requirements.outline_m), requirements, classes, profile, lacking
    )


def with_requirements(
    found: Obstacles,
    requirements: Requirements,
    subject_classes: Sequence[FeatureClass],
    profile: str = STRICTER,
    lacking: tuple[str, ...] = (),
) -> Surroundings:
    """
    Join obstacles with what subjects of some classes must keep from each.

    Parameters
    ----------
    found : Obstacles
        Of any origin.
    requirements, subject_classes, profile
        As for `surroundings`.
    lacking : tuple of str, default ()
        Layers never surveyed without which no subject passes.

    Returns
    -------
    Surroundings
        Without the obstacles of which nothing is required.
    """
    required = tuple(
        tuple(requirements.between(s, o.feature, profile) or _NOTHING for o in found.classes)
        for s in subject_classes
    )
    every = Surroundings(found, tuple(subject_classes), required, requirements.look_m, lacking)
    asked = np.logical_or.reduce(~np.isnan(every.metres), axis=0)
    return replace(every, obstacles=found.where(asked[found.class_of]))
