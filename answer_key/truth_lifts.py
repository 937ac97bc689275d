"""Answers on lifts: floors and heights as planned, against where the planned lifts stand."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from answer_key.answers import Answer
from answer_key.lifts import SPECIALS
from answer_key.town import Town


@dataclass(frozen=True, slots=True)
class _Trigger:
    """From how many floors or above which height a lift is asked for; near estates by place."""

    rule_id: str
    floors: int
    above_m: float
    near: tuple[int, ...] = ()


_TRIGGERS = (
    _Trigger("lift.trigger.2012", 7, 16.0, (11, 14)),
    _Trigger("lift.trigger.2025", 4, 9.0, (4, 9)),
    _Trigger("lift.retrofit_candidate", 4, np.inf, (4, 9)),
)


def lift_answers(town: Town) -> Iterator[Answer]:
    """Answer for every estate: not asked, all there, or missing at some unit."""
    units = town.frames["units"]
    owner = town.ground.units.estate
    floors = town.ground.mix.floors[town.ground.units.building]
    height = town.ground.mix.entrance_m[town.ground.units.building]
    has_lift = units["has_lift"].to_numpy(dtype=bool)
    for trigger in _TRIGGERS:
        asked = (floors >= trigger.floors) | (height > trigger.above_m)
        for estate, entry in enumerate(town.ground.entries):
            mine = has_lift[asked & (owner == estate)]
            expect = "not_applicable" if not len(mine) else "met" if mine.all() else "missing"
            case = "positive" if expect == "missing" else "negative"
            yield Answer(
                estate,
                trigger.rule_id,
                "near" if entry.place in trigger.near and entry.place in SPECIALS else case,
                expect,
                float(mine.mean()) if len(mine) else np.nan,
                "floors and heights as planned; share of the units asked that have a lift",
            )
