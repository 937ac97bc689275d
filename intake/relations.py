"""Relations: a survey names the estate a row belongs to; a layer holds its id."""

from collections.abc import Mapping, Sequence

import geopandas as gpd

import layers
from intake.reading import Cell
from layers.spec import Column


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
    return [cell if cell in there else ids.get(cell, cell) for cell in cells]
