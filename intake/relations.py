"""Relations: a survey names the estate a row belongs to; a layer holds its id."""

from collections.abc import Mapping, Sequence

import geopandas as gpd

import layers
from intake.letters import level
from intake.reading import Cell
from intake.values import convert
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
        Ids where a name belongs to exactly one feature; anything else as it was.
    """
    frame = known.get(column.refers_to)
    if frame is None or "name" not in frame:
        return list(cells)
    key = layers.ALL[column.refers_to].key
    once = frame[~frame["name"].duplicated(keep=False) & frame["name"].notna()]
    ids = dict(zip(once["name"].astype(object), once[key].astype(object), strict=True))
    there = set(frame[key])
    found = [cell if cell in there else ids.get(cell, cell) for cell in cells]
    ids |= {one: one for one in there}
    return [cell if cell in there else ids.get(_level(cell), cell) for cell in found]


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
    """
    found = {}
    for name, heading in mapping.items():
        column = spec.column(name)
        cells = convert(column, heading, columns[heading])
        if name == spec.key:
            cells = _keys(cells, known.get(spec.name), spec.key)
        found[name] = ids_of_names(column, cells, known)
    return found
