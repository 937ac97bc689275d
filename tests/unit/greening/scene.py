"""A site small enough to check by hand: one bed, a gas main south of it, a house north of it."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

import edits
from greening.design import completed
from greening.row_edits import edit_of
from greening.species import read_species
from greening.workflow import GreeningEvent
from layers.district import District

CRS_4544 = CRS.from_epsg(4544)
ORIGIN = np.array([520_000.0, 4_200_000.0])
SPACING_M = 0.5
"""Kept between plants of unknown species, as the rulebook has it."""


def frame(*rows: dict) -> gpd.GeoDataFrame:
    """Make a frame of rows whose `geometry` is in metres from the origin."""
    filled = [
        {"provenance": "synthetic", "source": "test", "source_date": "2023-04-01", **row}
        for row in rows
    ]
    shapes = [shapely.transform(row.pop("geometry"), lambda xy: xy + ORIGIN) for row in filled]
    return gpd.GeoDataFrame(filled, geometry=shapes, crs=CRS_4544)


def gas(**more: object) -> dict:
    """Return a surveyed low-pressure gas main along y = 0, outer diameter 100 mm."""
    return {
        "pipe_id": "gas",
        "kind": "RQ",
        "sub_kind": "TR",
        "pressure": "low",
        "laid": "direct",
        "diameter_mm": 100.0,
        "depth_m": 1.0,
        "accuracy_m": 0.0,
        "geometry": shapely.LineString([(-50, 0), (50, 0)]),
        **more,
    }


def tree(name: str, x: float, y: float, **more: object) -> dict:
    """Return a proposed tree of the bed."""
    return {
        "planting_id": name,
        "site_id": "bed",
        "estate_id": "e1",
        "kind": "tree",
        "species_id": "malus_micromalus",
        "state": "proposed",
        "geometry": shapely.Point(x, y),
        **more,
    }


def bed(**more: object) -> dict:
    """Return the bed: 20 m by 8 m, from (0, 0) to (20, 8)."""
    return {
        "site_id": "bed",
        "estate_id": "e1",
        "name": "一号绿地",
        "kind": "new",
        "state": "design",
        "geometry": shapely.box(0, 0, 20, 8),
        **more,
    }


HOUSE = {"building_id": "house", "estate_id": "e1", "geometry": shapely.box(0, 10, 20, 20)}
ESTATE = {
    "estate_id": "e1",
    "name": "裕民小区",
    "town_id": "t1",
    "households": 40,
    "geometry": shapely.box(-10, -10, 40, 30),
}
TOWN = {"town_id": "t1", "name": "金星镇", "geometry": shapely.box(-100, -100, 100, 100)}
SURVEYED = frozenset(
    {
        "towns",
        "estates",
        "pipelines",
        "buildings",
        "paving",
        "poles",
        "overhead_lines",
        "fire_lanes",
        "walls",
        "greening_sites",
        "plantings",
        "trees",
        "green_space",
    }
)


def district(surveyed: frozenset[str] = SURVEYED, **layers: list[dict]) -> District:
    """Make a district of the named layers; all others surveyed and empty unless said otherwise."""
    frames = {name: frame(*rows) for name, rows in layers.items() if rows}
    return District.from_frames(frames, crs=CRS_4544, name="试验区", surveyed=surveyed)


def lived(
    place: District, *events: GreeningEvent, first: int = 1
) -> tuple[District, list[GreeningEvent]]:
    """Return a district after events, with what each changes in its rows, and the events."""
    for event in events:
        place = edits.apply(place, edit_of(place, completed(place, read_species()), event))
    return place, [replace(event, seq=seq) for seq, event in enumerate(events, start=first)]
