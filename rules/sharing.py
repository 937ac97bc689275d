"""Sharing: who shares the place that gives an estate the most, as one text of the findings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.arrays import FloatArray, ObjectArray


@dataclass(frozen=True, slots=True)
class Share:
    """
    What a finding on shared supply says beside its value.

    Attributes
    ----------
    estates : float
        How many estates share the place; NaN where nothing can be shared.
    inside : float
        Their heads that share it, as far as they are known.
    outside_low, outside_high : float
        Heads outside every estate, least and most; inf where nobody can say.
    without : float
        Share of the estate's own heads that no place serves.
    """

    estates: float
    inside: float
    outside_low: float
    outside_high: float
    without: float

    @classmethod
    def read(cls, code: str) -> "Share":
        """Return what `coded` wrote."""
        return cls(*map(float, code.split()))


def coded(figures: Sequence[FloatArray]) -> ObjectArray:
    """
    Return what `Share.read` reads, one text an estate.

    Parameters
    ----------
    figures : sequence of ndarray of float64, each of shape (n,)
        The fields of `Share` in their order.

    Returns
    -------
    ndarray of str, shape (n,)
        The figures apart by blanks.
    """
    first, *others = (_written(figure) for figure in figures)
    for other in others:
        first = first + " " + other
    return first


def _written(figures: FloatArray) -> ObjectArray:
    """Return numbers as texts; many are alike, and each is written once."""
    alike, which = np.unique(figures, return_inverse=True)
    return np.array([f"{figure:.10g}" for figure in alike.tolist()], dtype=object)[which]
