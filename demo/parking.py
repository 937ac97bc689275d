"""Parking and charging: an estate's own bays and e-bike sheds, public lots and charging stations."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from demo.estates import Estates
from demo.rows import CRS, note
from demo.siting import Sites, Spot


def parking_frame(rng: np.random.Generator, estates: Estates, sites: Sites) -> gpd.GeoDataFrame:
    """Return the parking layer."""
    count = len(estates.ids)
    rows: list[dict[str, object]] = []
    spots: list[Spot] = []
    for estate in range(count):
        if not len(sites._own_pieces(estate)):
            continue
        bays = int(round(float(estates.households[estate] * (0.15 + 0.35 * rng.random()))))
        rows.append({"kind": "lot", "estate_id": estates.ids[estate], "is_public": False, "spaces": bays, "accessible_spaces": int(rng.random() < 0.4), "aisle_m": 1.2, "ev_spaces": int(bays * 0.12) if rng.random() < 0.3 else 0, "ev_ready_spaces": 0})
        spots.append(sites.lane_spot(rng, estate))
        if rng.random() < 0.7:
            rows.append({"kind": "ebike_shed", "estate_id": estates.ids[estate], "is_public": False, "ebike_ports": int(estates.households[estate] * 0.5 * rng.random()), "exit_m": 7.0, "wall_m": 4.0})
            spots.append(sites.lane_spot(rng, estate))
    for spot in sites.sidewalk_spots(rng, int(np.ceil(count * 0.4))):
        spots.append(spot)
        rows.append({"kind": "lot", "is_public": True, "spaces": int(rng.integers(20, 120)), "accessible_spaces": 1, "aisle_m": 1.2, "ev_spaces": 0, "ev_ready_spaces": 0})
    for spot in sites.sidewalk_spots(rng, int(np.ceil(count * 0.15))):
        spots.append(spot)
        rows.append({"kind": "charging_station", "is_public": True, "ev_spaces": int(rng.integers(4, 16))})
    frame = gpd.GeoDataFrame(rows, geometry=shapely.points(np.array([s.xy for s in spots])), crs=CRS)
    frame["parking_id"] = [f"K{number + 1:05d}" for number in range(len(frame))]
    frame["state"] = "open"
    return frame.assign(**note())


__all__ = ["Sequence", "parking_frame"]
