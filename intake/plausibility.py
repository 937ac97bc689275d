"""
Plausibility: numbers and days that are taken only when somebody confirms them.

A value is in doubt if it is beyond what its column plausibly holds, after the day of the delivery,
threefold of what is known of the same feature (or goes to or from zero), disagrees with the rest of
its row, or is a year written into a cell of days (1998 shows as 1905-06-20). The doubts of one
column are one question, ``value:<column>``; agreeing to an import as a whole does not answer it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.arrays import FloatArray
from intake import magnitude, relation_checks
from intake.features import of_rows
from intake.proposal import SHOWN, Candidate, Proposal
from intake.reading import Cell
from intake.receipt import QuarantineReason
from intake.relation_checks import RowValues
from intake.values import year_in_day
from layers.spec import Column, LayerSpec
from wording import Text, text

STEP = "value"
TAKE = "take"
YEAR = "year"
QUARANTINE = "quarantine"
_FOLD = 3.0  # a revision changes a number by less
_SURVEYED_ON = "source_date"  # other days, such as those of deliveries, may be to come
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True)
class ValueCheck:
    """
    The values of a table held against their columns, against what is known and against each other.

    Attributes
    ----------
    spec : LayerSpec
        The layer.
    cells : mapping of str to sequence of cell
        Its mapped columns as converted, n cells each; a cell that is no value yet is not checked.
    known : mapping of str to geopandas.GeoDataFrame
        The layers of the district.
    rows : ndarray of int, shape (n,)
        The position of each row's feature in the known layer, -1 where none.
    numbers : sequence of int, n
        Row numbers in the file.
    shapes : ndarray of geometry, shape (n,)
        In the working CRS; None where a row has no place of its own.
    day : str
        Date of the data, ISO 8601: nothing was surveyed or built after it.
    unsettled : frozenset of str
        Columns whose unit is still a question: they are not checked.
    choices : mapping of str to str
        What a person chose, by step.
    years_in_days : mapping of str to mapping of int to Text
        By column and position of the row: a day whose number is a year, with both.
    """

    spec: LayerSpec
    cells: Mapping[str, Sequence[Cell]]
    known: Mapping[str, gpd.GeoDataFrame]
    rows: NDArray[np.intp]
    numbers: Sequence[int]
    shapes: NDArray[np.object_]
    day: str
    unsettled: frozenset[str]
    choices: Mapping[str, str]
    years_in_days: Mapping[str, Mapping[int, Text]] = field(default_factory=dict)

    @cached_property
    def steps(self) -> tuple[Proposal, ...]:
        """The steps ``value:<column>``, one a column with values in doubt."""
        found = [self._step(name, doubts) for name, doubts in self.doubts.items()]
        return tuple(step.answered(self.choices) for step in found)

    @property
    def held_back(self) -> dict[int, list[QuarantineReason]]:
        """The rows that are not taken by choice, by position, with what was found."""
        held: dict[int, list[QuarantineReason]] = {}
        for step in self.steps:
            if step.chosen == QUARANTINE:
                for at, found in self.doubts[step.step.removeprefix(f"{STEP}:")].items():
                    held.setdefault(at, []).append(QuarantineReason("row.doubtful", found.zh))
        return held

    @cached_property
    def doubts(self) -> dict[str, dict[int, Text]]:
        """What is in doubt, by column and position of the row."""
        return replace(self)._found()  # noqa: SLF001 - what a copy works out on the way is not kept

    def _found(self) -> dict[str, dict[int, Text]]:
        found: dict[str, dict[int, Text]] = {}
        for name in self.cells:
            column = self.spec.column(name)
            days = dict(self.years_in_days.get(name, {}))
            if name not in self.unsettled and (doubts := dict(self._of_column(column)) | days):
                found[name] = doubts
        for name, at, text_ in self._of_relations():
            found.setdefault(name, {}).setdefault(at, text_)
        return found

    def _step(self, name: str, doubts: Mapping[int, Text]) -> Proposal:
        column = self.spec.column(name)
        label = Text(column.label_zh, column.label_en)
        question = text("value.improbable", column=label, n=len(doubts))
        shown = [self._beside(at, found) for at, found in list(doubts.items())[:SHOWN]]
        offers = (
            Candidate(TAKE, text("value.take"), 0.5, tuple(shown)),
            *((Candidate(YEAR, text("value.year"), 0.5),) if self._has_year(name) else ()),
            Candidate(QUARANTINE, text("value.quarantine"), 0.5),
        )
        return Proposal(f"{STEP}:{name}", question, offers)

    def _has_year(self, name: str) -> bool:
        """Return whether days of a column may be the years that their numbers are."""
        return self.spec.column(name).is_year and bool(self.years_in_days.get(name))

    def _beside(self, at: int, found: Text) -> Text:
        """Return a doubt behind the number of its row and the name or key of its feature."""
        name = self._called(at)
        return Text(
            f"第 {self.numbers[at]} 行{name} {found.zh}",
            f"row {self.numbers[at]}{name} {found.en}",
        )

    def _called(self, at: int) -> str:
        for column in ("name", self.spec.key):
            if column in self.cells and (cell := self.cells[column][at]) is not None:
                return f" {cell!s}"
        frame, known = self._frame, self.rows[at]
        if frame is None or known < 0:
            return ""
        return f" {frame['name' if 'name' in frame else self.spec.key].iloc[known]!s}"

    @property
    def _frame(self) -> gpd.GeoDataFrame | None:
        """The layer as the district has it, None if it has nothing of it."""
        return self.known.get(self.spec.name)

    def _of_column(self, column: Column) -> Iterator[tuple[int, Text]]:
        if column.dtype == "date":
            yield from self._after_the_day(column)
        if column.dtype not in magnitude.NUMBERS:
            return
        values, before = self._new[column.name], self._before(column.name)
        is_legal = _within(values, column.least, column.most)
        changed, beyond = _changed(values, before), _beyond(column, values, self.day)
        for at in np.flatnonzero(is_legal & (changed | beyond)).tolist():
            found = magnitude.change(values[at], before[at], is_year=column.is_year)
            yield at, Text(found, found)

    def _after_the_day(self, column: Column) -> Iterator[tuple[int, Text]]:
        if column.name != _SURVEYED_ON:
            return
        for at, cell in enumerate(self.cells[column.name]):
            if isinstance(cell, str) and _DAY.match(cell) and cell > self.day:
                yield at, Text(f"{cell}（晚于 {self.day}）", f"{cell}, after {self.day}")

    def _of_relations(self) -> Iterator[tuple[str, int, Text]]:
        """Yield column, position and text of what disagrees within a row and did not before."""
        known = RowValues(self._before, self._known_shapes, self._units)
        taken = RowValues(self._after, self._after_shapes, self._units)
        for relation in relation_checks.of_layer(self.spec.name):
            brought = [name for name in relation.columns if name in self.cells]
            if not brought or not self.unsettled.isdisjoint(relation.columns):
                continue
            is_new = np.any([np.isfinite(self._new[name]) for name in brought], axis=0)
            is_broken = is_new & relation.is_broken(taken) & ~relation.is_broken(known)
            for at in np.flatnonzero(is_broken).tolist():
                values = [self._after(name)[at] for name in relation.columns]
                yield brought[0], at, relation.described(self.spec, values)

    @cached_property
    def _new(self) -> dict[str, FloatArray]:
        """The numbers of the mapped columns, shape (n,); NaN where a cell is none."""
        return {
            name: magnitude.as_floats(cells)
            for name, cells in self.cells.items()
            if self.spec.column(name).dtype in magnitude.NUMBERS
        }

    def _before(self, name: str) -> FloatArray:
        return magnitude.known_values(self._frame, self.rows, name)

    def _after(self, name: str) -> FloatArray:
        before = self._before(name)
        new = self._new.get(name, before)
        return np.where(np.isfinite(new), new, before)

    @cached_property
    def _known_shapes(self) -> NDArray[np.object_]:
        if self._frame is None:
            return np.full(len(self.rows), None, dtype=object)
        return of_rows(np.asarray(self._frame.geometry.array, dtype=object), self.rows, None)

    @cached_property
    def _after_shapes(self) -> NDArray[np.object_]:
        own = pd.notna(self.shapes)
        return np.where(own, self.shapes, self._known_shapes)

    @cached_property
    def _units(self) -> FloatArray:
        """The stair units known of each row's building, shape (n,); NaN where none are."""
        frame, units = self._frame, self.known.get("units")
        if self.spec.name != "buildings" or frame is None or units is None:
            return np.full(len(self.rows), np.nan)
        counts = frame[self.spec.key].map(units["building_id"].value_counts())
        return of_rows(np.asarray(counts, dtype=np.float64), self.rows, np.nan)


