"""The district of the answer key: its planted truth, and a second method for every pair."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import edits
from answer_key import KeyedDistrict, build
from clearances.requirements import Requirements
from clearances.surroundings import surroundings
from clearances.verdict import ClearanceVerdict
from greening.check import Check, check
from greening.plantable import free_ground, plantable_sites
from greening.plants import PLANT_CLASSES, plant
from greening.review import review
from greening.species import read_species
from greening.suggest import accepted, suggestions
from rules.book import load_book
from tests.unit.greening.by_hand import conflicts_by_hand, conflicts_found
from tests.unit.greening.scene import SPACING_M

SPECIES = read_species()


@pytest.fixture(scope="module", params=["tiny", "demo"])
def town(request: pytest.FixtureRequest) -> KeyedDistrict:
    return build(request.param)


@pytest.fixture(scope="module")
def found(town: KeyedDistrict, requirements: Requirements) -> Check:
    return check(town.district, requirements, species=SPECIES)


def test_every_near_case_is_answered_exactly(town: KeyedDistrict, found: Check) -> None:
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


def test_every_kind_of_pipe_and_object_has_a_near_case(town: KeyedDistrict) -> None:
    layers = {"pipelines", "buildings", "walls", "poles", "overhead_lines", "fire_lanes", "paving"}
    assert set(town.clearances["object_layer"]) == layers
    pipes = town.district["pipelines"].set_index("pipe_id")["kind"]
    cases = town.clearances[town.clearances["object_layer"] == "pipelines"]
    assert set(cases["object_id"].map(pipes)) == set(pipes)


@pytest.mark.slow
def test_conflicts_are_those_of_plain_shapely_pair_by_pair(
    town: KeyedDistrict, requirements: Requirements
) -> None:
    by_hand = conflicts_by_hand(town.district, requirements)
    assert by_hand
    assert conflicts_found(town.district, requirements) == by_hand


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["tree", "shrub"])
def test_a_hundred_thousand_points_of_plantable_ground_keep_every_distance(
    town: KeyedDistrict, requirements: Requirements, kind: str
) -> None:
    place, wished = town.district, plant(kind, 8.0, 18.0)
    around = surroundings(place, requirements, PLANT_CLASSES)
    ground = plantable_sites(place, free_ground(place, around), wished)
    sites = place["greening_sites"].set_index("site_id").geometry
    rest = ground.set_index("site_id").geometry.difference(sites)
    assert rest.area.max() < 1e-6  # a square millimetre of rounding, never beyond its own site
    points = _sampled(ground, 100_000)
    assert len(points) >= 100_000
    limits = around.keep_out_m(wished)
    asked = ~np.isnan(limits)
    things = around.geometry[asked]
    hits = shapely.STRtree(points).query(
        things, predicate="dwithin", distance=np.maximum(limits[asked] - 1e-6, 0)
    )
    assert hits.shape[1] == 0


def _sampled(ground: gpd.GeoDataFrame, count: int) -> np.ndarray:
    """Return points inside the ground of all sites, by area, the corners included."""
    rng, found = np.random.default_rng(11), []
    for shape in ground.geometry[~ground.geometry.is_empty]:
        share = shape.area / ground["plantable_m2"].sum()
        west, south, east, north = shape.bounds
        wanted, inside = (
            int(np.ceil(share * count)),
            [shapely.points(shapely.get_coordinates(shape))],
        )
        shapely.prepare(shape)
        while sum(map(len, inside[1:])) < wanted:
            drawn = shapely.points(rng.uniform((west, south), (east, north), (4 * wanted, 2)))
            inside.append(drawn[shapely.contains(shape, drawn)])
        found += inside
    return np.concatenate(found)


@pytest.mark.slow
def test_areas_and_findings_say_the_same(town: KeyedDistrict) -> None:
    place = town.district
    found = review(place, load_book(overlays=place.overlays), SPECIES, date(2023, 4, 1))
    ratio = found.indicators[found.indicators["rule_id"] == "green.ratio.old"]
    both = ratio.merge(found.areas, on="estate")
    assert len(both) == len(place["estates"])
    for measured, area in (("before", "ratio_before"), ("after", "ratio_after")):
        assert (both[measured] - both[area]).abs().max() < 1e-9
    sites = found.ground[["area_m2", "plantable_m2"]].sum().to_numpy()
    for table in (found.areas, found.areas_by_town):
        assert np.allclose(table[["site_m2", "plantable_m2"]].sum().to_numpy(), sites)
    counts = found.survival[["designed", "planted"]].sum().tolist()
    assert counts == found.survival_by_town[["designed", "planted"]].sum().tolist()
    assert found.seedlings["count"].sum() == counts[0] == len(place["plantings"])


@pytest.mark.slow
def test_after_accepting_every_suggestion_nothing_is_left_to_object_to(
    town: KeyedDistrict, found: Check, requirements: Requirements
) -> None:
    around = surroundings(town.district, requirements, PLANT_CLASSES)
    made = suggestions(town.district, found, free_ground(town.district, around), SPECIES, SPACING_M)
    changed = edits.apply(town.district, accepted(town.district, made))
    after = check(changed, requirements, species=SPECIES).plants
    assert set(after[after["plant_layer"] == "plantings"]["verdict"]) == {ClearanceVerdict.MET}
    assert {one.action.value for one in made} == {"move", "smaller", "remove"}
