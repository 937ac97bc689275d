"""The ground: streets, compounds, buildings and doors, before anything of them is surveyed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from demonstration.compound import Compound
from demonstration.compounds import lay_compounds
from demonstration.frame import Frame, lay_frame
from demonstration.infill import Infill, fill_in
from demonstration.mix import Mix, draw_mix
from demonstration.roster import PlannedEstate, Size, Targets, roster, targets
from demonstration.streets import Streets, lay_streets
from demonstration.units import Units, place_units


@dataclass(frozen=True)
class Ground:
    """What stands before anything is surveyed."""

    entries: tuple[PlannedEstate, ...]
    target: Targets
    mix: Mix
    frame: Frame
    compounds: list[Compound]
    infill: Infill
    streets: Streets
    units: Units


def lay_ground(rng: Mapping[str, np.random.Generator], size: Size) -> Ground:
    """Lay out streets, compounds and buildings."""
    entries, target = roster(size), targets(size)
    mix = draw_mix(rng["mix"], entries, target)
    frame = lay_frame(rng["frame"], Counter(entry.town_id for entry in entries))
    compounds = lay_compounds(rng["estates"], entries, mix, frame)
    infill = fill_in(rng["infill"], frame, compounds)
    streets = lay_streets(frame, compounds, infill)
    units = place_units(mix, frame, compounds)
    return Ground(entries, target, mix, frame, compounds, infill, streets, units)
