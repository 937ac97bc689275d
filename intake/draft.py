"""
Draft: an import in the making: a table, the layer it is for, and every choice made so far.

Nothing is changed in place and nothing is discarded: each step is computed anew from the reading
and the choices, so any step can be chosen otherwise, or undone, at any time before `accept`.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from operator import attrgetter
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from geo.errors import DataError
from intake import (
    corrections,
    keys,
    magnitude,
    pairs,
    placing,
    plausibility,
    positions,
    repairs,
    sheets,
)
from intake.corrections import Corrections
from intake.datum import SevenParameters
from intake.encoding import Decoded
from intake.features import identifying_columns, parent_columns, parents_of
from intake.file_columns import ColumnMapping, FileText
from intake.origin import TableOrigin
from intake.pairs import Pairs
from intake.place import PlacePrior
from intake.placement import FilePositions, Placement
from intake.plausibility import ValueCheck
from intake.proposal import Proposal, called
from intake.reading import Cell, DeliveredTable
from intake.relations import cells_of
from intake.resolution import Resolution
from intake.rows import RowIdentity
from intake.rows_in_question import STEPS as IN_QUESTION
from intake.rows_in_question import RowsInQuestion
from intake.values import DAY_ZERO
from layers.spec import LayerSpec
from wording import Text

_STAGES: Mapping[str, frozenset[str]] = {
    "_text": frozenset({"encoding"}),
    "fields": frozenset({"encoding", "column"}),
    "_texts": frozenset({"encoding", "column", "position"}),
    "_found": frozenset({"encoding", "column", "position"}),
    "placement": frozenset({"encoding", "column", "position", "crs"}),
    "rows": frozenset({"encoding", "column", "position", "crs"}),
}
"""What is worked out once, and the kinds of steps that go into it."""

_STEPS: Mapping[str, str] = {
    "encoding": "_text.step",
    "position": "_found.step",
    "crs": "placement.step",
    "column": "fields.steps",
    "unit": "_units",
    "value": "value_check.steps",
    **dict.fromkeys(IN_QUESTION, "rows_in_question.steps"),
    "key": "_key",
    pairs.STEP: "pairs.steps",
    "repair": "_repair",
    "outside": "_outside",
}
"""Where the steps of each kind are worked out, in the order they are shown."""


@dataclass(frozen=True)
class ImportDraft:
    """
    An import in the making.

    Attributes
    ----------
    table : DeliveredTable
        What the file says.
    spec : LayerSpec
        The layer it is for.
    place : PlacePrior
        The district's bounds, CRS and known layers.
    origin : TableOrigin
        Source, digest and date.
    choices : mapping of str to str
        What a person chose, by step.
    corrections : mapping of int to mapping of str to str
        Cells corrected by a person: row number, heading, new text.
    remembered : mapping of str to str
        Column to heading as accepted last time for this source.
    crs_of_file : Proposal or None
        The step ``crs`` of another table of the same drawing, which answers for all of it.
    parameters : SevenParameters or None
        For a file on an old datum; used, and never part of a choice or a receipt.
    """

    table: DeliveredTable
    spec: LayerSpec
    place: PlacePrior
    origin: TableOrigin
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    corrections: Corrections = field(default_factory=lambda: MappingProxyType({}))
    remembered: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    crs_of_file: Proposal | None = None
    parameters: SevenParameters | None = field(default=None, repr=False)

    def choose(self, step: str, value: str) -> "ImportDraft":
        """
        Return the draft with one choice more.

        Raises
        ------
        DataError
            If there is no such step, or `value` is not on offer there.
        """
        self.proposal(step).choose(value)
        if step.startswith(pairs.STEP):
            self.pairs.require_usable(value)
        kept = plausibility.still_answered(self.choices, step)
        return self._replaced({step}, choices=MappingProxyType({**kept, step: value}))

    def undo(self, step: str) -> "ImportDraft":
        """Return the draft as it was before `step` was chosen."""
        kept = plausibility.still_answered(self.choices, step)
        kept.pop(step, None)
        return self._replaced({step}, choices=MappingProxyType(kept))

    def recalling(self, remembered: Mapping[str, str]) -> "ImportDraft":
        """Return the draft with what was answered for this source last time."""
        return self._replaced({"column", "position"}, remembered=remembered)

    def sharing_crs(self, asked: "ImportDraft | None") -> "ImportDraft":
        """Return the draft with the reference of a drawing as `asked` has it, None for its own."""
        if asked is None:
            return self if self.crs_of_file is None else self._replaced({"crs"}, crs_of_file=None)
        step = asked.proposal("crs")
        choices = {name: value for name, value in self.choices.items() if name != "crs"}
        choices |= {name: value for name, value in asked.choices.items() if name == "crs"}
        if step == self.crs_of_file and choices == self.choices:
            return self
        return self._replaced({"crs"}, crs_of_file=step, choices=MappingProxyType(choices))

    def _replaced(self, steps: Collection[str], **changes: Any) -> "ImportDraft":  # noqa: ANN401
        """Return the draft with other fields, and with what none of the steps goes into."""
        draft = replace(self, **changes)
        changed = {step.partition(":")[0] for step in steps}
        for name, sources in _STAGES.items():
            if name in vars(self) and not changed & sources:
                vars(draft)[name] = vars(self)[name]
        return draft

    def at(self, place: PlacePrior, origin: TableOrigin) -> "ImportDraft":
        """Return the draft for a district that has changed, with the choices still on offer."""
        blank = MappingProxyType[str, str]({})
        steps = {*self.choices, "position"}
        draft = self._replaced(steps, place=place, origin=origin, choices=blank)
        for step, value in self.choices.items():
            with suppress(DataError):
                draft = draft.choose(step, value)
        return draft

    def correct(self, row: int, heading: str, text: str) -> "ImportDraft":
        """
        Return the draft with one cell corrected; the file stays as it is.

        Raises
        ------
        DataError
            If the file has no such row or heading.
        """
        corrections.require_cell(self.table, self.decoded.headings, row, heading)
        return self._corrected(corrections.added(self.corrections, row, heading, text))

    def as_delivered(self, row: int, heading: str) -> "ImportDraft":
        """Return the draft with one cell as the file has it."""
        return self._corrected(corrections.removed(self.corrections, row, heading))

    def _corrected(self, cells: Corrections) -> "ImportDraft":
        kept = plausibility.still_confirmed(self.choices)
        return replace(self, corrections=cells, choices=MappingProxyType(kept))

    def proposal(self, step: str) -> Proposal:
        """
        Return the proposal of one step.

        Raises
        ------
        DataError
            If there is no such step.
        """
        kind = step.partition(":")[0]
        if kind == pairs.STEP:
            return self.pairs.step(step)
        return called(step, self._group(kind), self.proposals)

    def _group(self, kind: str) -> tuple[Proposal, ...]:
        """Return the proposals of one kind of step; no later step is worked out for it."""
        found = attrgetter(_STEPS[kind])(self) if kind in _STEPS else ()
        return (found,) if isinstance(found, Proposal) else tuple(found)

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        """Every step with its candidates and what is chosen, in the order they are shown."""
        groups = {where: kind for kind, where in _STEPS.items()}
        return tuple(step for kind in groups.values() for step in self._group(kind))

    @property
    def questions(self) -> tuple[Proposal, ...]:
        """The steps that only a person can settle."""
        return tuple(proposal for proposal in self.proposals if not proposal.is_settled)

    @cached_property
    def _text(self) -> FileText:
        """The text of the table."""
        return FileText(self.table, self.choices.get("encoding"), self.corrections)

    @property
    def decoded(self) -> Decoded:
        """The table as text, in the encoding chosen."""
        return self._text.decoded

    @property
    def columns(self) -> dict[str, tuple[Cell, ...]]:
        """The decoded columns by heading, corrections applied."""
        return self._text.columns

    @cached_property
    def fields(self) -> ColumnMapping:
        """Which heading fills which column."""
        return ColumnMapping(
            self.spec, self.columns, self.table.format, self.remembered, self.choices
        )

    @property
    def mapping(self) -> dict[str, str]:
        """Column to heading as now chosen, for the columns that the file has."""
        return self.fields.chosen

    @cached_property
    def _units(self) -> tuple[Proposal, ...]:
        """The steps that determine the unit of each mapped column of numbers."""
        found = [
            magnitude.propose(
                self.spec.column(name),
                self.mapping[name],
                numbers,
                self.table.remarks,
                magnitude.known_values(self._known, self.resolution.known_rows, name),
            )
            for name, numbers in self.fields.numbers.items()
        ]
        return tuple(proposal.answered(self.choices) for proposal in found if proposal is not None)

    @cached_property
    def value_check(self) -> ValueCheck:
        """The values that a person must confirm, and what becomes of them."""
        unsettled = {one.step.removeprefix("unit:") for one in self._units if not one.is_settled}
        return ValueCheck(
            self.spec,
            self.cells,
            self.place.known,
            self.resolution.known_rows,
            self.table.rows,
            self.working_shapes,
            self.origin.date,
            frozenset(unsettled),
            self.choices,
            self._years_in_days,
        )

    @cached_property
    def _years_in_days(self) -> dict[str, dict[int, Text]]:
        """Days whose numbers are years, by column and position of the row."""
        found = {
            name: plausibility.years_in_days(
                self.spec.column(name), self.columns[heading], self._day_zero
            )
            for name, heading in self.mapping.items()
        }
        return {name: days for name, days in found.items() if days}

    @property
    def _day_zero(self) -> str:
        """Day 0 of serial dates, ISO 8601."""
        return self.table.day_zero or DAY_ZERO

    @cached_property
    def rows_in_question(self) -> RowsInQuestion:
        """Merged numbers, hidden rows, places named twice or in conflict; what becomes of them."""
        return RowsInQuestion(self.spec, self.table, self.mapping, self.pairs, self.choices)

    @cached_property
    def resolution(self) -> Resolution:
        """The feature that each row becomes."""
        answer = self.rows_in_question.conflict
        return Resolution(self.pairs, self._key, answer, self._found.match)

    @property
    def row_keys(self) -> list[Cell]:
        """The key of each row: of the file or made up, or of the known feature that it is."""
        return self.resolution.row_keys

    @property
    def _known(self) -> gpd.GeoDataFrame | None:
        """The layer as the district has it, None if it has nothing of it."""
        return self.place.known.get(self.spec.name)

    @property
    def headings_left_out(self) -> tuple[str, ...]:
        """Headings that no column takes: shown, so that nothing is dropped silently."""
        used = {proposal.chosen for proposal in self.fields.steps}
        used |= set((self._found.step.chosen or "").split("\t"))
        return tuple(heading for heading in self.columns if heading not in used)

    @cached_property
    def _found(self) -> FilePositions:
        """Where the rows are, in the file's own numbers."""
        named = parent_columns(self.spec)
        return FilePositions(
            self.table,
            self.spec,
            self.columns,
            self.place,
            self.choices.get("position"),
            {name: self._texts[name] for name in named if name in self._texts},
        )

    @cached_property
    def placement(self) -> Placement:
        """Where the rows are in the district."""
        choice = self.choices.get("crs")
        return Placement(self._found, choice, self.crs_of_file, self.parameters)

    @property
    def has_heights(self) -> bool:
        """Whether a position of the file has a height, which is not taken."""
        return self._found.has_heights

    @property
    def working_shapes(self) -> NDArray[np.object_]:
        """Geometries in the working CRS, unrepaired; None where the reference is not settled."""
        return self.placement.shapes

    @cached_property
    def _key(self) -> Proposal:
        """Offer the keys of known features, those of the file, or made-up ones."""
        key = self.mapping.get(self.spec.key, "")
        is_matched = positions.is_match(self._found.step.chosen or "")
        offered = keys.propose(
            key, is_matched=is_matched, twins=self.rows.twins, undecided=self.pairs.open
        )
        return offered.answered(self.choices)

    @cached_property
    def pairs(self) -> Pairs:
        """What was answered about single rows that may be known features."""
        said = {s: v for s, v in self.choices.items() if s.startswith(pairs.STEP)}
        return Pairs(self.rows, self.table.rows, said)

    @cached_property
    def rows(self) -> RowIdentity:
        """Which feature each row is, by its key, name, kind and place."""
        return RowIdentity(
            self.spec,
            self._texts,
            partial(keys.made_up, self.origin.digest, self.table),
            self.working_shapes,
            parents_of(self.spec, self.place.known),
            self._found.known,
            None if self._found.match is None else self._found.match[0],
        )

    @cached_property
    def _texts(self) -> dict[str, list[Cell]]:
        """The cells of what identifies a row; no unit and no merged number is among them."""
        names = identifying_columns(self.spec)
        mapping = {name: self.mapping[name] for name in names if name in self.mapping}
        return cells_of(self.spec, mapping, self.columns, self.place.known, {})

    @cached_property
    def cells(self) -> dict[str, list[Cell]]:
        """The cells of each mapped column as its layer holds them; unreadable ones are kept."""
        factors = magnitude.factors(self.spec, self._units)
        apart = self.rows_in_question.left_apart
        columns = sheets.without(self.columns, apart, self.table.rows)
        for name in self._years_in_days:
            if self.choices.get(f"{plausibility.STEP}:{name}") == plausibility.YEAR:
                heading = self.mapping[name]
                columns[heading] = plausibility.as_years(columns[heading], self._day_zero)
        others = {n: heading for n, heading in self.mapping.items() if n not in self._texts}
        read = cells_of(self.spec, others, columns, self.place.known, factors, self._day_zero)
        return {name: (read if name in read else self._texts)[name] for name in self.mapping}

    @cached_property
    def _repair(self) -> Proposal:
        return repairs.propose(self.table).answered(self.choices)

    @cached_property
    def _outside(self) -> Proposal:
        """Whether rows beyond the district's box are taken."""
        return placing.propose_outside().answered(self.choices)
