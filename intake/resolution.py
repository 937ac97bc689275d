"""Resolution: the feature that each row becomes, as far as the questions about it are answered."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from intake import keys
from intake.features import NOBODY
from intake.identity import Twin
from intake.pairs import Pairs
from intake.positions import Match
from intake.proposal import Proposal
from intake.reading import Cell


@dataclass(frozen=True)
class Resolution:
    """
    What the n rows of a table become.

    Attributes
    ----------
    pairs : Pairs
        What the rows are, and what was answered about single ones.
    key : Proposal
        The step ``key``.
    conflict : str or None
        What is right of the rows in conflict, None where nobody has answered.
    named : Match or None
        The known feature that each row names; None where the rows have positions of their own.
    """

    pairs: Pairs
    key: Proposal
    conflict: str | None
    named: Match | None

    @cached_property
    def merged(self) -> dict[int, Twin]:
        """The rows that somebody says are a known feature, by position."""
        with_open = self.key.chosen == keys.NAME
        found = self.pairs.merged(with_open=with_open, conflict=self.conflict)
        return {at: self.pairs.rows.pair(at, known) for at, known in found.items()}

    @cached_property
    def known_rows(self) -> NDArray[np.intp]:
        """
        The position of each row's feature in the known layer, shape (n,), `NOBODY` where none.

        Until somebody has answered, rows are taken for what they probably are.
        """
        probable = not self.key.by_person or self.key.chosen == keys.NAME
        found = self.pairs.rows.certain.copy()
        said = self.pairs.merged(with_open=probable, conflict=self.conflict)
        found[list(said)] = list(said.values())
        found[self.pairs.others] = NOBODY
        return found

    @property
    def row_keys(self) -> list[Cell]:
        """The key of each row: of the file or made up, or of the known feature that it is."""
        rows = self.pairs.rows
        found = list(rows.made_up if self.key.chosen == keys.GENERATE else rows.own)
        for at in self.pairs.others:  # another place, although the key is that of a known one
            found[at] = rows.made_up[at] if rows.certain[at] != NOBODY else found[at]
        for at, twin in self.merged.items():
            found[at] = rows.known_keys[twin.at]
        return found

    @cached_property
    def match(self) -> Match | None:
        """The known feature that each row names, with what a person said of single rows."""
        if self.named is None:
            return None
        found, faults = self.named[0].copy(), dict(self.named[1])
        for at, twin in self.merged.items():
            found[at] = twin.at
            faults.pop(at, None)
        for at in self.pairs.others:
            found[at] = NOBODY
            faults[at] = "geometry.no_match"
        return found, faults
