"""Random beds with pipes through them, a house, a lamp, a climbing area, trees and shrubs."""

import tomllib
from pathlib import Path
from typing import Any

import shapely
from hypothesis import strategies as st

from clearances.requirements import Requirements, read_requirements
from layers.district import District
from tests.unit.greening.scene import bed, district, gas, tree

RULEBOOK = Path(__file__).parents[2] / "rules" / "rulebook" / "national"
PLACE = st.tuples(st.integers(0, 200), st.integers(0, 80)).map(lambda p: (p[0] / 10, p[1] / 10))
KINDS = st.sampled_from(
    [
        ("JS", "JP"),
        ("PS", "WS"),
        ("PS", None),
        ("RQ", "TR"),
        ("RL", None),
        ("DL", "GD"),
        ("TX", None),
        ("ZH", None),
        ("GY", None),
        ("BM", None),
    ]
)


def tables() -> dict[str, Any]:
    """Return the project's own clearance tables as parsed from TOML."""
    return tomllib.loads((RULEBOOK / "clearance.toml").read_text("utf-8"))["clearance"]


def requirements(clearance: dict[str, Any]) -> Requirements:
    """Read clearance tables, with the project's own kinds of pipe."""
    pipes = tomllib.loads((RULEBOOK / "pipes.toml").read_text("utf-8"))["pipes"]
    return read_requirements(clearance, pipes)


@st.composite
def pipe(draw: st.DrawFn, number: int) -> dict:
    start, end = draw(st.lists(PLACE, min_size=2, max_size=2, unique=True))
    kind, sub = draw(KINDS)
    return gas(
        pipe_id=f"p{number}",
        kind=kind,
        sub_kind=sub,
        pressure=draw(st.sampled_from(["low", "medium_a", "sub_high_b", None])),
        laid=draw(st.sampled_from(["direct", "duct", "trench", None])),
        diameter_mm=draw(st.sampled_from([100.0, 315.0, None])),
        depth_m=draw(st.sampled_from([1.0, None])),
        accuracy_m=draw(st.sampled_from([0.0, 0.1, 0.5, None])),
        geometry=shapely.LineString([start, end]),
    )


@st.composite
def scene(draw: st.DrawFn) -> District:
    """Draw a bed with pipes through it, a house, a lamp, a climbing area, trees and shrubs."""
    pipes = [draw(pipe(number)) for number in range(draw(st.integers(0, 3)))]
    places = draw(st.lists(PLACE, min_size=1, max_size=5, unique=True))
    plants = [
        tree(f"t{i}", *place, kind=draw(st.sampled_from(["tree", "shrub"])))
        for i, place in enumerate(places)
    ]
    house = {"building_id": "h", "geometry": shapely.box(0, draw(st.integers(8, 14)), 20, 24)}
    lamp = {"pole_id": "l", "kind": "lamp", "geometry": shapely.Point(*draw(PLACE))}
    climb = {"lane_id": "c", "kind": "climbing", "geometry": shapely.box(-4, 0, 0, 8)}
    return district(
        pipelines=pipes,
        buildings=[house],
        poles=[lamp],
        fire_lanes=[climb],
        greening_sites=[bed()],
        plantings=plants,
    )
