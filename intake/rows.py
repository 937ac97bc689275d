"""Rows: which feature each row of a table is, by its key, its name, its kind and its place."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from intake import again, conflicts, identity
from intake.conflicts import Comparison
from intake.features import NOBODY, Features
from intake.identity import Twin
from intake.reading import Cell
from intake.spelling import spelling
from layers.spec import LayerSpec
from wording import Text


@dataclass(frozen=True)
class RowIdentity:
    """
    What the n rows of a table are.

    Attributes
    ----------
    spec : LayerSpec
        The layer.
    cells : mapping of str to list of cell
        Its `identifying_columns`, n cells each, as far as the file has them.
    make_up : callable
        Returns n keys for a file that has none.
    shapes : ndarray of geometry, shape (n,)
        In the working CRS; None where a row has no place.
    parents : mapping of str to mapping of str to str
        Column of the natural key to the names of the features that it refers to, by key.
    known : Features or None
        The layer as the district has it, None if it has nothing of it.
    match : ndarray of int, shape (n,), or None
        The position in the layer of the feature that each row names; None where rows have geometry.
    """

    spec: LayerSpec
    cells: Mapping[str, list[Cell]]
    make_up: Callable[[], list[str]]
    shapes: NDArray[np.object_]
    parents: Mapping[str, Mapping[str, str]]
    known: Features | None
    match: NDArray[np.intp] | None

    @property
    def own(self) -> list[Cell]:
        """The keys of the file, else made-up ones."""
        return self.cells.get(self.spec.key) or list(self.made_up)

    @cached_property
    def made_up(self) -> list[str]:
        """Keys for a file that has none."""
        return self.make_up()

    @cached_property
    def features(self) -> Features:
        """What identifies the rows."""
        return Features(self.spec, self.cells, self.shapes, self.own, self.parents)

    @cached_property
    def certain(self) -> NDArray[np.intp]:
        """The known feature of each row by its key, else by what it names, shape (n,)."""
        keys = pd.Index(self.own, dtype=object)
        there = pd.Index(list(self.known_keys), dtype=object)
        by_key = np.asarray(there.get_indexer(keys), dtype=np.intp)
        return by_key if self.match is None else np.where(by_key >= 0, by_key, self.match)

    @cached_property
    def twins(self) -> dict[int, Twin]:
        """The rows that are probably a known feature under another key, by position."""
        if self.known is None:
            return {}
        found = identity.twins(self.features.taken(self._open), self.known)
        return {self._open[n]: twin for n, twin in found.items()}

    @cached_property
    def _open(self) -> list[int]:
        """The rows that are no known feature yet, less those that name one feature together."""
        unknown: list[int] = np.flatnonzero(self.certain == NOBODY).tolist()
        if self.match is None:
            return unknown
        forms = self.features.forms
        rows_of = Counter(forms)
        return [at for at in unknown if rows_of[forms[at]] == 1]

    @cached_property
    def compared(self) -> Comparison:
        """The rows that are a known feature and say something else of it."""
        if self.known is None:
            return Comparison({}, {})
        return conflicts.compare(self.features, self.known, self.certain)

    @cached_property
    def again(self) -> dict[int, int]:
        """
        The rows that are an earlier row of the table again, with that row, by position.

        Two that have keys of the district are two features there already.
        """
        if self.match is not None:
            return {}
        found = again.find(self.features)
        return {a: b for a, b in found.items() if min(self.certain[a], self.certain[b]) == NOBODY}

    def called(self, text: str) -> list[int]:
        """Return the positions of the rows of this key, else of this name in any spelling."""
        of_key = [at for at, key in enumerate(self.own) if key == text]
        spelt = spelling(text)
        names = range(len(self.shapes))
        return of_key or [at for at in names if spelling(self.name(at)) == spelt]

    def name(self, at: int) -> str:
        """Return the name of a row, — where it has none."""
        name = self.features.names[at]
        return name if isinstance(name, str) else "—"

    @cached_property
    def other_keys(self) -> dict[int, str]:
        """The keys that the file has for rows whose name is that of a feature, by position."""
        said = self.cells.get(self.spec.key, [])
        names = range(len(said)) if self.match is not None else range(0)
        return {
            at: str(said[at])
            for at in names
            if said[at] is not None
            and self.certain[at] != NOBODY
            and said[at] != self.known_keys[self.certain[at]]
        }

    def is_spelling(self, at: int, known: int) -> bool:
        """Return whether a row calls a known feature by its name, spelt otherwise."""
        if self.known is None or not isinstance(self.known.names[known], str):
            return False
        said, there = self.features.names[at], str(self.known.names[known])
        if not isinstance(said, str) or said == there:
            return False
        return spelling(said) == spelling(there) or (
            bool(self.features.forms[at]) and self.features.forms[at] == self.known.forms[known]
        )

    def pair(self, at: int, known: int) -> Twin:
        """Return a row beside a known feature: what was found, or that a person says so."""
        twin = self.twins.get(at)
        if twin is not None and twin.at == known:
            return twin
        there = None if self.known is None else self.known.names[known]
        why = Text("由人确认", "a person says so")
        return identity.beside(self.name(at), there, self.known_keys[known], known, why)

    @property
    def known_keys(self) -> Sequence[Cell]:
        """The keys of the known layer, by position."""
        return [] if self.known is None else self.known.keys
