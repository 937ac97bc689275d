"""LayerEdit: what changes in one layer, in frames and arrays."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

import layers
from edits.cells import (
    GEOMETRY,
    Cell,
    Cells,
    cells_of,
    columns_of,
    conformed,
    stacked,
)
from edits.row_change import RowChange, joined
from edits.wording import counted
from layers.unknown_codes import unknown_codes
from wording import Language


@dataclass(frozen=True, slots=True, eq=False)
class CellChanges:
    """
    The cells of one column that change.

    Attributes
    ----------
    keys : ndarray of str, shape (n,)
        Keys of the rows, sorted.
    before, after : ndarray of object, shape (n,)
        Plain values, None where unknown; geometries for the column `geometry`.
    """

    keys: Cells
    before: Cells
    after: Cells

    def inverted(self) -> "CellChanges":
        """Return the changes that take these back."""
        return CellChanges(self.keys, self.after, self.before)


@dataclass(frozen=True, slots=True, eq=False)
class LayerEdit:
    """
    What changes in one layer; no key occurs twice among added, removed and changed rows.

    Attributes
    ----------
    layer : str
        Which.
    added, removed : geopandas.GeoDataFrame
        Whole rows, conforming to the layer's spec, sorted by key.
    cells : mapping of str to CellChanges
        Column or "geometry" -> the cells that change, of rows there before and after.
    """

    layer: str
    added: gpd.GeoDataFrame
    removed: gpd.GeoDataFrame
    cells: Mapping[str, CellChanges] = field(default_factory=dict)

    @classmethod
    def of_rows(cls, layer: str, rows: Iterable[RowChange], crs: CRS) -> "LayerEdit":
        """
        Return the edit of row changes in any order, one a key.

        Raises
        ------
        DataError
            If a whole row does not conform to the layer's spec.
        """
        ordered = sorted(rows, key=lambda row: row.key)
        added = [row.after for row in ordered if row.before is None and row.after is not None]
        removed = [row.before for row in ordered if row.after is None and row.before is not None]
        changed = [row for row in ordered if row.before is not None and row.after is not None]
        return cls(layer, _frame(layer, added, crs), _frame(layer, removed, crs), _cells(changed))

    @property
    def changed(self) -> pd.Index:
        """Keys of the rows of which cells change, sorted."""
        keys = [cells.keys for cells in self.cells.values()]
        return pd.Index(np.unique(np.concatenate(keys)) if keys else [], dtype=object)

    @property
    def added_keys(self) -> pd.Index:
        """Keys of the rows added, sorted."""
        return pd.Index(cells_of(self.added, layers.ALL[self.layer].key), dtype=object)

    @property
    def removed_keys(self) -> pd.Index:
        """Keys of the rows removed, sorted."""
        return pd.Index(cells_of(self.removed, layers.ALL[self.layer].key), dtype=object)

    @property
    def keys(self) -> pd.Index:
        """Keys of all rows touched."""
        return self.added_keys.append([self.changed, self.removed_keys])

    @property
    def columns(self) -> dict[str, int]:
        """Column, or "geometry" -> number of changed rows in which it changes."""
        return {name: len(cells.keys) for name, cells in self.cells.items()}

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many rows are added, changed and removed."""
        return len(self.added), len(self.changed), len(self.removed)

    def inverted(self) -> "LayerEdit":
        """Return the edit that takes this one back."""
        cells = {name: one.inverted() for name, one in self.cells.items()}
        return LayerEdit(self.layer, self.removed, self.added, cells)

    def rows(self) -> Iterator[RowChange]:
        """Yield every row changed: added, changed, removed, each in the order of the keys."""
        for key, cells in _whole_rows(self.layer, self.added):
            yield RowChange(self.layer, key, None, cells)
        before: dict[str, dict[str, Cell]] = {key: {} for key in self.changed}
        after: dict[str, dict[str, Cell]] = {key: {} for key in before}
        for name, one in self.cells.items():
            for key, was, becomes in zip(one.keys, one.before, one.after, strict=True):
                before[key][name], after[key][name] = was, becomes
        for key, cells in before.items():
            yield RowChange(self.layer, key, cells, after[key])
        for key, cells in _whole_rows(self.layer, self.removed):
            yield RowChange(self.layer, key, cells, None)

    def only(self, keys: pd.Index, *, is_in: bool = True) -> "LayerEdit":
        """Return what changes of the rows with `keys`; with ``is_in=False`` of all others."""
        key = layers.ALL[self.layer].key
        added, removed = (
            frame[frame[key].isin(keys) == is_in] for frame in (self.added, self.removed)
        )
        cells = {}
        for name, one in self.cells.items():
            chosen = pd.Index(one.keys).isin(keys) == is_in
            if chosen.any():
                cells[name] = CellChanges(one.keys[chosen], one.before[chosen], one.after[chosen])
        return LayerEdit(self.layer, added, removed, cells)

    def then(self, other: "LayerEdit") -> "LayerEdit":
        """Return this edit and `other`, of the same layer, after it as one."""
        both = self.keys.intersection(other.keys)
        first = {row.key: row for row in self.only(both).rows()}
        one = [joined(first[row.key], row) for row in other.only(both).rows()]
        crs = CRS(self.added.crs)
        parts = (
            self.only(both, is_in=False),
            other.only(both, is_in=False),
            LayerEdit.of_rows(self.layer, [row for row in one if row is not None], crs),
        )
        return LayerEdit(
            self.layer,
            stacked(self.layer, *(part.added for part in parts)),
            stacked(self.layer, *(part.removed for part in parts)),
            _merged_cells([part.cells for part in parts]),
        )

    def sentence(self, language: Language) -> str:
        """Return how many rows change, and in which columns, in ``"zh"`` or ``"en"``."""
        return counted(self.layer, self.counts, self.columns, language)

    def __bool__(self) -> bool:
        """Return whether any row changes."""
        return any((len(self.added), len(self.removed), len(self.cells)))


