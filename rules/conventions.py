"""
Conventions: figures of the rulebook that are no rules, each with its source and how sure it is.

What is assumed of walks, places, plants and people, how exactly a survey measures, how old its data
may be, which estates the programme takes.
"""

from typing import Literal, TypeAlias

from pydantic import Field

from rules.frozen import Frozen

Verified: TypeAlias = Literal[
    "plan_text", "quoted", "two_sources", "secondary", "measured", "recall", "none"
]
Override: TypeAlias = Literal["locked", "reason", "free", "required"]


class Convention(Frozen):
    """Figures with the clause that they are from, how sure they are, and who may change them."""

    source: str
    clause: str
    verified: Verified
    override: Override


class Planting(Convention):
    """
    What is convention about plants themselves.

    Plantings nearer to each other than `duplicate_m` are one planting drawn twice; `spacing_m` is
    kept between plants whose species are not in the catalogue; a plant of unknown crown is near a
    path within `crown_look_m` of it. All in metres.
    """

    duplicate_m: float = Field(ge=0)
    spacing_m: float = Field(ge=0)
    crown_look_m: float = Field(ge=0)


class Walking(Convention):
    """
    What is convention about walks and places.

    Walkways connected to less than `cut_off_m` of walkway are cut off from the rest; nobody is
    connected who is farther than `access_leg_m` from all of them. A dead end within `near_m` of
    another walkway nearly meets it. A walkway within `gate_m` of a gate leads through it. Private
    places are looked for within `private_look_m`. Records of one kind within `same_spot_m`, or of
    one name within `same_name_m`, are one place. All in metres.
    """

    cut_off_m: float = Field(ge=0)
    access_leg_m: float = Field(gt=0)
    near_m: float = Field(gt=0)
    gate_m: float = Field(gt=0)
    private_look_m: float = Field(gt=0)
    same_spot_m: float = Field(ge=0)
    same_name_m: float = Field(ge=0)


class Accuracy(Convention):
    """
    How exactly a quantity is surveyed: within the greater of both its true value may be.

    `absolute` is in m or m2; `relative` is a share of the limit, and all that holds for rates.
    """

    absolute: float = Field(ge=0)
    relative: float = Field(ge=0, lt=1)
    note: str = ""


class MaxAge(Convention):
    """How many years old the rows of some layers may be: without layers, of all that are left."""

    layers: tuple[str, ...] = ()
    years: int = Field(gt=0)
    note: str = ""


class ShaftSize(Frozen):
    """Outer size of a lift shaft [m], across and off the wall, and the load of its car [kg]."""

    load_kg: float = Field(gt=0)
    width_m: float = Field(gt=0)
    depth_m: float = Field(gt=0)


class Lifts(Convention):
    """
    What is convention about lifts fitted to stair units.

    `shafts` are the sizes tried, the preferred first. A shaft in front of the door stands off the
    wall by a bridge of `bridge_length_m`, any other by a gallery of `bridge_width_m`; one beside
    the door begins `aside_m` from the middle of the door. Ground within `strip_m` of a shaft is
    taken by its foundation. Behind a building deeper than `reach_m` nothing is placed. A building
    without surveyed units has `flats_per_landing` flats at every landing of a stair. All in metres.
    """

    shafts: tuple[ShaftSize, ...] = Field(min_length=1)
    bridge_width_m: float = Field(gt=0)
    bridge_length_m: float = Field(gt=0)
    aside_m: float = Field(ge=0)
    strip_m: float = Field(ge=0)
    reach_m: float = Field(gt=0)
    flats_per_landing: int = Field(gt=0)


class PipeChecks(Convention):
    """
    What is convention about the checks of pipes.

    Within `crossing_reach` times the distance required of two pipes from where they cross, along
    each of them, the crossing's own clearance holds; so it is of a pipe and the building that it
    serves. An end within `join_m` of a pipe of its kind, or of a building, meets it, and within
    `near_m` nearly does. A section reaches `section_m` to either side. Metres, and a number.
    """

    crossing_reach: float = Field(ge=1)
    section_m: float = Field(gt=0)
    join_m: float = Field(ge=0)
    near_m: float = Field(gt=0)


class LeastSize(Convention):
    """The size below which a place is none of its kind; one of unknown size is."""

    kinds: tuple[str, ...] = Field(min_length=1)
    column: Literal["floor_area_m2", "capacity"]
    least: float = Field(gt=0)


class Programme(Frozen):
    """Years of building that the renovation programme takes: the focus, and the latest allowed."""

    focus_until: int
    allowed_until: int
    source: str
    clause: str
    verified: Verified


class Circle(Frozen):
    """A life circle 生活圈: a walking distance and how many live in it."""

    distance_m: float | None = None
    distance_low_m: float | None = None
    population: tuple[int, int] | None = None
    area_ha: tuple[float, float] | None = None
    speed_m_per_min: dict[str, float] = Field(default_factory=dict)
    clause: str = ""
    verified: Verified
    override: Override = "reason"
    note: str = ""


class Assumption(Frozen):
    """A statistic that stands in where a survey has no figure, and between what it may truly be."""

    value: float
    least: float | None = None
    most: float | None = None
    source: str
    verified: Verified
    override: Override = "reason"
    note: str = ""
