"""The greening check and its suggestions on random scenes: what must hold whatever the scene."""

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import edits
from clearances.requirements import STRICTER
from clearances.surroundings import surroundings
from clearances.verdict import ClearanceVerdict
from greening.check import check
from greening.plantable import free_ground, plantable_sites
from greening.plants import PLANT_CLASSES, plant
from greening.species import read_species
from greening.suggest import accepted, suggestions
from layers.district import District
from tests.examples import examples
from tests.property.beds import requirements, scene, tables
from tests.unit.greening.scene import ORIGIN, SPACING_M, bed, district, gas

SPECIES = read_species()
QUIET = examples(15, suppress_health_check=tuple(HealthCheck))
RANK = {verdict.value: rank for rank, verdict in enumerate(ClearanceVerdict)}  # worst first

REQUIREMENTS = requirements(tables())


@pytest.mark.slow
@given(scene())
@QUIET
def test_a_suggested_position_always_passes_the_same_check(place: District) -> None:
    around = surroundings(place, REQUIREMENTS, PLANT_CLASSES)
    found = check(place, REQUIREMENTS, species=SPECIES)
    made = suggestions(place, found, free_ground(place, around), SPECIES, SPACING_M)
    edit = accepted(place, made)
    changed = edits.apply(place, edit)
    after = check(changed, REQUIREMENTS, species=SPECIES)
    assert set(after.plants["verdict"]) <= {ClearanceVerdict.MET.value}
    standing = changed["plantings"][changed["plantings"]["state"] != "removed"]
    moved = standing[standing["design_east_m"].notna()]
    assert moved.within(place["greening_sites"].geometry.iloc[0].buffer(1e-4)).all()
    assert edits.apply(changed, edit.inverted()).version == place.version


@given(scene(), st.sampled_from(["tree", "shrub"]))
@QUIET
def test_plantable_ground_never_touches_a_zone_and_never_leaves_the_site(
    place: District, kind: str
) -> None:
    wished = plant(kind, 3.0, 5.0)
    around = surroundings(place, REQUIREMENTS, PLANT_CLASSES)
    ground = plantable_sites(place, free_ground(place, around), wished)
    site = place["greening_sites"].geometry.iloc[0]
    shape = ground.geometry.iloc[0]
    assert shape.difference(site).area < 1e-9
    assert ground["plantable_m2"].iloc[0] <= site.area + 1e-9
    # 4,000 points an example: distances measured, not buffered.
    points = sample(shape, 4000)
    limits = around.keep_out_m(wished)
    for thing, limit in zip(around.geometry, limits, strict=True):
        if not np.isnan(limit):
            assert (shapely.distance(points, thing) >= limit - 1e-9).all()


def sample(shape: shapely.Geometry, count: int) -> np.ndarray:
    """Points strictly inside, its corners included."""
    if shape.is_empty:
        return shapely.points(np.empty((0, 2)))
    rng = np.random.default_rng(1)
    west, south, east, north = shape.bounds
    xy = np.column_stack([rng.uniform(west, east, count), rng.uniform(south, north, count)])
    corners = shapely.points(shapely.get_coordinates(shape))
    points = shapely.points(xy)
    return np.concatenate([points[shapely.contains(shape, points)], corners])


@pytest.mark.slow
@given(scene())
@QUIET
def test_the_stricter_profile_is_never_laxer_than_either(place: District) -> None:
    strict = check(place, REQUIREMENTS, STRICTER, SPECIES).plants
    for profile in ("cjj75_97", "gb50289"):
        lax = check(place, REQUIREMENTS, profile, SPECIES).plants
        assert (strict["verdict"].map(RANK) <= lax["verdict"].map(RANK)).all()


@pytest.mark.slow
@given(scene(), st.floats(0.0, 6.3), st.floats(0.1, 4.0))
@QUIET
def test_moving_a_tree_away_from_everything_never_creates_a_conflict(
    place: District, angle: float, step: float
) -> None:
    around = surroundings(place, REQUIREMENTS, PLANT_CLASSES)
    before = check(place, REQUIREMENTS, species=SPECIES).plants.set_index("plant_id")
    moved = place["plantings"].copy()
    shift = step * np.array([np.cos(angle), np.sin(angle)])
    moved["geometry"] = moved.geometry.translate(*shift)
    after_district = place.with_frames(plantings=moved)
    after = check(after_district, REQUIREMENTS, species=SPECIES).plants.set_index("plant_id")
    new = after_district["plantings"].set_index("planting_id").geometry
    for name, old in place["plantings"].set_index("planting_id").geometry.items():
        gaps = np.array(
            [[thing.distance(p) for thing in around.geometry] for p in (old, new[name])]
        )
        if (gaps[1] >= gaps[0]).all():
            assert RANK[after["verdict"][name]] >= RANK[before["verdict"][name]]


@given(scene())
@QUIET
def test_a_pipe_with_a_blank_never_lets_a_near_plant_pass(place: District) -> None:
    found = check(place, REQUIREMENTS, species=SPECIES).pairs
    pipes = place["pipelines"].set_index("pipe_id")[["depth_m", "accuracy_m", "diameter_mm"]]
    blank = pipes.index[pipes.isna().any(axis=1)]
    assert not (found["object_id"].isin(blank) & (found["verdict"] == ClearanceVerdict.MET)).any()


@pytest.mark.slow
@pytest.mark.parametrize("count", [100_000])
def test_a_hundred_thousand_points_of_plantable_ground_keep_every_distance(count: int) -> None:
    bend = gas(geometry=shapely.LineString([(0, 1), (5, 3), (6, 3.05), (7, 3), (20, 7)]))
    main = gas(
        pipe_id="w",
        kind="JS",
        sub_kind="JP",
        accuracy_m=0.2,
        geometry=shapely.LineString([(14, 0), (14, 8)]),
    )
    place = district(pipelines=[bend, main], greening_sites=[bed()])
    around = surroundings(place, REQUIREMENTS, PLANT_CLASSES)
    wished = plant("tree", 3.0, 5.0)
    ground = plantable_sites(place, free_ground(place, around), wished).geometry.iloc[0]
    rng = np.random.default_rng(5)
    xy = np.column_stack([rng.uniform(0, 20, 8 * count), rng.uniform(0, 8, 8 * count)]) + ORIGIN
    points = shapely.points(xy)
    shapely.prepare(ground)
    inside = points[shapely.contains(ground, points)][:count]
    assert len(inside) == count
    for thing, limit in zip(around.geometry, around.keep_out_m(wished), strict=True):
        assert shapely.distance(inside, thing).min() >= limit
