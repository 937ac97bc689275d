"""
Identity: rows that are probably a feature which is there already, under another key or spelling.

Spelling: blanks, widths, invisible marks, 36＃ and 36号楼 make no other place. Ground: an outline
that shares half of its area with a known one, or a facility a few steps from another of its kind.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from intake.letters import level
from intake.proposal import Candidate, Proposal
from intake.reading import Cell
from layers.spec import LayerSpec
from wording import Text

Objects = NDArray[np.object_]

GROUND = frozenset({"estates", "buildings", "parking", "green_space"})
"""Layers of outlines that no two features share."""
STEPS = frozenset({"facilities"})
"""Layers of points of a kind, of which no two are a few steps apart."""

FIRST, BOTH = "first", "both"
_SHOWN = 6
_BLOCK = re.compile(r"(\d+)\s*(?:#|号)?\s*(?:楼|幢|栋|号)(?=\D|$)|(\d+)#")
_PART = re.compile(r"\([^()]*\)|第?[一二三四五六七八九十\d]+期")
_DROPPED = re.compile(r"[\s·•・.,;:'\"“”‘’_\-—~《》<>]+")
_SAME_GROUND = 0.5  # share of the smaller outline
_STEPS_M = 10.0  # between two records of one facility of a kind
_SAME_NAME_M = (
    300.0  # between two records of one name; estates of one name are asked about anywhere
)


@dataclass(frozen=True, slots=True)
class Twin:
    """
    A known feature that a row probably is.

    Attributes
    ----------
    at : int
        Its position in the known layer (or, within one file, among the rows).
    evidence : Text
        Both names side by side, and what speaks for their being one.
    """

    at: int
    evidence: Text


@lru_cache(maxsize=65536)
def spelling(name: str) -> str:
    """Return a name for comparison: all spellings of one name give the same."""
    plain = _DROPPED.sub("", level(name)).lower()
    return _BLOCK.sub(lambda found: f"{found.group(1) or found.group(2)}#", plain)


@lru_cache(maxsize=65536)
def stem(name: str) -> str:
    """Return a name without its brackets and phases: what a part and its whole share."""
    return _PART.sub("", spelling(name))


def unique(names: Sequence[Cell], form: Callable[[str], str] = spelling) -> dict[str, int]:
    """Return the position of every name that no other row has, by its spelling."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    for at, name in enumerate(names):
        if isinstance(name, str):
            plain = form(name)
            twice |= {plain} & found.keys()
            found[plain] = at
    return {name: at for name, at in found.items() if name and name not in twice}


def twins(
    names: Sequence[Cell],
    kinds: Sequence[Cell],
    shapes: Objects,
    known: gpd.GeoDataFrame,
    spec: LayerSpec,
) -> dict[int, Twin]:
    """
    Find the known feature that each row probably is.

    Parameters
    ----------
    names, kinds : sequence of cell, n each
        Name and kind of each row, None where it has none.
    shapes : ndarray of geometry, shape (n,)
        In the working CRS of `known`; None where the row has no place.
    known : geopandas.GeoDataFrame
        The layer as it is.
    spec : LayerSpec
        Its spec.

    Returns
    -------
    dict of int to Twin
        By position of the row; rows that are nobody's twin are not in it.
    """
    there = _Features(
        known["name"].astype(object).tolist() if "name" in known else [None] * len(known),
        known["kind"].astype(object).tolist() if "kind" in known else [None] * len(known),
        np.asarray(known.geometry.array, dtype=object),
        known[spec.key].astype(object).tolist(),
    )
    shapes = _sound(shapes)
    rows = _Features(names, kinds, shapes, names)
    found: dict[int, Twin] = {}
    farthest = _SAME_NAME_M
    if spec.name == "estates":
        found |= dict(_by_name(rows, there, stem, farthest, Text("名称相近", "nearly the name")))
        farthest = np.inf
    if spec.name in GROUND:
        found |= dict(_by_ground(names, shapes, there))
    if spec.name in STEPS:
        found |= dict(_by_steps(names, kinds, shapes, there))
    return found | dict(_by_name(rows, there, spelling, farthest, Text("同名", "same name")))


@dataclass(frozen=True)
class _Features:
    """What is known of the features that rows are compared with."""

    names: Sequence[Any]
    kinds: Sequence[Any]
    shapes: Objects
    keys: Sequence[Any]

    def beside(self, at: int, name: Cell, why: Text) -> Twin:
        """Return a feature beside a row's name."""
        return beside(name, self.names[at], self.keys[at], at, why)


def beside(name: Cell, known: object, key: object, at: int, why: Text) -> Twin:
    """Return the known feature at a position, its name and key beside a row's name."""
    one, other = (text if isinstance(text, str) else "—" for text in (name, known))
    pair = f"{one} ↔ {other}（{key}）"
    return Twin(at, Text(f"{pair} {why.zh}", f"{pair} {why.en}"))


def _by_name(
    rows: _Features, there: _Features, form: Callable[[str], str], farthest: float, why: Text
) -> Iterator[tuple[int, Twin]]:
    """
    Yield the rows with the name of a known feature, of their kind and at most so far [m].

    A name that several known features have says nothing (1号楼), but of estates: no two may be
    called alike, so the nearest is meant.
    """
    where = _named(there.names, form)
    for at, name in enumerate(rows.names):
        alike = where.get(form(name), []) if isinstance(name, str) else []
        alike = [other for other in alike if rows.kinds[at] == there.kinds[other]]
        if not alike or (len(alike) > 1 and np.isfinite(farthest)):
            continue
        gaps = shapely.distance(rows.shapes[at], there.shapes[alike])
        nearest = int(np.argmin(np.nan_to_num(gaps, nan=np.inf)))
        away = float(gaps[nearest])
        if np.isnan(away) or away <= farthest:
            yield at, there.beside(alike[nearest], name, _at_distance(why, away))


