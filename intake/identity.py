"""
Identity: rows that are probably a feature which is there already, under another key or spelling.

Spelling: blanks, widths, invisible marks, 36＃ and 36号楼 make no other place. Ground: an outline
that shares half of its area with a known one, a facility a few steps from another of its kind, or
the very same geometry.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from intake.features import Features, named_once, places
from intake.ground import (
    GROUND,
    IDENTICAL_M,
    STEPS,
    are_identical,
    boxes,
    on_one_ground,
    within_steps,
)
from intake.reading import Cell
from intake.spelling import is_slip, slips
from wording import Text, text

SAME_NAME_M = 300.0  # between two records of one name; natural keys are compared anywhere
_KINDS_APART_M = 1e8


@dataclass(frozen=True, slots=True)
class Twin:
    """
    A known feature that a row probably is.

    Attributes
    ----------
    at : int
        Its position in the known layer.
    pair : Text
        Both names side by side, and the known key.
    why : Text
        What speaks for their being one.
    """

    at: int
    pair: Text
    why: Text

    @property
    def evidence(self) -> Text:
        """The pair, and what speaks for it."""
        return Text(f"{self.pair.zh} {self.why.zh}", f"{self.pair.en} {self.why.en}")


def beside(name: Cell, known: object, key: object, at: int, why: Text) -> Twin:
    """Return the known feature at a position, its name and key beside a row's name."""
    one, other = (said if isinstance(said, str) else "—" for said in (name, known))
    return Twin(at, text("common.with_detail", text=f"{one} ↔ {other}", detail=key), why)


def twins(rows: Features, there: Features) -> dict[int, Twin]:
    """
    Find the known feature that each row probably is.

    Parameters
    ----------
    rows, there : Features
        The rows of a table, and the layer as it is; both in its working CRS.

    Returns
    -------
    dict of int to Twin
        By position of the row; rows that are nobody's twin are not in it.
    """
    ways = [_by_name, _identical, _by_ground, _by_steps, _by_slip, _by_natural_key]
    found = {at: one for way in ways for at, one in way(rows, there)}  # the last is the surest
    return {
        at: beside(rows.names[at], there.names[other], there.keys[other], other, why)
        for at, (other, why) in found.items()
    }


_Found = Iterator[tuple[int, tuple[int, Text]]]
"""A row, the known feature that it probably is, and why."""


def _by_natural_key(rows: Features, there: Features) -> _Found:
    """Yield the rows with the natural key of a known feature, wherever they are."""
    if rows.spec.natural_key:
        why = Text("同名", "same name")
        yield from _nearest(rows.forms, rows, there, there.forms, why)


def _by_name(rows: Features, there: Features) -> _Found:
    """
    Yield the rows with the name of a known feature that are near it, or nearly its name.

    A name that several known features have says nothing (1号楼). No two estates may be called
    alike: of them a part or a phase is named too, however far, and the nearest is meant.
    """
    if rows.spec.name == "estates":
        why = Text("名称相近", "nearly the name")
        yield from _nearest(rows.stems, rows, there, there.stems, why)
        return
    natural = rows.spec.natural_key
    own = [natural[-1] if natural else "name"]
    names, there_names = rows.called(own), there.called(own)
    once = named_once(there_names)
    plain = [name if name in once else "" for name in names]
    if natural:  # what has its parent is found by its natural key alone
        plain = ["" if form else name for form, name in zip(rows.forms, plain, strict=True)]
    why = Text("同名", "same name")
    for at, (other, said) in _nearest(plain, rows, there, there_names, why):
        if not _away(rows.sound[at], there.shapes[other]) > SAME_NAME_M:
            yield at, (other, said)


def _by_slip(rows: Features, there: Features) -> _Found:
    """Yield the rows without a place whose name is one known name but for a slip of the pen."""
    nowhere = np.flatnonzero(shapely.is_missing(rows.sound)).tolist()
    if not rows.spec.natural_key or not nowhere:
        return
    where: dict[str, set[int]] = {}
    for at, form in enumerate(there.forms):
        for slip in slips(form):
            where.setdefault(slip, set()).add(at)
    why = Text("名称相近", "nearly the name")
    for at in nowhere:
        near = set[int]().union(*(where.get(slip, set()) for slip in slips(rows.forms[at])))
        name = rows.names[at]
        alike = [other for other in near if is_slip(str(name), str(there.names[other]))]
        if len(alike) == 1 and rows.kinds[at] == there.kinds[alike[0]]:
            yield at, (alike[0], why)


def _nearest(
    names: Sequence[str], rows: Features, there: Features, there_names: Sequence[str], why: Text
) -> _Found:
    """Yield each row that is called as a known feature of its kind, with the nearest of them."""
    where = places(there_names)
    for at, name in enumerate(names):
        alike = where.get(name, []) if name else []
        alike = [other for other in alike if rows.kinds[at] == there.kinds[other]]
        if alike:
            gaps = shapely.distance(rows.sound[at], there.shapes[alike])
            nearest = int(np.argmin(np.nan_to_num(gaps, nan=np.inf)))
            yield at, (alike[nearest], _at_distance(why, float(gaps[nearest])))


def _away(one: shapely.Geometry | None, other: shapely.Geometry | None) -> float:
    """Return how far apart [m] two features are, NaN where one has no place."""
    return float(shapely.distance(one, other))


def _at_distance(why: Text, away: float) -> Text:
    """Return a reason with how far apart [m] the two are, where they do not touch."""
    if not away > 0:  # NaN where one of them has no place
        return why
    return Text(f"{why.zh}，相距 {away:,.0f} m", f"{why.en}, {away:,.0f} m apart")


def _by_steps(rows: Features, there: Features) -> _Found:
    """Yield the rows a few steps from a known feature of their kind."""
    if rows.spec.name not in STEPS:
        return
    for row, other in within_steps(rows.sound, there.shapes):
        if rows.kinds[row] is not None and rows.kinds[row] == there.kinds[other]:
            away = _away(rows.sound[row], there.shapes[other])
            yield row, (other, Text(f"相距 {away:.1f} m", f"{away:.1f} m apart"))


def _by_ground(rows: Features, there: Features) -> _Found:
    """Yield the rows that share the ground of a known feature, the most shared last."""
    if rows.spec.name not in GROUND:
        return
    for row, other, share in on_one_ground(rows.sound, there.shapes):
        yield row, (other, Text(f"同一地块 {share:.0%}", f"{share:.0%} of the ground"))


def _identical(rows: Features, there: Features) -> _Found:
    """Yield the rows with the very geometry of a known feature of their kind."""
    kinds = pd.factorize(np.array([*rows.kinds, *there.kinds], dtype=object))[0].astype(np.float64)
    kinds *= _KINDS_APART_M
    ours, theirs = boxes(rows.sound, kinds[: len(rows)]), boxes(there.shapes, kinds[len(rows) :])
    at, known = (np.flatnonzero(np.isfinite(box).all(axis=1)) for box in (ours, theirs))
    if not len(at) or not len(known):
        return
    tree = cKDTree(theirs[known])
    away, found = tree.query(ours[at], distance_upper_bound=IDENTICAL_M, p=np.inf)
    near = np.isfinite(away)
    at, other = at[near], known[np.asarray(found)[near]]
    same = are_identical(rows.sound[at], there.shapes[other])
    why = Text("图形相同", "the same geometry")
    for row, known_at in zip(at[same].tolist(), other[same].tolist(), strict=True):
        yield row, (known_at, why)
