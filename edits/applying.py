"""
The one place where an edit changes a district.

Only the rows touched are checked (spec, CRS, grid, references to and from them), and all that was
computed of other layers is kept, so that trying one lift in a city costs what one lift costs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

import layers
from edits.cells import (
    Cell,
    Cells,
    are_among,
    cells_of,
    columns_of,
    conformed,
    overwritten,
    places_of,
    stacked,
    unlike,
    with_cells,
)
from edits.conflict import EditConflictError
from edits.edit import Edit, require_crs
from edits.layer_edit import LayerEdit
from layers import content
from layers.district import District
from layers.references import require_references


@dataclass(frozen=True, slots=True)
class _Exchange:
    """One layer after an edit, and the rows that it takes (`old`) and puts (`new`)."""

    whole: gpd.GeoDataFrame
    old: gpd.GeoDataFrame
    new: gpd.GeoDataFrame
    removed: pd.Index
    was_empty: bool


def apply(district: District, edit: Edit, *, assumed: bool = False) -> District:
    """
    Return the district after an edit; the district given stays as it is.

    Parameters
    ----------
    district : District
        What the edit starts from; layers that it does not touch are shared.
    edit : Edit
        In the district's working CRS.
    assumed : bool, default False
        Whether the edit is tried, not recorded: then no layer and no kind counts as surveyed that
        did not before, and what nobody has looked at stays unknown elsewhere.

    Raises
    ------
    EditConflictError
        If a row is not as the edit expects it.
    DataError
        If a value breaks its layer's spec, or a foreign key is unresolved afterwards.
    CrsError
        If the edit is in another CRS.
    """
    require_crs(edit.crs, district.crs)
    done = {name: _exchange(district, one) for name, one in edit.layers.items()}
    frames = {name: one.whole for name, one in done.items()}
    _require_references({**district.frames, **frames}, done)
    surveyed, kinds = district.surveyed, district.surveyed_kinds
    return district.sharing(
        frames,
        surveyed=surveyed if assumed else edit.surveyed.applied(surveyed),
        surveyed_kinds=kinds if assumed else edit.surveyed_kinds.applied(kinds),
        totals=_totals(district, done) if "totals" in district.__dict__ else {},
    )


def _exchange(district: District, edit: LayerEdit) -> _Exchange:
    """Return a layer with its rows exchanged, every expectation of the edit met."""
    frame, spec, crs = district.frames[edit.layer], district.spec(edit.layer), district.crs
    keys = frame[spec.key]
    removed = _places(edit, keys, edit.removed_keys)
    changed = _places(edit, keys, edit.changed)
    _require_absent(edit, keys)
    _require_rows(edit, frame.take(removed))
    becomes = with_cells(spec, frame.take(changed), _cells(edit, frame.take(changed)), crs)
    added = conformed(spec, edit.added, crs) if len(edit.added) else frame.iloc[:0]
    is_kept = np.ones(len(frame), dtype=bool)
    is_kept[removed] = is_kept[changed] = False
    if len(added) or len(removed):
        whole = stacked(edit.layer, frame[is_kept], becomes, added).reset_index(drop=True)
    else:
        whole = overwritten(frame, changed, becomes, edit.cells)
    return _Exchange(
        whole=whole,
        old=frame.take(np.flatnonzero(~is_kept)),
        new=stacked(edit.layer, becomes, added),
        removed=edit.removed_keys,
        was_empty=not len(frame),
    )


def _places(edit: LayerEdit, keys: pd.Series, wanted: pd.Index) -> NDArray[np.intp]:
    """Return where rows are; raise if one is missing."""
    places = places_of(keys, wanted)
    if (places < 0).any():
        key = str(wanted[places < 0][0])
        raise _conflict(edit, key, layers.ALL[edit.layer].key, found=None, expected=key)
    return places


def _require_absent(edit: LayerEdit, keys: pd.Series) -> None:
    """Raise if a row to be added is there already."""
    if not len(keys):
        return  # the keys of a large import, made into objects, take as much memory as its checks
    there = keys[are_among(keys, edit.added_keys)]
    if len(there):
        key = str(there.iloc[0])
        raise _conflict(edit, key, layers.ALL[edit.layer].key, found=key, expected=None)


def _require_rows(edit: LayerEdit, found: gpd.GeoDataFrame) -> None:
    """Raise if a row to be removed is not as it was."""
    if not len(found):
        return
    for column in columns_of(found, edit.removed):
        expected = cells_of(edit.removed, column)
        _require_cells(edit, column, edit.removed_keys, cells_of(found, column), expected)


def _cells(edit: LayerEdit, rows: gpd.GeoDataFrame) -> dict[str, Cells]:
    """Return the cells that change of these rows as they become, each as expected before."""
    keys = pd.Index(rows[layers.ALL[edit.layer].key])
    columns: dict[str, Cells] = {}
    for column, change in edit.cells.items():
        places, cells = keys.get_indexer(change.keys), cells_of(rows, column).copy()
        _require_cells(edit, column, pd.Index(change.keys), cells[places], change.before)
        cells[places] = change.after
        columns[column] = cells
    return columns


def _require_cells(
    edit: LayerEdit, column: str, keys: pd.Index, found: Cells, expected: Cells
) -> None:
    """Raise for the first cell that is not as the edit expects it."""
    places = np.flatnonzero(unlike(column, found, expected))
    if len(places):
        at = places[0]
        raise _conflict(edit, str(keys[at]), column, found=found[at], expected=expected[at])


def _conflict(
    edit: LayerEdit, key: str, column: str, *, found: Cell, expected: Cell
) -> EditConflictError:
    return EditConflictError(edit.layer, key, column, found=found, expected=expected)


def _require_references(
    frames: Mapping[str, gpd.GeoDataFrame], done: Mapping[str, _Exchange]
) -> None:
    """Raise on unresolved ids of the rows put, and of all rows that named a row now gone."""
    looked: dict[str, list[gpd.GeoDataFrame]] = {name: [one.new] for name, one in done.items()}
    for name in layers.SURVEYED:
        for column in layers.ALL[name].columns:
            target = done.get(column.refers_to)
            if target is None:
                continue
            # While a layer is empty nothing is said of ids into it; its first row changes that.
            doubtful = are_among(frames[name][column.name], target.removed) | target.was_empty
            looked.setdefault(name, []).append(frames[name][doubtful])
    known = {name: frame[layers.ALL[name].key] for name, frame in frames.items()}
    require_references({name: stacked(name, *parts) for name, parts in looked.items()}, known)


def _totals(district: District, done: Mapping[str, _Exchange]) -> dict[str, int]:
    """Return the totals of the layers edited, by what their rows add and take."""
    return {
        name: district.totals[name] - content.total(one.old) + content.total(one.new)
        for name, one in done.items()
    }
