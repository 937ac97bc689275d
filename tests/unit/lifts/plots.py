"""
Plots: one stair unit each, what stands around it drawn by hand, and the answer known beforehand.

Coordinates are metres from the south-west corner of a plot of 60 m x 70 m, an estate of its own.
Its building runs from (10, 30) to (50, 42); its door is at (30, 30) and faces south. By the
rulebook's sizes a shaft in front of the door stands from y = 26.1 to 28.5 (630 kg) or 26.5 to 28.5
(320 kg), one to its left or right from 26.4 or 26.8 to 28.8, one on the balcony side from y = 43.2
to 45.6 or 45.2. Seen from outside the right of the door is at greater x.
"""

from dataclasses import dataclass, field
from typing import Any

import layers
from layers.district import District
from tests.tiny_town import CRS_4544, area, frame, line, point, square

FEASIBLE, CONDITIONAL = "feasible", "conditional"
UNKNOWN, NOT_FEASIBLE = "unknown", "not_feasible"
PITCH = 100
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Plot:
    """
    A unit, its surroundings, and the answer.

    Attributes
    ----------
    name : str
        What is tried.
    outcome : str
        Of the unit.
    best : tuple of (str, int) or None
        Position and load [kg] of the best place.
    met : dict of (str, int) to dict of str to tuple
        Of some places: every check that says anything, with its effect and its figure: the
        measured distance [m] where there is one, else the amount.
    rows : dict of str to list of dict
        More rows of layers, with a geometry that takes the plot's corner.
    unit, building : dict
        Columns of the unit and of its building.
    outline, footprint : geometry maker or None
        In place of the plot's own.
    """

    name: str
    outcome: str
    best: tuple[str, int] | None = None
    met: dict[tuple[str, int], dict[str, tuple[str, float | None]]] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    unit: dict[str, Any] = field(default_factory=dict)
    door: tuple[float, float] = (30, 30)
    outline: tuple[tuple[float, float], ...] = ((0, 0), (60, 0), (60, 70), (0, 70))
    footprint: Any = ((10, 30), (50, 30), (50, 42), (10, 42))


def town(plots: "list[Plot]", without: tuple[str, ...] = ()) -> District:
    """Return a district of plots in which every layer was surveyed but `without`."""
    rows = town_rows(plots)
    frames = {name: frame(name, some) for name, some in rows.items() if name not in without}
    return District.from_frames(frames, crs=CRS_4544, name="plots")


def town_rows(plots: "list[Plot]") -> Rows:
    """Return the rows of every layer of a district of plots."""
    rows: Rows = {name: [] for name in layers.SURVEYED}
    rows["towns"].append({"town_id": "T", "name": "镇", "geometry": square(-10, -10, 3000, 3000)})
    for number, plot in enumerate(plots):
        _add(rows, plot, number)
    return rows


