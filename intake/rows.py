"""Rows: which feature each row of a table is, by its key, its name, its kind and its place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from intake import identity
from intake.identity import Twin
from intake.reading import Cell
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
        Key, name and kind of each row, as far as the file has them.
    make_up : callable
        Returns n keys for a file that has none.
    shapes : ndarray of geometry, shape (n,)
        In the working CRS; None where a row has no place.
    known : geopandas.GeoDataFrame or None
        The layer as the district has it.
    match : ndarray of int, shape (n,), or None
        The position in `known` of the feature that each row names; None where rows have geometry.
    """

    spec: LayerSpec
    cells: Mapping[str, list[Cell]]
    make_up: Callable[[], list[str]]
    shapes: NDArray[np.object_]
    known: gpd.GeoDataFrame | None
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
    def twins(self) -> dict[int, Twin]:
        """The rows that are probably a known feature under another key, by position."""
        if self.known is None or self.match is not None:
            return {}
        found = identity.twins(*self._names_and_kinds, self.shapes, self.known, self.spec)
        own, there = self.own, set(self.known_keys)
        return {at: twin for at, twin in found.items() if own[at] not in there}

    @cached_property
    def again(self) -> dict[int, int]:
        """The rows that are an earlier row of the table again, with that row, by position."""
        if self.spec.name not in identity.STEPS:
            return {}
        return identity.within(*self._names_and_kinds, self.shapes)

    def keyed(self, keys: Sequence[Cell], pairs: Mapping[int, int]) -> list[Cell]:
        """
        Return `keys` with those of known features where a row is one.

        Parameters
        ----------
        keys : sequence of cell, n
            The key of each row.
        pairs : mapping of int to int
            Position of the known feature by position of the row.
        """
        there, found = self.known_keys, list(keys)
        for at, known in pairs.items():
            found[at] = there[known]
        return found

    def known_rows(self, pairs: Mapping[int, int]) -> NDArray[np.intp]:
        """Return the position of each row's feature in the known layer, shape (n,), -1 if none."""
        if self.match is not None:
            return self.match
        keys = pd.Index(self.keyed(self.own, pairs), dtype=object)
        return np.asarray(pd.Index(self.known_keys, dtype=object).get_indexer(keys), dtype=np.intp)

    def called(self, text: str) -> list[int]:
        """Return the positions of the rows of this key, else of this name in any spelling."""
        of_key = [at for at, key in enumerate(self.own) if key == text]
        spelt = identity.spelling(text)
        names = range(len(self.shapes))
        return of_key or [at for at in names if identity.spelling(self.name(at)) == spelt]

    def name(self, at: int) -> str:
        """Return the name of a row, — where it has none."""
        name = self.cells["name"][at] if "name" in self.cells else None
        return name if isinstance(name, str) else "—"

    def pair(self, at: int, known: int) -> Twin:
        """Return a row beside a known feature: what was found, or that a person says so."""
        twin = self.twins.get(at)
        if twin is not None and twin.at == known:
            return twin
        names = self.known["name"] if self.known is not None and "name" in self.known else None
        there = "—" if names is None else names.iloc[known]
        why = Text("由人确认", "a person says so")
        return identity.beside(self.name(at), there, self.known_keys[known], known, why)

    @cached_property
    def known_keys(self) -> list[Cell]:
        """The keys of the known layer, by position."""
        known = self.known
        return [] if known is None else known[self.spec.key].astype(object).tolist()

    @property
    def _names_and_kinds(self) -> tuple[list[Cell], list[Cell]]:
        blank: list[Cell] = [None] * len(self.shapes)
        return self.cells.get("name", blank), self.cells.get("kind", blank)
