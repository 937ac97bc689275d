"""
Suggestions: for each planting that does not pass, the nearest place in its bed where it does.

Else a smaller class (a shrub) in the same place, else the nearest place for a shrub, else to take
it out, or to protect both by agreement (root barrier). Plants keep their species' spacing from one
another. Every position suggested has passed the check itself.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import shapely

from greening.changes import Change, state_of
from greening.check import Check, Verdict, check_plants
from greening.plantable import Ground, Habit, polygons_of
from greening.plants import COLUMNS as PLANT_COLUMNS
from greening.species import Species, smaller
from layers.district import District

_Place: TypeAlias = tuple[float, float]
_GRID_M = 1e-4  # the grid of working coordinates
_INSIDE_M = 1e-3  # kept from the edge of legal ground, so that rounding cannot leave it
_AXES = ("east_m", "north_m")
_LEAST_SPACING_M = 0.5  # between plants whose species nobody has named


class Action(StrEnum):
    """What is suggested."""

    MOVE = "move"
    SMALLER = "smaller"
    REMOVE = "remove"


ACTION_LABELS = {
    Action.MOVE.value: ("移位", "move"),
    Action.SMALLER.value: ("换小规格", "smaller class"),
    Action.REMOVE.value: ("取消或协商设阻根板", "remove, or agree on a root barrier"),
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
    around: gpd.GeoDataFrame,
    look_m: float,
    species: Mapping[str, Species],
) -> list[Suggestion]:
    """
    Suggest what to do with every planting that is too close or in doubt.

    Parameters
    ----------
    district : District
        The design.
    found : Check
        What the check said of it.
    around : geopandas.GeoDataFrame
        The obstacles it was checked against.
    look_m : float
        The check's look [m].
    species : mapping of str to Species
        The catalogue.

    Returns
    -------
    list of Suggestion
        One for each planting with verdict `short` or `verify`, in order of site and planting.
    """
    search = _Search(district, found, around, look_m, species)
    failing = found.plants[
        (found.plants["plant_layer"] == "plantings")
        & found.plants["verdict"].isin([Verdict.SHORT, Verdict.VERIFY])
    ].sort_values(["site_id", "plant_id"])
    return [search.suggest(plant) for plant in failing.to_dict("records")]


class _Search:
    """Looks for legal places one planting after another; places given away stay taken."""

    def __init__(
        self,
        district: District,
        found: Check,
        around: gpd.GeoDataFrame,
        look_m: float,
        species: Mapping[str, Species],
    ) -> None:
        self._plantings = district["plantings"].set_index("planting_id", drop=False)
        self._around, self._look_m, self._species = around, look_m, species
        self._ground = Ground(district, around, look_m)
        self._shrubs = smaller(species)
        keys = zip(found.plants["plant_layer"], found.plants["plant_id"], strict=True)
        x, y = found.plants.geometry.x, found.plants.geometry.y
        places = zip(x.tolist(), y.tolist(), strict=True)
        self._taken: dict[tuple[str, str], _Place] = dict(zip(keys, places, strict=True))

    def suggest(self, plant: Mapping[Any, Any]) -> Suggestion:
        """Return the first of move, smaller class and removal that is possible."""
        key = ("plantings", plant["plant_id"])
        here = self._taken.pop(key)
        before = state_of(self._plantings, plant["plant_id"])
        for action, habit, wanted in self._options(plant, before):
            place = self._place(plant["site_id"], here, habit, self._spacing(wanted["species_id"]))
            if place is not None:
                self._taken[key] = place
                return _suggestion(plant, action, Change(key[1], before, _at(wanted, place)))
        taken_out = Change(key[1], before, before | {"state": "removed"})
        return _suggestion(plant, Action.REMOVE, taken_out)

    def _options(
        self, plant: Mapping[Any, Any], before: dict[str, object]
    ) -> Iterable[tuple[Action, Habit, dict[str, object]]]:
        """Yield what may be tried, in order of preference, and what the planting then is."""
        yield Action.MOVE, Habit(plant["kind"], plant["crown_m"], plant["height_m"]), before
        if plant["kind"] == "tree":
            for shrub in self._shrubs[:1]:
                habit = Habit("shrub", shrub.crown_m, shrub.height_m)
                sizes = {"caliper_cm": None, "crown_m": None, "height_m": None}
                wanted = before | sizes | {"kind": "shrub", "species_id": shrub.species_id}
                yield Action.SMALLER, habit, wanted

    def _spacing(self, species_id: object) -> float:
        known = self._species.get(str(species_id))
        return known.spacing_m if known else _LEAST_SPACING_M

    def _place(
        self, site_id: object, here: _Place, habit: Habit, spacing_m: float
    ) -> _Place | None:
        """Return the nearest legal point of the site, on the grid; None where there is none."""
        if not self._ground.has(site_id):
            return None
        ground = self._ground.plantable(str(site_id), habit)
        others = np.array(list(self._taken.values())).reshape(-1, 2)
        near = shapely.distance(shapely.points(others), ground) < spacing_m
        circles = shapely.buffer(shapely.points(others[near]), spacing_m)
        free = polygons_of(
            shapely.buffer(shapely.difference(ground, shapely.union_all(circles)), -_INSIDE_M)
        )
        if shapely.is_empty(free):
            return None
        foot = shapely.get_coordinates(shapely.shortest_line(shapely.Point(here), free))[1]
        east, north = (np.round(foot / _GRID_M) * _GRID_M).tolist()
        return (east, north) if self._passes((east, north), habit) else None

    def _passes(self, place: _Place, habit: Habit) -> bool:
        """Hold a place to the check itself."""
        plant: dict[str, object] = dict.fromkeys(PLANT_COLUMNS, "")
        plant |= {"kind": habit.kind, "crown_m": habit.crown_m, "height_m": habit.height_m}
        plant["geometry"] = shapely.Point(place)
        row = gpd.GeoDataFrame([plant], crs=self._around.crs)
        verdicts = check_plants(row, self._around, self._look_m).plants["verdict"]
        return bool((verdicts == Verdict.MET).all())


def _at(wanted: dict[str, object], place: _Place) -> dict[str, object]:
    """Put a planting at `place`, keeping the designer's position where it was the first."""
    moved = wanted | {"east_m": place[0], "north_m": place[1]}
    if wanted["design_east_m"] is None and place != (wanted["east_m"], wanted["north_m"]):
        moved |= {"design_east_m": wanted["east_m"], "design_north_m": wanted["north_m"]}
    return moved


def _suggestion(plant: Mapping[Any, Any], action: Action, change: Change) -> Suggestion:
    moved = math.hypot(
        *(float(str(change.after[axis])) - float(str(change.before[axis])) for axis in _AXES)
    )
    return Suggestion(
        planting_id=change.planting_id,
        site_id=str(plant["site_id"]),
        verdict=str(plant["verdict"]),
        action=action,
        change=change,
        moved_m=moved,
    )
