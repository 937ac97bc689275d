"""
How the tables of an OpenStreetMap-like extract are read when no district.toml says otherwise.

`walkways`, `facilities` and `buildings`, in one projected or geographic CRS. What the tables do not
tell (spaces of a car park, sizes, opening) stays unknown, and a kind that does not occur was not
surveyed, unless another kind of the same category (`ALIKE`) does.
"""

from store.district_file import TableMapping

FACILITY_KINDS = {
    "kindergarten": "kindergarten",
    "school": "school",
    "clinic": "health_station",  # a doctor's surgery within walking reach, what 卫生服务站 offers
    "pharmacy": "pharmacy",
    "eldercare": "elder_station",
    "park": "park",
    "shop": "shop",
}
ALIKE = {
    "elder_station": ("elder_day_care",),  # `eldercare` is every place that looks after elders
    "health_station": ("health_centre",),  # `clinic` does not tell a station from a centre
}
"""Kind -> the kinds that whoever mapped it has looked for as well."""

PARKING_KINDS = {"parking": "lot", "charging": "charging_station"}
WALKWAY_KINDS = {"steps": "stairs", "footway": "path", "path": "path", "pedestrian": "path"}
HOMES = (
    "apartments",
    "bungalow",
    "detached",
    "dormitory",
    "house",
    "residential",
    "semidetached_house",
    "terrace",
)

MAPPINGS = (
    TableMapping(
        table="walkways",
        layer="walkways",
        columns={"kind": "highway", "name": "name"},
        codes={"kind": WALKWAY_KINDS},
    ),
    TableMapping(
        table="facilities",
        layer="facilities",
        key="id",
        columns={"kind": "cat", "name": "name"},
        codes={"kind": FACILITY_KINDS},
    ),
    TableMapping(
        table="facilities",
        layer="parking",
        key="id",
        columns={"kind": "cat", "name": "name"},
        codes={"kind": PARKING_KINDS},
    ),
    TableMapping(
        table="buildings",
        layer="buildings",
        key="way_id",
        columns={"storeys": "levels", "use": "building", "name": "name"},
        codes={"use": dict.fromkeys(HOMES, "residential")},
    ),
)
"""Mappings by table; a district.toml of its own replaces them."""
