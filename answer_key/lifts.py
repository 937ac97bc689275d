"""
Lifts: the few units that have one, and what the siting survey found at those that have none.

Whether a lift is due follows from the storeys and heights of `SPECIALS`; here are also the pilot
lifts, their cars, and the room for a shaft.
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np

from answer_key.grades import Grade, Planted, Ticked, plant, spread, tick
from demonstration.mix import Special
from demonstration.roster import PlannedEstate
from demonstration.rows import blank
from demonstration.units import Units
from geo.arrays import FloatArray, IntArray, ObjectArray

# By place in the plan's list. The shop floors put the highest entrance floor just below and just
# above the heights at which a lift is due: 15.9 and 16.1 m, 8.9 and 9.1 m.
SPECIALS: dict[int, Special] = {
    3: Special(7),
    6: Special(7),
    10: Special(7),
    2: Special(7, every=True, lifts=True),
    16: Special(7, every=True, lifts=True),
    19: Special(6, every=True, lifts=True),
    11: Special(5, shop_m=4.5),
    14: Special(5, shop_m=4.7),
    4: Special(3, shop_m=3.2, every=True),
    9: Special(3, shop_m=3.4, every=True),
}

_DOOR = Grade("lift.retrofit_car", (-0.15, -0.05), (0.05, 0.2), (0, -0.01), part="lift_door_m")
_SHAFTS: dict[str, Grade] = {
    "shaft_lane_m": Grade("lift.siting.fire_lane", (-1.8, -0.2), (0.2, 2), (0.01, -0.01)),
    "shaft_opposite_m": Grade(
        "lift.siting.opposite_building", (-2.5, -0.3), (0.5, 8), (0.01, -0.01)
    ),
    "shaft_window_m": Grade("lift.siting.window", (-0.9, -0.2), (0.2, 1.5), (0.01, -0.01)),
    "shaft_width_m": Grade(
        "lift.siting.envelope", (-0.6, -0.2), (0.2, 1.6), (0.01, -0.01), part="shaft_width_m"
    ),
}
_BEDROOM = Grade("lift.siting.bedroom_adjacent")
_CONSENT = Grade(
    "lift.consent",
    (-0.45, -0.05),
    (0.03, 0.22),
    (0.001, -0.001),
    digits=3,
    part="consent_area_share",
)
_PILOTS = (0, 1, 6, 8, 12)  # by place: estates in which one unit was fitted with a lift
_LEAST_FLOORS = 4  # with entrances, from which the siting survey was made
_LOAD_KG = 400.0


def fit_lifts(
    rng: np.random.Generator,
    entries: Sequence[PlannedEstate],
    units: gpd.GeoDataFrame,
    placed: Units,
) -> tuple[gpd.GeoDataFrame, list[Planted | Ticked]]:
    """
    Fit the pilot lifts and write down the siting survey.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    entries : sequence of PlannedEstate
        The roster.
    units : geopandas.GeoDataFrame
        The stair units layer.
    placed : Units
        The same units as arrays.
    """
    count, owner = len(entries), placed.estate
    pilots = [number for number, entry in enumerate(entries) if entry.place in _PILOTS]
    last = np.searchsorted(owner, np.arange(count), side="right") - 1
    has_lift = placed.has_lift.copy()
    has_lift[last[pilots]] = True  # the last unit: never in a building planned on purpose
    door = plant(rng, _DOOR, count, np.unique(owner[has_lift]))
    width = np.where(has_lift, spread(rng, door, owner, last), np.nan)
    asked = np.flatnonzero((units["storeys"].to_numpy() >= _LEAST_FLOORS) & ~has_lift)
    columns, found = _survey_sites(rng, owner[asked], count)
    fitted = units.assign(
        has_lift=has_lift,
        lift_door_m=width,
        lift_load_kg=np.where(np.isnan(width), np.nan, _LOAD_KG),
        **{name: _at(asked, values, len(owner)) for name, values in columns.items()},
    )
    return fitted, [door, *found]


def _survey_sites(
    rng: np.random.Generator, owner: IntArray, count: int
) -> tuple[dict[str, FloatArray | ObjectArray], list[Planted | Ticked]]:
    """Survey the units for which a lift is asked: room for the shaft, neighbours, owners."""
    among = np.unique(owner)
    shafts = {name: plant(rng, grade, count, among) for name, grade in _SHAFTS.items()}
    consent = plant(rng, _CONSENT, count, among)
    bedroom = tick(rng, _BEDROOM, owner, count, among)
    columns = {name: spread(rng, each, owner) for name, each in shafts.items()}
    agreed = spread(rng, consent, owner)
    votes = np.round(0.7 + 0.3 * rng.random((3, len(owner))), 3)
    depth = np.round(2.7 + 0.8 * rng.random(len(owner)), 2)
    unknown = np.isnan(agreed)
    shares = {
        "vote_area_share": votes[0],
        "vote_heads_share": votes[1],
        "consent_heads_share": np.maximum(votes[2], 0.78),
    }
    more = {name: np.where(unknown, np.nan, share) for name, share in shares.items()}
    return {
        **columns,
        **more,
        "consent_area_share": agreed,
        "shaft_depth_m": np.where(np.isnan(columns["shaft_width_m"]), np.nan, depth),
        # a tick means that no bedroom is beside the shaft
        "shaft_beside_bedroom": blank(bedroom.ticks == False, bedroom.ticks == None),  # noqa: E711, E712
    }, [*shafts.values(), consent, bedroom]


def _at(places: IntArray, values: FloatArray | ObjectArray, count: int) -> FloatArray | ObjectArray:
    """Put values at their places among `count`, unknown elsewhere."""
    if values.dtype == object:
        objects: ObjectArray = np.full(count, None, dtype=object)
        objects[places] = values
        return objects
    numbers: FloatArray = np.full(count, np.nan)
    numbers[places] = values
    return numbers
