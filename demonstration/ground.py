"""The ground: streets, compounds, buildings and doors, before anything of them is surveyed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from demonstration.compound import Compound, Rect, corners
from demonstration.compounds import lay_compounds
from demonstration.frame import Frame, lay_frame
from demonstration.infill import Infill, fill_in
from demonstration.mix import Mix, Special, draw_mix
from demonstration.roster import PlannedEstate, Size, Targets, roster, targets
from demonstration.streets import Streets, lay_streets
from demonstration.units import Units, place_units
from geo.arrays import FloatArray


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

    @property
    def ids(self) -> list[str]:
        """Keys of the estates, in the roster's order."""
        return [entry.estate_id for entry in self.entries]


def lay_ground(
    rng: Mapping[str, np.random.Generator], size: Size, specials: Mapping[int, Special]
) -> Ground:
    """Lay out streets, compounds and buildings; `specials` as for `draw_mix`."""
    entries, target = roster(size), targets(size)
    mix = draw_mix(rng["mix"], entries, target, specials)
    frame = lay_frame(rng["frame"], Counter(entry.town_id for entry in entries))
    compounds = lay_compounds(rng["estates"], entries, mix, frame)
    infill = fill_in(rng["infill"], frame, compounds)
    streets = lay_streets(frame, compounds, infill)
    units = place_units(mix, frame, compounds)
    return Ground(entries, target, mix, frame, compounds, infill, streets, units)


def outline(frame: Frame, compound: Compound) -> shapely.Polygon | shapely.MultiPolygon:
    """Return an estate's ground in the working CRS."""

    def ring(rect: Rect) -> FloatArray:
        return frame.to_world(compound.block, corners(np.array([rect]))[0])

    holes = [ring(compound.hole)[::-1]] if compound.hole else []
    parts = [shapely.Polygon(ring(part), holes) for part in compound.parts]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
