"""Relations: a survey names the estate a row belongs to; a layer holds its id."""

from collections.abc import Mapping, Sequence

import geopandas as gpd

import layers
from intake.identity import spelling, unique
from intake.letters import level
from intake.reading import Cell
from intake.values import DAY_ZERO, Reading, convert
from layers.spec import Column, LayerSpec


def ids_of_names(
    column: Column, cells: Sequence[Cell], known: Mapping[str, gpd.GeoDataFrame]
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

    Returns
    -------
    list of cell
        Ids where a name, however spelt, belongs to exactly one feature; anything else as it was.
    """
    frame = known.get(column.refers_to)
    if frame is None or "name" not in frame:
        return list(cells)
    keys = frame[layers.ALL[column.refers_to].key].astype(object).tolist()
    there = set(keys)
    named = unique(frame["name"].astype(object).tolist())

    def found(cell: Cell) -> Cell:
        if cell in there or not isinstance(cell, str):
            return cell
        plain, at = level(cell), named.get(spelling(cell))
        return plain if plain in there else cell if at is None else keys[at]

    known_cells = {cell: found(cell) for cell in set(cells)}
    return [known_cells[cell] for cell in cells]


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
    found = {}
    for name, heading in mapping.items():
        column = spec.column(name)
        how = Reading(factors.get(name, 1.0), spec.name, day_zero)
        cells = convert(column, columns[heading], how)
        if name == spec.key:
            cells = _keys(cells, known.get(spec.name), spec.key)
        found[name] = ids_of_names(column, cells, known)
    return found
