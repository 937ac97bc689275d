"""Cover: the ground above the top of a pipe, against the least asked and against frost."""

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from clearances.lines import NO_DEPTH
from clearances.obstacles import carriageways
from clearances.verdict import ClearanceVerdict
from geo.arrays import BoolArray, FloatArray
from geo.clearance import TOLERANCE_M, clearances
from layers.district import District
from pipework.checks import checks
from pipework.pieces import Pieces
from rules.model import Book, Rule
from rules.truth import Truth
from wording import LANGUAGES, say

_DRAIN, _FROST, _GAS = "drain.cover", "drain.frost", "gas.cover"


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A rule on cover: of which kind, and the least and the most that it may ask, shape (n,)."""

    check: str
    rule: Rule
    kind: str
    least_m: FloatArray
    most_m: FloatArray


def cover_of(pieces: Pieces, district: District, book: Book) -> Iterator[gpd.GeoDataFrame]:
    """
    Hold the cover of buried pipes against the rules on it.

    Drains keep what `drain.cover` and `drain.frost` ask, gas what `gas.cover` says of the ground
    above it, water 0.15 m below the frost line of `drain.frost` (a fact of `drain.cover`).

    Parameters
    ----------
    pieces : Pieces
        The pipes of a district.
    district : District
        Its `paving`, or `walkways`, for what is under a carriageway.
    book : Book
        With the rules; one that it does not have is not asked.

    Yields
    ------
    geopandas.GeoDataFrame
        Rows of `checks.COLUMNS`; the geometry is the pipe.
    """
    for asked in _asked(pieces, district, book):
        yield _covered(pieces, asked)


def _asked(pieces: Pieces, district: District, book: Book) -> Iterator[_Asked]:
    rules, each = book.by_id, np.ones(len(pieces))
    for check, name in (("cover", _DRAIN), ("frost", _FROST)):
        if name in rules:
            asked = rules[name].threshold * each
            yield _Asked(check, rules[name], "PS", asked, asked)
    if {_DRAIN, _FROST} <= rules.keys():
        below = float(rules[_DRAIN].facts["water_below_frost_m"])
        frost = float(rules[_FROST].facts["frost_m"])
        yield _Asked("frost", rules[_FROST], "JS", (frost + below) * each, (frost + below) * each)
    if _GAS in rules:
        yield _Asked("cover", rules[_GAS], "RQ", *_under(pieces, district, rules[_GAS]))


def _under(pieces: Pieces, district: District, rule: Rule) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most cover that the ground above each pipe may ask [m]."""
    road, walk, bare = (
        float(rule.facts[name]) for name in ("carriageway_m", "footway_m", "no_vehicles_m")
    )
    under = under_a_carriageway(pieces, district)
    return np.where(under.yes, road, bare), np.where(under.no, walk, road)


def under_a_carriageway(pieces: Pieces, district: District) -> Truth:
    """
    Return whether any of each pipe lies under a carriageway.

    Parameters
    ----------
    pieces : Pieces
        n pipes.
    district : District
        Its `paving`, else its `walkways`.

    Returns
    -------
    Truth
        n answers; unknown where a road's width, or all of them, was never surveyed.
    """
    if not (district.has("paving") or district.has("walkways")):
        return Truth.unknown(len(pieces))
    roads = carriageways(district)
    half = roads.table["half_width_m"].to_numpy(dtype=np.float64)
    unsure = np.array([one.is_unsure for one in roads.classes], dtype=bool)[roads.class_of]
    shapes = np.asarray(roads.table.geometry.array, dtype=object)
    yes = np.zeros(len(pieces), dtype=np.bool_)
    yes[clearances(pieces.geometry, shapes, 0.0, half).subject] = True
    return Truth(yes, ~yes & ~unsure.any())


def _covered(pieces: Pieces, asked: _Asked) -> gpd.GeoDataFrame:
    kind = pieces.table["kind"].to_numpy() == asked.kind
    own = np.flatnonzero(kind & pieces.is_buried).astype(np.int64)
    depth, least, most = pieces.depth_m[own], asked.least_m[own], asked.most_m[own]
    verdict = np.select(
        [np.isnan(depth), depth < least - TOLERANCE_M, depth < most - TOLERANCE_M],
        [ClearanceVerdict.UNKNOWN, ClearanceVerdict.SHORT, ClearanceVerdict.VERIFY],
        ClearanceVerdict.MET,
    )
    rule = asked.rule
    return checks(
        asked.check,
        own,
        verdict,
        pieces.geometry[own],
        measured=depth,
        least=least,
        required=most,
        length_m=shapely.length(pieces.geometry[own]),
        unit="m",
        rule_id=rule.id,
        source_id=rule.source,
        clause=rule.clause,
        verified=rule.verified,
        **_notes(np.isnan(depth), least < most, is_placeholder=rule.is_placeholder),
    )


def _notes(
    no_depth: BoolArray, is_open: BoolArray, *, is_placeholder: bool
) -> dict[str, list[str]]:
    return {
        f"note_{side}": [
            say("pipes.between", side).join(
                said
                for said, holds in (
                    (NO_DEPTH[side], blank),
                    (say("pipes.ground_unknown", side), between),
                    (say("pipes.placeholder", side), is_placeholder),
                )
                if holds
            )
            for blank, between in zip(no_depth, is_open, strict=True)
        ]
        for side in LANGUAGES
    }
