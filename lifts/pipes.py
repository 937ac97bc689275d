"""Pipes and overhead lines: what a shaft keeps from each, and how far one would have to move."""

import geopandas as gpd
import numpy as np
import shapely

from clearances.check import check_pairs
from clearances.features import FeatureClass, Subject, Subjects
from clearances.surroundings import surroundings
from clearances.verdict import ClearanceVerdict
from geo.arrays import FloatArray, ObjectArray
from layers.district import District
from lifts.conditions import Effect, conditions, length_of
from lifts.placing import Candidates
from rules.model import Book
from wording import LANGUAGES, Text, say

SHAFT = FeatureClass("lift_shaft", (("has_windows", False),), also=("building",))
"""A shaft is held to what a building must keep from pipes and lines."""

_EFFECTS = {ClearanceVerdict.SHORT: Effect.MOVES, ClearanceVerdict.VERIFY: Effect.VERIFY}


def near_pipes(district: District, book: Book, places: Candidates) -> gpd.GeoDataFrame:
    """
    Return the pipes and lines that places are too near to, or that have to be probed first.

    Parameters
    ----------
    district : District
        Its `pipelines` and `overhead_lines`; the ones never surveyed are told elsewhere.
    book : Book
        With the clearances of buildings.
    places : Candidates
        k places.

    Returns
    -------
    geopandas.GeoDataFrame
        Conditions; `amount` is the length of the pipe that is too near [m], and the note says how
        far it would have to be moved aside.
    """
    around = surroundings(district, book.clearances, [SHAFT])
    shafts = Subjects.standing([Subject(SHAFT)] * len(places), places.shaft)
    pairs = check_pairs(shafts, around)
    pairs = pairs[pairs["verdict"] != ClearanceVerdict.MET].reset_index(drop=True)
    shaft = places.shaft[pairs["subject"].to_numpy()]
    row = pairs["object"].to_numpy()
    line, half = around.geometry[row], around.half_width_m[row]
    keep = pairs["required_m"].to_numpy() + half
    near = shapely.intersection(line, shapely.buffer(shaft, keep))
    is_short = (pairs["verdict"] == ClearanceVerdict.SHORT).to_numpy()
    aside = np.where(is_short, length_of(aside_m(shaft, line, keep)), np.nan)
    lines = pairs.geometry.to_numpy()
    frame = conditions(
        "pipe",
        pairs["verdict"].map(_EFFECTS).to_numpy(dtype=object),
        pairs["subject"].to_numpy(dtype=np.int64),
        np.where(shapely.length(lines) > 0, lines, near),
        book.lifts,
        layer=pairs["object_layer"].to_numpy(),
        **{name: pairs[name].to_numpy() for name in _KEPT},
        measured=length_of(pairs["distance_m"].to_numpy()),
        required=pairs["required_m"].to_numpy(),
        amount=np.where(is_short, length_of(shapely.length(near)), np.nan),
        unit="m",
    )
    for side in LANGUAGES:
        moved = ["" if np.isnan(m) else say("lifts.aside", side, m=m) for m in aside]
        notes = zip(moved, pairs[f"note_{side}"], strict=True)
        frame[f"note_{side}"] = [_BETWEEN[side].join(filter(None, both)) for both in notes]
    return frame


_BETWEEN = Text("；", "; ")
_KEPT = ("object_id", "object_zh", "object_en", "source_id", "clause", "verified")


def aside_m(shafts: ObjectArray, lines: ObjectArray, keep_m: FloatArray) -> FloatArray:
    """
    Return how far each line would have to be moved aside to keep its distance from its shaft.

    Parameters
    ----------
    shafts : ndarray of Polygon, shape (p,)
        Convex outlines [m].
    lines : ndarray of LineString, shape (p,)
        Centre lines.
    keep_m : ndarray of float64, shape (p,)
        What each centre line must keep [m].

    Returns
    -------
    ndarray of float64, shape (p,)
        To the nearer side, at right angles to the line where it passes the shaft [m].
    """
    near = shapely.shortest_line(lines, shafts)
    foot = shapely.line_locate_point(lines, shapely.points(_first(near)))
    behind, ahead = (
        shapely.get_coordinates(
            shapely.line_interpolate_point(lines, np.clip(foot + step, 0, shapely.length(lines)))
        )
        for step in (-_STEP_M, _STEP_M)
    )
    run = ahead - behind
    across = (
        np.stack([-run[:, 1], run[:, 0]], axis=1) / np.maximum(np.hypot(*run.T), 1e-12)[:, None]
    )
    corner, of = shapely.get_coordinates(shafts, return_index=True)
    off = np.einsum("ij,ij->i", corner - behind[of], across[of])
    low, high = np.full(len(shafts), np.inf), np.full(len(shafts), -np.inf)
    np.minimum.at(low, of, off)
    np.maximum.at(high, of, off)
    # The line is at 0, the shaft from low to high: it leaves to either side.
    aside: FloatArray = np.maximum(np.minimum(high, -low) + keep_m, 0.0)
    return aside


_STEP_M = 0.05


def _first(lines: ObjectArray) -> FloatArray:
    xy, of = shapely.get_coordinates(lines, return_index=True)
    return xy[np.unique(of, return_index=True)[1]]
