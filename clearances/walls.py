"""
Obstacles that are walls: buildings, their walls with windows, free-standing walls.

A building is its footprint, held to the distance of a blank wall, and the part of its outline that
was not surveyed as blank, held to the distance of a wall with windows.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clearances.features import FeatureClass
from clearances.obstacle import ObstacleClass, Obstacles, classified
from geo.arrays import ShapeArray
from geo.outline import beyond_lines
from layers.district import District
from wording import Text


def footprints(district: District) -> Obstacles:
    """
    Return every building's footprint.

    Parameters
    ----------
    district : District
        Its `buildings`.

    Returns
    -------
    Obstacles
        Class ``"building"``, which is a ``"building_wall"`` without windows as well.
    """
    buildings = district["buildings"]
    described = ObstacleClass(
        FeatureClass("building", (("has_windows", False),), also=("building_wall",)),
        Text("建筑外墙", "building"),
    )
    traits = pd.DataFrame({"kind": ["building"] * len(buildings)})
    return classified("buildings", buildings, traits, lambda _: described)


def outlines(district: District, outline_m: float) -> Obstacles:
    """
    Return every building's outline less the walls surveyed as blank.

    Parameters
    ----------
    district : District
        Its `buildings` and `walls`.
    outline_m : float
        How far a surveyed wall may be from the outline it runs along [m].

    Returns
    -------
    Obstacles
        Class ``"building_wall"``: with windows where every wall of it was surveyed, windows unknown
        where some was not.
    """
    buildings, walls = district["buildings"], district["walls"]
    walls = walls[(walls["kind"] == "building") & walls["has_windows"].notna()]
    blank = _walls_of(walls[~walls["has_windows"].astype(bool)], buildings)
    outline = shapely.boundary(np.asarray(buildings.geometry.array, dtype=object))
    rest = beyond_lines(outline, blank, outline_m)
    unseen = beyond_lines(rest, _walls_of(walls, buildings), outline_m)
    traits = pd.DataFrame({"unknown": shapely.length(unseen) > outline_m})
    keep = shapely.length(rest) > 0
    frame = buildings.set_geometry(gpd.GeoSeries(rest, index=buildings.index, crs=buildings.crs))
    return classified("buildings", frame[keep], traits[keep], _windowed_wall)


def _windowed_wall(unknown: bool) -> ObstacleClass:  # noqa: FBT001 - a table's cell
    attributes = () if unknown else (("has_windows", True),)
    return ObstacleClass(
        FeatureClass("building_wall", attributes), Text("有窗外墙", "windowed wall")
    )


def _walls_of(walls: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> ShapeArray:
    """Return each building's walls as one geometry, empty where none was surveyed."""
    found: ShapeArray = np.full(len(buildings), shapely.MultiLineString(), dtype=object)
    position = pd.Series(range(len(buildings)), index=buildings["building_id"])
    for building_id, own in walls.groupby("building_id"):
        if building_id in position.index:
            found[position[building_id]] = own.geometry.union_all()
    return found


def free_walls(district: District) -> Obstacles:
    """
    Return the walls of no known building.

    Parameters
    ----------
    district : District
        Its `walls`: heights [m], NaN unknown.

    Returns
    -------
    Obstacles
        Classes ``"building_wall"``, ``"enclosure_wall"`` and ``"retaining_wall"``.
    """
    walls = district["walls"]
    walls = walls[(walls["kind"] != "building") | walls["building_id"].isna()]
    windows = walls["has_windows"].astype(object).where(walls["has_windows"].notna(), "")
    traits = pd.DataFrame(
        {"kind": walls["kind"], "has_windows": windows, "height_m": walls["height_m"]}
    )
    return classified("walls", walls, traits, _free_wall)


def _free_wall(kind: str, has_windows: bool | str, height_m: float) -> ObstacleClass:  # noqa: FBT001 - a table's cell
    if kind == "building":
        attributes = () if has_windows == "" else (("has_windows", bool(has_windows)),)
        return ObstacleClass(
            FeatureClass("building_wall", attributes), Text("建筑外墙", "building wall")
        )
    if kind == "retaining":
        return ObstacleClass(FeatureClass("retaining_wall"), Text("挡土墙", "retaining wall"))
    height = () if np.isnan(height_m) else (("height_m", height_m),)
    return ObstacleClass(FeatureClass("enclosure_wall", height), Text("围墙", "enclosure wall"))
