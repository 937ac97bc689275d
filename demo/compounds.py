"""
Compounds: each estate's ground, with its rows of buildings, lanes, walls and gates.

Rows stand east-west with their doors on the north side, one lane along each row and spines across.
A wall is the absence of a line: only the gates join a compound to the sidewalk. One estate may lie
inside another and one may be split by a public lane. Everything here is in plot coordinates [m] of
the compound's block (see `demo.frame.Frame.to_world`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from demo.frame import Frame
from demo.mix import Mix
from demo.roster import Entry
from geo.errors import DataError

Floats = NDArray[np.float64]
Rect = tuple[float, float, float, float]
Segment = tuple[float, float, float, float]
Point = tuple[float, float]
SOUTH, EAST, NORTH, WEST = range(4)

_SPINE_M = 4.5  # from the wall to the spine
_BESIDE_SPINE_M = 9.0  # from the wall to the gable beside a spine
_BESIDE_WALL_M = 5.5
DOOR_TO_LANE_M = 4.2
_LANE_TO_WALL_M = 4.8
_PUBLIC_LANE_M = 7.0  # width left open where a public lane splits an estate
_GUEST_GABLE_M, _GUEST_SOUTH_M, _GUEST_NORTH_M = 2.8, 6.0, 2.4


@dataclass(frozen=True)
class Compound:
    """
    One estate's ground; everything in plot coordinates.

    Attributes
    ----------
    estate, block : int
        Position in the roster and in the frame.
    parts : list of Rect
        Ground as (west, south, east, north); several where a lane splits it.
    hole : Rect or None
        Ground of the estate that lies inside.
    slots : dict of int to Rect
        Footprint of each building, by its position in the mix.
    lanes, paths, public : list of Segment
        Spines, row lanes and public lane, cut where they meet.
    gates : list of (Point, is_open)
        Where a wall opens, or once did.
    links : list of (Point, side)
        Ends of lanes to be joined to the sidewalk on that side of the block.
    rows : list of Segment
        The line along each row of buildings, from the spine, uncut.
    """

    estate: int
    block: int
    parts: list[Rect]
    slots: dict[int, Rect]
    lanes: list[Segment]
    paths: list[Segment]
    public: list[Segment]
    gates: list[tuple[Point, bool]]
    links: list[tuple[Point, int]]
    rows: list[Segment]
    hole: Rect | None = None

    @property
    def bounds(self) -> Rect:
        """West, south, east and north limit of all parts."""
        west, south, east, north = np.array(self.parts).T
        return float(west.min()), float(south.min()), float(east.max()), float(north.max())

    @property
    def land_m2(self) -> float:
        """Area of the ground, without the estate inside it."""
        area = sum((r[2] - r[0]) * (r[3] - r[1]) for r in self.parts)
        return area - (
            (self.hole[2] - self.hole[0]) * (self.hole[3] - self.hole[1]) if self.hole else 0
        )


@dataclass
class _Draft:
    """A compound in its own coordinates: south-west corner at the origin, spine on the west."""

    estate: int
    width: float
    height: float
    slots: dict[int, Rect]
    lane_y: list[float]
    spine_x: list[float]
    row_end: list[float]
    split_y: float = -1.0
    guest: int = -1
    guest_slots: dict[int, Rect] = field(default_factory=dict)

    @property
    def public_y(self) -> float:
        """The public lane's centre line."""
        return self.split_y + _PUBLIC_LANE_M / 2

    @property
    def guest_ground(self) -> Rect:
        """The ground of the estate inside this one."""
        west, south, east, north = next(iter(self.guest_slots.values()))
        return (
            west - _GUEST_GABLE_M,
            south - _GUEST_SOUTH_M,
            east + _GUEST_GABLE_M,
            north + _GUEST_NORTH_M,
        )


