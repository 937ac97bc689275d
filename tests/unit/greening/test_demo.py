"""The demonstration district: its planted truth, and a second method for every pair."""

import numpy as np
import pandas as pd
import pytest
import shapely

from demo import Demo, build
from geo.clearance import TOLERANCE_M
from greening.changes import apply_changes
from greening.check import Check, Verdict, check
from greening.obstacles import obstacles
from greening.plants import plants
from greening.requirements import Requirements
from greening.species import read_species
from greening.suggest import suggestions

SPECIES = read_species()


@pytest.fixture(scope="module", params=["tiny", "demo"])
def town(request: pytest.FixtureRequest) -> Demo:
    return build(request.param)


@pytest.fixture(scope="module")
def found(town: Demo, requirements: Requirements) -> Check:
    return check(town.district, requirements, species=SPECIES)


def test_every_near_case_is_answered_exactly(town: Demo, found: Check) -> None:
    keys = ["planting_id", "object_layer", "object_id"]
    pairs = found.pairs.rename(columns={"plant_id": "planting_id"})[
        [*keys, "verdict", "distance_m", "required_m"]
    ]
    both = town.clearances.merge(pd.DataFrame(pairs), on=keys, how="left", suffixes=("", "_found"))
    assert len(both) > 150
    assert both["verdict"].tolist() == both["verdict_found"].tolist()
    assert both["required_m"].tolist() == both["required_m_found"].tolist()
    # The grid of working coordinates is 0.1 mm.
    assert (both["distance_m"] - both["distance_m_found"]).abs().max() < 2e-4


def test_every_kind_of_pipe_and_object_has_a_near_case(town: Demo) -> None:
    layers = {"pipelines", "buildings", "walls", "poles", "overhead_lines", "fire_lanes", "paving"}
    assert set(town.clearances["object_layer"]) == layers
    pipes = town.district["pipelines"].set_index("pipe_id")["kind"]
    cases = town.clearances[town.clearances["object_layer"] == "pipelines"]
    assert set(cases["object_id"].map(pipes)) == set(pipes)


def test_conflicts_are_those_of_plain_shapely_pair_by_pair(
    town: Demo, requirements: Requirements
) -> None:
    # Second method: every planting against every obstacle, no index; then the rule by hand.
    growing = plants(town.district, SPECIES)
    growing = growing[growing["plant_layer"] == "plantings"]
    around = obstacles(town.district, requirements)
    trunks = np.asarray(growing.geometry.array, dtype=object)
    close = set()
    for thing in around.itertuples():
        crown = growing["crown_m"].to_numpy() / 2 if thing.counts_crown else 0.0
        required = np.where(growing["kind"] == "tree", thing.tree_m, thing.shrub_m) + crown
        gap = np.maximum(shapely.distance(trunks, thing.geometry) - thing.half_width_m, 0.0)
        short = (gap < required - TOLERANCE_M) | ((gap == 0) & ~np.isnan(required))
        if not np.isnan(thing.vertical_m):
            short &= thing.height_m - growing["height_m"].to_numpy() < thing.vertical_m
        close |= {(name, thing.layer, thing.object_id) for name in growing["plant_id"][short]}
    pairs = check(town.district, requirements, species=SPECIES).pairs
    ours = pairs[(pairs["verdict"] == Verdict.SHORT) & (pairs["plant_layer"] == "plantings")]
    keys = zip(ours["plant_id"], ours["object_layer"], ours["object_id"], strict=True)
    assert set(keys) == close


def test_after_accepting_every_suggestion_nothing_is_left_to_object_to(
    town: Demo, found: Check, requirements: Requirements
) -> None:
    around = obstacles(town.district, requirements)
    made = suggestions(town.district, found, around, requirements.look_m, SPECIES)
    changed = apply_changes(town.district, [one.change for one in made])
    after = check(changed, requirements, species=SPECIES).plants
    assert set(after[after["plant_layer"] == "plantings"]["verdict"]) == {Verdict.MET}
    assert {one.action.value for one in made} == {"move", "smaller", "remove"}
