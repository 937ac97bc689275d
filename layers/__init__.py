"""
What the data are: one module a layer, each with its `LayerSpec`.

From a spec come the checks, the database columns, the table headings and the data dictionary.
"""

from layers import (
    buildings,
    entrances,
    estates,
    facilities,
    facility_gaps,
    green_space,
    parking,
    pipelines,
    towns,
    trees,
    units,
    walkways,
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
        parking,
        pipelines,
        green_space,
        trees,
        facility_gaps,
    )
}
"""Every layer by name, in the order they are read and written."""

SURVEYED: tuple[str, ...] = tuple(name for name in ALL if name != "facility_gaps")
"""The layers a survey fills; facility_gaps is derived from findings."""

__all__ = ["ALL", "SURVEYED", "LayerSpec"]
