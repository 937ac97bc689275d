"""The estates and their gates as layers, with what a survey writes down once an estate."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from demonstration.compound import Compound
from demonstration.frame import Frame
from demonstration.ground import Ground, outline
from demonstration.mix import apportion
from demonstration.roster import PlannedEstate
from demonstration.rows import CRS, blank, note
from demonstration.traits import Traits, stepped
from geo.arrays import FloatArray, IntArray

_UNIT_YUAN = 10_000  # in which costs are estimated
_GREEN_PER_TREE_M2 = 30.0
_BURIED = 0.6  # upkeep from which the cables went under ground with the street's


@dataclass(frozen=True)
class People:
    """Households, persons and those of 60 and over of every estate."""

    households: IntArray
    persons: IntArray
    elders: IntArray


def count_people(rng: np.random.Generator, ground: Ground, traits: Traits) -> People:
    """Count who lives in every estate: the older it is, the fewer and the older."""
    count, mix = len(ground.entries), ground.mix
    households = np.bincount(mix.estate, weights=mix.households, minlength=count).astype(np.int64)
    age = 2000 - traits.built
    persons = np.rint(households * (2.75 - 0.025 * age + 0.1 * rng.normal(0, 1, count)))
    share = 0.17 + 0.009 * age + 0.02 * rng.normal(0, 1, count)
    return People(households, persons.astype(np.int64), np.rint(persons * share).astype(np.int64))


def cables_overhead(rng: np.random.Generator, traits: Traits) -> IntArray:
    """Return how many bundles of cable hang in every estate, none where they were buried."""
    hanging = 1 + rng.poisson(7 * traits.neglect)
    buried = traits.upkeep + 0.25 * traits.is_central > _BURIED
    return np.where(buried, 0, hanging)


def estates_frame(
    rng: np.random.Generator,
    ground: Ground,
    traits: Traits,
    people: People,
    *,
    cables: IntArray,
    green_m2: FloatArray,
) -> gpd.GeoDataFrame:
    """
    Return the estates layer.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    ground : Ground
    traits : Traits
    people : People
    cables : ndarray of int, shape (estates,)
        Bundles of cable overhead.
    green_m2 : ndarray of float, shape (estates,)
        Green space [m2].
    """
    count, mix = len(ground.entries), ground.mix
    floor_area = np.bincount(mix.estate, weights=mix.floor_area_m2, minlength=count)
    costs = apportion(
        floor_area * (0.7 + 0.6 * traits.neglect + 0.1 * rng.random(count)),
        ground.target.investment_yuan // _UNIT_YUAN,
    )
    survey = _survey(rng, traits, people, cables=cables, green_m2=green_m2)
    lost = rng.random((len(survey), count)) < 0.03  # noqa: PLR2004 - a cell left empty
    table = {
        "estate_id": ground.ids,
        "name": [entry.name for entry in ground.entries],
        "town_id": [entry.town_id for entry in ground.entries],
        "address": [_address(ground.frame, compound) for compound in ground.compounds],
        "built_year": traits.built,
        "households": people.households,
        "persons": blank(people.persons, ~traits.is_surveyed),
        "elders": blank(people.elders, ~traits.is_surveyed),
        "floor_area_m2": np.round(floor_area, 1),
        "budget_yuan": costs * float(_UNIT_YUAN),
        **{
            name: blank(values, ~traits.is_surveyed | empty)
            for (name, values), empty in zip(survey.items(), lost, strict=True)
        },
        **note(),
        "source": [_source(entry) for entry in ground.entries],
    }
    shapes = [outline(ground.frame, compound) for compound in ground.compounds]
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


def _survey(
    rng: np.random.Generator,
    traits: Traits,
    people: People,
    *,
    cables: IntArray,
    green_m2: FloatArray,
) -> dict[str, FloatArray | IntArray]:
    """Return what the surveyor writes down of each estate."""
    count, upkeep, neglect = len(traits.upkeep), traits.upkeep, traits.neglect
    draw, normal = rng.random((4, count)), rng.normal(0, 1, (4, count))
    room = np.where(traits.is_managed, 40 + 60 * draw[0], 18 + 24 * draw[0])
    trees = np.where(traits.is_abandoned, np.nan, np.rint(green_m2 / _GREEN_PER_TREE_M2))
    survival = np.clip(0.78 + 0.2 * upkeep + 0.03 * normal[2], 0, 1)
    headroom = 0.22 - 0.35 * neglect + 0.05 * normal[0]
    return {
        "property_room_m2": np.where(traits.is_abandoned, 0.0, stepped(room, 0.5)),
        "daily_parcels": stepped(people.households * (0.5 + 0.4 * draw[1]), 5),
        "illegal_structures": np.where(upkeep > 0.6, 0, rng.poisson(5 * neglect**1.5)),  # noqa: PLR2004
        "cable_bundles": cables,
        "transformer_headroom": np.where(traits.is_outlying, np.nan, stepped(headroom, 0.01)),
        "signal_share": stepped(
            np.minimum(1, 1.0 - 0.05 * traits.is_outlying - 0.05 * draw[2]), 0.01
        ),
        "lit_share": stepped(np.clip(1.1 - 0.9 * neglect + 0.08 * normal[1], 0.1, 1), 0.05),
        "seat_interval_m": stepped(np.clip(40 + 120 * neglect + 15 * normal[3], 20, 200), 5),
        "perimeter_share": stepped(np.clip(1.15 - neglect + 0.1 * normal[1], 0, 1), 0.05),
        "trees_planted": trees,
        "trees_alive": np.rint(trees * survival),
    }


def entrances_frame(rng: np.random.Generator, ground: Ground, traits: Traits) -> gpd.GeoDataFrame:
    """Return the gates; cameras are at those that somebody watches."""
    gates = [(c, number, *gate) for c in ground.compounds for number, gate in enumerate(c.gates)]
    owner = np.array([c.estate for c, *_ in gates])
    points = np.array([ground.frame.to_world(c.block, np.array(point)) for c, _, point, _ in gates])
    is_open = np.array([opened for *_, opened in gates])
    draw = rng.random((3, len(gates)))
    unseen = ~traits.is_surveyed[owner]
    width = np.where(is_open, 3.5 + 2.5 * draw[0], 1.2 + draw[0])
    table = {
        "entrance_id": [f"{ground.ids[c.estate]}-G{number + 1}" for c, number, *_ in gates],
        "estate_id": [ground.ids[each] for each in owner],
        "name": [f"{number + 1}号门" for _, number, *_ in gates],
        "state": np.where(is_open, "open", "closed"),
        "width_m": blank(np.round(width, 1), unseen),
        "is_step_free": blank(draw[1] < 0.9, unseen),  # noqa: PLR2004
        "has_camera": blank(draw[2] < 1.3 * traits.upkeep[owner], unseen),
        **note(),
    }
    return gpd.GeoDataFrame(table, geometry=shapely.points(points), crs=CRS)


def _address(frame: Frame, compound: Compound) -> str:
    """Name the street its first lane leads to."""
    side = compound.links[0][1] if compound.links else 0
    return f"{frame.names[compound.block, side]}{compound.block * 2 + 1}号（虚构）"


def _source(entry: PlannedEstate) -> str:
    town = "所属乡镇按社区名推断" if entry.inferred else "所属乡镇为虚构"
    return note(f"小区名称出自2023年实施方案，{town}")["source"]