def lay_compounds(
    rng: np.random.Generator, entries: Sequence[Entry], mix: Mix, frame: Frame
) -> list[Compound]:
    """
    Give every estate a block of its town and lay out its ground.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    entries : sequence of Entry
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
        drafts.append(_draft(rng, number, own, lodger, mix=mix, is_split=entry.is_split))
        drafts[-1].guest = guest
    blocks = _choose_blocks(rng, drafts, entries, frame)
    placed: list[Compound] = []
    for draft, block in zip(drafts, blocks, strict=True):
        placed += _place(rng, draft, block, frame.half[block])
    return sorted(placed, key=lambda compound: compound.estate)


def _draft(
    rng: np.random.Generator,
    estate: int,
    own: list[int],
    lodger: list[int],
    *,
    mix: Mix,
    is_split: bool,
) -> _Draft:
    """Stack rows of one or two buildings, spaced by the height of the row to the south."""
    buildings = own + lodger
    columns = 1 if len(own) <= 3 else 2  # noqa: PLR2004
    stacked = [buildings[at : at + columns] for at in range(0, len(buildings), columns)]
    slots: dict[int, Rect] = {}
    lane_y, row_end, split_y = [], [], -1.0
    south = 9 + 4 * rng.random()
    for number, row in enumerate(stacked):
        depth = float(mix.depth_m[row].max())
        west = _BESIDE_SPINE_M + 2 * rng.random()
        for building in row:
            east = west + float(mix.length_m[building])
            north = south + float(mix.depth_m[building])
            slots[building] = (west, south + depth - (north - south), east, south + depth)
            west = east + 6 + 2 * rng.random()
        row_end.append(east)
        lane_y.append(south + depth + DOOR_TO_LANE_M)
        gap = (1.25 + 0.3 * rng.random()) * float(mix.height_m[row].max())
        if is_split and number == 0:
            split_y = lane_y[0] + _LANE_TO_WALL_M
            gap = max(gap, split_y + _PUBLIC_LANE_M + 8 - south - depth)
        south += depth + gap
    broad = max(row_end)
    second = [broad + _BESIDE_SPINE_M - _SPINE_M] if columns == 2 else []  # noqa: PLR2004
    return _Draft(
        estate=estate,
        width=broad + (_BESIDE_SPINE_M if second else _BESIDE_WALL_M),
        height=lane_y[-1] + _LANE_TO_WALL_M,
        slots={at: slots[at] for at in own},
        lane_y=lane_y,
        spine_x=[_SPINE_M, *second],
        row_end=row_end,
        split_y=split_y,
        guest_slots={at: slots[at] for at in lodger},
    )


def _choose_blocks(
    rng: np.random.Generator, drafts: list[_Draft], entries: Sequence[Entry], frame: Frame
) -> list[int]:
    """A free block of the estate's town for each draft, the largest drafts choosing first."""
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


def _place(rng: np.random.Generator, draft: _Draft, block: int, half: Floats) -> list[Compound]:
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
    host = _Layout(draft, *_gate_rows(rng, draft), side=side, end=end).compound(block, move)
    return [host, *_guests(draft, block, move)]


