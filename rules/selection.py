"""
Selection: which rows of a layer a rule means: ``{ layer = "paving", kinds = ["parking"] }``.

Of some kinds, and such that conditions hold; as an amount, or as places that may serve others.
"""

from typing import Literal, TypeAlias

from pydantic import Field, model_validator

import layers
from rules.frozen import Frozen

VIRTUAL = {
    "estates": ("area_m2", "perimeter_m"),
    "green_space": ("area_m2", "width_m"),
    "pipelines": ("length_m",),
}
"""Columns measured on the geometry: area on the estate's ground, perimeter, clear width, length."""


class Condition(Frozen):
    """
    ``["storeys", ">=", 4]``: what a row must be.

    ``"a|b"`` names the first of two columns that is known. An unknown value makes the answer
    unknown, never false.
    """

    column: str
    op: Literal[">=", ">", "<=", "<", "=="]
    value: bool | int | float | str

    @model_validator(mode="before")
    @classmethod
    def _from_triple(cls, given: object) -> object:
        if isinstance(given, list) and len(given) == 3:  # noqa: PLR2004 - a triple
            return dict(zip(("column", "op", "value"), given, strict=True))
        return given

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column it reads."""
        return tuple(self.column.split("|"))


class AnyOf(Frozen):
    """``{ any = [...] }``: one of several conditions is enough."""

    any: tuple[Condition, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column it reads."""
        return tuple(name for condition in self.any for name in condition.columns)


Clause: TypeAlias = Condition | AnyOf


def columns_of(*groups: tuple[Clause, ...]) -> tuple[str, ...]:
    """Return every column that groups of conditions read, each once."""
    return tuple(dict.fromkeys(name for group in groups for c in group for name in c.columns))


class Selection(Frozen):
    """Rows of one layer: of some kinds, and such that `where` holds."""

    layer: str = "facilities"
    kinds: tuple[str, ...] = ()
    where: tuple[Clause, ...] = ()

    @model_validator(mode="after")
    def _in_the_layers(self) -> "Selection":
        if self.layer not in layers.SURVEYED:
            raise ValueError(f"no layer {self.layer}")
        self.require_columns(*columns_of(self.where))
        if self.kinds:
            codes = layers.ALL[self.layer].column("kind").codes or {}
            strangers = sorted(set(self.kinds) - set(codes))
            if strangers:
                raise ValueError(f"{self.layer} has no kind {strangers[0]}")
        return self

    def require_columns(self, *names: str) -> None:
        """Refuse a column that the layer does not have."""
        known = {column.name for column in layers.ALL[self.layer].columns}
        for name in names:
            if name not in known and name not in VIRTUAL.get(self.layer, ()):
                raise ValueError(f"{self.layer} has no column {name}")


class Quantity(Selection):
    """
    An amount for every estate: rows counted, or a column of its rows added up.

    Of areas only the ground counts that is so far off the walls of buildings and off roads.
    """

    sum: str = ""
    off_walls_m: float = Field(default=0.0, ge=0)
    off_roads_m: float = Field(default=0.0, ge=0)

    @model_validator(mode="after")
    def _sums_a_column(self) -> "Quantity":
        if self.sum:
            self.require_columns(self.sum)
        if (self.off_walls_m or self.off_roads_m) and self.sum != "area_m2":
            raise ValueError("only areas are measured off walls and roads")
        return self


class Shared(Selection):
    """
    Places that may or may not serve other estates than their own.

    `shared` names the column that says so, "" if all serve everyone; `public_kinds` are open to
    everyone by what they are, unless that column says no.
    """

    shared: str = ""
    public_kinds: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _shares_by_a_column(self) -> "Shared":
        if self.shared:
            self.require_columns(self.shared)
        return self
