"""Crossings: what two buried pipes keep from each other where one passes above the other."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clearances.lines import NO_DEPTH
from clearances.verdict import ClearanceVerdict
from geo.arrays import BoolArray, FloatArray, IndexArray, ObjectArray
from geo.clearance import TOLERANCE_M
from pipework.checks import checks
from pipework.neighbours import Neighbours, named, surveyed
from pipework.pieces import Pieces
from pipework.required import Survey, required, said
from rules.conventions import PipeChecks
from rules.model import Book
from rules.truth import Truth


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """
    Between the outer walls of two pipes, one above the other; p of them.

    Attributes
    ----------
    low, high : ndarray of float64, shape (p,)
        The least and the most it may be [m], below 0 where they overlap in depth; equal where
        depth and diameter are known, infinite where nobody knows the depth.
    """

    low: FloatArray
    high: FloatArray

    def where(self, keep: BoolArray) -> "Gaps":
        """Return those at which `keep`, shape (p,), is true."""
        return Gaps(self.low[keep], self.high[keep])


def at_crossings(pieces: Pieces, book: Book, pairs: Neighbours) -> gpd.GeoDataFrame:
    """
    Hold pipes that cross against the vertical table.

    Pipes of one kind that meet at an end or in depth are a junction; where nobody knows whether
    they pass each other, they are to be verified. Where the table says nothing of two kinds that
    are at one depth, one of them is drawn wrong.

    Parameters
    ----------
    pieces : Pieces
        The pipes of a district.
    book : Book
        With the clearances and the conventions.
    pairs : Neighbours
        Of these pipes.

    Returns
    -------
    geopandas.GeoDataFrame
        Rows of `checks.COLUMNS` under the first of each pair, one a place.
    """
    pairs = _placed(pairs)
    gaps = gaps_of(pieces, pairs)
    junction = _junctions(pieces, pairs, gaps)
    pairs, gaps, maybe = pairs.where(~junction.yes), gaps.where(~junction.yes), junction.open
    maybe = maybe[~junction.yes]
    asked = _asked(pieces, book, pairs)
    silent = asked["most_m"].isna().to_numpy()
    keep = ~silent | (gaps.high < -TOLERANCE_M)
    pairs, gaps, doubtful = pairs.where(keep), gaps.where(keep), (silent | maybe)[keep]
    asked = _filled(asked[keep].reset_index(drop=True), book.pipe_checks)
    survey = surveyed(pieces, pairs)
    no_depth = np.isnan(pieces.depth_m)
    measured = np.where(np.isclose(gaps.low, gaps.high), gaps.high, np.nan)
    return checks(
        "crossing",
        pairs.first.astype(np.int64),
        np.where(doubtful, ClearanceVerdict.VERIFY, judged_between(gaps, asked, survey)),
        pairs.places,
        **{str(name): column.to_numpy() for name, column in named(pieces, pairs.second).items()},
        measured=measured,
        least=asked["least_m"].to_numpy(),
        required=asked["most_m"].to_numpy(),
        unit="m",
        **{name: asked[name].to_numpy() for name in ("source_id", "clause", "verified")},
        **said(asked, (*survey.blanks, (NO_DEPTH, no_depth[pairs.first] | no_depth[pairs.second]))),
    )


def _placed(pairs: Neighbours) -> Neighbours:
    """Return a pair for every place at which two pipes cross."""
    points, of = shapely.get_parts(pairs.places, return_index=True)
    return Neighbours(pairs.first[of], pairs.second[of], points)


def gaps_of(pieces: Pieces, pairs: Neighbours) -> Gaps:
    """Return how far the walls of two pipes are apart by the depths of their tops, level ground."""
    top, thick = pieces.depth_m, 2.0 * pieces.radius_m
    first, second = pairs.first, pairs.second

    def below(upper: IndexArray, lower: IndexArray, size: FloatArray) -> FloatArray:
        return np.asarray(top[lower] - top[upper] - size[upper])

    known, thin = thick, np.nan_to_num(thick)
    # Of unknown diameter the upper one may be so thick that it reaches the lower.
    low = np.fmax(below(first, second, known), below(second, first, known))
    high = np.maximum(below(first, second, thin), below(second, first, thin))
    return Gaps(np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high))


def judged_between(gaps: Gaps, asked: pd.DataFrame, survey: Survey) -> ObjectArray:
    """Return the verdict on gaps of which the least and the most is known, shape (p,)."""
    least, most = (asked[name].to_numpy() for name in ("least_m", "most_m"))
    # Of a pipe of unknown kind perhaps nothing is asked: it may be a junction.
    short = (gaps.high < least - TOLERANCE_M) & (least > 0)
    hidden = gaps.low - np.nan_to_num(survey.accuracy_m) < most - TOLERANCE_M
    doubtful = hidden | np.isnan(survey.accuracy_m) | asked["is_unsure"].to_numpy()
    return np.select(
        [short, doubtful], [ClearanceVerdict.SHORT, ClearanceVerdict.VERIFY], ClearanceVerdict.MET
    )


def _junctions(pieces: Pieces, pairs: Neighbours, gaps: Gaps) -> Truth:
    """Return whether pairs are of one kind and do not pass each other, shape (p,)."""
    kind = pieces.table["kind"].to_numpy()
    ends = shapely.boundary(pieces.geometry)
    at_end = np.zeros(len(pairs.first), dtype=np.bool_)
    for own in (pairs.first, pairs.second):
        at_end |= shapely.distance(ends[own], pairs.places) <= TOLERANCE_M
    meets = Truth(at_end | (gaps.high <= TOLERANCE_M), ~at_end & (gaps.low > TOLERANCE_M))
    return Truth.known(kind[pairs.first] == kind[pairs.second]) & meets


def _asked(pieces: Pieces, book: Book, pairs: Neighbours) -> pd.DataFrame:
    of = pieces.class_of
    return required(
        book.clearances.where_crossing,
        (pieces.classes, of[pairs.first]),
        (pieces.classes, of[pairs.second]),
    )


def _filled(asked: pd.DataFrame, own: PipeChecks) -> pd.DataFrame:
    """Return what is asked, the convention's own clause where no table says anything."""
    silent = asked["most_m"].isna()
    words = {"source_id": own.source, "clause": own.clause, "verified": own.verified}
    return asked.assign(**{k: asked[k].mask(silent, word) for k, word in words.items()})
