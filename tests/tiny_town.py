"""
Tiny town: three estates on a 100 m grid of walkways, drawn so that every number fits in the head.

Coordinates below are metres from the south-west corner; streets run at y = 0, 100, 200 and at
x = 0, 100, ..., 600, cut at every crossing::

    y=200 +-----+-----+-----+-----+-----+-----+
          |     |     |     |     |     |  C  |
    y=100 +-----+-----+-----+-----+-----+-----+
          |  A  |     |     |  B  |     |     |
    y=0   +-----+-----+--K--+-----+-----+-----+
         x=0   100   200   300   400   500   600

Every door and every facility stands 10 m off its street, so a walk is 20 m and the way between.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS

import layers
from layers.district import District
from layers.facilities import KINDS as FACILITY_KINDS
from layers.parking import KINDS as PARKING_KINDS

CRS_4544 = CRS.from_epsg(4544)
EAST, NORTH = 600_000.0, 4_200_000.0
ORIGIN = {"provenance": "synthetic", "source": "tiny town", "source_date": "2026-01-01"}
ALL_KINDS = frozenset([*FACILITY_KINDS, *PARKING_KINDS])


def point(x: float, y: float) -> shapely.Point:
    """Return a point of the town."""
    return shapely.Point(EAST + x, NORTH + y)


def line(*xy: tuple[float, float]) -> shapely.LineString:
    """Return a line of the town."""
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in xy])


def area(*xy: tuple[float, float]) -> shapely.Polygon:
    """Return a polygon of the town."""
    return shapely.Polygon([(EAST + x, NORTH + y) for x, y in xy])


def square(x: float, y: float, width: float, height: float) -> shapely.Polygon:
    """Return a rectangle from its south-west corner."""
    return area((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def frame(layer: str, rows: Iterable[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Return rows (columns and ``geometry``) as a frame of a layer; what is left out is unknown."""
    table = pd.DataFrame([{**ORIGIN, **row} for row in rows])
    if not len(table):
        return layers.ALL[layer].empty(CRS_4544)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=CRS_4544)


def facility(key: str, kind: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    """Return a facility; more columns as given."""
    return {"facility_id": key, "kind": kind, "geometry": point(x, y), **more}


def lot(key: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    """Return a car park; more columns as given."""
    return {"parking_id": key, "kind": "lot", "geometry": point(x, y), **more}


def streets() -> list[dict[str, Any]]:
    """Return the grid, one line between neighbouring crossings."""
    along = [((x, y), (x + 100, y)) for y in (0, 100, 200) for x in range(0, 600, 100)]
    across = [((x, y), (x, y + 100)) for y in (0, 100) for x in range(0, 700, 100)]
    return [
        {"walkway_id": f"S{i:02}", "geometry": line(*ends)} for i, ends in enumerate(along + across)
    ]


# A: two units, 12 + 8 households, 60 persons, 12 elders, 8,000 m2 of ground.
# B: one unit, 10 households, persons not counted, 6,400 m2.
# C: no units; one building of 30 households whose southern corner is nearest to its street.
ESTATES = (
    {
        "estate_id": "A",
        "name": "甲",
        "town_id": "T1",
        "households": 20,
        "persons": 60,
        "elders": 12,
        "geometry": square(0, 10, 100, 80),
    },
    {
        "estate_id": "B",
        "name": "乙",
        "town_id": "T1",
        "households": 10,
        "geometry": square(310, 10, 80, 80),
    },
    {"estate_id": "C", "name": "丙", "households": 30, "geometry": square(510, 110, 80, 80)},
)
BUILDINGS = (
    {
        "building_id": "A-1",
        "estate_id": "A",
        "name": "1号楼",
        "households": 20,
        "storeys": 5,
        "geometry": square(20, 30, 30, 12),
    },
    {
        "building_id": "B-1",
        "estate_id": "B",
        "households": 10,
        "storeys": 6,
        "geometry": square(330, 30, 30, 12),
    },
    {
        "building_id": "C-1",
        "estate_id": "C",
        "households": 30,
        "storeys": 6,
        "geometry": area((550, 110), (580, 150), (520, 150)),
    },
    # A shop outside the estates: somebody looked there, and nobody lives there.
    {"building_id": "S-1", "use": "other", "geometry": square(-30, -30, 10, 10)},
)
UNITS = (
    {
        "unit_id": "A-1-1",
        "building_id": "A-1",
        "estate_id": "A",
        "households": 12,
        "geometry": point(50, 10),
    },
    {
        "unit_id": "A-1-2",
        "building_id": "A-1",
        "estate_id": "A",
        "households": 8,
        "geometry": point(90, 60),
    },
    {
        "unit_id": "B-1-1",
        "building_id": "B-1",
        "estate_id": "B",
        "households": 10,
        "geometry": point(350, 10),
    },
)
TOWNS = ({"town_id": "T1", "name": "示例镇", "geometry": square(-50, -50, 700, 300)},)
KINDERGARTEN = facility("K", "kindergarten", 200, -10, name="示例幼儿园")


def rows_with(rows: Sequence[dict[str, Any]], key: str, **columns: Any) -> list[dict[str, Any]]:
    """Return rows, the one whose first column is `key` with other `columns`."""
    return [{**row, **columns} if next(iter(row.values())) == key else dict(row) for row in rows]


def tiny_town(**changed: Sequence[dict[str, Any]]) -> District:
    """
    Build the town: estates, buildings, units and streets surveyed, with one kindergarten.

    Parameters
    ----------
    **changed
        Rows of layers that take the place of the usual ones.
    """
    return _usual().with_frames(**{name: frame(name, rows) for name, rows in changed.items()})


@cache
def _usual() -> District:
    """Return the town as it usually is; its network is shared by all that have its streets."""
    rows: dict[str, Sequence[dict[str, Any]]] = {
        "towns": TOWNS,
        "estates": ESTATES,
        "buildings": BUILDINGS,
        "units": UNITS,
        "walkways": streets(),
        "facilities": (KINDERGARTEN,),
    }
    district = District.from_frames(
        {name: frame(name, some) for name, some in rows.items()},
        crs=CRS_4544,
        name="小镇",
        name_en="Tiny town",
        district_id="tiny-town",
        surveyed_kinds=ALL_KINDS,
    )
    assert district.network.components == 1
    return district
