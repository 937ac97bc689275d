"""Neighbours: what two buried pipes keep from each other where they run beside each other."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.arrays import BoolArray, IndexArray, ShapeArray
from geo.clearance import clearances
from pipework.beside import beside_each, meetings
from pipework.distances import Measured, doubt_m, farthest, held
from pipework.pieces import Pieces
from pipework.required import Survey, required
from rules.model import Book
from wording import Text


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """
    Pairs of buried pipes that are near each other in plan, each once; p of them.

    Attributes
    ----------
    first, second : ndarray of intp, shape (p,)
        Positions of the two, the first before the second.
    places : ndarray of MultiPoint, shape (p,)
        Where they cross or touch.
    """

    first: IndexArray
    second: IndexArray
    places: ShapeArray

    def where(self, keep: BoolArray) -> "Neighbours":
        """Return the pairs at which `keep`, shape (p,), is true."""
        return Neighbours(self.first[keep], self.second[keep], self.places[keep])


def neighbours(pieces: Pieces, book: Book) -> Neighbours:
    """
    Return the pairs of buried pipes that are so near that a table may speak of them.

    Parameters
    ----------
    pieces : Pieces
        The pipes of a district.
    book : Book
        With the clearances.
    """
    radius = np.nan_to_num(pieces.radius_m)
    own = book.clearances
    reach = farthest(own.tables, "pipe") + doubt_m(pieces, own.look_m)
    near = clearances(pieces.buried, pieces.buried, reach, radius, radius)
    once = near.where(near.subject < near.object)
    first, second = pieces.geometry[once.subject], pieces.geometry[once.object]
    places = np.full(len(once), shapely.MultiPoint(), dtype=object)
    meet = shapely.intersects(first, second)
    places[meet] = meetings(shapely.intersection(first[meet], second[meet]))
    return Neighbours(once.subject, once.object, places)


def near_pipes(pieces: Pieces, book: Book, pairs: Neighbours) -> gpd.GeoDataFrame:
    """
    Hold pipes that run beside each other against the horizontal table.

    Where two cross, what is nearer to the crossing than the convention's reach is left to the
    crossing's own clearance.

    Parameters
    ----------
    pieces : Pieces
        The pipes of a district.
    book : Book
        With the clearances.
    pairs : Neighbours
        Of these pipes.

    Returns
    -------
    geopandas.GeoDataFrame
        Rows of `checks.COLUMNS` under the first of each pair.
    """
    of = pieces.class_of
    asked = required(
        book.clearances.between,
        (pieces.classes, of[pairs.first]),
        (pieces.classes, of[pairs.second]),
    )
    spoken = asked["most_m"].notna().to_numpy()
    pairs, asked = pairs.where(spoken), asked[spoken].reset_index(drop=True)
    radius = np.nan_to_num(pieces.radius_m)
    lines = pieces.geometry[pairs.first], pieces.geometry[pairs.second]
    measured = Measured(
        pairs.first,
        *lines,
        *lines,
        radius[pairs.first],
        radius[pairs.second],
        named(pieces, pairs.second),
        asked,
        surveyed(pieces, pairs),
    )
    look = book.clearances.look_m
    least, most = measured.reaches_m(book.pipe_checks.crossing_reach, look)
    (line, sure), (shape, sure_shape) = (
        beside_each(own, pairs.places, least, most) for own in lines
    )
    apart = replace(measured, line=line, shape=shape, sure_line=sure, sure_shape=sure_shape)
    return held("pipe", apart, look)


def named(pieces: Pieces, at: IndexArray) -> pd.DataFrame:
    """Return what pipes are called that others are held against, one row each; -1 is none."""
    there = at >= 0
    names = [pieces.names[pieces.class_of[one]] if one >= 0 else _NOBODY for one in at]
    ids = np.full(len(at), "", dtype=object)
    ids[there] = pieces.table["pipe_id"].to_numpy()[at[there]]
    return pd.DataFrame(
        {
            "other": at,
            "object_layer": np.where(there, "pipelines", ""),
            "object_id": ids,
            "object_zh": [name.zh for name in names],
            "object_en": [name.en for name in names],
        }
    )


_NOBODY = Text("", "")


def surveyed(pieces: Pieces, pairs: Neighbours) -> Survey:
    """Return how well pairs of pipes were surveyed: what both may be wrong by adds up."""
    first, second = pairs.first, pairs.second
    has_size = ~np.isnan(pieces.radius_m)
    return Survey(
        pieces.accuracy_m[first] + pieces.accuracy_m[second], has_size[first] & has_size[second]
    )
