"""
Build the invented district: twenty old estates of a town, as a survey would have found them.

Nothing here is a survey: names, order and totals of the estates are the plan's, all else is
invented and says so in every row.
"""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from demonstration.bays import Bays, bays_frame, mark_bays
from demonstration.buildings import SPECIALS, buildings_frame, units_frame
from demonstration.counts import counted
from demonstration.estates import cables_overhead, count_people, entrances_frame, estates_frame
from demonstration.facilities import facilities_frame
from demonstration.green import green_frame, lay_lawns
from demonstration.greening import greening_frames
from demonstration.ground import Ground, lay_ground
from demonstration.grounds import building_walls, fire_lanes
from demonstration.overhead import overhead_frames
from demonstration.parking import parking_frames
from demonstration.pipes import pipelines_frame
from demonstration.roster import OVERLAYS, PLAN, Size
from demonstration.rows import CRS
from demonstration.streams import streams
from demonstration.surfaces import paving_frame, walls_frame
from demonstration.towns import towns_frame
from demonstration.traits import Traits, draw_traits
from demonstration.trees import trees_frame
from demonstration.walkways import lane_widths, walkways_frame
from layers import facilities, parking
from layers.district import District

_TOWER_STOREYS = 7  # from which a climbing area was marked
_Streams = Mapping[str, np.random.Generator]
_Frames = dict[str, gpd.GeoDataFrame]


def build(size: Size = "demo", seed: int = 2023) -> District:
    """
    Build the demonstration district.

    Parameters
    ----------
    size : {"tiny", "demo"}, default "demo"
        2 or 20 estates; `demo` meets the plan's totals.
    seed : int, default 2023
        Equal seeds give equal districts, on any machine.

    Returns
    -------
    District
        Every surveyed layer, synthetic throughout.
    """
    rng = streams(seed)
    ground = lay_ground(rng, size, SPECIALS)
    traits = draw_traits(rng["traits"], ground.entries)
    frames = _frames(rng, ground, traits)
    return District.from_frames(
        {**frames, **greening_frames(rng["greening"], ground, traits, frames)},
        crs=CRS,
        name="利通区（演示）",
        name_en="Litong District (demonstration)",
        district_id="litong-demo",
        surveyed_kinds=frozenset([*facilities.KINDS, *parking.KINDS]),
        overlays=OVERLAYS,
        plan=PLAN,
    )


def _frames(rng: _Streams, ground: Ground, traits: Traits) -> _Frames:
    """Return every layer but the greening design."""
    bays = mark_bays(rng["parking"], ground, traits)
    frames = _estates(rng, ground, traits, bays)
    lane_m = lane_widths(rng["surveys"], traits)
    frames |= {
        "towns": towns_frame(ground.frame),
        "buildings": buildings_frame(rng["surveys"], ground, traits, lane_m),
        "units": units_frame(rng["units"], ground, traits),
        "entrances": entrances_frame(rng["surveys"], ground, traits),
        "walkways": walkways_frame(rng["surveys"], ground, lane_m),
        "facilities": facilities_frame(rng["facilities"], ground, traits),
    }
    frames["parking"], streets = parking_frames(rng["parking"], ground, traits, bays)
    paving = [paving_frame(ground), bays_frame(ground, bays), streets]
    frames |= {"paving": _joined(*paving)} | _surroundings(rng, ground, frames)
    return frames | counted(rng["counts"], traits, frames)


def _estates(rng: _Streams, ground: Ground, traits: Traits, bays: list[Bays]) -> _Frames:
    """Return the estates with what lies on their ground and under it."""
    beds = lay_lawns(rng["green"], ground, traits, bays)
    nowhere = np.empty((0, 2)), np.empty(0, dtype=np.int64)
    green_m2 = np.zeros(len(ground.ids))
    for bed in beds:
        green_m2[bed.estate] += bed.area_m2
    cables = cables_overhead(rng["traits"], traits)
    people = count_people(rng["estates"], ground, traits)
    estates = estates_frame(
        rng["surveys"], ground, traits, people, cables=cables, green_m2=green_m2
    )
    lit = estates["lit_share"].to_numpy(dtype=np.float64)
    poles, lines = overhead_frames(rng["walls"], ground, cables=cables, lit=lit)
    return {
        "estates": estates,
        "green_space": green_frame(rng["green"], ground, beds),
        "trees": trees_frame(rng["trees"], ground, beds, rows=nowhere),
        "pipelines": pipelines_frame(rng["pipes"], ground, traits, cables),
        "poles": poles,
        "overhead_lines": lines,
    }


def _surroundings(rng: _Streams, ground: Ground, frames: _Frames) -> _Frames:
    """Return walls and fire ground, which follow from the buildings and lanes."""
    own = frames["buildings"].dropna(subset=["estate_id"]).reset_index(drop=True)
    lanes = frames["walkways"]
    lanes = lanes[lanes["estate_id"].notna() & (lanes["kind"] == "lane")]
    tall = own[own["storeys"].astype(int) >= _TOWER_STOREYS].reset_index(drop=True)
    walls = walls_frame(rng["walls"], ground), building_walls(rng["walls"], own)
    return {"walls": _joined(*walls), "fire_lanes": fire_lanes(tall, lanes)}


def _joined(*frames: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=CRS)
