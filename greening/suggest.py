"""
Suggestions: for each planting that does not pass, the nearest place in its bed where it does.

Else a smaller class - the next smaller tree of the catalogue, and so on down, at last a shrub - at
the nearest place where that passes; else to take it out, or to protect both by agreement (root
barrier). Plants keep their species' spacing from one another. Every position suggested has passed
the check itself.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import shapely

from clearances.features import Subject
from clearances.free_ground import FreeGround, polygons_of
from clearances.verdict import Verdict
from greening.changes import Change, apply_changes, states_of
from greening.check import Check, check_plants
from greening.plants import plant, plants
from greening.species import Species, smaller_trees, toughest_shrub
from layers.district import District
from wording import Text

_Place: TypeAlias = tuple[float, float]
_GRID_DECIMALS = 4  # of a metre: the grid of working coordinates
_INSIDE_M = 1e-3  # kept from the edge of legal ground, so that rounding cannot leave it
_AXES = ("east_m", "north_m")
_AS_USUALLY_SUPPLIED = {"caliper_cm": None, "crown_m": None, "height_m": None}


class Action(StrEnum):
    """What is suggested."""

    MOVE = "move"
    SMALLER = "smaller"
    REMOVE = "remove"


ACTION_LABELS = {
    Action.MOVE.value: Text("移位", "move"),
    Action.SMALLER.value: Text("换小规格", "smaller class"),
    Action.REMOVE.value: Text("取消或协商设阻根板", "remove, or agree on a root barrier"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """
    What to do with one planting.

    Attributes
    ----------
    planting_id, site_id, verdict : str
        Which, where, and what was wrong with it.
    action : Action
        What is suggested.
    change : Change
        The suggestion as a change of the design, ready to be accepted.
    moved_m : float
        Distance from the present position [m].
    """

    planting_id: str
    site_id: str
    verdict: str
    action: Action
    change: Change
    moved_m: float


def suggestions(
    district: District,
    found: Check,
    ground: FreeGround,
    species: Mapping[str, Species],
    spacing_m: float,
) -> list[Suggestion]:
    """
    Suggest what to do with every planting that is too close or in doubt.

    Parameters
    ----------
    district : District
        The design.
    found : Check
        What the check said of it.
    ground : FreeGround
        Of the same district and the obstacles it was checked against.
    species : mapping of str to Species
        The catalogue.
    spacing_m : float
        Kept between plants whose species are not in the catalogue [m].

    Returns
    -------
    list of Suggestion
        One for each planting with verdict `short` or `verify`, in order of site and planting.
    """
    search = _Search(district, found.plants, ground, species, spacing_m)
    failing = found.plants[
        (found.plants["plant_layer"] == "plantings")
        & found.plants["verdict"].isin([Verdict.SHORT, Verdict.VERIFY])
    ].sort_values(["site_id", "plant_id"])
    first = [search.suggest(int(row)) for row in failing.index]
    refused = _refused(district, first, ground, species)
    return [search.taken_out(one) if one.planting_id in refused else one for one in first]


class _Search:
    """Looks for legal places one planting after another; places given away stay taken."""

    def __init__(
        self,
        district: District,
        growing: gpd.GeoDataFrame,
        ground: FreeGround,
        species: Mapping[str, Species],
        spacing_m: float,
    ) -> None:
        self._states = states_of(district["plantings"])
        self._growing = growing.drop(columns="geometry").to_dict("records")
        self._species = species
        self._ground = ground
        self._taken = np.column_stack([growing.geometry.x, growing.geometry.y])
        self._spacing_m = spacing_m
        widest_m = max(spacing_m, *(one.spacing_m for one in species.values()), 0.0)
        self._beside = _Neighbours(district, growing, widest_m)

    def suggest(self, row: int) -> Suggestion:
        """Return the first of move, smaller class and removal that is possible."""
        one = self._growing[row]
        here: _Place = (float(self._taken[row, 0]), float(self._taken[row, 1]))
        self._taken[row] = np.nan
        before = self._states[one["plant_id"]]
        for action, wished, wanted in self._options(one, before):
            spacing_m = self._spacing(one if action is Action.MOVE else wanted)
            place = self._place(one["site_id"], here, wished, spacing_m)
            if place is not None:
                self._taken[row] = place
                change = Change(one["plant_id"], before, _at(wanted, place))
                return _suggestion(one["site_id"], one["verdict"], action, change)
        taken_out = Change(one["plant_id"], before, before | {"state": "removed"})
        return _suggestion(one["site_id"], one["verdict"], Action.REMOVE, taken_out)

    def taken_out(self, suggestion: Suggestion) -> Suggestion:
        """Return the suggestion to take the same planting out instead."""
        before = suggestion.change.before
        change = Change(suggestion.planting_id, before, {**before, "state": "removed"})
        return _suggestion(suggestion.site_id, suggestion.verdict, Action.REMOVE, change)

    def _options(
        self, growing: Mapping[Any, Any], before: dict[str, Any]
    ) -> Iterator[tuple[Action, Subject, dict[str, Any]]]:
        """Yield what may be tried, in order of preference, and what the planting then is."""
        crown_m, height_m = growing["crown_m"], growing["height_m"]
        yield Action.MOVE, plant(growing["kind"], crown_m, height_m), before
        if growing["kind"] == "shrub":
            return
        trees = smaller_trees(self._species, crown_m, height_m)
        for one in (*trees, *toughest_shrub(self._species)):
            named = {"kind": one.kind, "species_id": one.species_id}
            wanted = before | _AS_USUALLY_SUPPLIED | named
            yield Action.SMALLER, plant(one.kind, one.crown_m, one.height_m), wanted

    def _spacing(self, growing: Mapping[Any, Any]) -> float:
        known = self._species.get(str(growing["species_id"]))
        return known.spacing_m if known else self._spacing_m

    def _place(
        self, site_id: object, here: _Place, wished: Subject, spacing_m: float
    ) -> _Place | None:
        """Return the nearest legal point of the site, on the grid; None where there is none."""
        if not self._ground.has(site_id):
            return None
        ground = self._ground.free(str(site_id), wished)
        if shapely.is_empty(ground):
            return None
        low, high = np.reshape(shapely.bounds(ground), (2, 2))
        beside = self._taken[self._beside.of(str(site_id))]
        near = (beside > low - spacing_m) & (beside < high + spacing_m)
        others = shapely.points(beside[near.all(axis=1)])
        circles = shapely.union_all(shapely.buffer(others, spacing_m))
        free = polygons_of(shapely.buffer(shapely.difference(ground, circles), -_INSIDE_M))
        if shapely.is_empty(free):
            return None
        foot = shapely.get_coordinates(shapely.shortest_line(shapely.Point(here), free))[1]
        east, north = np.round(foot, _GRID_DECIMALS).tolist()
        return (east, north)


class _Neighbours:
    """The plants that stand, or may come to stand, near each site: nothing leaves its own bed."""

    def __init__(self, district: District, growing: gpd.GeoDataFrame, reach_m: float) -> None:
        sites = district["greening_sites"]
        self._place = {site_id: place for place, site_id in enumerate(sites["site_id"])}
        self._beds = np.asarray(sites.geometry.array, dtype=object)
        self._trunks = shapely.STRtree(np.asarray(growing.geometry.array, dtype=object))
        self._others = shapely.STRtree(self._beds)
        self._own = growing.groupby("site_id").indices
        self._ids = sites["site_id"].to_numpy(dtype=object)
        self._reach_m = reach_m
        self._found: dict[str, np.ndarray] = {}

    def of(self, site_id: str) -> np.ndarray:
        """Return the positions, in the table of plants, of those near a site."""
        if site_id not in self._found:
            bed, reach = self._beds[self._place[site_id]], self._reach_m
            standing = self._trunks.query(bed, predicate="dwithin", distance=reach)
            beds = self._others.query(bed, predicate="dwithin", distance=reach)
            movable = [self._own[i] for i in self._ids[beds] if i in self._own]
            self._found[site_id] = np.unique(np.concatenate([standing, *movable]))
        return self._found[site_id]


def _refused(
    district: District,
    made: list[Suggestion],
    ground: FreeGround,
    species: Mapping[str, Species],
) -> set[str]:
    """Hold every suggestion to the check itself and return the plantings that would not pass."""
    changed = apply_changes(district, [one.change for one in made])
    again = check_plants(plants(changed, species), ground.around).plants
    mine = again["plant_id"].isin([one.planting_id for one in made])
    failing = (again["plant_layer"] == "plantings") & mine & (again["verdict"] != Verdict.MET)
    return set(again["plant_id"][failing])


def _at(wanted: dict[str, Any], place: _Place) -> dict[str, Any]:
    """Put a planting at `place`, keeping the designer's position where it was the first."""
    moved = wanted | {"east_m": place[0], "north_m": place[1]}
    if wanted["design_east_m"] is None and place != (wanted["east_m"], wanted["north_m"]):
        moved |= {"design_east_m": wanted["east_m"], "design_north_m": wanted["north_m"]}
    return moved


def _suggestion(site_id: object, verdict: str, action: Action, change: Change) -> Suggestion:
    moved = math.hypot(*(change.after[axis] - change.before[axis] for axis in _AXES))
    return Suggestion(change.planting_id, str(site_id), verdict, action, change, moved)
