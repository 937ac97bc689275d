"""
Build the demonstration district: every part from its own random stream, then one `District`.

Nothing here is a survey: names, order and totals of the estates are the plan's, all else is invented
and says so in every row.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from demo.buildings import CAMERAS, buildings_frame, place_units, units_frame
from demo.compounds import lay_compounds
from demo.estates import entrances_frame, estates_frame, gate_owner, survey_estates
from demo.facilities import facilities_frame, site_facilities
from demo.frame import lay_frame
from demo.grades import tick
from demo.green import green_frame, lawns
from demo.infill import fill_in
from demo.lifts import fit_lifts
from demo.mix import draw_mix
from demo.parking import parking_frame
from demo.pipes import pipelines_frame
from demo.roster import PLAN, Size, roster, targets
from demo.rows import CRS
from demo.siting import Sites
from demo.streams import streams
from demo.streets import lay_streets, walkways_frame
from demo.towns import towns_frame
from demo.trees import trees_frame
from demo.trenches import lay_pipes
from layers.district import District


@dataclass(frozen=True)
class Demo:
    """
    The demonstration district and what must be found in it.

    Attributes
    ----------
    district : District
        Every surveyed layer, synthetic throughout.
    truth : pandas.DataFrame
        The answer key: estate_id, rule_id, as_of, case, expect, value, tolerance, how.
    """

    district: District
    truth: pd.DataFrame


TRUTH_COLUMNS = ["estate_id", "rule_id", "as_of", "case", "expect", "value", "tolerance", "how"]


def build(size: Size = "demo", seed: int = 2023) -> Demo:
    """
    Build the demonstration district.

    Parameters
    ----------
    size : {"tiny", "demo", "stress"}, default "demo"
        2, 20 or 2,000 estates; `demo` meets the plan's totals.
    seed : int, default 2023
        Equal seeds give equal districts, on any machine.
    """
    rng, entries, target = streams(seed), roster(size), targets(size)
    mix = draw_mix(rng["mix"], entries, target)
    frame = lay_frame(rng["frame"], Counter(entry.town_id for entry in entries))
    compounds = lay_compounds(rng["estates"], entries, mix, frame)
    infill = fill_in(rng["infill"], frame, compounds)
    streets = lay_streets(frame, compounds, infill)
    placed = place_units(mix, frame, compounds)
    estates = survey_estates(rng["surveys"], entries, mix, compounds)
    gates = gate_owner(compounds)
    owner = np.concatenate([gates, placed.estate])
    order = np.argsort(owner, kind="stable")
    cameras = tick(rng["surveys"], CAMERAS, owner[order], len(entries))
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    ticks = cameras.ticks[back]
    estate_layer, planted = estates_frame(rng["surveys"], entries, estates, frame=frame, compounds=compounds, mix=mix, target=target)
    building_layer, p2 = buildings_frame(rng["surveys"], entries, estates, mix=mix, frame=frame, compounds=compounds, infill=infill)
    from dataclasses import replace
    unit_layer, p3 = units_frame(rng["units"], estates, mix=mix, units=placed, cameras=replace(cameras, ticks=ticks[len(gates):]))
    unit_layer, p4 = fit_lifts(rng["units"], entries, unit_layer, placed)
    beds, green_planted = lawns(rng["green"], estates, compounds)
    pipes, ages, cover = pipelines_frame(rng["pipes"], estates, lay_pipes(frame, compounds, placed))
    sites = Sites(streets, placed)
    sited, walks = site_facilities(rng["facilities"], sites, len(entries))
    towns = [frame.town_id[np.argmin(np.hypot(*(frame.origin - s.spot.xy).T))] for s in sited]
    frames = {
        "towns": towns_frame(frame),
        "estates": estate_layer,
        "buildings": building_layer,
        "units": unit_layer,
        "entrances": entrances_frame(rng["surveys"], estates, frame=frame, compounds=compounds, cameras=replace(cameras, ticks=ticks[:len(gates)])),
        "walkways": walkways_frame(rng["surveys"], streets, estates.ids),
        "facilities": facilities_frame(rng["facilities"], entries, estates, sited, towns),
        "parking": parking_frame(rng["parking"], estates, sites),
        "pipelines": pipes,
        "green_space": green_frame(rng["green"], estates, beds, frame=frame, compounds=compounds, infill=infill),
        "trees": trees_frame(rng["trees"], estates, beds, frame=frame, compounds=compounds, infill=infill),
    }
    district = District.from_frames(
        frames,
        crs=CRS,
        name="利通区（演示）",
        name_en="Litong District (demonstration)",
        district_id="litong-demo",
        overlays=("ningxia", "wuzhong", "litong"),
        plan=PLAN,
    )
    return Demo(district, pd.DataFrame(columns=TRUTH_COLUMNS))
