"""Ends: whether every end of a pipe meets a pipe of its kind, a building or the estate's edge."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from clearances.verdict import ClearanceVerdict
from geo.arrays import BoolArray, FloatArray, IndexArray, ShapeArray
from geo.runs import least_of_groups
from pipework.checks import checks
from pipework.neighbours import named
from pipework.pieces import NO_KIND, Pieces
from rules.context import EvaluationContext


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """The e ends of buried pipes, and the nearest pipe of the same kind within reach of each."""

    pipe: IndexArray
    at: ShapeArray
    other: IndexArray
    """-1 where there is none."""
    gap_m: FloatArray
    """NaN where there is none."""


def ends_of(pieces: Pieces, context: EvaluationContext) -> gpd.GeoDataFrame:
    """
    Say of every end of a buried pipe whether it meets something.

    An end meets a pipe of its kind, or a building, that is as near as the convention says; what
    ends at the edge of an estate or outside all of them leads on where nobody looked. Any other
    end is to be verified: wells and caps are in no layer.

    Parameters
    ----------
    pieces : Pieces
        The pipes of a district.
    context : EvaluationContext
        The district, with its `buildings` and `estates`.

    Returns
    -------
    geopandas.GeoDataFrame
        Rows of `checks.COLUMNS`; `measured` is the gap to a pipe that the end nearly meets, and
        `required` how near it would have to be. What leads on has no row.
    """
    own = context.book.pipe_checks
    found = _nearest(pieces, own.near_m)
    meets = found.gap_m <= own.join_m
    nearly = ~meets & (found.other >= 0)
    buildings = np.asarray(context.district["buildings"].geometry.array, dtype=object)
    meets |= _is_near(found.at, buildings, own.join_m)
    rows = meets | nearly | ~_leads_on(found.at, context.outlines, own.near_m)
    nearly &= ~meets
    asked = np.flatnonzero(rows)
    other = named(pieces, np.where(nearly, found.other, -1)[asked])
    return checks(
        "end",
        found.pipe[asked].astype(np.int64),
        np.where(meets[asked], ClearanceVerdict.MET, ClearanceVerdict.VERIFY),
        _drawn(pieces, found, nearly)[asked],
        **{str(name): column.to_numpy() for name, column in other.items()},
        measured=np.where(nearly, found.gap_m, np.nan)[asked],
        required=own.join_m,
        unit="m",
        source_id=own.source,
        clause=own.clause,
        verified=own.verified,
    )


def _nearest(pieces: Pieces, near_m: float) -> _Ends:
    """Return the ends and the nearest pipe of the same kind within `near_m` of each."""
    at, of = shapely.get_parts(shapely.boundary(pieces.geometry), return_index=True)
    at, of = at[pieces.is_buried[of]], of[pieces.is_buried[of]]
    kind = pieces.table["kind"].to_numpy()
    found = shapely.STRtree(pieces.geometry).query(at, predicate="dwithin", distance=near_m)
    one, two = kind[of[found[0]]], kind[found[1]]
    same = (one == two) | (one == NO_KIND) | (two == NO_KIND)
    end, other = found[:, same & (of[found[0]] != found[1])]
    gap = shapely.distance(at[end], pieces.geometry[other])
    first = least_of_groups(end, gap, other)
    nearest, gap_m = np.full(len(at), -1, dtype=np.intp), np.full(len(at), np.nan)
    nearest[end[first]], gap_m[end[first]] = other[first], gap[first]
    return _Ends(of, at, nearest, gap_m)


def _is_near(points: ShapeArray, shapes: ShapeArray, reach_m: float) -> BoolArray:
    """Return which points, shape (e,), are within reach of any of some shapes."""
    near = np.zeros(len(points), dtype=np.bool_)
    near[shapely.STRtree(shapes).query(points, predicate="dwithin", distance=reach_m)[0]] = True
    return near


def _leads_on(points: ShapeArray, outlines: ShapeArray, edge_m: float) -> BoolArray:
    """Return which ends are outside every estate, or as near to the edge of one."""
    inside = _is_near(points, outlines, 0.0)
    return ~inside | _is_near(points, shapely.boundary(outlines), edge_m)


def _drawn(pieces: Pieces, found: _Ends, nearly: BoolArray) -> ShapeArray:
    """Return the gap to the pipe that an end nearly meets, else the end, shape (e,)."""
    drawn: ShapeArray = np.array(found.at, dtype=object)
    drawn[nearly] = shapely.shortest_line(found.at[nearly], pieces.geometry[found.other[nearly]])
    return drawn
