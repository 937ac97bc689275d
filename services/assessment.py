"""
Assessment: a district, its rulebook and its plan, and the findings of a day; written once.

Nothing is cached across districts here: callers keep an assessment under its `key`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import geopandas as gpd

from edits import Edit
from layers.district import District
from plan import Plan, load_plan
from rules.book import Book, load_book
from rules.context import EvaluationContext
from rules.evaluate import Evaluation, evaluation
from rules.full_table import full_table, joined
from rules.reevaluate import reevaluate
from rules.walkway_report import WalkwayReport, walkway_report
from store import Store


@dataclass(frozen=True, eq=False)
class Workspace:
    """
    A district and what it is held against.

    Attributes
    ----------
    district : District
        One state of all layers.
    book : Book
        The rulebook with the district's overlays.
    """

    district: District
    book: Book

    @classmethod
    def of(cls, district: District) -> "Workspace":
        """
        Return a district with the rulebook of its overlays.

        Raises
        ------
        StandardError
            If the rulebook contradicts itself.
        """
        return cls(district, load_book(overlays=district.overlays))

    @classmethod
    def opened(cls, store: Store, version: str = "") -> "Workspace":
        """
        Return the newest district of a store, or a former version by its digest.

        Raises
        ------
        StoreError
            If the store cannot be read or never held that version.
        """
        return cls.of(store.read(version))

    @cached_property
    def plan(self) -> Plan | None:
        """The year's renovation plan that the district names, None for none."""
        return load_plan(self.district.plan) if self.district.plan else None

    @cached_property
    def context(self) -> EvaluationContext:
        """Doors, walks and rows of the district, found once for every day."""
        return EvaluationContext(self.district, self.book, date.max)

    @cached_property
    def walkways(self) -> WalkwayReport | None:
        """What the walkways fail to join, None where there are none."""
        return walkway_report(self.context)


@dataclass(frozen=True, eq=False)
class Assessment:
    """
    The findings of a district on one day.

    Attributes
    ----------
    workspace : Workspace
        District, rulebook and plan.
    evaluation : Evaluation
        The findings, and the context that they were found in.
    """

    workspace: Workspace
    evaluation: Evaluation

    @property
    def findings(self) -> gpd.GeoDataFrame:
        """The findings as `rules.evaluate.evaluate` returns them."""
        return self.evaluation.findings

    @property
    def as_of(self) -> date:
        """The day of assessment."""
        return self.evaluation.context.as_of

    @property
    def key(self) -> tuple[str, str, str]:
        """District version, rulebook version and date: what caches go by."""
        return (
            self.workspace.district.version,
            self.workspace.book.version,
            self.as_of.isoformat(),
        )

    @cached_property
    def full(self) -> gpd.GeoDataFrame:
        """The full table of the findings."""
        return full_table(self.findings, self.workspace.district, self.workspace.book)

    def joined(self, *names: str) -> gpd.GeoDataFrame:
        """Return the findings with some columns of the full table."""
        return joined(self.findings, self.workspace.district, self.workspace.book, names)

    @cached_property
    def departments(self) -> list[str]:
        """Every body that leads or assists, as the full table names it."""
        book, placed = self.workspace.book, self.joined("town")
        towns = placed["town"].astype(object).where(placed["town"].notna(), None)
        pairs = set(zip(placed["rule_id"], towns, strict=True))
        return sorted(set().union(*(book.answering(*pair) for pair in pairs)))

    def after(self, edit: Edit, *, assumed: bool = True) -> "Assessment":
        """
        Return the assessment of the district after an edit, of which nothing is stored.

        Parameters
        ----------
        edit : Edit
            Changes of rows, in the district's working CRS.
        assumed : bool, default True
            Whether the edit is tried, not recorded: nothing counts as surveyed that did not before.

        Raises
        ------
        EditConflictError
            If a row is not as the edit expects it.
        DataError
            If a value breaks its layer's spec, or a foreign key is unresolved afterwards.
        """
        found = reevaluate(self.evaluation, edit, assumed=assumed)
        workspace = replace(self.workspace, district=found.context.district)
        return Assessment(workspace, found)


def assess(
    workspace: Workspace, as_of: date, progress: Callable[[float, str], None] | None = None
) -> Assessment:
    """
    Hold every estate of a workspace against every rule in force.

    Parameters
    ----------
    workspace : Workspace
        District, rulebook and plan.
    as_of : datetime.date
        The day of assessment.
    progress : callable, optional
        Told the share done (0 to 1) and the id of the rule just judged.
    """
    return Assessment(workspace, evaluation(workspace.context.on(as_of), progress))
