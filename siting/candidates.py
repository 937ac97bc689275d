"""
Candidates: where a facility of a kind could be built, as the facility that it would be.

They are the sites of the layer `candidate_sites`, and, where the planner asks, places on the
walkways at a spacing, which are marked as generated: nobody has looked at the ground there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, islice

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.access import Access
from geo.arrays import BoolArray, FloatArray
from geo.crs import round_to_grid
from geo.errors import DataError
from layers.candidate_sites import kinds_named
from rules import walking
from rules.context import EvaluationContext
from rules.places import too_small
from rules.rows import Rows
from rules.selection import Clause, Condition
from siting.standard import FACILITIES, Standard

MOST_GENERATED = 10_000
AMOUNTS = ("floor_area_m2", "land_area_m2", "capacity")
"""What a site says of the facility that would be built there."""

_LAYER = "candidate_sites"


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """
    m places where a facility could stand.

    Attributes
    ----------
    sites : geopandas.GeoDataFrame, m rows
        Columns `candidate_id`, `name` (missing for none), `is_generated`, `price_yuan` (NaN
        unknown), and what the facility would have: `floor_area_m2`, `land_area_m2`, `capacity`
        (NaN unknown); in the working CRS.
    access : Access
        How each would be entered.
    left_out : pandas.DataFrame
        Sites of the layer that are out of the question: `candidate_id`, `name` and `reason`, one of
        ``state``, ``other_kind``, ``unknown_kind``, ``too_small``, ``cut_off``.
    """

    sites: gpd.GeoDataFrame
    access: Access
    left_out: pd.DataFrame


def candidates(
    context: EvaluationContext,
    standard: Standard,
    *,
    around: FloatArray,
    spacing_m: float | None = None,
    price_yuan: float | None = None,
) -> Candidates:
    """
    Return where a facility could stand.

    Parameters
    ----------
    context : EvaluationContext
        Where and when.
    standard : Standard
        Of the kind that is to be built.
    around : ndarray of float64, shape (k, 2)
        Doors for which places are generated, easting and northing [m].
    spacing_m : float, optional
        How far apart places are generated along the walkways [m]; none are by default.
    price_yuan : float, optional
        What a facility costs at a site of which no cost is known.

    Raises
    ------
    DataError
        If the spacing is not positive, or would make more than `MOST_GENERATED` places.
    """
    surveyed = _surveyed(context, standard)
    taken = set(context.district[_LAYER]["candidate_id"])
    parts = [surveyed.assign(is_generated=False)]
    if spacing_m is not None:
        points = _spaced(context, around, spacing_m, standard.limit_m)
        parts.append(_generated(points, taken, surveyed).assign(is_generated=True))
    every = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    sites = gpd.GeoDataFrame(every, geometry="geometry", crs=context.district.crs)
    entered = walking.access_at(context, shapely.get_coordinates(sites.geometry.to_numpy()))
    reason = sites["reason"].to_numpy(dtype=object)
    is_connected = walking.are_connected(context, entered, len(sites))
    reason = np.where((reason == "") & ~is_connected, "cut_off", reason)
    is_fit = reason == ""
    price = sites["price_yuan"] if price_yuan is None else sites["price_yuan"].fillna(price_yuan)
    left_out = sites.assign(reason=reason)[~is_fit & ~sites["is_generated"].to_numpy(dtype=bool)]
    return Candidates(
        sites.assign(price_yuan=price).drop(columns="reason")[is_fit].reset_index(drop=True),
        entered.take(np.flatnonzero(is_fit)),
        pd.DataFrame(left_out[["candidate_id", "name", "reason"]]).reset_index(drop=True),
    )


def _surveyed(context: EvaluationContext, standard: Standard) -> gpd.GeoDataFrame:
    """Return the sites of the layer as what would be built there, with why one is unfit."""
    layer = context.district[_LAYER]
    points = shapely.point_on_surface(np.asarray(layer.geometry.array, dtype=object))
    sites = gpd.GeoDataFrame(
        {
            "candidate_id": layer["candidate_id"].to_numpy(dtype=object),
            "name": layer["name"].to_numpy(dtype=object),
            "price_yuan": layer["cost_yuan"].to_numpy(dtype=np.float64, na_value=np.nan),
            **{name: layer[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in AMOUNTS},
        },
        geometry=points,
        crs=context.district.crs,
    )
    sites = _as_demanded(sites, standard.places.where)
    named = [set(kinds_named(cell).values()) or None for cell in layer["kinds"]]
    others = np.array([kinds is not None and standard.kind not in kinds for kinds in named], bool)
    strange = np.array([kinds is not None and None in kinds for kinds in named], dtype=bool)
    closed = layer["state"].isin(["reserved", "unavailable"]).to_numpy(dtype=bool)
    reason = np.select(
        [closed, others & strange, others, _unfit(context, standard, sites)],
        ["state", "unknown_kind", "other_kind", "too_small"],
        "",
    )
    return sites.assign(reason=reason.astype(object))


def _as_demanded(sites: gpd.GeoDataFrame, where: Sequence[Clause]) -> gpd.GeoDataFrame:
    """Return sites on which what nobody said of the facility is as the rule demands it."""
    for clause in where:
        if not isinstance(clause, Condition) or clause.columns[0] not in AMOUNTS:
            continue
        known = [name for name in clause.columns if name in AMOUNTS]
        is_open = sites[known].isna().all(axis=1)
        demanded = float(clause.value)
        sites = sites.assign(**{known[0]: sites[known[0]].mask(is_open, demanded)})
    return sites


def _unfit(context: EvaluationContext, standard: Standard, sites: gpd.GeoDataFrame) -> BoolArray:
    """Return the sites on which a facility would be none by its size, shape (m,)."""
    built = sites.assign(kind=standard.kind)
    rows = Rows(FACILITIES, built, np.full(len(sites), -1), context.outlines)
    return rows.holds(standard.places.where).no | too_small(built, context.book.least_size)


def _spaced(
    context: EvaluationContext, around: FloatArray, spacing_m: float, reach_m: float
) -> FloatArray:
    """Return places on walkways, about `spacing_m` apart, not farther than `reach_m` from doors."""
    if not 1 <= spacing_m < np.inf:
        raise DataError(
            f"spacing of generated places: {spacing_m} m; expected 1 m or more",
            f"自动布点间距为 {spacing_m} 米；应不小于 1 米",
        )
    reach = int(np.ceil(reach_m / spacing_m))
    step = np.arange(-reach, reach + 1)
    ring = np.stack(np.meshgrid(step, step), axis=-1).reshape(-1, 2)
    ring = ring[np.hypot(*ring.T) <= reach + 1]
    cells = np.unique(np.floor(around / spacing_m).astype(np.int64), axis=0)
    near = np.unique((cells[:, None, :] + ring).reshape(-1, 2), axis=0)
    centres = (near + 0.5) * spacing_m
    snap = walking.network(context).snap(centres)
    feet = snap.foot[(np.abs(snap.foot - centres) <= spacing_m / 2).all(axis=1)]
    if len(feet) > MOST_GENERATED:
        raise DataError(
            f"{len(feet):,} places would be generated, at most {MOST_GENERATED:,};"
            f" choose a spacing above {spacing_m:g} m",
            f"将生成 {len(feet):,} 个点，最多 {MOST_GENERATED:,} 个；间距应大于 {spacing_m:g} 米",
        )
    return np.unique(round_to_grid(feet), axis=0)


def _generated(points: FloatArray, taken: set[str], surveyed: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return generated places as sites, with keys that no site of the layer has."""
    free = (key for n in count(1) if (key := f"G{n:04}") not in taken)
    sites = gpd.GeoDataFrame(
        {"candidate_id": list(islice(free, len(points))), "reason": ""},
        geometry=shapely.points(points),
        crs=surveyed.crs,
    )
    return sites.reindex(columns=surveyed.columns)
