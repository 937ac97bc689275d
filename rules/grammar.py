"""
The words in which a rule says what is measured: ``measure = { by = "walk", kinds = [...] }``.

One model a way of measuring; each belongs to the module of `rules.measures` with the same name.
Numbers of a standard stand here only as parsed from the rulebook.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, field_validator, model_validator

from rules.frozen import Frozen
from rules.selection import Clause, Quantity, Selection, Shared, columns_of
from wording import Text


def _several(given: object) -> object:
    """Return one table as a list of tables."""
    return [given] if isinstance(given, dict) else given


class OrWalk(Shared):
    """A walk that will do instead, to a place that serves everyone; `what` is what it is called."""

    within_m: float
    what_zh: str
    what_en: str

    @property
    def what(self) -> Text:
        """What people call the place."""
        return Text(self.what_zh, self.what_en)


class Walk(Shared):
    """
    The walk from the worst unit door to the nearest facility.

    Places that do not serve everyone are looked for within `look_m`; farther ones count as none.
    """

    by: Literal["walk"]
    look_m: float | None = None

    @model_validator(mode="after")
    def _looks_as_far_as_needed(self) -> "Walk":
        if bool(self.shared) != (self.look_m is not None):
            raise ValueError("give look_m with shared, and only then")
        return self


class Ratio(Frozen):
    """One amount of an estate over another; `min_of` is the least the numerator must be anyway."""

    by: Literal["ratio"]
    of: tuple[Quantity, ...]
    per: tuple[Quantity, ...]
    zero_per: Literal["not_applicable", "zero"] = "not_applicable"
    min_of: float | None = None
    or_walk: OrWalk | None = None

    @field_validator("of", "per", mode="before")
    @classmethod
    def _one_or_several(cls, given: object) -> object:
        return _several(given)


class Adequacy(Shared):
    """
    Supply shared among the demand in walking reach, two-step floating catchment area.

    `within` names a life circle, `within_m` gives metres; `own = "anywhere"` counts what stands in
    the estate at any walk. `most_without` is the greatest share of an estate's people that may have
    no place at all.
    """

    by: Literal["adequacy"]
    supply: str
    demand: Literal["households", "persons", "elders"]
    scale: float = 1.0
    within: str = ""
    within_m: float | None = None
    own: Literal["anywhere", "within"] = "within"
    most_without: float = Field(default=1.0, ge=0, le=1)

    @model_validator(mode="after")
    def _has_one_catchment(self) -> "Adequacy":
        self.require_columns(self.supply)
        if bool(self.within) == (self.within_m is not None):
            raise ValueError("give either within or within_m")
        return self


class Members(Selection):
    """Rows of the estate judged one by one: `when` says to which the rule applies."""

    when: tuple[Clause, ...] = ()
    among: str = ""
    none: Literal["unknown", "not_applicable"] = "unknown"

    @model_validator(mode="after")
    def _reads_known_columns(self) -> "Members":
        self.require_columns(*columns_of(self.when))
        return self


class Attribute(Members):
    """The worst of the members by the worst of some columns."""

    by: Literal["attribute", "clearance"]
    columns: tuple[str, ...] = ()
    also: tuple[Clause, ...] = ()
    spacing: bool = False

    @model_validator(mode="after")
    def _measures_columns(self) -> "Attribute":
        self.require_columns(*self.columns, *columns_of(self.also))
        if bool(self.columns) == self.spacing:
            raise ValueError("give either columns or spacing")
        return self


class Checklist(Members):
    """Conditions that every member must meet; with `within`, the best facility in that circle."""

    by: Literal["checklist"]
    all: tuple[Clause, ...]
    fails_as: Literal["short", "missing"] = "short"
    within: str = ""
    upper_floors_above: int | None = None

    @model_validator(mode="after")
    def _checks_columns(self) -> "Checklist":
        self.require_columns(*columns_of(self.all))
        return self


class Area(Selection):
    """The largest facility in a circle."""

    by: Literal["area"]
    column: str
    within: str

    @model_validator(mode="after")
    def _measures_a_column(self) -> "Area":
        self.require_columns(self.column)
        return self


class Counted(Frozen):
    """What makes a place count, and as how many."""

    where: tuple[Clause, ...] = ()
    as_many: float = Field(default=1.0, gt=0)


class Places(Selection):
    """How many places in a circle, each counted as the most that it is."""

    by: Literal["places"]
    within: str
    counts: tuple[Counted, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _counts_by_columns(self) -> "Places":
        self.require_columns(*columns_of(*(part.where for part in self.counts)))
        return self


class Coverage(Selection):
    """The share of the estate's paths within some metres of points of another layer."""

    layer: str = "walkways"
    by: Literal["coverage"]
    by_what: Selection
    within_m: float = Field(gt=0)


class StepFree(Frozen):
    """Whether a way without steps leads from a gate of the estate to each unit's door."""

    by: Literal["step_free"]


class Obstruction(Members):
    """
    How many things stand on ground that has to stay free, or whether the survey says so.

    `column` says how much of the ground is taken, 0 for none; things count that reach further in
    than `slack_m`.
    """

    by: Literal["obstruction"]
    column: str
    things: tuple[Selection, ...] = Field(min_length=1)
    slack_m: float = Field(ge=0)

    @model_validator(mode="after")
    def _asks_a_column(self) -> "Obstruction":
        self.require_columns(self.column)
        return self


class ClearWidth(Members):
    """
    How wide something can pass along drawn ground, beside the things drawn on it.

    `ends_m` at either end of the ground is not looked at, as it may be rounded off.
    """

    by: Literal["clear_width"]
    things: tuple[Selection, ...] = Field(min_length=1)
    ends_m: float = Field(ge=0)


class Age(Members):
    """Pipes due for renewal: by material at once, by age, by cross connection."""

    layer: str = "pipelines"
    by: Literal["age"]
    materials_always: tuple[str, ...] = ()
    age_years: int
    age_needs_hazard: bool = False
    cross_connected: bool = False


class Count(Frozen):
    """How many there are."""

    by: Literal["count"]
    of: tuple[Quantity, ...] = Field(min_length=1)

    @field_validator("of", mode="before")
    @classmethod
    def _one_or_several(cls, given: object) -> object:
        return _several(given)


class Agreement(Frozen):
    """Totals of one thing that several layers state: how far the farthest two are apart."""

    by: Literal["agreement"]
    of: tuple[Quantity, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _adds_up_columns(self) -> "Agreement":
        if not all(part.sum for part in self.of):
            raise ValueError("every total sums a column")
        return self


class Reference(Frozen):
    """A figure or a sentence other work looks up; nothing is judged by it."""

    by: Literal["reference"]


Measure: TypeAlias = Annotated[
    Walk
    | Ratio
    | Adequacy
    | Attribute
    | Checklist
    | Area
    | Places
    | Coverage
    | StepFree
    | Obstruction
    | ClearWidth
    | Age
    | Count
    | Agreement
    | Reference,
    Field(discriminator="by"),
]
