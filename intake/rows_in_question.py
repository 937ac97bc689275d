"""Rows that few tables have: under merged numbers, hidden in the sheet, or an earlier row again."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from intake import identity, sheets
from intake.proposal import Proposal
from intake.reading import DeliveredTable, MergedCells
from intake.rows import RowIdentity
from layers.spec import LayerSpec

STEPS = ("merged", "hidden", "twice")


@dataclass(frozen=True)
class RowsInQuestion:
    """
    What is asked about rows as the table has them, and what becomes of them.

    Attributes
    ----------
    spec : LayerSpec
        The layer.
    table : DeliveredTable
        What the file says.
    mapping : mapping of str to str
        Column to heading.
    rows : RowIdentity
        What the rows are.
    choices : mapping of str to str
        What a person chose, by step.
    """

    spec: LayerSpec
    table: DeliveredTable
    mapping: Mapping[str, str]
    rows: RowIdentity
    choices: Mapping[str, str]

    @cached_property
    def steps(self) -> tuple[Proposal, ...]:
        """The steps ``merged``, ``hidden`` and ``twice``, as far as the table has such rows."""
        names = self.rows.cells.get("name")
        found = (
            sheets.propose_merged(self._merged),
            sheets.propose_hidden(self.table.hidden),
            identity.propose_twice(self.rows.again, names, self.table.rows),
        )
        return tuple(one.answered(self.choices) for one in found if one is not None)

    @property
    def left_apart(self) -> tuple[MergedCells, ...]:
        """The merged numbers that no row takes."""
        return self._merged if sheets.APART in {one.chosen for one in self.steps} else ()

    @property
    def held_back(self) -> dict[int, str]:
        """The rows that are not taken by choice, by row number, with the rule that says why."""
        chosen = {one.step: one.chosen for one in self.steps}
        hidden = self.table.hidden if chosen.get("hidden") == sheets.QUARANTINE else ()
        again = self.rows.again if chosen.get("twice") == identity.FIRST else ()
        held = {int(self.table.rows[at]): "row.twice" for at in again}
        return held | dict.fromkeys(hidden, "row.hidden")

    @cached_property
    def _merged(self) -> tuple[MergedCells, ...]:
        """The merged numbers that rows could share: those of columns that add up."""
        return sheets.shared(self.spec, self.mapping, self.table.merged)
