"""
Origin: where delivered rows come from, as recorded on each of them.

A row has one date for all its columns. A table that updates a feature makes it newer only if it
brings every value that is known of it; what it did not deliver it did not survey.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from intake.features import of_rows
from intake.reading import Cell
from layers.spec import PROVENANCE_COLUMNS, LayerSpec, Provenance

_NAMING = ("name", "kind")


@dataclass(frozen=True, slots=True)
class TableOrigin:
    """Provenance of a table: what is written into the provenance columns of its rows."""

    name: str
    digest: str
    date: str
    provenance: str = Provenance.SURVEYED.value

    def fill(self, data: MutableMapping[str, Any], count: int, before: "RowOrigins") -> None:
        """
        Fill provenance, source and source date of `count` rows where they are missing.

        Parameters
        ----------
        data : mutable mapping of str to sequence
            The rows by column.
        count : int
            How many they are.
        before : RowOrigins
            What is known of the features that they update.
        """
        kept = before.kept(self.date)
        own = (self.provenance, self.name, self.date)
        for n, column in enumerate(PROVENANCE_COLUMNS):
            cells = np.full(count, own[n], dtype=object)
            cells[list(kept)] = [origin[n] for origin in kept.values()]
            blank, held = pd.Series(cells), data.get(column.name)
            data[column.name] = (
                blank if held is None else pd.Series(held, dtype=object).fillna(blank)
            )


@dataclass(frozen=True)
class RowOrigins:
    """
    The features that the rows of a table update, and what the table brings of them.

    Attributes
    ----------
    spec : LayerSpec
        The layer.
    known : geopandas.GeoDataFrame or None
        The layer as the district has it, None if it has nothing of it.
    rows : ndarray of int, shape (n,)
        The position in it of the feature of each row, -1 where none.
    cells : mapping of str to sequence of cell
        What the table says, n cells a column; None where it does not.
    """

    spec: LayerSpec
    known: gpd.GeoDataFrame | None
    rows: NDArray[np.intp]
    cells: Mapping[str, Sequence[Cell]]

    def kept(self, date: str) -> dict[int, tuple[str, str, str]]:
        """
        Return the origins that rows keep, by position, as they bring less than is known.

        Parameters
        ----------
        date : str
            Of the table: the row is as old as the oldest of its values.
        """
        if self.known is None:
            return {}
        brings_something, brings_all = self._brought
        kept = {}
        origins = self.known[[column.name for column in PROVENANCE_COLUMNS]].astype(object)
        for at in np.flatnonzero((self.rows >= 0) & ~brings_all).tolist():
            provenance, source, day = origins.iloc[self.rows[at]]
            kept[at] = provenance, source, min(day, date) if brings_something[at] else day
        return kept

    @property
    def _brought(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which rows bring a value, and which bring every one that is known."""
        something = np.zeros(len(self.rows), dtype=bool)
        everything, blank = ~something, [None] * len(self.rows)
        for name in surveyed(self.spec):
            found = self.cells.get(name)
            brought = np.array([cell is not None for cell in found or blank], dtype=bool)
            something |= brought
            everything &= brought | ~self._known_of(name)
        return something, something & everything

    def _known_of(self, name: str) -> NDArray[np.bool_]:
        """Return of which rows a value is known."""
        if self.known is None or name not in self.known:
            return np.zeros(len(self.rows), dtype=bool)
        return of_rows(self.known[name].notna().to_numpy(), self.rows, blank=False)


def surveyed(spec: LayerSpec) -> tuple[str, ...]:
    """Return the columns that a survey finds out: all but what names a feature and its estate."""
    return tuple(
        column.name
        for column in spec.own_columns
        if column.name not in {spec.key, *_NAMING} and not column.refers_to
    )
