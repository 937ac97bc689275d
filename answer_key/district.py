"""The test district and its answer key, from one seed."""

from dataclasses import dataclass
from functools import cache

import pandas as pd

from answer_key.greening import greening
from answer_key.town import build_town
from answer_key.truth import answer_key
from demonstration.roster import OVERLAYS, PLAN, Size
from demonstration.rows import CRS
from demonstration.streams import streams
from layers import facilities, parking
from layers.district import District

SEED = 2041
"""A town in which every rule has estates above, below and just at what it asks for."""


@dataclass(frozen=True)
class KeyedDistrict:
    """
    An invented district and what must be found in it.

    Attributes
    ----------
    district : District
        Every surveyed layer, synthetic throughout.
    truth : pandas.DataFrame
        The answer key: estate_id, rule_id, as_of, case, expect, value, tolerance, how.
    clearances : pandas.DataFrame
        The answer key of the greening check (`answer_key.greening.Greening.truth`).
    """

    district: District
    truth: pd.DataFrame
    clearances: pd.DataFrame


@cache
def build(size: Size = "demo", seed: int = SEED) -> KeyedDistrict:
    """
    Build the test district, once a process.

    Parameters
    ----------
    size : {"tiny", "demo"}, default "demo"
        2 or 20 estates; `demo` meets the plan's totals.
    seed : int, default `SEED`
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
    return KeyedDistrict(district, answer_key(town), design.truth)
