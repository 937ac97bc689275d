"""A revised design replaces the one before; a species named once is known in every design."""

import edits
from edits.named import remove_planting
from greening.design import completed, design_faults
from greening.revision import designs_of, revision
from greening.species import read_species
from greening.workflow import WHOLE_DISTRICT, EventKind, GreeningEvent, Role, species_named
from tests.unit.greening.scene import bed, district, tree

SPECIES = read_species()
OLD, NEW = {"source": "a.dxf"}, {"source": "b.dxf", "source_date": "2023-05-01"}
AT = "2023-05-02T08:00:00+08:00"


def test_a_revision_counts_what_stays_moves_comes_and_goes() -> None:
    shrub = {"species_id": "lonicera_maackii"}
    rows = [
        tree("a1", 1, 4, **OLD),  # same place, 0.2 m off
        tree("a2", 5, 4, number="7", **OLD),  # moved, by its number
        tree("a3", 9, 4, **OLD),  # moved 2 m, by its species
        tree("a4", 15, 4, **OLD, **shrub),  # gone
        tree("b1", 1.2, 4, **NEW),
        tree("b2", 18, 7, number="7", **NEW),
        tree("b3", 9, 6, **NEW),
        tree("b4", 15, 6, **NEW),  # new: nothing else of its species is left
        tree("b5", 3, 1, **NEW),  # new
    ]
    place = district(greening_sites=[bed()], plantings=rows)
    plantings = place["plantings"]
    assert designs_of(plantings) == [("a.dxf", "2023-04-01"), ("b.dxf", "2023-05-01")]
    found = revision(plantings, *designs_of(plantings), 0.3)
    assert (found.same, found.moved, found.new, found.removed) == (1, 2, 2, 1)
    assert found.replaced == ("a1", "a2", "a3", "a4")
    edit = remove_planting(place, *found.replaced)
    after = edits.apply(place, edit)
    state = after["plantings"].set_index("planting_id")["state"]
    assert set(state[["a1", "a2", "a3", "a4"]]) == {"removed"}
    assert set(state[["b1", "b2", "b3", "b4", "b5"]]) == {"proposed"}
    assert edits.apply(after, edit.inverted()).version == place.version  # nothing was lost


def test_a_species_named_once_is_known_in_every_design() -> None:
    rows = [
        tree("a", 1, 4, species_id="LH-丁香花", kind=None),
        tree("b", 5, 4, species_id="LH-丁香花", kind="tree"),
        tree("c", 9, 4, species_id="不知名"),
    ]
    place = district(greening_sites=[bed()], plantings=rows)
    before = completed(place, SPECIES)["plantings"].set_index("planting_id")
    assert before.loc["a", "kind"] == "tree"  # unknown: the stricter
    payload = {"name": "LH-丁香花", "species_id": "lonicera_maackii"}
    signed = (WHOLE_DISTRICT, EventKind.SPECIES, "甲", Role.BUREAU, AT, "v")
    named = completed(place, SPECIES, species_named([GreeningEvent(*signed, payload)]))
    after = named["plantings"].set_index("planting_id")
    assert after["species_id"].tolist() == ["lonicera_maackii", "lonicera_maackii", "不知名"]
    assert after["kind"].tolist() == ["shrub", "tree", "tree"]  # what the design says stays
    faults = design_faults(named, 0.3, SPECIES)
    unlisted = faults[faults["fault"] == "no_species"]
    assert unlisted["planting_id"].tolist() == ["c"]