def _named(names: Sequence[Cell], form: Callable[[str], str]) -> dict[str, list[int]]:
    """Return the positions of every name by its spelling."""
    found: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        if isinstance(name, str) and form(name):
            found.setdefault(form(name), []).append(at)
    return found


def _at_distance(why: Text, away: float) -> Text:
    """Return a reason with how far apart [m] the two are, where they do not touch."""
    if not away > 0:  # NaN where one of them has no place
        return why
    return Text(f"{why.zh}，相距 {away:,.0f} m", f"{why.en}, {away:,.0f} m apart")


def _by_steps(
    names: Sequence[Cell], kinds: Sequence[Cell], shapes: Objects, there: _Features
) -> Iterator[tuple[int, Twin]]:
    """Yield the rows a few steps from a known feature of their kind."""
    at = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.POINT)
    rows, others = shapely.STRtree(there.shapes).query(
        shapes[at], predicate="dwithin", distance=_STEPS_M
    )
    for row, other in zip(at[rows].tolist(), others.tolist(), strict=True):
        if kinds[row] is not None and kinds[row] == there.kinds[other]:
            away = shapely.distance(shapes[row], there.shapes[other])
            why = Text(f"相距 {away:.1f} m", f"{away:.1f} m apart")
            yield row, there.beside(other, names[row], why)


def _by_ground(
    names: Sequence[Cell], shapes: Objects, there: _Features
) -> Iterator[tuple[int, Twin]]:
    """Yield the rows that share the ground of a known feature, the most shared last."""
    at = np.flatnonzero(shapely.get_dimensions(shapes) == 2)  # noqa: PLR2004 - outlines
    rows, others = shapely.STRtree(there.shapes).query(shapes[at], predicate="intersects")
    share = _shared(shapes[at][rows], there.shapes[others])
    for n in np.argsort(share).tolist():
        if share[n] >= _SAME_GROUND:
            row = int(at[rows[n]])
            why = Text(f"同一地块 {share[n]:.0%}", f"{share[n]:.0%} of the ground")
            yield row, there.beside(int(others[n]), names[row], why)


def _sound(shapes: Objects) -> Objects:
    """Return the geometries, None for those that are invalid or have no finite place."""
    with np.errstate(all="ignore"):
        bounds = np.asarray(shapely.bounds(shapes), dtype=np.float64)
        is_sound = np.isfinite(bounds).all(axis=1) & shapely.is_valid(shapes)
    return np.where(is_sound, shapes, np.array([None], dtype=object))


def _shared(one: Objects, other: Objects) -> NDArray[np.float64]:
    """Return what two outlines share, as a share of the smaller one."""
    smaller = np.minimum(shapely.area(one), shapely.area(other))
    with np.errstate(all="ignore"):
        both = shapely.area(shapely.intersection(one, other))
        return np.nan_to_num(both / smaller)


def within(names: Sequence[Cell], kinds: Sequence[Cell], shapes: Objects) -> dict[int, int]:
    """
    Return, by row, the earlier row of the same file that it is again: of one kind at one place.

    Only points that have a kind: two outlines of a file may well share a wall, and a row without a
    kind says too little.
    """
    shapes = _sound(shapes)
    tree = shapely.STRtree(shapes)
    points = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.POINT)
    rows, others = tree.query(shapes[points], predicate="dwithin", distance=_STEPS_M)
    found: dict[int, int] = {}
    for row, other in sorted(zip(points[rows].tolist(), others.tolist(), strict=True)):
        is_again = other < row and kinds[row] is not None and kinds[row] == kinds[other]
        if is_again and _may_be_one(names[row], names[other]):
            found.setdefault(row, other)
    return found


def _may_be_one(name: Cell, other: Cell) -> bool:
    """Return whether two names may be of one place; one that is not said may."""
    if not isinstance(name, str) or not isinstance(other, str):
        return True
    return stem(name) == stem(other)


def propose_twice(
    again: Mapping[int, int], names: Sequence[Cell] | None, rows: Sequence[int]
) -> Proposal | None:
    """Ask whether rows that are an earlier row again are one place; None where there are none."""
    if not again:
        return None
    said = [name if isinstance(name, str) else "—" for name in names or [None] * len(rows)]
    pairs = [f"{said[a]}（{rows[a]}）↔ {said[b]}（{rows[b]}）" for b, a in again.items()]
    shown = "、".join(pairs[:_SHOWN])
    question = Text(f"表中同一处出现两次吗？{shown}", f"Is one place named twice? {shown}")
    offers = (
        Candidate(FIRST, Text("是：只取前一行", "yes: take the first row only"), 0.6),
        Candidate(BOTH, Text("不是：都取", "no: take both"), 0.4),
    )
    return Proposal("twice", question, offers)


def described(twins_: Mapping[int, Twin], most: int) -> tuple[Text, ...]:
    """Return what speaks for the first few twins."""
    shown = [twin.evidence for _, twin in sorted(twins_.items())[:most]]
    more = len(twins_) - len(shown)
    return (*shown, Text(f"另有 {more} 行", f"{more} rows more")) if more else tuple(shown)
