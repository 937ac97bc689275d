"""Lawns between the rows, as large as the green ratio planted for their estate asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from answer_key.estates import Estates
from answer_key.grades import Case, Grade, Planted, plant
from demonstration.compound import Compound, Rect
from demonstration.green import Bed

RATIO = Grade("green.ratio.old", (-0.2, -0.05), (0.005, 0.02), (0.001, -0.001), digits=3)
CONCENTRATED = Grade(
    "green.concentrated.old", (-0.27, -0.05), (0.05, 0.35), (0.001, -0.001), digits=3
)
_BED_INSET_M = 1.0  # from the south wall of a row to the bed before it
_BROAD_M, _NARROW_M = (
    8.6,
    6.0,
)  # of a lawn that counts as concentrated green, and of one that does not
_LEAST_BED_M = 2.0
_USUAL_SHARE, _ROOMY = 0.12, 0.272


@dataclass(frozen=True)
class Lawns:
    """The beds of all estates, and what was planned of them."""

    beds: list[Bed]
    ratio: Planted
    concentrated: Planted


def lay_lawns(rng: np.random.Generator, estates: Estates, compounds: Sequence[Compound]) -> Lawns:
    """
    Lay beds before the south walls until the planned share of every estate's ground is green.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    estates : Estates
        The estates as drawn.
    compounds : sequence of Compound
        Their ground.
    """
    count = len(estates.ids)
    room = np.array([sum((r[2] - r[0]) * _depth(r) for r in _grounds(c)) for c in compounds])
    roomy = np.flatnonzero(room > _ROOMY * estates.land_m2)
    ratio = plant(rng, RATIO, count, roomy)
    share = np.where(np.isnan(ratio.values), _USUAL_SHARE, ratio.values)
    concentrated = _plan_lawns(rng, estates, compounds)
    beds: list[Bed] = []
    for compound in compounds:
        at = compound.estate
        lawn = concentrated.values[at] * estates.persons[at]
        is_narrow = concentrated.cases[at] == Case.BAD
        beds += _beds(compound, share[at] * estates.land_m2[at], lawn, is_narrow=is_narrow)
    return Lawns(beds, ratio, concentrated)


def _grounds(compound: Compound) -> list[Rect]:
    """Return the ground before each south wall, down to the row below or to the wall."""
    floors = [part[1] + 0.6 for part in compound.parts] + [row[1] + 2.0 for row in compound.rows]
    found = []
    for west, low, east, _ in compound.slots.values():
        bottom = max((floor for floor in floors if floor < low), default=low)
        found.append((west, bottom, east, low - _BED_INSET_M))
    return [rect for rect in found if _depth(rect) > _LEAST_BED_M]


def _depth(rect: Rect) -> float:
    return rect[3] - rect[1]


def _plan_lawns(
    rng: np.random.Generator, estates: Estates, compounds: Sequence[Compound]
) -> Planted:
    """
    Plan the concentrated green per person.

    It must be broad to count, so that only an estate of some size can have just enough or just too
    little; a failing one has a lawn that is large enough but too narrow.
    """
    count = len(compounds)
    deep = np.array([max(map(_depth, _grounds(c)), default=0) > _BROAD_M for c in compounds])
    large = deep & (estates.persons * CONCENTRATED.near[1] > _BROAD_M**2)
    order = rng.permutation(np.flatnonzero(large))
    cases = np.where(deep & (rng.random(count) < 0.6), Case.GOOD, Case.UNKNOWN)  # noqa: PLR2004
    cases[order] = np.resize([Case.JUST_MET, Case.JUST_FAILED, Case.BAD, Case.GOOD], len(order))
    low, high = CONCENTRATED.good
    good = np.maximum(low + (high - low) * rng.random(count), _BROAD_M**2 / estates.persons)
    met, failed = CONCENTRATED.near
    zero = np.zeros(count)
    return Planted(
        CONCENTRATED, np.choose(cases, [good, good, zero + met, zero + failed, zero]), cases
    )


def _beds(compound: Compound, green_m2: float, lawn_m2: float, *, is_narrow: bool) -> list[Bed]:
    """Lay a concentrated lawn on the deepest ground, and common beds for the rest."""
    at, grounds = compound.estate, sorted(_grounds(compound), key=_depth, reverse=True)
    beds = []
    if lawn_m2 and grounds:
        west, south, east, north = grounds[0]
        depth = _NARROW_M if is_narrow else _BROAD_M
        length = min(round(lawn_m2 / depth, 4), east - west - 1)
        beds.append(Bed(at, (west, north - depth, west + length, north), is_concentrated=True))
        grounds[0] = (west + length + 0.5, south, east, north)
    rest = green_m2 - sum(bed.area_m2 for bed in beds)
    room = sum((r[2] - r[0]) * _depth(r) for r in grounds)
    fraction = min(1.0, rest / room) if room else 0.0
    if fraction > 0:
        beds += [Bed(at, (w, n - (n - s) * fraction, e, n)) for w, s, e, n in grounds]
    return beds
