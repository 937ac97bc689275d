"""
Lifts: the few units that have one, and what the siting survey found at those that have none.

Whether a lift is due follows from storeys and heights planted in `demo.mix`; here stand the pilot
lifts, their cars, and the room for a shaft.
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np

from demo.grades import Grade, Planted, Ticked, one_of_each, plant, spread, tick
from demo.mix import SPECIALS
from demo.roster import Entry
from demo.units import Units

_DOOR = Grade("lift.retrofit_car", (0.65, 0.75), (0.85, 1.0), (0.8, 0.79), since="2025-05-01")
_SHAFTS: dict[str, Grade] = {
    "shaft_lane_m": Grade("lift.siting.fire_lane", (2.2, 3.8), (4.2, 6.0), (4.01, 3.99)),
    "shaft_opposite_m": Grade("lift.siting.opposite_building", (3.5, 5.7), (6.5, 14), (6.01, 5.99)),
    "shaft_window_m": Grade("lift.siting.window", (0.6, 1.3), (1.7, 3.0), (1.51, 1.49)),
    "shaft_width_m": Grade("lift.siting.envelope", (1.8, 2.2), (2.6, 4.0), (2.41, 2.39)),
}
_BEDROOM = Grade("lift.siting.bedroom_adjacent", (0, 0), (1, 1), (1, 0), since="2025-05-01")
_CONSENT = Grade("lift.consent", (0.3, 0.7), (0.78, 0.97), (0.751, 0.749), digits=3)
_PILOTS = (0, 1, 6, 8, 12)  # by place: estates in which one unit was fitted with a lift
_WITHOUT_CANDIDATES = 4  # fewer floors with entrances than this, and no lift is asked for


def fit_lifts(
    rng: np.random.Generator,
    entries: Sequence[Entry],
    units: gpd.GeoDataFrame,
    placed: Units,
) -> tuple[gpd.GeoDataFrame, list[Planted | Ticked]]:
    """
    Fit the pilot lifts and write down the siting survey.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    entries : sequence of Entry
        The roster.
    units : geopandas.GeoDataFrame
        The stair units layer.
    placed : Units
        The same units as arrays.
    """
    count, owner = len(entries), placed.estate
    has_lift = placed.has_lift.copy()
    pilots = [number for number, entry in enumerate(entries) if entry.place in _PILOTS]
    start = np.searchsorted(owner, np.arange(count), side="right") - 1
    has_lift[start[pilots]] = True  # the last unit: never in a building planned on purpose
    without = [
        number
        for number, entry in enumerate(entries)
        if not (special := SPECIALS.get(entry.place)) or not special.every
    ]
    lead = _candidate(rng, units, owner, has_lift, count)
    among = [number for number in without if lead[number] >= 0]
    lifted = np.unique(owner[has_lift])
    door = plant(rng, _DOOR, count, lifted)
    shafts = {name: plant(rng, grade, count, among) for name, grade in _SHAFTS.items()}
    consent = plant(rng, _CONSENT, count, among)
    bedroom = tick(rng, _BEDROOM, owner, count, among)
    lift_lead = one_of_each(rng, owner, count)
    lift_lead = np.where(np.isin(np.arange(count), lifted), start, lift_lead)
    own_door = spread(rng, door, owner, lift_lead)
    votes = np.round(0.7 + 0.3 * rng.random((2, len(owner))), 3)
    agreed = spread(rng, consent, owner, lead)
    surveyed = ~np.isnan(agreed)
    columns: dict[str, np.ndarray] = {
        "has_lift": has_lift,
        "lift_door_m": np.where(has_lift, own_door, np.nan),
        "lift_load_kg": np.where(has_lift & ~np.isnan(own_door), 400.0, np.nan),
        **{name: _bare(spread(rng, each, owner, lead), has_lift) for name, each in shafts.items()},
        "shaft_beside_bedroom": _inverted(bedroom, has_lift),
        "vote_area_share": _bare(np.where(surveyed, votes[0], np.nan), has_lift),
        "vote_heads_share": _bare(np.where(surveyed, votes[1], np.nan), has_lift),
        "consent_area_share": _bare(agreed, has_lift),
        "consent_heads_share": _bare(
            np.where(surveyed, np.maximum(agreed, 0.78), np.nan), has_lift
        ),
    }
    fitted = units.assign(**columns)
    depth = np.round(2.7 + 0.8 * rng.random(len(owner)), 2)
    fitted["shaft_depth_m"] = np.where(fitted["shaft_width_m"].isna(), np.nan, depth)
    return fitted, [door, *shafts.values(), consent, bedroom]


def _candidate(
    rng: np.random.Generator,
    units: gpd.GeoDataFrame,
    owner: np.ndarray,
    has_lift: np.ndarray,
    count: int,
) -> np.ndarray:
    """Draw a unit of every estate for which a lift is asked, -1 where there is none."""
    asked = np.flatnonzero((units["storeys"].to_numpy() >= _WITHOUT_CANDIDATES) & ~has_lift)
    pick = one_of_each(rng, owner[asked], count)
    return np.where(pick >= 0, asked[pick], -1)


def _bare(values: np.ndarray, has_lift: np.ndarray) -> np.ndarray:
    """Nothing was surveyed where a lift stands already."""
    return np.where(has_lift, np.nan, values)


def _inverted(bedroom: Ticked, has_lift: np.ndarray) -> np.ndarray:
    """Turn ticks, which mean that no bedroom is beside the shaft, into the column."""
    return np.array(
        [
            None if tick is None or lift else not tick
            for tick, lift in zip(bedroom.ticks, has_lift, strict=True)
        ],
        dtype=object,
    )
