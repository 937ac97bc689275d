"""Buildings: what a buried pipe keeps from those that it does not serve, and what is built over."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clearances.walls import footprints
from geo.arrays import FloatArray, IndexArray, ShapeArray
from geo.clearance import clearances
from layers.district import District
from pipework.beside import beside_each, gathered
from pipework.distances import Measured, doubt_m, farthest, held
from pipework.pieces import Pieces
from pipework.required import Survey, required
from rules.model import Book
from rules.rows import names_of
from wording import LANGUAGES


def near_buildings(pieces: Pieces, district: District, book: Book) -> gpd.GeoDataFrame:
    """
    Hold pipes against buildings.

    A pipe that ends at a building serves it: what of it is inside, or nearer to that end than the
    convention's reach, is left out. One that passes under a building is built over.

    Parameters
    ----------
    pieces : Pieces
        The pipes of a district.
    district : District
        Its `buildings`.
    book : Book
        With the clearances.

    Returns
    -------
    geopandas.GeoDataFrame
        Rows of `checks.COLUMNS`.
    """
    found, own = footprints(district), book.clearances
    shapes = np.asarray(found.table.geometry.array, dtype=object)
    radius = np.nan_to_num(pieces.radius_m)
    reach = farthest(own.tables, "building") + doubt_m(pieces, own.look_m)
    near = clearances(pieces.buried, shapes, reach, 0.0, radius)
    asked = required(
        own.between,
        (pieces.classes, pieces.class_of[near.subject]),
        ([one.feature for one in found.classes], found.class_of[near.object]),
    )
    spoken = asked["most_m"].notna().to_numpy()
    near, asked = near.where(spoken), asked[spoken].reset_index(drop=True)
    pipe, at = near.subject, near.object
    has_size = ~np.isnan(pieces.radius_m)[pipe]
    measured = Measured(
        pipe,
        pieces.geometry[pipe],
        shapes[at],
        pieces.geometry[pipe],
        shapes[at],
        radius[pipe],
        np.zeros(len(at)),
        _named(district, at),
        asked,
        Survey(pieces.accuracy_m[pipe], has_size),
    )
    reaches = measured.reaches_m(book.pipe_checks.crossing_reach, own.look_m)
    line, sure = _unserved(measured, reaches, book.pipe_checks.join_m)
    return held("building", replace(measured, line=line, sure_line=sure), own.look_m)


def _named(district: District, at: IndexArray) -> pd.DataFrame:
    buildings = district["buildings"]
    return pd.DataFrame(
        {
            "object_layer": "buildings",
            "object_id": buildings["building_id"].to_numpy(dtype=object)[at],
            **{f"object_{side}": names_of("buildings", buildings, side)[at] for side in LANGUAGES},
        }
    )


def _unserved(
    pairs: Measured, reaches_m: tuple[FloatArray, FloatArray], join_m: float
) -> tuple[ShapeArray, ShapeArray]:
    """Return what of each line may not, and does not, lead to the building that it ends at."""
    lines, shapes = pairs.line, pairs.shape
    ends, of = shapely.get_parts(shapely.boundary(lines), return_index=True)
    led = np.unique(of[shapely.distance(ends, shapes[of]) <= join_m])
    outside = shapely.difference(lines[led], shapes[led])
    ends, of = shapely.get_parts(shapely.boundary(outside), return_index=True)
    serving = shapely.distance(ends, shapes[led][of]) <= join_m
    places = gathered(ends[serving], of[serving], len(led))
    least, most = (reach[led] for reach in reaches_m)
    wide, narrow = (np.array(lines, dtype=object) for _ in range(2))
    wide[led], narrow[led] = beside_each(outside, places, least, most)
    return wide, narrow
