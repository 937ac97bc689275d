"""
Build the demonstration district and its answer key.

Nothing here is a survey: names, order and totals of the estates are the plan's, all else is
invented and says so in every row.
"""

from dataclasses import dataclass

import pandas as pd

from demonstration.asked import OVERLAYS
from demonstration.greening import greening
from demonstration.roster import PLAN, Size
from demonstration.rows import CRS
from demonstration.streams import streams
from demonstration.town import build_town
from demonstration.truth import answer_key
from layers import facilities, parking
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
    clearances : pandas.DataFrame
        The answer key of the greening check (`demonstration.greening.Greening.truth`).
    """

    district: District
    truth: pd.DataFrame
    clearances: pd.DataFrame


def build(size: Size = "demo", seed: int = 2023) -> Demo:
    """
    Build the demonstration district.

    Parameters
    ----------
    size : {"tiny", "demo"}, default "demo"
        2 or 20 estates; `demo` meets the plan's totals.
    seed : int, default 2023
        Equal seeds give equal districts, on any machine.
    """
    town = build_town(size, seed)
    design = greening(streams(seed)["greening"], town.frames)
    district = District.from_frames(
        {**town.frames, **design.frames},
        crs=CRS,
        name="利通区（演示）",
        name_en="Litong District (demonstration)",
        district_id="litong-demo",
        surveyed_kinds=frozenset([*facilities.KINDS, *parking.KINDS]),
        overlays=OVERLAYS,
        plan=PLAN,
    )
    return Demo(district, answer_key(town), design.truth)
