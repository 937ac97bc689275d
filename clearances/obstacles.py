"""
Every object of a district that a subject may have to keep clear of, in one table.

A road is its paving, or, where no paving was surveyed, its centre line with half its width.
"""

from collections.abc import Collection, Mapping

import pandas as pd

from clearances.features import FeatureClass
from clearances.lines import overhead_cables, overhead_lines, pipes
from clearances.obstacle import (
    ObstacleClass,
    Obstacles,
    as_text,
    classified,
    concatenated,
    filled_in,
    with_figures,
)
from clearances.walls import footprints, free_walls, outlines
from layers import fire_lanes, poles, trees
from layers.district import District
from wording import Text

LAYERS: Mapping[str, tuple[str, ...]] = {
    "pipelines": ("pipe",),
    "buildings": ("building", "building_wall"),
    "paving": ("carriageway",),
    "poles": ("pole",),
    "overhead_lines": ("overhead_line",),
    "fire_lanes": ("fire_ground",),
    "trees": ("tree",),
}
"""
Classes of object by the layer without which no subject passes that must keep clear of them.

`walls` is not among them: a district without surveyed enclosures is judged without them.
"""


def obstacles(district: District, outline_m: float) -> Obstacles:
    """
    Gather every obstacle of a district.

    Parameters
    ----------
    district : District
        Its layers; the ones never surveyed contribute nothing (`lacking_layers` names them).
    outline_m : float
        How far a surveyed wall may be from the outline it runs along [m].

    Returns
    -------
    Obstacles
        In the working CRS; a building is there twice, as footprint and as windowed outline.
    """
    return concatenated(
        [
            pipes(district),
            footprints(district),
            outlines(district, outline_m),
            free_walls(district),
            carriageways(district),
            _poles(district),
            overhead_lines(district),
            overhead_cables(district),
            _fire_ground(district),
            _trees(district),
        ]
    )


def lacking_layers(district: District, classes: Collection[str]) -> tuple[str, ...]:
    """
    Return the layers without which nothing can pass that were never surveyed.

    Parameters
    ----------
    district : District
        What was surveyed.
    classes : collection of str
        Classes of object that the subjects must keep clear of.

    Returns
    -------
    tuple of str
        Names of layers; walkways do where no paving was surveyed.
    """
    surveyed = set(district.surveyed)
    if "walkways" in surveyed:
        surveyed.add("paving")
    return tuple(
        layer
        for layer, found in LAYERS.items()
        if layer not in surveyed and not set(found).isdisjoint(classes)
    )


def carriageways(district: District) -> Obstacles:
    """
    Return the carriageways: surveyed paving, else lanes with half their width.

    Parameters
    ----------
    district : District
        Its `paving`, or its `walkways`.

    Returns
    -------
    Obstacles
        Class ``"carriageway"``; unsure where a width is unknown.
    """
    if district.has("paving"):
        roads = district["paving"]
        roads = roads[roads["kind"] == "road"]
        return classified("paving", roads, roads[["kind"]], lambda _: _carriageway(unknown=False))
    lanes = district["walkways"]
    lanes = lanes[lanes["kind"] == "lane"]
    traits = pd.DataFrame({"unknown": lanes["width_m"].isna()})
    return with_figures(
        classified("walkways", lanes, traits, lambda unknown: _carriageway(unknown=unknown)),
        half_width_m=lanes["width_m"].fillna(0.0).to_numpy() / 2.0,
    )


def _carriageway(*, unknown: bool) -> ObstacleClass:
    return ObstacleClass(
        FeatureClass("carriageway"),
        Text("道路边缘", "road edge"),
        (Text("路宽不明", "width unknown"),) if unknown else (),
        is_unsure=unknown,
    )


def _poles(district: District) -> Obstacles:
    standing = district["poles"]

    def describe(kind: str) -> ObstacleClass:
        name = poles.KINDS.get(kind, Text("杆柱", "pole"))
        return ObstacleClass(FeatureClass("pole", filled_in(kind=kind)), name)

    return classified("poles", standing, as_text(standing[["kind"]]), describe)


def _fire_ground(district: District) -> Obstacles:
    lanes = district["fire_lanes"]

    def describe(kind: str) -> ObstacleClass:
        return ObstacleClass(
            FeatureClass("fire_ground", filled_in(kind=kind)), fire_lanes.KINDS[kind]
        )

    return classified("fire_lanes", lanes, lanes[["kind"]], describe)


def _trees(district: District) -> Obstacles:
    """Trees not known to be dead, each by the centre of its stem."""
    standing = district["trees"]
    standing = standing[standing["is_alive"].fillna(value=True).astype(bool)]

    def describe(kind: str) -> ObstacleClass:
        return ObstacleClass(FeatureClass("tree", filled_in(kind=kind)), trees.KINDS[kind])

    return classified("trees", standing, standing[["kind"]], describe)
