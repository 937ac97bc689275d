"""
Plan: what the renovation plan says, read from data/plans and checked.

The paper's annexed table is missing: nothing here speaks of a single estate but its name and order.
Departments are named by the rulebook's ids.
"""

import tomllib
from datetime import date

from pydantic import BaseModel, ConfigDict, ValidationError

import data
from geo.errors import StandardError


class _Fact(BaseModel):
    """A part of the paper: frozen, nothing unforeseen, and the clause it stands in."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    clause: str = ""
    note: str = ""


class Totals(_Fact):
    """What the plan adds up to."""

    estates: int
    buildings: int
    floor_area_m2: float
    households: int
    investment_yuan: int


class Town(_Fact):
    """A township by its statistical division code; `in_scope`: renovated this year."""

    code: str
    name: str
    in_scope: bool


class Estate(_Fact):
    """An estate of the list: its name is all that the paper says."""

    name: str


class Gate(_Fact):
    """A condition of eligibility; a hard one excludes."""

    id: str
    zh: str
    en: str
    field: str
    hard: bool


class Phase(_Fact):
    """A phase of the year with its limits, both inclusive, None where the paper sets none."""

    id: str
    zh: str
    en: str
    departments: tuple[str, ...]
    start: date | None = None
    end: date | None = None


class Fund(_Fact):
    """A source of money."""

    id: str
    zh: str
    en: str


class Duty(_Fact):
    """What a department has to do."""

    department: str
    zh: str


class Conflict(_Fact):
    """Where the paper contradicts itself or leaves a gap."""

    zh: str
    en: str


class Plan(BaseModel):
    """A renovation plan; lists are in the paper's order."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    name: str
    name_en: str
    year: int
    aim: str
    totals: Totals
    towns: tuple[Town, ...]
    estates: tuple[Estate, ...]
    gates: tuple[Gate, ...]
    phases: tuple[Phase, ...]
    funds: tuple[Fund, ...]
    duties: tuple[Duty, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def in_scope(self) -> tuple[Town, ...]:
        """The towns whose estates are renovated this year."""
        return tuple(town for town in self.towns if town.in_scope)

    @property
    def estate_names(self) -> tuple[str, ...]:
        """Names of the estates in the paper's order."""
        return tuple(estate.name for estate in self.estates)


def load_plan(name: str) -> Plan:
    """
    Read a plan of data/plans.

    Parameters
    ----------
    name : str
        File name without ``.toml``, as ``"litong-2023"``.

    Raises
    ------
    StandardError
        If there is no such plan, or it breaks its own structure or totals.
    """
    # a name is never a path: only letters, digits and hyphens
    known = name if name.replace("-", "").isalnum() else "-"
    try:
        plan = _with_tuples(tomllib.loads(data.read_text(f"plans/{known}.toml")))
    except FileNotFoundError as error:
        raise StandardError(f"no plan called {name!r}", f"没有名为 {name!r} 的实施方案") from error
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise StandardError(f"plan {name}: {error}", f"实施方案 {name}：{error}") from error
    if len(plan.estates) != plan.totals.estates:
        found, expected = len(plan.estates), plan.totals.estates
        raise StandardError(
            f"plan {name}: {found} estates are named, expected {expected}",
            f"实施方案 {name}：列出 {found} 个小区，应为 {expected} 个",
        )
    return plan


def _with_tuples(table: dict[str, object]) -> Plan:
    """Validate the table; strict models want tuples where TOML has arrays."""
    return Plan.model_validate(_frozen(table))


def _frozen(value: object) -> object:
    if isinstance(value, list):
        return tuple(_frozen(each) for each in value)
    if isinstance(value, dict):
        return {key: _frozen(each) for key, each in value.items()}
    return value
