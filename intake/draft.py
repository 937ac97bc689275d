"""
Draft: an import in the making: a table, the layer it is for, and every choice made so far.

Nothing is changed in place and nothing is discarded: each step is computed anew from the reading
and the choices, so any step can be chosen otherwise, or undone, at any time before `accept`.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from geo.arrays import FloatArray
from geo.errors import DataError
from intake import (
    encoding,
    headings,
    identity,
    keys,
    magnitude,
    pairs,
    placing,
    positions,
    repairs,
    sheets,
)
from intake.datum import SevenParameters
from intake.identity import Twin
from intake.origin import TableOrigin
from intake.pairs import Pairs
from intake.place import PlacePrior
from intake.placement import FilePositions, Placement
from intake.proposal import Proposal
from intake.reading import Cell, DeliveredTable, MergedCells
from intake.relations import cells_of
from intake.rows import RowIdentity
from intake.values import DAY_ZERO
from layers.spec import LayerSpec

_OF_SHEETS = ("merged", "hidden", "twice")
_STAGES: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = (
    (("_encoding", "decoded", "columns"), frozenset({"encoding"})),
    (("_mapping", "mapping", "_numbers"), frozenset({"encoding", "column"})),
    (("_texts",), frozenset({"encoding", "column", "position"})),
    (("_found",), frozenset({"encoding", "position"})),
    (("_placement",), frozenset({"encoding", "position", "crs"})),
)
"""What is worked out once, and the kinds of steps that go into it."""


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
    corrections: Mapping[int, Mapping[str, str]] = field(
        default_factory=lambda: MappingProxyType({})
    )
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
        return self._replaced({step}, choices=MappingProxyType({**self.choices, step: value}))

    def undo(self, step: str) -> "ImportDraft":
        """Return the draft as it was before `step` was chosen."""
        kept = {name: value for name, value in self.choices.items() if name != step}
        return self._replaced({step}, choices=MappingProxyType(kept))

    def recalling(self, remembered: Mapping[str, str]) -> "ImportDraft":
        """Return the draft with what was answered for this source last time."""
        return self._replaced({"column", "position"}, remembered=remembered)

    def sharing_crs(self, asked: "ImportDraft | None") -> "ImportDraft":
        """Return the draft with the reference of a drawing as `asked` has it, None for its own."""
        if asked is None:
            return self if self.crs_of_file is None else self._replaced({"crs"}, crs_of_file=None)
        step, choices = asked.proposal("crs"), {**self.choices}
        choices.pop("crs", None)
        choices |= {"crs": asked.choices["crs"]} if "crs" in asked.choices else {}
        if step == self.crs_of_file and choices == self.choices:
            return self
        return self._replaced({"crs"}, crs_of_file=step, choices=MappingProxyType(choices))

    def _replaced(self, steps: Collection[str], **changes: Any) -> "ImportDraft":  # noqa: ANN401
        """Return the draft with other fields, and with what none of the steps goes into."""
        draft = replace(self, **changes)
        changed = {step.partition(":")[0] for step in steps}
        for names, sources in _STAGES:
            if not changed & sources:
                known = {name: vars(self)[name] for name in names if name in vars(self)}
                vars(draft).update(known)
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
        if row not in self.table.rows or heading not in self.decoded.headings:
            raise DataError(
                f"{self.table.name}: there is no cell {heading!r} in row {row}",
                f"{self.table.name}：没有第 {row} 行“{heading}”这个单元格",
            )
        cells = {**self.corrections.get(row, {}), heading: text}
        return replace(self, corrections=MappingProxyType({**self.corrections, row: cells}))

    def as_delivered(self, row: int, heading: str) -> "ImportDraft":
        """Return the draft with one cell as the file has it."""
        cells = dict(self.corrections.get(row, {}))
        cells.pop(heading, None)
        kept = {**self.corrections, row: cells}
        return replace(self, corrections=MappingProxyType({r: c for r, c in kept.items() if c}))

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
        found = self._group(kind)
        for proposal in found:
            if proposal.step == step:
                return proposal
        steps = ", ".join(proposal.step for proposal in self.proposals)
        raise DataError(
            f"no step {step!r}; expected one of {steps}", f"没有“{step}”这一步；可选：{steps}"
        )

    def _group(self, kind: str) -> tuple[Proposal, ...]:
        """Return the proposals of one kind of step; no later step is worked out for it."""
        groups = {"column": "_mapping", "unit": "_units"} | dict.fromkeys(_OF_SHEETS, "_sheet")
        found = getattr(self, groups.get(kind, f"_{kind}"), ())
        return found if isinstance(found, tuple) else (found,)

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        """Every step with its candidates and what is chosen, in the order they are shown."""
        return (
            self._encoding,
            self._position,
            self._crs,
            *self._mapping,
            *self._units,
            *self._sheet,
            self._key,
            *self.pairs.steps,
            self._repair,
            self._outside,
        )

    @property
    def questions(self) -> tuple[Proposal, ...]:
        """The steps that only a person can settle."""
        return tuple(proposal for proposal in self.proposals if not proposal.is_settled)

    @cached_property
    def _encoding(self) -> Proposal:
        """The step that turns bytes into text."""
        return self._chosen(encoding.propose(self.table))

    @property
    def _position(self) -> Proposal:
        """The step that determines where the rows are."""
        return self._found.step

    @property
    def _crs(self) -> Proposal:
        """The step that determines the coordinate reference."""
        return self._placement.step

    @cached_property
    def _mapping(self) -> tuple[Proposal, ...]:
        """The steps that map headings to columns, one a column."""
        found = headings.propose(
            self.spec, self.columns, self.remembered, file_format=self.table.format
        )
        return tuple(self._chosen(proposal) for proposal in found)

    @cached_property
    def _units(self) -> tuple[Proposal, ...]:
        """The steps that determine the unit of each mapped column of numbers."""
        found = [
            magnitude.propose(
                self.spec.column(name),
                heading,
                self._numbers[name],
                self.table.remarks,
                magnitude.known_values(self._known, self.known_rows, name),
            )
            for name, heading in self.mapping.items()
            if name in self._numbers
        ]
        return tuple(self._chosen(proposal) for proposal in found if proposal is not None)

    @cached_property
    def _numbers(self) -> dict[str, FloatArray]:
        """The bare numbers of each mapped column."""
        return {
            name: magnitude.bare_numbers(self.spec.column(name), self.columns[heading])
            for name, heading in self.mapping.items()
            if self.spec.column(name).dtype in magnitude.NUMBERS
        }

    @cached_property
    def _sheet(self) -> tuple[Proposal, ...]:
        """The steps that few tables need: merged numbers, hidden rows, a place named twice."""
        found = (
            sheets.propose_merged(self._merged),
            sheets.propose_hidden(self.table.hidden),
            identity.propose_twice(self.rows.again, self.rows.cells.get("name"), self.table.rows),
        )
        return tuple(self._chosen(proposal) for proposal in found if proposal is not None)

    @property
    def left_apart(self) -> tuple[MergedCells, ...]:
        """The merged numbers that no row takes."""
        return self._merged if sheets.APART in {p.chosen for p in self._sheet} else ()

    @property
    def rows_held_back(self) -> dict[int, str]:
        """The rows that are not taken by choice, by row number, with the rule that says why."""
        chosen = {p.step: p.chosen for p in self._sheet}
        hidden = self.table.hidden if chosen.get("hidden") == sheets.QUARANTINE else ()
        again = self.rows.again if chosen.get("twice") == identity.FIRST else ()
        held = {int(self.table.rows[at]): "row.twice" for at in again}
        return held | dict.fromkeys(hidden, "row.hidden")

    @cached_property
    def _merged(self) -> tuple[MergedCells, ...]:
        """The merged numbers that rows could share: those of columns that add up."""
        return sheets.shared(self.spec, self.mapping, self.table.merged)

    @cached_property
    def known_rows(self) -> NDArray[np.intp]:
        """The position of each row's feature in the known layer, shape (n,), -1 where none."""
        probable = not self._key.by_person or self._key.chosen == keys.NAME
        return self.rows.known_rows(self.pairs.merged(with_open=probable))

    @cached_property
    def merged(self) -> dict[int, Twin]:
        """The rows that are taken for a known feature under another key, by position."""
        found = self.pairs.merged(with_open=self._key.chosen == keys.NAME)
        return {at: self.rows.pair(at, known) for at, known in found.items()}

    @property
    def row_keys(self) -> list[Cell]:
        """The key of each row: of the file or made up, or of the known feature that it is."""
        is_made_up = self._key.chosen == keys.GENERATE
        own = self.rows.made_up if is_made_up else self.rows.own
        return self.rows.keyed(own, {at: twin.at for at, twin in self.merged.items()})

    @property
    def _known(self) -> gpd.GeoDataFrame | None:
        """The layer as the district has it, None if it has nothing of it."""
        return self.place.known.get(self.spec.name)

    @cached_property
    def columns(self) -> dict[str, tuple[Cell, ...]]:
        """The decoded columns by heading, corrections applied."""
        found = dict(zip(self.decoded.headings, self.decoded.columns, strict=True))
        for row, cells in self.corrections.items():
            at = list(self.table.rows).index(row)
            for heading, text in cells.items():
                column = found[heading]
                found[heading] = (*column[:at], text, *column[at + 1 :])
        return found

    @property
    def headings_left_out(self) -> tuple[str, ...]:
        """Headings that no column takes: shown, so that nothing is dropped silently."""
        used = {proposal.chosen for proposal in self._mapping}
        used |= set((self._position.chosen or "").split("\t"))
        return tuple(heading for heading in self.columns if heading not in used)

    @cached_property
    def mapping(self) -> dict[str, str]:
        """Column to heading as now chosen, for the columns that the file has."""
        pairs = {p.step.removeprefix("column:"): p.chosen for p in self._mapping}
        return {name: heading for name, heading in pairs.items() if heading}

    @property
    def memory(self) -> dict[str, str]:
        """Column to heading as a person answered, "" for none: what to remember for this source."""
        said = {
            p.step.removeprefix("column:"): p.chosen or "" for p in self._mapping if p.by_person
        }
        return {**self.remembered, **said}

    def placed(self, reference: str, most: int = 400) -> gpd.GeoSeries:
        """
        Return at most `most` geometries in the working CRS, unrepaired, for a picture.

        Raises
        ------
        CrsError
            If `reference` is unknown, or needs parameters that were not given.
        """
        return self._placement.pictured(reference, most)

    def _chosen(self, proposal: Proposal) -> Proposal:
        if proposal.step in self.choices:
            return proposal.choose(self.choices[proposal.step])
        return proposal

    @cached_property
    def decoded(self) -> encoding.Decoded:
        """The table as text, in the encoding chosen."""
        return encoding.decode(
            self.table, self._encoding.chosen or self._encoding.candidates[0].value
        )

    @cached_property
    def _found(self) -> FilePositions:
        """Where the rows are, in the file's own numbers."""
        return FilePositions(
            self.table, self.spec, self.columns, self.place, self.choices.get("position")
        )

    @cached_property
    def _placement(self) -> Placement:
        """Where the rows are in the district."""
        choice = self.choices.get("crs")
        return Placement(self._found, choice, self.crs_of_file, self.parameters)

    @property
    def match(self) -> tuple[NDArray[np.intp], dict[int, str]] | None:
        """The known feature of each row, where rows are matched with what is already there."""
        return self._found.match

    @property
    def has_heights(self) -> bool:
        """Whether a position of the file has a height, which is not taken."""
        return self._found.has_heights

    @property
    def working_shapes(self) -> NDArray[np.object_]:
        """Geometries in the working CRS, unrepaired; None where the reference is not settled."""
        return self._placement.shapes

    @cached_property
    def _key(self) -> Proposal:
        """Offer the keys of known features, those of the file, or made-up ones."""
        key = self.mapping.get(self.spec.key, "")
        is_matched = positions.is_match(self._position.chosen or "")
        offered = keys.propose(
            key, is_matched=is_matched, twins=self.rows.twins, undecided=self.pairs.open
        )
        return self._chosen(offered)

    @cached_property
    def pairs(self) -> Pairs:
        """What was answered about single rows that may be known features."""
        said = {s: v for s, v in self.choices.items() if s.startswith(pairs.STEP)}
        return Pairs(self.rows, self.table.rows, said if self.match is None else {})

    @cached_property
    def rows(self) -> RowIdentity:
        """Which feature each row is, by its key, name, kind and place."""
        return RowIdentity(
            self.spec,
            self._texts,
            partial(keys.made_up, self.origin.digest, self.table),
            self.working_shapes,
            self._known,
            None if self.match is None else self.match[0],
        )

    @cached_property
    def _texts(self) -> dict[str, list[Cell]]:
        """The cells of what identifies a row; no unit and no merged number is among them."""
        wanted = [name for name in (self.spec.key, "name", "kind") if name in self.mapping]
        mapping = {name: self.mapping[name] for name in wanted}
        return cells_of(self.spec, mapping, self.columns, self.place.known, {})

    @cached_property
    def cells(self) -> dict[str, list[Cell]]:
        """The cells of each mapped column as its layer holds them; unreadable ones are kept."""
        factors = magnitude.factors(self.spec, self._units)
        columns = sheets.without(self.columns, self.left_apart, self.table.rows)
        day_zero = self.table.day_zero or DAY_ZERO
        others = {n: heading for n, heading in self.mapping.items() if n not in self._texts}
        read = cells_of(self.spec, others, columns, self.place.known, factors, day_zero)
        return {name: (read if name in read else self._texts)[name] for name in self.mapping}

    @cached_property
    def _repair(self) -> Proposal:
        return self._chosen(repairs.propose(self.table))

    @cached_property
    def _outside(self) -> Proposal:
        """Whether rows beyond the district's box are taken."""
        return self._chosen(placing.propose_outside())
