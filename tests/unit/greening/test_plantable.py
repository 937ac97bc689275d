"""Plantable ground and suggestions, held against areas and places worked out by hand."""

import pytest
import shapely

import edits
from clearances.requirements import Requirements
from clearances.surroundings import surroundings
from greening.check import Check, check
from greening.plantable import free_ground, plantable_sites
from greening.plants import PLANT_CLASSES, plant
from greening.species import read_species
from greening.suggest import Action, Suggestion, accepted, suggestions
from layers.district import District
from tests.unit.greening.scene import HOUSE, ORIGIN, SPACING_M, bed, district, gas, tree

SPECIES = read_species()


def suggested(scene: District, requirements: Requirements) -> tuple[Check, list[Suggestion]]:
    around = surroundings(scene, requirements, PLANT_CLASSES)
    found = check(scene, requirements, species=SPECIES)
    return found, suggestions(scene, found, free_ground(scene, around), SPECIES, SPACING_M)


def test_ground_is_the_bed_less_every_zone(requirements: Requirements) -> None:
    # Bed 20 x 8 m; gas takes 0.05 + 1.2 m in the south, the windowed wall 3.0 - 2.0 m in the north:
    # 20 x (8 - 1.25 - 1.0) = 115.0 m2; the zones may be a little wider, never narrower.
    scene = district(pipelines=[gas()], buildings=[HOUSE], greening_sites=[bed()])
    around = surroundings(scene, requirements, PLANT_CLASSES)
    found = plantable_sites(scene, free_ground(scene, around), plant("tree", 3.0, 5.0)).iloc[0]
    assert found["area_m2"] == pytest.approx(160.0)
    assert 113.0 < found["plantable_m2"] <= 115.0
    assert found["plantable_share"] == pytest.approx(found["plantable_m2"] / 160.0)


def test_paving_and_houses_are_not_ground(requirements: Requirements) -> None:
    square = {"paving_id": "p", "kind": "square", "geometry": shapely.box(0, 0, 10, 8)}
    scene = district(paving=[square], greening_sites=[bed()])
    around = surroundings(scene, requirements, PLANT_CLASSES)
    ground = plantable_sites(scene, free_ground(scene, around), plant("tree"))
    assert ground["plantable_m2"].iloc[0] == pytest.approx(80.0)


def test_a_site_without_room_has_empty_ground(requirements: Requirements) -> None:
    house = HOUSE | {"geometry": shapely.box(-5, -5, 25, 13)}
    scene = district(buildings=[house], greening_sites=[bed()])
    around = surroundings(scene, requirements, PLANT_CLASSES)
    ground = plantable_sites(scene, free_ground(scene, around), plant("tree"))
    assert ground["plantable_m2"].tolist() == [0.0]
    assert ground.geometry.is_empty.all()


def test_the_nearest_legal_place_is_straight_off_the_pipe(requirements: Requirements) -> None:
    scene = district(pipelines=[gas()], greening_sites=[bed()], plantings=[tree("t", 5, 0.5)])
    _, (suggestion,) = suggested(scene, requirements)
    assert suggestion.action is Action.MOVE
    assert suggestion.there == pytest.approx((ORIGIN[0] + 5.0, ORIGIN[1] + 1.25), abs=0.03)
    assert suggestion.there[0] == pytest.approx(ORIGIN[0] + 5.0, abs=1e-3)
    assert suggestion.moved_m == pytest.approx(0.75, abs=0.03)
    row = edits.apply(scene, accepted(scene, [suggestion]))["plantings"].iloc[0]
    assert (row["design_east_m"], row["design_north_m"]) == (520_005.0, 4_200_000.5)


def test_accepting_passes_the_same_check_and_undoing_restores_the_district(
    requirements: Requirements,
) -> None:
    scene = district(pipelines=[gas()], greening_sites=[bed()], plantings=[tree("t", 5, 0.5)])
    _, (suggestion,) = suggested(scene, requirements)
    edit = accepted(scene, [suggestion])
    after = edits.apply(scene, edit)
    assert check(after, requirements, species=SPECIES).plants["verdict"].tolist() == ["met"]
    assert after.version != scene.version
    assert edits.apply(after, edit.inverted()).version == scene.version
    assert scene["plantings"].geometry.iloc[0].y == 4_200_000.5  # the first district is untouched


def test_two_trees_are_never_sent_to_the_same_place(requirements: Requirements) -> None:
    crowd = [tree(f"t{i}", 5 + i * 0.01, 0.5) for i in range(4)]
    scene = district(pipelines=[gas()], greening_sites=[bed()], plantings=crowd)
    _, found = suggested(scene, requirements)
    places = shapely.points([one.there for one in found])
    apart = shapely.distance(places[:, None], places[None, :])
    least = SPECIES["malus_micromalus"].spacing_m
    assert apart[~(apart == 0)].min() >= least - 0.05  # a circle of chords is a little narrower
    assert (apart == 0).sum() == len(places)


def test_where_no_tree_fits_a_shrub_is_suggested(requirements: Requirements) -> None:
    # All of the strip is within 3.0 m of the windowed wall (y = 10), half of it beyond 1.5 m.
    strip = bed(geometry=shapely.box(0, 7.1, 20, 9.5))
    scene = district(buildings=[HOUSE], greening_sites=[strip], plantings=[tree("t", 10, 7.6)])
    _, (suggestion,) = suggested(scene, requirements)
    assert suggestion.action is Action.SMALLER
    after = edits.apply(scene, accepted(scene, [suggestion]))
    assert after["plantings"]["kind"].tolist() == ["shrub"]
    assert SPECIES[suggestion.species_id].kind == "shrub"
    assert check(after, requirements, species=SPECIES).plants["verdict"].tolist() == ["met"]


def test_where_nothing_fits_it_is_taken_out(requirements: Requirements) -> None:
    strip = bed(geometry=shapely.box(0, 9, 20, 9.5))
    scene = district(buildings=[HOUSE], greening_sites=[strip], plantings=[tree("t", 10, 9.2)])
    _, (suggestion,) = suggested(scene, requirements)
    assert suggestion.action is Action.REMOVE
    after = edits.apply(scene, accepted(scene, [suggestion]))
    assert len(check(after, requirements).plants) == 0


def test_a_planting_without_a_site_can_only_be_taken_out(requirements: Requirements) -> None:
    scene = district(pipelines=[gas()], plantings=[tree("t", 5, 0.5, site_id=None)])
    _, (suggestion,) = suggested(scene, requirements)
    assert suggestion.action is Action.REMOVE


def test_what_passes_gets_no_suggestion(requirements: Requirements) -> None:
    scene = district(pipelines=[gas()], greening_sites=[bed()], plantings=[tree("t", 5, 5)])
    assert suggested(scene, requirements)[1] == []


def test_a_change_is_refused_when_someone_was_there_first(requirements: Requirements) -> None:
    scene = district(pipelines=[gas()], greening_sites=[bed()], plantings=[tree("t", 5, 0.5)])
    _, (suggestion,) = suggested(scene, requirements)
    edit = accepted(scene, [suggestion])
    after = edits.apply(scene, edit)
    with pytest.raises(edits.EditConflictError, match="t: "):
        edits.apply(after, edit)
