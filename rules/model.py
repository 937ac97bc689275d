"""
The rulebook's parts as frozen models: sources, departments, items, rules, changes, waivers.

pydantic stands here, at the edge where TOML comes in, and nowhere further inside.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from pydantic import Field, model_validator

from clearances.requirements import Requirements
from layers.findings import CLASSES, GAP_KINDS, STRENGTH_LABELS, UNIT_LABELS, VERIFIED_LABELS
from rules.grammar import Frozen, Measure
from wording import Text

Verified: TypeAlias = Literal[
    "plan_text", "quoted", "two_sources", "secondary", "measured", "recall", "none"
]
Override: TypeAlias = Literal["locked", "reason", "free", "required"]
ExpectedOutcome: TypeAlias = Literal["met", "short", "missing", "unknown", "not_applicable"]
Fact: TypeAlias = bool | float | str

THRESHOLD_MEASURES = ("walk", "ratio", "adequacy", "attribute", "clearance", "area", "count")
"""Ways of measuring that give a number to hold against `op` and `value`."""


class Source(Frozen):
    """A standard, a paper or a statistic, and how much of it was read."""

    title: str
    kind: Literal["plan", "policy", "law", "standard", "local", "statistics", "convention"]
    effective_from: date | None = None
    effective_to: date | None = None
    read: str = ""
    note: str = ""


class Planting(Frozen):
    """
    What is convention about plants themselves.

    Plantings nearer to each other than `duplicate_m` are one planting drawn twice; `spacing_m` is
    kept between plants whose species are not in the catalogue; a plant of unknown crown is near a
    path within `crown_look_m` of it. All in metres.
    """

    duplicate_m: float = Field(ge=0)
    spacing_m: float = Field(ge=0)
    crown_look_m: float = Field(ge=0)
    source: str
    clause: str
    verified: Verified
    override: Override


class Department(Frozen):
    """A body that answers for items or supplies data."""

    name: str
    name_en: str
    duty: str = ""
    clause: str = ""

    @property
    def label(self) -> Text:
        """What people call the body."""
        return Text(self.name, self.name_en)


class Item(Frozen):
    """One kind of works of a renovation."""

    id: str
    item_class: str = Field(alias="class")
    zh: str
    en: str
    metric: str
    tier: Literal["building", "estate", "network", "life5", "life10", "life15"]
    gap: str
    lead: tuple[str, ...] = Field(min_length=1)
    support: tuple[str, ...] = ()
    assigned: Literal["explicit", "general", "inferred"] = "inferred"
    clause: str = ""
    deadline: str = ""

    @property
    def label(self) -> Text:
        """What people call the works."""
        return Text(self.zh, self.en)

    @model_validator(mode="after")
    def _known_words(self) -> "Item":
        _require("class", self.item_class, CLASSES)
        _require("gap", self.gap, GAP_KINDS)
        return self

    @property
    def departments(self) -> tuple[str, ...]:
        """Department ids, lead before support."""
        return self.lead + self.support


class SelfTest(Frozen):
    """A measurement and what the rule must say of it."""

    m: float | dict[str, bool | float | str]
    expect: ExpectedOutcome


class Signed(Frozen):
    """Why, who and when: nothing of the rulebook is changed without them."""

    why: str = Field(min_length=1)
    who: str = Field(min_length=1)
    when: date


class Changed(Signed):
    """A change of a rule as it was made: which overlay, which field, from what to what."""

    overlay: str
    field: str
    before: str
    after: str


class Waiver(Signed):
    """A rule that is not asked of some estates (of none named: of any)."""

    rule: str
    estates: tuple[str, ...] = ()
    until: date | None = None


class Rule(Frozen):
    """
    One requirement: what is measured, against what, by which clause, and how sure that is.

    `value` and `missing_beyond` are in `unit`. `facts` are further figures of the clause by which
    nothing is judged.
    """

    id: str
    item: str
    metric_zh: str
    metric_en: str
    definition: str
    measure: Measure
    unit: str = ""
    op: Literal[">=", "<="] | None = None
    value: float | None = None
    missing_beyond: float | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    source: str
    clause: str
    strength: str
    bearing: Literal["binding_existing", "reference_only"]
    verified: Verified
    override: Override
    safety: bool = False
    supplier: str = ""
    note: str = ""
    facts: dict[str, Fact] = Field(default_factory=dict)
    tests: tuple[SelfTest, ...]
    changes: tuple[Changed, ...] = ()

    @property
    def metric(self) -> Text:
        """What is measured, in words."""
        return Text(self.metric_zh, self.metric_en)

    @model_validator(mode="after")
    def _whole(self) -> "Rule":
        _require("strength", self.strength, STRENGTH_LABELS)
        _require("verified", self.verified, VERIFIED_LABELS)
        _require("unit", self.unit, UNIT_LABELS)
        needs = self.measure.by in THRESHOLD_MEASURES
        if needs != (self.op is not None and self.value is not None):
            wants = "op and value" if needs else "no op and no value"
            raise ValueError(f"a rule measured by {self.measure.by} has {wants}")
        if not self.tests and self.measure.by != "reference":
            raise ValueError("a rule that judges has self-tests")
        return self

    @property
    def locked(self) -> bool:
        """Whether it may be tightened only."""
        return self.override == "locked"

    @property
    def is_placeholder(self) -> bool:
        """Whether its figure still waits to be set or confirmed by the office."""
        return self.override == "required" and not self.changes

    @property
    def comparison(self) -> Literal[">=", "<="]:
        """How value and threshold compare when the rule is met."""
        return self.op or (">=" if self.measure.by == "checklist" else "<=")

    @property
    def threshold(self) -> float:
        """What values are compared with: all checks of a checklist, no pipe that is due."""
        if self.value is not None:
            return self.value
        return 1.0 if self.measure.by == "checklist" else 0.0

    def in_force(self, as_of: date) -> bool:
        """Return whether the rule is in force on the day `as_of`."""
        begun = self.effective_from is None or self.effective_from <= as_of
        return begun and (self.effective_to is None or as_of <= self.effective_to)


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
    """A statistic that stands in where a survey has no figure."""

    value: float
    source: str
    verified: Verified
    override: Override = "reason"
    note: str = ""


@dataclass(frozen=True, eq=False)
class Book:
    """
    Everything a district is held against.

    Attributes
    ----------
    meta : mapping
        What the book is, and what it never says.
    overlays : tuple of str
        Layers applied, from the widest to the narrowest.
    sources, departments, items, circles : mapping by id
        What rules refer to.
    rules : tuple of Rule
        In the order of the items, whether in force or not.
    waivers : tuple of Waiver
        What is not asked of some estates.
    demography : mapping of str to Assumption
        Stands in where a survey has no figure.
    supply : mapping of str to str
        Department that supplies the data of a layer.
    clearances : Requirements
        What features must keep from one another.
    planting : Planting
        What is convention about plants.
    pipes, scoring, place : mapping
        Tables as parsed from TOML.
    version : str
        SHA-256 of all of it, in hexadecimal.
    """

    meta: Mapping[str, Any]
    overlays: tuple[str, ...]
    sources: Mapping[str, Source]
    departments: Mapping[str, Department]
    items: Mapping[str, Item]
    circles: Mapping[str, Circle]
    rules: tuple[Rule, ...]
    waivers: tuple[Waiver, ...]
    demography: Mapping[str, Assumption]
    supply: Mapping[str, str]
    clearances: Requirements
    pipes: Mapping[str, Any]
    planting: Planting
    scoring: Mapping[str, Any]
    place: Mapping[str, Any]
    version: str

    def in_force(self, as_of: date) -> tuple[Rule, ...]:
        """Return the rules in force on the day `as_of`."""
        return tuple(rule for rule in self.rules if rule.in_force(as_of))

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """Rules by their permanent ids."""
        return MappingProxyType({rule.id: rule for rule in self.rules})

    def reach_m(self, circle: str) -> float:
        """Return the walking distance of a life circle [m]."""
        distance = self.circles[circle].distance_m
        assert distance is not None  # noqa: S101 - checked when the book was loaded
        return distance


def _require(what: str, found: str, known: Iterable[str]) -> None:
    if found not in known:
        raise ValueError(f"{what} is {found!r}; expected one of {', '.join(map(repr, known))}")
