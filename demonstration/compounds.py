"""
Compounds: a block for every estate, its ground laid out with lanes, walls and gates.

A wall is the absence of a line: only the gates join a compound to the sidewalk. One estate may lie
inside another and one may be split by a public lane. Everything here is in plot coordinates [m] of
the compound's block (see `demonstration.frame.Frame.to_world`).
"""

from collections.abc import Sequence

import numpy as np

from demonstration.compound import EAST, NORTH, SOUTH, WEST, Compound, Rect
from demonstration.drafts import CompoundDraft, draft_compound
from demonstration.frame import Frame
from demonstration.lanes import Layout, choose_gates, lay_guest
from demonstration.mix import Mix
from demonstration.roster import PlannedEstate
from geo.arrays import FloatArray
from geo.errors import DataError


def lay_compounds(
    rng: np.random.Generator, entries: Sequence[PlannedEstate], mix: Mix, frame: Frame
) -> list[Compound]:
    """
    Give every estate a block of its town and lay out its ground.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    entries : sequence of PlannedEstate
        The roster.
    mix : Mix
        Its buildings.
    frame : Frame
        The town's blocks.

    Returns
    -------
    list of Compound
        One for each entry, in the roster's order.

    Raises
    ------
    DataError
        If no free block is large enough for an estate.
    """
    start = np.searchsorted(mix.estate, np.arange(len(entries) + 1))
    guests = {e.guest_of: number for number, e in enumerate(entries) if e.guest_of >= 0}
    drafts = []
    for number, entry in enumerate(entries):
        if entry.guest_of >= 0:
            continue
        own = list(range(start[number], start[number + 1]))
        guest = guests.get(number, -1)
        lodger = list(range(start[guest], start[guest + 1])) if guest >= 0 else []
        drafts.append(draft_compound(rng, number, own, lodger, mix=mix, is_split=entry.is_split))
        drafts[-1].guest = guest
    blocks = _choose_blocks(rng, drafts, entries, frame)
    placed: list[Compound] = []
    for draft, block in zip(drafts, blocks, strict=True):
        placed += _place(rng, draft, block, frame.half[block])
    return sorted(placed, key=lambda compound: compound.estate)


def _choose_blocks(
    rng: np.random.Generator,
    drafts: list[CompoundDraft],
    entries: Sequence[PlannedEstate],
    frame: Frame,
) -> list[int]:
    """Choose a free block of its town for each draft, the largest drafts first."""
    towns = np.array([entries[draft.estate].town_id for draft in drafts])
    sizes = np.array([(draft.width, draft.height) for draft in drafts])
    free = np.ones(len(frame.half), dtype=bool)
    chosen = np.full(len(drafts), -1)
    for at in np.argsort(-sizes.prod(axis=1), kind="stable"):
        fits = (2 * frame.half >= sizes[at] + 1).all(axis=1)
        candidates = np.flatnonzero(free & fits & (frame.town_id == towns[at]))
        if not len(candidates):
            name = entries[drafts[at].estate].name
            raise DataError(f"no block is large enough for {name}", f"没有容得下 {name} 的街区")
        chosen[at] = candidates[rng.integers(len(candidates))]
        free[chosen[at]] = False
    return [int(block) for block in chosen]


def _place(
    rng: np.random.Generator, draft: CompoundDraft, block: int, half: FloatArray
) -> list[Compound]:
    """Put the draft into a corner of the block, mirrored so that its spine faces the street."""
    is_east, is_north = bool(rng.random() < 0.5), bool(rng.random() < 0.5)  # noqa: PLR2004
    setback = np.minimum(3 * rng.random(2), 2 * half - (draft.width, draft.height))
    x0 = half[0] - setback[0] - draft.width if is_east else setback[0] - half[0]
    y0 = half[1] - setback[1] - draft.height if is_north else setback[1] - half[1]

    def move(rect: Rect) -> Rect:
        west, south, east, north = rect
        if is_east:
            west, east = draft.width - west, draft.width - east
        return (x0 + west, y0 + south, x0 + east, y0 + north)

    side, end = (EAST if is_east else WEST), (NORTH if is_north else SOUTH)
    layout = Layout(draft, *choose_gates(rng, draft), side=side, end=end)
    return [layout.compound(block, move), *lay_guest(draft, block, move)]