def years_in_days(column: Column, cells: Sequence[Cell], day_zero: str) -> dict[int, Text]:
    """
    Return the days under a heading whose numbers are years, by position of the row, with both.

    Parameters
    ----------
    column : Column
        What the heading fills; only of years and days is anything returned.
    cells : sequence of cell
        As people see them.
    day_zero : str
        Day 0 of the workbook, ISO 8601.
    """
    if not column.is_year and column.dtype != "date":
        return {}
    years = _years_of(cells, day_zero)
    return {
        at: text("value.year_in_day", day=cell, year=str(years[cell]))
        for at, cell in enumerate(cells)
        if isinstance(cell, str) and cell in years
    }


def as_years(cells: Sequence[Cell], day_zero: str) -> tuple[Cell, ...]:
    """Return the cells under a heading, the days whose numbers are years as these numbers."""
    years = _years_of(cells, day_zero)
    return tuple(years.get(cell, cell) if isinstance(cell, str) else cell for cell in cells)


def _years_of(cells: Sequence[Cell], day_zero: str) -> dict[str, int]:
    """Return the year of every day among cells whose number is one."""
    days = {cell for cell in cells if isinstance(cell, str)}
    return {day: year for day in days if (year := year_in_day(day, day_zero)) is not None}


def still_answered(choices: Mapping[str, str], step: str) -> dict[str, str]:
    """Return the choices that hold after another answer to `step`: values may be others now."""
    if is_of_values(step):
        return dict(choices)
    return {name: value for name, value in choices.items() if not is_of_values(name)}


