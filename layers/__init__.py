"""
What the data are: one module a layer, each with its `LayerSpec`.

From a spec come the checks, the database columns, the table headings and the data dictionary.
"""

from geo.errors import DataError
from layers import (
    buildings,
    candidate_sites,
    entrances,
    estates,
    facilities,
    facility_gaps,
    fire_lanes,
    green_space,
    greening_sites,
    overhead_lines,
    parking,
    paving,
    pipelines,
    plantings,
    poles,
    towns,
    trees,
    units,
    walkways,
    walls,
)
from layers.spec import LayerSpec

ALL: dict[str, LayerSpec] = {
    module.SPEC.name: module.SPEC
    for module in (
        towns,
        estates,
        buildings,
        units,
        entrances,
        walkways,
        facilities,
        candidate_sites,
        parking,
        pipelines,
        green_space,
        trees,
        paving,
        walls,
        poles,
        overhead_lines,
        fire_lanes,
        greening_sites,
        plantings,
        facility_gaps,
    )
}
"""Every layer by name, in the order they are read and written."""

SURVEYED: tuple[str, ...] = tuple(name for name in ALL if name != "facility_gaps")
"""The layers a survey fills; facility_gaps is derived from findings."""


def surveyed_spec(name: str) -> LayerSpec:
    """
    Return the spec of a layer that a survey fills.

    Raises
    ------
    DataError
        If there is no such layer.
    """
    if name not in SURVEYED:
        raise DataError(f"there is no layer {name!r}", f"没有图层 {name!r}")
    return ALL[name]


__all__ = ["ALL", "SURVEYED", "LayerSpec", "surveyed_spec"]
