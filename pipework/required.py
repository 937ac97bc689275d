"""Required: what the tables ask of every pair, as the least and the most that may apply."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clearances.features import FeatureClass
from clearances.lines import NO_ACCURACY, NO_DIAMETER
from clearances.requirements import Requirement
from clearances.verdict import ClearanceVerdict
from geo.arrays import BoolArray, FloatArray, IndexArray, ObjectArray
from geo.clearance import TOLERANCE_M
from wording import LANGUAGES, Text

COLUMNS = ("least_m", "most_m", "is_unsure", "source_id", "clause", "verified", "notes")

_BETWEEN = Text("；", "; ")
_NOTHING = (np.nan, np.nan, False, "", "", "", ())


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """
    How well p pairs were surveyed.

    Attributes
    ----------
    accuracy_m : ndarray of float64, shape (p,)
        By how much the distance may be wrong, of both together [m], NaN unknown.
    has_size : ndarray of bool, shape (p,)
        Whether the diameter of every pipe of the pair is known: else the edge is nearer than it
        was measured to be.
    """

    accuracy_m: FloatArray
    has_size: BoolArray

    @property
    def is_unsure(self) -> BoolArray:
        """Where the measured distance may be too large by nobody knows how much."""
        unsure: BoolArray = np.isnan(self.accuracy_m) | ~self.has_size
        return unsure

    def where(self, keep: BoolArray) -> "Survey":
        """Return the pairs at which `keep`, shape (p,), is true."""
        return Survey(self.accuracy_m[keep], self.has_size[keep])

    @property
    def blanks(self) -> tuple[tuple[Text, BoolArray], ...]:
        """What is unknown, and of which pairs."""
        return (NO_ACCURACY, np.isnan(self.accuracy_m)), (NO_DIAMETER, ~self.has_size)


def required(
    find: Callable[[FeatureClass, FeatureClass], Requirement | None],
    subjects: tuple[Sequence[FeatureClass], IndexArray],
    objects: tuple[Sequence[FeatureClass], IndexArray],
) -> pd.DataFrame:
    """
    Return what is asked of each of p pairs, each pair of classes looked up once.

    Parameters
    ----------
    find : callable
        Takes two classes and returns what the tables ask of them, None for nothing.
    subjects, objects : tuple of (sequence of FeatureClass, ndarray of intp, shape (p,))
        Classes, and the place of each pair's own among them.

    Returns
    -------
    pandas.DataFrame
        p rows of `COLUMNS`: no figure below `least_m` and, unless `is_unsure`, none above `most_m`
        may apply [m], NaN where nothing is asked. `notes` are Texts: what was assumed.
    """
    count = max(len(objects[0]), 1)
    distinct, place = np.unique(subjects[1] * count + objects[1], return_inverse=True)
    rows = []
    for one in distinct:
        first, second = divmod(int(one), count)
        rows.append(_row(find, subjects[0][first], objects[0][second]))
    table = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object).take(place)
    types = {"least_m": "float64", "most_m": "float64", "is_unsure": "bool"}
    return table.reset_index(drop=True).astype(types)


def _row(
    find: Callable[[FeatureClass, FeatureClass], Requirement | None],
    subject: FeatureClass,
    obj: FeatureClass,
) -> tuple[object, ...]:
    found = find(subject, obj)
    if found is None or np.isnan(found.metres):
        return _NOTHING
    # Of a pipe of unknown kind perhaps nothing is asked.
    is_open = any(one.code == "pipe" and one.value("kind") is None for one in (subject, obj))
    least = 0.0 if is_open else found.least_m
    said = (found.source, found.clause, found.verified, found.notes)
    return (least, found.metres, found.is_unsure, *said)


def judged(
    distance_m: FloatArray, sure_m: FloatArray, asked: pd.DataFrame, survey: Survey
) -> ObjectArray:
    """
    Return the verdict on each pair.

    Parameters
    ----------
    distance_m, sure_m : ndarray of float64, shape (p,)
        As measured between what may have to keep it, and between what has to whatever applies [m];
        NaN where nothing has to.
    asked : pandas.DataFrame
        p rows of `required`.
    survey : Survey
        Of the p pairs.

    Returns
    -------
    ndarray of ClearanceVerdict, shape (p,)
        ``SHORT`` where less than the least that may apply; ``MET`` where at least the most, even if
        nearer by the survey's accuracy; ``VERIFY`` between, or where either cannot be said.
    """
    least, most = (asked[name].to_numpy() for name in ("least_m", "most_m"))
    short = sure_m < least - TOLERANCE_M
    hidden = distance_m - np.nan_to_num(survey.accuracy_m) < most - TOLERANCE_M
    doubtful = hidden | survey.is_unsure | asked["is_unsure"].to_numpy()
    return np.select(
        [short, doubtful], [ClearanceVerdict.SHORT, ClearanceVerdict.VERIFY], ClearanceVerdict.MET
    )


def is_near(
    distance_m: FloatArray, asked: pd.DataFrame, survey: Survey, look_m: float
) -> BoolArray:
    """
    Return the pairs that matter: asked for, and within what could decide them.

    Parameters
    ----------
    distance_m, asked, survey
        As for `judged`.
    look_m : float
        How far beyond what is required a pair is still listed [m].
    """
    beyond = np.fmax(survey.accuracy_m, look_m) + TOLERANCE_M
    near: BoolArray = distance_m <= asked["most_m"].to_numpy() + beyond
    return near


def said(asked: pd.DataFrame, blanks: Sequence[tuple[Text, BoolArray]]) -> dict[str, list[str]]:
    """
    Return the columns `note_zh` and `note_en` of p pairs.

    Parameters
    ----------
    asked : pandas.DataFrame
        p rows of `required`: what was assumed.
    blanks : sequence of (Text, ndarray of bool, shape (p,))
        What is unknown, and of which pairs.
    """
    every = [
        (*notes, *(note for note, holds in blanks if holds[place]))
        for place, notes in enumerate(asked["notes"])
    ]
    return {
        f"note_{side}": [_BETWEEN[side].join(note[side] for note in notes) for notes in every]
        for side in LANGUAGES
    }
