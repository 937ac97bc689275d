"""Relations: a survey names the estate a row belongs to; a layer holds its id."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import geopandas as gpd
import numpy as np

import layers
from intake.features import Features, named_once
from intake.letters import level
from intake.reading import Cell
from intake.values import DAY_ZERO, Reading, convert
from layers.spec import Column, LayerSpec


def ids_of_names(
    column: Column,
    cells: Sequence[Cell],
    known: Mapping[str, gpd.GeoDataFrame],
    others: Mapping[str, Sequence[Cell]] = MappingProxyType({}),
) -> list[Cell]:
    """
    Replace names by ids in a column that refers to another layer.

    Parameters
    ----------
    column : Column
        What is filled; nothing happens unless it refers to a layer that is known.
    cells : sequence of cell
        Values as converted.
    known : mapping of str to geopandas.GeoDataFrame
        Layers already there.
    others : mapping of str to sequence of cell, optional
        Other columns of the same rows, as ids: 3号楼 is one of the estate that its row names.

    Returns
    -------
    list of cell
        Ids where a name, however spelt, belongs to exactly one feature; anything else as it was.
    """
    if column.refers_to not in known or "name" not in known[column.refers_to]:
        return list(cells)
    there = Features.known(layers.ALL[column.refers_to], known)
    keys, parts = set(there.keys), there.spec.natural_key[-1:] or ("name",)
    is_within = [part for part in there.spec.natural_key[:-1] if part in others]
    wholly = (*is_within, *parts)
    texts = [cell if isinstance(cell, str) else None for cell in cells]
    nowhere = np.full(len(cells), None, dtype=object)
    said = {**{part: others[part] for part in is_within}, parts[0]: texts}
    rows = Features(there.spec, said, nowhere, texts, there.parents)
    named = named_once(there.called(wholly))

    def found(cell: Cell, form: str) -> Cell:
        if cell in keys or not isinstance(cell, str):
            return cell
        plain, at = level(cell), named.get(form)
        return plain if plain in keys else cell if at is None else there.keys[at]

    return [found(cell, form) for cell, form in zip(cells, rows.called(wholly), strict=True)]


def _level(cell: Cell) -> Cell:
    return level(cell) if isinstance(cell, str) else cell


def _keys(cells: Sequence[Cell], frame: gpd.GeoDataFrame | None, key: str) -> list[Cell]:
    """Return keys in one width: Ｆ０１ is F01, unless the district has it the other way."""
    there = set() if frame is None else set(frame[key])
    return [cell if cell in there else _level(cell) for cell in cells]


def cells_of(
    spec: LayerSpec,
    mapping: Mapping[str, str],
    columns: Mapping[str, Sequence[Cell]],
    known: Mapping[str, gpd.GeoDataFrame],
    factors: Mapping[str, float],
    day_zero: str = DAY_ZERO,
) -> dict[str, list[Cell]]:
    """
    Return the cells of every mapped column as its layer holds them.

    Parameters
    ----------
    spec : LayerSpec
        The layer.
    mapping : mapping of str to str
        Column to heading.
    columns : mapping of str to sequence of cell
        The file's cells by heading.
    known : mapping of str to geopandas.GeoDataFrame
        Layers already there, whose names may replace ids.
    factors : mapping of str to float
        By column, what a number without a unit of its own is multiplied by; 1 where not given.
    day_zero : str, optional
        Day 0 of serial dates, ISO 8601.
    """
    found: dict[str, list[Cell]] = {}
    for name, heading in mapping.items():
        column = spec.column(name)
        how = Reading(factors.get(name, 1.0), spec.name, day_zero)
        cells = convert(column, columns[heading], how)
        found[name] = _keys(cells, known.get(spec.name), name) if name == spec.key else list(cells)
    order = list(layers.ALL)  # an estate is known before the building that it has
    references = [column for column in map(spec.column, found) if column.refers_to]
    for column in sorted(references, key=lambda one: order.index(one.refers_to)):
        found[column.name] = ids_of_names(column, found[column.name], known, found)
    return found
