"""
Suggestions: for each planting that does not pass, the nearest place in its bed where it does.

Else a smaller class - the next smaller tree of the catalogue, and so on down, at last a shrub - at
the nearest place where that passes; else to take it out, or to protect both by agreement (root
barrier). Plants keep their species' spacing from one another. Every position suggested has passed
the check itself.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import shapely

import edits
from clearances.features import Subject
from clearances.free_ground import FreeGround, polygons_of
from clearances.verdict import ClearanceVerdict
from edits.cells import GEOMETRY
from edits.rows import set_values
from greening.check import Check, check_plants
from greening.plants import plant, plants
from greening.species import Species, smaller_trees, toughest_shrub
from layers.district import District
from wording import Text

Place: TypeAlias = tuple[float, float]
"""Easting and northing [m]."""
_GRID_DECIMALS = 4  # of a metre: the grid of working coordinates
_INSIDE_M = 1e-3  # kept from the edge of legal ground, so that rounding cannot leave it
_AS_USUALLY_SUPPLIED: dict[str, object] = {"caliper_cm": None, "crown_m": None, "height_m": None}
_TAKEN_OUT: dict[str, object] = {"state": "removed"}


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
    sets : mapping of str to object
        Columns of the planting that accepting it sets, `geometry` among them where it moves.
    species_id : str
        What it then is; "" unknown.
    here, there : tuple of float
        Easting and northing now and then [m]; equal where it is taken out.
    """

    planting_id: str
    site_id: str
    verdict: str
    action: Action
    sets: Mapping[str, object]
    species_id: str
    here: Place
    there: Place

    @property
    def moved_m(self) -> float:
        """Distance from the present position [m]."""
        return math.dist(self.here, self.there)


def accepted(district: District, chosen: Iterable[Suggestion]) -> edits.Edit:
    """
    Return the edit of plantings by which suggestions are accepted.

    Raises
    ------
    DataError
        If a planting is not in the district.
    """
    return set_values(district, "plantings", {one.planting_id: one.sets for one in chosen})


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
        & found.plants["verdict"].isin([ClearanceVerdict.SHORT, ClearanceVerdict.VERIFY])
    ].sort_values(["site_id", "plant_id"])
    first = [search.suggest(int(row)) for row in failing.index]
    refused = _refused(district, first, ground, species)
    return [
        replace(one, action=Action.REMOVE, sets=_TAKEN_OUT, there=one.here)
        if one.planting_id in refused
        else one
        for one in first
    ]


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
        plantings = district["plantings"]
        is_moved = plantings["design_east_m"].notna()
        self._moved_before = frozenset(plantings["planting_id"][is_moved])
        self._growing = growing.drop(columns="geometry").to_dict("records")
        self._species = species
        self._ground = ground
        self._taken = np.column_stack([growing.geometry.x, growing.geometry.y])
        self._spacing_m = spacing_m
        widest_m = max(spacing_m, *(one.spacing_m for one in species.values()), 0.0)
        self._beside = _Neighbours(district, growing, widest_m)

    def suggest(self, row: int) -> Suggestion:
        """Return the first of move, smaller class and removal that is possible."""
        growing = self._growing[row]
        here: Place = (float(self._taken[row, 0]), float(self._taken[row, 1]))
        self._taken[row] = np.nan
        for action, wished, sets in self._options(growing):
            spacing_m = self._spacing(sets.get("species_id", growing["species_id"]))
            place = self._place(growing["site_id"], here, wished, spacing_m)
            if place is not None:
                self._taken[row] = place
                moved = self._moved(growing["plant_id"], here, place)
                return _suggestion(growing, action, sets | moved, here, place)
        return _suggestion(growing, Action.REMOVE, _TAKEN_OUT, here, here)

    def _options(
        self, growing: Mapping[Any, Any]
    ) -> Iterator[tuple[Action, Subject, dict[str, object]]]:
        """Yield what may be tried, in order of preference, and what accepting it sets."""
        crown_m, height_m = growing["crown_m"], growing["height_m"]
        yield Action.MOVE, plant(growing["kind"], crown_m, height_m), {}
        if growing["kind"] == "shrub":
            return
        trees = smaller_trees(self._species, crown_m, height_m)
        for one in (*trees, *toughest_shrub(self._species)):
            named = {"kind": one.kind, "species_id": one.species_id}
            sets = _AS_USUALLY_SUPPLIED | named
            yield Action.SMALLER, plant(one.kind, one.crown_m, one.height_m), sets

    def _moved(self, planting_id: str, here: Place, there: Place) -> dict[str, object]:
        """Return what a move sets; the designer's position is kept where `here` is the first."""
        if here == there:
            return {}
        sets: dict[str, object] = {GEOMETRY: shapely.Point(there)}
        if planting_id not in self._moved_before:
            sets |= {"design_east_m": here[0], "design_north_m": here[1]}
        return sets

    def _spacing(self, species_id: object) -> float:
        known = self._species.get(str(species_id))
        return known.spacing_m if known else self._spacing_m

    def _place(
        self, site_id: object, here: Place, wished: Subject, spacing_m: float
    ) -> Place | None:
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
    changed = edits.apply(district, accepted(district, made), assumed=True)
    again = check_plants(plants(changed, species), ground.around).plants
    mine = again["plant_id"].isin([one.planting_id for one in made])
    failing = (
        (again["plant_layer"] == "plantings") & mine & (again["verdict"] != ClearanceVerdict.MET)
    )
    return set(again["plant_id"][failing])


def _suggestion(
    plant: Mapping[Any, Any],
    action: Action,
    sets: Mapping[str, object],
    here: Place,
    there: Place,
) -> Suggestion:
    species_id = sets.get("species_id", plant["species_id"])
    return Suggestion(
        planting_id=plant["plant_id"],
        site_id=str(plant["site_id"]),
        verdict=plant["verdict"],
        action=action,
        sets=sets,
        species_id=species_id if isinstance(species_id, str) else "",
        here=here,
        there=there,
    )
