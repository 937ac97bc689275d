"""The estates and their gates as layers, with what a survey writes down once an estate."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from answer_key.grades import Grade, Planted, plant
from demonstration.compound import Compound
from demonstration.frame import Frame
from demonstration.ground import Ground, outline
from demonstration.mix import Mix, apportion
from demonstration.roster import PlannedEstate
from demonstration.rows import CRS, note
from geo.arrays import FloatArray, IntArray, ObjectArray

GRADES: dict[str, Grade] = {
    "property_room_m2": Grade(
        "property.room", (-42, -15), (2, 60), (0.1, -0.1), digits=1, part="min_of"
    ),
    "illegal_structures": Grade("illegal.structures", (2, 9), (0, 0), (0, 1), digits=0),
    "cable_bundles": Grade("cable.overhead", (2, 14), (0, 0), (0, 1), digits=0),
    "transformer_headroom": Grade("power.headroom", (-0.18, -0.05), (0.02, 0.25), (0.001, -0.001)),
    "signal_share": Grade("mobile.coverage", (-0.35, -0.03), (0.01, 0.05), (0.001, -0.001)),
    "lit_share": Grade("light.coverage", (-0.55, -0.05), (0.02, 0.1), (0.001, -0.001)),
    "seat_interval_m": Grade("seat.interval", (20, 160), (-65, -10), (-0.1, 0.1), digits=1),
    "perimeter_share": Grade("perimeter.coverage", (-0.7, -0.05), (0.02, 0.1), (0.001, -0.001)),
}
_SURVIVAL = Grade("green.survival", (-0.35, -0.05), (0.02, 0.05), (0, -0.005))
_PERSONS_PER_HOUSEHOLD, _ELDER_SHARE = (2.3, 3.1), (0.16, 0.30)


@dataclass(frozen=True)
class Estates:
    """
    The estates as drawn, in the roster's order.

    Attributes
    ----------
    ids : list of str
        Keys of the layer.
    households, persons, elders, parcels : ndarray of int
        `parcels` is a day's parcels.
    land_m2 : ndarray of float
        Ground [m2].
    """

    ids: list[str]
    households: IntArray
    persons: IntArray
    elders: IntArray
    parcels: IntArray
    land_m2: FloatArray


def survey_estates(
    rng: np.random.Generator,
    entries: Sequence[PlannedEstate],
    mix: Mix,
    compounds: Sequence[Compound],
) -> Estates:
    """Count the households, persons and elders of every estate and measure its ground."""
    count = len(entries)
    households = np.bincount(mix.estate, weights=mix.households, minlength=count).astype(np.int64)
    low, high = _PERSONS_PER_HOUSEHOLD
    persons = np.rint(households * (low + (high - low) * rng.random(count))).astype(np.int64)
    low, high = _ELDER_SHARE
    elders = np.rint(persons * (low + (high - low) * rng.random(count))).astype(np.int64)
    parcels = np.rint(households * (0.5 + 0.5 * rng.random(count))).astype(np.int64)
    return Estates(
        ids=[entry.estate_id for entry in entries],
        households=households,
        persons=persons,
        elders=elders,
        parcels=parcels,
        land_m2=np.array([compound.land_m2 for compound in compounds]),
    )


def estates_frame(
    rng: np.random.Generator,
    ground: Ground,
    estates: Estates,
) -> tuple[gpd.GeoDataFrame, list[Planted]]:
    """Return the estates layer and what was planted in it."""
    entries, mix, frame = ground.entries, ground.mix, ground.frame
    count = len(entries)
    floor_area = np.bincount(mix.estate, weights=mix.floor_area_m2, minlength=count)
    planted = {name: plant(rng, grade, count) for name, grade in GRADES.items()}
    survival = plant(rng, _SURVIVAL, count)
    planted_trees = np.where(np.isnan(survival.values), np.nan, 200.0)
    costs = apportion(
        floor_area * (0.7 + 0.6 * rng.random(count)), ground.target.investment_yuan // 100
    )
    table = {
        "estate_id": estates.ids,
        "name": [entry.name for entry in entries],
        "town_id": [entry.town_id for entry in entries],
        "address": [_address(frame, compound) for compound in ground.compounds],
        "built_year": [entry.built_year for entry in entries],
        "households": estates.households,
        "persons": estates.persons,
        "elders": estates.elders,
        "floor_area_m2": np.round(floor_area, 1),
        "budget_yuan": costs * 100.0,
        "daily_parcels": estates.parcels.astype(np.float64),
        "trees_planted": planted_trees,
        "trees_alive": np.round(planted_trees * survival.values),
        **{name: each.values for name, each in planted.items()},
        **note(),
        "source": [_source(entry) for entry in entries],
    }
    shapes = [outline(frame, compound) for compound in ground.compounds]
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS), [*planted.values(), survival]


def entrances_frame(
    rng: np.random.Generator,
    ground: Ground,
    estates: Estates,
    *,
    cameras: ObjectArray,
) -> gpd.GeoDataFrame:
    """Return the gates; `cameras` has one tick for each gate, in the compounds' order."""
    gates = [(c, number, *gate) for c in ground.compounds for number, gate in enumerate(c.gates)]
    points = np.array([ground.frame.to_world(c.block, np.array(point)) for c, _, point, _ in gates])
    is_open = np.array([opened for *_, opened in gates])
    draw = rng.random(len(gates))
    table = {
        "entrance_id": [f"{estates.ids[c.estate]}-G{number + 1}" for c, number, *_ in gates],
        "estate_id": [estates.ids[c.estate] for c, *_ in gates],
        "name": [f"{number + 1}号门" for _, number, *_ in gates],
        "state": np.where(is_open, "open", "closed"),
        "width_m": np.where(is_open, np.round(3.2 + 2.6 * draw, 1), np.round(1.2 + draw, 1)),
        "is_step_free": [bool(step < 0.85) for step in draw],  # noqa: PLR2004
        "has_camera": cameras,
        **note(),
    }
    return gpd.GeoDataFrame(table, geometry=shapely.points(points), crs=CRS)


def gate_owner(compounds: Sequence[Compound]) -> IntArray:
    """Return the estate of each gate, in the compounds' order."""
    return np.repeat([c.estate for c in compounds], [len(c.gates) for c in compounds])


def _address(frame: Frame, compound: Compound) -> str:
    """Name the street its first lane leads to."""
    side = compound.links[0][1] if compound.links else 0
    return f"{frame.names[compound.block, side]}{compound.block * 2 + 1}号（虚构）"


def _source(entry: PlannedEstate) -> str:
    town = "所属乡镇按社区名推断" if entry.inferred else "所属乡镇为虚构"
    return note(f"小区名称出自2023年实施方案，{town}")["source"]
