"""The lanes, gates and guests of a draft, put at its place in the block."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from demonstration.compound import SOUTH, Compound, Point, Rect, Segment
from demonstration.drafts import PUBLIC_LANE_M, SPINE_M, CompoundDraft


@dataclass(frozen=True)
class Layout:
    """The lanes and gates of a draft: which row leads out, and whether a spine does."""

    draft: CompoundDraft
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
                move((SPINE_M, y, end, y))
                for y, end in zip(draft.lane_y, self._row_ends(), strict=True)
            ],
            hole=sort(move(draft.guest_ground)) if draft.guest >= 0 else None,
        )

    def _parts(self) -> list[Rect]:
        draft = self.draft
        if draft.split_y < 0:
            return [(0.0, 0.0, draft.width, draft.height)]
        north = draft.split_y + PUBLIC_LANE_M
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
            found.append((0.0, y, SPINE_M, y))
        return found

    def _paths(self) -> list[Segment]:
        """One lane along each row, cut where the guest's gate meets it."""
        draft, found = self.draft, []
        for number, y in enumerate(draft.lane_y):
            xs = [SPINE_M, draft.spine_x[1] if len(draft.spine_x) > 1 else draft.row_end[number]]
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
        return [(0.0, y, SPINE_M, y), (SPINE_M, y, draft.width, y)]

    def _gates(self) -> list[tuple[Point, bool]]:
        draft, found = self.draft, []
        if draft.split_y >= 0:
            found = [
                ((SPINE_M, draft.split_y), True),
                ((SPINE_M, draft.split_y + PUBLIC_LANE_M), True),
            ]
        if self.side_row >= 0:
            found.append(((0.0, draft.lane_y[self.side_row]), True))
        if self.has_end:
            found.append(((SPINE_M, 0.0 if self.end == SOUTH else draft.height), True))
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
            found.append(((SPINE_M, 0.0 if self.end == SOUTH else draft.height), self.end))
        return found


def choose_gates(rng: np.random.Generator, draft: CompoundDraft) -> tuple[int, bool, int]:
    """Draw which row leads out, whether the spine does, and which row's gate is shut."""
    rows, draw = len(draft.lane_y), rng.random(3)
    if draft.split_y >= 0:
        return -1, False, -1
    is_double = rows > 1 and draw[0] < 0.75  # noqa: PLR2004
    has_end = bool(is_double or draw[1] < 0.5)  # noqa: PLR2004
    side_row = int(rng.integers(rows)) if is_double or not has_end else -1
    others = [row for row in range(rows) if row != side_row]
    closed = others[0] if others and draw[2] < 0.4 else -1  # noqa: PLR2004
    return side_row, has_end, closed


def lay_guest(draft: CompoundDraft, block: int, move: Callable[[Rect], Rect]) -> list[Compound]:
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