@dataclass(frozen=True)
class _Layout:
    """The lanes and gates of a draft: which row leads out at the side, whether a spine leads out."""

    draft: _Draft
    side_row: int  # -1 if no row does
    has_end: bool
    closed_row: int  # a row whose gate was bricked up, -1 if none
    side: int
    end: int

    def compound(self, block: int, move: Callable[[Rect], Rect]) -> Compound:
        """Return the compound at its place in the block."""
        draft = self.draft
        sort = _sorted
        return Compound(
            estate=draft.estate,
            block=block,
            parts=[sort(move(rect)) for rect in self._parts()],
            slots={at: sort(move(rect)) for at, rect in draft.slots.items()},
            lanes=[move(segment) for segment in self._lanes()],
            paths=[move(segment) for segment in self._paths()],
            public=[move(segment) for segment in self._public()],
            gates=[(_at(move, point), is_open) for point, is_open in self._gates()],
            links=[(_at(move, point), side) for point, side in self._links()],
            rows=[
                move((_SPINE_M, y, end, y))
                for y, end in zip(draft.lane_y, self._row_ends(), strict=True)
            ],
            hole=sort(move(draft.guest_ground)) if draft.guest >= 0 else None,
        )

    def _parts(self) -> list[Rect]:
        draft = self.draft
        if draft.split_y < 0:
            return [(0.0, 0.0, draft.width, draft.height)]
        north = draft.split_y + _PUBLIC_LANE_M
        return [(0.0, 0.0, draft.width, draft.split_y), (0.0, north, draft.width, draft.height)]

    def _lanes(self) -> list[Segment]:
        """Spines, cut at every row, and the way out at the side."""
        draft, found = self.draft, []
        for number, x in enumerate(draft.spine_x):
            ys = list(draft.lane_y)
            if self.has_end and number == 0:
                ys = [0.0, *ys] if self.end == SOUTH else [*ys, draft.height]
            if draft.split_y >= 0 and number == 0:
                ys = sorted([*ys, draft.public_y])
            legs = [(x, one, x, other) for one, other in pairwise(ys)]
            if draft.split_y >= 0 and number > 0:
                legs = legs[1:]  # only the first spine crosses the public lane
            found += legs
        if self.side_row >= 0:
            y = draft.lane_y[self.side_row]
            found.append((0.0, y, _SPINE_M, y))
        return found

    def _paths(self) -> list[Segment]:
        """One lane along each row, cut where the guest's gate meets it."""
        draft, found = self.draft, []
        for number, y in enumerate(draft.lane_y):
            xs = [_SPINE_M, draft.spine_x[1] if len(draft.spine_x) > 1 else draft.row_end[number]]
            if draft.guest >= 0 and number == len(draft.lane_y) - 1:
                middle, north = self._guest_gate()
                xs = sorted([*xs, middle])
                found.append((middle, y, middle, north))
            found += [(one, y, other, y) for one, other in pairwise(xs)]
        return found

    def _row_ends(self) -> list[float]:
        """Where the host's rows end: the last one before the ground of its guest."""
        ends = list(self.draft.row_end)
        if self.draft.guest >= 0:
            ends[-1] = self.draft.guest_ground[0]
        return ends

    def _guest_gate(self) -> Point:
        west, _, east, north = self.draft.guest_ground
        return (west + east) / 2, north

    def _public(self) -> list[Segment]:
        draft = self.draft
        if draft.split_y < 0:
            return []
        y = draft.public_y
        return [(0.0, y, _SPINE_M, y), (_SPINE_M, y, draft.width, y)]

    def _gates(self) -> list[tuple[Point, bool]]:
        draft, found = self.draft, []
        if draft.split_y >= 0:
            found = [
                ((_SPINE_M, draft.split_y), True),
                ((_SPINE_M, draft.split_y + _PUBLIC_LANE_M), True),
            ]
        if self.side_row >= 0:
            found.append(((0.0, draft.lane_y[self.side_row]), True))
        if self.has_end:
            found.append(((_SPINE_M, 0.0 if self.end == SOUTH else draft.height), True))
        if self.closed_row >= 0:
            found.append(((0.0, draft.lane_y[self.closed_row]), False))
        return found

    def _links(self) -> list[tuple[Point, int]]:
        draft, found = self.draft, []
        if draft.split_y >= 0:
            found.append(((0.0, draft.public_y), self.side))
        if self.side_row >= 0:
            found.append(((0.0, draft.lane_y[self.side_row]), self.side))
        if self.has_end:
            found.append(((_SPINE_M, 0.0 if self.end == SOUTH else draft.height), self.end))
        return found


def _gate_rows(rng: np.random.Generator, draft: _Draft) -> tuple[int, bool, int]:
    """Which row leads out at the side, whether the spine leads out at its end, which gate is shut."""
    rows, draw = len(draft.lane_y), rng.random(3)
    if draft.split_y >= 0:
        return -1, False, -1
    is_double = rows > 1 and draw[0] < 0.5  # noqa: PLR2004
    has_end = bool(is_double or draw[1] < 0.5)  # noqa: PLR2004
    side_row = int(rng.integers(rows)) if is_double or not has_end else -1
    others = [row for row in range(rows) if row != side_row]
    closed = others[0] if others and draw[2] < 0.4 else -1  # noqa: PLR2004
    return side_row, has_end, closed


def _guests(draft: _Draft, block: int, move: Callable[[Rect], Rect]) -> list[Compound]:
    """Return the estate inside, if there is one: its only gate opens on its host's lane."""
    if draft.guest < 0:
        return []
    ground = draft.guest_ground
    middle = (ground[0] + ground[2]) / 2
    y = draft.lane_y[-1]
    guest = Compound(
        estate=draft.guest,
        block=block,
        parts=[_sorted(move(ground))],
        slots={at: _sorted(move(rect)) for at, rect in draft.guest_slots.items()},
        lanes=[],
        paths=[],
        public=[],
        gates=[(_at(move, (middle, ground[3])), True)],
        links=[],
        rows=[move((ground[0], y, ground[2], y))],
    )
    return [guest]


def _sorted(rect: Rect) -> Rect:
    west, south, east, north = rect
    return min(west, east), min(south, north), max(west, east), max(south, north)


def _at(move: Callable[[Rect], Rect], point: Point) -> Point:
    x, y, _, _ = move((*point, *point))
    return x, y
