"""
Edits that have a name: what planners do to a district, each returned as an `Edit`.

Where a row is added, `cells` says its provenance; what it leaves out is unknown. Geometries are in
`crs`, the working CRS by default. Errors are those of `edits.rows`.
"""

from collections.abc import Mapping

import numpy as np
import shapely
from pyproj import CRS
from shapely.ops import substring

from edits.applying import apply
from edits.cells import GEOMETRY
from edits.edit import Edit
from edits.rows import add_row, in_working_crs, move, set_values
from geo.arrays import FloatArray
from layers.district import District


def add_facility(
    district: District,
    key: str,
    kind: str,
    entrance: shapely.Point,
    cells: Mapping[str, object],
    *,
    crs: CRS | None = None,
) -> Edit:
    """Return the edit that adds a facility of `kind`, open, at its entrance."""
    row = {"state": "open", **cells, "facility_id": key, "kind": kind}
    return add_row(district, "facilities", row, entrance, crs=crs)


def close_facility(district: District, key: str) -> Edit:
    """Return the edit that closes a facility; its row stays."""
    return set_values(district, "facilities", {key: {"state": "closed"}})


def open_gate(district: District, key: str) -> Edit:
    """Return the edit that opens an entrance; a way through it is a walkway of its own."""
    return set_values(district, "entrances", {key: {"state": "open"}})


def close_gate(district: District, key: str) -> Edit:
    """Return the edit that closes an entrance; the walkways through it are removed apart."""
    return set_values(district, "entrances", {key: {"state": "closed"}})


def fit_elevator(
    district: District,
    unit_id: str,
    *,
    load_kg: float | None = None,
    door_m: float | None = None,
) -> Edit:
    """
    Return the edit by which a stair unit has a lift, with its rated load [kg] and door [m].

    Parameters
    ----------
    district : District
        Where the unit is.
    unit_id : str
        Key of the unit.
    load_kg, door_m : float, optional
        Rated load [kg] and clear width of the door [m]; what is None stays as it was.
    """
    said = {"lift_load_kg": load_kg, "lift_door_m": door_m}
    known = {name: value for name, value in said.items() if value is not None}
    return set_values(district, "units", {unit_id: {"has_lift": True, **known}})


def move_planting(
    district: District, planting_id: str, place: shapely.Point, *, crs: CRS | None = None
) -> Edit:
    """Return the edit that moves a planting; its first position is kept as the designed one."""
    here = in_working_crs(district, place, crs)
    plantings = district["plantings"]
    row = plantings[plantings["planting_id"] == planting_id]
    values: dict[str, object] = {GEOMETRY: here}
    if len(row) and row["design_east_m"].isna().all() and row.geometry.iloc[0] != here:
        east, north = shapely.get_coordinates(row.geometry.iloc[0])[0].tolist()
        values |= {"design_east_m": east, "design_north_m": north}
    return set_values(district, "plantings", {planting_id: values})


def replace_species(
    district: District, planting_id: str, species_id: str, kind: str | None = None
) -> Edit:
    """Return the edit that plants another species; the sizes of the former are unknown of it."""
    values: dict[str, object] = {"species_id": species_id, **_SIZES_UNKNOWN}
    if kind is not None:
        values["kind"] = kind
    return set_values(district, "plantings", {planting_id: values})


_SIZES_UNKNOWN = {"caliper_cm": None, "height_m": None, "crown_m": None}


def remove_planting(district: District, *planting_ids: str) -> Edit:
    """Return the edit that takes plantings out of the design; their rows stay, as removed."""
    return set_values(district, "plantings", {key: {"state": "removed"} for key in planting_ids})


def add_walkway(
    district: District,
    key: str,
    line: shapely.LineString,
    cells: Mapping[str, object],
    *,
    join_m: float = 0.5,
    crs: CRS | None = None,
) -> Edit:
    """
    Return the edit that adds a walkway and joins it to those at which it ends.

    Lines are one network only where they share end points: the walkway nearest to an end of the new
    line is cut there, into parts of one row, and the end is put onto the cut.

    Parameters
    ----------
    district : District
        Where it is added.
    key : str
        Of the new walkway.
    line : shapely.LineString
        The new walkway.
    cells : mapping of str to object
        Its other columns.
    join_m : float, default 0.5
        An end joins the nearest walkway within this distance [m], otherwise it stays free.
    crs : pyproj.CRS, optional
        CRS of `line`.
    """
    way = shapely.get_coordinates(in_working_crs(district, line, crs))
    cuts, after = Edit(district.crs), district
    for end in (0, -1):
        cut, way[end] = _cut_at(after, shapely.Point(way[end]), join_m)
        cuts, after = cuts.then(cut), apply(after, cut)
    row = {**cells, "walkway_id": key}
    return cuts.then(add_row(after, "walkways", row, shapely.LineString(way)))


def _cut_at(district: District, end: shapely.Point, join_m: float) -> tuple[Edit, FloatArray]:
    """Return the edit that cuts the walkway nearest to `end`, and where the end then is [m]."""
    walkways = district["walkways"]
    parts, rows = shapely.get_parts(walkways.geometry.to_numpy(), return_index=True)
    near = shapely.STRtree(parts).query_nearest(end, max_distance=join_m)
    if not len(near):
        return Edit(district.crs), shapely.get_coordinates(end)[0]
    at = int(near.min())
    along = float(shapely.line_locate_point(parts[at], end))
    foot = in_working_crs(district, shapely.line_interpolate_point(parts[at], along), None)
    if foot in (shapely.get_point(parts[at], 0), shapely.get_point(parts[at], -1)):
        return Edit(district.crs), shapely.get_coordinates(foot)[0]
    cut = [substring(parts[at], 0, along), substring(parts[at], along, shapely.length(parts[at]))]
    ends = [shapely.get_coordinates(part) for part in cut]
    ends[0][-1] = ends[1][0] = shapely.get_coordinates(foot)[0]
    others = parts[(rows == rows[at]) & (np.arange(len(parts)) != at)]
    shape = shapely.multilinestrings([*map(shapely.LineString, ends), *others])
    key = walkways["walkway_id"].iloc[rows[at]]
    return move(district, "walkways", key, shape), ends[0][-1]
