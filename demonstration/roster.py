"""
The roster: which estates the town has, where they belong, and what they must add up to.

Names, their order and the totals are the plan's. The town an estate belongs to, its number of
buildings and its year are not in the paper: they are invented, or inferred where it says so.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from plan import load_plan

Size: TypeAlias = Literal["tiny", "demo"]
SIZES: dict[Size, int] = {"tiny": 2, "demo": 20}
"""Estates of a district of each size."""
PLAN = "litong-2023"
OVERLAYS = ("ningxia", "wuzhong", "litong")
"""The overlays of the rulebook that hold in the district, from the widest to the narrowest."""
JINXING, SHENGLI, JINJI = "640302106", "640302107", "640302100"


@dataclass(frozen=True, slots=True)
class Targets:
    """What the district adds up to, exactly."""

    estates: int
    buildings: int
    floor_area_m2: int
    households: int
    investment_yuan: int


@dataclass(frozen=True, slots=True)
class PlannedEstate:
    """
    One estate before it is drawn.

    `place` is its position in the plan's list, `guest_of` the estate it lies inside of, -1 if none.
    """

    estate_id: str
    name: str
    place: int
    town_id: str
    buildings: int
    built_year: int
    inferred: bool = False
    is_split: bool = False
    guest_of: int = -1


# Town, buildings and year for each name of the plan, in its order. 朝阳 and 裕民 are inferred from
# the communities 朝阳居委会 and 裕西居委会; all else is invented.
_INVENTED: tuple[tuple[str, int, int], ...] = (
    (JINXING, 7, 1996),
    (SHENGLI, 2, 1988),
    (JINXING, 1, 1986),
    (JINXING, 4, 1998),
    (SHENGLI, 1, 1984),
    (SHENGLI, 2, 1993),
    (JINXING, 6, 1997),
    (JINXING, 3, 1991),
    (JINXING, 5, 1999),
    (JINJI, 1, 1985),
    (JINXING, 4, 1994),
    (SHENGLI, 3, 1990),
    (SHENGLI, 3, 1995),
    (JINXING, 1, 1992),
    (SHENGLI, 2, 1987),
    (JINJI, 2, 1989),
    (JINJI, 1, 1997),
    (JINXING, 3, 2000),
    (SHENGLI, 2, 1983),
    (SHENGLI, 2, 1998),
)
_INFERRED_TOWN = (4, 5, 6)
_SPLIT, _HOST, _GUEST = 8, 0, 13  # 银塔南区 has a lane through it; 工行楼 stands inside 利水南苑
_TINY = (3, 11)  # a Jinxing and a Shengli estate of middling size


def roster(size: Size) -> tuple[PlannedEstate, ...]:
    """Return the estates of a town of `size`."""
    names = load_plan(PLAN).estate_names
    places = _TINY if size == "tiny" else range(SIZES[size])
    return tuple(_entry(number, place, names[place]) for number, place in enumerate(places))


def targets(size: Size) -> Targets:
    """Return the totals: the plan's own, or their share for another number of buildings."""
    totals = load_plan(PLAN).totals
    buildings = sum(entry.buildings for entry in roster(size))
    share = buildings / totals.buildings
    return Targets(
        estates=SIZES[size],
        buildings=buildings,
        floor_area_m2=round(totals.floor_area_m2 * share),
        households=round(totals.households * share),
        investment_yuan=round(totals.investment_yuan * share / 100) * 100,
    )


def _entry(number: int, place: int, name: str) -> PlannedEstate:
    town, buildings, year = _INVENTED[place]
    base = number - place
    return PlannedEstate(
        estate_id=f"E{number + 1:04d}" if base else f"E{number + 1:02d}",
        name=name,
        place=place,
        town_id=town,
        buildings=buildings,
        built_year=year,
        inferred=place in _INFERRED_TOWN,
        is_split=place == _SPLIT,
        guest_of=base + _HOST if place == _GUEST else -1,
    )
