"""Truth: answers that may be yes, no or unknown (Kleene), one for each of n members."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.arrays import BoolArray


@dataclass(frozen=True, eq=False)
class Truth:
    """
    n answers: certainly yes, certainly no, or, where both arrays are false, unknown.

    Attributes
    ----------
    yes, no : ndarray of bool, shape (n,)
        Never both true.
    """

    yes: BoolArray
    no: BoolArray

    @classmethod
    def known(cls, yes: BoolArray) -> "Truth":
        """Return answers of which none is unknown."""
        return cls(yes, ~yes)

    @classmethod
    def flags(cls, values: pd.Series) -> "Truth":
        """Return the answers of a column of booleans with gaps."""
        known = ~np.asarray(values.array.isna())
        yes = values.to_numpy(dtype=bool, na_value=False)
        return cls(yes, known & ~yes)

    @classmethod
    def unknown(cls, size: int) -> "Truth":
        """Return `size` unknown answers."""
        return cls(np.zeros(size, dtype=bool), np.zeros(size, dtype=bool))

    def __and__(self, other: "Truth") -> "Truth":
        """Return where both hold: one certain no is enough to deny."""
        return Truth(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: "Truth") -> "Truth":
        """Return where either holds: one certain yes is enough."""
        return Truth(self.yes | other.yes, self.no & other.no)

    def __invert__(self) -> "Truth":
        """Return the opposite answers; unknown stays unknown."""
        return Truth(self.no, self.yes)

    def as_flags(self) -> pd.Series:
        """Return the answers as a column of booleans with gaps, which `flags` reads."""
        return pd.Series(pd.arrays.BooleanArray(self.yes.copy(), self.open))

    def keep(self, mask: BoolArray) -> "Truth":
        """Return the answers at which `mask`, shape (n,), is true."""
        return Truth(self.yes[mask], self.no[mask])

    @property
    def maybe(self) -> BoolArray:
        """Where the answer is not certainly no."""
        return ~self.no

    @property
    def open(self) -> BoolArray:
        """Where the answer is unknown."""
        return ~self.yes & ~self.no