def still_confirmed(choices: Mapping[str, str]) -> dict[str, str]:
    """Return the choices that hold after a cell has changed: what was taken had other values."""
    taken = {name for name, value in choices.items() if value in (TAKE, YEAR)}
    return {n: value for n, value in choices.items() if n not in taken or not is_of_values(n)}


def is_of_values(step: str) -> bool:
    """Return whether a step asks about values."""
    return step.startswith(f"{STEP}:")


def _within(values: FloatArray, least: float | None, most: float | None) -> NDArray[np.bool_]:
    """Return which values the layer admits at all: those it refuses are quarantined anyway."""
    low, high = (-np.inf if least is None else least), (np.inf if most is None else most)
    return np.asarray((values >= low) & (values <= high))


def _changed(values: FloatArray, before: FloatArray) -> NDArray[np.bool_]:
    """Return which known values would change threefold, their sign, or to or from zero."""
    both = np.isfinite(values) & np.isfinite(before) & (values != before)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = values / before
        return np.asarray(both & ~((ratio > 1 / _FOLD) & (ratio < _FOLD)))


def _beyond(column: Column, values: FloatArray, day: str) -> NDArray[np.bool_]:
    """Return which values are beyond what the column plausibly holds; a zero says there is none."""
    if column.is_year:
        return np.asarray(values > float(day[:4]))
    limits = column.plausible or column.usual
    if limits is None:
        return np.zeros(len(values), dtype=bool)
    return np.asarray((values != 0) & np.isfinite(values) & ~_within(values, *limits))
