"""
The town: every part built from its own random stream, with what was planted in each.

`Town` keeps the parts so that the answer key can be worked out from them (`answer_key.truth`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
from scipy.spatial import KDTree

from answer_key.amounts import draw_amounts
from answer_key.buildings import CAMERAS, buildings_frame, units_frame
from answer_key.estates import (
    Estates,
    entrances_frame,
    estates_frame,
    gate_owner,
    survey_estates,
)
from answer_key.facilities import facilities_frame, site_facilities
from answer_key.grades import Planted, Ticked, tick
from answer_key.green import Lawns, lay_lawns
from answer_key.lifts import SPECIALS, fit_lifts
from answer_key.parking import Bays, plan_parking
from answer_key.pipes import Ages, pipelines_frame
from answer_key.siting import PlannedWalk, Sites, exits_of
from answer_key.trees import lane_trees
from answer_key.walkways import walkways_frame
from demonstration.frame import Frame
from demonstration.green import green_frame
from demonstration.ground import Ground, lay_ground
from demonstration.infill import park_gates
from demonstration.roster import Size
from demonstration.streams import streams
from demonstration.surfaces import paving_frame, walls_frame
from demonstration.towns import towns_frame
from demonstration.trees import trees_frame
from demonstration.trenches import lay_pipes
from geo.arrays import FloatArray


@dataclass(frozen=True)
class Town:
    """
    The whole town.

    Attributes
    ----------
    ground : Ground
    estates : Estates
    bays : Bays
    lawns : Lawns
    planted : list of Planted
        Survey values dealt to the estates.
    ticked : list of Ticked
        Checks dealt to units and buildings.
    ages : list of Ages
        What was planted on ageing pipes.
    walks : mapping of str to list of PlannedWalk
        By rule, the walks planned to the decimetre.
    frames : mapping of str to geopandas.GeoDataFrame
        The layers, in the working CRS.
    """

    ground: Ground
    estates: Estates
    bays: Bays
    lawns: Lawns
    planted: list[Planted]
    ticked: list[Ticked]
    ages: list[Ages]
    walks: Mapping[str, list[PlannedWalk]]
    frames: Mapping[str, gpd.GeoDataFrame]


def build_town(size: Size, seed: int) -> Town:
    """Build every part of a town of `size` from `seed`."""
    rng = streams(seed)
    ground = lay_ground(rng, size, SPECIALS)
    estates = survey_estates(rng["surveys"], ground.entries, ground.mix, ground.compounds)
    frames, planted, ticked = _surveyed(rng, ground, estates)
    lawns, green, more_planted = _grown(rng, ground, estates)
    pipes = lay_pipes(ground.frame, ground.compounds, ground.units)
    pipelines, ages, cover = pipelines_frame(rng["pipes"], estates, pipes)
    sites = Sites(ground.streets, ground.units, exits_of(ground))
    sited, walks = site_facilities(
        rng["facilities"], sites, estates, parks=park_gates(ground.frame, ground.infill).tolist()
    )
    amounts = draw_amounts(rng["facilities"], sites, estates, sited)
    near = _nearest_towns(ground.frame, np.array([each.spot.xy for each in sited]))
    bays, parking = plan_parking(rng["parking"], ground.entries, estates, sites)
    return Town(
        ground=ground,
        estates=estates,
        bays=bays,
        lawns=lawns,
        planted=[*planted, *more_planted, cover, bays.aisle, bays.exit_m],
        ticked=ticked,
        ages=ages,
        walks={**walks, "ebike.distance": bays.shed_walks, "ev.old": bays.charger_walks},
        frames={
            "towns": towns_frame(ground.frame),
            **frames,
            "facilities": facilities_frame(
                rng["facilities"], estates, sited, towns=near, amounts=amounts
            ),
            "parking": parking,
            "pipelines": pipelines,
            **green,
            "paving": paving_frame(ground),
            "walls": walls_frame(rng["walls"], ground),
        },
    )


def _surveyed(
    rng: Mapping[str, np.random.Generator], ground: Ground, estates: Estates
) -> tuple[dict[str, gpd.GeoDataFrame], list[Planted], list[Ticked]]:
    """Estates, gates, buildings, units and walkways, with what was planted in them."""
    gates, doors, cameras = _cameras(rng["surveys"], ground)
    estate_layer, in_estates = estates_frame(rng["surveys"], ground, estates)
    building_layer, in_buildings = buildings_frame(rng["surveys"], ground, estates)
    unit_layer, in_units = units_frame(rng["units"], ground, estates, cameras=doors)
    unit_layer, in_lifts = fit_lifts(rng["units"], ground.entries, unit_layer, ground.units)
    walkways, lanes = walkways_frame(rng["surveys"], ground.streets, estates.ids)
    found = [*in_estates, *in_buildings, *in_units, *in_lifts, lanes, cameras]
    frames = {
        "estates": estate_layer,
        "buildings": building_layer,
        "units": unit_layer,
        "entrances": entrances_frame(rng["surveys"], ground, estates, cameras=gates),
        "walkways": walkways,
    }
    planted = [each for each in found if isinstance(each, Planted)]
    return frames, planted, [each for each in found if isinstance(each, Ticked)]


def _cameras(rng: np.random.Generator, ground: Ground) -> tuple[np.ndarray, np.ndarray, Ticked]:
    """Deal cameras to gates and unit doors together; returns the ticks of each, and both."""
    gates = gate_owner(ground.compounds)
    owner = np.concatenate([gates, ground.units.estate])
    order = np.argsort(owner, kind="stable")
    cameras = tick(rng, CAMERAS, owner[order], len(ground.entries))
    ticks = np.empty(len(order), dtype=object)
    ticks[order] = cameras.ticks
    return ticks[: len(gates)], ticks[len(gates) :], replace(cameras, ticks=ticks)


def _grown(
    rng: Mapping[str, np.random.Generator], ground: Ground, estates: Estates
) -> tuple[Lawns, dict[str, gpd.GeoDataFrame], list[Planted]]:
    """Lawns and trees, with what was planted in them."""
    lawns = lay_lawns(rng["green"], estates, ground.compounds)
    rows, spacing = lane_trees(rng["trees"], ground)
    frames = {
        "green_space": green_frame(rng["green"], ground, lawns.beds),
        "trees": trees_frame(rng["trees"], ground, lawns.beds, rows=rows),
    }
    return lawns, frames, [spacing]


def _nearest_towns(frame: Frame, points: FloatArray) -> list[str]:
    """Return the town of the block nearest to each point."""
    _, block = KDTree(frame.origin).query(points)
    return [str(town) for town in frame.town_id[block]]
