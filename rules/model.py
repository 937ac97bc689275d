"""
The rulebook's parts as frozen models: sources, departments, items, rules, changes, waivers.

pydantic stands here, at the edge where TOML comes in, and nowhere further inside.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from pydantic import Field, model_validator

import layers
from clearances.requirements import Requirements
from layers.findings import (
    BEARING_LABELS,
    STRENGTH_LABELS,
    UNIT_LABELS,
    VERIFIED_LABELS,
)
from rules.bodies import Department, Item, Supply, named, responsible
from rules.conventions import (
    Accuracy,
    Assumption,
    Circle,
    LeastSize,
    Lifts,
    MaxAge,
    Override,
    PipeChecks,
    Planting,
    Programme,
    Verified,
    Walking,
)
from rules.frozen import Frozen, require_known
from rules.grammar import Measure
from wording import Language, Text, numbered

ExpectedOutcome: TypeAlias = Literal["met", "short", "missing", "unknown", "not_applicable"]
Fact: TypeAlias = bool | float | str

_CONFIRMING = ("value", "verified")  # a change of a note does not confirm a placeholder

SHARE_OF_CHECKS = ("checklist", "step_free")
"""Ways of measuring whose value is the share of checks that hold, which must be all."""

THRESHOLD_MEASURES = (
    "walk",
    "ratio",
    "adequacy",
    "attribute",
    "clearance",
    "area",
    "places",
    "coverage",
    "obstruction",
    "clear_width",
    "count",
    "agreement",
)
"""Ways of measuring that give a number to hold against `op` and `value`."""


class Source(Frozen):
    """A standard, a paper or a statistic, and how much of it was read."""

    title: str
    kind: Literal["plan", "policy", "law", "standard", "local", "statistics", "convention"]
    effective_from: date | None = None
    effective_to: date | None = None
    read: str = ""
    note: str = ""

    def in_force(self, as_of: date) -> bool:
        """Return whether the source is in force on the day `as_of`."""
        return _within(as_of, self.effective_from, self.effective_to)


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

    Attributes
    ----------
    value, missing_beyond : float or None
        In `unit`.
    effective_from, effective_to : date or None
        First and last day on which the rule is asked; from the first day of its source if left out.
    kept_after : str
        Why the rule is still shown, as a yardstick, after its source ceased to be in force.
    strength : str
        Of the clause; a mandatory one is recommended after `mandatory_until`.
    bearing : str
        Whom the clause binds: ``binding_existing`` every estate, ``binding_programme`` those old
        enough for the renovation programme, ``binding_new`` those built under it, and
        ``reference_only`` nobody.
    new_estates_only : bool
        Whether older estates are not asked at all, instead of compared with it.
    condition_of : tuple of str
        Items of which this is a condition, not a requirement by itself.
    facts : mapping
        Further figures of the clause by which nothing is judged.
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
    kept_after: str = ""
    strength: str
    mandatory_until: date | None = None
    bearing: str
    new_estates_only: bool = False
    condition_of: tuple[str, ...] = ()
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
        require_known("strength", self.strength, STRENGTH_LABELS)
        require_known("bearing", self.bearing, BEARING_LABELS)
        require_known("verified", self.verified, VERIFIED_LABELS)
        require_known("unit", self.unit, UNIT_LABELS)
        needs = self.measure.by in THRESHOLD_MEASURES
        if needs != (self.op is not None and self.value is not None):
            wants = "op and value" if needs else "no op and no value"
            raise ValueError(f"a rule measured by {self.measure.by} has {wants}")
        if not self.tests and self.judges:
            raise ValueError("a rule that judges has self-tests")
        if self.mandatory_until is not None and self.strength != "mandatory":
            raise ValueError("only a mandatory rule has mandatory_until")
        if self.new_estates_only and self.bearing != "binding_new":
            raise ValueError("only a rule that is binding_new has new_estates_only")
        return self

    @property
    def judges(self) -> bool:
        """Whether estates are judged by it; the others are for looking up."""
        return self.measure.by != "reference"

    @property
    def locked(self) -> bool:
        """Whether it may be tightened only."""
        return self.override == "locked"

    @property
    def is_placeholder(self) -> bool:
        """Whether its figure still waits to be set or confirmed by the office."""
        confirmed = any(change.field in _CONFIRMING for change in self.changes)
        return self.override == "required" and not confirmed

    @property
    def comparison(self) -> Literal[">=", "<="]:
        """How value and threshold compare when the rule is met."""
        return self.op or (">=" if self.measure.by in SHARE_OF_CHECKS else "<=")

    @property
    def threshold(self) -> float:
        """What values are compared with: all checks of a checklist, no pipe that is due."""
        if self.value is not None:
            return self.value
        return 1.0 if self.measure.by in SHARE_OF_CHECKS else 0.0

    def in_force(self, as_of: date) -> bool:
        """Return whether the rule is asked on the day `as_of`."""
        return _within(as_of, self.effective_from, self.effective_to)

    def strength_on(self, as_of: date) -> str:
        """Return the strength of the clause on the day `as_of`."""
        ended = self.mandatory_until is not None and as_of > self.mandatory_until
        return "recommended" if ended else self.strength


class Family(Frozen):
    """
    Rules that judge the same thing, the one that decides named first.

    What fails decides before what is met. With `known_first` so does what is met before what is
    unknown: the rules take the same thing from other data (drawn, or written down by the survey).
    """

    zh: str
    en: str
    rules: tuple[str, ...] = Field(min_length=2)
    known_first: bool = False


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
    families : mapping of str to Family
        Rules that judge the same thing.
    programme : Programme
        Which estates the renovation programme takes.
    waivers : tuple of Waiver
        What is not asked of some estates.
    demography : mapping of str to Assumption
        Stands in where a survey has no figure.
    supply : mapping of str to Supply
        Who holds the data of a layer; of facilities, the lead of the rule's item.
    clearances : Requirements
        What features must keep from one another.
    planting : Planting
        What is convention about plants.
    walking : Walking
        What is convention about walks and places.
    lifts : Lifts
        What is convention about lifts fitted to stair units.
    pipe_checks : PipeChecks
        What is convention about the checks of pipes.
    least_size : mapping of str to LeastSize
        What is too small to count as a place of its kind.
    accuracy : mapping of str to Accuracy
        How exactly each of `rules.margin.QUANTITIES` is surveyed.
    max_age : mapping of str to MaxAge
        How old data may be; the one without layers is for all that no other names.
    towns : mapping of str to str
        English names of towns by their Chinese ones, as far as there are any.
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
    families: Mapping[str, Family]
    programme: Programme
    waivers: tuple[Waiver, ...]
    demography: Mapping[str, Assumption]
    supply: Mapping[str, Supply]
    clearances: Requirements
    pipes: Mapping[str, Any]
    planting: Planting
    walking: Walking
    lifts: Lifts
    pipe_checks: PipeChecks
    least_size: Mapping[str, LeastSize]
    towns: Mapping[str, str]
    accuracy: Mapping[str, Accuracy]
    max_age: Mapping[str, MaxAge]
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

    @cached_property
    def family_of(self) -> Mapping[str, str]:
        """Family ids by the ids of their rules; a rule without family is left out."""
        return MappingProxyType(
            {rule: name for name, family in self.families.items() for rule in family.rules}
        )

    @cached_property
    def max_years(self) -> Mapping[str, int]:
        """How many years old rows may be, by surveyed layer."""
        others = next(age.years for age in self.max_age.values() if not age.layers)
        named = {layer: age.years for age in self.max_age.values() for layer in age.layers}
        return MappingProxyType(dict.fromkeys(layers.SURVEYED, others) | named)

    def town(self, name: str | None) -> Text | None:
        """Return a town's name in both languages, the Chinese where it has no English."""
        return None if name is None else Text(name, self.towns.get(name, name))

    @cached_property
    def _english(self) -> Mapping[str, str]:
        bodies = {one.label.zh: one.label.en for one in self.departments.values()}
        return MappingProxyType({**bodies, **self.towns})

    def called(self, name: str, language: Language) -> str:
        """Return in a language what a body, town or numbered thing is called in Chinese `name`."""
        return name if language == "zh" else self._english.get(name) or numbered(name, language)

    def answering(self, rule_id: str, town: str | None) -> frozenset[str]:
        """
        Return the Chinese names of all bodies that lead or assist where a rule is not met.

        Parameters
        ----------
        rule_id : str
            One of the rules.
        town : str or None
            Chinese name of the estate's town, None where unknown.
        """
        item = self.items[self.by_id[rule_id].item]
        found = responsible(item, self.departments, self.town(town))
        return frozenset({found.lead.zh, *(one.zh for one in found.assisting)})

    def body(self, key: str, town: str | None = None) -> Text:
        """
        Return the name of a body.

        Parameters
        ----------
        key : str
            Id of a department.
        town : str or None
            Chinese name of the estate's town: of a body that every town has, its own is meant.
        """
        return named(self.departments[key], self.town(town))

    def reach_m(self, circle: str) -> float:
        """Return the walking distance of a life circle [m]."""
        distance = self.circles[circle].distance_m
        assert distance is not None  # noqa: S101 - checked when the book was loaded
        return distance


def _within(day: date, first: date | None, last: date | None) -> bool:
    """Return whether a day lies in a period open where an end is None."""
    return (first is None or first <= day) and (last is None or day <= last)
