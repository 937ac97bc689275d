"""
Drafts: an estate's rows of buildings before they have a place in the town.

Rows stand east-west with their doors on the north side, spaced by the height of the row to the
south; one lane runs along each row, spines run across.
"""

from dataclasses import dataclass, field

import numpy as np

from demonstration.compound import DOOR_TO_LANE_M, Rect
from demonstration.mix import Mix

SPINE_M = 4.5  # from the wall to the spine
_BESIDE_SPINE_M = 9.0  # from the wall to the gable beside a spine
_BESIDE_WALL_M = 5.5
_LANE_TO_WALL_M = 4.8
PUBLIC_LANE_M = 7.0  # width left open where a public lane splits an estate
_GUEST_GABLE_M, _GUEST_SOUTH_M, _GUEST_NORTH_M = 2.8, 6.0, 2.4


@dataclass
class CompoundDraft:
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
        return self.split_y + PUBLIC_LANE_M / 2

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


def draft_compound(
    rng: np.random.Generator,
    estate: int,
    own: list[int],
    lodger: list[int],
    *,
    mix: Mix,
    is_split: bool,
) -> CompoundDraft:
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
            gap = max(gap, split_y + PUBLIC_LANE_M + 8 - south - depth)
        south += depth + gap
    broad = max(row_end)
    second = [broad + _BESIDE_SPINE_M - SPINE_M] if columns == 2 else []  # noqa: PLR2004
    return CompoundDraft(
        estate=estate,
        width=broad + (_BESIDE_SPINE_M if second else _BESIDE_WALL_M),
        height=lane_y[-1] + _LANE_TO_WALL_M,
        slots={at: slots[at] for at in own},
        lane_y=lane_y,
        spine_x=[SPINE_M, *second],
        row_end=row_end,
        split_y=split_y,
        guest_slots={at: slots[at] for at in lodger},
    )
