"""
Rows that few tables have.

Under a title that makes them another thing, under merged numbers, hidden in the sheet, of a
workbook that lost its formats, an earlier row again, or in conflict with their own key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from intake import again, conflicts, sheets
from intake.pairs import Pairs
from intake.proposal import Proposal
from intake.reading import DeliveredTable, MergedCells
from layers.spec import LayerSpec

STEPS = ("title", "merged", "hidden", "formats", "twice", conflicts.STEP)


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
    pairs : Pairs
        What the rows are, and what was answered about single ones.
    choices : mapping of str to str
        What a person chose, by step.
    """

    spec: LayerSpec
    table: DeliveredTable
    mapping: Mapping[str, str]
    pairs: Pairs
    choices: Mapping[str, str]

    @cached_property
    def steps(self) -> tuple[Proposal, ...]:
        """The steps `STEPS`, as far as the table has such rows."""
        rows, numbers = self.pairs.rows, self.table.rows
        found = (
            sheets.propose_title(self.spec, self.mapping, self.table),
            sheets.propose_merged(self._merged),
            sheets.propose_hidden(self.table.hidden),
            sheets.propose_formats(has_formats=self.table.has_formats),
            again.propose(rows.again, rows.features.names, numbers),
            conflicts.propose(self.pairs.conflicts, numbers),
        )
        return tuple(one.answered(self.choices) for one in found if one is not None)

    @property
    def conflict(self) -> str | None:
        """What is right of rows in conflict, None where none is or nobody has answered."""
        return next((one.chosen for one in self.steps if one.step == conflicts.STEP), None)

    @property
    def left_apart(self) -> tuple[MergedCells, ...]:
        """The merged numbers that no row takes."""
        return self._merged if sheets.APART in {one.chosen for one in self.steps} else ()

    @property
    def held_back(self) -> dict[int, str]:
        """The rows that are not taken by choice, by row number, with the rule that says why."""
        chosen = {one.step: one.chosen for one in self.steps}
        repeated = self.pairs.rows.again if chosen.get("twice") == again.FIRST else ()
        held = {int(self.table.rows[at]): "row.twice" for at in repeated}
        for at in self.pairs.held_back(self.conflict):
            held[int(self.table.rows[at])] = "row.conflict"
        doubtful = (
            ("hidden", self.table.hidden, "row.hidden"),
            ("formats", self.table.rows, "row.formats"),
            ("title", self.table.rows, "row.not_now"),
        )
        for step, rows, rule in doubtful:
            if chosen.get(step) == sheets.QUARANTINE:
                held |= dict.fromkeys(rows, rule)
        return held

    @cached_property
    def _merged(self) -> tuple[MergedCells, ...]:
        """The merged numbers that rows could share: those of columns that add up."""
        return sheets.shared(self.spec, self.mapping, self.table.merged)