def _add(rows: Rows, plot: Plot, number: int) -> None:
    east, north = PITCH * (number % 10), PITCH * (number // 10)
    key = f"P{number:03}"

    def moved(xy: Any) -> Any:
        return [(x + east, y + north) for x, y in xy]

    rows["estates"].append(
        {
            "estate_id": key,
            "name": plot.name,
            "town_id": "T",
            "geometry": area(*moved(plot.outline)),
        }
    )
    shells = plot.footprint if isinstance(plot.footprint[0][0], tuple) else (plot.footprint,)
    outer = area(*moved(shells[0]))
    for hole in shells[1:]:
        outer = outer.difference(area(*moved(hole)))
    rows["buildings"].append(
        {"building_id": f"{key}-B", "estate_id": key, "use": "residential", "geometry": outer}
    )
    x, y = plot.door
    unit = {"storeys": 6, "has_lift": False, "households": 12, **plot.unit}
    rows["units"].append(
        {
            "unit_id": f"{key}-U",
            "building_id": f"{key}-B",
            "estate_id": key,
            "name": "1单元",
            "geometry": point(x + east, y + north),
            **unit,
        }
    )
    for layer, some in plot.rows.items():
        for place, row in enumerate(some):
            shape = row["at"]
            make = {1: lambda xy: point(*xy[0]), 2: lambda xy: line(*xy)}.get(
                len(shape), lambda xy: area(*xy)
            )
            own = {name: value for name, value in row.items() if name != "at"}
            if layer == "entrances":
                own["estate_id"] = key
            rows[layer].append(
                {
                    layers.ALL[layer].key: f"{key}-{layer}-{place}",
                    **own,
                    "geometry": make(moved(shape)),
                }
            )


def box(x: float, y: float, width: float, height: float) -> tuple[tuple[float, float], ...]:
    """Return the corners of a rectangle."""
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


SHALLOW = ((0, 0), (60, 0), (60, 42.5), (0, 42.5))
"""A plot that ends behind the building: no room on the balcony side."""

PIPE = {"depth_m": 1.2, "accuracy_m": 0.0, "laid": "direct"}
WATER = {"kind": "JS", "diameter_mm": 100.0, **PIPE}
GAS = {"kind": "RQ", "diameter_mm": 100.0, "pressure": "low", **PIPE}

SEWER = {"kind": "PS", "sub_kind": "WS", "diameter_mm": 300.0, **PIPE}


def lane(low: float, high: float = 30.0) -> Rows:
    """Return a fire lane across the plot from y = `low` to `high`."""
    return {"fire_lanes": [{"kind": "lane", "at": box(0, low, 60, high - low)}]}


def along(y: float, **pipe: Any) -> Rows:
    """Return a pipe along the front at a height y."""
    return {"pipelines": [{**pipe, "at": ((0, y), (60, y))}]}


def plots() -> "list[Plot]":
    """Return every plot."""
    return [
        *_open(),
        *_not_asked(),
        *_lanes(),
        *_neighbours(),
        *_pipes(),
        *_ground(),
        *_outlines(),
        *_surveyed(),
        *_two_at_once(),
    ]


def _open() -> "list[Plot]":
    return [
        Plot("open ground", FEASIBLE, ("front", 630), {("front", 630): {}, ("left", 320): {}}),
        Plot("four storeys", FEASIBLE, ("front", 630), unit={"storeys": 4}),
        Plot("door off the wall", FEASIBLE, ("front", 630), door=(30, 29.5)),
    ]


def _not_asked() -> "list[Plot]":
    return [
        Plot("three storeys", "", unit={"storeys": 3}),
        Plot("there is a lift", "", unit={"has_lift": True}),
        Plot("storeys unknown", "", unit={"storeys": None}),
        Plot("lift unknown", "", unit={"has_lift": None}),
    ]


def _lanes() -> "list[Plot]":
    """Lanes to the wall; the deepest to stand clear is 320 kg beside the door, down to y = 26.8."""
    narrow = [
        Plot(
            f"lane of {left} m beside the smallest",
            NOT_FEASIBLE,
            met={
                ("left", 320): {"fire_lane": ("blocks", left)},
                ("front", 630): {"fire_lane": ("blocks", round(left - 0.7, 2))},
            },
            rows=lane(26.8 - left),
            outline=SHALLOW,
        )
        for left in (2.0, 3.0, 3.5, 3.9, 3.98, 3.99)
    ]
    wide = [
        Plot(
            f"lane of {left} m beside the largest",
            CONDITIONAL,
            met={("front", 630): {"fire_lane": ("asks", left)}},
            rows=lane(26.1 - left),
            outline=SHALLOW,
        )
        for left in (4.0, 4.01, 4.1, 4.5, 6.0)
    ]
    return [
        *narrow,
        *wide,
        Plot("lane that ends before the shaft", FEASIBLE, ("front", 630), rows=lane(20, 25)),
        Plot(
            "lane only in front: the balcony side is free",
            CONDITIONAL,
            ("balcony", 630),
            {("front", 320): {"fire_lane": ("blocks", 1.5)}},
            rows=lane(25),
        ),
        Plot(
            "climbing ground on both sides",
            NOT_FEASIBLE,
            rows={
                "fire_lanes": [
                    {"kind": "climbing", "at": box(0, 15, 60, 14)},
                    {"kind": "climbing", "at": box(0, 43, 60, 15)},
                ]
            },
        ),
        Plot(
            "narrow lane elsewhere is not the shaft's doing",
            FEASIBLE,
            ("front", 630),
            rows=lane(20, 23),
        ),
    ]


def _neighbours() -> "list[Plot]":
    """Another house south of the shaft in front, whose edge is at y = 26.1."""

    def house(gap: float) -> Rows:
        return {"buildings": [{"use": "residential", "at": box(10, 10, 40, 16.1 - gap)}]}

    return [
        *(
            Plot(
                f"another house at {gap} m",
                outcome,
                best,
                {("front", 630): {"opposite": ("asks", gap)}},
                rows=house(gap),
            )
            for gap, outcome, best in (
                (3.0, CONDITIONAL, ("front", 630)),
                (5.0, CONDITIONAL, ("front", 630)),
                (5.69, FEASIBLE, ("front", 320)),
                (5.9, FEASIBLE, ("left", 630)),
                (5.99, FEASIBLE, ("left", 630)),
            )
        ),
        *(
            Plot(f"another house at {gap} m", FEASIBLE, ("front", 630), rows=house(gap))
            for gap in (6.0, 6.1, 9.0)
        ),
        Plot(
            "another house where every shaft would be",
            NOT_FEASIBLE,
            rows={"buildings": [{"use": "other", "at": box(5, 10, 50, 18)}]},
            outline=SHALLOW,
        ),
    ]


def _pipes() -> "list[Plot]":
    """Return pipes: water of 100 mm keeps 1.0 m, low-pressure gas 0.7 m, a sewer 2.5 m."""
    found = [
        Plot(
            f"water {inside} m inside the front of the shaft",
            CONDITIONAL,
            ("balcony", 630),
            {("front", 630): {"pipe": ("moves", 0.0)}},
            rows=along(26.1 + inside, **WATER),
        )
        for inside in (0.15, 0.5, 1.2)
    ]
    near = [
        Plot(
            f"water {gap} m before the shaft",
            outcome,
            best,
            {("front", 630): {"pipe": ("moves", gap)}},
            rows=along(26.1 - 0.05 - gap, **WATER),
        )
        for gap, outcome, best in (
            (0.1, CONDITIONAL, ("balcony", 630)),
            (0.5, FEASIBLE, ("left", 320)),
            (0.9, FEASIBLE, ("left", 630)),
            (0.99, FEASIBLE, ("left", 630)),
        )
    ]
    far = [
        Plot(
            f"water {gap} m before the shaft",
            FEASIBLE,
            ("front", 630),
            rows=along(26.1 - 0.05 - gap, **WATER),
        )
        for gap in (1.0, 1.01, 2.0)
    ]
    gas = [
        Plot(
            f"gas main {gap} m before the shaft",
            FEASIBLE,
            best,
            {("front", 630): {"pipe": ("moves", gap)}},
            rows=along(26.1 - 0.05 - gap, **GAS),
        )
        for gap, best in ((0.0, ("left", 320)), (0.3, ("front", 320)), (0.69, ("left", 630)))
    ]
    return [
        *found,
        *near,
        *far,
        *gas,
        *(
            Plot(
                f"sewer {gap} m before the shaft",
                outcome,
                best,
                {("front", 630): {"pipe": ("moves", gap)}},
                rows=along(26.1 - 0.15 - gap, **SEWER),
            )
            for gap, outcome, best in (
                (0.5, CONDITIONAL, ("balcony", 630)),
                (2.0, FEASIBLE, ("left", 320)),
                (2.15, FEASIBLE, ("front", 320)),
            )
        ),
        *(
            Plot(
                f"sewer {gap} m before the shaft",
                FEASIBLE,
                ("front", 630),
                rows=along(26.1 - 0.15 - gap, **SEWER),
            )
            for gap in (2.5, 2.6)
        ),
        Plot(
            "gas main 0.7 m before the shaft",
            FEASIBLE,
            ("front", 630),
            {("front", 630): {}},
            rows=along(26.1 - 0.05 - 0.7, **GAS),
        ),
        Plot(
            "pipe of unknown depth near by",
            CONDITIONAL,
            ("front", 630),
            {("front", 630): {"pipe": ("verify", 1.5)}},
            rows=along(26.1 - 0.05 - 1.5, **{**WATER, "depth_m": None}),
        ),
        Plot(
            "pipe surveyed to half a metre",
            FEASIBLE,
            ("left", 630),
            {("front", 630): {"pipe": ("verify", 1.3)}},
            rows=along(26.1 - 0.05 - 1.3, **{**WATER, "accuracy_m": 0.5}),
        ),
        Plot(
            "pipes on both sides: one has to move",
            CONDITIONAL,
            rows={
                "pipelines": [
                    {**WATER, "at": ((0, 26.25), (60, 26.25))},
                    {**WATER, "at": ((0, 44), (60, 44))},
                ]
            },
        ),
        Plot(
            "overhead line of 10 kV 1 m before the shaft",
            FEASIBLE,
            ("left", 320),
            {("front", 630): {"pipe": ("moves", 1.0)}},
            rows={
                "overhead_lines": [
                    {
                        "kind": "power",
                        "voltage_kv": 10.0,
                        "height_m": 9.0,
                        "accuracy_m": 0.0,
                        "at": ((0, 25.1), (60, 25.1)),
                    }
                ]
            },
        ),
    ]


def _ground() -> "list[Plot]":
    """Things under a shaft of 630 kg in front: x from 28.9 to 31.1, y from 26.1 to 28.5."""
    tree = {"kind": "tree"}
    return [
        Plot(
            "tree in the shaft",
            FEASIBLE,
            ("left", 630),
            {("front", 630): {"tree": ("moves", 1)}},
            rows={"trees": [{**tree, "at": ((30.0, 27.0),)}]},
        ),
        Plot(
            "tree in the strip of the foundation",
            FEASIBLE,
            ("left", 630),
            {("front", 630): {"tree": ("moves", 1)}},
            rows={"trees": [{**tree, "at": ((30.0, 25.7),)}]},
        ),
        Plot(
            "tree beyond the strip",
            FEASIBLE,
            ("front", 630),
            rows={"trees": [{**tree, "at": ((30.0, 25.5),)}]},
        ),
        Plot(
            "dead tree in the shaft",
            FEASIBLE,
            ("front", 630),
            rows={"trees": [{**tree, "is_alive": False, "at": ((30.0, 27.0),)}]},
        ),
        Plot(
            "lamp in the shaft",
            FEASIBLE,
            ("left", 630),
            {("front", 630): {"pole": ("moves", 1)}},
            rows={"poles": [{"kind": "lamp", "at": ((30.5, 28.0),)}]},
        ),
        Plot(
            "wall through the shaft",
            CONDITIONAL,
            ("balcony", 630),
            {("front", 630): {"wall": ("moves", 3.2)}},
            rows={"walls": [{"kind": "enclosure", "at": ((0, 27), (60, 27))}]},
        ),
        Plot(
            "bays under the shaft",
            CONDITIONAL,
            ("balcony", 630),
            {("front", 630): {"parking": ("takes", 2.2 * 1.9)}},
            rows={"paving": [{"kind": "parking", "at": box(0, 20, 60, 8)}]},
        ),
        Plot(
            "carriageway under half of the shaft",
            CONDITIONAL,
            ("balcony", 630),
            {("front", 630): {"road": ("takes", 2.64)}},
            rows={"paving": [{"kind": "road", "at": box(0, 15, 60, 12.3)}]},
        ),
        Plot(
            "green under the shaft",
            CONDITIONAL,
            ("balcony", 630),
            {("front", 630): {"green": ("takes", 5.28)}},
            rows={"green_space": [{"kind": "estate", "at": box(5, 20, 50, 10)}]},
        ),
        Plot(
            "gate beside the door",
            FEASIBLE,
            ("left", 630),
            {("front", 630): {"gate": ("moves", 1)}},
            rows={"entrances": [{"at": ((30.0, 26.0),)}]},
        ),
    ]


def _outlines() -> "list[Plot]":
    """Boundaries, corners, courtyards and deep buildings."""
    return [
        Plot(
            "boundary through the shaft in front",
            FEASIBLE,
            ("front", 320),
            {("front", 630): {"boundary": ("blocks", 2.2 * 0.4)}},
            outline=((0, 26.5), (60, 26.5), (60, 42.5), (0, 42.5)),
        ),
        Plot(
            "boundary at 3 m on both sides",
            NOT_FEASIBLE,
            outline=((0, 27), (60, 27), (60, 45), (0, 45)),
        ),
        Plot("door at a corner", FEASIBLE, ("front", 630), door=(11, 30)),
        Plot(
            "door in the courtyard",
            FEASIBLE,
            ("front", 630),
            door=(30, 34),
            footprint=(box(10, 24, 40, 30), box(18, 34, 24, 14)),
        ),
        Plot(
            "narrow courtyard and a deep block behind",
            NOT_FEASIBLE,
            door=(30, 30),
            footprint=(box(1, 1, 58, 68), box(26, 30, 8, 3)),
        ),
        Plot(
            "door in a recess: beside it there is wall",
            FEASIBLE,
            ("front", 630),
            {("left", 630): {"building": ("blocks", None)}},
            door=(30, 33),
            footprint=(
                (10, 30),
                (28, 30),
                (28, 33),
                (32, 33),
                (32, 30),
                (50, 30),
                (50, 42),
                (10, 42),
            ),
        ),
        Plot(
            "building turned by 30 degrees",
            FEASIBLE,
            ("front", 630),
            door=(25 + 10 * 0.8660254037844387, 30 + 5),
            footprint=(
                (25, 30),
                (42.32050807568877, 40),
                (36.32050807568877, 50.392304845),
                (19, 40.392304845),
            ),
        ),
    ]


def _surveyed() -> "list[Plot]":
    return [
        Plot(
            "lane surveyed at 3.2 m",
            CONDITIONAL,
            ("balcony", 630),
            {
                ("front", 630): {"fire_lane": ("blocks", 3.2)},
                ("left", 320): {"fire_lane": ("blocks", 3.2)},
            },
            unit={"shaft_lane_m": 3.2},
        ),
        Plot(
            "lane surveyed at 4.2 m where the map says 3 m",
            FEASIBLE,
            ("front", 630),
            {("front", 630): {}},
            unit={"shaft_lane_m": 4.2},
            rows=lane(23.1),
            outline=SHALLOW,
        ),
        Plot(
            "free ground surveyed too small for the larger",
            FEASIBLE,
            ("front", 320),
            {("front", 630): {"free_ground": ("blocks", 2.0)}},
            unit={"shaft_width_m": 2.0, "shaft_depth_m": 2.6},
            outline=SHALLOW,
        ),
        Plot(
            "free ground surveyed too small for any",
            NOT_FEASIBLE,
            unit={"shaft_width_m": 1.5},
            outline=SHALLOW,
        ),
        Plot(
            "window surveyed at 1.2 m",
            CONDITIONAL,
            met={("front", 630): {"window": ("asks", 1.2)}},
            unit={"shaft_window_m": 1.2},
            outline=SHALLOW,
        ),
        Plot(
            "bedroom beside the shaft",
            CONDITIONAL,
            met={("front", 320): {"bedroom": ("asks", None)}},
            unit={"shaft_beside_bedroom": True},
            outline=SHALLOW,
        ),
        Plot(
            "house opposite surveyed at 5 m",
            CONDITIONAL,
            met={("front", 630): {"opposite": ("asks", 5.0)}},
            unit={"shaft_opposite_m": 5.0},
            outline=SHALLOW,
        ),
    ]


def _two_at_once() -> "list[Plot]":
    return [
        Plot(
            "a lane too narrow and a gas main",
            NOT_FEASIBLE,
            met={
                ("front", 630): {"fire_lane": ("blocks", 2.6), "pipe": ("moves", 0.0)},
            },
            rows={**lane(23.5), **along(27, **GAS)},
            outline=SHALLOW,
        ),
        Plot(
            "a tree and a house opposite",
            FEASIBLE,
            ("left", 320),
            met={("front", 630): {"tree": ("moves", 1), "opposite": ("asks", 5.5)}},
            rows={
                "trees": [{"kind": "tree", "at": ((30.0, 27.0),)}],
                "buildings": [{"use": "residential", "at": box(10, 10, 40, 10.6)}],
            },
            outline=SHALLOW,
        ),
        Plot(
            "water and a lamp",
            CONDITIONAL,
            met={("front", 630): {"pipe": ("moves", 0.0), "pole": ("moves", 1)}},
            rows={
                **along(27, **WATER),
                "poles": [{"kind": "lamp", "at": ((30.0, 28.0),)}],
            },
            outline=SHALLOW,
        ),
    ]
