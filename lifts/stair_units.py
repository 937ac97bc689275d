"""Stair units: which of them ask for a lift, and the wall that each one's door is in."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from geo.runs import least_of_groups
from rules.context import EvaluationContext
from rules.grammar import Checklist
from rules.measures.members import checked
from rules.selection import columns_of
from rules.verdict import SHORT, UNKNOWN

TRIGGER = "lift.retrofit_candidate"
"""The rule by which a stair unit asks for a lift."""

STATES = ("asked", "has_lift", "not_asked", "unknown")
"""Whether a lift is asked for: it is, there is one, too few storeys, or nobody knows."""

_INSIDE_M = 0.01  # a step off a wall that tells its outside
_NEXT_M = 1e-6  # a unit's wall is the nearest; walls so near count as equally near


@dataclass(frozen=True, slots=True, eq=False)
class Wall:
    """
    Places on walls, and which way the walls run and face; m of them.

    Attributes
    ----------
    at : ndarray of float64, shape (m, 2)
        Places [m].
    along, out : ndarray of float64, shape (m, 2)
        Unit vectors along the wall and off the building; NaN where there is no wall.
    """

    at: FloatArray
    along: FloatArray
    out: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class StairUnits:
    """
    The n stair units of a district.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a unit: the layer's columns, `is_inferred`, and `state`, one of `STATES`.
    estate : ndarray of int64, shape (n,)
        Position of each unit's estate.
    building : ndarray of int64, shape (n,)
        Position of each unit's building among the district's, -1 for none.
    door : Wall
        Where each door is.
    """

    table: pd.DataFrame
    estate: IntArray
    building: IntArray
    door: Wall


def stair_units(context: EvaluationContext) -> StairUnits:
    """
    Return the stair units of a district, those of buildings without surveyed units inferred.

    Parameters
    ----------
    context : EvaluationContext
        The district on a day.
    """
    rows = context.rows("units")
    rows = rows.keep(rows.estate >= 0)
    spec = context.book.by_id[TRIGGER].measure
    assert isinstance(spec, Checklist)  # noqa: S101 - the rule is one
    table = pd.DataFrame(rows.source.drop(columns="geometry"))
    fields = rows.table(columns_of(spec.when, spec.all))
    code = checked(spec, fields, failing=SHORT).code
    has_lift = (table["has_lift"] == True).fillna(value=False).to_numpy(dtype=bool)  # noqa: E712
    state = np.select(
        [has_lift, code >= SHORT, code == UNKNOWN], ["has_lift", "asked", "unknown"], "not_asked"
    )
    buildings = context.district["buildings"]
    building = pd.Index(buildings["building_id"]).get_indexer(table["building_id"])
    shapes = np.asarray(buildings.geometry.array, dtype=object)
    points = shapely.get_coordinates(rows.shapes)
    return StairUnits(
        table.assign(state=state).reset_index(drop=True),
        rows.estate,
        np.asarray(building, dtype=np.int64),
        wall_at(points, _of(shapes, building)),
    )


def _of(shapes: ObjectArray, place: IntArray) -> ObjectArray:
    """Return the shape at each place, an empty polygon where there is none."""
    found: ObjectArray = np.full(len(place), shapely.Polygon(), dtype=object)
    found[place >= 0] = shapes[place[place >= 0]]
    return found


def wall_at(points: FloatArray, buildings: ObjectArray) -> Wall:
    """
    Return the wall of each building that is nearest to its point.

    Parameters
    ----------
    points : ndarray of float64, shape (m, 2)
        Doors [m].
    buildings : ndarray of Polygon or MultiPolygon, shape (m,)
        The building of each; an empty one has no wall.

    Returns
    -------
    Wall
        The nearest place on the wall. Of two walls that meet at a corner it is the longer.
    """
    xy, ring = shapely.get_coordinates(
        shapely.get_parts(shapely.boundary(buildings)), return_index=True
    )
    _, owner = shapely.get_parts(shapely.boundary(buildings), return_index=True)
    same = ring[1:] == ring[:-1]
    begin, end, of = xy[:-1][same], xy[1:][same], owner[ring[:-1][same]]
    run = end - begin
    length = np.hypot(*run.T)
    begin, run, of, length = (each[length > 0] for each in (begin, run, of, length))
    share = np.clip(np.einsum("ij,ij->i", points[of] - begin, run) / length**2, 0.0, 1.0)
    foot = begin + share[:, None] * run
    gap = np.hypot(*(points[of] - foot).T)
    first = least_of_groups(of, np.round(gap / _NEXT_M), -length)
    at, along, out = (np.full((len(points), 2), np.nan) for _ in range(3))
    mine = of[first]
    at[mine], along[mine] = foot[first], run[first] / length[first][:, None]
    out[mine] = np.stack([along[mine, 1], -along[mine, 0]], axis=1)
    turned = shapely.contains_xy(buildings[mine], at[mine] + _INSIDE_M * out[mine])
    out[mine[turned]] *= -1.0
    return Wall(at, along, out)


def behind(door: Wall, buildings: ObjectArray, reach_m: float) -> Wall:
    """
    Return the wall on the other side of each building, straight behind its door.

    Parameters
    ----------
    door : Wall
        Where the doors are.
    buildings : ndarray of Polygon or MultiPolygon, shape (m,)
        The building of each.
    reach_m : float
        How deep a building may be [m].

    Returns
    -------
    Wall
        NaN where the building is deeper.
    """
    start, end = door.at - _INSIDE_M * door.out, door.at - reach_m * door.out
    known = ~np.isnan(door.out).any(axis=1)
    rays = shapely.linestrings(np.stack([start[known], end[known]], axis=1))
    hits = shapely.intersection(rays, shapely.boundary(buildings[known]))
    xy, ray = shapely.get_coordinates(hits, return_index=True)
    gap = np.hypot(*(xy - start[known][ray]).T)
    first = least_of_groups(ray, gap)
    far = np.full((len(door.at), 2), np.nan)
    far[np.flatnonzero(known)[ray[first]]] = xy[first]
    is_there = ~np.isnan(far).any(axis=1)
    cut = np.array(buildings, dtype=object)
    cut[~is_there] = shapely.Polygon()
    return wall_at(np.where(is_there[:, None], far, 0.0), cut)


def is_known(wall: Wall) -> BoolArray:
    """Return whether there is a wall at each place, shape (m,)."""
    known: BoolArray = np.logical_not(np.isnan(wall.out).any(axis=1))
    return known
