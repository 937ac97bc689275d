"""
Scenario: a named list of edits on a version of a district, tried together or one by one.

The steps follow each other: each is applied to the district as those before it left it. A step that
is switched off, or that no longer fits the district, is left out, and what depends on it is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from edits.applying import apply
from edits.edit import Edit, require_crs
from geo.errors import DataError
from layers.district import District
from wording import Language


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """
    One edit of a scenario.

    Attributes
    ----------
    edit : Edit
        What it changes, from the district as the steps before it leave it.
    title : str
        In the planner's words, "" to have it said by its rows.
    is_on : bool
        Whether it is tried.
    """

    edit: Edit
    title: str = ""
    is_on: bool = True

    def sentence(self, language: Language) -> str:
        """Return what it does, in ``"zh"`` or ``"en"``: its title, or row by row."""
        rows = list(self.edit)
        if self.title or len(rows) != 1:
            return self.title or self.edit.sentence(language)
        return rows[0].sentence(language)


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """
    What a planner would like to try.

    Attributes
    ----------
    name : str
        As she calls it.
    version : str
        `District.version` that it was made on.
    steps : tuple of Step
        In order.
    note : str
        What it is for, "" if nothing was said.
    """

    name: str
    version: str
    steps: tuple[Step, ...] = ()
    note: str = ""

    def with_step(self, step: Step) -> "Scenario":
        """Return the scenario with one more step."""
        return replace(self, steps=(*self.steps, step))

    def switched(self, place: int, *, is_on: bool) -> "Scenario":
        """Return the scenario with the step at `place`, from 0, on or off."""
        steps = list(self.steps)
        steps[place] = replace(steps[place], is_on=is_on)
        return replace(self, steps=tuple(steps))

    def without_step(self, place: int) -> "Scenario":
        """Return the scenario without the step at `place`, from 0."""
        return replace(self, steps=self.steps[:place] + self.steps[place + 1 :])


@dataclass(frozen=True, slots=True, eq=False)
class Conflict:
    """
    A step that does not fit the district it is tried on.

    Attributes
    ----------
    place : int
        Of the step, from 0.
    error : DataError
        Why not: a row that others changed, or that a step switched off would have brought.
    """

    place: int
    error: DataError


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """
    The steps of a scenario that are on and fit, as one edit.

    Attributes
    ----------
    edit : Edit
        All of them together; those that undo each other are gone.
    conflicts : tuple of Conflict
        Steps left out because they do not fit.
    """

    edit: Edit
    conflicts: tuple[Conflict, ...] = ()


def combined(scenario: Scenario, district: District) -> Combined:
    """
    Return the steps of a scenario that are on as one edit of a district.

    Parameters
    ----------
    scenario : Scenario
        Made on `district` or on a former version of it.
    district : District
        What it is tried on now.

    Raises
    ------
    CrsError
        If the scenario is in another working CRS.
    """
    together, after, conflicts = Edit(district.crs), district, []
    for place, step in enumerate(scenario.steps):
        if not step.is_on:
            continue
        require_crs(step.edit.crs, district.crs)
        try:
            after = apply(after, step.edit, assumed=True)
        except DataError as error:
            conflicts.append(Conflict(place, error))
            continue
        together = together.then(step.edit)
    return Combined(together, tuple(conflicts))


def rebased(scenario: Scenario, district: District) -> tuple[Scenario, Sequence[Conflict]]:
    """
    Return a scenario as one on a newer version of its district, and the steps that do not fit it.

    Steps that do not fit are switched off, never dropped: the planner decides what becomes of them.
    """
    conflicts = combined(scenario, district).conflicts
    moved = replace(scenario, version=district.version)
    for conflict in conflicts:
        moved = moved.switched(conflict.place, is_on=False)
    return moved, conflicts
