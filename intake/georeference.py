"""
Georeference: the candidate CRS of a table's coordinates, ranked; a question when two of them fit.

The prior is the district's box. What the file declares is evidence; what is already known there
(the same estates by name, else the nearest features) is better evidence, and the only one that can
distinguish GCJ-02 and BD-09 from true positions. UTM and Gauss-Krueger differ by kilometres and
both fit a district: that is a question, never a guess, also where the file declares one of them. It
is none where the declared one fits wholly and the other loses rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.arrays import FloatArray
from geo.errors import CrsError
from intake import declared
from intake.keys import KNOWN
from intake.place import PlacePrior
from intake.proposal import Candidate, Proposal
from intake.reading import Cell
from intake.references import CoordinateReference, around, parse, twin
from intake.sentences import explained
from wording import Text

_FITS = 0.5  # share of positions inside the box from which a reference is a candidate
_WHOLLY = 0.99  # share from which a reference fits as a file should
_LOSS = 0.1  # share of positions that an answer loses which the declared one keeps: no rival of it
_SAME_M = 1.0  # references nearer than this to each other are one answer
_NEAR_M = (
    30.0  # matched features nearer than this agree: survey against survey, outline against outline
)
_SURROUNDING_M = (
    100.0  # if nothing comes nearer, the known features are other ones and rank nothing
)
_CLEARLY = 3.0  # times nearer than the next answer
_MATCHES = 3  # named features needed before their distance counts
_SAMPLE = 2000
_QUESTION = Text("坐标采用什么坐标系？", "In which coordinate system are the positions?")


@dataclass(frozen=True, slots=True)
class _Fit:
    """A reference and how well it puts the table into the district."""

    reference: CoordinateReference
    inside: float
    places: FloatArray
    distance: float = np.inf


def of_known_features() -> Proposal:
    """Return the step for rows that coincide with known features: there is no open question."""
    label = Text("已有要素的位置", "positions of known features")
    return Proposal("crs", _QUESTION, (Candidate(KNOWN, label, 1.0),), KNOWN)


def propose(
    points: FloatArray,
    *,
    place: PlacePrior,
    declaration: str,
    layer: str,
    texts: Mapping[str, Sequence[Cell]],
) -> Proposal:
    """
    Propose coordinate references for a table.

    Parameters
    ----------
    points : ndarray of float64, shape (n, 2)
        One representative position a row, in the file's numbers; NaN where a row has none.
    place : PlacePrior
        The district.
    declaration : str
        What the file says, "" if nothing.
    layer : str
        The layer the rows are for; its known features are compared first.
    texts : mapping of str to sequence of cell
        Decoded text columns, n cells each, by which rows are matched with known features.

    Returns
    -------
    Proposal
        Step ``crs``. Settled only if the evidence leaves one answer; a person may name another.
    """
    good = np.flatnonzero(np.isfinite(points).all(axis=1))
    said = declared.recognise(declaration)
    if good.size == 0:
        value = said.value if said else "EPSG:4490"
        only = Candidate(value, parse(value).label, 0.0, (explained("geometry.no_position"),))
        return Proposal("crs", _QUESTION, (only,), value, free=True)
    some = good[:: max(1, good.size // _SAMPLE)]
    fits = _fits(points[some], place, said)
    matches = _matches(texts, place.known.get(layer), some)
    measured = _measure(fits, place, layer, matches)
    is_near = min((fit.distance for fit in measured), default=np.inf) <= _SURROUNDING_M
    ranked = sorted(
        measured, key=lambda fit: _rank(fit, said, matched=bool(matches), is_near=is_near)
    )
    ranked = _distinct(ranked)
    chosen = _settled(ranked, said, declaration, matched=bool(matches))
    candidates = [_candidate(fit, ranked[0], said, matched=bool(matches)) for fit in ranked]
    old = _old_datums(ranked, said)
    question = _question(ranked, is_open=chosen is None)
    declared_old = said is not None and said.needs_parameters
    candidates = [*old[:1], *candidates, *old[1:]] if declared_old else candidates + old
    return Proposal("crs", question, tuple(candidates), chosen, free=True)


def _fits(points: FloatArray, place: PlacePrior, said: CoordinateReference | None) -> list[_Fit]:
    """Return the references that put at least half of the positions into the box."""
    west, south, east, north = place.bounds
    wanted = list(around((west + east) / 2))
    if said is not None and said.value not in [reference.value for reference in wanted]:
        wanted.insert(0, said)
    # degrees are small and metres are large: most references need not be computed at all
    in_degrees = float(np.median(np.abs(points))) <= 360  # noqa: PLR2004
    found = []
    for reference in wanted:
        if reference.needs_parameters or reference.crs.is_geographic != in_degrees:
            continue
        with np.errstate(all="ignore"):
            places = reference.to_lonlat(points)
        x, y = places[:, 0], places[:, 1]
        inside = float(np.mean((x >= west) & (x <= east) & (y >= south) & (y <= north)))
        if inside >= _FITS:
            found.append(_Fit(reference, inside, _to_working(places, place)))
    return found


def _to_working(lonlat: FloatArray, place: PlacePrior) -> FloatArray:
    with np.errstate(all="ignore"):
        return CoordinateReference("EPSG:4490").to_working(lonlat, place.crs)


def _matches(
    texts: Mapping[str, Sequence[Cell]], known: gpd.GeoDataFrame | None, some: NDArray[np.intp]
) -> list[tuple[int, FloatArray]]:
    """Return (place in the sample, known position) of rows whose key or name is known."""
    if known is None or known.empty:
        return []
    centres = shapely.get_coordinates(
        shapely.centroid(np.asarray(known.geometry.array, dtype=object))
    )
    best: list[tuple[int, FloatArray]] = []
    for column in [
        name for name in ("estate_id", "building_id", known.columns[0], "name") if name in known
    ]:
        names = known[column].astype("object")
        unique = ~names.duplicated(keep=False) & names.notna()
        where = dict(zip(names[unique], centres[unique.to_numpy()], strict=True))
        for cells in texts.values():
            hits = [(at, where[cells[row]]) for at, row in enumerate(some) if cells[row] in where]
            best = hits if len(hits) > len(best) else best
    return best if len(best) >= _MATCHES else []


def _measure(
    fits: list[_Fit], place: PlacePrior, layer: str, matches: list[tuple[int, FloatArray]]
) -> list[_Fit]:
    """Return the fits with their median distance [m] to what is known, inf where nothing is."""
    if matches:
        at = [index for index, _ in matches]
        known = np.array([position for _, position in matches])
        distances = [np.hypot(*(fit.places[at] - known).T) for fit in fits]
    else:
        frame = place.known.get(layer)
        if frame is None or len(frame) < _MATCHES:
            return fits
        tree = shapely.STRtree(np.asarray(frame.geometry.array, dtype=object))
        distances = [_nearest(tree, fit.places) for fit in fits]
    return [
        _Fit(fit.reference, fit.inside, fit.places, float(np.median(distance)))
        for fit, distance in zip(fits, distances, strict=True)
    ]


def _nearest(tree: shapely.STRtree, places: FloatArray) -> FloatArray:
    finite = places[np.isfinite(places).all(axis=1)]
    _, distance = tree.query_nearest(
        shapely.points(finite), return_distance=True, all_matches=False
    )
    return np.asarray(distance, dtype=np.float64)


def _rank(
    fit: _Fit, said: CoordinateReference | None, *, matched: bool, is_near: bool
) -> tuple[float, ...]:
    """Nearest to what is known by name, then declared, then inside, then as common as listed."""
    is_said = said is not None and fit.reference.value == said.value
    by_name = fit.distance if matched and is_near else 0.0
    nearest = fit.distance if is_near and not matched else 0.0
    return (round(by_name), -is_said, -round(fit.inside, 2), nearest)


def _distinct(ranked: list[_Fit]) -> list[_Fit]:
    """Drop references that give the same places as a better one."""
    kept: list[_Fit] = []
    for fit in ranked:
        if all(_apart(fit, other) > _SAME_M for other in kept):
            kept.append(fit)
    return kept


def _apart(one: _Fit, other: _Fit) -> float:
    with np.errstate(all="ignore"):
        gaps = np.hypot(*(one.places - other.places).T)
    finite = gaps[np.isfinite(gaps)]
    return float(np.median(finite)) if finite.size else np.inf


def _question(ranked: Sequence[_Fit], *, is_open: bool) -> Text:
    """Return the question, with how far the answers are from each other at the place."""
    if not ranked:
        return explained("crs.nothing_fits")
    gaps = [_apart(one, other) for one, other in combinations(ranked, 2)]
    if not is_open or not gaps:
        return _QUESTION
    least, most = f"{min(gaps):,.0f}", f"{max(gaps):,.0f}"
    span = Text(f"{least} 至 {most}", f"{least} to {most}") if least != most else Text(least, least)
    return Text(
        f"{_QUESTION.zh}各种答案在本区相差 {span.zh} m",
        f"{_QUESTION.en} At the place the answers are {span.en} m apart",
    )


def _settled(
    ranked: list[_Fit], said: CoordinateReference | None, declaration: str, *, matched: bool
) -> str | None:
    """Return the one reference that fits the evidence, None if a person must choose."""
    if not ranked:
        return None
    first = ranked[0]
    rival = ranked[1].distance if len(ranked) > 1 else np.inf
    if matched and first.distance <= _NEAR_M and rival >= _CLEARLY * max(first.distance, 1.0):
        return first.reference.value
    if said is not None and declared.is_stated(declaration) and not matched:
        fits = any(fit.reference.value == said.value for fit in ranked)
        return said.value if fits else None
    if said is None or declared.is_weak(declaration) or said.crs.is_geographic:
        return None
    own = next((fit for fit in ranked if fit.reference.value == said.value), None)
    contradicts = matched and first.distance <= _SURROUNDING_M  # farther off, they are other ones
    if contradicts or own is None:
        return None
    least = own.inside - _LOSS if own.inside >= _WHOLLY else 0.0
    rivals = [fit for fit in ranked if fit is not own and fit.inside > least]
    return None if rivals else said.value


def _candidate(
    fit: _Fit, first: _Fit, said: CoordinateReference | None, *, matched: bool
) -> Candidate:
    evidence = [explained("crs.inside", f"{fit.inside:.0%}")]
    if said is not None and fit.reference.value == said.value:
        evidence.append(explained("crs.declared"))
    if np.isfinite(fit.distance):
        rule = "crs.near_known" if matched else "crs.near_any"
        evidence.append(explained(rule, f"{fit.distance:,.1f} m"))
    if fit is not first:
        evidence.append(explained("crs.apart", f"{_apart(fit, first):,.0f} m"))
    score = fit.inside / (1.0 + (fit.distance if np.isfinite(fit.distance) else 0.0) / 100.0)
    return Candidate(fit.reference.value, fit.reference.label, round(score, 4), tuple(evidence))


def _old_datums(ranked: list[_Fit], said: CoordinateReference | None) -> list[Candidate]:
    """Name the same zones on Xi'an 80 and Beijing 54: they fit as well, and need parameters."""
    values = [
        twin(fit.reference, datum) for fit in ranked for datum in ("Xian 1980", "Beijing 1954")
    ]
    if said is not None and said.needs_parameters:
        values.insert(0, said.value)
    return [
        Candidate(value, parse(value).label, 0.0, (explained("crs.needs_parameters"),))
        for value in dict.fromkeys(filter(None, values))
    ]


def require_usable(value: str, *, has_parameters: bool = False) -> CoordinateReference:
    """
    Return the reference of a choice.

    Raises
    ------
    CrsError
        If it is not one we know, or its datum needs parameters that were not given.
    """
    reference = parse(value)
    if reference.needs_parameters and not has_parameters:
        words = explained("crs.needs_parameters", reference.crs.name)
        raise CrsError(words.en, words.zh)
    return reference
