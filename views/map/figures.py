"""The figures of the estates on the map: worst severity, number and kinds of gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
import orjson
import pandas as pd

from layers.findings import Outcome
from rules.book import Book

SYMBOLS = ("elevator", "parking", "charging", "elder_care")
"""Kinds of gap with a symbol, in the order of the legend."""

_MOST = 12  # estates named while none is selected
_DEGREE = {str(Outcome.SHORT): 1, str(Outcome.MISSING): 2}


@dataclass(frozen=True)
class EstateFigures:
    """
    What is drawn of every estate, by row of the estates layer.

    Attributes
    ----------
    worst : list of float or None
        Worst severity, None where nothing is known.
    gaps : list of int
        Number of gaps.
    kinds : list of list of int
        For each kind of `SYMBOLS`: 0 no gap, 1 short, 2 missing.
    counts : list of int
        Estates with a gap of each kind.
    bands : list of float
        Upper limits of the severity bands, from met to missing.
    shown : list of int or None
        Rows shown, None for all.
    """

    worst: list[float | None]
    gaps: list[int]
    kinds: list[list[int]]
    counts: list[int]
    bands: list[float]
    shown: list[int] | None

    @cached_property
    def body(self) -> bytes:
        """The figures as JSON."""
        return orjson.dumps(asdict(self))


def severity_bands(book: Book) -> Mapping[str, float]:
    """Return the upper limit of every severity band, from met to missing."""
    return {str(band["name"]): float(band["max"]) for band in book.scoring["bands"]}


def estate_figures(
    summary: pd.DataFrame, bands: Sequence[float], shown: list[int] | None
) -> EstateFigures:
    """Return the figures of a summary with one row an estate, in the order of the layer."""
    severity = summary["worst"].astype("float64")
    return EstateFigures(
        worst=[None if np.isnan(g) else round(float(g), 3) for g in severity],
        gaps=summary["gaps"].astype(int).tolist(),
        kinds=[_degrees(summary[f"{kind}_outcome"]) for kind in SYMBOLS],
        counts=[int((summary[f"{kind}_gaps"] > 0).sum()) for kind in SYMBOLS],
        bands=list(bands),
        shown=shown,
    )


def most_gaps(summary: pd.DataFrame) -> list[list[int]]:
    """Return row and number of gaps of the dozen estates that have most."""
    gaps = summary["gaps"].to_numpy(dtype=int)
    order = np.argsort(-gaps, kind="stable")[:_MOST]
    return [[row, int(gaps[row])] for row in order.tolist() if gaps[row] > 0]


def _degrees(outcomes: pd.Series) -> list[int]:
    return [_DEGREE.get(str(outcome), 0) for outcome in outcomes]
