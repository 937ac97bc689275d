"""The columns of a file: its text in one encoding, and which heading fills which column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from geo.arrays import FloatArray
from intake import encoding, headings, magnitude
from intake.corrections import Corrections
from intake.proposal import Proposal
from intake.reading import Cell, DeliveredTable
from layers.spec import LayerSpec

STEP = "column"


@dataclass(frozen=True)
class FileText:
    """
    The text of a table.

    Attributes
    ----------
    table : DeliveredTable
        What the file says.
    choice : str or None
        The encoding that a person chose, None for the one that is proposed.
    corrections : mapping of int to mapping of str to str
        Cells corrected by a person: row number, heading, new text.
    """

    table: DeliveredTable
    choice: str | None
    corrections: Corrections

    @cached_property
    def step(self) -> Proposal:
        """The step ``encoding``."""
        found = encoding.propose(self.table)
        return found if self.choice is None else found.choose(self.choice)

    @cached_property
    def decoded(self) -> encoding.Decoded:
        """The table as text, in the encoding chosen, else the likeliest."""
        return encoding.decode(self.table, self.step.chosen or self.step.candidates[0].value)

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


@dataclass(frozen=True)
class ColumnMapping:
    """
    Which heading fills which column of a layer.

    Attributes
    ----------
    spec : LayerSpec
        The layer.
    columns : mapping of str to sequence of cell
        Decoded columns by heading.
    file_format : str
        As of the table.
    remembered : mapping of str to str
        Column to heading as accepted last time for this source.
    choices : mapping of str to str
        What a person chose, by step.
    """

    spec: LayerSpec
    columns: Mapping[str, Sequence[Cell]]
    file_format: str
    remembered: Mapping[str, str]
    choices: Mapping[str, str]

    @cached_property
    def steps(self) -> tuple[Proposal, ...]:
        """The steps ``column:<name>``, one a column of the layer."""
        found = headings.propose(
            self.spec, self.columns, self.remembered, file_format=self.file_format
        )
        return tuple(one.answered(self.choices) for one in found)

    @cached_property
    def chosen(self) -> dict[str, str]:
        """Column to heading as now chosen, for the columns that the file has."""
        pairs = {one.step.removeprefix(f"{STEP}:"): one.chosen for one in self.steps}
        return {name: heading for name, heading in pairs.items() if heading}

    @property
    def numbers(self) -> dict[str, FloatArray]:
        """The bare numbers of each mapped column of numbers, n each; NaN where a cell is none."""
        return {
            name: magnitude.bare_numbers(self.spec.column(name), self.columns[heading])
            for name, heading in self.chosen.items()
            if self.spec.column(name).dtype in magnitude.NUMBERS
        }

    @property
    def answered(self) -> dict[str, str]:
        """Column to heading as a person answered, "" for none: what to remember of this source."""
        said = {
            one.step.removeprefix(f"{STEP}:"): one.chosen or ""
            for one in self.steps
            if one.by_person
        }
        return {**self.remembered, **said}