def _frame(layer: str, rows: list[Mapping[str, Cell]], crs: CRS) -> gpd.GeoDataFrame:
    """Return whole rows as a conforming frame; columns unknown to the spec follow its own."""
    spec = layers.ALL[layer]
    if not rows:
        return spec.empty(crs)
    raw = gpd.GeoDataFrame(pd.DataFrame(rows, dtype=object), geometry=GEOMETRY, crs=crs)
    # Codes of another build pass: whether the district has them is asked where the edit is applied.
    return conformed(spec.with_codes(unknown_codes(layer, raw)), raw, crs)


def _cells(rows: list[RowChange]) -> dict[str, CellChanges]:
    """Return the cells that change, by column, of changed rows sorted by key."""
    names = dict.fromkeys(name for row in rows for name in row.before or ())
    return {
        name: _column(name, [row for row in rows if name in (row.before or ())]) for name in names
    }


def _column(name: str, rows: list[RowChange]) -> CellChanges:
    keys, before, after = (np.empty(len(rows), dtype=object) for _ in range(3))
    for place, row in enumerate(rows):
        keys[place] = row.key
        before[place], after[place] = (row.before or {})[name], (row.after or {})[name]
    return CellChanges(keys, before, after)


def _merged_cells(parts: list[Mapping[str, CellChanges]]) -> dict[str, CellChanges]:
    """Return the cells of edits of different rows as one."""
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: _joined_cells([part[name] for part in parts if name in part]) for name in names}


def _joined_cells(some: list[CellChanges]) -> CellChanges:
    keys = np.concatenate([one.keys for one in some])
    order = np.argsort(keys, kind="stable")
    before, after = (
        np.concatenate([getattr(one, side) for one in some])[order] for side in ("before", "after")
    )
    return CellChanges(keys[order], before, after)


def _whole_rows(layer: str, frame: gpd.GeoDataFrame) -> Iterator[tuple[str, dict[str, Cell]]]:
    """Yield key and known cells of every row."""
    names = columns_of(frame)
    columns = [cells_of(frame, name) for name in names]
    for key, *cells in zip(cells_of(frame, layers.ALL[layer].key), *columns, strict=True):
        known = zip(names, cells, strict=True)
        yield key, {name: cell for name, cell in known if cell is not None}
